from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = "complaints"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _, pgettext_lazy

        from complaints import channel_menu
        from complaints.actions import handling, privacy
        from complaints.demo import loader
        from complaints.permissions import can_read_complaints
        from complaints.queries import desk
        from integrity_portal.core import demo, wake
        from opd import navigation
        from opd.enums import Role
        from opd.subjects import register_subject

        navigation.register(
            navigation.Entry(
                40,
                pgettext_lazy("menu", "Complaints"),
                "complaints:list",
                can_read_complaints,
                start_for=frozenset({Role.COMPLAINT_COORDINATOR, Role.LIAISON_OFFICER}),
            )
        )
        wake.register_tick("complaints.close_due", handling.close_due)
        wake.register_tick("complaints.erase_old", privacy.erase_old)
        register_subject("complaint", _("Complaint"), desk.subjects)
        demo.register(40, "complaints", loader.load)
        channel_menu.register()
