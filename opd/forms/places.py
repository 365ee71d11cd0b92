"""Forms of places and posters."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import (
    DateField,
    FileField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.actions.places import PlaceFacts
from opd.enums import CheckResult, PlaceKind
from opd.forms.directives import ProofMixin
from opd.forms.fields import OptionalSelect
from opd.models import Place, Unit

PHOTO_ACCEPT = "image/jpeg,image/png,image/webp"
PHOTO_HELP = _(
    "JPEG, PNG or WebP, at most 10 MB. Where and with which phone it was taken is removed."
)


class PlaceForm(forms.Form):
    name = ShortTextField(
        label=_("Name"),
        limit=160,
        help_text=_("As it stands on the sign: SDN Mojoroto 1. It is printed on the poster."),
        error_messages={"required": _("Write the name of the place.")},
    )
    kind = SelectField(label=_("Kind"), choices=[("", "–"), *PlaceKind.choices])
    address = ShortTextField(label=_("Address"), limit=300, required=False)
    npsn = forms.RegexField(
        label="NPSN",
        regex=r"^\d{8}$",
        required=False,
        help_text=_("Only schools have one: 8 digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={"invalid": _("An NPSN has 8 digits.")},
    )

    def __init__(self, *args: Any, units: list[Unit], regions: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = OptionalSelect(
            label=_("District or kelurahan"), rows=regions, empty=_("Not known")
        )
        self.fields["unit"] = OptionalSelect(
            label=_("Whose place is it?"),
            rows=units,
            empty=_("No unit of its own"),
            help_text=_("Its operator posts the poster and looks after it."),
        )
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @staticmethod
    def initial_of(place: Place) -> dict[str, Any]:
        return {
            "name": place.name,
            "kind": place.kind,
            "address": place.address,
            "npsn": place.npsn,
            "region": place.region_id or "",
            "unit": place.unit_id or "",
        }

    def facts(self) -> PlaceFacts:
        names = ("name", "kind", "address", "npsn", "region", "unit")
        return PlaceFacts(**{name: self.cleaned_data[name] for name in names})


class PostForm(ProofMixin):
    """The poster hangs: since when, and the photo."""

    on = DateField(label=_("Since when does it hang?"))
    proof = FileField(
        label=_("Photo of the poster where it hangs"),
        help_text=PHOTO_HELP,
        accept=PHOTO_ACCEPT,
        required=False,
    )
    field_order = ("kept", "proof", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("It hangs"))


class CheckForm(ProofMixin):
    """Somebody went and looked."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    result = RadioField(
        label=_("What did you see?"),
        choices=CheckResult.choices,
        error_messages={"required": _("Choose what you saw.")},
    )
    on = DateField(label=_("When?"))
    note = ShortTextField(label=_("Note"), limit=300, required=False)
    proof = FileField(label=_("Photo"), help_text=PHOTO_HELP, accept=PHOTO_ACCEPT, required=False)
    field_order = ("form_key", "kept", "result", "proof", "on", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save what you saw"))


class PosterLineForm(forms.Form):
    text = ShortTextField(
        label=_("One line in the language of the region"),
        help_text=_("It stands at the bottom of every new poster. Leave it empty for none."),
        limit=160,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save the line"))
