"""Forms of official papers."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assessments.actions.papers import PaperFacts, Signer
from assessments.enums import PaperKind, SignatureMethod
from assessments.forms.fields import LinesField, UnitsField
from assessments.forms.teams import NipField
from assessments.forms.workplans import ALL, VersionedForm, set_choices
from assessments.models import Paper
from assessments.paper_kinds import Kind, kind_of
from assessments.pdf_signatures import holds_signature
from integrity_portal.core.files import FileRefused
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    FileField,
    LongTextField,
    NameField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.enums import OfficeStatus
from opd.models import Membership

YES, NO = "yes", "no"
SUBJECTS = {
    "proposal": _("Proposal"),
    "team": _("Work team"),
    "zone": _("Unit"),
}
NOTHING = {
    "proposal": _("There is no proposal yet that lacks this paper."),
    "team": _("There is no work team yet that lacks this paper. Write the team first."),
    "zone": _("No unit has an open integrity zone."),
}


class BeginForm(forms.Form):
    """What the new paper is about."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    subject = SelectField(required=False)
    year = SelectField(label=_("Year"))

    def __init__(
        self, *args: Any, kind: Kind, subjects: Sequence[Any], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid4()
        years = [(str(year), str(year)) for year in range(today.year + 1, today.year - 4, -1)]
        set_choices(self, "year", years)
        self.fields["year"].initial = str(today.year)
        if kind.subject == "year":
            del self.fields["subject"]
        else:
            field = self.fields["subject"]
            field.label, field.required = SUBJECTS[kind.subject], True
            set_choices(self, "subject", [(ALL, gettext("Choose one")), *subjects])
            if not subjects:
                field.help_text = NOTHING[kind.subject]
        if kind.subject in ("proposal", "team"):
            del self.fields["year"]
        self.helper = PortalFormHelper(self, submit=_("Write the draft"))


class PaperForm(VersionedForm):
    """A draft; the blocks are those of its kind."""

    about = ShortTextField(label=_("About"), limit=300)
    addressee = LongTextField(label=_("Addressed to"), limit=600, rows=4)
    place = ShortTextField(label=_("Place"), limit=80)
    units = UnitsField(label=_("Units that are named"), required=False)
    recommends = RadioField(
        label=_("Is the unit recommended to be proposed?"),
        choices=[(YES, _("Yes, recommended")), (NO, _("Not yet"))],
        required=False,
    )
    score_enabler = DecimalField(
        label=_("Enabler value (pengungkit), of 60"),
        help_text=_("Leave it empty while there is no value."),
        minimum=0,
        maximum=60,
        required=False,
    )
    score_result = DecimalField(
        label=_("Result value (hasil), of 40"), minimum=0, maximum=40, required=False
    )
    signatory = SelectField(
        label=_("Who signs?"),
        required=False,
        help_text=_("Only an office of the portal can sign in the portal."),
    )
    signatory_title = ShortTextField(
        label=_("Title under the paper"),
        limit=150,
        help_text=_("Without Plt. or Plh.: that is printed before it by itself."),
    )
    signatory_status = SelectField(label=_("How the office is held"), choices=OfficeStatus.choices)
    signatory_name = NameField(label=_("Name"), required=False)
    signatory_nip = NipField(label=_("NIP"))

    def __init__(
        self,
        *args: Any,
        paper: Paper,
        offices: Sequence[Membership],
        units: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paper, self.kind = paper, kind_of(paper.kind)
        self.offices = {str(row.pk): row for row in offices}
        named = [(pk, _label(row)) for pk, row in self.offices.items()]
        nobody = (ALL, gettext("Somebody without an account in the portal"))
        set_choices(self, "signatory", [*named, nobody])
        for block in self.kind.blocks:
            self.fields[f"block_{block.code}"] = LinesField(
                label=str(block.label), line_limit=1500, lines=60, rows=5, required=False
            )
        self._leave_out(units)
        # A draft may be saved half written: what is needed for a number, the paper's page says.
        self.helper = PortalFormHelper(self, submit=_("Save the draft"), mark_optional=False)

    def _leave_out(self, units: Sequence[Any]) -> None:
        """Fields that this kind does not have; the others in the order of the paper."""
        if not self.kind.addressee:
            del self.fields["addressee"]
        if self.kind.code == PaperKind.SK_PENETAPAN:
            set_choices(self, "units", units)
        else:
            del self.fields["units"]
        if self.kind.code != PaperKind.LHE:
            for name in ("recommends", "score_enabler", "score_result"):
                del self.fields[name]
        blocks = [name for name in self.fields if name.startswith("block_")]
        first = ["form_key", "version", "about", "addressee", "units", *blocks]
        self.order_fields([name for name in first if name in self.fields])

    @classmethod
    def initial_of(cls, paper: Paper) -> dict[str, Any]:
        names = (
            "about", "addressee", "place", "score_enabler", "score_result", "signatory_title",
            "signatory_status", "signatory_name", "signatory_nip", "version", "form_key",
        )  # fmt: skip
        values: dict[str, Any] = {name: getattr(paper, name) for name in names}
        values |= {f"block_{code}": lines for code, lines in paper.blocks.items()}
        values["signatory"] = str(paper.signatory_id or "")
        values["recommends"] = {True: YES, False: NO, None: ""}[paper.recommends]
        values["units"] = [str(row.unit_id) for row in paper.units.order_by("position")]
        return values

    def clean(self) -> dict[str, Any]:
        """Another office brings its own name: nobody's name stands under another's title."""
        clean = super().clean() or self.cleaned_data
        office = self.offices.get(clean.get("signatory", ""))
        if office is None or office.pk == self.paper.signatory_id:
            return clean
        if clean.get("signatory_name") == self.paper.signatory_name:
            clean["signatory_name"] = office.user.name if office.user.name != office.title else ""
        if clean.get("signatory_nip") == self.paper.signatory_nip:
            clean["signatory_nip"] = ""
        if (
            self.kind.signer != "regional_head"
            and clean.get("signatory_title") == self.paper.signatory_title
        ):
            clean["signatory_title"] = office.title
        return clean

    def facts(self) -> PaperFacts:
        clean = self.cleaned_data
        office = self.offices.get(clean["signatory"])
        return PaperFacts(
            about=clean["about"],
            place=clean["place"],
            addressee=clean.get("addressee", ""),
            blocks={block.code: clean[f"block_{block.code}"] for block in self.kind.blocks},
            signer=Signer(
                title=clean["signatory_title"],
                name=clean["signatory_name"],
                # How an office of the portal is held, the portal knows: it is printed as it is.
                status=office.office_status if office else clean["signatory_status"],
                nip=clean["signatory_nip"],
                membership=office,
            ),
            unit_ids=clean.get("units", ()),
            recommends={YES: True, NO: False}.get(clean.get("recommends", "")),
            score_enabler=clean.get("score_enabler"),
            score_result=clean.get("score_result"),
        )

    def differing(self, current: Paper) -> list[dict[str, Any]]:
        """What stands in the draft now beside what was typed, where they differ."""
        saved = self.initial_of(current)
        rows = []
        for name, field in self.fields.items():
            if name in ("form_key", "version", "units"):
                continue
            mine, theirs = self.cleaned_data.get(name), saved.get(name)
            if (mine or "") != (theirs or ""):
                rows.append({"label": field.label, "saved": _shown(theirs), "typed": _shown(mine)})
        return rows


def _shown(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value or "")


def _label(row: Membership) -> str:
    if row.user.name == row.title:
        return row.printed_title
    return f"{row.printed_title}, {row.user.name}"


class NumberForm(forms.Form):
    number = ShortTextField(
        label=_("Number"),
        limit=80,
        help_text=_("As it stands in the register of outgoing papers."),
        error_messages={"required": _("Enter the number of the paper.")},
    )
    dated = DateField(label=_("Date of the paper"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dated"].latest = today  # type: ignore[attr-defined]
        self.fields["dated"].initial = today
        self.helper = PortalFormHelper(submit=_("Give number and date"))


class RecordForm(forms.Form):
    method = RadioField(
        label=_("How was it signed?"),
        choices=[
            (SignatureMethod.WET.value, _("In ink: I send the scan of the signed paper")),
            (SignatureMethod.CERTIFIED.value, _("Electronically: I send the signed PDF")),
        ],
    )
    signed = DateField(label=_("Signed on"))
    scan = FileField(label=_("The signed paper"), kinds=_("PDF, JPEG, PNG or WebP"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed"].latest = today  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Record the signed paper"))

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        upload = clean.get("scan")
        if upload and clean.get("method") == SignatureMethod.CERTIFIED:
            try:
                is_signed = holds_signature(upload)
            except FileRefused as refused:
                self.add_error("scan", str(refused))
                return clean
            if not is_signed:
                sentence = gettext(
                    "This PDF holds no electronic signature. Send the file as the signing "
                    "application saved it, not a print or a scan of it."
                )
                self.add_error("scan", sentence)
        return clean


class VoidForm(forms.Form):
    reason = LongTextField(
        label=_("Why is the paper void?"),
        help_text=_("The reason stays readable for everybody who reads the paper."),
        limit=400,
        rows=3,
        error_messages={"required": _("Write why the paper is void.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Declare void"))
