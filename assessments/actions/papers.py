"""Official papers: begin a draft, write it, give it number and date, take it back, void it.

Signing is in `actions/paper_signatures.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import papers as rules
from assessments.enums import PaperKind, PaperState
from assessments.locking import held_proposals, kept_paper
from assessments.models import IntegrityZone, Paper, PaperUnit, Proposal, WorkTeam
from assessments.paper_kinds import kind_of
from assessments.permissions import keeps_kind, may_keep_paper
from assessments.queries import paper_gaps, papers as queries
from assessments.queries.paper_contents import candidates_of, live_content, words_of
from assessments.queries.teams import newest_team, signed_decree_of
from assessments.workflow import PAPER
from integrity_portal.core import ledger
from opd.enums import OfficeStatus
from opd.models import Membership, Unit
from opd.permissions import may_write_unit
from opd.transitions import StepRefused, perform


class WrongNumber(StepRefused):
    """The number is taken or cannot be used."""


class WrongDay(StepRefused):
    """The day cannot be true."""


class PaperConflict(Exception):
    """Somebody saved something else meanwhile; `current` is what stands there now."""

    def __init__(self, current: Paper) -> None:
        super().__init__("version")
        self.current = current


@dataclass(frozen=True)
class Signer:
    """Who signs: an office of the portal, or just what is printed under the paper."""

    title: str
    name: str = ""
    status: str = OfficeStatus.DEFINITIF
    nip: str = ""
    membership: Membership | None = None


@dataclass(frozen=True)
class PaperFacts:
    """What a person writes in a draft. `unit_ids` only of a decree of naming."""

    about: str
    place: str
    blocks: dict[str, list[str]]
    signer: Signer
    addressee: str = ""
    unit_ids: Sequence[int] = ()
    recommends: bool | None = None
    score_enabler: Decimal | None = None
    score_result: Decimal | None = None


@dataclass(frozen=True)
class Subject:
    """What a paper is about; which of these a kind needs, `paper_kinds` says."""

    year: int
    proposal: Proposal | None = None
    zone: IntegrityZone | None = None
    team: WorkTeam | None = None
    unit_ids: Sequence[int] = field(default_factory=tuple)

    @property
    def unit(self) -> Unit | None:
        return self.zone.unit if self.zone else None


@transaction.atomic
def begin_paper(
    *, kind: str, subject: Subject, form_key: UUID, by: Membership, now: datetime
) -> Paper:
    """A draft with the usual wording and the office that signs today.

    A second press finds the draft of the first; a proposal, a team and a unit's year have only
    one standing paper of a kind, which is answered instead of a second one.
    """
    _refuse_beginner(kind, subject, by)
    known = Paper.objects.filter(form_key=form_key, government_id=by.government_id).first()
    known = known or _standing(kind, subject)
    if known is not None:
        return known
    paper = _draft(kind, subject, by, now)
    paper.form_key = form_key
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError:
        # Somebody else began it in this moment, or the same button was pressed twice.
        standing = Paper.objects.filter(form_key=form_key, government_id=by.government_id).first()
        standing = standing or _standing(kind, subject)
        if standing is None:
            raise
        return standing
    if kind == PaperKind.SK_PENETAPAN:
        _write_units(paper, subject.unit_ids)
    ledger.record("paper.begun", paper, by=by, codes=_codes(paper))
    return paper


def _refuse_beginner(kind: str, subject: Subject, by: Membership) -> None:
    government = {
        row.government_id for row in (subject.proposal, subject.zone, subject.team) if row
    }
    allowed = keeps_kind(by, kind) and government <= {by.government_id}
    if allowed and kind_of(kind).signer == "unit_head":
        allowed = subject.unit is not None and may_write_unit(by, subject.unit)
    if not allowed:
        raise StepRefused(_("Your role does not include this paper."))
    if kind == PaperKind.LHE and paper_gaps.is_own_report(subject.unit):
        raise StepRefused(paper_gaps.own_report())
    if subject.team is not None:
        newest = newest_team(subject.team.zone_id, subject.team.year)
        if newest is not None and newest.pk != subject.team.pk:
            raise StepRefused(_("There is a newer version of this team; its decree is written."))


def _standing(kind: str, subject: Subject) -> Paper | None:
    if subject.proposal is not None:
        return queries.standing_paper(kind=kind, proposal=subject.proposal)
    if subject.team is not None:
        return queries.standing_paper(kind=kind, team=subject.team)
    if subject.zone is not None:
        return queries.standing_paper(kind=kind, zone=subject.zone, year=subject.year)
    return None


def _draft(kind: str, subject: Subject, by: Membership, now: datetime) -> Paper:
    spec, unit, government = kind_of(kind), subject.unit, by.government
    offices = queries.signatories_for(kind, by.government_id, unit, timezone.localdate(now))
    office = offices[0] if offices else None
    words = words_of(
        government,
        year=subject.year,
        unit=unit,
        unit_head=office.title if office and spec.signer == "unit_head" else "",
        team=subject.team,
    )
    titles = {"regional_head": words["head"], "unit_head": words["unit_head"]}
    title = titles.get(spec.signer) or (office.title if office else "Inspektur")
    paper = Paper(
        government=government,
        kind=kind,
        year=subject.year,
        proposal=subject.proposal,
        zone=subject.zone,
        unit=unit,
        team=subject.team,
        replaces=signed_decree_of(subject.team) if subject.team else None,
        about=rules.words_for(spec.about, words)[:300],
        addressee=rules.words_for(spec.addressee, words),
        place=government.name,
        blocks=rules.prefilled(spec, words),
        created_at=now,
        is_sample=government.is_sample,
    )
    _put_signer(paper, _signer(office, title))
    return paper


def _signer(office: Membership | None, title: str) -> Signer:
    if office is None:
        return Signer(title=title)
    # Accounts of offices carry the title as their name; it is not printed twice.
    name = office.user.name if office.user.name != office.title else ""
    return Signer(title=title, name=name, status=office.office_status, membership=office)


def _put_signer(paper: Paper, signer: Signer) -> None:
    paper.signatory = signer.membership
    paper.signatory_name, paper.signatory_title = signer.name, signer.title
    paper.signatory_status, paper.signatory_nip = signer.status, signer.nip


@transaction.atomic
def edit_paper(*, paper: Paper, facts: PaperFacts, version: int, by: Membership) -> Paper:
    """Over the version that the person saw; only drafts. Raises PaperConflict."""
    row = kept_paper(paper, by)
    if row.state != PaperState.DRAFT:
        raise StepRefused(_("Only a draft is changed. Take the paper back to draft first."))
    _refuse_signer(row, facts.signer)
    if row.version != version:
        raise PaperConflict(row)
    row.about, row.place, row.addressee = facts.about, facts.place, facts.addressee
    row.blocks = facts.blocks
    _put_signer(row, facts.signer)
    if row.kind == PaperKind.LHE:
        row.recommends = facts.recommends
        row.score_enabler, row.score_result = facts.score_enabler, facts.score_result
    row.version += 1
    row.save()
    if row.kind == PaperKind.SK_PENETAPAN:
        _write_units(row, facts.unit_ids)
    ledger.record("paper.edited", row, by=by, codes=_codes(row))
    return row


def _refuse_signer(paper: Paper, signer: Signer) -> None:
    """An office that signs is one that may sign this kind, of this government and unit."""
    office = signer.membership
    if office is None:
        return
    probe = Paper(kind=paper.kind, unit_id=paper.unit_id, signatory_id=office.pk)
    if office.government_id != paper.government_id or not queries.may_sign_paper(office, probe):
        raise StepRefused(_("This office does not sign papers of this kind."))


def _write_units(paper: Paper, unit_ids: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(unit_ids))
    found = Unit.objects.filter(government_id=paper.government_id).in_bulk(wanted)
    if len(found) != len(wanted):
        raise StepRefused(_("Choose units of your government."))
    paper.units.all().delete()
    _list_units(paper, [found[pk] for pk in wanted])


def _list_units(paper: Paper, units: Sequence[Unit]) -> None:
    PaperUnit.objects.bulk_create(
        PaperUnit(
            government_id=paper.government_id,
            paper=paper,
            unit=unit,
            position=position,
            printed_name=unit.name,
        )
        for position, unit in enumerate(units, start=1)
    )


@transaction.atomic
def number_paper(
    *, paper: Paper, number: str, dated_on: date, by: Membership, now: datetime
) -> Paper:
    """Number and date, given by hand; the text is frozen with its hash at this moment."""
    row = kept_paper(paper, by)
    _refuse_day(row, dated_on, now)
    wrong = paper_gaps.wrong_number(row, number, dated_on)
    if wrong:
        raise WrongNumber(wrong)
    if row.proposal_id is not None and row.state == PaperState.DRAFT:
        row.units.all().delete()
        _list_units(row, [each.zone.unit for each in candidates_of(row.proposal_id)])
    content = live_content(row, number=number, dated_on=dated_on)
    text = rules.plain(content)
    values: dict[str, Any] = {
        "number": number,
        "dated_on": dated_on,
        "content": content.as_json(),
        "text": text,
        "text_sha256": rules.sha256(text),
    }
    try:
        with transaction.atomic():
            return perform(
                PAPER, "number", row, by=by, now=now, may=may_keep_paper,
                checks=queries.checks(), values=values,
            )  # fmt: skip
    except IntegrityError as error:
        if "paper_number_once" not in str(error):
            raise
        raise WrongNumber(
            _("%(number)s was already given to a paper of this kind in %(year)s.")
            % {"number": number, "year": str(dated_on.year)}
        ) from None


def _refuse_day(paper: Paper, day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise WrongDay(_("The date of the paper lies in the future."))
    if abs(day.year - paper.year) > 1:
        raise WrongDay(
            _("This paper belongs to %(year)s; a date in %(wrong)s cannot be right.")
            % {"year": str(paper.year), "wrong": str(day.year)}
        )


@transaction.atomic
def redraft_paper(*, paper: Paper, by: Membership, now: datetime) -> Paper:
    """Before anybody has signed: the number is free again, the text can be changed."""
    row = kept_paper(paper, by)
    cleared: dict[str, Any] = {
        "number": "", "dated_on": None, "content": {}, "text": "", "text_sha256": "",
        "version": row.version + 1,
    }  # fmt: skip
    note = f"{row.number} · SHA-256 {row.text_sha256}"
    return perform(
        PAPER, "redraft", row, by=by, now=now, note=note, may=may_keep_paper, values=cleared
    )


@transaction.atomic
def void_paper(*, paper: Paper, reason: str, by: Membership, now: datetime) -> Paper:
    """A paper that is not to count, signed or not. It stays readable with the reason."""
    row = kept_paper(paper, by)
    # Not while the proposal that stands on it is being sent.
    held_proposals(row)
    step = "withdraw" if row.state == PaperState.SIGNED else "void"
    return perform(
        PAPER,
        step,
        row,
        by=by,
        now=now,
        note=reason.strip(),
        may=may_keep_paper,
        checks=queries.checks(reason),
        values={"void_reason": reason.strip()},
    )


def _codes(paper: Paper) -> dict[str, ledger.Code]:
    return {
        "kind": paper.kind,
        "year": paper.year,
        "proposal": paper.proposal_id,
        "zone": paper.zone_id,
        "team": paper.team_id,
    }
