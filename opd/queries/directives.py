"""Reads of directives and promises, scoped to the caller; figures for the dashboards."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

from integrity_portal.core.partial_dates import Precision
from opd import subjects as registry
from opd.enums import DIRECTIVE_ENDED, DirectiveState, PromiseState, Role
from opd.models import (
    Directive,
    DirectiveReport,
    Government,
    Membership,
    Promise,
    PromiseEdition,
    Unit,
)
from opd.models.directives import DirectiveQuerySet
from opd.permissions import can_give_directives, can_read_directives, sees_whole_government
from opd.queries.units import _per_unit
from opd.reminders import Due, Owner
from opd.subjects import Subject
from opd.workflow import CARRIERS

LATE, OPEN, DONE, ALL = "late", "open", "done", "all"
STATES = {
    OPEN: pgettext_lazy("directives", "open"),
    LATE: pgettext_lazy("directives", "overdue"),
    DONE: pgettext_lazy("directives", "ended"),
    ALL: pgettext_lazy("directives", "all"),
}
TONES = {
    DirectiveState.GIVEN: "warn",
    DirectiveState.ACKNOWLEDGED: "info",
    DirectiveState.REPORTED: "warn",
    DirectiveState.RETURNED: "warn",
    DirectiveState.FINISHED: "good",
    DirectiveState.WITHDRAWN: "info",
}
LABEL_LENGTH = 80


def visible(membership: Membership) -> DirectiveQuerySet:
    """Givers see all of the government, units those of their branch, others none."""
    rows = Directive.objects.filter(government_id=membership.government_id)
    if not can_read_directives(membership):
        return rows.none()
    if sees_whole_government(membership):
        return rows
    return rows.filter(unit__lineage__contains=[membership.unit_id])


@dataclass(frozen=True)
class Row:
    """A directive in a list: where it stands and whose move it is."""

    directive: Directive
    word: str
    tone: str
    whose: str
    is_late: bool


def directives(
    membership: Membership, *, state: str, unit: int | None, today: date
) -> QuerySet[Directive]:
    """The list with its filters; open ones by their day, ended ones newest first."""
    rows = visible(membership).select_related("unit", "given_by", "government")
    if state == OPEN:
        rows = rows.open()
    elif state == LATE:
        rows = rows.late_on(today)
    elif state == DONE:
        rows = rows.filter(state__in=[row.value for row in DIRECTIVE_ENDED])
    if unit is not None:
        rows = rows.filter(unit__lineage__contains=[unit])
    order = ["-given_at", "-pk"] if state in (DONE, ALL) else ["due_on", "pk"]
    return rows.order_by(*order)


def shown(directive: Directive, today: date) -> Row:
    late = directive.is_late(today)
    return Row(
        directive,
        str(_("Overdue")) if late else str(DirectiveState(directive.state).label),
        "bad" if late else TONES[DirectiveState(directive.state)],
        whose_move(directive),
        late,
    )


def whose_move(directive: Directive) -> str:
    """The unit, or who gave it once the unit says it is done; nobody at its end."""
    if not directive.is_open:
        return ""
    if directive.state == DirectiveState.REPORTED:
        return str(directive.given_by.printed_title)
    return directive.unit.label


def directive_of(membership: Membership, pk: int) -> Directive | None:
    rows = visible(membership).select_related("unit", "given_by", "government")
    return rows.filter(pk=pk).first()


def history(directive: Directive) -> list[Any]:
    """Steps with the report that came with them, newest first; two queries."""
    reports: dict[tuple[Any, int | None], DirectiveReport] = {
        (row.reported_at, row.reported_by_id): row
        for row in directive.reports.select_related("proof", "reported_by")
    }
    steps = list(directive.steps.select_related("membership").order_by("-pk"))
    for step in steps:
        step.report = reports.get((step.happened_at, step.membership_id))  # type: ignore[attr-defined]
    return steps


def report_of(membership: Membership, pk: int) -> DirectiveReport | None:
    """A report whose proof the person may read."""
    return (
        DirectiveReport.objects.filter(pk=pk, directive__in=visible(membership))
        .select_related("proof")
        .first()
    )


def about(membership: Membership, kind: str, pk: str) -> list[Directive]:
    """Open directives about one thing that the person may see; one query."""
    if not can_read_directives(membership):
        return []
    rows = visible(membership).open().filter(subject_kind=kind, subject_id=pk)
    return list(rows.select_related("unit").order_by("due_on", "pk")[:5])


def units_with_directives(membership: Membership) -> list[Unit]:
    """For the filter of the list."""
    found = visible(membership).values("unit")
    return list(Unit.objects.filter(pk__in=found).order_by("name", "pk"))


def units_to_instruct(membership: Membership, today: date) -> list[Unit]:
    if not can_give_directives(membership):
        return []
    rows = Unit.objects.filter(government_id=membership.government_id).active_on(today)
    held = Membership.objects.filter(unit=OuterRef("pk"), role__in=CARRIERS).valid_on(today)
    return list(rows.annotate(is_manned=Exists(held)).order_by("name", "pk"))


def is_manned(unit: Unit, today: date) -> bool:
    """Somebody of the unit itself holds an office that carries out directives."""
    return Membership.objects.filter(unit=unit, role__in=CARRIERS).valid_on(today).exists()


def nearest_head_above(unit: Unit, today: date) -> int | None:
    """The nearest unit above that has a head."""
    above = [pk for pk in unit.lineage if pk != unit.pk]
    heads = Membership.objects.filter(unit__in=above, role=Role.OPD_HEAD).valid_on(today)
    with_head = set(heads.values_list("unit", flat=True))
    return next((pk for pk in reversed(above) if pk in with_head), None)


def warning(unit: Unit, today: date) -> str:
    """For the giver, before and after sending; empty where somebody holds an office."""
    if is_manned(unit, today):
        return ""
    return gettext(
        "Nobody of %(unit)s holds an office in the portal yet. The directive also goes to the head "
        "of the nearest unit above it, or else to the ZI secretariat; tell the unit yourself too."
    ) % {"unit": unit.label}


# --- figures for dashboards ---


@dataclass(frozen=True)
class UnitDirectives:
    """How many directives of a unit are open, how many of them are overdue."""

    unit_id: int
    name: str
    open: int
    late: int


@dataclass(frozen=True)
class DirectiveFigures:
    open: int
    late: int
    finished: int
    units: list[UnitDirectives]


def directive_figures(government_id: int, today: date) -> DirectiveFigures:
    """Open and late, in all and per unit, the worst first: one query."""
    rows = (
        Directive.objects.filter(government_id=government_id)
        .values("unit", "unit__name", "unit__short_name")
        .annotate(
            open=Count("pk", filter=~Q(state__in=[row.value for row in DIRECTIVE_ENDED])),
            late=Count(
                "pk",
                filter=~Q(state__in=[row.value for row in DIRECTIVE_ENDED]) & Q(due_on__lt=today),
            ),
            finished=Count("pk", filter=Q(state=DirectiveState.FINISHED)),
        )
    )
    found = [
        (
            UnitDirectives(
                row["unit"], row["unit__short_name"] or row["unit__name"], row["open"], row["late"]
            ),
            row["finished"],
        )
        for row in rows
    ]
    units = sorted(
        (unit for unit, _done in found if unit.open),
        key=lambda unit: (-unit.late, -unit.open, unit.name),
    )
    return DirectiveFigures(
        open=sum(unit.open for unit in units),
        late=sum(unit.late for unit in units),
        finished=sum(done for _unit, done in found),
        units=units,
    )


# --- links, reminders, ends of units ---


def subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = visible(membership).filter(pk__in=registry.numbers(ids))
    return {
        str(row.pk): Subject(
            Truncator(row.text).chars(LABEL_LENGTH),
            reverse("opd:directive", kwargs={"pk": row.pk}),
            row.unit_id,
        )
        for row in rows
    }


def unit_subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = Unit.objects.visible_to(membership).filter(pk__in=registry.numbers(ids))
    return {
        str(row.pk): Subject(row.name, reverse("opd:unit", kwargs={"unit_id": row.pk}), row.pk)
        for row in rows
    }


def due_directives(government: Government, today: date) -> Iterable[Due]:
    """Open directives: the unit's move, or the giver's when the unit says it is done."""
    rows = Directive.objects.filter(government=government).open().select_related("given_by")
    for row in rows.order_by("pk"):
        unit = tuple(
            Owner(role=role, unit_id=row.unit_id) for role in (Role.OPD_HEAD, Role.OPD_OPERATOR)
        )
        is_reported = row.state == DirectiveState.REPORTED
        yield Due(
            link_id=str(row.pk),
            due_on=row.due_on,
            owners=(Owner(role=row.given_by.role),) if is_reported else unit,
            remind_before=(7, 1),
            watchers=() if is_reported else (Owner(role=row.given_by.role),),
            is_sample=row.is_sample,
        )


def directives_after(unit_ids: list[int], day: date) -> dict[int, int]:
    """Open directives of units that end (opd.queries.loose_ends)."""
    rows = Directive.objects.filter(unit__in=unit_ids).open()
    return _per_unit(rows.values_list("unit_id", flat=True))


# --- promises ---


def promises(
    membership: Membership, *, state: str, today: date, series: str = ""
) -> QuerySet[Promise]:
    rows = Promise.objects.filter(government_id=membership.government_id)
    if series:
        rows = rows.filter(meeting__series=series)
    if state in PromiseState.values:
        rows = rows.filter(state=state)
    elif state == LATE:
        rows = rows.filter(_past_due(today), state=PromiseState.OPEN)
    return rows.select_related("unit", "meeting").order_by("-said_on", "-pk")


def _past_due(today: date) -> Q:
    """As `Promise.is_past_due`: a month or a year is over when its last day is."""
    return (
        Q(due_on_precision=Precision.DAY, due_on__lt=today)
        | Q(due_on_precision=Precision.MONTH, due_on__lt=today.replace(day=1))
        | Q(due_on_precision=Precision.YEAR, due_on__lt=today.replace(month=1, day=1))
    )


def promise_of(membership: Membership, pk: int) -> Promise | None:
    rows = Promise.objects.filter(government_id=membership.government_id, pk=pk)
    return rows.select_related("unit", "proof", "meeting").first()


def promise_history(promise: Promise) -> list[Any]:
    return list(promise.steps.select_related("membership").order_by("-pk"))


def promise_editions(promise: Promise) -> list[PromiseEdition]:
    """What it said before, the newest first."""
    return list(promise.editions.select_related("replaced_by", "unit"))


@dataclass(frozen=True)
class PublicPromise:
    """What the public page may say: no person, no account, no file."""

    promised_by: str
    place: str
    said: Any
    text: str
    unit: str
    due: Any
    state: PromiseState
    settled_on: date | None
    proof_note: str
    is_sample: bool
    is_past_due: bool
    # The meeting at which it was made: its series and title, "" for none.
    series: str
    # What it said before, the newest first: `text`, `due` and `replaced_at`.
    editions: list[PromiseEdition]


def kept_promises(
    government: Government, today: date, *, meetings: Collection[int] | None = None
) -> list[PublicPromise]:
    """Every promise with how it stands, newest first, for everybody to read: two queries.

    With `meetings` only those that were made there.
    """
    rows = Promise.objects.filter(government=government)
    if meetings is not None:
        rows = rows.filter(meeting__in=meetings)
    rows = rows.select_related("unit", "meeting").prefetch_related("editions")
    return [
        PublicPromise(
            promised_by=row.promised_by,
            place=row.place,
            said=row.said,
            text=row.text,
            unit=row.unit.name if row.unit else "",
            due=row.due,
            state=PromiseState(row.state),
            settled_on=row.settled_on,
            proof_note=row.proof_note,
            is_sample=row.is_sample,
            is_past_due=row.is_past_due(today),
            series=row.meeting.series if row.meeting else "",
            editions=list(row.editions.all()),
        )
        for row in rows.order_by("-said_on", "-pk")
    ]
