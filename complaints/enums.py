"""Closed vocabularies of complaints, with a label per audience."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class ComplaintKind(models.TextChoices):
    """The three types of SP4N-LAPOR! (PermenPANRB 62/2018)."""

    COMPLAINT = "complaint", pgettext_lazy("complaint kind", "Complaint")
    ASPIRATION = "aspiration", pgettext_lazy("complaint kind", "Suggestion")
    INFORMATION = "information", pgettext_lazy("complaint kind", "Request for information")


class ComplaintState(models.TextChoices):
    """Labels are for staff; `said_to_citizen` is what the tracking page says."""

    RECEIVED = "received", pgettext_lazy("complaint state", "Received")
    VERIFIED = "verified", pgettext_lazy("complaint state", "Passed on to the unit")
    IN_PROGRESS = "in_progress", pgettext_lazy("complaint state", "In progress")
    RETURNED = "returned", pgettext_lazy("complaint state", "Returned to the coordinator")
    PAUSED = "paused", pgettext_lazy("complaint state", "Paused")
    ANSWERED = "answered", pgettext_lazy("complaint state", "Answered")
    CLOSED = "closed", pgettext_lazy("complaint state", "Closed")
    REFERRED = "referred", pgettext_lazy("complaint state", "Referred elsewhere")
    REJECTED = "rejected", pgettext_lazy("complaint state", "Not taken up")
    MERGED = "merged", pgettext_lazy("complaint state", "Joined with another report")

    @property
    def said_to_citizen(self) -> Promise:
        return _CITIZEN[self.value]

    @property
    def tone(self) -> str:
        return _TONES.get(self.value, "info")


_CITIZEN = {
    "received": pgettext_lazy("said to citizen", "Received, being checked"),
    "verified": pgettext_lazy("said to citizen", "Passed on to the unit"),
    "in_progress": pgettext_lazy("said to citizen", "Being worked on"),
    "returned": pgettext_lazy("said to citizen", "Being passed on to the right unit"),
    "paused": pgettext_lazy("said to citizen", "Waiting, the clock stands still"),
    "answered": pgettext_lazy("said to citizen", "Answered"),
    "closed": pgettext_lazy("said to citizen", "Finished"),
    "referred": pgettext_lazy("said to citizen", "Belongs to another office"),
    "rejected": pgettext_lazy("said to citizen", "Not taken up"),
    "merged": pgettext_lazy("said to citizen", "Answered together with a similar report"),
}
_TONES = {
    "answered": "good",
    "closed": "good",
    "returned": "warn",
    "rejected": "warn",
    "paused": "warn",
}

AT_COORDINATOR = frozenset({ComplaintState.RECEIVED, ComplaintState.RETURNED})
AT_UNIT = frozenset({ComplaintState.VERIFIED, ComplaintState.IN_PROGRESS})
# Not settled yet. Of these the paused ones cannot be late: their clock stands still.
OPEN = AT_COORDINATOR | AT_UNIT | {ComplaintState.PAUSED}
ENDED = frozenset(
    {
        ComplaintState.CLOSED,
        ComplaintState.REFERRED,
        ComplaintState.REJECTED,
        ComplaintState.MERGED,
    }
)
# States in which a unit answers for the complaint.
WITH_UNIT = AT_UNIT | {ComplaintState.PAUSED, ComplaintState.ANSWERED, ComplaintState.CLOSED}


class Channel(models.TextChoices):
    """How it reached us. `TYPED_BY_STAFF`: an officer wrote down what a citizen brought."""

    WEB = "web", pgettext_lazy("complaint channel", "Public page")
    SMS = "sms", pgettext_lazy("complaint channel", "SMS")
    WHATSAPP = "whatsapp", pgettext_lazy("complaint channel", "WhatsApp")
    COUNTER = "counter", pgettext_lazy("complaint channel", "At the counter")
    PHONE = "phone", pgettext_lazy("complaint channel", "By telephone")
    LETTER = "letter", pgettext_lazy("complaint channel", "By letter or suggestion box")
    INSTAGRAM = "instagram", pgettext_lazy("complaint channel", "Instagram")
    FACEBOOK = "facebook", pgettext_lazy("complaint channel", "Facebook")
    X = "x", pgettext_lazy("complaint channel", "X (Twitter)")
    MEETING = "meeting", pgettext_lazy("complaint channel", "Public meeting")
    LAPOR = "lapor", pgettext_lazy("complaint channel", "SP4N-LAPOR!")


# The citizen sent it alone; whatever else came through the hands of an officer.
SENT_BY_CITIZEN = frozenset({Channel.WEB, Channel.SMS, Channel.WHATSAPP})
TYPED_BY_STAFF = tuple(
    channel for channel in Channel if channel not in SENT_BY_CITIZEN | {Channel.LAPOR}
)

# Written by somebody under an account of his own.
SOCIAL = frozenset({Channel.INSTAGRAM, Channel.FACEBOOK, Channel.X})


class Disclosure(models.TextChoices):
    """Who may learn who reported."""

    ANONYMOUS = "anonymous", pgettext_lazy("disclosure", "Anonymous")
    KNOWN = "known", pgettext_lazy("disclosure", "Known to the handling unit")


class MessageKind(models.TextChoices):
    CITIZEN = "citizen", pgettext_lazy("message kind", "From the citizen")
    QUESTION = "question", pgettext_lazy("message kind", "Message to the citizen")
    ANSWER = "answer", pgettext_lazy("message kind", "Answer")
    DECISION = "decision", pgettext_lazy("message kind", "Explanation to the citizen")
    NOTE = "note", pgettext_lazy("message kind", "Internal note")


class Contentment(models.TextChoices):
    """What a citizen says of the answer."""

    SATISFIED = "satisfied", pgettext_lazy("satisfaction", "Satisfied")
    FAIR = "fair", pgettext_lazy("satisfaction", "Fair")
    UNSATISFIED = "unsatisfied", pgettext_lazy("satisfaction", "Not satisfied")


class Escalated(models.IntegerChoices):
    """Who was told that the next step of a complaint is late."""

    HEAD = 1, pgettext_lazy("escalated to", "Head of unit")
    SEKDA = 2, pgettext_lazy("escalated to", "Sekda")
    MAYOR = 3, pgettext_lazy("escalated to", "Regional head")
