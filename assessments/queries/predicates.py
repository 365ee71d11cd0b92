"""The register of predicates: who holds what since when, in which state, and what was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from assessments.enums import CheckAnswer, PredicateState
from assessments.models import PredicateCheck, PredicateStep, ZoneHandover, ZonePredicate
from assessments.monitoring import checklist
from opd.models import Membership


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
