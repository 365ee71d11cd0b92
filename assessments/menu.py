"""Where the pages of this app stand: in the menu, on the programme page, on zones and units."""

from django.utils.translation import gettext_lazy as _

from assessments import permissions as may
from opd.navigation import Entry
from opd.permissions import sees_whole_government

PROGRAMME = "assessments:programme"
ZONE = "assessments:zone"
UNIT = "opd:unit"
RPJMD = "assessments:rpjmd_plan"

MENU = [
    Entry(20, _("Work plans"), "assessments:workplans", may.reads_plans),
    Entry(21, _("To confirm"), "assessments:workplan_queue", may.decides_reports),
    Entry(22, _("Zones"), "assessments:zones", may.can_read_acts),
    Entry(23, _("Work-sheets"), "assessments:worksheets", may.reads_worksheets),
    Entry(24, _("Sheets to review"), "assessments:worksheet_queue", may.reviews_sheets),
    Entry(25, _("Indicators"), "assessments:figures", may.reads_plan_figures),
    Entry(26, _("Figures to verify"), "assessments:figures_queue", may.keeps_rpjmd),
    Entry(27, "RPJMD", "assessments:rpjmd", may.reads_plan_figures),
    Entry(29, _("Surveys"), "assessments:surveys", may.reads_surveys),
    Entry(28, _("ZI programme"), PROGRAMME, may.can_see_coverage),
    Entry(30, _("Declarations"), "assessments:declarations", may.can_read_acts),
]

# Tens are the sections of the page, see `views.programme`.
OF_THE_PROGRAMME = [
    Entry(
        10,
        _("Coverage"),
        "assessments:coverage",
        may.can_see_coverage,
        hub=PROGRAMME,
        hint=_("Which units have declared, which wait, and when the last one will."),
    ),
    Entry(
        11,
        _("Phases"),
        "assessments:phases",
        may.can_see_coverage,
        hub=PROGRAMME,
        hint=_("Which units in which year until all are in, and how far it has come."),
    ),
    Entry(
        12,
        _("Preparation"),
        "assessments:preparation",
        may.reads_preparation,
        hub=PROGRAMME,
        hint=_("Ten steps before a unit declares: how ready each one is, what is missing."),
    ),
    Entry(
        13,
        _("Choosing pilots"),
        "assessments:pilots",
        may.reads_pilots,
        hub=PROGRAMME,
        hint=_("The most vulnerable and the most ready: scores, matrix, decision."),
    ),
    Entry(
        20,
        _("Decrees"),
        "assessments:decrees",
        may.can_read_acts,
        hub=PROGRAMME,
        hint=_("Decrees of the regional head that name the units to build."),
    ),
    Entry(
        21,
        _("Official papers"),
        "assessments:papers",
        may.sees_all_papers,
        hub=PROGRAMME,
        hint=_("Decrees, letters, statements and evaluation reports, with their numbers."),
    ),
    Entry(
        22,
        "Monev",
        "assessments:monev",
        may.reads_plans,
        hub=PROGRAMME,
        hint=_("Work plans frozen per quarter, meetings and what is followed up."),
    ),
    Entry(
        24,
        _("Assessment events"),
        "assessments:events",
        may.reads_plans,
        hub=PROGRAMME,
        hint=_("Desk and field evaluations of TPI and TPN, and what they asked."),
    ),
    Entry(
        25,
        _("Recommendations"),
        "assessments:recommendations",
        may.reads_plans,
        hub=PROGRAMME,
        hint=_("Everything that TPI and TPN recommend, until an assessor closes it."),
    ),
    Entry(
        23,
        _("Pakta integritas"),
        "assessments:pacts",
        may.can_see_pacts,
        hub=PROGRAMME,
        hint=_("How many employees have signed this year's pact, unit by unit."),
    ),
    Entry(
        14,
        _("Eligibility"),
        "assessments:eligibility",
        may.can_see_coverage,
        hub=PROGRAMME,
        hint=_("Who meets the requirements for WBK or WBBM, and what is missing."),
    ),
    Entry(
        26,
        _("Proposals"),
        "assessments:proposals",
        sees_whole_government,
        hub=PROGRAMME,
        hint=_("What is sent to the ministry each year, and what became of it."),
    ),
    Entry(
        27,
        _("Predicates"),
        "assessments:predicates",
        may.can_read_acts,
        hub=PROGRAMME,
        hint=_("The register of WBK and WBBM, their monitoring and revocation."),
    ),
]

OF_A_ZONE = [
    Entry(
        10,
        _("Requirements"),
        "assessments:zone_eligibility",
        may.can_see_coverage,
        hub=ZONE,
        hint=_("What is met for the predicate, and what is missing."),
    ),
    Entry(
        11,
        _("Work team"),
        "assessments:team",
        may.reads_plans,
        hub=ZONE,
        hint=_("Six pokja, agents of change, and what is missing."),
    ),
    Entry(
        12,
        "Monev",
        "assessments:zone_monev",
        may.reads_plans,
        hub=ZONE,
        hint=_("Frozen quarters, meetings, follow-ups and their papers."),
    ),
    Entry(
        13,
        _("Work-sheets (LKE)"),
        "assessments:zone_worksheets",
        may.reads_worksheets,
        hub=ZONE,
        hint=_("Answers, proof, the scores of unit, TPI and TPN."),
    ),
    Entry(
        14,
        _("Papers of this unit"),
        "assessments:zone_papers",
        may.reads_papers,
        hub=ZONE,
        hint=_("The decree on the team, evaluation reports, and what lists the unit."),
    ),
    Entry(
        15,
        _("Assessment events"),
        "assessments:zone_events",
        may.reads_plans,
        hub=ZONE,
        hint=_("When assessors come, and what they asked."),
    ),
    Entry(
        16,
        _("Recommendations"),
        "assessments:zone_recommendations",
        may.reads_plans,
        hub=ZONE,
        hint=_("What TPI and TPN recommend to this unit."),
    ),
]

OF_A_UNIT = [
    Entry(
        32,
        _("Preparation for the declaration"),
        "assessments:preparation_unit",
        may.reads_preparation,
        hub=UNIT,
    ),
]

# Pages of one RPJMD: what is read of it, what is made of it, what is written into it.
OF_A_PLAN = [
    Entry(
        10,
        _("Comparison"),
        "assessments:rpjmd_compare",
        may.reads_plan_figures,
        hub=RPJMD,
        hint=_("Target and figure, year against year, unit against unit."),
    ),
    Entry(
        11,
        _("Gaps"),
        "assessments:rpjmd_gaps",
        may.keeps_rpjmd,
        hub=RPJMD,
        hint=_("Duties without indicator, indicators without unit or target, and more."),
    ),
    Entry(
        12,
        _("Figures of the head's report (LKPJ)"),
        "assessments:rpjmd_lkpj",
        may.reads_plan_figures,
        hub=RPJMD,
        hint=_("All IKU of a year in one table and one picture."),
    ),
    Entry(
        13,
        _("Evaluation forms"),
        "assessments:rpjmd_exports",
        may.reads_plan_figures,
        hub=RPJMD,
        hint=_("E.81, E.60 and E.58 as Excel."),
    ),
    Entry(
        14,
        _("Pocket books"),
        "assessments:rpjmd_booklets",
        may.reads_plan_figures,
        hub=RPJMD,
        hint=_("For each unit its duties, indicators and targets in plain words."),
    ),
    Entry(
        15,
        _("Keep the plan"),
        "assessments:rpjmd_keep",
        may.keeps_rpjmd,
        hub=RPJMD,
        hint=_("Texts, lines, indicators, targets, revisions, papers."),
    ),
]

ENTRIES = [*MENU, *OF_THE_PROGRAMME, *OF_A_ZONE, *OF_A_UNIT, *OF_A_PLAN]
