"""The yearly proposal: opened, gathered, sent with all its units at once, or discarded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import ProposalState, ZoneStage
from assessments.models import Candidate, IntegrityZone, Proposal, ZoneAttempt
from assessments.permissions import can_manage_acts
from assessments.queries import attempts as queries, eligibility
from assessments.queries.paper_exceptions import Proposed, records_of
from assessments.queries.papers import (
    day_of_paper,
    missing_papers_of_proposal,
    newest_paper,
)
from assessments.queries.zones import ended_zone
from assessments.requirement_sets import requirement_sets
from assessments.workflow import PROPOSAL, ZONE
from assessments.zoning import held
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd import transitions
from opd.models import Membership
from opd.transitions import Missing, StepRefused


def _refuse_others(by: Membership | None) -> None:
    if by is not None and not can_manage_acts(by):
        raise StepRefused(_("Only the ZI secretariat prepares and sends proposals."))


@transaction.atomic
def open_proposal(
    *, government_id: int, year: int, rule_set: str, by: Membership | None, now: datetime
) -> Proposal:
    """One for each year. Raises StepRefused."""
    _refuse_others(by)
    if rule_set not in requirement_sets():
        raise StepRefused(_("Choose a requirement set from the list."))
    if rule_set not in {rules.code for rules in queries.rule_sets_for(year)}:
        raise StepRefused(
            _("These requirements are no regulation in force in %(year)s. Choose another set.")
            % {"year": year}
        )
    try:
        with transaction.atomic():
            row = Proposal.objects.create(
                government_id=government_id, year=year, rule_set=rule_set, created_at=now
            )
    except IntegrityError:
        raise StepRefused(_("There is already a proposal for that year.")) from None
    codes: dict[str, ledger.Code] = {"year": year, "rules": rule_set}
    ledger.record("proposal.opened", row, by=by, government_id=government_id, codes=codes)
    return row


def _locked_draft(proposal: Proposal, by: Membership | None) -> Proposal:
    _refuse_others(by)
    row = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    if by is not None and row.government_id != by.government_id:
        raise StepRefused(_("Your role does not include this step."))
    if row.state != ProposalState.DRAFT:
        raise StepRefused(_("This proposal was sent or discarded; its units stay as they are."))
    return row


@transaction.atomic
def set_candidates(
    *, proposal: Proposal, zone_ids: Sequence[int], by: Membership | None, now: datetime
) -> list[Candidate]:
    """The zones that are to be proposed, in this order. Only those that build."""
    row = _locked_draft(proposal, by)
    wanted = list(dict.fromkeys(zone_ids))
    building = IntegrityZone.objects.filter(
        pk__in=wanted,
        government_id=row.government_id,
        stage=ZoneStage.BUILDING,
        closed_on=None,
    ).values_list("pk", flat=True)
    if set(building) != set(wanted):
        raise StepRefused(_("Choose units that are building now. Reload the page."))
    row.candidates.exclude(zone_id__in=wanted).delete()
    kept = {candidate.zone_id: candidate for candidate in row.candidates.all()}
    found = []
    for position, zone_id in enumerate(wanted, start=1):
        candidate = kept.get(zone_id) or Candidate(
            government_id=row.government_id, proposal=row, zone_id=zone_id
        )
        candidate.position = position
        candidate.save()
        found.append(candidate)
    ledger.record(
        "proposal.candidates_set",
        row,
        by=by,
        government_id=row.government_id,
        codes={"count": len(found)},
    )
    return found


@transaction.atomic
def send_proposal(
    *, proposal: Proposal, sent_on: date, by: Membership | None, now: datetime
) -> Proposal:
    """All units go at once, each with a frozen record of how its requirements stood.

    Raises StepRefused with everything that is missing, unit by unit.
    """
    row = _locked_draft(proposal, by)
    _refuse_day(sent_on, timezone.localdate(now))
    held(row.candidates.values_list("zone__unit_id", flat=True))
    rows = queries.candidates(row)
    asked = Proposed(row, rows, records_of(row, rows))
    judged = queries.judged_candidates(row, rows, sent_on, asked.records)
    _refuse_before_papers(asked, sent_on)
    sent = transitions.perform(
        PROPOSAL,
        "send",
        row,
        by=by,
        now=now,
        checks={
            "candidates": lambda _row: [] if rows else [_no_candidates()],
            "ready_candidates": lambda _row: [gap for each in judged.values() for gap in each.gaps],
            "letters": lambda _row: _missing_letters(asked, judged, by),
        },
        values={
            "sent_on": sent_on,
            "rule_set_sha256": requirement_sets()[row.rule_set].sha256,
        },
    )
    for candidate in rows:
        _begin_attempt(
            zone=candidate.zone,
            proposal=sent,
            proposed_on=sent_on,
            standing=judged[candidate.zone_id].standing,
            by=by,
            now=now,
        )
    return sent


def _missing_letters(
    asked: Proposed, judged: Mapping[int, queries.Judged], by: Membership | None
) -> list[Missing]:
    """What the portal records by itself (the demonstration) comes before its papers."""
    if by is None:
        return []
    return missing_papers_of_proposal(asked.proposal, queries.proceeding(judged), asked)


def _no_candidates() -> Missing:
    return Missing(_("No unit is proposed yet."), "candidates")


def _refuse_before_papers(asked: Proposed, day: date) -> None:
    """What goes with its papers does not go before them, whenever it was opened here."""
    newest = newest_paper(asked)
    if newest is not None and day < day_of_paper(newest):
        raise StepRefused(
            _("%(paper)s is of %(day)s; the proposal cannot have been sent before.")
            % {"paper": newest.get_kind_display(), "day": date_id(day_of_paper(newest))}
        )


def _refuse_day(day: date, today: date) -> None:
    if day > today:
        raise StepRefused(
            _("%(day)s lies ahead. Record the proposal when it was sent.") % {"day": date_id(day)}
        )


def _begin_attempt(
    *,
    zone: IntegrityZone,
    proposal: Proposal,
    proposed_on: date,
    standing: eligibility.UnitStanding,
    by: Membership | None,
    now: datetime,
) -> ZoneAttempt:
    """Inside the transaction of sending: the attempt, then the zone's step."""
    attempt = ZoneAttempt.objects.create(
        government_id=zone.government_id,
        zone=zone,
        proposal=proposal,
        number=_next_number(zone),
        target=zone.target,
        year=proposal.year,
        proposed_on=proposed_on,
        findings=eligibility.frozen(standing),
        exception=standing.exception if standing.verdict.unmet else None,
        is_sample=zone.is_sample,
    )
    transitions.perform(
        ZONE,
        "propose",
        zone,
        by=by,
        now=now,
        state_field="stage",
        # Asked for all units at once by `send_proposal`, under the same locks.
        checks={"open_zone": ended_zone, "ready_to_propose": lambda _zone: []},
    )
    codes: dict[str, ledger.Code] = {
        "zone": zone.pk,
        "number": attempt.number,
        "target": attempt.target,
    }
    ledger.record("attempt.begun", attempt, by=by, government_id=zone.government_id, codes=codes)
    return attempt


def _next_number(zone: IntegrityZone) -> int:
    newest: int | None = zone.attempts.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


@transaction.atomic
def discard_proposal(*, proposal: Proposal, by: Membership | None, now: datetime) -> Proposal:
    row = _locked_draft(proposal, by)
    return transitions.perform(PROPOSAL, "discard", row, by=by, now=now)
