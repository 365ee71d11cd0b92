"""What figures are asked for; bad values narrow nothing."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints.enums import Channel, ComplaintKind
from complaints.forms.public import offer
from complaints.forms.steps import category_choices
from complaints.queries.monthly import last_day, months_to_choose
from complaints.queries.statistics import Asked
from integrity_portal.core.forms import PortalFormHelper, SelectField

MONTHS_BACK = 36
USUAL = 12


class StatisticsForm(forms.Form):
    since = SelectField(label=_("Filed from"), required=False)
    until = SelectField(label=_("Filed until"), required=False)
    unit = SelectField(label=_("Unit"), required=False)
    category = SelectField(label=_("Category"), required=False)
    region = SelectField(label=_("Region"), required=False)
    channel = SelectField(label=_("Channel"), required=False)
    kind = SelectField(label=_("Kind"), required=False)

    def __init__(
        self,
        *args: Any,
        today: date,
        units: list[tuple[int, str]],
        regions: list[tuple[int, str]],
        months: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        everything = ("", gettext("All"))
        offer(self, "since", months)
        offer(self, "until", months)
        offer(self, "unit", [everything, *units])
        offer(self, "region", [everything, *regions])
        offer(self, "category", [everything, *category_choices()[1:]])
        offer(self, "channel", [everything, *Channel.choices])
        offer(self, "kind", [everything, *ComplaintKind.choices])
        self.helper = PortalFormHelper(
            self, submit=gettext("Show"), method="get", mark_optional=False
        )

    def asked(self) -> Asked:
        values = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        since = _month(values.get("since")) or usual_start(self.today)
        until = _month(values.get("until")) or self.today.replace(day=1)
        return Asked(
            since=min(since, until),
            until=last_day(max(since, until)),
            unit=_number(values.get("unit")),
            region=_number(values.get("region")),
            category=values.get("category") or "",
            channel=values.get("channel") or "",
            kind=values.get("kind") or "",
        )


def usual_start(today: date) -> date:
    return months_to_choose(today, USUAL)[-1]


def _month(text: str | None) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def _number(text: str | None) -> int | None:
    return int(text) if text else None
