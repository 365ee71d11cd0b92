from django.apps import AppConfig


class OpdConfig(AppConfig):
    name = "opd"
    verbose_name = "units and people"

    def ready(self) -> None:
        from integrity_portal.core import demo
        from opd.demo import loader

        demo.register(10, "governments, units and accounts", loader.load)
