from datetime import datetime

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = "complaints"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _, pgettext_lazy

        from complaints import channel_menu, documents
        from complaints.actions import (
            dates,
            escalating,
            handling,
            lapor_imports,
            pausing,
            privacy,
        )
        from complaints.demo import loader
        from complaints.permissions import can_read_complaints
        from complaints.queries import desk
        from integrity_portal.core import demo, wake
        from opd import navigation
        from opd.enums import Role
        from opd.reminders import register_sentence
        from opd.subjects import register_subject

        def empty_expired_exports(now: datetime) -> None:
            lapor_imports.empty_expired_exports(now=now)

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
        wake.register_tick("complaints.resume_due", pausing.resume_due)
        wake.register_tick("complaints.recount_due", dates.recount_due)
        wake.register_tick("complaints.escalate_due", escalating.escalate_due)
        register_sentence(escalating.SENTENCE, _("A complaint whose next step is late"))
        wake.register_tick("complaints.erase_old", privacy.erase_old)
        wake.register_tick("complaints.lapor_imports", empty_expired_exports)
        documents.register_kinds()
        register_subject("complaint", _("Complaint"), desk.subjects)
        demo.register(40, "complaints", loader.load)
        channel_menu.register()
