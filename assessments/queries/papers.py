"""Reads of official papers: lists, one paper, what it lacks, and what others ask of papers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import papers as rules
from assessments.enums import PaperKind, PaperState, ProposalState
from assessments.models import (
    IntegrityZone,
    Paper,
    PaperStep,
    PaperUnit,
    Proposal,
    WorkTeam,
)
from assessments.paper_kinds import Kind, kind_of
from assessments.permissions import (
    SIGNER_ROLE,
    keeps_kind,
    may_keep_paper,
    may_sign_paper,
    signs_kind,
)
from assessments.queries.paper_contents import proposed
from assessments.queries.paper_exceptions import Proposed
from assessments.queries.paper_gaps import (
    changed_since_numbering,
    four_eyes,
    is_own_report,
    missing_to_number,
    not_as_proposed,
    what_stands_by,
)
from assessments.workflow import PAPER
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document
from opd.enums import Role
from opd.models import Membership, Unit
from opd.permissions import may_write_unit
from opd.transitions import Missing

DOCUMENT = "assessments.paper"
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


def paper_list(
    membership: Membership, *, year: str = "", kind: str = "", state: str = ""
) -> QuerySet[Paper]:
    rows = Paper.objects.visible_to(membership).select_related("unit", "government")
    if len(year) == 4 and year.isascii() and year.isdigit():
        rows = rows.filter(year=int(year))
    if kind in PaperKind.values:
        rows = rows.filter(kind=kind)
    if state in PaperState.values:
        rows = rows.filter(state=state)
    return rows.defer("content", "text", "blocks").order_by("-year", "kind", "-pk")


def years_of(membership: Membership) -> list[int]:
    rows = Paper.objects.visible_to(membership).order_by("-year").values_list("year", flat=True)
    return list(dict.fromkeys(rows))


def papers_of_zone(membership: Membership, zone: IntegrityZone) -> list[Paper]:
    """Its own papers, and those that list its unit."""
    rows = Paper.objects.visible_to(membership).select_related("unit", "government")
    own = rows.filter(zone=zone)
    listed = rows.filter(pk__in=PaperUnit.objects.filter(unit_id=zone.unit_id).values("paper"))
    return list((own | listed).distinct().order_by("-year", "kind", "-pk"))


def void_day(paper_id: int) -> datetime | None:
    """When the paper was declared void."""
    rows = Paper.objects.filter(pk=paper_id, state=PaperState.VOIDED)
    return rows.values_list("steps__happened_at", flat=True).order_by("-steps__pk").first()


def paper_of(membership: Membership, pk: int) -> Paper | None:
    steps = PaperStep.objects.select_related("membership").order_by("-happened_at", "-pk")
    return (
        Paper.objects.visible_to(membership)
        .select_related(
            "government", "unit__parent", "zone", "team", "proposal", "scan", "decree",
            "signatory", "signed_by",
        )
        .prefetch_related(Prefetch("steps", steps))
        .filter(pk=pk)
        .first()
    )  # fmt: skip


def proposals_of(government_id: int) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(government_id=government_id)
    return rows.exclude(state=ProposalState.DISCARDED).order_by("-year")


def open_zones(government_id: int, today: date) -> QuerySet[IntegrityZone]:
    rows = IntegrityZone.objects.filter(government_id=government_id).open_on(today)
    return rows.select_related("unit").order_by("unit__name", "pk")


def signatories_for(
    kind: str, government_id: int, unit: Unit | None, today: date
) -> list[Membership]:
    """Offices held today that sign this kind; definitive ones first, then stand-ins."""
    signer = kind_of(kind).signer
    rows = Membership.objects.valid_on(today).filter(
        government_id=government_id, role=SIGNER_ROLE[signer]
    )
    if signer == "unit_head":
        rows = rows.filter(unit=unit)
    offices = rows.select_related("user", "unit").order_by("pk")
    found = [row for row in offices if signs_kind(row, kind)]
    return sorted(found, key=lambda row: row.substitutes_for_id is not None)


def subjects_for(kind: Kind, membership: Membership, today: date) -> dict[int, tuple[str, Any]]:
    """What this person may begin a paper of this kind about: key to (label, row)."""
    if kind.subject == "proposal":
        rows = proposals_of(membership.government_id).exclude(
            pk__in=Paper.objects.standing().filter(kind=kind.code).values("proposal")
        )
        return {row.pk: (_("Proposal %(year)s") % {"year": row.year_text}, row) for row in rows}
    if kind.subject == "zone":
        zones = open_zones(membership.government_id, today)
        return {zone.pk: (zone.unit.name, zone) for zone in zones}
    if kind.subject == "team":
        return {
            team.pk: (f"{team.zone.unit.name}, {team.year_text}", team)
            for team in _teams_without_decree(membership)
            if may_write_unit(membership, team.zone.unit)
        }
    return {}


def _teams_without_decree(membership: Membership) -> QuerySet[WorkTeam]:
    standing = Paper.objects.standing().filter(team__isnull=False).values("team")
    rows = WorkTeam.objects.visible_to(membership).filter(replaced_by=None)
    return rows.exclude(pk__in=standing).select_related("zone__unit").order_by("-year", "pk")


def standing_paper(**subject: Any) -> Paper | None:
    """The one that is not void: a proposal, a team or a year's report has at most one."""
    return Paper.objects.standing().filter(**subject).order_by("pk").first()


# What others ask


def signed_papers(government_id: int, year: int) -> dict[tuple[str, int | None], Paper]:
    """The newest signed paper of the year by (kind, unit); government papers have no unit."""
    rows = Paper.objects.filter(government_id=government_id, year=year, state=PaperState.SIGNED)
    return {(row.kind, row.unit_id): row for row in rows.order_by("dated_on", "pk")}


def missing_papers_of_proposal(
    proposal: Proposal, proceeding: Collection[str] = (), asked: Proposed | None = None
) -> list[Missing]:
    """This very proposal's signed letter and statement over the candidates as they stand, and for
    each candidate a signed report of that year that recommends it and a signed decree of its
    work team. `proceeding`: names of units that go by an exception, which both papers must say.
    """
    year = proposal.year
    asked = asked or proposed(proposal)
    own, signed = _signed(proposal)
    found = [
        item
        for kind in (PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM)
        for item in _lacking(own.get(kind), kind, asked, proceeding)
    ]
    for row in asked.rows:
        found += _papers_of_unit(row.zone, signed, year)
    return found


def _signed(proposal: Proposal) -> tuple[dict[str, Paper], dict[tuple[str, int | None], Paper]]:
    """The proposal's own papers by kind, and all of its year as `signed_papers` has them."""
    rows = Paper.objects.filter(
        Q(proposal=proposal) | Q(year=proposal.year),
        government_id=proposal.government_id,
        state=PaperState.SIGNED,
    ).order_by("dated_on", "pk")
    own, of_year = {}, {}
    for row in rows:
        # One row for one proposal on both sides, so that nothing is read again.
        if row.proposal_id == proposal.pk:
            row.proposal = proposal
            own[row.kind] = row
        if row.year == proposal.year:
            of_year[row.kind, row.unit_id] = row
    return own, of_year


def newest_paper(asked: Proposed) -> Paper | None:
    """Of the signed papers that go with the proposal, the one of the latest day."""
    own, signed = _signed(asked.proposal)
    kinds = (PaperKind.LHE, PaperKind.SK_TIM_KERJA)
    rows = [own.get(kind) for kind in (PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM)]
    rows += [signed.get((kind, row.zone.unit_id)) for row in asked.rows for kind in kinds]
    return max((row for row in rows if row), key=day_of_paper, default=None)


def day_of_paper(paper: Paper) -> date:
    """Its own day, or the day it was signed where that came later."""
    return max(day for day in (paper.dated_on, paper.signed_on, date.min) if day)


def missing_papers_of_zone(zone: IntegrityZone, year: int) -> list[Missing]:
    """The signed report of that year that recommends the unit, and the decree of its team."""
    rows = Paper.objects.filter(unit_id=zone.unit_id, year=year, state=PaperState.SIGNED)
    rows = rows.defer("content", "text", "blocks").order_by("dated_on", "pk")
    return _papers_of_unit(zone, {(row.kind, row.unit_id): row for row in rows}, year)


def _papers_of_unit(
    zone: IntegrityZone, signed: dict[tuple[str, int | None], Paper], year: int
) -> list[Missing]:
    unit, found = zone.unit, []
    page = reverse("assessments:zone_papers", kwargs={"zone_pk": zone.pk})
    report = signed.get((PaperKind.LHE, unit.pk))
    words = {"unit": unit.name, "year": str(year)}
    if is_own_report(unit):
        pass  # Evaluated by another body; that report is no paper of the portal.
    elif report is None:
        sentence = _("%(unit)s: no signed evaluation report (LHE) of %(year)s.")
        found.append(Missing(sentence % words, page))
    elif not report.recommends:
        sentence = _("%(unit)s: the evaluation report of %(year)s does not recommend it.")
        found.append(Missing(sentence % words, page))
    if (PaperKind.SK_TIM_KERJA, unit.pk) not in signed:
        sentence = _("%(unit)s: no signed decree on the work team of %(year)s.")
        found.append(Missing(sentence % words, page))
    return found


def _lacking(
    paper: Paper | None, kind: PaperKind, asked: Proposed, proceeding: Collection[str]
) -> Iterable[Missing]:
    if paper is None:
        page = f"{reverse('assessments:papers')}?year={asked.proposal.year}"
        return [Missing(_("Not signed yet: %(paper)s.") % {"paper": kind.label}, page)]
    return not_as_proposed(paper, kind, proceeding, asked)


# One paper's page


@dataclass(frozen=True)
class NextStep:
    """`url_name`: the page where it is taken; empty when a button on the paper's page does it."""

    name: str
    label: Any
    roles: tuple[str, ...]
    missing: tuple[Missing, ...]
    is_mine: bool
    url_name: str


PAGES = {
    "number": "assessments:paper_number",
    "sign": "assessments:paper_sign",
    "record": "assessments:paper_record",
    "void": "assessments:paper_void",
    "withdraw": "assessments:paper_void",
}


def checks(reason: str = "") -> dict[str, Any]:
    """What the steps of a paper ask for, by the names in the table."""
    lacking = [] if reason.strip() else [Missing(_("Write why the paper is void."))]
    return {
        "complete": missing_to_number,
        "unchanged": changed_since_numbering,
        "nothing_stands_by_it": what_stands_by,
        "reason": lambda paper: lacking,
    }


def next_steps(paper: Paper, membership: Membership) -> list[NextStep]:
    """What can be done from here, by whom, and what is missing for it."""
    found = []
    asked = {**checks("-")}
    for step in PAPER.transitions:
        if paper.state not in step.sources:
            continue
        mine = membership.role in step.roles and (
            may_sign_paper(membership, paper)
            if step.name == "sign"
            else may_keep_paper(membership, paper)
        )
        missing = [item for key in step.requires for item in asked[key](paper)]
        if step.name in ("sign", "record") and mine:
            missing += four_eyes(paper, membership, step.name)
        found.append(
            NextStep(
                step.name, step.label, _who(step.name, paper), tuple(missing), mine,
                PAGES.get(step.name, ""),
            )
        )  # fmt: skip
    # What goes on comes before what goes back.
    return sorted(found, key=lambda step: step.name in ("redraft", "void", "withdraw"))


def _who(step: str, paper: Paper) -> tuple[str, ...]:
    if step == "sign":
        return (paper.printed_title,)
    signer = kind_of(paper.kind).signer
    keepers = {
        "regional_head": (Role.ZI_SECRETARIAT,),
        "unit_head": (Role.OPD_OPERATOR, Role.OPD_HEAD),
        "inspector": (Role.INSPECTORATE,),
    }[signer]
    return tuple(str(role.label) for role in keepers)


def new_kinds(membership: Membership) -> list[Any]:
    """The kinds that this office may begin, with what they are."""
    return [kind_of(kind) for kind in PaperKind.values if keeps_kind(membership, kind)]


@dataclass(frozen=True)
class PdfState:
    """`document`: a finished PDF, the current one first."""

    document: Document | None
    unfinished: Document | None
    is_current: bool
    has_failed: bool

    @property
    def can_be_made(self) -> bool:
        return self.unfinished is None and not self.is_current


def pdf_state(paper: Paper, shows: str) -> PdfState:
    """`shows`: the hash of what a PDF made now would hold."""
    rows = list(
        Document.objects.filter(
            government_id=paper.government_id, kind=DOCUMENT, params__paper=paper.pk
        )
        .select_related("file")
        .order_by("-pk")
    )
    done = [row for row in rows if row.job_state == JobState.DONE]
    current = next((row for row in done if row.content_hash == shows), None)
    return PdfState(
        document=current or next(iter(done), None),
        unfinished=next((row for row in rows if row.job_state in UNFINISHED), None),
        is_current=current is not None,
        has_failed=bool(rows) and rows[0].job_state == JobState.DEAD and current is None,
    )


def text_of(paper: Paper, content: rules.Content) -> str:
    """As it is shown: the frozen text, or the draft's."""
    return paper.text or rules.plain(content)
