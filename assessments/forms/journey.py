"""Forms of eligibility, proposals, decisions and the register of predicates."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assessments.enums import AttemptOutcome, CheckAnswer, Predicate
from assessments.forms.fields import UnitsField
from assessments.monitoring import checklist
from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


class QuestionForm(forms.Form):
    """The filter of the eligibility pages."""

    target = SelectField(label=_("Towards"), choices=Predicate.choices, required=False)
    year = SelectField(label=_("Year"), required=False)
    rules = SelectField(label=_("Requirements"), required=False)

    def __init__(
        self, *args: Any, years: Sequence[int], sets: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["rules"].choices = list(sets)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class ExceptionForm(forms.Form):
    service = RadioField(label=_("Kind of service"))
    since = DateField(label=_("May proceed since"))
    reason = LongTextField(
        label=_("Why may it proceed?"),
        limit=1000,
        rows=4,
        help_text=_("For example which requirement is still being met, and until when."),
        error_messages={"required": _("Write why the unit may proceed.")},
    )

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = list(services)  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Record that it may proceed"))


class DayForm(forms.Form):
    """One day and a button."""

    day = DateField()

    def __init__(self, *args: Any, label: Any, submit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = label
        self.helper = PortalFormHelper(submit=submit)


class ProposalForm(forms.Form):
    year = SelectField(label=_("Year"))
    rule_set = RadioField(label=_("Requirements"))

    def __init__(
        self, *args: Any, years: Sequence[int], sets: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["rule_set"].choices = list(sets)  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Prepare the proposal"))


class CandidatesForm(forms.Form):
    zones = UnitsField(label=_("Units that are to be proposed"), required=False)

    def __init__(self, *args: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zones"].choices = list(choices)  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Save the units"))


class DecisionForm(forms.Form):
    outcome = RadioField(label=_("What was decided?"))
    decided_on = DateField(label=_("Day of the decision"))
    number = ShortTextField(
        label=_("Number of the decree or letter"),
        limit=80,
        required=False,
        help_text=_("For a predicate: the ministry's decree."),
    )
    reason = LongTextField(
        label=_("Why not?"),
        limit=2000,
        rows=4,
        required=False,
        help_text=_("Only when no predicate was awarded. The unit builds again with this in mind."),
    )

    def __init__(self, *args: Any, in_review: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [AttemptOutcome.AWARDED, AttemptOutcome.NOT_AWARDED, AttemptOutcome.DROPPED]
        if not in_review:
            possible = [AttemptOutcome.DROPPED]
        self.fields["outcome"].choices = [(row.value, row.label) for row in possible]  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Record the decision"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        outcome = values.get("outcome")
        if outcome == AttemptOutcome.AWARDED and not values.get("number"):
            self.add_error("number", gettext("Enter the number of the ministry's decree."))
        if outcome and outcome != AttemptOutcome.AWARDED and not values.get("reason"):
            self.add_error("reason", gettext("Write why the unit was not awarded."))
        return values


class WhyForm(forms.Form):
    """A reason and a button."""

    reason = LongTextField(
        label=_("Why?"), limit=1000, rows=4, error_messages={"required": _("Write the reason.")}
    )

    def __init__(self, *args: Any, submit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=submit)


class RevocationForm(forms.Form):
    revoked_on = DateField(label=_("Day of the revocation"))
    number = ShortTextField(label=_("Number of the decree"), limit=80, required=False)
    reason = LongTextField(
        label=_("Why was it revoked?"),
        limit=2000,
        rows=4,
        error_messages={"required": _("Write the reason.")},
    )

    def __init__(self, *args: Any, with_wbbm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        submit = _("Record the revocation")
        if with_wbbm:
            submit = _("Record the revocation of WBK and WBBM")
        self.helper = PortalFormHelper(submit=submit)


class CheckForm(forms.Form):
    """One answer for each point of the checklist."""

    checked_on = DateField(label=_("Day of the check"))
    note = LongTextField(
        label=_("What was found"),
        limit=3000,
        rows=5,
        required=False,
        help_text=_("Needed where a point needs attention."),
    )
    proof = FileField(
        label=_("Report of the check"),
        required=False,
        max_bytes=EVIDENCE.max_bytes,
        kinds=_("PDF or photo"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in checklist().points:
            self.fields[f"point_{point.code}"] = RadioField(
                label=str(point.text), choices=CheckAnswer.choices
            )
        self.order_fields(
            [
                "checked_on",
                *(f"point_{point.code}" for point in checklist().points),
                "note",
                "proof",
            ]
        )
        self.helper = PortalFormHelper(submit=_("Save the check"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if CheckAnswer.CONCERN in self.answers().values() and not values.get("note"):
            self.add_error("note", gettext("Write what needs attention."))
        return values

    def answers(self) -> dict[str, str]:
        return {
            point.code: self.cleaned_data.get(f"point_{point.code}", "")
            for point in checklist().points
        }


class SinceForm(forms.Form):
    """Corrects since when the unit builds."""

    since = DateField(
        label=_("Building since"),
        help_text=_("The year of building that is asked for counts from this day."),
    )
    reason = LongTextField(
        label=_("Why is it corrected?"),
        limit=1000,
        rows=3,
        error_messages={"required": _("Write the reason of the correction.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Save the correction"))


class StartForm(forms.Form):
    """Since when the unit builds."""

    since = DateField(
        label=_("Building since"),
        help_text=_("The year of building that is asked for counts from this day."),
    )

    def __init__(self, *args: Any, today: date, submit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"since": today}, **kwargs})
        self.helper = PortalFormHelper(submit=submit)
