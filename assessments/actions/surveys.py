"""Survey rounds: prepare, open, close, publish; those of all units at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.editing import write
from assessments.enums import SurveyDoor, SurveyState
from assessments.locking import held_survey, refuse_other_survey_keepers
from assessments.models import SurveyRound, SurveyService
from assessments.permissions import writes_all_surveys
from assessments.queries.surveys import answered_of
from assessments.survey_instruments import surveys
from assessments.survey_results import kept
from assessments.workflow import SURVEY_ROUND
from integrity_portal.core import ledger
from opd.models import Government, Membership, Service, Unit
from opd.transitions import Missing, StepRefused, perform


@dataclass(frozen=True)
class RoundPlan:
    """What a person decides about a round. `services`: asked about, with how many it served."""

    survey: str
    year: int
    quarter: int
    opens_on: date
    closes_on: date
    door: str = SurveyDoor.PROOF
    counts_open: bool = False
    population: int | None = None
    highest: int | None = None
    printed_weight: bool = False
    services: list[tuple[Service, int | None]] = field(default_factory=list)


@transaction.atomic
def create_round(
    *, unit: Unit, plan: RoundPlan, by: Membership, is_sample: bool = False
) -> SurveyRound:
    """A second press finds the round of the first; another plan for it is refused.

    Raises PermissionDenied, StepRefused.
    """
    refuse_other_survey_keepers(by, unit)
    values = _values(plan)
    row, is_new = SurveyRound.objects.get_or_create(
        unit=unit,
        survey=plan.survey,
        year=plan.year,
        quarter=plan.quarter,
        defaults={
            **values,
            "government_id": unit.government_id,
            "is_sample": is_sample or unit.is_sample,
        },
    )
    if not is_new:
        if row.state == SurveyState.DRAFT and all(
            getattr(row, name) == value for name, value in values.items()
        ):
            return row
        raise StepRefused(
            _("This unit already has this survey in that quarter. Open it in the list.")
        )
    _write_services(row, plan)
    ledger.record("survey_round.created", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def create_rounds(
    *, units: Iterable[Unit], plan: RoundPlan, at_once: bool, by: Membership, now: datetime
) -> int:
    """The same round for many units, each with its own services; those that have one keep it.

    `at_once` opens them too: answering begins on the first day. Answers how many were made.
    """
    if not writes_all_surveys(by):
        raise PermissionDenied(_("Only the ZI secretariat prepares the surveys of all units."))
    every = list(units)
    taken = set(
        SurveyRound.objects.filter(
            unit__in=every, survey=plan.survey, year=plan.year, quarter=plan.quarter
        ).values_list("unit_id", flat=True)
    )
    offered: dict[int, list[tuple[Service, int | None]]] = {}
    for service in Service.objects.filter(unit__in=every).offered().order_by("name"):
        offered.setdefault(service.unit_id, []).append((service, None))
    fresh = [unit for unit in every if unit.pk not in taken]
    for unit in fresh:
        own = RoundPlan(**{**vars(plan), "services": offered.get(unit.pk, [])})
        row = create_round(unit=unit, plan=own, by=by)
        if at_once:
            open_round(round=row, by=by, now=now)
    return len(fresh)


@transaction.atomic
def edit_round(*, round: SurveyRound, plan: RoundPlan, version: int, by: Membership) -> SurveyRound:
    """A draft: everything but its survey. Once open only the closing day moves, and only on.

    Raises Conflict, PermissionDenied, StepRefused.
    """
    row = held_survey(round, by)
    if row.state == SurveyState.DRAFT:
        taken = SurveyRound.objects.filter(
            unit=row.unit_id, survey=row.survey, year=plan.year, quarter=plan.quarter
        ).exclude(pk=row.pk)
        if taken.exists():
            raise StepRefused(_("This unit already has this survey in that quarter."))
        changed = write(row, {"year": plan.year, "quarter": plan.quarter, **_values(plan)}, version)
        _write_services(row, plan)
    elif row.state == SurveyState.OPEN:
        if plan.closes_on < row.closes_on:
            raise StepRefused(
                _("An open survey can be longer, not shorter. To end it now, close it.")
            )
        changed = write(row, {"closes_on": plan.closes_on}, version)
    else:
        raise StepRefused(_("This survey is closed; it stays as it is."))
    if changed:
        ledger.record("survey_round.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def discard_round(*, round: SurveyRound, by: Membership) -> None:
    """Only what nobody could answer yet."""
    row = held_survey(round, by)
    if row.state != SurveyState.DRAFT:
        raise StepRefused(_("This survey was opened; it stays in the list."))
    ledger.record("survey_round.discarded", row, by=by, codes=_codes(row))
    row.proofs.all().delete()
    row.services.all().delete()
    row.delete()


@transaction.atomic
def open_round(*, round: SurveyRound, by: Membership, now: datetime) -> SurveyRound:
    """Answering begins on its first day. Raises StepRefused with what is missing."""
    row = held_survey(round, by)
    if row.state == SurveyState.OPEN:
        return row
    today = timezone.localdate(now, ZoneInfo(row.government.time_zone))

    def days(asked: Any) -> list[Missing]:
        if asked.closes_on >= today:
            return []
        return [Missing(_("The last day is over. Choose a later one."), "closes_on")]

    return perform(SURVEY_ROUND, "open", row, by=by, now=now, checks={"days": days})


@transaction.atomic
def close_round(*, round: SurveyRound, by: Membership | None, now: datetime) -> SurveyRound:
    """Count it, once and for ever; `by` is None for the clock. Raises StepRefused."""
    row = held_survey(round, by)
    if row.is_counted:
        return row
    result = kept(answered_of(row), row.asked, counts_open=row.counts_open)
    row = perform(SURVEY_ROUND, "close", row, by=by, now=now, values={"result": result})
    codes: dict[str, ledger.Code] = {
        "proof": result["proof"],
        "open": result["open"],
        "sha256": result["sha256"],
    }
    ledger.record("survey_round.counted", row, by=by, government_id=row.government_id, codes=codes)
    return row


def close_due_rounds(*, now: datetime) -> int:
    """What ran to its last day, by the clock of each government. Answers how many."""
    closed = 0
    for government in Government.objects.filter(surveyround__state=SurveyState.OPEN).distinct():
        today = timezone.localdate(now, ZoneInfo(government.time_zone))
        over = SurveyRound.objects.filter(
            government=government, state=SurveyState.OPEN, closes_on__lt=today
        )
        for row in over.order_by("pk"):
            close_round(round=row, by=None, now=now)
            closed += 1
    return closed


@transaction.atomic
def publish_round(*, round: SurveyRound, by: Membership, now: datetime) -> SurveyRound:
    """Everybody may read its result from now on. Raises StepRefused with what is missing."""
    row = held_survey(round, by)
    if row.state == SurveyState.PUBLISHED:
        return row

    def answers(asked: Any) -> list[Missing]:
        if asked.result["number"] >= asked.asked.smallest:
            return []
        return [Missing(_("So few answered that a result would point at them."), "")]

    return perform(SURVEY_ROUND, "publish", row, by=by, now=now, checks={"answers": answers})


def _values(plan: RoundPlan) -> dict[str, Any]:
    """Columns, with what the file says today. Raises StepRefused."""
    known = surveys()
    try:
        content = known.content(plan.survey, highest=plan.highest, printed=plan.printed_weight)
    except (KeyError, ValueError):
        raise StepRefused(_("Choose a survey and a scale from the list.")) from None
    if plan.closes_on < plan.opens_on:
        raise StepRefused(_("The survey closes before it opens."))
    return {
        "edition": known.edition,
        "sha256": known.sha256,
        "content": content,
        "opens_on": plan.opens_on,
        "closes_on": plan.closes_on,
        "door": plan.door,
        "counts_open": plan.counts_open and plan.door == SurveyDoor.OPEN,
        "population": plan.population,
    }


def _write_services(row: SurveyRound, plan: RoundPlan) -> None:
    """Those asked about; a service for which slips were made stays."""
    wanted = {service.pk for service, _number in plan.services}
    used = set(row.proofs.exclude(service=None).values_list("service__service_id", flat=True))
    row.services.exclude(service__in=wanted | used).delete()
    for position, (service, number) in enumerate(plan.services, start=1):
        if service.unit_id != row.unit_id:
            raise StepRefused(_("Choose services of this unit."))
        SurveyService.objects.update_or_create(
            round=row,
            service=service,
            defaults={
                "government_id": row.government_id,
                "name": service.name,
                "position": position,
                "population": number,
            },
        )


def _codes(row: SurveyRound) -> dict[str, ledger.Code]:
    return {
        "survey": row.survey,
        "unit": row.unit_id,
        "year": row.year,
        "quarter": row.quarter,
        "edition": row.edition,
        "sha256": row.sha256,
        "door": row.door,
        "closes": row.closes_on.isoformat(),
    }
