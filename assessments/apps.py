from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import documents, monev_documents, permissions
        from assessments.actions import handovers
        from assessments.demo import declarations as declarations_demo, workplans
        from assessments.queries import unit_acts
        from integrity_portal.core import demo, wake
        from opd.navigation import Entry, register
        from opd.proofs import register_proof
        from opd.registry import register_not_after, register_not_before, register_on_taken_over

        documents.register_kinds()
        monev_documents.register_kinds()
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
        demo.register(35, "work plans and their reports", workplans.load)
        register(Entry(20, _("Work plans"), "assessments:workplans", permissions.reads_plans))
        register(
            Entry(21, _("To confirm"), "assessments:workplan_queue", permissions.decides_reports)
        )
        self._register_assessing()

    def _register_assessing(self) -> None:
        """Monev, assessment events, recommendations."""
        from assessments import permissions
        from assessments.demo import assessing, monev
        from integrity_portal.core import demo
        from opd.navigation import Entry, register

        programme = "assessments:programme"
        demo.register(36, "monev of the work plans", monev.load)
        demo.register(37, "assessment events and recommendations", assessing.load)
        reads = permissions.reads_plans
        register(
            Entry(
                32,
                "Monev",
                "assessments:monev",
                reads,
                hub=programme,
                hint=_("Work plans frozen per quarter, meetings and what is followed up."),
            )
        )
        register(
            Entry(
                33,
                _("Assessment events"),
                "assessments:events",
                reads,
                hub=programme,
                hint=_("Desk and field evaluations of TPI and TPN, and what they asked."),
            )
        )
        register(
            Entry(
                34,
                _("Recommendations"),
                "assessments:recommendations",
                reads,
                hub=programme,
                hint=_("Everything that TPI and TPN recommend, until an assessor closes it."),
            )
        )
        zone = "assessments:zone"
        register(
            Entry(
                32,
                "Monev",
                "assessments:zone_monev",
                reads,
                hub=zone,
                hint=_("Frozen quarters, meetings, follow-ups and their papers."),
            )
        )
        register(
            Entry(
                33,
                _("Assessment events"),
                "assessments:zone_events",
                reads,
                hub=zone,
                hint=_("When assessors come, and what they asked."),
            )
        )
        register(
            Entry(
                34,
                _("Recommendations"),
                "assessments:zone_recommendations",
                reads,
                hub=zone,
                hint=_("What TPI and TPN recommend to this unit."),
            )
        )
