"""Forms of survey rounds: one unit, all units, proofs of service, the plan that follows."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _

from assessments.actions.survey_answers import MOST_CODES
from assessments.actions.survey_follow_ups import FollowUpTexts
from assessments.actions.surveys import RoundPlan
from assessments.enums import SurveyDoor
from assessments.forms.workplans import VersionedForm
from assessments.models import SurveyFollowUp, SurveyRound, SurveyService
from assessments.survey_instruments import surveys
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.models import Service

MOST_PEOPLE = 10_000_000
PDF, CSV = "pdf", "csv"


def people_field(label: Any, **more: Any) -> DecimalField:
    """How many were served: a whole number; empty is unknown."""
    return DecimalField(
        label=label, minimum=1, maximum=MOST_PEOPLE, places=0, required=False, **more
    )


class RoundForm(forms.Form):
    """`services`: those that the unit offers; each is asked about unless its box is cleared."""

    survey = SelectField(label=_("Survey"))
    year = SelectField(label=_("Year"))
    quarter = SelectField(label=_("Quarter"))
    opens_on = DateField(label=_("First day"))
    closes_on = DateField(label=_("Last day"))
    door = RadioField(label=_("Who may answer?"), choices=SurveyDoor.choices)
    counts_open = forms.BooleanField(
        label=_("Count answers without proof in the index too"),
        help_text=_("Then anybody can raise or lower the index. Every page says so."),
        required=False,
    )
    highest = SelectField(label=_("Scale"), required=False)
    printed_weight = forms.BooleanField(
        label=_("SKM only: weight 0,11 as printed in the regulation"),
        help_text=_("Only to match older reports; the highest value is then 99."),
        required=False,
    )
    population = people_field(
        _("People served in this quarter"),
        help_text=_("From it follows how many answers are enough. Empty if you do not know."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        today: date,
        services: list[Service],
        row: SurveyRound | None = None,
        submit: Any = "",
    ) -> None:
        super().__init__(data, initial=_initial(row, today))
        self.services = services
        self.row = row
        known = surveys()
        scales = sorted({each for code in known.contents for each in known.highest_answers(code)})
        self._offer("survey", [(code, _named(code)) for code in known.contents])
        self._offer("year", [(year, str(year)) for year in range(today.year - 2, today.year + 2)])
        self._offer("quarter", [(number, gettext("Quarter %d") % number) for number in range(1, 5)])
        usual = [("", gettext("The usual one of the survey"))]
        self._offer("highest", [*usual, *((each, f"1–{each}") for each in scales)])
        if row is not None:
            del self.fields["survey"]
        self._add_services(row)
        self.helper = PortalFormHelper(self, submit=submit or _("Save"))

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _add_services(self, row: SurveyRound | None) -> None:
        if not self.services:
            return
        kept = {each.service_id: each.population for each in row.services.all()} if row else {}
        self.fields["services"] = forms.TypedMultipleChoiceField(
            label=gettext("Services that are asked about"),
            choices=[(service.pk, service.name) for service in self.services],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=[each.pk for each in self.services if row is None or each.pk in kept],
        )
        for service in self.services:
            self.fields[f"served_{service.pk}"] = people_field(
                gettext("People served: %(name)s") % {"name": service.name},
                initial=kept.get(service.pk),
            )

    def plan(self) -> RoundPlan:
        values = self.cleaned_data
        chosen = set(values.get("services") or [])
        return RoundPlan(
            survey=self.row.survey if self.row else values["survey"],
            year=int(values["year"]),
            quarter=int(values["quarter"]),
            opens_on=values["opens_on"],
            closes_on=values["closes_on"],
            door=values["door"],
            counts_open=values["counts_open"],
            population=_whole(values["population"]),
            highest=int(values["highest"]) if values["highest"] else None,
            printed_weight=values["printed_weight"],
            services=[
                (service, _whole(values[f"served_{service.pk}"]))
                for service in self.services
                if service.pk in chosen
            ],
        )

    def overwrite(self, version: int) -> None:
        """Somebody else saved meanwhile: the next sending goes over it."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


class BulkForm(RoundForm):
    """The same round for every unit that offers services."""

    at_once = forms.BooleanField(
        label=_("Open them all now"),
        help_text=_("People can answer from the first day on."),
        required=False,
        initial=True,
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, today=today, services=[], submit=_("Prepare for all units"))
        del self.fields["population"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        values.setdefault("population", None)
        return values


class LongerForm(forms.Form):
    """An open round: only its last day can move."""

    closes_on = DateField(label=_("Last day"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, row: SurveyRound) -> None:
        super().__init__(data, initial={"closes_on": row.closes_on, "version": row.version})
        self.row = row
        self.helper = PortalFormHelper(self, submit=_("Save"))

    def plan(self) -> RoundPlan:
        row = self.row
        return RoundPlan(
            row.survey, row.year, row.quarter, row.opens_on, self.cleaned_data["closes_on"]
        )

    def overwrite(self, version: int) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


class _OfService(forms.Form):
    service = SelectField(label=_("Service"), required=False)
    served_on = DateField(label=_("Day of the service"), required=False)

    def _offer_services(self, services: list[SurveyService]) -> None:
        self.services = {str(each.pk): each for each in services}
        names = [("", gettext("Any service")), *((each.pk, each.name) for each in services)]
        self.fields["service"].choices = names  # type: ignore[attr-defined]
        if not services:
            del self.fields["service"]

    def chosen_service(self) -> SurveyService | None:
        return self.services.get(self.cleaned_data.get("service", ""))


class CodesForm(_OfService):
    number = DecimalField(
        label=_("How many codes"), minimum=1, maximum=MOST_CODES, places=0, initial=24
    )
    kind = RadioField(
        label=_("As"),
        choices=[(PDF, _("Slips to print and cut (PDF)")), (CSV, _("A list (CSV)"))],
        initial=PDF,
    )

    def __init__(self, data: QueryDict | None = None, *, services: list[SurveyService]) -> None:
        super().__init__(data)
        self._offer_services(services)
        self.order_fields(["number", "kind", "service", "served_on"])
        self.helper = PortalFormHelper(self, submit=_("Make the codes"))


class ReceiptsForm(_OfService):
    numbers = LongTextField(
        label=_("Receipt numbers"),
        help_text=_("One in each line, as on the receipt. Never a NIK or a name."),
        limit=100_000,
        rows=10,
        error_messages={"required": _("Type or paste at least one receipt number.")},
    )

    def __init__(self, data: QueryDict | None = None, *, services: list[SurveyService]) -> None:
        super().__init__(data)
        self._offer_services(services)
        self.order_fields(["numbers", "service", "served_on"])
        self.helper = PortalFormHelper(self, submit=_("Add the numbers"))


class FollowUpForm(VersionedForm):
    item = SelectField(label=_("Element"))
    action = ShortTextField(label=_("What is done"), limit=300)
    responsible = ShortTextField(
        label=_("Who does it"), help_text=_("The office or team, not a person's name."), limit=150
    )
    due_on = DateField(label=_("Due date"))
    done_on = DateField(label=_("Done on"), required=False)
    outcome = ShortTextField(label=_("What came of it"), limit=300, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        round: SurveyRound,
        row: SurveyFollowUp | None = None,
        item: str = "",
    ) -> None:
        names = ("item", "action", "responsible", "due_on", "done_on", "outcome", "version")
        initial: dict[str, Any] = {"form_key": uuid4(), "version": 0, "item": item}
        if row is not None:
            initial |= {name: getattr(row, name) for name in names}
        super().__init__(data, initial=initial)
        choices = [(each.code, f"{each.code} {each.title}") for each in round.asked.items]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]
        if row is None:
            del self.fields["done_on"], self.fields["outcome"]
        self.helper = PortalFormHelper(self, submit=_("Save"))

    def texts(self) -> FollowUpTexts:
        names = ("item", "action", "responsible", "due_on")
        return FollowUpTexts(**{name: self.cleaned_data[name] for name in names})


def _named(code: str) -> str:
    return f"{surveys().survey(code).name} ({code})"


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _initial(row: SurveyRound | None, today: date) -> dict[str, Any]:
    if row is None:
        quarter = (today.month + 2) // 3
        ends = date(today.year + quarter // 4, quarter % 4 * 3 + 1, 1)
        return {
            "year": today.year,
            "quarter": quarter,
            "opens_on": today,
            "closes_on": date.fromordinal(ends.toordinal() - 1),
            "door": SurveyDoor.PROOF,
        }
    usual = surveys().highest_answers(row.survey)[0]
    names = ("year", "quarter", "opens_on", "closes_on", "door", "counts_open", "population")
    return {
        **{name: getattr(row, name) for name in names},
        "highest": "" if row.asked.highest == usual else row.asked.highest,
        "printed_weight": row.asked.weight is not None,
        "version": row.version,
    }
