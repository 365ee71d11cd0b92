"""Templates of answers, and what the citizen says of the answer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.enums import Contentment
from complaints.models import AnswerTemplate, Complaint, Satisfaction
from complaints.permissions import keeps_templates, may_keep_template, may_say_contentment
from complaints.stepping import locked, need
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.transitions import StepRefused

# So long a citizen may change what he said of the answer.
CHANGEABLE = timedelta(days=14)


@transaction.atomic
def save_template(
    *,
    by: Membership,
    unit: Unit | None,
    title: str,
    text: str,
    template: AnswerTemplate | None = None,
) -> AnswerTemplate:
    """A new one, or another wording. `unit` is None for the whole government."""
    need(title, _("Write the title."), "title")
    need(text, _("Write the text."), "text")
    row = template or AnswerTemplate(government_id=by.government_id, unit=unit)
    if not (keeps_templates(by) and may_keep_template(by, row)) or row.ended_at:
        raise StepRefused(_("Your role does not include this template."))
    same = AnswerTemplate.objects.filter(
        government_id=row.government_id, unit=row.unit, title=title, ended_at=None
    )
    need(
        not same.exclude(pk=row.pk).exists(),
        _("A template of this title is already there."),
        "title",
    )
    row.title, row.text = title, text
    row.save()
    ledger.record("answer_template.saved", row, by=by, codes={"unit": row.unit_id})
    return row


@transaction.atomic
def end_template(*, by: Membership, template: AnswerTemplate, now: datetime) -> AnswerTemplate:
    """It is offered no more; what was written with it stays."""
    if not may_keep_template(by, template):
        raise StepRefused(_("Your role does not include this template."))
    if template.ended_at is None:
        template.ended_at = now
        template.save(update_fields=["ended_at"])
        ledger.record("answer_template.ended", template, by=by)
    return template


@transaction.atomic
def say_contentment(*, complaint: Complaint, level: str, words: str, now: datetime) -> Satisfaction:
    """The citizen, holding the code; to be changed for two weeks."""
    need(level in Contentment.values, _("Choose one of the answers."), "level")
    row = locked(complaint)
    if not may_say_contentment(row):
        raise StepRefused(_("There is no answer yet."))
    said = Satisfaction.objects.filter(complaint=row).first()
    if said and now > said.given_at + CHANGEABLE:
        raise StepRefused(_("What you said of the answer can no longer be changed."))
    said = said or Satisfaction(
        complaint=row, government_id=row.government_id, given_at=now, changed_at=now
    )
    said.level, said.words, said.changed_at = level, words, now
    said.save()
    ledger.record(
        "satisfaction.said", said, by=None, government_id=row.government_id, codes={"level": level}
    )
    return said
