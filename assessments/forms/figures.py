"""Forms of realisations: a cell of the table, the whole figure, the planner's decision."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.actions.measurements import Judged, Realised
from assessments.enums import IndicatorKind, Shape
from assessments.forms.proofs import FilesForm
from assessments.models import Indicator, Measurement
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    LongTextField,
    PercentField,
    PortalFormHelper,
    RadioField,
    RupiahField,
    SelectField,
    ShortTextField,
)
from integrity_portal.core.parsing import fold

VERSIONS = 2**31 - 1
YES_NO = (("", "–"), ("1", pgettext_lazy("figure", "Yes")), ("0", pgettext_lazy("figure", "No")))
NOT_YET = "0"


def figure_fields(indicator: Indicator) -> dict[str, forms.Field]:
    """What is asked by the shape of the indicator; nothing typed is nothing reported."""
    label = _("Realisation")
    if indicator.shape == Shape.DATE:
        return {
            "done_on": DateField(label=_("Done on"), required=False),
            "value": SelectField(
                label=_("Or"),
                required=False,
                choices=[("", "–"), (NOT_YET, _("not done yet"))],
            ),
        }
    if indicator.shape == Shape.YES_NO:
        return {"value": SelectField(label=label, required=False, choices=YES_NO)}
    if indicator.is_ratio:
        return {
            "numerator": _number(indicator.numerator_label, minimum=None),
            "denominator": _number(indicator.denominator_label, minimum=0),
        }
    if indicator.kind == IndicatorKind.BUDGET:
        return {"value": RupiahField(label=_("Spent"), required=False, digits=24)}
    return {"value": _number(label, minimum=None, measure=indicator.unit_of_measure)}


class MeasuredField(DecimalField):
    """A number that may be typed with its unit of measure: `12,5 %`, `40 orang`, `Rp 5 juta`."""

    def __init__(self, *, measure: str = "", **kwargs: Any) -> None:
        self.measure = fold(measure).lower()
        super().__init__(**kwargs)

    def _typed(self, value: str) -> str:
        text, measure = fold(value), self.measure
        if measure.startswith(("rp", "rupiah")) and text.lower().startswith("rp"):
            text = text[2:].removeprefix(".").strip().removesuffix(",-")
        words = [measure, measure.removeprefix("rp").strip(" .")]
        words += ["%", "persen"] if measure in ("%", "persen") else []
        for word in words:
            if word and not word[0].isdigit() and text.lower().endswith(word):
                return text[: -len(word)].strip()
        return text


def _number(label: Any, *, minimum: int | None, measure: str = "") -> DecimalField:
    return MeasuredField(
        label=label, required=False, places=6, digits=24, minimum=minimum, measure=measure
    )


def shown(indicator: Indicator, row: Measurement | None) -> dict[str, Any]:
    """What stands there, for the fields of `figure_fields`."""
    if row is None:
        return {}
    values: dict[str, Any] = {name: getattr(row, name) for name in figure_fields(indicator)}
    if indicator.shape in (Shape.DATE, Shape.YES_NO) and values.get("value") is not None:
        values["value"] = str(int(values["value"]))
    return values


class CellForm(forms.Form):
    """One figure in the table; saves itself, or by its button without JavaScript."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=VERSIONS)

    def __init__(
        self,
        data: Any = None,
        *,
        indicator: Indicator,
        row: Measurement | None = None,
        key: str = "",
    ) -> None:
        initial = {"version": row.version if row else 0, **shown(indicator, row)}
        super().__init__(data, auto_id=f"id_{key}_%s", initial=None if data else initial)
        self.indicator = indicator
        self.fields.update(figure_fields(indicator))

    def realised(self) -> Realised:
        return Realised(**_figures(self.cleaned_data, self.indicator))


def _figures(data: dict[str, Any], indicator: Indicator) -> dict[str, Any]:
    values = {name: data.get(name) for name in figure_fields(indicator)}
    if indicator.shape in (Shape.DATE, Shape.YES_NO):
        values["value"] = int(values["value"]) if values["value"] else None
    if values.get("done_on") is not None:
        values["value"] = None
    return values


class FigureForm(FilesForm):
    """The whole figure: value, how final it is, what stood in the way, what follows, proof."""

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        self.indicator = indicator
        super().__init__(*args, submit="", **kwargs)
        # The page writes the form and its two buttons.
        self.helper.form_tag, self.helper.disable_csrf, self.helper.inputs = False, True, []
        words: dict[str, forms.Field] = {
            "is_final": RadioField(
                label=_("How certain is the figure?"),
                choices=[
                    ("1", pgettext_lazy("figure", "Final")),
                    ("0", pgettext_lazy("figure", "Preliminary, it may still change")),
                ],
            ),
            "obstacle": LongTextField(
                label=_("What stood in the way?"), limit=3000, rows=3, required=False
            ),
            "follow_up": LongTextField(
                label=_("What will be done about it?"), limit=3000, rows=3, required=False
            ),
            "follow_up_by": ShortTextField(
                label=_("Who does it?"),
                limit=150,
                required=False,
                help_text=_("An office, such as “Kepala Bidang Perizinan”."),
            ),
            "follow_up_due": DateField(label=_("Until when?"), required=False),
        }
        old = dict(self.fields)
        self.fields = {
            **{name: old[name] for name in ("form_key", "version")},
            **figure_fields(indicator),
            **words,
            **{name: old[name] for name in ("keep", "files")},
        }
        self.show_arrived([])

    @classmethod
    def showing(cls, indicator: Indicator, row: Measurement | None) -> "FigureForm":
        words = ("obstacle", "follow_up", "follow_up_by", "follow_up_due")
        initial = {
            "form_key": uuid4(),
            "version": row.version if row else 0,
            "is_final": "1" if row is None or row.is_final else "0",
            **shown(indicator, row),
            **{name: getattr(row, name) for name in words if row is not None},
        }
        return cls(initial=initial, indicator=indicator)

    def realised(self) -> Realised:
        data = self.cleaned_data
        return Realised(
            **_figures(data, self.indicator),
            is_final=data["is_final"] == "1",
            obstacle=data["obstacle"],
            follow_up=data["follow_up"],
            follow_up_by=data["follow_up_by"],
            follow_up_due=data["follow_up_due"],
        )


class DecideForm(forms.Form):
    """Verify one figure; where the formula has no answer, with the percentage and its reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=VERSIONS)

    def __init__(self, *args: Any, manual: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_decide_%s", **kwargs})
        if manual:
            self.fields["percent"] = PercentField(
                label=_("Achievement in percent"), maximum=999, required=False
            )
            self.fields["reason"] = LongTextField(
                label=_("How was it determined?"), limit=1000, rows=2, required=False
            )
        self.helper = PortalFormHelper(self, form_tag=False, mark_optional=False)
        self.helper.disable_csrf = True

    def judged(self) -> Judged | None:
        if "percent" not in self.fields:
            return None
        return Judged(self.cleaned_data["percent"], self.cleaned_data["reason"])


class MessageForm(forms.Form):
    """Why a figure goes back."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=VERSIONS)
    message = LongTextField(label=_("What must be put right?"), limit=1000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_message_%s", **kwargs})
        self.helper = PortalFormHelper(self, form_tag=False, mark_optional=False)
        self.helper.disable_csrf = True


class PeriodForm(forms.Form):
    """Which year of which plan is looked at."""

    year = SelectField(label=_("Year"), required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, form_tag=False, mark_optional=False)
