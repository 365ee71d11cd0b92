"""Who follows somebody else's report, and what such a code shows."""

from dataclasses import dataclass
from datetime import date

from complaints.codes import code_hash
from complaints.models import Complaint, Follower


@dataclass(frozen=True)
class Offered:
    """What a citizen is shown of a similar report: nothing that a citizen wrote."""

    key: int
    title: str
    kind: str
    state: object
    tone: str
    about: str
    filed_on: date


def offered(rows: list[Complaint]) -> list[Offered]:
    return [
        Offered(
            key=row.pk,
            title=row.public_title,
            kind=row.get_kind_display(),
            state=row.state_for_citizen,
            tone=row.tone,
            about=_about(row),
            filed_on=row.filed_on,
        )
        for row in rows
        if row.public_title
    ]


def _about(row: Complaint) -> str:
    named = [unit.name for unit in (row.unit or row.named_unit, row.region) if unit]
    return ", ".join(dict.fromkeys(named))


def follower_by_code(government_id: int, code: str) -> Follower | None:
    rows = Follower.objects.filter(government_id=government_id, code_hash=code_hash(code))
    return rows.first()


def follower_followed(government_id: int, pk: int) -> Follower | None:
    rows = Follower.objects.filter(government_id=government_id, pk=pk)
    return rows.select_related("complaint__government", "complaint__unit").first()


def followers_to_tell(complaint: Complaint) -> list[Follower]:
    """Those who left a contact for "there is an answer"."""
    return list(complaint.followers.exclude(contact_sealed="").order_by("pk"))
