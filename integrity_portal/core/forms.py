"""One look and one behaviour for every form: helper, fields, sentences that say what to do."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy as _

from integrity_portal.core.formatting import date_id, filesize_id, number_id
from integrity_portal.core.parsing import (
    EnglishNumber,
    NotUnderstood,
    clean_text,
    parse_date,
    parse_number,
)


class PortalFormHelper(FormHelper):  # type: ignore[misc]
    """`PortalFormHelper(submit=_("Save"))`; without `submit` the template writes its own buttons.

    `mark_optional=False` for filters, where nothing is required anyway.
    """

    def __init__(
        self,
        form: forms.BaseForm | None = None,
        *,
        submit: Any = "",
        form_tag: bool = True,
        method: str = "post",
        action: str = "",
        mark_optional: bool = True,
    ) -> None:
        super().__init__(form)
        self.form_tag = form_tag
        self.form_method = method
        self.form_action = action
        self.disable_csrf = method.lower() != "post"
        self.include_media = False
        self.attrs = {"novalidate": ""}
        self.hide_optional = not mark_optional
        if submit:
            self.add_input(Submit("", submit))


class LocalText(forms.TextInput):
    """A text box that shows a value as Indonesians write it and sends back what was typed."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, numeric: bool = True) -> None:
        base = {"inputmode": "decimal"} if numeric else {}
        super().__init__({**base, "autocomplete": "off", **(attrs or {})})


class DateField(forms.Field):
    """A day, written in any of the ways people write it."""

    widget = LocalText(attrs={"class": "short", "inputmode": "text"}, numeric=False)
    default_error_messages = {
        "required": _("Enter the date, for example 21 November 2026 or 21/11/2026."),
        "invalid": _(
            "Write the date as day, month, year, for example 21 November 2026 or 21/11/2026."
        ),
        "early": _("The date must be %(limit)s or later."),
        "late": _("The date must be %(limit)s or earlier."),
    }

    def __init__(
        self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any
    ) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return date_id(value) if isinstance(value, date | datetime) else value

    def to_python(self, value: Any) -> date | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except NotUnderstood:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        earliest = self.earliest or date(1900, 1, 1)
        latest = self.latest or date(2199, 12, 31)
        if value < earliest:
            raise ValidationError(
                self.error_messages["early"], code="early", params={"limit": date_id(earliest)}
            )
        if value > latest:
            raise ValidationError(
                self.error_messages["late"], code="late", params={"limit": date_id(latest)}
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class DecimalField(forms.Field):
    """A number in Indonesian notation; never guesses what `1,234.56` was meant to be."""

    widget = LocalText(attrs={"class": "short"})
    unit = ""
    default_error_messages = {
        "required": _("Enter a number, for example 1.234,56."),
        "invalid": _("Write a number with digits only, for example 1.234,56."),
        "english": _(
            "Write the number the Indonesian way: a comma before the decimals "
            "and dots between thousands, for example 1.234,56."
        ),
        "small": _("The number must be %(limit)s or more."),
        "big": _("The number must be %(limit)s or less."),
        "places": _("Write at most %(places)s digits after the comma."),
        "whole": _("Write a whole number, without a comma."),
    }

    def __init__(
        self,
        *,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        places: int = 2,
        digits: int = 18,
        **kwargs: Any,
    ) -> None:
        self.minimum = None if minimum is None else Decimal(minimum)
        self.maximum = Decimal(10) ** (digits - places) - 1 if maximum is None else Decimal(maximum)
        self.places = places
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
            number = Decimal(str(value))
            exponent = number.normalize().as_tuple().exponent if number.is_finite() else 0
            return number_id(number, max(0, -exponent if isinstance(exponent, int) else 0))
        return value

    def _typed(self, value: str) -> str:
        return value

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return Decimal(value)
        try:
            return parse_number(self._typed(str(value)))
        except EnglishNumber:
            raise ValidationError(self.error_messages["english"], code="english") from None
        except NotUnderstood:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        limits = (("small", self.minimum, -1), ("big", self.maximum, 1))
        for code, limit, direction in limits:
            if limit is not None and (value - limit) * direction > 0:
                said = number_id(limit, 0 if limit == limit.to_integral_value() else self.places)
                raise ValidationError(self.error_messages[code], code=code, params={"limit": said})
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            code = "places" if self.places else "whole"
            raise ValidationError(
                self.error_messages[code], code=code, params={"places": self.places}
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class PercentField(DecimalField):
    """0 to 100; `71,5 %` and `71,5` are the same."""

    unit = "%"
    widget = LocalText(attrs={"class": "tiny"})
    default_error_messages = {
        "required": _("Enter a percentage from 0 to 100, for example 71,5."),
        "invalid": _("Write a percentage from 0 to 100, for example 71,5."),
        "small": _("The percentage must be %(limit)s or more."),
        "big": _("The percentage must be %(limit)s or less."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"minimum": 0, "maximum": 100, **kwargs})

    def _typed(self, value: str) -> str:
        return value.strip().removesuffix("%")


class RupiahField(DecimalField):
    """An amount of money; `Rp 1.250.000` and `1250000` are the same."""

    unit = "Rp"
    default_error_messages = {
        "required": _("Enter the amount in rupiah, for example 1.250.000."),
        "invalid": _("Write the amount in rupiah with digits, for example 1.250.000."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"minimum": 0, "places": 2, **kwargs})

    def _typed(self, value: str) -> str:
        text = value.strip()
        for mark in ("Rp.", "Rp", "rp.", "rp", "RP", "IDR"):
            if text.startswith(mark):
                text = text.removeprefix(mark)
                break
        return text.strip().removesuffix(",-")


class LongTextField(forms.Field):
    """Several lines of text with a limit counted as people count: in characters."""

    shows_limit = True
    default_error_messages = {
        "required": _("Write the text."),
        "long": _("The text has %(count)s characters; shorten it to at most %(limit)s."),
    }

    def __init__(self, *, limit: int = 5000, rows: int = 5, **kwargs: Any) -> None:
        self.limit = limit
        attrs = {"rows": rows, "data-portal-limit": limit}
        super().__init__(**{"widget": forms.Textarea(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> str:
        return clean_text(str(value), lines=True) if value is not None else ""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.limit:
            params = {"count": number_id(len(value), 0), "limit": number_id(self.limit, 0)}
            raise ValidationError(self.error_messages["long"], code="long", params=params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class ShortTextField(LongTextField):
    """One line of text."""

    shows_limit = False

    def __init__(self, *, limit: int = 200, **kwargs: Any) -> None:
        super().__init__(**{"limit": limit, "widget": forms.TextInput(), **kwargs})

    def to_python(self, value: Any) -> str:
        return clean_text(str(value), lines=False) if value is not None else ""


class NameField(ShortTextField):
    """A person's name as they write it: one word is a name, and so is one with marks or digits."""

    default_error_messages = {
        "required": _("Enter the name. One word is enough."),
        "letters": _("Enter the name with letters."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"})
        super().__init__(**{"limit": 150, "widget": widget, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not any(letter.isalpha() for letter in value):
            raise ValidationError(self.error_messages["letters"], code="letters")


class PortalFileInput(forms.FileInput):
    """The browser's own file box. The limit is said before a big file is sent over a bad line."""

    def __init__(self, *, accept: str, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        super().__init__({"accept": accept, "data-portal-max-bytes": max_bytes})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        sentence = gettext("%%s is too big. The file may have at most %(limit)s.")
        said = sentence % {"limit": filesize_id(self.max_bytes)}
        return super().get_context(name, value, {**(attrs or {}), "data-portal-too-big": said})


class FileField(forms.FileField):
    """A file of a known kind and size. What is really inside is checked where it is stored."""

    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("The file is empty. Choose another one."),
        "missing": _("No file arrived. Choose the file again."),
        "invalid": _("No file arrived. Choose the file again."),
        "max_length": _(
            "The file's name is too long (%(length)d characters). Shorten it to %(max)d."
        ),
        "big": _(
            "The file has %(size)s; it may have at most %(limit)s. Make it smaller or split it."
        ),
    }

    def __init__(
        self,
        *,
        accept: str = ".pdf,image/jpeg,image/png,image/webp",
        max_bytes: int = 10 * 1024 * 1024,
        kinds: Any = "",
        **kwargs: Any,
    ) -> None:
        self.max_bytes = max_bytes
        self.kinds = kinds
        widget = PortalFileInput(accept=accept, max_bytes=max_bytes)
        super().__init__(**{"widget": widget, "max_length": 200, **kwargs})
        if kinds and not self.help_text:
            self.help_text = format_lazy(
                _("{kinds}, at most {limit}."), kinds=kinds, limit=filesize_id(max_bytes)
            )

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        size = getattr(data, "size", 0) or 0
        if data and size > self.max_bytes:
            params = {"size": filesize_id(size), "limit": filesize_id(self.max_bytes)}
            raise ValidationError(self.error_messages["big"], code="big", params=params)
        return cleaned


class RadioField(forms.ChoiceField):
    """One of a few, all of them visible."""

    widget = forms.RadioSelect
    default_error_messages = {
        "required": _("Choose one of the answers."),
        "invalid_choice": _("Choose one of the answers shown."),
    }


class Select(forms.Select):
    """Django's own element, without a template for each option: a province offers hundreds of units."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = set(self.format_value(value))
        written = [
            (self._group(key, content, chosen),)
            if isinstance(content, list | tuple)
            else (self._options([(key, content)], chosen),)
            for key, content in self.choices
        ]
        every = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", every, format_html_join("", "{}", written))

    def _group(self, label: Any, options: Any, chosen: set[str]) -> SafeString:
        return format_html(
            '<optgroup label="{}">{}</optgroup>', label, self._options(options, chosen)
        )

    def _options(self, options: Any, chosen: set[str]) -> SafeString:
        rows = (
            (
                "" if key is None else key,
                " selected" if str("" if key is None else key) in chosen else "",
                label,
            )
            for key, label in options
        )
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class SelectField(forms.ChoiceField):
    """One of many."""

    widget = Select
    default_error_messages = {
        "required": _("Choose one from the list."),
        "invalid_choice": _("Choose one from the list."),
    }
