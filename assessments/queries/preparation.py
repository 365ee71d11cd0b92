"""Preparation: all units at a glance, one unit with its history, what the portal itself knows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _, ngettext

from assessments.checklists import Checklist, Step, checklist_on
from assessments.enums import PAST_PREPARATION, PreparationState, ZoneStage
from assessments.models import (
    Activity,
    IntegrityZone,
    PhasePlan,
    PreparationAnswer,
    PreparationChange,
)
from assessments.phases import Plan, effective_plan
from assessments.preparation import Readiness, readiness
from assessments.queries.coverage import Coverage, coverage
from integrity_portal.core.formatting import number_id
from integrity_portal.core.models import StoredFile
from opd.enums import FactKey, Role
from opd.models import Government, Membership, Service, StandingFact, Unit
from opd.permissions import may_read_unit
from opd.queries.units import counted_units

READY, SOME, NONE = "ready", "some", "none"


@dataclass(frozen=True)
class UnitRow:
    """One counted unit; `year` is the planned year, `stage` that of its open zone (or empty)."""

    unit: Unit
    readiness: Readiness
    year: int | None
    stage: str
    has_declared: bool
    is_sample: bool

    @property
    def year_text(self) -> str:
        return "" if self.year is None else str(self.year)

    @property
    def stage_word(self) -> str:
        return str(ZoneStage(self.stage or ZoneStage.COMMITTED).label)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty is everything that has not declared yet."""

    kind: str = ""
    year: str = ""
    done: str = ""
    step: str = ""
    declared: bool = False

    def fits(self, row: UnitRow) -> bool:
        wanted = {
            READY: row.readiness.is_ready,
            SOME: row.readiness.has_begun and not row.readiness.is_ready,
            NONE: not row.readiness.has_begun,
        }
        return (
            (self.declared or not row.has_declared)
            and self.kind in ("", row.unit.kind)
            and self.year in ("", row.year_text or "none")
            and wanted.get(self.done, True)
            and (not self.step or self.step in row.readiness.missing)
        )


@dataclass(frozen=True)
class PreparationList:
    checklist: Checklist
    rows: list[UnitRow]
    every: list[UnitRow]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return sorted({(row.unit.kind, row.unit.get_kind_display()) for row in self.every})

    @property
    def years(self) -> list[str]:
        return sorted({row.year_text for row in self.every if row.year})


def preparation_list(
    membership: Membership, government: Government, today: date, filters: Filters
) -> PreparationList:
    """Counted units of the caller's view that do not build yet, in eight reads; planned phase
    first, the readiest of a phase first."""
    numbers = coverage(government, today)
    checklist = checklist_on(today)
    states, samples = _states(government.pk)
    plan = plan_of(government.pk, numbers)
    every = [
        UnitRow(
            unit=unit,
            readiness=readiness(checklist.codes, states.get(pk, {})),
            year=plan.units[pk].year if pk in plan.units else None,
            stage=numbers.stages.get(pk, ""),
            has_declared=pk in numbers.first_days,
            is_sample=pk in samples and not government.is_sample,
        )
        for pk, unit in numbers.units.items()
        if numbers.stages.get(pk) not in PAST_PREPARATION and may_read_unit(membership, unit)
    ]
    every.sort(key=_order)
    return PreparationList(checklist, [row for row in every if filters.fits(row)], every)


def _order(row: UnitRow) -> tuple[Any, ...]:
    return (row.year is None, row.year or 0, -row.readiness.done, row.unit.name.casefold())


def _states(government_id: int) -> tuple[dict[int, dict[str, str]], set[int]]:
    """unit → step → state, and the units whose answers are samples. One query."""
    found: dict[int, dict[str, str]] = {}
    samples = set()
    rows = PreparationAnswer.objects.filter(government_id=government_id).order_by()
    for unit, step, state, sample in rows.values_list("unit_id", "step", "state", "is_sample"):
        found.setdefault(unit, {})[step] = state
        if sample:
            samples.add(unit)
    return found, samples


def plan_of(government_id: int, numbers: Coverage) -> Plan:
    """The phases of the counted units. One query."""
    rows = PhasePlan.objects.standing().filter(government_id=government_id).order_by()
    years = {unit: year for unit, year in rows.values_list("unit_id", "year") if year is not None}
    return effective_plan(years, counted=numbers.units, heirs=numbers.heirs)


def done_steps(government_id: int, today: date) -> dict[int, int]:
    """unit → how many steps of the present checklist are done. One query."""
    rows = PreparationAnswer.objects.filter(
        government_id=government_id,
        step__in=checklist_on(today).codes,
        state=PreparationState.DONE,
    )
    return dict(rows.order_by().values_list("unit_id").annotate(Count("pk")))


@dataclass(frozen=True)
class Finding:
    """What the portal knows about a step: `supports` says whether it speaks for "done"."""

    supports: bool
    sentence: str


@dataclass(frozen=True)
class StepRow:
    step: Step
    answer: PreparationAnswer | None
    finding: Finding | None
    changes: list[PreparationChange]

    @property
    def state(self) -> PreparationState:
        return PreparationState(self.answer.state if self.answer else "not_started")

    @property
    def differs(self) -> bool:
        """The unit and the portal do not say the same."""
        if self.finding is None:
            return False
        return self.finding.supports != (self.state == PreparationState.DONE)


@dataclass(frozen=True)
class UnitPreparation:
    """`closed` says why nothing can be written any more; empty while it can."""

    unit: Unit
    checklist: Checklist
    readiness: Readiness
    rows: list[StepRow]
    closed: str
    phase: PhasePlan | None
    zone: IntegrityZone | None

    def row(self, code: str) -> StepRow | None:
        return next((row for row in self.rows if row.step.code == code), None)


def unit_of(membership: Membership, unit_id: int) -> Unit | None:
    """A unit of the caller's view."""
    return Unit.objects.visible_to(membership).filter(pk=unit_id).first()


def open_zone_of(unit: Unit) -> IntegrityZone | None:
    return IntegrityZone.objects.filter(unit=unit, closed_on=None).first()


def why_closed(unit: Unit, zone: IntegrityZone | None, today: date) -> str:
    """Why the preparation of this unit is not written any more; empty while it is."""
    if unit.is_closed(today):
        return _("This unit is closed; whoever took it over prepares itself.")
    if zone is not None and zone.stage in PAST_PREPARATION:
        return _("This unit already builds its zone: its work plan has taken over.")
    if not counted_units(unit.government_id, on=today).filter(pk=unit.pk).exists():
        return _("This unit does not count towards “all units”, so nobody waits for it.")
    return ""


def unit_preparation(unit: Unit, today: date) -> UnitPreparation:
    """One unit in at most nine reads."""
    checklist = checklist_on(today)
    answers = {
        row.step: row
        for row in PreparationAnswer.objects.filter(unit=unit).select_related(
            "answered_by", "proof"
        )
    }
    changes: dict[int, list[PreparationChange]] = {}
    rows = PreparationChange.objects.filter(answer__unit=unit).select_related("membership", "proof")
    for change in rows.order_by("-version"):
        changes.setdefault(change.answer_id, []).append(change)
    zone = open_zone_of(unit)
    known = findings(unit, zone, today)
    return UnitPreparation(
        unit=unit,
        checklist=checklist,
        readiness=readiness(checklist.codes, {row.step: row.state for row in answers.values()}),
        rows=[
            StepRow(
                step,
                answers.get(step.code),
                known.get(step.finding),
                changes.get(answers[step.code].pk, []) if step.code in answers else [],
            )
            for step in checklist.steps
        ],
        closed=why_closed(unit, zone, today),
        phase=PhasePlan.objects.standing().filter(unit=unit).first(),
        zone=zone,
    )


def change_of(membership: Membership, pk: int) -> PreparationChange | None:
    """One saving of an answer of a unit of the caller's view, with its proof."""
    units = Unit.objects.visible_to(membership)
    rows = PreparationChange.objects.filter(pk=pk, answer__unit__in=units)
    return rows.select_related("proof").first()


def findings(unit: Unit, zone: IntegrityZone | None, today: date) -> dict[str, Finding]:
    """By the names in the checklist's `finding`; what the portal does not know is not there."""
    found = {"standards": _standards(unit), "liaison": _liaison(unit, today)}
    found |= _percents(unit, today)
    if zone is not None:
        found["work_plan"] = _work_plan(zone)
    return {name: finding for name, finding in found.items() if finding is not None}


def _standards(unit: Unit) -> Finding | None:
    services = Service.objects.offered()
    counts = services.filter(unit=unit).aggregate(
        all=Count("pk"), standard=Count("pk", filter=services.described())
    )
    if not counts["all"]:
        return Finding(False, _("No service of this unit is recorded in the portal."))
    sentence = ngettext(
        "%(standard)d of %(all)d service in the portal has its standard.",
        "%(standard)d of %(all)d services in the portal have their standard.",
        counts["all"],
    )
    return Finding(counts["standard"] == counts["all"], sentence % counts)


def _liaison(unit: Unit, today: date) -> Finding:
    office = (
        Membership.objects.valid_on(today).filter(unit=unit, role=Role.LIAISON_OFFICER).exists()
    )
    if office:
        return Finding(True, _("A liaison officer holds an office in this unit."))
    return Finding(False, _("No liaison officer holds an office in this unit in the portal."))


def _percents(unit: Unit, today: date) -> dict[str, Finding]:
    """LHKPN and LHKAN of the newest year up to this one; an older one than last year's says little."""
    keys = {FactKey.LHKPN_PERCENT: "lhkpn", FactKey.LHKAN_PERCENT: "lhkan"}
    rows = StandingFact.objects.filter(unit=unit, key__in=keys, year__lte=today.year)
    newest = {row.key: row for row in rows.order_by("year")}
    found = {}
    for key, name in keys.items():
        row = newest.get(key)
        if row is None:
            continue
        sentence = _("The unit's facts say %(percent)s%% for %(year)s.") % {
            "percent": number_id(row.value, 2).removesuffix(",00"),
            "year": row.year,
        }
        complete = number_id(row.value, 2) == "100,00"
        found[name] = Finding(complete and row.year >= today.year - 1, sentence)
    return found


def _work_plan(zone: IntegrityZone) -> Finding:
    number = Activity.objects.filter(plan__zone=zone).counted().count()
    if not number:
        return Finding(False, _("The unit has no work plan with activities in the portal yet."))
    sentence = ngettext(
        "The unit's work plan in the portal has %(count)d activity.",
        "The unit's work plan in the portal has %(count)d activities.",
        number,
    )
    return Finding(True, sentence % {"count": number})


@dataclass(frozen=True)
class MissingStep:
    step: Step
    units: int


def most_missing(listed: PreparationList) -> list[MissingStep]:
    """For the list's head: how many of the shown units lack each step, the most first."""
    counts = Counter(code for row in listed.rows for code in row.readiness.missing)
    rows = [MissingStep(step, counts[step.code]) for step in listed.checklist.steps]
    return sorted(rows, key=lambda row: -row.units)


UPLOAD_KIND = "preparation"


def kept_upload(membership: Membership, public_id: str) -> StoredFile | None:
    """An upload of the person that arrived with a form that was refused."""
    return StoredFile.objects.filter(
        public_id=public_id,
        government_id=membership.government_id,
        kind=UPLOAD_KIND,
        state=StoredFile.State.PENDING,
        created_by_id=membership.user_id,
    ).first()
