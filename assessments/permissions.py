"""Who may do what with declarations, decrees, zones and work plans. Pure: no queries.

The ZI secretariat manages; everybody with an office reads, units what concerns the whole
government and zones of their own branch, TPN reviewers only the acts of their unit's branch.
"""

from assessments.models import IntegrityZone, Measurement, Paper, Signatory
from assessments.paper_kinds import kind_of
from assessments.papers import is_inspector
from opd.enums import GOVERNMENT_ROLES, UNIT_ROLES, Role
from opd.models import Membership, Unit
from opd.permissions import is_member, may_read_unit, may_write_unit, writes_rosters


def can_read_acts(membership: Membership) -> bool:
    """Everybody with an office; which acts, the queries narrow."""
    return membership.role in Role.values


def can_see_coverage(membership: Membership) -> bool:
    """All members of the government, not the ministry's reviewers."""
    return is_member(membership)


def can_manage_acts(membership: Membership) -> bool:
    """The ZI secretariat: declarations, signatures on paper, decrees, earlier predicates."""
    return membership.role == Role.ZI_SECRETARIAT


def may_sign(membership: Membership, signatory: Signatory) -> bool:
    """Only the very office that stands in the list."""
    return signatory.membership_id is not None and signatory.membership_id == membership.pk


def can_start_building(membership: Membership) -> bool:
    """The ZI secretariat and heads of units; for which zone, `may_start_building` says."""
    return membership.role in (Role.ZI_SECRETARIAT, Role.OPD_HEAD)


def may_start_building(membership: Membership, zone: IntegrityZone) -> bool:
    """The ZI secretariat for every unit, a head for his own (or those he acts for)."""
    if membership.role == Role.ZI_SECRETARIAT:
        return True
    return may_write_unit(membership, zone.unit)


def can_watch_predicates(membership: Membership) -> bool:
    """The inspectorate, which leads the internal assessors, and the ZI secretariat."""
    return membership.role in (Role.INSPECTORATE, Role.ZI_SECRETARIAT)


PLAN_READERS = GOVERNMENT_ROLES | UNIT_ROLES
PLAN_WRITERS = frozenset({Role.OPD_OPERATOR, Role.OPD_HEAD})


def reads_plans(membership: Membership) -> bool:
    """Central roles and everybody of a unit; administrators have no part in it."""
    return membership.role in PLAN_READERS


def writes_plans(membership: Membership) -> bool:
    """Operators and heads of units: for some unit; which one is asked of `can_write_plan`."""
    return membership.role in PLAN_WRITERS


def decides_reports(membership: Membership) -> bool:
    """Heads of units, and whoever stands in for one."""
    return membership.role == Role.OPD_HEAD


def can_read_plan(membership: Membership, unit: Unit) -> bool:
    """Central roles: all units; units: their branch; a TPN reviewer: his one unit."""
    if not reads_plans(membership) or not may_read_unit(membership, unit):
        return False
    return membership.role != Role.TPN_REVIEWER or membership.unit_id == unit.pk


def can_write_plan(membership: Membership, unit: Unit) -> bool:
    """Operator and head of the unit itself, or of a unit above that acts for those below."""
    return writes_plans(membership) and may_write_unit(membership, unit)


def can_decide(membership: Membership, unit: Unit) -> bool:
    """The head of the unit, or a head above who acts for the units below."""
    return decides_reports(membership) and may_write_unit(membership, unit)


def is_another_person(membership: Membership, submitted_by: Membership) -> bool:
    """Four eyes: not whoever submitted, in whatever office he did it."""
    return membership.user_id != submitted_by.user_id


# Official papers and work teams. A kind of paper says who signs it; that says who keeps it.
SIGNER_ROLE = {
    "regional_head": Role.MAYOR,
    "unit_head": Role.OPD_HEAD,
    "inspector": Role.INSPECTORATE,
}
KEEPER_ROLES = {
    "regional_head": frozenset({Role.ZI_SECRETARIAT}),
    "unit_head": PLAN_WRITERS,
    "inspector": frozenset({Role.INSPECTORATE}),
}


def reads_papers(membership: Membership) -> bool:
    """Central roles and everybody of a unit; administrators have no part in it."""
    return membership.role in PLAN_READERS


def sees_all_papers(membership: Membership) -> bool:
    """Central roles: their page of the programme lists all papers."""
    return membership.role in GOVERNMENT_ROLES


def keeps_papers(membership: Membership) -> bool:
    """The ZI secretariat, the inspectorate, operators and heads of units: some kind of paper."""
    return any(membership.role in roles for roles in KEEPER_ROLES.values())


def signs_papers(membership: Membership) -> bool:
    """The regional head, heads of units and the inspectorate."""
    return membership.role in SIGNER_ROLE.values()


def keeps_kind(membership: Membership, kind: str) -> bool:
    """Government papers: the ZI secretariat; reports: the inspectorate; SK tim kerja: units."""
    return membership.role in KEEPER_ROLES[kind_of(kind).signer]


def may_keep_paper(membership: Membership, paper: Paper) -> bool:
    """Whoever keeps its kind; of a unit's decree those who write for the unit."""
    if membership.government_id != paper.government_id or not keeps_kind(membership, paper.kind):
        return False
    return kind_of(paper.kind).signer != "unit_head" or (
        paper.unit is not None and may_write_unit(membership, paper.unit)
    )


def signs_kind(membership: Membership, kind: str) -> bool:
    """By role; of the inspectorate's people only the inspector, who is told by the title."""
    signer = kind_of(kind).signer
    if membership.role != SIGNER_ROLE[signer]:
        return False
    return signer != "inspector" or is_inspector(membership.title)


def may_sign_paper(membership: Membership, paper: Paper) -> bool:
    """Only the very office that stands under the paper, if it is one that signs this kind."""
    signer = kind_of(paper.kind).signer
    if paper.signatory_id != membership.pk or not signs_kind(membership, paper.kind):
        return False
    return signer != "unit_head" or membership.unit_id == paper.unit_id


# Preparation, phases and pilots.

PREPARATION_READERS = PLAN_READERS - {Role.TPN_REVIEWER}
PREPARATION_WRITERS = PLAN_WRITERS | {Role.ZI_SECRETARIAT}
PILOT_READERS = frozenset(
    {Role.MAYOR, Role.SEKDA, Role.ZI_SECRETARIAT, Role.PLANNER, Role.INSPECTORATE}
)
PILOT_SCORERS = frozenset({Role.ZI_SECRETARIAT, Role.PLANNER, Role.INSPECTORATE})


def reads_preparation(membership: Membership) -> bool:
    """Central roles: all units; units: their branch. Not administrators, not the ministry."""
    return membership.role in PREPARATION_READERS


def writes_preparation(membership: Membership) -> bool:
    """Operators and heads of units, and the ZI secretariat for units without accounts."""
    return membership.role in PREPARATION_WRITERS


def can_write_preparation(membership: Membership, unit: Unit) -> bool:
    """The unit itself (or one above that acts for it); the ZI secretariat for every unit."""
    if unit.government_id != membership.government_id:
        return False
    if membership.role == Role.ZI_SECRETARIAT:
        return True
    return membership.role in PLAN_WRITERS and may_write_unit(membership, unit)


def plans_phases(membership: Membership) -> bool:
    """The ZI secretariat puts units into years; everybody of the government reads them."""
    return membership.role == Role.ZI_SECRETARIAT


def reads_pilots(membership: Membership) -> bool:
    """Regional head, Sekda, ZI secretariat, planner, inspectorate: scores are their papers."""
    return membership.role in PILOT_READERS


def scores_pilots(membership: Membership) -> bool:
    """ZI secretariat, planner and inspectorate."""
    return membership.role in PILOT_SCORERS


def decides_pilots(membership: Membership) -> bool:
    """The ZI secretariat records what the meeting decided."""
    return membership.role == Role.ZI_SECRETARIAT


# Monev, assessment events, recommendations


def can_freeze(membership: Membership, unit: Unit) -> bool:
    """The head of the unit, or a head above who acts for it: he answers for what is frozen."""
    return can_decide(membership, unit)


def records_assessments(membership: Membership) -> bool:
    """The ZI secretariat and the inspectorate write events, questions and recommendations."""
    return membership.role in (Role.ZI_SECRETARIAT, Role.INSPECTORATE)


def may_assess(membership: Membership) -> bool:
    """Everybody who may be a member of the TPI; of which unit, `queries.recommendations` says."""
    return reads_plans(membership) and membership.role != Role.TPN_REVIEWER


def reviews_sheets(membership: Membership) -> bool:
    """Whose menu leads to the sheets that wait; members of the TPI elsewhere go by the list."""
    return membership.role == Role.INSPECTORATE


# --- pakta integritas ---


def can_see_pacts(membership: Membership) -> bool:
    """Counts: all members of the government, each of what he reads; names by the roster's rule."""
    return is_member(membership)


def can_record_pacts(membership: Membership) -> bool:
    """Heads and operators of units and the ZI secretariat; for which unit, the roster's rule."""
    return writes_rosters(membership)


# --- work-sheets (LKE) ---


def reads_worksheets(membership: Membership) -> bool:
    """Central roles and everybody of a unit; administrators have no part in it."""
    return membership.role in PLAN_READERS


def opens_worksheets(membership: Membership) -> bool:
    """Operators and heads for their unit, the ZI secretariat for every unit."""
    return membership.role in PLAN_WRITERS or membership.role == Role.ZI_SECRETARIAT


def answers_worksheets(membership: Membership) -> bool:
    """Operators and heads (their unit), TPI members (by assignment), TPN reviewers: some side."""
    return reads_worksheets(membership)


def submits_worksheets(membership: Membership) -> bool:
    """Heads of units, and whoever stands in for one."""
    return membership.role == Role.OPD_HEAD


def plans_improvements(membership: Membership) -> bool:
    """Who reads work-sheets, but not the ministry: plan, what-if and check are the unit's own."""
    return reads_worksheets(membership) and membership.role != Role.TPN_REVIEWER


def writes_improvements(membership: Membership) -> bool:
    """Operators and heads of units; for which sheet, `writes_for_unit` says."""
    return membership.role in PLAN_WRITERS


def records_tpn_scores(membership: Membership) -> bool:
    """The inspectorate, from the ministry's letter."""
    return membership.role == Role.INSPECTORATE


# --- evidence of work-sheets ---

# The ministry's reviewers see proofs beside the questions of approved sheets, not the register.
EVIDENCE_READERS = PLAN_READERS - {Role.TPN_REVIEWER}


def reads_evidence_register(membership: Membership) -> bool:
    """Central roles: all units; everybody of a unit: the branch."""
    return membership.role in EVIDENCE_READERS


def withdraws_examples(membership: Membership, unit: Unit) -> bool:
    """Whoever writes for the unit, the ZI secretariat and the inspectorate."""
    if unit.government_id != membership.government_id:
        return False
    central = (Role.ZI_SECRETARIAT, Role.INSPECTORATE)
    return membership.role in central or can_write_plan(membership, unit)


# --- RPJMD: plans, indicators, measurements ---


def reads_plan_figures(membership: Membership) -> bool:
    """Every member of the government; the ministry's reviewers have no part in it."""
    return is_member(membership)


def keeps_rpjmd(membership: Membership) -> bool:
    """Planners: plans, their trees, indicators, targets, verification."""
    return membership.role == Role.PLANNER


def measures(membership: Membership) -> bool:
    """Operators and heads for their units, planners for what comes from elsewhere."""
    return membership.role in PLAN_WRITERS or keeps_rpjmd(membership)


def has_own_figures(membership: Membership) -> bool:
    """Everybody who sits in a unit, but not the ministry's reviewers."""
    return membership.unit_id is not None and is_member(membership)


def may_measure(membership: Membership, unit: Unit | None, government_id: int) -> bool:
    """Head and operator of the responsible unit, planners every unit of their government."""
    if membership.government_id != government_id:
        return False
    if keeps_rpjmd(membership):
        return True
    return unit is not None and can_write_plan(membership, unit)


def may_have_booklet(membership: Membership, unit: Unit) -> bool:
    """Everybody who reads plan figures, for the units that he sees: his branch, or all."""
    return reads_plan_figures(membership) and may_read_unit(membership, unit)


def makes_all_booklets(membership: Membership) -> bool:
    """Planners: the books of all units at once, and the summary of the plan."""
    return keeps_rpjmd(membership)


def may_withdraw(membership: Membership, figure: Measurement) -> bool:
    """Who writes for the unit; a planner only what he sent himself (else he returns it)."""
    unit, sender = figure.indicator.unit, figure.submitted_by
    if unit is not None and can_write_plan(membership, unit):
        return True
    return sender is not None and not is_another_person(membership, sender)


# --- surveys ---

# The ministry's reviewers see what is published, as everybody does.
SURVEY_READERS = PLAN_READERS - {Role.TPN_REVIEWER}


def reads_surveys(membership: Membership) -> bool:
    """Central roles: all units; everybody of a unit: the branch. Not the ministry's reviewers."""
    return membership.role in SURVEY_READERS


def writes_surveys(membership: Membership) -> bool:
    """Operators and heads of units, and the ZI secretariat."""
    return membership.role in PLAN_WRITERS or membership.role == Role.ZI_SECRETARIAT


def can_write_survey(membership: Membership, unit: Unit) -> bool:
    """The unit itself (or one above that acts for it); the ZI secretariat for every unit."""
    if unit.government_id != membership.government_id:
        return False
    if membership.role == Role.ZI_SECRETARIAT:
        return True
    return membership.role in PLAN_WRITERS and may_write_unit(membership, unit)


def writes_all_surveys(membership: Membership) -> bool:
    """The ZI secretariat opens the rounds of all units at once."""
    return membership.role == Role.ZI_SECRETARIAT


def reads_survey_comments(membership: Membership, unit: Unit) -> bool:
    """Only people of the unit itself, or of one above it: words may give their writer away."""
    return (
        reads_surveys(membership)
        and membership.unit_id is not None
        and may_read_unit(membership, unit)
    )
