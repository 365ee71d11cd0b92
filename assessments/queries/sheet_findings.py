"""The rows that the checker of a work-sheet looks at, in one query, however much is answered."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import ngettext

from assessments.enums import Assessor, ItemMark
from assessments.models import EvidenceUse, Worksheet
from assessments.permissions import plans_improvements
from assessments.queries.worksheet_checks import changed_since
from assessments.queries.worksheet_pages import shown_assessors
from assessments.scoring import Given
from assessments.sheet_checks import (
    Finding,
    Opinion,
    Proof,
    Row,
    Severity,
    check_rules,
    findings,
)
from opd.models import Membership


def findings_of(
    sheet: Worksheet, membership: Membership, today: date, changed: Collection[str] | None = None
) -> list[Finding]:
    """What the checker says to this person: only of assessors whose scores he reads. `changed`:
    questions that changed after the approval, where somebody has looked already."""
    if changed is None:
        changed = changed_since(sheet)
    rows = list(_rows(sheet, shown_assessors(sheet, membership), changed))
    return findings(rows, year=sheet.year, today=today, rules=check_rules())


@dataclass(frozen=True)
class Tally:
    """How much the checker found, the gravest first: “5 errors, 4 warnings”."""

    total: int
    parts: tuple[str, ...]

    @property
    def by_severity(self) -> str:
        return ", ".join(self.parts)


def tally_of(
    sheet: Worksheet, membership: Membership, today: date, changed: Collection[str]
) -> Tally | None:
    """Nothing for those to whom the checker is closed."""
    if not plans_improvements(membership):
        return None
    counts = Counter(row.severity for row in findings_of(sheet, membership, today, changed))
    words = {
        Severity.ERROR: ngettext("%(count)d error", "%(count)d errors", counts[Severity.ERROR]),
        Severity.WARNING: ngettext(
            "%(count)d warning", "%(count)d warnings", counts[Severity.WARNING]
        ),
        Severity.HINT: ngettext("%(count)d hint", "%(count)d hints", counts[Severity.HINT]),
    }
    parts = tuple(words[each] % {"count": counts[each]} for each in Severity if counts[each])
    return Tally(counts.total(), parts)


@dataclass
class _Standing:
    mark: str
    proofs: list[Proof]
    answers: dict[str, Opinion]


def _rows(sheet: Worksheet, shown: frozenset[str], changed: Collection[str]) -> Iterator[Row]:
    standing = _standing(sheet, shown)
    for code, question in sheet.instrument.instrument.questions.items():
        here = standing.get(code) or _Standing("", [], {})
        own = here.answers.pop(Assessor.UNIT, None)
        yield Row(
            question=question,
            given=own.given if own else None,
            proofs=here.proofs,
            opinions=here.answers,
            is_carried=here.mark == ItemMark.CARRIED,
            is_changed=code in changed,
        )


def _standing(sheet: Worksheet, shown: frozenset[str]) -> dict[str, _Standing]:
    """By question: one database row for each answer that this person reads."""
    proofs = EvidenceUse.objects.filter(item=OuterRef("pk")).order_by("pk")
    proof = JSONObject(
        title="evidence__title", dated_on="evidence__dated_on", valid_until="evidence__valid_until"
    )
    rows = sheet.items.annotate(
        proofs=ArraySubquery(proofs.values(document=proof)),
        said=FilteredRelation("answers", condition=Q(answers__assessor__in=shown)),
    )
    columns = ("assessor", "option", "counts", "index", "zero_as", "reason")
    found: dict[str, _Standing] = {}
    for code, mark, documents, assessor, *answer in rows.values_list(
        "code", "mark", "proofs", *(f"said__{name}" for name in columns)
    ):
        here = found.setdefault(code, _Standing(mark, [_proof(row) for row in documents], {}))
        if assessor is not None:
            here.answers[assessor] = _opinion(*answer)
    return found


def _opinion(
    option: str, counts: dict[str, str], index: Decimal | None, zero_as: str, reason: str
) -> Opinion:
    numbers = {key: Decimal(value) for key, value in counts.items()}
    return Opinion(Given(option, numbers, index, zero_as), reason)


def _proof(row: dict[str, Any]) -> Proof:
    return Proof(row["title"], _day(row["dated_on"]), _day(row["valid_until"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
