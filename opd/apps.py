from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpdConfig(AppConfig):
    name = "opd"
    verbose_name = "units and people"

    def ready(self) -> None:
        from integrity_portal.core import demo
        from opd import navigation, permissions
        from opd.demo import loader

        demo.register(10, "governments, units and accounts", loader.load)
        navigation.register(
            navigation.Entry(90, _("Status"), "opd:status", permissions.can_see_status)
        )
