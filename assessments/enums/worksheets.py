"""Closed vocabularies of work-sheets (LKE), their evidence and their review."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Assessor(models.TextChoices):
    """Whose answer it is: three stand side by side, none overwrites another."""

    UNIT = "unit", _("Unit")
    TPI = "tpi", "TPI"
    TPN = "tpn", "TPN"


class WorksheetState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("work-sheet", "Being filled")
    SUBMITTED = "submitted", pgettext_lazy("work-sheet", "Under review by TPI")
    RETURNED = "returned", pgettext_lazy("work-sheet", "Returned to the unit")
    APPROVED = "approved", pgettext_lazy("work-sheet", "Approved by TPI")
    REPLACED = "replaced", pgettext_lazy("work-sheet", "Replaced by a newer edition")

    @property
    def tone(self) -> str:
        return {"approved": "good", "returned": "bad", "submitted": "warn"}.get(self.value, "info")


class ItemMark(models.TextChoices):
    """What is asked of the unit for one question besides answering it."""

    NONE = "", pgettext_lazy("question of a work-sheet", "Nothing")
    CARRIED = "carried", pgettext_lazy("question of a work-sheet", "Carried over, to be reviewed")
    RETURNED = "returned", pgettext_lazy("question of a work-sheet", "Returned")
    UNLOCKED = "unlocked", pgettext_lazy("question of a work-sheet", "Unlocked")
    REPAIRED = "repaired", pgettext_lazy("question of a work-sheet", "Repaired")

    @property
    def tone(self) -> str:
        tones = {"carried": "warn", "returned": "bad", "unlocked": "warn", "repaired": "good"}
        return tones.get(self.value, "info")


# Marks under which the unit may write although the sheet is with the TPI.
OPEN_MARKS = frozenset({ItemMark.RETURNED, ItemMark.UNLOCKED})


class MessageKind(models.TextChoices):
    """Why a message stands in the thread of a question."""

    NOTE = "note", pgettext_lazy("message on a question", "Message")
    RETURNED = "returned", pgettext_lazy("message on a question", "Returned")
    UNLOCKED = "unlocked", pgettext_lazy("message on a question", "Unlocked")
    REPAIRED = "repaired", pgettext_lazy("message on a question", "Repaired")


class Audience(models.TextChoices):
    EVERYBODY = "everybody", pgettext_lazy("readers of a message", "Unit and assessors")
    ASSESSORS = "assessors", pgettext_lazy("readers of a message", "Assessors only")


class UseVerdict(models.TextChoices):
    """What the TPI says about an evidence at one question."""

    WAITING = "waiting", pgettext_lazy("evidence", "Not looked at yet")
    ACCEPTED = "accepted", pgettext_lazy("evidence", "Accepted")
    RETURNED = "returned", pgettext_lazy("evidence", "Returned")

    @property
    def tone(self) -> str:
        return {"accepted": "good", "returned": "bad"}.get(self.value, "info")


class SheetImportState(models.TextChoices):
    """Of a filled sheet that was sent as a file: shown, then written once or thrown away."""

    PENDING = "pending", pgettext_lazy("import of a work-sheet", "Waiting for confirmation")
    APPLIED = "applied", pgettext_lazy("import of a work-sheet", "Written")
    DISCARDED = "discarded", pgettext_lazy("import of a work-sheet", "Thrown away")
