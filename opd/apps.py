from django.apps import AppConfig


class OpdConfig(AppConfig):
    name = "opd"
    verbose_name = "units and people"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from integrity_portal.core import demo, wake
        from opd import letters, navigation, permissions
        from opd.demo import loader

        demo.register(10, "governments, units and accounts", loader.load)
        navigation.register(
            navigation.Entry(60, _("People"), "opd:people", permissions.can_manage_people)
        )
        wake.register_sweep(letters.TASK, letters.due)
