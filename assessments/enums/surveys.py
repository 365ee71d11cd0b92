"""Closed vocabularies of surveys."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class SurveyState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("survey", "Being prepared")
    OPEN = "open", pgettext_lazy("survey", "Open")
    CLOSED = "closed", pgettext_lazy("survey", "Closed")
    PUBLISHED = "published", pgettext_lazy("survey", "Published")


# Nothing more is answered; only now is there a result to read.
COUNTED_STATES = (SurveyState.CLOSED, SurveyState.PUBLISHED)


class SurveyDoor(models.TextChoices):
    """Who may answer: whoever proves a service, or everybody who has the link."""

    PROOF = "proof", _("Only with proof of service (a code or a receipt number)")
    OPEN = "open", _("Everybody who has the link; answers without proof are counted apart")


class ProofKind(models.TextChoices):
    CODE = "code", _("Code on a slip")
    RECEIPT = "receipt", _("Receipt number")
