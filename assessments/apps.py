from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import documents, paper_documents, permissions
        from assessments.actions import handovers
        from assessments.demo import (
            declarations as declarations_demo,
            journey,
            papers as papers_demo,
            workplans,
        )
        from assessments.queries import unit_acts
        from integrity_portal.core import demo, wake
        from opd.navigation import Entry, register
        from opd.permissions import sees_whole_government
        from opd.proofs import register_proof
        from opd.registry import register_not_after, register_not_before, register_on_taken_over

        documents.register_kinds()
        register_not_before(unit_acts.newest_act)
        register_not_after(unit_acts.oldest_acts)
        register_on_taken_over("assessments.zones", handovers.follow)

        register_proof(
            "assessments:declaration_sign",
            _(
                "You are about to sign a declaration of integrity zones (piagam) in your office, "
                "so we ask once more who you are."
            ),
        )

        def complete_handovers(now: datetime) -> None:
            handovers.complete_due(now=now)

        wake.register_tick("assessments.zone_handovers", complete_handovers)
        demo.register(30, "declarations, decrees and zones", declarations_demo.load)
        demo.register(40, "proposals, decisions and predicates", journey.load)
        register(Entry(22, _("Zones"), "assessments:zones", permissions.can_read_acts))
        programme = "assessments:programme"
        register(Entry(28, _("ZI programme"), programme, permissions.can_see_coverage))
        register(
            Entry(
                28,
                _("Coverage"),
                "assessments:coverage",
                permissions.can_see_coverage,
                hub=programme,
                hint=_("Which units have declared, which wait, and when the last one will."),
            )
        )
        register(
            Entry(30, _("Declarations"), "assessments:declarations", permissions.can_read_acts)
        )
        register(
            Entry(
                31,
                _("Decrees"),
                "assessments:decrees",
                permissions.can_read_acts,
                hub=programme,
                hint=_("Decrees of the regional head that name the units to build."),
            )
        )
        register(
            Entry(
                23,
                _("Eligibility"),
                "assessments:eligibility",
                permissions.can_see_coverage,
                hub=programme,
                hint=_("Who meets the requirements for WBK or WBBM, and what is missing."),
            )
        )
        register(
            Entry(
                24,
                _("Proposals"),
                "assessments:proposals",
                sees_whole_government,
                hub=programme,
                hint=_("What is sent to the ministry each year, and what became of it."),
            )
        )
        register(
            Entry(
                25,
                _("Predicates"),
                "assessments:predicates",
                permissions.can_read_acts,
                hub=programme,
                hint=_("The register of WBK and WBBM, their monitoring and revocation."),
            )
        )
        register(
            Entry(
                10,
                _("Requirements"),
                "assessments:zone_eligibility",
                permissions.can_see_coverage,
                hub="assessments:zone",
                hint=_("What is met for the predicate, and what is missing."),
            )
        )
        _calendar_and_directives()
        demo.register(35, "work plans and their reports", workplans.load)
        register(Entry(20, _("Work plans"), "assessments:workplans", permissions.reads_plans))
        register(
            Entry(21, _("To confirm"), "assessments:workplan_queue", permissions.decides_reports)
        )

        paper_documents.register_kinds()
        demo.register(45, "work teams and official papers", papers_demo.load)
        register_proof(
            "assessments:paper_sign",
            _(
                "You are about to sign an official paper in your office, so we ask once more who you are."
            ),
        )
        register(
            Entry(
                32,
                _("Official papers"),
                "assessments:papers",
                permissions.sees_all_papers,
                hub=programme,
                hint=_("Decrees, letters, statements and evaluation reports, with their numbers."),
            )
        )
        zone = "assessments:zone"
        register(
            Entry(
                32,
                _("Work team"),
                "assessments:team",
                permissions.reads_plans,
                hub=zone,
                hint=_("Six pokja, agents of change, and what is missing."),
            )
        )
        register(
            Entry(
                33,
                _("Papers of this unit"),
                "assessments:zone_papers",
                permissions.reads_papers,
                hub=zone,
                hint=_("The decree on the team, evaluation reports, and what lists the unit."),
            )
        )


def _calendar_and_directives() -> None:
    """What the year calendar and the directives of `opd` may know of zones and activities."""
    from assessments.demo import directives
    from assessments.queries import calendar_links
    from integrity_portal.core import demo
    from opd.subjects import register_subject
    from opd.year_calendar import register_calendar_check, register_concerned_units

    register_calendar_check("proposal_sent", calendar_links.proposal_sent_on)
    register_concerned_units(calendar_links.units_on_the_road)
    register_subject("zone", _("Zone"), calendar_links.zones)
    register_subject("activity", _("Activity"), calendar_links.activities)
    demo.register(45, "a directive about an activity", directives.load)
