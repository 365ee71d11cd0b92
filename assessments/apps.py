from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import documents, pact_documents, permissions
        from assessments.actions import handovers
        from assessments.demo import (
            declarations as declarations_demo,
            pacts as pacts_demo,
            workplans,
        )
        from assessments.queries import unit_acts, zones
        from integrity_portal.core import demo, wake
        from opd.navigation import Entry, register
        from opd.proofs import register_proof
        from opd.queries.tpi import register_assessed
        from opd.registry import register_not_after, register_not_before, register_on_taken_over

        documents.register_kinds()
        pact_documents.register_kinds()
        register_proof(
            "assessments:pact_sign",
            _("You are about to sign your pakta integritas, so we ask once more who you are."),
        )
        register(
            Entry(
                34,
                _("Pakta integritas"),
                "assessments:pacts",
                permissions.can_see_pacts,
                hub="assessments:programme",
                hint=_("How many employees have signed this year's pact, unit by unit."),
            )
        )
        register_assessed(zones.units_to_assess)
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
        demo.register(36, "pakta integritas", pacts_demo.load)
        demo.register(35, "work plans and their reports", workplans.load)
        register(Entry(20, _("Work plans"), "assessments:workplans", permissions.reads_plans))
        register(
            Entry(21, _("To confirm"), "assessments:workplan_queue", permissions.decides_reports)
        )
