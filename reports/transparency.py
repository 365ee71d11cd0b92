"""What the public page shows: facts as they are, counts of people protected. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from reports.suppression import SMALL, Protected, protect


@dataclass(frozen=True)
class Facts:
    """`is_sample`: rows of the demonstration are among them, and the page says so."""

    declared: Sequence[Any]
    predicates: Sequence[Any]
    services: int
    online: int
    hybrid: int
    volume: Protected
    months: int
    complaints: Protected
    since: date
    until: date
    as_of: date
    is_sample: bool
    # Promises made in public; the section stays away while there are none.
    promises: Sequence[Any] = field(default_factory=tuple)
    # By kind of place: where a poster hangs, of how many.
    posters: Sequence[Any] = field(default_factory=tuple)

    @property
    def online_percent(self) -> Decimal | None:
        """Of the applications of the last twelve months; whole, and only where both parts show."""
        return share(self.volume, "online", ("online", "counter"))

    @property
    def in_time_percent(self) -> Decimal | None:
        """Of the complaints that were answered in time or have become late."""
        return share(self.complaints, "in_time", ("in_time", "late"))


def share(row: Protected, name: str, of: Sequence[str]) -> Decimal | None:
    """None where a part is not shown or there is nothing to share out."""
    parts = [row.parts[part] for part in of]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not sum(known):
        return None
    percent = Decimal(100) * (row.parts[name] or 0) / sum(known)
    return percent.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def volume_of(online: int, total: int) -> Protected:
    """In tens: the twelve months roll on, and two looks must not give one month's count away."""
    return protect({"online": in_tens(online), "counter": in_tens(total - online)})


def in_tens(count: int) -> int:
    """To the nearest ten; what is small stays so, and is not shown."""
    return count if count < SMALL else max(10, (count + 5) // 10 * 10)


def as_data(facts: Facts, *, government: str, code: str) -> dict[str, Any]:
    """The same for machines: null where a count is not shown."""
    return {
        "government": government,
        "code": code,
        "as_of": facts.as_of.isoformat(),
        "sample": facts.is_sample,
        "declared_units": [
            {
                "name": row.name,
                "declared_on": row.on.date.isoformat() if row.on else None,
                "precision": str(row.on.precision) if row.on else None,
            }
            for row in facts.declared
        ],
        "predicates": [
            {"unit": row.unit, "predicate": row.predicate, "year": row.year}
            for row in facts.predicates
        ],
        "services": {
            "recorded": facts.services,
            "online": facts.online,
            "counter_and_online": facts.hybrid,
            "applications_in_tens": _applications(facts),
            "percent_without_face_to_face": _number(facts.online_percent),
        },
        "complaints": {
            "since": facts.since.isoformat(),
            "until": facts.until.isoformat(),
            **facts.complaints.parts,
            "total": facts.complaints.total,
            "percent_in_time": _number(facts.in_time_percent),
        },
        "posters": [
            {"kind": str(row.kind.value), "posted": row.posted, "places": row.places}
            for row in facts.posters
        ],
        "promises": [
            {
                "text": row.text,
                "by": row.promised_by,
                "said_on": row.said.date.isoformat(),
                "said_on_precision": str(row.said.precision),
                "due_on": row.due.date.isoformat() if row.due else None,
                "due_on_precision": str(row.due.precision) if row.due else None,
                "is_past_due": row.is_past_due,
                "state": str(row.state),
                "series": row.series,
                "earlier": [
                    {"text": old.text, "until": old.replaced_at.date().isoformat()}
                    for old in row.editions
                ],
            }
            for row in facts.promises
        ],
    }


def _applications(facts: Facts) -> dict[str, int | None] | None:
    """None where no month is recorded: that is not zero."""
    return {**facts.volume.parts, "total": facts.volume.total} if facts.months else None


def _number(percent: Decimal | None) -> int | None:
    return None if percent is None else int(percent)
