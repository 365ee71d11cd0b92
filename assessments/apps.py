from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import permissions
        from assessments.demo import workplans
        from integrity_portal.core import demo
        from opd.navigation import Entry, register

        demo.register(35, "work plans and their reports", workplans.load)
        register(Entry(20, _("Work plans"), "assessments:workplans", permissions.reads_plans))
        register(
            Entry(21, _("To confirm"), "assessments:workplan_queue", permissions.decides_reports)
        )
