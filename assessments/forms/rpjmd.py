"""Forms with which planners keep a plan: the plan, its revisions, nodes, indicators, papers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext, gettext_lazy as _

from assessments.achievement_bands import band_sets
from assessments.actions.indicators import IndicatorTexts
from assessments.actions.plan_nodes import NodeTexts, Owners
from assessments.actions.plan_papers import PaperTexts
from assessments.actions.plans import PlanTexts
from assessments.enums import (
    YEARLY_DOCUMENTS,
    Consolidation,
    Direction,
    NodeLevel,
    PlanDocumentKind,
    Shape,
)
from assessments.forms.fields import UnitsField
from assessments.forms.workplans import VersionedForm, set_choices
from assessments.models import Indicator, Plan, PlanDocument, PlanNode
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
from opd.models import Duty, Unit

NONE = ("", "–")
YES, NO = "1", "0"
FACTORS = (
    NONE,
    ("1", "× 1"),
    ("100", "× 100 (%)"),
    ("1000", "× 1.000"),
    ("10000", "× 10.000"),
    ("100000", "× 100.000"),
)


def _choices(rows: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [NONE, *((str(key), label) for key, label in rows)]


class PlanTextsForm(VersionedForm):
    title = ShortTextField(
        label=_("Name of the plan"),
        limit=150,
        help_text=_("For example: RPJMD Kota Contoh 2025–2029."),
    )
    first_year = DecimalField(label=_("First year"), places=0, minimum=2000, maximum=2100)
    last_year = DecimalField(label=_("Last year"), places=0, minimum=2000, maximum=2100)
    legal_basis = ShortTextField(
        label=_("Regulation that enacts it"),
        limit=200,
        required=False,
        help_text=_("Needed before the plan is put in force."),
    )
    cap = DecimalField(
        label=_("Most that counts of a target, in percent"),
        minimum=100,
        maximum=200,
        required=False,
        help_text=_(
            "For example 100 or 120. Leave it empty when more than the target counts in full."
        ),
    )
    bands = SelectField(label=_("Scale of achievement"))
    report_days = DecimalField(
        label=_("Days after a quarter until units have reported"),
        places=0,
        minimum=1,
        maximum=90,
        required=False,
        help_text=_("Leave it empty when no day is set."),
    )
    is_public = RadioField(
        label=_("May everybody read the verified figures of the units?"),
        choices=[(YES, _("Yes, without signing in")), (NO, _("No, only people with an account"))],
    )

    def __init__(self, *args: Any, submit: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "bands", [(code, str(row.name)) for code, row in band_sets().items()])
        self.helper = PortalFormHelper(self, submit=submit or _("Save"))

    @classmethod
    def blank(cls) -> "PlanTextsForm":
        return cls(
            initial={
                "form_key": uuid4(),
                "version": 0,
                "is_public": NO,
                "bands": next(iter(band_sets())),
            }
        )

    @classmethod
    def showing(cls, plan: Plan) -> "PlanTextsForm":
        names = ("title", "first_year", "last_year", "legal_basis", "cap", "bands", "report_days")
        values = {name: getattr(plan, name) for name in names}
        more = {
            "form_key": uuid4(),
            "version": plan.version,
            "is_public": YES if plan.is_public else NO,
        }
        return cls(initial={**values, **more})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_year"), data.get("last_year")
        if first is not None and last is not None and not 0 <= last - first < 10:
            self.add_error("last_year", _("A plan covers at most ten years, the first one first."))
        return data

    def texts(self) -> PlanTexts:
        data = self.cleaned_data
        return PlanTexts(
            title=data["title"],
            first_year=int(data["first_year"]),
            last_year=int(data["last_year"]),
            bands=data["bands"],
            legal_basis=data["legal_basis"],
            cap=data["cap"],
            report_days=int(data["report_days"]) if data["report_days"] else None,
            is_public=data["is_public"] == YES,
        )


class DayForm(forms.Form):
    """On which day something was decided."""

    on = DateField(label=_("Day of the decision"))

    def __init__(self, *args: Any, submit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=submit)


class RevisionForm(forms.Form):
    from_year = SelectField(label=_("From which year on do targets change?"))
    reason = LongTextField(label=_("Why is the plan revised?"), limit=2000, rows=3)

    def __init__(self, *args: Any, plan: Plan, today: date, **kwargs: Any) -> None:
        """Years that are over keep the targets by which they were judged."""
        super().__init__(*args, **kwargs)
        years = [year for year in plan.all_years if year >= today.year] or [plan.last_year]
        set_choices(self, "from_year", [(str(year), str(year)) for year in years])
        self.helper = PortalFormHelper(self, submit=_("Open the revision"))


class AdoptRevisionForm(DayForm):
    basis = ShortTextField(label=_("Regulation that adopts the revision"), limit=200)

    field_order = ("basis", "on")


class NodeForm(VersionedForm):
    level = SelectField(label=_("Level"))
    code = ShortTextField(label=_("Code"), limit=40)
    name = LongTextField(label=_("Name"), limit=500, rows=2)
    lead = SelectField(
        label=_("Leading unit"),
        required=False,
        help_text=_("Answers for it; the others take part."),
    )
    units = UnitsField(label=_("Units that take part"), required=False)

    def __init__(
        self, *args: Any, units: Sequence[Unit], parent: PlanNode | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        lowest = NodeLevel(parent.level).rank if parent else 0
        allowed = [each for each in NodeLevel if each.rank >= lowest]
        if parent is not None:
            allowed = [each for each in allowed if each != NodeLevel.VISION]
        set_choices(self, "level", [(each.value, each.label) for each in allowed])
        rows = [(str(unit.pk), unit.label) for unit in units]
        set_choices(self, "lead", [NONE, *rows])
        set_choices(self, "units", rows)
        self.by_key = {unit.pk: unit for unit in units}
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, units: Sequence[Unit], parent: PlanNode | None) -> "NodeForm":
        following = None
        if parent is not None:
            below = [each for each in NodeLevel if each.rank == NodeLevel(parent.level).rank + 1]
            following = below[0].value if below else parent.level
        initial = {"form_key": uuid4(), "version": 0, "level": following or NodeLevel.VISION}
        return cls(units=units, parent=parent, initial=initial)

    @classmethod
    def showing(cls, node: PlanNode, units: Sequence[Unit]) -> "NodeForm":
        owners = list(node.owner_rows.all())
        initial = {
            "form_key": uuid4(),
            "version": node.version,
            "level": node.level,
            "code": node.code,
            "name": node.name,
            "lead": next((str(row.unit_id) for row in owners if row.is_lead), ""),
            "units": [str(row.unit_id) for row in owners if not row.is_lead],
        }
        return cls(units=units, parent=node.parent, initial=initial)

    def texts(self) -> NodeTexts:
        data = self.cleaned_data
        return NodeTexts(NodeLevel(data["level"]), data["code"], " ".join(data["name"].split()))

    def owners(self) -> Owners:
        data = self.cleaned_data
        lead = self.by_key[int(data["lead"])] if data["lead"] else None
        return Owners([self.by_key[pk] for pk in data["units"]], lead)


class IndicatorForm(VersionedForm):
    """The fiche. What stands below "How it is measured" decides how figures are read."""

    code = ShortTextField(label=_("Code"), limit=40, required=False)
    name = ShortTextField(label=_("Name of the indicator"), limit=300)
    is_iku = RadioField(
        label=_("Is it a key indicator (IKU)?"), choices=[(YES, _("Yes")), (NO, _("No"))]
    )
    definition = LongTextField(
        label=_("What does it mean, in plain words?"), limit=2000, rows=3, required=False
    )
    unit_of_measure = ShortTextField(
        label=_("Unit of measure"),
        limit=60,
        required=False,
        help_text=_("%, index, people, days …"),
    )
    direction = RadioField(label=_("Which way is better?"), choices=Direction.choices)
    shape = SelectField(label=_("What does a target look like?"), choices=Shape.choices)
    consolidation = SelectField(
        label=_("How do quarters become a year?"), choices=Consolidation.choices
    )
    formula = LongTextField(label=_("Formula in words"), limit=2000, rows=2, required=False)
    factor = SelectField(
        label=_("Is it a ratio of two counts?"),
        required=False,
        choices=FACTORS,
        help_text=_(
            "Then both counts are reported, and years are made of counts, not of percentages."
        ),
    )
    numerator_label = ShortTextField(
        label=_("What is counted (numerator)"), limit=200, required=False
    )
    denominator_label = ShortTextField(
        label=_("Out of what (denominator)"), limit=200, required=False
    )
    source = ShortTextField(label=_("Source of the data"), limit=200, required=False)
    unit = SelectField(label=_("Responsible unit"), required=False)
    responsible = ShortTextField(
        label=_("Who answers for it"),
        limit=150,
        required=False,
        help_text=_("An office, such as “Kepala Bidang Perizinan”."),
    )
    duty = SelectField(
        label=_("Duty (tupoksi) that it fulfils"),
        required=False,
        help_text=_("Of the responsible unit. Save the unit first when its duties are not listed."),
    )
    base_year = DecimalField(
        label=_("Base year"), places=0, minimum=1990, maximum=2100, required=False
    )
    base_value = DecimalField(
        label=_("Value in the base year"), places=6, digits=24, required=False
    )
    supports = SelectField(
        label=_("Cascaded from"),
        required=False,
        help_text=_("The indicator of a higher level to which it contributes."),
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        duties: Sequence[Duty],
        others: Sequence[Indicator],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "unit", _choices((row.pk, row.label) for row in units))
        set_choices(
            self, "duty", _choices((row.pk, f"{row.unit.label}: {row.text}") for row in duties)
        )
        set_choices(
            self, "supports", _choices((row.pk, f"{row.code} {row.name}".strip()) for row in others)
        )
        self.found: dict[str, dict[int, Any]] = {
            "unit": {row.pk: row for row in units},
            "duty": {row.pk: row for row in duties},
            "supports": {row.pk: row for row in others},
        }
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, **rows: Any) -> "IndicatorForm":
        initial = {
            "form_key": uuid4(),
            "version": 0,
            "is_iku": NO,
            "direction": Direction.HIGHER,
            "shape": Shape.VALUE,
            "consolidation": Consolidation.LAST,
        }
        return cls(initial=initial, **rows)

    @classmethod
    def showing(cls, row: Indicator, **rows: Any) -> "IndicatorForm":
        initial: dict[str, Any] = {
            name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)
        }
        initial |= {
            "form_key": uuid4(),
            "is_iku": YES if row.is_iku else NO,
            "factor": "" if row.factor is None else str(int(row.factor)),
            "unit": str(row.unit_id or ""),
            "duty": str(row.duty_id or ""),
            "supports": str(row.supports_id or ""),
        }
        return cls(initial=initial, **rows)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("factor"):
            for name in ("numerator_label", "denominator_label"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Name what is divided by what."))
        elif data.get("numerator_label") or data.get("denominator_label"):
            self.add_error(
                "factor", _("Choose by how much the ratio is multiplied, or empty both names.")
            )
        worded = data.get("shape") in (Shape.YES_NO, Shape.DATE)
        if worded and data.get("consolidation") in (Consolidation.SUM, Consolidation.AVERAGE):
            self.add_error(
                "consolidation",
                _(
                    "Yes or no and days cannot be added up: choose the last value or the whole year."
                ),
            )
        if worded and data.get("factor"):
            self.add_error("factor", _("Yes or no and days are no ratio."))
        return data

    def texts(self) -> IndicatorTexts:
        data = dict(self.cleaned_data)
        for name in ("form_key", "version"):
            data.pop(name)
        for name, rows in self.found.items():
            data[name] = rows[int(data[name])] if data[name] else None
        return IndicatorTexts(
            **{
                **data,
                "direction": Direction(data["direction"]),
                "shape": Shape(data["shape"]),
                "consolidation": Consolidation(data["consolidation"]),
                "factor": int(data["factor"]) if data["factor"] else None,
                "base_year": int(data["base_year"]) if data["base_year"] else None,
                "is_iku": data["is_iku"] == YES,
            }
        )


class PlanPaperForm(VersionedForm):
    """A Renstra, Renja, RKPD or PK, and which indicators stand in it."""

    kind = SelectField(label=_("Kind of paper"), choices=PlanDocumentKind.choices)
    unit = SelectField(
        label=_("Unit"),
        required=False,
        help_text=_("Leave it empty for a paper of the whole government."),
    )
    year = SelectField(
        label=_("Year"),
        required=False,
        help_text=_("Only of yearly papers: RKPD, Renja, PK, LKjIP."),
    )
    title = ShortTextField(label=_("Title"), limit=200)
    number = ShortTextField(label=_("Number"), limit=100, required=False)
    dated = DateField(label=_("Date of the paper"), required=False)
    url = ShortTextField(label=_("Address on the web"), limit=500, required=False)
    file = FileField(
        label=_("File"), required=False, accept="application/pdf", max_bytes=10 * 1024 * 1024
    )
    indicators = UnitsField(label=_("Indicators in it"), required=False)

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        units: Sequence[Unit],
        rows: Sequence[Indicator],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "unit", _choices((row.pk, row.label) for row in units))
        set_choices(self, "year", _choices((year, str(year)) for year in plan.all_years))
        set_choices(
            self,
            "indicators",
            [
                (str(row.pk), f"{row.name} ({row.unit.label if row.unit else gettext('no unit')})")
                for row in rows
            ],
        )
        self.units = {row.pk: row for row in units}
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def showing(cls, paper: PlanDocument, **rows: Any) -> "PlanPaperForm":
        initial = {
            "form_key": uuid4(),
            "version": paper.version,
            **{name: getattr(paper, name) for name in ("kind", "title", "number", "dated", "url")},
            "unit": str(paper.unit_id or ""),
            "year": str(paper.year or ""),
            "indicators": [str(pk) for pk in paper.indicators.values_list("pk", flat=True)],
        }
        return cls(initial=initial, **rows)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url:
            URLValidator(
                schemes=["http", "https"], message=_("Write an address that begins with https://.")
            )(url)
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        yearly = data.get("kind") in YEARLY_DOCUMENTS
        if yearly and not data.get("year"):
            self.add_error("year", _("Choose the year of this paper."))
        if not yearly and data.get("year"):
            self.add_error("year", _("This paper covers the whole plan; leave the year empty."))
        return data

    def texts(self) -> PaperTexts:
        data = self.cleaned_data
        return PaperTexts(
            kind=PlanDocumentKind(data["kind"]),
            title=data["title"],
            unit=self.units[int(data["unit"])] if data["unit"] else None,
            year=int(data["year"]) if data["year"] else None,
            number=data["number"],
            dated=data["dated"],
            url=data["url"],
        )
