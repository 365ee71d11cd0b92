from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpdConfig(AppConfig):
    name = "opd"
    verbose_name = "units and people"

    def ready(self) -> None:
        from integrity_portal.core import demo, wake
        from opd import letters, registry
        from opd.actions import imports
        from opd.demo import loader
        from opd.queries import loose_ends, units

        demo.register(10, "governments, units and accounts", loader.load)
        self._register_pages()
        loose_ends.register(10, _("offices that go on"), units.offices_after)
        registry.register_not_before(units.newest_entry)
        registry.register_not_after(units.oldest_entries)
        loose_ends.register(20, _("services"), units.services_after)
        loose_ends.register(25, _("duties"), units.duties_of)

        def empty_expired_imports(now: datetime) -> None:
            imports.empty_expired(now=now)

        wake.register_tick("opd.unit_imports", empty_expired_imports)
        wake.register_sweep(letters.TASK, letters.due)

    def _register_pages(self) -> None:
        from opd import navigation, permissions
        from opd.enums import Role

        navigation.register(
            navigation.Entry(
                60,
                _("People"),
                "opd:people",
                permissions.can_manage_people,
                start_for=frozenset({Role.ADMINISTRATOR}),
            )
        )
        navigation.register(navigation.Entry(65, _("TPI"), "opd:tpi", permissions.can_see_tpi))
        navigation.register(
            navigation.Entry(50, _("Units"), "opd:unit_list", permissions.is_member)
        )
        navigation.register(
            navigation.Entry(
                90,
                _("Status"),
                "opd:status",
                permissions.can_see_status,
                start_for=frozenset({Role.IT_TEAM}),
            )
        )
