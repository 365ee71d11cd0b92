"""How the requirements of a set stand for units: four reads, however many units there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _, ngettext

from assessments.eligibility import (
    Fact,
    Finding,
    Outcome,
    Requirement,
    Rule,
    State,
    Verdict,
    judge,
    months_between,
    verdict,
)
from assessments.enums import Predicate
from assessments.models import IntegrityZone, RequirementException, ZonePredicate
from assessments.models.zones import assessed_units
from assessments.queries.handovers import after, heirs_of
from assessments.requirement_sets import RequirementSet
from integrity_portal.core.formatting import number_id
from opd.facts import display_value
from opd.models import Government, Membership, StandingFact, Unit
from opd.queries.units import counted_units
from opd.transitions import Missing

FactsOfYears = dict[tuple[str, int], Fact]
NOT_HELD = "none"


@dataclass(frozen=True)
class UnitStanding:
    """One unit by one set, target and year. `exception` lets it proceed, it changes no finding."""

    unit: Unit
    zone: IntegrityZone | None
    verdict: Verdict
    exception: RequirementException | None


@dataclass(frozen=True)
class Question:
    """What is asked: by which set, towards what, with the facts of which year, on which day."""

    rules: RequirementSet
    target: str
    year: int
    on: date


def day_of(rules: RequirementSet, year: int, moved: date | None = None) -> date:
    """The day on which a year's months of building are counted: its last day to propose."""
    if moved is not None:
        return moved
    month, day = rules.propose_until or (12, 31)
    return date(year, month, day)


def units_to_judge(membership: Membership, today: date) -> list[Unit]:
    """Counted units that the caller may see, with those that have a zone of their own."""
    counted = counted_units(membership.government_id, on=today).values("pk")
    rows = Unit.objects.visible_to(membership).active_on(today)
    return list(
        rows.filter(Q(pk__in=counted) | Q(zones__closed_on=None, zones__isnull=False))
        .distinct()
        .order_by("name", "pk")
    )


def unit_to_judge(membership: Membership, pk: int) -> Unit | None:
    """A unit that the caller reads, also as a member of the TPI who assesses it."""
    read = Q(pk__in=Unit.objects.visible_to(membership)) | Q(pk__in=assessed_units(membership))
    rows = Unit.objects.filter(read, government_id=membership.government_id)
    return rows.select_related("parent").filter(pk=pk).first()


class Records:
    """What is recorded about some units, for any question about them; read when first asked for.

    `zones`: their open zones, where whoever asks has read them already.
    """

    def __init__(
        self,
        government_id: int,
        units: Iterable[Unit],
        zones: Iterable[IntegrityZone] | None = None,
    ) -> None:
        self._government_id = government_id
        self._ids = [unit.pk for unit in units]
        self._given = zones

    @cached_property
    def facts(self) -> tuple[FactsOfYears, dict[int, FactsOfYears]]:
        return _facts(self._government_id, self._ids)

    @cached_property
    def zones(self) -> dict[int, IntegrityZone]:
        rows = self._given
        if rows is None:
            rows = IntegrityZone.objects.filter(unit_id__in=self._ids, closed_on=None)
        return {zone.unit_id: zone for zone in rows}

    @cached_property
    def wbk_years(self) -> dict[int, int]:
        """The year of the earliest WBK in force of each unit, or of whose road it continues."""
        heirs = heirs_of(self._government_id)
        rows = ZonePredicate.objects.in_force().filter(
            government_id=self._government_id, predicate=Predicate.WBK
        )
        found: dict[int, int] = {}
        for unit_id, year in rows.order_by("-year").values_list("zone__unit_id", "year"):
            for each in {unit_id, *after([unit_id], heirs)}:
                found[each] = min(year, found.get(each, year))
        return found

    @cached_property
    def exceptions(self) -> list[RequirementException]:
        """The latest last."""
        rows = RequirementException.objects.filter(unit_id__in=self._ids)
        return list(rows.order_by("since", "pk"))

    def exceptions_on(self, rule_set: str, on: date) -> dict[int, RequirementException]:
        return {
            row.unit_id: row
            for row in self.exceptions
            if row.rule_set == rule_set and row.since <= on and (not row.until or row.until >= on)
        }


def standings(
    government: Government, units: Sequence[Unit], question: Question
) -> list[UnitStanding]:
    """In the order of `units`."""
    return standings_by(Records(government.pk, units), units, question)


def standings_by(records: Records, units: Iterable[Unit], question: Question) -> list[UnitStanding]:
    """In the order of `units`, from what was read already."""
    institution, of_units = records.facts
    exceptions = records.exceptions_on(question.rules.code, question.on)
    found = []
    for unit in units:
        zone, exception = records.zones.get(unit.pk), exceptions.get(unit.pk)
        findings = judge(
            question.rules.requirements,
            target=question.target,
            year=question.year,
            institution=institution,
            unit={
                **of_units.get(unit.pk, {}),
                **_building(zone, question),
                **_held(records, unit, question),
            },
            scales=question.rules.scales,
            grace_years=question.rules.grace_years,
        )
        decided = verdict(findings, may_proceed=exception is not None)
        found.append(UnitStanding(unit, zone, decided, exception))
    return found


def _facts(government_id: int, unit_ids: list[int]) -> tuple[FactsOfYears, dict[int, FactsOfYears]]:
    rows = StandingFact.objects.filter(
        Q(unit=None) | Q(unit_id__in=unit_ids), government_id=government_id
    )
    institution: FactsOfYears = {}
    of_units: dict[int, FactsOfYears] = defaultdict(dict)
    for row in rows:
        place = institution if row.unit_id is None else of_units[row.unit_id]
        place[row.key, row.year] = Fact(row.value, row.proof_id is not None, row.in_process)
    return institution, of_units


def _building(zone: IntegrityZone | None, question: Question) -> FactsOfYears:
    """The months since the zone builds towards this target; not a fact that anybody enters."""
    if zone is None or zone.building_since is None or zone.target != question.target:
        return {}
    months = months_between(zone.building_since, question.on)
    return {("building_months", question.year): Fact(str(months), proven=True)}


def _held(records: Records, unit: Unit, question: Question) -> FactsOfYears:
    """The WBK in force on which the road to WBBM stands; read from the register."""
    if question.target != Predicate.WBBM:
        return {}
    year = records.wbk_years.get(unit.pk)
    holds = year is not None and year <= question.year
    value = Predicate.WBK.value if holds else NOT_HELD
    return {("predicate", question.year): Fact(value, proven=holds)}


@dataclass(frozen=True)
class SaidFinding:
    """A finding in words, for screens and papers."""

    requirement: Requirement
    label: str
    state: str
    word: str
    tone: str
    least: str
    value: str
    year: str
    short: str
    is_proven: bool


def said(
    finding: Finding, rules: RequirementSet, target: str, *, may_proceed: bool = False
) -> SaidFinding:
    word, tone = _word(finding.state, may_proceed=may_proceed)
    requirement = finding.requirement
    return SaidFinding(
        requirement=requirement,
        label=str(rules.words[requirement.code]),
        state=str(finding.state),
        word=word,
        tone=tone,
        least=_least(requirement, target),
        value=_value(requirement, finding.value),
        year=str(finding.year) if finding.value else "",
        short=_short(finding),
        is_proven=finding.proven,
    )


def _word(state: State, *, may_proceed: bool) -> tuple[str, str]:
    if state == State.MET:
        return _("Met"), "good"
    if may_proceed:
        return _("Not met, may proceed"), "warn"
    return {
        State.NOT_MET: (_("Not met"), "bad"),
        State.IN_PROCESS: (_("In process"), "info"),
        State.UNKNOWN: (_("Not recorded"), "warn"),
    }[state]


def _least(requirement: Requirement, target: str) -> str:
    least = requirement.least[target]
    if isinstance(least, bool):
        return _("yes")
    if requirement.rule == Rule.PREDICATE:
        return str(Predicate(str(least)).label)
    text = least if isinstance(least, str) else _number(least)
    if requirement.rule == Rule.MONTHS:
        text = ngettext("%(count)s month", "%(count)s months", int(str(least))) % {"count": text}
    elif requirement.fact.endswith("_percent"):
        text += "\u00a0%"
    if requirement.years > 1:
        return _("%(least)s, %(years)s years in a row") % {
            "least": text,
            "years": requirement.years,
        }
    return _("at least %(least)s") % {"least": text}


def _value(requirement: Requirement, value: str) -> str:
    if not value:
        return ""
    if requirement.rule == Rule.MONTHS:
        return ngettext("%(count)s month", "%(count)s months", int(value)) % {"count": value}
    if requirement.rule == Rule.PREDICATE:
        return _("not held") if value == NOT_HELD else str(Predicate(value).label)
    return display_value(requirement.fact, value)


def _short(finding: Finding) -> str:
    """`short_by` in the unit of the rule; empty where nothing can be counted."""
    if finding.state == State.MET or finding.short_by is None:
        return ""
    amount, rule = finding.short_by, finding.requirement.rule
    if rule == Rule.YES:
        return ""
    if rule == Rule.GRADE:
        count = int(amount)
        return ngettext("%(count)s grade short", "%(count)s grades short", count) % {"count": count}
    if rule == Rule.MONTHS:
        count = int(amount)
        return ngettext("%(count)s month short", "%(count)s months short", count) % {"count": count}
    if finding.requirement.fact.endswith("_percent"):
        return _("%(points)s percentage points short") % {"points": _number(amount)}
    return _("%(points)s short") % {"points": _number(amount)}


def _number(value: Decimal) -> str:
    exponent = value.normalize().as_tuple().exponent
    return number_id(value, max(0, -exponent if isinstance(exponent, int) else 0))


def sentence(row: SaidFinding) -> str:
    """One requirement that is not met, with what is missing."""
    parts = [row.label, row.word.lower()]
    if row.value:
        parts.append(_("recorded: %(value)s (%(year)s)") % {"value": row.value, "year": row.year})
    if row.short:
        parts.append(row.short)
    elif not row.value:
        parts.append(_("asked for: %(least)s") % {"least": row.least})
    return ", ".join(parts)


def gaps(standing: UnitStanding, question: Question) -> list[Missing]:
    """What keeps a unit from being proposed: each unmet requirement, unless it may proceed, and
    each met one that nothing proves."""
    unproven = _unproven(standing, question)
    if standing.verdict.outcome != Outcome.NOT_YET:
        return unproven
    return unproven + [
        Missing(
            f"{standing.unit.label}: {sentence(said(finding, question.rules, question.target))}.",
            f"eligibility:{standing.unit.pk}",
        )
        for finding in standing.verdict.unmet
    ]


def _unproven(standing: UnitStanding, question: Question) -> list[Missing]:
    return [
        Missing(
            _("%(unit)s: %(requirement)s is met, but its proof is not in the portal.")
            % {
                "unit": standing.unit.label,
                "requirement": str(question.rules.words[finding.requirement.code]),
            },
            f"eligibility:{standing.unit.pk}",
        )
        for finding in standing.verdict.findings
        if finding.state == State.MET and not finding.proven
    ]


def frozen(standing: UnitStanding) -> list[dict[str, Any]]:
    """The findings as an attempt keeps them."""
    return [
        {
            "code": finding.requirement.code,
            "state": str(finding.state),
            "year": finding.year,
            "value": finding.value,
            "short_by": None if finding.short_by is None else str(finding.short_by),
            "proven": finding.proven,
        }
        for finding in standing.verdict.findings
    ]


def exceptions_of(unit: Unit) -> Iterable[RequirementException]:
    rows = RequirementException.objects.filter(unit=unit).select_related("recorded_by")
    return rows.order_by("-since", "-pk")
