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
    ANSWERED = "answered", pgettext_lazy("complaint state", "Answered")
    CLOSED = "closed", pgettext_lazy("complaint state", "Closed")
    REFERRED = "referred", pgettext_lazy("complaint state", "Referred elsewhere")
    REJECTED = "rejected", pgettext_lazy("complaint state", "Not taken up")

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
    "answered": pgettext_lazy("said to citizen", "Answered"),
    "closed": pgettext_lazy("said to citizen", "Finished"),
    "referred": pgettext_lazy("said to citizen", "Belongs to another office"),
    "rejected": pgettext_lazy("said to citizen", "Not taken up"),
}
_TONES = {"answered": "good", "closed": "good", "returned": "warn", "rejected": "warn"}

AT_COORDINATOR = frozenset({ComplaintState.RECEIVED, ComplaintState.RETURNED})
AT_UNIT = frozenset({ComplaintState.VERIFIED, ComplaintState.IN_PROGRESS})
# Somebody of ours has to move; only these can be late.
OPEN = AT_COORDINATOR | AT_UNIT
ENDED = frozenset({ComplaintState.CLOSED, ComplaintState.REFERRED, ComplaintState.REJECTED})
# States in which a unit answers for the complaint.
WITH_UNIT = AT_UNIT | {ComplaintState.ANSWERED, ComplaintState.CLOSED}


class Channel(models.TextChoices):
    """How it reached us. At the counter, staff types for the citizen."""

    WEB = "web", pgettext_lazy("complaint channel", "Public page")
    COUNTER = "counter", pgettext_lazy("complaint channel", "At the counter")
    PHONE = "phone", pgettext_lazy("complaint channel", "By telephone")
    LETTER = "letter", pgettext_lazy("complaint channel", "By letter or suggestion box")


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
