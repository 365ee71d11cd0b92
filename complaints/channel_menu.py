"""What the channels put into the portal's lists: work, ticks, menu, status page, inbox."""

from datetime import datetime


def register() -> None:
    """Called once by AppConfig.ready."""
    from complaints.actions import channels, inbound, media, notices, outbound, talk
    from complaints.demo import channels as channel_demo
    from complaints.queries import channel_links, channel_work
    from complaints.tasks import CHECK
    from integrity_portal.core import demo, wake
    from opd.reminders import register_sentence
    from opd.status_parts import register_status_part
    from opd.subjects import register_subject

    wake.register_sweep(inbound.WORK, channel_work.inbound_due)
    wake.register_sweep(media.FETCH, channel_work.media_due)
    wake.register_sweep(outbound.SEND, channel_work.outbound_due)
    wake.register_sweep(CHECK, channel_work.checks_due)

    def watch(now: datetime) -> None:
        talk.expire_drafts(now=now)
        notices.tell_closing(now=now)
        channels.watch_channels(now=now)
        channels.forget_old(now=now)

    wake.register_tick("complaints.channels", watch)
    register_subject(channels.KIND, channel_links.WORD, channel_links.subjects)
    register_sentence(channels.SENTENCE, channel_links.RED)
    register_status_part("channels", channel_links.status_part)
    demo.register(41, "channels", channel_demo.load)
    _menu()


def _menu() -> None:
    from django.utils.translation import pgettext_lazy

    from complaints.permissions import can_read_channels
    from opd import navigation

    navigation.register(
        navigation.Entry(
            85, pgettext_lazy("menu", "SMS and WhatsApp"), "complaints:channels", can_read_channels
        )
    )
