from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class OpdConfig(AppConfig):
    name = "opd"
    verbose_name = "units and people"

    def ready(self) -> None:
        from integrity_portal.core import demo, wake
        from opd import letters, registry
        from opd.actions import imports
        from opd.demo import loader
        from opd.queries import employees, loose_ends, services, units

        demo.register(10, "governments, units and accounts", loader.load)
        self._register_pages()
        loose_ends.register(10, _("offices that go on"), units.offices_after)
        registry.register_not_before(units.newest_entry)
        registry.register_not_after(units.oldest_entries)
        loose_ends.register(20, _("services"), services.services_after)
        loose_ends.register(15, _("employees"), employees.employee_loose_ends)
        loose_ends.register(25, _("duties"), units.duties_of)

        def empty_expired_imports(now: datetime) -> None:
            imports.empty_expired(now=now)

        wake.register_tick("opd.unit_imports", empty_expired_imports)
        wake.register_sweep(letters.TASK, letters.due)
        _calendar_and_directives()

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
        self._register_service_pages()

    def _register_service_pages(self) -> None:
        from opd import navigation, permissions

        navigation.register(
            navigation.Entry(
                30,
                _("Services"),
                "opd:service_overview",
                permissions.is_member,
                hub="assessments:programme",
                hint=_("How people reach them, and how many need no counter any more."),
            )
        )
        navigation.register(
            navigation.Entry(
                31,
                _("Innovations"),
                "opd:innovations",
                permissions.is_member,
                hub="assessments:programme",
                hint=_("What units changed by an idea of their own, measured before and after."),
            )
        )


def _calendar_and_directives() -> None:
    """The ZI year, the inbox with its reminders, directives and promises."""
    from integrity_portal.core import demo, wake
    from opd import reminders, subjects
    from opd.demo import calendar as calendar_demo
    from opd.queries import calendar_duties, directives, inbox, loose_ends, services

    wake.register_sweep("opd.remind", inbox.governments_due)
    reminders.register_reminders("calendar", calendar_duties.due_dates)
    reminders.register_reminders("directive", directives.due_directives)
    subjects.register_subject("calendar", _("Date of the ZI year"), calendar_duties.subjects)
    subjects.register_subject("directive", _("Directive"), directives.subjects)
    subjects.register_subject("unit", _("Unit"), directives.unit_subjects)
    subjects.register_subject("service", _("Service"), services.service_subjects)
    loose_ends.register(27, _("open directives"), directives.directives_after)
    _places()
    demo.register(50, "calendar, inbox, directives and promises", calendar_demo.load)
    _calendar_pages()


def _places() -> None:
    """Places with their posters, public meetings."""
    from integrity_portal.core import demo
    from opd import navigation, permissions, poster_documents, reminders, subjects
    from opd.demo import places as places_demo
    from opd.queries import posters

    poster_documents.register_kinds()
    reminders.register_reminders("poster", posters.due_posters)
    subjects.register_subject("poster", _("Posters"), posters.subjects)
    demo.register(45, "places, posters and public meetings", places_demo.load)
    navigation.register(
        navigation.Entry(45, _("Posters"), "opd:places", permissions.can_read_places)
    )
    navigation.register(
        navigation.Entry(
            33,
            _("Public meetings"),
            "opd:meetings",
            permissions.can_read_meetings,
            hub="assessments:programme",
            hint=_("Kopi Tahu and others: the card for the tables, reports, promises of the day."),
        )
    )


def _calendar_pages() -> None:
    from opd import navigation, permissions
    from opd.queries import inbox

    navigation.register(
        navigation.Entry(
            75, _("Inbox"), "opd:inbox", permissions.is_member, badge=inbox.unread_count
        )
    )
    navigation.register(
        navigation.Entry(
            32,
            pgettext_lazy("menu", "Directives"),
            "opd:directives",
            permissions.can_read_directives,
        )
    )
    _programme_pages("assessments:programme")


def _programme_pages(programme: str) -> None:
    """What stands on the page of the programme, not in the menu."""
    from opd import navigation, permissions

    navigation.register(
        navigation.Entry(
            5,
            _("Calendar of the ZI year"),
            "opd:calendar",
            permissions.can_read_calendar,
            hub=programme,
            hint=_("Deadlines of the year, what is near, and which dates were moved by letter."),
        )
    )
    navigation.register(
        navigation.Entry(
            6,
            _("Overdue, and whose move it is"),
            "opd:late",
            permissions.can_see_late,
            hub=programme,
            hint=_("Deadlines and directives that went up to the Sekda."),
        )
    )
    navigation.register(
        navigation.Entry(
            32,
            _("Public promises"),
            "opd:promises",
            permissions.can_read_promises,
            hub=programme,
            hint=_("What was promised in public, and whether it was kept."),
        )
    )
