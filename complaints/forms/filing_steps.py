"""The public steps, the suggestion box, following, and the lost code. One topic on each page."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from crispy_forms.layout import HTML, Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from complaints.enums import ComplaintKind
from complaints.forms.public import (
    Groups,
    WhatForm,
    WhoForm,
    clean_contact,
    offer,
    unit_select,
    when_known,
)
from integrity_portal.core.files import TESTIMONY
from integrity_portal.core.forms import (
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from integrity_portal.core.several_files import SeveralFilesField

YES, NO, NOT_SURE = "yes", "no", "unknown"
POSITION = re.compile(r"-?\d{1,2}(?:\.\d{1,12})?,-?\d{1,3}(?:\.\d{1,12})?")
# Four decimals of a degree are eleven metres: enough for a hole in the road.
GRID = Decimal("0.0001")
PRIVATE_BOX = {"autocomplete": "off", "autocapitalize": "none"}


class WhatStep(WhatForm):
    """Whether an officer is accused is asked of complaints only; a style sheet hides it elsewhere."""

    accuses_officer = RadioField(
        label=_("Is it about an officer?"),
        help_text=_("Then that officer's own unit does not handle the report."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [(YES, gettext("Yes")), (NO, gettext("No")), (NOT_SURE, gettext("I do not know"))]
        offer(self, "accuses_officer", answers)
        self.helper.layout = Layout(
            "kind", Field("accuses_officer", wrapper_class="when-complaint"), "story"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") != ComplaintKind.COMPLAINT:
            self.errors.pop("accuses_officer", None)
            cleaned["accuses_officer"] = ""
        return cleaned


class WhereStep(forms.Form):
    """`found` says what a search by name found; the list then holds only that."""

    find = ShortTextField(
        label=_("Search by name"),
        help_text=_("A part of the name is enough; old and short names work too."),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unit = SelectField(
        label=_("Which office is it about?"),
        help_text=_("An office, district, hospital, health centre or school."),
        error_messages={
            "required": _("Choose the office, or choose “I do not know”."),
            "invalid_choice": _("Choose an office from the list, or choose “I do not know”."),
        },
    )
    region = SelectField(
        label=_("In which district or village?"),
        required=False,
        error_messages={
            "invalid_choice": _("Choose a district from the list, or choose “I do not know”.")
        },
    )
    where_text = ShortTextField(
        label=_("Where exactly?"),
        help_text=_("For example counter 3 on the first floor, or the name of the street."),
        limit=300,
        required=False,
    )
    when_text = ShortTextField(
        label=_("When?"),
        help_text=_("For example 12 November 2026, or “since last month”."),
        limit=200,
        required=False,
    )
    # Shown by the page's own pieces: what the phone gave, the poster, the meeting; each can be unticked.
    position = forms.CharField(required=False, max_length=60)
    at_place = forms.BooleanField(required=False)
    at_meeting = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        groups: Groups,
        regions: Groups,
        found: str = "",
        with_search: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        unknown = gettext("I do not know")
        offer(self, "unit", unit_select(groups, unknown=unknown))
        offer(self, "region", [("", unknown), *regions])
        search = ["find", Submit("search", gettext("Search"), css_class="quiet compact")]
        origin = HTML("{% include 'complaints/public/origin.html' %}")
        position = HTML("{% include 'complaints/public/position.html' %}")
        self.helper = PortalFormHelper(submit=gettext("Continue"))
        self.helper.layout = Layout(
            origin,
            *(search if with_search else []),
            "unit",
            *(["region"] if regions else []),
            "where_text",
            position,
            "when_text",
        )
        if not with_search:
            del self.fields["find"]

    def clean_position(self) -> str:
        """Rounded; what is no position is none, since nobody types it."""
        return rounded(self.cleaned_data["position"])


def rounded(text: str) -> str:
    if not POSITION.fullmatch(text):
        return ""
    try:
        latitude, longitude = (Decimal(part).quantize(GRID) for part in text.split(","))
    except InvalidOperation:
        return ""
    return f"{latitude},{longitude}" if abs(latitude) <= 90 and abs(longitude) <= 180 else ""


class EvidenceStep(forms.Form):
    """`left`: how many more may come."""

    files = SeveralFilesField(  # type: ignore[assignment]
        label=_("Photos, PDF or recordings"),
        accept=(
            "image/jpeg,image/png,image/webp,application/pdf,"
            "audio/*,.mp3,.m4a,.aac,.ogg,.opus,.wav,.amr"
        ),
        max_bytes=TESTIMONY.max_bytes,
    )

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = gettext(
            "JPEG, PNG, WebP, PDF, MP3, M4A, AAC, OGG, WAV or AMR; each at most 10 MB, five in all."
        )
        self.helper = PortalFormHelper(submit=gettext("Continue"))
        add = Submit("add", gettext("Add"), css_class="quiet compact")
        self.helper.layout = Layout(*(["files", add] if left else []))


class WhoStep(WhoForm):
    """`notice` is the one thing somebody anonymous may leave."""

    notice = ShortTextField(
        label=_("Tell me when there is an answer"),
        help_text=_(
            "Mobile number or e-mail. We write only that there is an answer, never what it says. "
            "Nobody who handles the report sees it, it is used for nothing else, and it is erased "
            "when the report is closed."
        ),
        limit=120,
        required=False,
        widget=forms.TextInput(attrs=PRIVATE_BOX),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = when_known(name for name in self.fields if name != "notice")
        proof = HTML("{% include 'complaints/public/proof.html' %}")
        self.helper.layout = Layout(*rows, Field("notice", wrapper_class="when-anonymous"), proof)

    def clean_notice(self) -> str:
        return clean_contact(self.cleaned_data["notice"])

    def clean(self) -> dict[str, Any]:
        """Of somebody known there is a contact; what a hidden box held is not kept twice."""
        cleaned = super().clean()
        if cleaned.get("disclosure") != "anonymous":
            self.errors.pop("notice", None)
            cleaned["notice"] = ""
        return cleaned


class SuggestionForm(forms.Form):
    """The suggestion box: one short page."""

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    story = LongTextField(
        label=_("Your suggestion"),
        help_text=_("What could be better, and how?"),
        limit=5000,
        rows=6,
        error_messages={"required": _("Write your suggestion.")},
    )
    unit = SelectField(
        label=_("For which office?"),
        error_messages={
            "required": _("Choose the office, or choose “I do not know”."),
            "invalid_choice": _("Choose an office from the list, or choose “I do not know”."),
        },
    )
    notice = ShortTextField(
        label=_("Tell me when there is an answer"),
        help_text=_(
            "Mobile number or e-mail; empty if you want to stay unknown. It is used for nothing "
            "else and erased when the suggestion is closed."
        ),
        limit=120,
        required=False,
        widget=forms.TextInput(attrs=PRIVATE_BOX),
    )

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", unit_select(groups, unknown=gettext("I do not know")))
        proof = HTML("{% include 'complaints/public/proof.html' %}")
        self.helper = PortalFormHelper(submit=gettext("Send the suggestion"))
        self.helper.layout = Layout("ticket", "story", "unit", "notice", proof)

    def clean_notice(self) -> str:
        return clean_contact(self.cleaned_data["notice"])


class FollowForm(forms.Form):
    """Which of the reports, and where to say that there is an answer."""

    report = RadioField(
        label=_("Which one is yours too?"),
        error_messages={"required": _("Choose the report that you want to follow.")},
    )
    notice = ShortTextField(
        label=_("Tell me when there is an answer"),
        help_text=_("Mobile number or e-mail; may stay empty. It is used for nothing else."),
        limit=120,
        required=False,
        widget=forms.TextInput(attrs=PRIVATE_BOX),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "report", choices)
        self.helper = PortalFormHelper(submit=gettext("Follow this report"))

    def clean_notice(self) -> str:
        return clean_contact(self.cleaned_data["notice"])


class ResendForm(forms.Form):
    """Where the reporter was told that there is an answer; nothing else is looked up."""

    contact = ShortTextField(
        label=_("The mobile number or e-mail that you left"),
        limit=120,
        widget=forms.TextInput(attrs=PRIVATE_BOX),
        error_messages={"required": _("Enter the mobile number or e-mail that you left.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=gettext("Send a new code"))

    def clean_contact(self) -> str:
        contact = clean_contact(self.cleaned_data["contact"])
        if not contact:
            raise ValidationError(self.fields["contact"].error_messages["required"])
        return contact
