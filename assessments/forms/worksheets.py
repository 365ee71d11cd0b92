"""Forms of a work-sheet: one question, its conflicts, sharing out, opening, steps, messages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _

from assessments.answering import MOST, Said
from assessments.enums import Assessor, Audience
from assessments.instrument import QuestionText
from assessments.models import Answer, IntegrityZone, ReviewMinutes, Worksheet
from assessments.queries.worksheet_opening import YearToOpen
from assessments.scoring import ScaleKind, ZeroRule
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)

VERSIONS = 2**31 - 1


class WholeField(DecimalField):
    """A count: nothing is not zero."""

    default_error_messages = {
        name: _("Enter a whole number, for example 12.")
        for name in ("invalid", "english", "whole", "small", "big")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"minimum": 0, "maximum": MOST, "places": 0, **kwargs})


class AnswerForm(forms.Form):
    """One assessor's answer to one question; carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=VERSIONS)
    # Whose answer the page showed: it is never written as another side's.
    side = forms.ChoiceField(widget=forms.HiddenInput, choices=Assessor.choices, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        question: QuestionText,
        assessor: str,
        answer: Answer | None = None,
    ) -> None:
        super().__init__(
            data,
            auto_id=f"id_{question.code}_%s",
            initial=None if data is not None else {**initial_of(answer), "side": assessor},
        )
        self.question = question
        self.fields.update(_asked(question))
        self.fields["note"] = LongTextField(
            label=_("Explanation"),
            limit=4000,
            rows=2,
            required=False,
            help_text=_("What an assessor should know; where it stands in the proof."),
        )
        if assessor != Assessor.UNIT:
            self.fields["reason"] = LongTextField(
                label=_("Why the score differs"),
                limit=2000,
                rows=2,
                required=False,
                help_text=_("Needed when your score is not that of the unit."),
            )
        self.helper = PortalFormHelper(self, form_tag=False, mark_optional=False)
        self.helper.disable_csrf = True

    def said(self) -> Said:
        """What was typed, as the action wants it."""
        values = self.cleaned_data
        counts = {
            count.key: str(int(values[f"count_{count.key}"]))
            for count in self.question.counts
            if values.get(f"count_{count.key}") is not None
        }
        return Said(
            option=values.get("option", ""),
            counts=counts,
            index=values.get("index"),
            zero_as=values.get("zero_as", ""),
            note=values["note"],
            reason=values.get("reason", ""),
        )

    def refuse(self, field: str, sentence: str) -> None:
        """A refusal of the action, at the field that it names."""
        name = field if field in self.fields else f"count_{field}"
        self.add_error(name if name in self.fields else None, sentence)

    def overwrite_version(self, version: int) -> None:
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


def _asked(question: QuestionText) -> dict[str, forms.Field]:
    """The fields of its scale. Nothing is required: a sheet is filled bit by bit."""
    if question.scale.kind is ScaleKind.OPTIONS:
        choices = [(row.code, _labelled(row.code, str(row.text))) for row in question.options]
        return {"option": RadioField(label=_("Answer"), choices=choices, required=False)}
    if question.scale.kind is ScaleKind.INDEX:
        return {
            "index": DecimalField(
                label=_("Index or score"),
                minimum=0,
                maximum=question.scale.highest,
                places=4,
                required=False,
                help_text=_("With a decimal comma, for example 3,65."),
            )
        }
    fields: dict[str, forms.Field] = {
        f"count_{count.key}": WholeField(label=str(count.text), required=False)
        for count in question.counts
    }
    if question.asked.ratio and question.asked.ratio.zero is ZeroRule.ASK:
        fields["zero_as"] = RadioField(
            label=_("If every count is 0"),
            choices=[
                ("", _("not settled yet: counts as 0")),
                (ZeroRule.FULL, _("counts in full: there was nothing to do")),
                (ZeroRule.NONE, _("counts as 0")),
            ],
            required=False,
        )
    return fields


def _labelled(code: str, text: str) -> SafeString:
    if text == code:
        return format_html("{}", code)
    return format_html("<b>{}</b> {}", code, text)


def initial_of(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"version": 0}
    counts = {f"count_{key}": Decimal(value) for key, value in answer.counts.items()}
    names = ("version", "option", "index", "zero_as", "note", "reason")
    return {**{name: getattr(answer, name) for name in names}, **counts}


class OpenForm(forms.Form):
    """For which year, and whether last year's answers come along."""

    year = SelectField(label=_("Year that is assessed"), choices=())
    carry = RadioField(label=_("Begin with"), choices=(), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        years: Iterable[YearToOpen],
        sources: Iterable[Worksheet],
        zone: IntegrityZone,
    ) -> None:
        super().__init__(data)
        self.fields["year"].choices = [(str(row.year), _year_words(row)) for row in years]  # type: ignore[attr-defined]
        earlier = [(str(sheet.pk), _source_words(sheet, zone)) for sheet in sources]
        if earlier:
            self.fields["carry"].choices = [("", _("An empty sheet")), *earlier]  # type: ignore[attr-defined]
            self.fields["carry"].help_text = _(
                "Answers and proofs come along; each one is marked until somebody has reviewed it."
            )
        else:
            del self.fields["carry"]
        self.helper = PortalFormHelper(self, submit=_("Open the work-sheet"))


def _year_words(row: YearToOpen) -> str:
    if not row.edition.is_history:
        return str(row.year)
    words = gettext("%(year)d, for history: area totals of %(instrument)s")
    return words % {"year": row.year, "instrument": row.edition.instrument.short}


def _source_words(sheet: Worksheet, zone: IntegrityZone) -> str:
    """Its year, with what tells it from a sheet of this zone."""
    if sheet.zone_id == zone.pk:
        return sheet.year_text
    return f"{sheet.year_text} · {sheet.zone.unit.label} · {sheet.zone.get_target_display()}"


class ShareForm(forms.Form):
    """Who answers the ticked parts until when."""

    parts = forms.MultipleChoiceField(
        error_messages={"required": _("Tick at least one part or question.")}
    )
    assignee = SelectField(label=_("Who answers"), choices=(), required=False)
    due_on = DateField(
        label=_("Until"), required=False, help_text=_("For example 21 November 2026.")
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        codes: list[str],
        people: list[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.fields["parts"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self.fields["assignee"].choices = [("", _("Nobody in particular")), *people]  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, form_tag=False)


class NoteForm(forms.Form):
    """A step that needs, or may have, a word with it. `name`: which one."""

    name = ""
    note = LongTextField(label=_("Message"), limit=2000, rows=3)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        submit: Any,
        action: str = "",
        required: bool = True,
        silent: bool = False,
        prefix_id: str = "",
    ) -> None:
        super().__init__(data, auto_id=f"id_{prefix_id}%s")
        self.fields["note"].required = required
        if silent:
            del self.fields["note"]
        self.helper = PortalFormHelper(self, submit=submit, action=action)


class MessageForm(forms.Form):
    """In the thread of a question. `form_key`: a second press sends once; `name`: which verb."""

    name = ""
    heading: Any = ""
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(label=_("Message"), limit=2000, rows=3)
    audience = RadioField(label=_("Who reads it"), choices=Audience.choices)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        action: str,
        submit: Any,
        may_hide: bool = False,
        prefix_id: str = "",
    ) -> None:
        first = {"form_key": uuid4(), "audience": Audience.EVERYBODY}
        auto_id = f"id_{prefix_id}%s"
        super().__init__(data, auto_id=auto_id, initial=None if data is not None else first)
        if not may_hide:
            del self.fields["audience"]
        self.helper = PortalFormHelper(self, submit=submit, action=action)


class TpnLetterForm(forms.Form):
    """The ministry's letter with the scores of the TPN."""

    number = ShortTextField(label=_("Number of the letter"), limit=80)
    dated_on = DateField(label=_("Date of the letter"))
    scan = FileField(label=_("Scan of the letter"), kinds=_("PDF, JPEG, PNG or WebP"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Record the letter"))


class MinutesForm(forms.Form):
    """Where and when both sides met on an approval."""

    number = ShortTextField(label=_("Number of the berita acara"), limit=80)
    held_on = DateField(label=_("Date"))
    place = ShortTextField(label=_("Place"), limit=150)
    notes = LongTextField(label=_("Notes"), limit=3000, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Make the berita acara"))


class MinutesScanForm(forms.Form):
    """The sheet that both sides signed in ink."""

    scan = FileField(label=_("Scan of the signed sheet"), kinds=_("PDF, JPEG, PNG or WebP"))

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Keep the scan"), action=action)

    @classmethod
    def for_(cls, minutes: ReviewMinutes | None, *args: Any) -> "MinutesScanForm":
        address = reverse("assessments:minutes_scan_new", args=[minutes.pk]) if minutes else ""
        return cls(*args, action=address)
