"""The steps of the public page. Sentences say what to do; hardly anything is required."""

from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from complaints.codes import normalise_code
from complaints.enums import ComplaintKind, Disclosure
from integrity_portal.core.forms import (
    LongTextField,
    NameField,
    PortalFormHelper,
    RadioField,
    ShortTextField,
)
from opd.enums import IdentifierKind
from opd.forms.fields import Rewritable
from opd.identity import normalise

UNKNOWN = "unknown"
ABOUT_THE_REPORTER = ("name", "contact")
Groups = list[tuple[str, list[tuple[int, str]]]]


def kind_choices() -> list[tuple[str, str]]:
    return [
        (
            ComplaintKind.COMPLAINT.value,
            _option(
                gettext("Complaint"),
                gettext("Bad service, an illegal levy, something broken, an impolite officer."),
            ),
        ),
        (
            ComplaintKind.ASPIRATION.value,
            _option(gettext("Suggestion"), gettext("An idea how something could be better.")),
        ),
        (
            ComplaintKind.INFORMATION.value,
            _option(
                gettext("Request for information"),
                gettext("A question about a service, its conditions, cost or hours."),
            ),
        ),
    ]


def offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Choices that depend on the language, the day or the government."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    field.choices = choices


def unit_select(groups: Groups, *, unknown: str = "") -> list[tuple[Any, Any]]:
    first = [(UNKNOWN, unknown)] if unknown else []
    return [("", gettext("Choose from the list…")), *first, *groups]


def _option(label: str, hint: str) -> str:
    return format_html("{}<small>{}</small>", label, hint)


class WhatForm(forms.Form):
    kind = RadioField(
        label=_("What do you want to send?"),
        error_messages={"required": _("Choose what you want to send.")},
    )
    story = LongTextField(
        label=_("Tell what happened, or what you ask or suggest"),
        help_text=_(
            "In your own words. Do not write identity numbers, passwords or account numbers."
        ),
        limit=10000,
        rows=8,
        error_messages={"required": _("Tell what happened, or what you ask or suggest.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", kind_choices())
        self.helper = PortalFormHelper(submit=gettext("Continue"))


class WhoForm(forms.Form):
    disclosure = RadioField(
        label=_("Who may know that it was you?"),
        error_messages={"required": _("Choose who may know that it was you.")},
    )
    name = NameField(
        label=_("Your name"),
        help_text=_("If you choose anonymous, what stands here is thrown away."),
        required=False,
    )
    contact = ShortTextField(
        label=_("Mobile number or e-mail"),
        help_text=_(
            "The unit's officer can ask you there, and we tell you there that there is an answer. "
            "If you choose anonymous, it is thrown away."
        ),
        limit=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            (
                Disclosure.ANONYMOUS.value,
                _option(
                    gettext("Nobody: anonymous"),
                    gettext(
                        "Your name is not kept. Nobody can open it, because it is not there. What "
                        "you tell may still show who you are."
                    ),
                ),
            ),
            (
                Disclosure.KNOWN.value,
                _option(
                    gettext("Only the unit that handles it"),
                    gettext(
                        "Its officer can open your name and contact, must give a reason, and that "
                        "is recorded."
                    ),
                ),
            ),
        ]
        offer(self, "disclosure", levels)
        self.helper = PortalFormHelper(submit=gettext("Continue"))
        self.helper.layout = Layout(*when_known(self.fields))

    def clean_contact(self) -> str:
        return clean_contact(self.cleaned_data["contact"])

    def clean(self) -> dict[str, Any]:
        """Nothing is asked of, complained about or kept of somebody anonymous."""
        cleaned = super().clean() or {}
        if cleaned.get("disclosure") == Disclosure.ANONYMOUS:
            for name in ABOUT_THE_REPORTER:
                self.errors.pop(name, None)
                cleaned[name] = ""
        refuse_nobody(self)
        return cleaned


def when_known(names: Iterable[str]) -> list[Any]:
    """The fields in this order; a style sheet hides those that nobody anonymous is asked."""
    return [
        Field(name, wrapper_class="when-known") if name in ABOUT_THE_REPORTER else name
        for name in names
    ]


def clean_contact(text: str) -> str:
    """A number as +62…, an address in lower case."""
    found = normalise(text) if text else None
    if text and (found is None or found[0] == IdentifierKind.NIP):
        raise ValidationError(
            gettext("Write a mobile number such as 0812 3456 7890, or an e-mail address.")
        )
    return found[1] if found else ""


def refuse_nobody(form: forms.Form) -> None:
    """To be known, one has to be named or reachable."""
    cleaned = form.cleaned_data
    known = cleaned.get("disclosure") == Disclosure.KNOWN
    if known and not {"name", "contact"} & set(form.errors):
        if not (cleaned.get("name") or cleaned.get("contact")):
            form.add_error(
                "name", gettext("Write your name or a contact, or choose to stay anonymous.")
            )


class StickerForm(Rewritable):
    """What is wrong with a poster; the words stand there already."""

    ticket = forms.CharField(widget=forms.HiddenInput)
    story = LongTextField(
        label=_("What did you see?"),
        help_text=_("Add where the sticker leads to, if you know it."),
        limit=2000,
        rows=4,
        error_messages={"required": _("Write what you saw.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=gettext("Send the report"))


class CodeForm(forms.Form):
    """Takes the code in whatever way it was grouped."""

    code = ShortTextField(
        label=_("The code of 16 digits"),
        help_text=_("For example 1234 5678 9012 3456. Spaces do not matter."),
        limit=60,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": "false",
                "class": "code-box",
            }
        ),
        error_messages={"required": _("Enter the code of 16 digits.")},
    )

    def __init__(self, *args: Any, submit: str = "", label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["code"].label = label
        self.helper = PortalFormHelper(submit=submit or gettext("Open my report"))

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(gettext("The code has 16 digits. Check it and enter it again."))
        return code


class CitizenTextForm(forms.Form):
    """`report` says, readable only here, which report the text was written for."""

    report = forms.CharField(widget=forms.HiddenInput, required=False)
    text = LongTextField(label=_("Your message"), limit=5000, rows=5)

    def __init__(
        self, *args: Any, label: str, submit: str, required: str, action: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label = label
        field.error_messages["required"] = required
        self.helper = PortalFormHelper(submit=submit, action=action)
