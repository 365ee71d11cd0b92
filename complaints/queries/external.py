"""Cases in other systems: of one complaint, of a government, and what differs between both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from complaints.enums import ComplaintState
from complaints.external_enums import ExportState
from complaints.lapor import keeping, terms
from complaints.lapor.comparing import Comparison, StandingCase, compare
from complaints.lapor.reading import Reading, read_export
from complaints.lapor.terms import Agreement, System
from complaints.lapor.words import plain
from complaints.models import Complaint, ExternalCase, LaporImport
from complaints.permissions import keeps_other_systems
from complaints.queries.clock import local_day
from opd.enums import IdentifierKind
from opd.models import Government, Membership, Unit, UnitName


def system_of(case: ExternalCase) -> System:
    return terms.current().system(case.system, case.government.code)


def system_choices(government: Government) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in terms.current().systems_of(government.code)]


@dataclass(frozen=True)
class ShownCase:
    """A case as the complaint's page shows it."""

    case: ExternalCase
    name: str
    agreement: Agreement
    is_settled: bool

    @property
    def is_open(self) -> bool:
        return self.agreement != Agreement.SAME and not self.is_settled


def cases_of(complaint: Complaint) -> list[ShownCase]:
    rows = complaint.external_cases.select_related("government", "settled_by").order_by("pk")
    return [shown(row, complaint.state) for row in rows]


def shown(case: ExternalCase, state: str) -> ShownCase:
    found = terms.current().beside(case.status, state)
    settled = (case.settled_state, case.settled_key) == (state, case.status_key)
    return ShownCase(case, system_of(case).name, found, bool(case.settled_state) and settled)


def case_for(membership: Membership, pk: int) -> ExternalCase | None:
    """Of a complaint that this person sees."""
    seen = Complaint.objects.visible_to(membership)
    rows = ExternalCase.objects.filter(complaint__in=seen)
    related = ("government", "complaint__government", "complaint__unit", "complaint__named_unit")
    return rows.select_related(*related).filter(pk=pk).first()


def differences(membership: Membership) -> list[ShownCase]:
    """What both systems say differently and nobody has settled, oldest look first; one query."""
    differs = Q()
    for status in terms.current().statuses:
        differs |= Q(status_key__in=status.words) & ~Q(complaint__state__in=status.agrees)
    known = [word for status in terms.current().statuses for word in status.words]
    differs |= ~Q(status_key="") & ~Q(status_key__in=known)
    settled = Q(settled_state=F("complaint__state"), settled_key=F("status_key"))
    rows = (
        ExternalCase.objects.filter(differs, complaint__in=Complaint.objects.visible_to(membership))
        .exclude(settled)
        .select_related("government", "complaint__unit", "complaint__named_unit")
        .order_by("seen_on", "pk")
    )
    return [shown(row, row.complaint.state) for row in rows]


# --- imports ---


def import_of(membership: Membership, pk: int) -> LaporImport | None:
    """Of one's own government; another person's file is nobody else's business."""
    rows = LaporImport.objects.filter(
        government_id=membership.government_id, made_by__user_id=membership.user_id
    )
    return rows.select_related("government", "made_by").filter(pk=pk).first()


def waiting_imports(membership: Membership, now: datetime) -> list[LaporImport]:
    rows = LaporImport.objects.filter(
        government_id=membership.government_id,
        made_by__user_id=membership.user_id,
        state=ExportState.PENDING,
        expires_at__gte=now,
    )
    return list(rows.order_by("-pk")[:10])


def reading_of(government: Government, system: str, data: bytes, now: datetime) -> Reading:
    """Raises BookRefused with a sentence."""
    known = terms.current()
    return read_export(
        data,
        known,
        system=known.system(system, government.code),
        zone=government.time_zone,
        today=local_day(government, now),
    )


def comparison_with(
    reading: Reading, government: Government, system: str, today: date
) -> Comparison:
    """Three queries, however many rows."""
    numbers = [row.tracking_id for row in reading.rows]
    return compare(
        reading,
        terms.current(),
        standing_of(government.pk, system, numbers),
        units_by_name(government, today),
    )


def comparison_of(upload: LaporImport, today: date) -> Comparison:
    reading = keeping.from_text(upload.kept())
    return comparison_with(reading, upload.government, upload.system, today)


def standing_of(government_id: int, system: str, numbers: Iterable[str]) -> dict[str, StandingCase]:
    rows = ExternalCase.objects.filter(
        government_id=government_id, system=system, tracking_id__in=list(numbers)
    ).select_related("complaint")
    return {
        row.tracking_id: StandingCase(
            case=row.pk,
            complaint=row.complaint_id,
            number=row.complaint.number,
            state=ComplaintState(row.complaint.state).value,
            status=row.status,
            is_secret=row.complaint.is_secret,
            link=row.link,
        )
        for row in rows
    }


def units_by_name(government: Government, today: date) -> dict[str, int]:
    """Active units by each of their names, with and without the government's own name behind it.

    A name that two units have finds neither.
    """
    active = Unit.objects.filter(government=government).active_on(today)
    rows = UnitName.objects.filter(unit__in=active).values_list("name", "short_name", "unit_id")
    behind = plain(government.official_name)
    found: dict[str, int | None] = {}
    for name, short, unit in rows:
        for word in {plain(name), plain(short), f"{plain(name)} {behind}"} - {""}:
            found[word] = unit if found.get(word, unit) == unit else None
    return {word: unit for word, unit in found.items() if unit is not None}


def offices_of(
    kind: IdentifierKind, login: str, government: Government, today: date
) -> list[Membership]:
    """Offices of the person with this login in which he keeps the other systems' cases."""
    rows = Membership.objects.valid_on(today).filter(
        user__identifiers__kind=kind, user__identifiers__value=login, government=government
    )
    found = rows.select_related("government", "unit", "user").order_by("pk")
    return [office for office in found if keeps_other_systems(office)]


def government_called(text: str) -> Government | None:
    """By code or by the name in its address."""
    return Government.objects.filter(Q(code=text) | Q(slug=text)).first()
