"""The staff's lists and the one complaint they work on; already scoped to the caller."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext_lazy

from complaints.enums import SENT_BY_CITIZEN, ComplaintState, Disclosure, MessageKind
from complaints.models import (
    Complaint,
    ComplaintFile,
    ComplaintStep,
    IdentityOpening,
    Message,
)
from complaints.models.complaints import ComplaintQuerySet
from complaints.permissions import can_read_complaints, sees_hidden_files
from complaints.queries.searching import mentioning
from opd.enums import UnitKind
from opd.models import Membership, Unit
from opd.subjects import Subject, numbers

OPEN, LATE, ALL = "open", "late", "all"
# The list says "more than" beyond so many: nobody turns a hundred pages, and counting costs.
MOST_COUNTED = 2500


class Mark(models.TextChoices):
    """What the list can be narrowed to beside the state."""

    FAR_LATE = "far_late", pgettext_lazy("complaint mark", "3× late")
    NO_WORD = "no_word", pgettext_lazy("complaint mark", "No word to the citizen in time")
    ESCALATED = "escalated", pgettext_lazy("complaint mark", "Told upwards")
    ACCUSED = "accused", pgettext_lazy("complaint mark", "An officer is complained of")
    QUARANTINE = "quarantine", pgettext_lazy("complaint mark", "In quarantine")
    MINE = "mine", pgettext_lazy("complaint mark", "On which I took a step")


class Source(models.TextChoices):
    """By which way it came, whatever the channel."""

    CITIZEN = "citizen", pgettext_lazy("complaint source", "Sent by the citizen")
    STAFF = "staff", pgettext_lazy("complaint source", "Written down by an officer")
    POSTER = "poster", pgettext_lazy("complaint source", "From a poster")
    MEETING = "meeting", pgettext_lazy("complaint source", "From a public meeting")


@dataclass(frozen=True)
class Filters:
    """`state` is open, late, all or one state."""

    state: str = OPEN
    unit: int | None = None
    words: str = ""
    kind: str = ""
    channel: str = ""
    source: str = ""
    region: int | None = None
    mark: str = ""
    since: date | None = None
    until: date | None = None


def complaints_for(membership: Membership, filters: Filters, today: date) -> ComplaintQuerySet:
    """Worst first: oldest deadline on top, then those without one, newest first.

    What is in quarantine stands in a list of its own.
    """
    rows = Complaint.objects.visible_to(membership)
    rows = _marked(_in_state(rows, filters.state, today), filters.mark, membership, today)
    rows = rows.filter(is_quarantined=filters.mark == Mark.QUARANTINE, **_equal(filters))
    if filters.unit:
        branch = Unit.objects.at_or_below(filters.unit).values("pk")
        rows = rows.filter(Q(unit__in=branch) | Q(unit=None, named_unit__in=branch))
    if filters.source:
        rows = rows.filter(_of_source(filters.source))
    if filters.words.strip():
        rows = mentioning(rows, membership.government_id, filters.words)
    return rows.order_by(F("due_on").asc(nulls_last=True), "-pk")


def for_page(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    """With what a line of the list says, and no more."""
    return rows.select_related("unit", "named_unit").defer("search", "when_text", "where_text")


def _in_state(rows: ComplaintQuerySet, state: str, today: date) -> ComplaintQuerySet:
    if state == OPEN:
        return rows.open()
    if state == LATE:
        return rows.late_on(today)
    return rows.filter(state=state) if state in ComplaintState.values else rows


def _equal(filters: Filters) -> dict[str, Any]:
    wanted = {
        "kind": filters.kind,
        "channel": filters.channel,
        "region_id": filters.region,
        "filed_on__gte": filters.since,
        "filed_on__lte": filters.until,
    }
    return {name: value for name, value in wanted.items() if value}


def _marked(
    rows: ComplaintQuerySet, mark: str, membership: Membership, today: date
) -> ComplaintQuerySet:
    if mark == Mark.FAR_LATE:
        return rows.far_late_on(today)
    if mark == Mark.NO_WORD:
        return rows.filter(first_response_at=None, respond_by__lt=today)
    if mark == Mark.ESCALATED:
        return rows.filter(escalation__gt=0)
    if mark == Mark.ACCUSED:
        return rows.filter(accuses_officer=True)
    if mark == Mark.MINE:
        steps = ComplaintStep.objects.filter(membership=membership)
        return rows.filter(pk__in=steps.values("subject_id"))
    return rows


def _of_source(source: str) -> Q:
    if source == Source.POSTER:
        return Q(place__isnull=False)
    if source == Source.MEETING:
        return Q(meeting__isnull=False)
    by_citizen = Q(channel__in=sorted(SENT_BY_CITIZEN))
    return by_citizen if source == Source.CITIZEN else ~by_citizen


def complaint_for(membership: Membership, pk: int) -> Complaint | None:
    rows = Complaint.objects.visible_to(membership)
    related = ("government", "unit", "named_unit", "region", "place", "meeting", "filed_by")
    row = rows.select_related(*related, "merged_into", "reporter").defer(
        "search", "merged_into__search"
    )
    return row.filter(pk=pk).first()


def picked(membership: Membership, keys: list[int]) -> list[Complaint]:
    """Those of the keys that the person sees, in the order of the list."""
    rows = Complaint.objects.visible_to(membership).filter(pk__in=keys)
    rows = rows.select_related("government", "unit", "named_unit").defer("search")
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "-pk"))


def file_for(membership: Membership, pk: int, file_pk: int) -> ComplaintFile | None:
    """A file of a complaint that the person sees; hidden ones by their own rule."""
    seen = Complaint.objects.visible_to(membership).filter(pk=pk)
    found: ComplaintFile | None = _files(membership, seen).filter(pk=file_pk).first()
    return found


def files_of(membership: Membership, complaint: Complaint) -> list[ComplaintFile]:
    """Of the complaint itself and of its messages."""
    return list(_files(membership, Complaint.objects.filter(pk=complaint.pk)).order_by("pk"))


def _files(membership: Membership, complaints: ComplaintQuerySet) -> Any:
    rows = ComplaintFile.objects.filter(complaint__in=complaints)
    rows = rows.select_related("file", "complaint__government", "complaint__unit")
    return rows if sees_hidden_files(membership) else rows.filter(is_hidden=False)


@dataclass(frozen=True)
class Taken:
    """The last step of a complaint, and what was said with it."""

    complaint: Complaint
    values: dict[str, Any]


def just_taken(membership: Membership, pk: int, verb: str, since: datetime) -> Taken | None:
    """The complaint whose last step is this one, taken by this membership, not before `since`.

    Found even when the step took it out of the person's sight: he did it a moment ago.
    """
    rows = ComplaintStep.objects.filter(
        subject_id=pk, subject__government_id=membership.government_id
    )
    step = rows.select_related("subject__government", "subject__unit").order_by("-pk").first()
    if step is None or step.happened_at < since:
        return None
    complaint = step.subject
    mine = (step.membership_id, step.name) == (membership.pk, verb)
    if not mine or complaint.state != step.to_state:
        return None
    said = complaint.messages.filter(membership=membership, sent_at=step.happened_at)
    values = {
        "note": step.note,
        "reason": complaint.pause_reason or step.note,
        "text": said.values_list("text", flat=True).order_by("pk").last() or "",
        "institution": complaint.referred_to,
        "resume_on": complaint.resume_on,
        "unit": str(complaint.unit_id),
        "sla_class": complaint.sla_class,
        "category": complaint.category,
    }
    return Taken(complaint, values)


def units_to_filter(membership: Membership) -> list[tuple[int, str]]:
    rows = Unit.objects.visible_to(membership).order_by("name")
    return list(rows.values_list("pk", "name"))


def history_of(complaint: Complaint) -> list[Any]:
    return list(complaint.steps.select_related("membership").order_by("pk"))


def messages_of(complaint: Complaint) -> list[Any]:
    """Its own, and what citizens wrote whose reports were joined with it."""
    rows = Message.objects.select_related("membership__unit", "complaint").filter(
        Q(complaint=complaint) | Q(complaint__merged_into=complaint, kind=MessageKind.CITIZEN)
    )
    return list(rows.defer("search", "complaint__search").order_by("sent_at", "pk"))


def joined_with(complaint: Complaint) -> list[Complaint]:
    """Reports that are answered with this one; of what they tell only words and day are shown."""
    rows = complaint.joined.only("number", "story", "filed_on", "merged_into", "erased_at")
    return list(rows.order_by("pk"))


def region_choices(membership: Membership) -> list[tuple[int, str]]:
    """Kecamatan and kelurahan."""
    kinds = (UnitKind.KECAMATAN, UnitKind.KELURAHAN)
    rows = Unit.objects.filter(government_id=membership.government_id, kind__in=kinds)
    return list(rows.order_by("name").values_list("pk", "name"))


def openings_of(complaint: Complaint) -> list[IdentityOpening]:
    rows = complaint.openings.select_related("membership").order_by("pk")
    return list(rows) if complaint.disclosure == Disclosure.KNOWN else []


def subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """Links from directives: by number, never by what the citizen wrote."""
    if not can_read_complaints(membership):
        return {}
    rows = Complaint.objects.visible_to(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(
            _("Complaint %(number)s") % {"number": row.number},
            reverse("complaints:detail", kwargs={"pk": row.pk}),
            row.unit_id,
        )
        for row in rows.only("number", "unit_id")
    }
