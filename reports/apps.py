from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "what leaders read"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _, pgettext_lazy

        from integrity_portal.core import demo, wake
        from integrity_portal.core.documents import registry
        from opd.navigation import Entry, register
        from reports import actions, kinds, permissions
        from reports.demo import loader

        kinds.register()
        wake.register_tick("reports.make_due_reports", actions.make_due_reports)
        demo.register(60, "weekly reports", loader.load)
        start = pgettext_lazy("menu", "Overview")
        register(Entry(10, start, "reports:mayor", permissions.is_mayor))
        register(Entry(10, start, "reports:sekda", permissions.is_sekda))
        register(Entry(70, _("Documents"), "reports:documents", registry.has_audience))
