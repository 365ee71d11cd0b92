"""Reads of proposals and attempts, and what the steps of a zone after building ask for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.eligibility import Finding, State
from assessments.enums import (
    AttemptOutcome,
    Predicate,
    ProposalState,
    ZoneStage,
)
from assessments.models import (
    Candidate,
    IntegrityZone,
    NamedUnit,
    Proposal,
    ProposalStep,
    ZoneAttempt,
    ZonePredicate,
)
from assessments.queries import eligibility
from assessments.queries.eligibility import Question, Records, SaidFinding, day_of, said
from assessments.queries.handovers import line_of
from assessments.queries.paper_exceptions import records_of
from assessments.queries.papers import missing_papers_of_zone
from assessments.requirement_sets import RequirementSet, requirement_sets, set_in_force
from integrity_portal.core.formatting import date_id
from opd.models import Membership, Unit
from opd.queries.year_calendar import moved_day, moved_days
from opd.transitions import Missing


def last_day(government_id: int, rules: RequirementSet, year: int) -> date:
    """The last day to propose, as this government's calendar has it."""
    return day_of(rules, year, moved_day(government_id, year, "propose"))


def next_question(target: str, today: date, government_id: int) -> Question:
    """The next chance: the set in force, and this year's last day or, once it is past, the next."""
    rules, year = set_in_force(today), today.year
    moved = moved_days(government_id, (year, year + 1), "propose")
    last = day_of(rules, year, moved.get(year))
    if today > last:
        year += 1
        last = day_of(rules, year, moved.get(year))
    return Question(rules, target, year, last)


def question_of(proposal: Proposal, target: str, on: date) -> Question:
    return Question(requirement_sets()[proposal.rule_set], target, proposal.year, on)


def proposals(membership: Membership) -> QuerySet[Proposal]:
    return (
        Proposal.objects.filter(government_id=membership.government_id)
        .annotate(candidate_count=Count("candidates"))
        .order_by("-year", "-pk")
    )


def proposal_of(membership: Membership, pk: int) -> Proposal | None:
    steps = ProposalStep.objects.select_related("membership").order_by("-happened_at", "-pk")
    return (
        Proposal.objects.filter(government_id=membership.government_id, pk=pk)
        .select_related("government")
        .prefetch_related(Prefetch("steps", steps))
        .first()
    )


def candidates(proposal: Proposal) -> list[Candidate]:
    rows = proposal.candidates.select_related("zone__unit__parent")
    return list(rows.order_by("position", "pk"))


def possible_candidates(proposal: Proposal) -> list[IntegrityZone]:
    """Zones that build in units that exist; whether they may go is said, not hidden."""
    rows = IntegrityZone.objects.filter(
        government_id=proposal.government_id, stage=ZoneStage.BUILDING, closed_on=None
    )
    return list(rows.select_related("unit").order_by("unit__name", "pk"))


def attempts_of(proposal: Proposal) -> list[ZoneAttempt]:
    rows = proposal.attempts.select_related("zone__unit", "predicate_row")
    return list(rows.order_by("pk"))


def attempts_about(unit_ids: Collection[int]) -> list[ZoneAttempt]:
    """Of every zone of these units, the newest first."""
    rows = ZoneAttempt.objects.filter(zone__unit_id__in=unit_ids)
    return list(rows.select_related("zone__unit", "proposal").order_by("-year", "-pk"))


def attempt_of(membership: Membership, pk: int) -> ZoneAttempt | None:
    rows = ZoneAttempt.objects.filter(zone__in=IntegrityZone.objects.visible_to(membership))
    rows = rows.select_related("zone__unit", "proposal", "predicate_row", "exception")
    return rows.filter(pk=pk).first()


def is_newest(attempt: ZoneAttempt) -> bool:
    return not ZoneAttempt.objects.filter(
        zone_id=attempt.zone_id, number__gt=attempt.number
    ).exists()


def said_findings(attempt: ZoneAttempt) -> list[SaidFinding]:
    """How the requirements stood on the day of the proposal, in words."""
    if attempt.proposal is None:
        return []
    rules = requirement_sets()[attempt.proposal.rule_set]
    by_code = {requirement.code: requirement for requirement in rules.requirements}
    return [
        said(
            Finding(
                by_code[row["code"]],
                State(row["state"]),
                row["year"],
                row["value"],
                None if row["short_by"] is None else Decimal(row["short_by"]),
                row["proven"],
            ),
            rules,
            attempt.target,
        )
        for row in attempt.findings
        if row["code"] in by_code
    ]


def pending_attempt(zone: IntegrityZone) -> ZoneAttempt | None:
    return zone.attempts.filter(outcome=AttemptOutcome.PENDING).first()


def predicates_in_force(unit: Unit, today: date) -> QuerySet[ZonePredicate]:
    """Of the unit and of those whose road it continues."""
    line = line_of(unit.pk, unit.government_id, today)
    return ZonePredicate.objects.in_force().filter(zone__unit_id__in=line)


def wbk_since(unit: Unit, today: date) -> tuple[date, bool] | None:
    """The first day of the earliest WBK in force, and whether it is exact: of an attempt the day
    of the decision, of what was awarded before the portal only the year is known."""
    rows = predicates_in_force(unit, today).filter(predicate=Predicate.WBK)
    days = [
        (row.attempt.decided_on, True)
        if row.attempt and row.attempt.decided_on
        else (date(row.year, 1, 1), False)
        for row in rows.select_related("attempt")
    ]
    return min(days, default=None)


def has_left_for_award(zone: IntegrityZone) -> bool:
    """Whether it builds, is proposed or was decided by an attempt: its road is kept here."""
    if zone.stage in (ZoneStage.BUILDING, ZoneStage.PROPOSED, ZoneStage.NATIONAL_REVIEW):
        return True
    return zone.attempts.exists()


def walked_here(unit: Unit) -> bool:
    """Whether an act recorded here ever declared or named the unit."""
    rows = IntegrityZone.objects.filter(unit=unit)
    acts = Q(steps__name__in=["declare", "name"]) | Q(steps__name__startswith="inherit_")
    standing = Q(stage__in=[ZoneStage.DECLARED, ZoneStage.NAMED])
    return rows.filter(acts | standing).exists()


def lacks_pending_attempt(zone: IntegrityZone) -> list[Missing]:
    if pending_attempt(zone) is not None:
        return []
    return [Missing(_("No proposal of this unit waits for a decision."), "proposals")]


def lacks_decided_attempt(zone: IntegrityZone) -> list[Missing]:
    newest = zone.attempts.order_by("-number").first()
    if newest is not None and newest.outcome != AttemptOutcome.PENDING:
        return []
    return [Missing(_("No decision on a proposal of this unit is recorded here."), "proposals")]


def holds_target(zone: IntegrityZone, today: date) -> list[Missing]:
    held = predicates_in_force(zone.unit, today).filter(predicate=zone.target)
    if not held.exists():
        return []
    sentence = _("The unit holds %(predicate)s. Its next road is the one to WBBM.")
    if zone.target == Predicate.WBBM:
        sentence = _("The unit holds %(predicate)s; it is monitored.")
    return [Missing(sentence % {"predicate": zone.get_target_display()}, "predicates")]


def lacks_wbk(zone: IntegrityZone, today: date) -> list[Missing]:
    if predicates_in_force(zone.unit, today).filter(predicate=Predicate.WBK).exists():
        return []
    return [Missing(_("Only a unit that holds WBK builds towards WBBM."), "predicates")]


def stands_by_an_award(zone: IntegrityZone) -> list[Missing]:
    if not zone.predicates.real().exists() and not zone.attempts.exists():
        return []
    return [Missing(_("The decision of this zone still stands by another entry."), "predicates")]


def first_day_to_build(zone: IntegrityZone, today: date) -> tuple[date, str] | None:
    """Before which this zone cannot have been building, and the sentence that says why."""
    if zone.target == Predicate.WBBM:
        held_since = wbk_since(zone.unit, today)
        if held_since is None:
            return None
        day, is_exact = held_since
        sentence = _("The unit holds WBK since %(day)s; building towards WBBM cannot begin before.")
        return day, sentence % {"day": date_id(day) if is_exact else str(day.year)}
    named, lost = named_on(zone, today), _lost_on(zone)
    if lost is not None and (named is None or lost > named):
        sentence = _("The unit lost its predicate on %(day)s; it builds anew from then on.")
        return lost, sentence % {"day": date_id(lost)}
    if named is None:
        return None
    sentence = _("The unit was named to build on %(day)s; building cannot begin before.")
    return named, sentence % {"day": date_id(named)}


def named_on(zone: IntegrityZone, today: date) -> date | None:
    """The earliest decree that names the unit itself; of a road that is continued, whose it is."""
    line = line_of(zone.unit_id, zone.government_id, today)
    rows = NamedUnit.objects.filter(unit_id__in=line).order_by("decree__decided_on")
    continues = zone.taken_over.exclude(predecessor__building_since=None).exists()
    own = None if continues else rows.filter(unit_id=zone.unit_id).first()
    first = own or rows.first()
    return first.decree.decided_on if first else None


def _lost_on(zone: IntegrityZone) -> date | None:
    newest: date | None = zone.predicates.aggregate(newest=Max("revoked_on"))["newest"]
    return newest


def lacks_unsent(zone: IntegrityZone) -> list[Missing]:
    """What a proposal has said of the time of building is not changed afterwards."""
    since = zone.building_since
    if since is None or not zone.attempts.filter(proposed_on__gte=since).exists():
        return []
    return [Missing(_("The unit was proposed with this first day; it stays."), "proposals")]


def still_holds_wbk(zone: IntegrityZone, today: date) -> list[Missing]:
    if zone.target != Predicate.WBBM:
        return [Missing(_("The unit does not build towards WBBM."), "predicates")]
    if not predicates_in_force(zone.unit, today).filter(predicate=Predicate.WBK).exists():
        return []
    return [Missing(_("The unit still holds WBK."), "predicates")]


def not_ready(zone: IntegrityZone, today: date) -> list[Missing]:
    """What keeps this one zone back today: requirements, and its own papers of that year."""
    chance = next_question(zone.target, today, zone.government_id)
    question = Question(chance.rules, chance.target, chance.year, today)
    known = [zone] if zone.closed_on is None else []
    records = Records(zone.government_id, [zone.unit], known)
    [standing] = eligibility.standings_by(records, [zone.unit], question)
    return eligibility.gaps(standing, question) + missing_papers_of_zone(zone, chance.year)


def checks_of_attempts(today: date) -> dict[str, Callable[[IntegrityZone], list[Missing]]]:
    return {
        "ready_to_propose": lambda zone: not_ready(zone, today),
        "pending_attempt": lacks_pending_attempt,
        "decided_attempt": lacks_decided_attempt,
        "no_predicate_in_force": lambda zone: holds_target(zone, today),
        "holds_wbk": lambda zone: lacks_wbk(zone, today),
        "not_proposed_since": lacks_unsent,
        "award_struck": stands_by_an_award,
        "wbk_lost": lambda zone: still_holds_wbk(zone, today),
    }


@dataclass(frozen=True)
class Judged:
    """A candidate on one day: how its requirements stand, and what keeps it back."""

    standing: eligibility.UnitStanding
    gaps: list[Missing]

    @property
    def unmet(self) -> int:
        """How many requirements are unmet though it may proceed."""
        return len(self.standing.verdict.unmet) if self.standing.exception else 0


def judged_candidates(
    proposal: Proposal, rows: list[Candidate], on: date, records: Records | None = None
) -> dict[int, Judged]:
    """By zone. Each target is judged once for all its zones."""
    records = records or records_of(proposal, rows)
    found: dict[int, Judged] = {}
    for target in Predicate.values:
        zones = [row.zone for row in rows if row.zone.target == target]
        if not zones:
            continue
        question = question_of(proposal, target, on)
        units = [zone.unit for zone in zones]
        for zone, standing in zip(
            zones, eligibility.standings_by(records, units, question), strict=True
        ):
            gaps = _stage_gap(zone) + eligibility.gaps(standing, question)
            found[zone.pk] = Judged(standing, gaps)
    return found


def proceeding(judged: Mapping[int, Judged]) -> list[str]:
    """Names of the units that go although requirements are unmet."""
    return [row.standing.unit.name for row in judged.values() if row.unmet]


def _stage_gap(zone: IntegrityZone) -> list[Missing]:
    if zone.stage == ZoneStage.BUILDING and zone.closed_on is None:
        return []
    sentence = _("%(unit)s is not building (any more).") % {"unit": zone.unit.label}
    return [Missing(sentence, "zones")]


def open_proposal(government_id: int) -> Proposal | None:
    rows = Proposal.objects.filter(government_id=government_id, state=ProposalState.DRAFT)
    return rows.order_by("year", "pk").first()


def rule_sets_for(proposal_year: int) -> list[RequirementSet]:
    """Regulations that were in force on some day of the year: who is proposed goes by one."""
    first, last = date(proposal_year, 1, 1), date(proposal_year, 12, 31)
    return [
        rules
        for rules in requirement_sets().values()
        if rules.is_regulation
        and rules.valid_from <= last
        and (rules.valid_to is None or rules.valid_to >= first)
    ]


def reviewed_zones(government_id: int) -> QuerySet[ZoneAttempt]:
    """Attempts without a decision, the oldest first."""
    rows = ZoneAttempt.objects.filter(
        Q(outcome=AttemptOutcome.PENDING), government_id=government_id
    )
    return rows.select_related("zone__unit", "proposal").order_by("proposed_on", "pk")
