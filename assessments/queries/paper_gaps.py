"""What a paper lacks for its next step, and what keeps it from one."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Value
from django.db.models.functions import Lower, Replace
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import papers as rules
from assessments.enums import AttemptOutcome, PaperKind, ProposalState
from assessments.models import NamingDecree, Paper, ZoneAttempt
from assessments.paper_kinds import kind_of
from assessments.queries.paper_contents import candidates_of, tables_of
from assessments.queries.paper_exceptions import Proposed
from assessments.queries.presence import absent_sentences
from assessments.queries.teams import gaps_of
from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import UnitKind
from opd.models import Membership, Unit
from opd.transitions import Missing


def missing_to_number(paper: Paper) -> list[Missing]:
    """What must be written before a number is given; anchors lead to the place."""
    edit = reverse("assessments:paper_edit", args=[paper.pk])
    found = []
    if not paper.signatory_title:
        found.append(Missing(_("Say who signs the paper."), f"{edit}#id_signatory"))
    found += _lacking_signer(paper, edit)
    for block in kind_of(paper.kind).blocks:
        if not block.is_optional and not paper.blocks.get(block.code):
            sentence = _("Write: %(block)s.") % {"block": block.label}
            found.append(Missing(sentence, f"{edit}#id_block_{block.code}"))
    if paper.kind == PaperKind.LHE and paper.recommends is None:
        sentence = _("Say whether the unit is recommended to be proposed.")
        found.append(Missing(sentence, f"{edit}#id_recommends"))
    if paper.kind == PaperKind.SK_PENETAPAN and not paper.units.exists():
        found.append(Missing(_("Choose the units that are named."), f"{edit}#id_units"))
    if paper.proposal_id is not None and not candidates_of(paper.proposal_id):
        found.append(Missing(_("The proposal has no candidate yet.")))
    if paper.team is not None:
        found += gaps_of(paper.team)
    return found


def _lacking_signer(paper: Paper, edit: str) -> Iterable[Missing]:
    """The person by name; under papers of the government the regional head or who stands in,
    under a report the inspector."""
    head = paper.government.head_title
    if (
        paper.signatory_title
        and kind_of(paper.kind).signer == "regional_head"
        and not rules.is_head(paper.signatory_title, head)
    ):
        sentence = _("This paper is signed by the %(head)s: correct the title of who signs.")
        yield Missing(sentence % {"head": head}, f"{edit}#id_signatory_title")
    if (
        paper.signatory_title
        and kind_of(paper.kind).signer == "inspector"
        and not rules.is_inspector(paper.signatory_title)
    ):
        sentence = _(
            "An evaluation report is signed by the Inspektur, the head of the inspectorate: "
            "correct the title of who signs."
        )
        yield Missing(sentence, f"{edit}#id_signatory_title")
    if not paper.signatory_name.strip():
        sentence = _("Write the name of the person who signs the paper.")
        yield Missing(sentence, f"{edit}#id_signatory_name")
    if paper.kind == PaperKind.LHE and is_own_report(paper.unit):
        yield Missing(own_report())


def is_own_report(unit: Unit | None) -> bool:
    return unit is not None and unit.kind == UnitKind.INSPEKTORAT


def own_report() -> str:
    return _(
        "The inspectorate does not evaluate itself: another body evaluates it. Keep that report "
        "outside the portal."
    )


def wrote(paper: Paper, by: Membership) -> bool:
    """Whether this person began, edited or numbered the paper, in whatever office."""
    rows = LedgerEntry.objects.filter(
        subject_type=paper._meta.label_lower, subject_id=str(paper.pk), actor_id=by.user_id
    )
    return rows.filter(verb__in=("paper.begun", "paper.edited", "paper.number")).exists()


def four_eyes(paper: Paper, by: Membership, step: str = "sign") -> list[Missing]:
    """A report is neither signed in the portal nor recorded as signed by who wrote or numbered it."""
    if paper.kind != PaperKind.LHE or not wrote(paper, by):
        return []
    sentence = _(
        "You wrote or numbered this report yourself: somebody else of the inspectorate prepares "
        "what you sign."
    )
    if step == "record":
        sentence = _(
            "You wrote or numbered this report yourself: somebody else of the inspectorate, who "
            "did neither, records the signed page."
        )
    return [Missing(sentence)]


def wrong_number(paper: Paper, number: str, dated_on: date) -> str:
    """Why a decree of naming could not be registered under it; empty when it could."""
    if paper.kind != PaperKind.SK_PENETAPAN:
        return ""
    known = NamingDecree.objects.filter(government_id=paper.government_id)
    squeezed = Lower(Replace("number", Value(" "), Value("")))
    same = number.replace(" ", "").lower()
    if known.annotate(squeezed=squeezed).filter(squeezed=same).exists():
        return _("A decree of this number is already registered.")
    units = [row.unit for row in paper.units.select_related("unit").order_by("position")]
    return " ".join(absent_sentences(units, PartialDate(dated_on, Precision.DAY)))


def changed_since_numbering(paper: Paper) -> list[Missing]:
    """The attachment is frozen with the text; its subject may have changed since then."""
    if not paper.content or paper.kind == PaperKind.SK_PENETAPAN:
        return []
    if paper.proposal is not None and paper.proposal.state != ProposalState.DRAFT:
        return []
    frozen, now = rules.of_json(paper.content).tables, tables_of(paper, kind_of(paper.kind))
    if frozen == now:
        return []
    sentence = _(
        "The team has changed since the number was given: take the paper back to draft and "
        "number it again."
    )
    if paper.proposal is not None:
        sentence = _(
            "The candidates have changed since the number was given: take the paper back to draft "
            "and number it again."
        )
        if frozen[:1] == now[:1]:
            sentence = _(
                "The requirements that are not met have changed since the number was given: take "
                "the paper back to draft and number it again."
            )
    return [Missing(sentence)]


def not_as_proposed(
    paper: Paper, kind: PaperKind, proceeding: Collection[str], asked: Proposed
) -> Iterable[Missing]:
    """A signed letter or statement against the units that go, and those that go by exception."""
    frozen = rules.of_json(paper.content).tables
    now = tables_of(paper, kind_of(kind), asked=asked)
    listed = {row[1] for table in frozen[1:] for row in table.rows}
    unsaid = [name for name in proceeding if name not in listed]
    words = {"paper": kind.label, "units": ", ".join(unsaid)}
    if frozen[:1] != now[:1]:
        sentence = _(
            "%(paper)s was signed for other units than those proposed now: declare it void and "
            "make a new one."
        )
    elif unsaid:
        sentence = _(
            "%(paper)s does not say that requirements of %(units)s are not met: declare it void "
            "and make a new one."
        )
    elif frozen != now:
        sentence = _(
            "The requirements that are not met have changed since %(paper)s was signed: declare "
            "it void and make a new one."
        )
    else:
        return
    yield Missing(sentence % words, reverse("assessments:paper", args=[paper.pk]))


def what_stands_by(paper: Paper) -> list[Missing]:
    """A signed decree named units; it is put right in the register of decrees. What a proposal
    was sent with stays, and the papers of a unit stay while its attempt is reviewed."""
    if paper.decree_id is None:
        return _sent_with(paper)
    sentence = _("Units are named by this decree. Correct it in the register of decrees.")
    return [Missing(sentence, reverse("assessments:decree", args=[paper.decree_id]))]


def _sent_with(paper: Paper) -> list[Missing]:
    words = {"year": str(paper.year)}
    if paper.proposal is not None and paper.proposal.state == ProposalState.SENT:
        return [Missing(_("The proposal of %(year)s was sent with this paper; it stays.") % words)]
    if paper.unit_id is None:
        return []
    pending = ZoneAttempt.objects.filter(
        zone__unit_id=paper.unit_id, year=paper.year, outcome=AttemptOutcome.PENDING
    )
    if not pending.exists():
        return []
    sentence = _("The unit was proposed in %(year)s with this paper; it stays until the decision.")
    return [Missing(sentence % words)]
