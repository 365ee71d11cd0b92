"""The survey as citizens see it: large choices, one page, hardly anything required."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _

from assessments.actions.survey_answers import COMMENT_LIMIT, Given
from assessments.enums import SurveyDoor
from assessments.models import SurveyRound, SurveyService
from assessments.survey_instruments import Item, Survey
from assessments.survey_rules import NOT_KNOWN
from integrity_portal.core.forms import (
    LongTextField,
    RadioField,
    SelectField,
    ShortTextField,
)


class SurveyForm(forms.Form):
    """`items`, `about` (the service) and `profile` name the fields that the template groups."""

    use_required_attribute = False
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    comment = LongTextField(
        label=_("What should be better?"),
        help_text=_("If you like. No names and no identity numbers, please."),
        limit=COMMENT_LIMIT,
        rows=4,
        required=False,
    )
    proof = ShortTextField(
        label=_("Your code"),
        limit=60,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "form-control code-box",
            }
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        round: SurveyRound,
        survey: Survey,
        services: list[SurveyService],
    ) -> None:
        super().__init__(data, initial={"form_key": uuid4()})
        self.survey = survey
        self.has_services = len(services) > 1
        if self.has_services:
            names = [("", gettext("Choose from the list…")), *((s.pk, s.name) for s in services)]
            self.fields["service"] = SelectField(
                label=gettext("Which service did you use?"), choices=names, required=False
            )
        for item in survey.items:
            self.fields[item.code] = _judged(item, survey)
        for question in survey.profile:
            choices = [("", gettext("Rather not say")), *question.options.items()]
            self.fields[f"profile_{question.code}"] = SelectField(
                label=str(question.text), choices=choices, required=False
            )
        self.fields["proof"].help_text = (
            gettext("It stands on your slip; or type the number of your receipt.")
            if round.door == SurveyDoor.PROOF
            else gettext("If you have a slip or a receipt. Without it your answer counts apart.")
        )
        self._dress()

    def _dress(self) -> None:
        """What crispy would add: the template writes this form by hand, to stay light."""
        for name, field in self.fields.items():
            if isinstance(field, RadioField) or field.widget.is_hidden:
                continue
            shape = "form-select" if isinstance(field, SelectField) else "form-control"
            field.widget.attrs.setdefault("class", shape)
            told = [f"id_{name}_helptext"] if field.help_text else []
            told += [f"id_{name}_error"] if self.is_bound and name in self.errors else []
            if told:
                field.widget.attrs["aria-describedby"] = " ".join(told)

    @property
    def items(self) -> list[forms.BoundField]:
        return [self[item.code] for item in self.survey.items]

    @property
    def profile(self) -> list[forms.BoundField]:
        return [self[f"profile_{question.code}"] for question in self.survey.profile]

    def given(self) -> Given:
        values = self.cleaned_data
        return Given(
            answers={item.code: int(values[item.code]) for item in self.survey.items},
            form_key=str(values["form_key"]),
            proof=values["proof"],
            service=int(values["service"]) if values.get("service") else None,
            profile={
                question.code: values[f"profile_{question.code}"]
                for question in self.survey.profile
                if values[f"profile_{question.code}"]
            },
            comment=values["comment"],
        )

    def refuse(self, field: str, sentence: str) -> None:
        self.add_error(field if field in self.fields else None, sentence)
        self._dress()


def _judged(item: Item, survey: Survey) -> forms.ChoiceField:
    """Best answer first, as people read; "I do not know" last."""
    choices: list[tuple[str, Any]] = [
        (str(number), _said(str(number), word))
        for number, word in reversed(list(enumerate(survey.words, start=1)))
    ]
    unknown = gettext("I do not know, or it does not apply")
    wanted = gettext("Choose an answer: %(title)s.") % {"title": item.title}
    return RadioField(
        label=str(item.text),
        choices=[*choices, (str(NOT_KNOWN), _said("–", unknown))],
        error_messages={"required": wanted, "invalid_choice": wanted},
    )


def _said(mark: str, word: Any) -> SafeString:
    return format_html("<b>{}</b><small>{}</small>", mark, word)
