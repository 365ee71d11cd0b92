"""What an export is asked for: unit, year and quarter; year and level of the head's report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from assessments.enums import NodeLevel
from assessments.models import Plan
from assessments.series import quarter_of
from integrity_portal.core.forms import PortalFormHelper, SelectField
from opd.models import Unit

WHOLE_YEAR = "0"


@dataclass(frozen=True)
class Choice:
    unit: Unit | None
    year: int
    quarter: int

    @property
    def until(self) -> str:
        """For the name of a file."""
        return f" TW{self.quarter}" if self.quarter else ""


def _asked(data: Any, initial: dict[str, str]) -> dict[str, str] | None:
    """What a link names; what it leaves out is as usual. None when it names nothing of ours."""
    if not any(name in data for name in initial):
        return None
    return {name: data.get(name, usual) for name, usual in initial.items()}


def newest_year(plan: Plan, today: date) -> int:
    """This year, or the one of the plan that lies next to it."""
    return min(max(today.year, plan.first_year), plan.last_year)


def last_quarter(today: date) -> tuple[int, int]:
    """The quarter that ended last."""
    quarter = quarter_of(today) - 1
    return (today.year, quarter) if quarter else (today.year - 1, 4)


class ExportForm(forms.Form):
    unit = SelectField(label=gettext_lazy("Unit (E.81)"), required=False)
    year = SelectField(label=gettext_lazy("Year"))
    quarter = SelectField(label=gettext_lazy("Until the end of"))

    def __init__(
        self, data: Any, *, plan: Plan, units: Sequence[Unit], own: int | None, today: date
    ) -> None:
        """Always bound: a link may leave out what is as usual, a page opens with it."""
        year, quarter = last_quarter(today)
        year = min(max(year, plan.first_year), plan.last_year)
        self.units = {str(row.pk): row for row in units}
        initial = {
            "unit": str(own) if str(own) in self.units else "",
            "year": str(year),
            "quarter": str(quarter) if year == last_quarter(today)[0] else WHOLE_YEAR,
        }
        super().__init__({name: data.get(name, usual) for name, usual in initial.items()})
        names = [(key, row.name) for key, row in self.units.items()]
        self.fields["unit"].choices = [("", _("Choose a unit")), *names]  # type: ignore[attr-defined]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (str(each), str(each)) for each in plan.all_years
        ]
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            *((str(n), _("Quarter %(number)s") % {"number": n}) for n in (1, 2, 3, 4)),
            (WHOLE_YEAR, _("The whole year")),
        ]
        self.helper = PortalFormHelper(self, form_tag=False, method="get", mark_optional=False)

    def choice(self) -> Choice | None:
        """None when something was sent that cannot be."""
        if not self.is_valid():
            return None
        found = self.cleaned_data
        return Choice(
            self.units.get(found["unit"] or ""), int(found["year"]), int(found["quarter"])
        )


class HeadReportForm(forms.Form):
    year = SelectField(label=gettext_lazy("Year"))
    level = SelectField(label=gettext_lazy("Indicators"), required=False)

    def __init__(
        self, data: Any, *, plan: Plan, today: date, with_figures: int | None = None
    ) -> None:
        """`with_figures`: the newest year that has some."""
        initial = {"year": str(with_figures or newest_year(plan, today)), "level": ""}
        super().__init__(_asked(data, initial), initial=initial)
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (str(each), str(each)) for each in plan.all_years
        ]
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("", _("Key indicators (IKU)")),
            *((level.value, _("All of %(level)s") % {"level": level.label}) for level in NodeLevel),
        ]
        self.helper = PortalFormHelper(self, form_tag=False, method="get", mark_optional=False)

    def choice(self) -> tuple[int, str]:
        """What was asked for; where it cannot be, the newest year's key indicators."""
        found = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return int(found["year"]), str(found.get("level") or "")
