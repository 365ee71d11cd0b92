"""The register of predicates: who holds what since when, in which state, and what was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.enums import CheckAnswer, Predicate, PredicateState
from assessments.models import PredicateCheck, PredicateStep, ZoneHandover, ZonePredicate
from assessments.monitoring import checklist
from assessments.queries.attempts import predicates_in_force
from assessments.queries.handovers import everybody_after
from opd.models import Membership
from opd.transitions import Missing


def register(
    membership: Membership, *, state: str = "", predicate: str = "", text: str = ""
) -> QuerySet[ZonePredicate]:
    """The newest award first. Struck entries show only when asked for."""
    rows = ZonePredicate.objects.visible_to(membership).select_related("zone__unit")
    rows = rows.filter(state=state) if state in PredicateState.values else rows.real()
    if predicate:
        rows = rows.filter(predicate=predicate)
    if text:
        rows = rows.filter(zone__unit__name__icontains=text) | rows.filter(
            printed_name__icontains=text
        )
    checks = PredicateCheck.objects.order_by("-checked_on", "-pk")
    handed = ZoneHandover.objects.filter(successor__isnull=False).select_related("heir")
    return rows.prefetch_related(
        Prefetch("checks", checks), Prefetch("zone__handed_over", handed)
    ).order_by("-year", "zone__unit__name", "pk")


def predicate_of(membership: Membership, pk: int) -> ZonePredicate | None:
    steps = PredicateStep.objects.select_related("membership").order_by("-happened_at", "-pk")
    checks = PredicateCheck.objects.select_related("checked_by", "proof")
    handed = ZoneHandover.objects.filter(successor__isnull=False).select_related("heir")
    return (
        ZonePredicate.objects.visible_to(membership)
        .select_related("zone__unit", "attempt")
        .prefetch_related(
            Prefetch("steps", steps),
            Prefetch("checks", checks.order_by("-checked_on", "-pk")),
            Prefetch("zone__handed_over", handed),
        )
        .filter(pk=pk)
        .first()
    )


def standing_on(predicate: ZonePredicate, today: date) -> list[ZonePredicate]:
    """WBBM in force that this WBK alone carries: of the unit, or of who continues its road."""
    if predicate.predicate != Predicate.WBK:
        return []
    unit_id = predicate.zone.unit_id
    units = {unit_id, *everybody_after([unit_id], predicate.government_id)}
    rows = ZonePredicate.objects.in_force().filter(
        predicate=Predicate.WBBM, zone__unit_id__in=units
    )
    return [
        row
        for row in rows.select_related("zone__unit").order_by("year", "pk")
        if _wbk_of(row, today) == {predicate.pk}
    ]


def _wbk_of(row: ZonePredicate, today: date) -> set[int]:
    held = predicates_in_force(row.zone.unit, today).filter(predicate=Predicate.WBK)
    return set(held.values_list("pk", flat=True))


def left_without_wbk(predicate: ZonePredicate, today: date) -> list[Missing]:
    """An entry that was wrong does not take along what the ministry awarded upon it."""
    sentence = _("%(unit)s holds WBBM %(year)s, which presupposes this WBK: strike it first.")
    return [
        Missing(
            sentence % {"unit": row.zone.unit.name, "year": row.year_text},
            reverse("assessments:predicate", args=[row.pk]),
        )
        for row in standing_on(predicate, today)
    ]


@dataclass(frozen=True)
class SaidAnswer:
    point: str
    answer: str
    tone: str


TONES: Mapping[str, str] = {"good": "good", "concern": "bad"}


def said_answers(check: PredicateCheck) -> list[SaidAnswer]:
    """In the order of the checklist; a point that a later checklist dropped keeps its code."""
    words = {point.code: str(point.text) for point in checklist().points}
    codes = [*(code for code in words if code in check.answers)]
    codes += sorted(code for code in check.answers if code not in words)
    return [
        SaidAnswer(
            words.get(code, code),
            str(CheckAnswer(check.answers[code]).label),
            TONES.get(check.answers[code], "info"),
        )
        for code in codes
    ]


def never_checked_since(government_id: int, since: date) -> QuerySet[ZonePredicate]:
    """Predicates in force that nobody looked at since that day."""
    checked = PredicateCheck.objects.filter(checked_on__gte=since).values("predicate")
    rows = ZonePredicate.objects.in_force().filter(government_id=government_id)
    return rows.exclude(pk__in=checked).select_related("zone__unit").order_by("year", "pk")
