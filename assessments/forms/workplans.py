"""Forms of work plans: years, activities, reports, decisions."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

from assessments.actions.workplans import ActivityTexts
from assessments.enums import AreaOfChange, ZoneStage
from assessments.forms.evidence import ArrivedField, EvidenceField, described
from assessments.models import Activity, ActivityReport, WorkPlan
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    LongTextField,
    PercentField,
    PortalFormHelper,
    SelectField,
    ShortTextField,
)
from integrity_portal.core.models import StoredFile

ALL = ""


class VersionedForm(forms.Form):
    """Carries the one-time key of the form and the version that the person saw."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def overwrite(self, **values: Any) -> None:
        """Change what a bound form shows, keeping everything that was typed."""
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            if isinstance(value, list):
                data.setlist(name, value)
            else:
                data[name] = str(value)
        self.data = data


class PlanForm(forms.Form):
    year = SelectField(label=_("Year"))
    copy_from = SelectField(
        label=_("Start with"),
        required=False,
        help_text=_(
            "Copied activities keep their day and month; dropped ones stay behind. You can change "
            "everything afterwards."
        ),
    )

    def __init__(
        self,
        *args: Any,
        plans: Sequence[WorkPlan],
        today: date,
        taken_over: Sequence[WorkPlan] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        taken = {plan.year for plan in plans}
        years = [year for year in range(today.year - 1, today.year + 3) if year not in taken]
        set_choices(self, "year", [(year, str(year)) for year in years])
        copies = [
            (ALL, gettext("an empty plan")),
            *((plan.pk, _of_year(plan)) for plan in plans),
            *((plan.pk, _unfinished(plan)) for plan in taken_over),
        ]
        set_choices(self, "copy_from", copies)
        if today.year in years:
            self.fields["year"].initial = today.year
        self.helper = PortalFormHelper(self, submit=_("Open the work plan"))


def _of_year(plan: WorkPlan) -> str:
    name = gettext("the plan of %(year)d") % {"year": plan.year}
    return f"{name} ({gettext('sample')})" if plan.is_sample else name


def _unfinished(plan: WorkPlan) -> str:
    return gettext("what is unfinished in the plan of %(unit)s %(year)d") % {
        "unit": plan.zone.unit.label,
        "year": plan.year,
    }


class ActivityForm(VersionedForm):
    area = SelectField(
        label=_("Area of change"), choices=[(ALL, _("Choose an area")), *AreaOfChange.choices]
    )
    title = ShortTextField(label=_("Activity"), limit=200)
    milestone = LongTextField(
        label=_("Milestone"),
        help_text=_("What can be seen when it is finished? For example: the decree is signed."),
        limit=1000,
        rows=3,
    )
    due_on = DateField(label=_("Due date"), help_text=_("For example 30 September 2027."))
    responsible = ShortTextField(
        label=_("Responsible"),
        help_text=_("The office or team, not a person's name: Ketua Pokja 3."),
        limit=150,
        required=False,
    )
    position = DecimalField(
        label=_("Place in the list"),
        help_text=_("Leave it empty for the end."),
        minimum=1,
        maximum=999,
        places=0,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save the activity"))

    @classmethod
    def blank(cls, area: str = "") -> "ActivityForm":
        return cls(initial={"form_key": uuid4(), "version": 0, "area": area})

    @classmethod
    def showing(cls, activity: Activity) -> "ActivityForm":
        names = ("area", "title", "milestone", "due_on", "responsible", "position", "version")
        values = {name: getattr(activity, name) for name in names}
        return cls(initial={**values, "form_key": activity.form_key})

    def texts(self) -> ActivityTexts:
        clean = self.cleaned_data
        return ActivityTexts(
            area=clean["area"],
            title=clean["title"],
            milestone=clean["milestone"],
            due_on=clean["due_on"],
            responsible=clean["responsible"],
            position=int(clean["position"]) if clean["position"] else None,
        )


class DropForm(forms.Form):
    reason = LongTextField(
        label=_("Why is it dropped?"),
        help_text=_("The reason stays readable for everybody who reads the plan."),
        limit=1000,
        rows=3,
        error_messages={"required": _("Write why the activity is dropped.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self)
        self.helper.add_input(Submit("", _("Drop the activity"), css_class="danger"))


class ReportForm(VersionedForm):
    percent = PercentField(
        label=_("How far is it?"),
        help_text=_("From 0 to 100. 100 means: the milestone is reached."),
        required=False,
    )
    note = LongTextField(
        label=_("What was done?"),
        help_text=_("A few sentences that the head can check."),
        limit=3000,
        rows=5,
        required=False,
    )
    keep = ArrivedField(label=_("Evidence that has arrived"), required=False)
    files = EvidenceField(  # type: ignore[assignment]
        label=_("Add evidence, if there is any"),
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB each. With a phone you can take a picture."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Percent and text may be missing in a draft, not in what is sent: no mark says "optional".
        self.helper = PortalFormHelper(self, mark_optional=False)
        self.helper.add_input(Submit("send", _("Send to the head of the unit")))
        self.helper.add_input(Submit("draft", _("Save as draft"), css_class="quiet"))
        self.show_arrived([])

    @classmethod
    def showing(cls, draft: ActivityReport | None) -> "ReportForm":
        """Empty, or what the person wrote earlier and has not sent."""
        if draft is None:
            return cls(initial={"form_key": uuid4(), "version": 0})
        stored = [link.stored for link in draft.files.all()]
        form = cls(
            initial={
                "form_key": draft.form_key,
                "version": draft.version,
                "percent": draft.percent,
                "note": draft.note,
                "keep": [row.public_id for row in stored],
            }
        )
        form.show_arrived(stored)
        return form

    def show_arrived(self, stored: Sequence[StoredFile]) -> None:
        """List what has arrived; without anything the question is not asked."""
        set_choices(self, "keep", [(row.public_id, described(row)) for row in stored])
        names = [name for name in self.fields if name != "keep" or stored]
        self.helper.layout = Layout(*(Field(name) for name in names))


class DecisionForm(forms.Form):
    """A head's word on a report: optional when he confirms, needed when he returns it."""

    message = LongTextField(
        label=_("Message to the operator"),
        limit=1000,
        rows=2,
        required=False,
    )
    # The fingerprint of what the head was shown; without one nothing is decided.
    shown = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def now_showing(self, fingerprint: str) -> None:
        """The report as it is now stands beside the message that was typed."""
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        data["shown"] = fingerprint
        self.data = data


class ListFilterForm(forms.Form):
    """What the list of units shows; nothing that is typed here can be wrong."""

    q = forms.CharField(label=_("Unit"), required=False, max_length=100)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            (ALL, pgettext_lazy("work plans", "all")),
            ("late", pgettext_lazy("work plans", "with late activities")),
            ("head", pgettext_lazy("work plans", "the head's move")),
            ("none", pgettext_lazy("work plans", "without a plan")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = (ALL, pgettext_lazy("work plans", "all"))
        set_choices(self, "stage", [every, *ZoneStage.choices])
        self.helper = PortalFormHelper(self, form_tag=False, method="get", mark_optional=False)

    def chosen(self, name: str) -> str:
        """The chosen value; an unknown one counts as none."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


def set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def names_of(stored: Iterable[StoredFile]) -> list[str]:
    return [row.public_id for row in stored]
