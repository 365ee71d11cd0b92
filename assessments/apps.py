from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import documents, menu, monev_documents, paper_documents
        from assessments.actions import handovers
        from assessments.queries import unit_acts
        from integrity_portal.core import wake
        from opd import navigation
        from opd.registry import register_not_after, register_not_before, register_on_taken_over

        documents.register_kinds()
        paper_documents.register_kinds()
        monev_documents.register_kinds()
        register_not_before(unit_acts.newest_act)
        register_not_after(unit_acts.oldest_acts)
        register_on_taken_over("assessments.zones", handovers.follow)

        def complete_handovers(now: datetime) -> None:
            handovers.complete_due(now=now)

        wake.register_tick("assessments.zone_handovers", complete_handovers)
        for entry in menu.ENTRIES:
            navigation.register(entry)
        self._register_proofs()
        self._register_demo()

    def _register_proofs(self) -> None:
        from opd.proofs import register_proof

        register_proof(
            "assessments:declaration_sign",
            _(
                "You are about to sign a declaration of integrity zones (piagam) in your office, "
                "so we ask once more who you are."
            ),
        )
        register_proof(
            "assessments:paper_sign",
            _(
                "You are about to sign an official paper in your office, so we ask once more who "
                "you are."
            ),
        )

    def _register_demo(self) -> None:
        from assessments.demo import (
            assessing,
            declarations,
            journey,
            monev,
            papers,
            preparation,
            workplans,
        )
        from integrity_portal.core.demo import register

        register(30, "declarations, decrees and zones", declarations.load)
        register(35, "work plans and their reports", workplans.load)
        register(36, "preparation, phases and pilots", preparation.load)
        register(40, "proposals, decisions and predicates", journey.load)
        register(45, "work teams and official papers", papers.load)
        register(46, "monev of the work plans", monev.load)
        register(47, "assessment events and recommendations", assessing.load)
