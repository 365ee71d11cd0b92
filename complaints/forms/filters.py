"""What the staff's list can be narrowed to; all of it stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints.enums import Channel, ComplaintKind, ComplaintState
from complaints.forms.public import offer
from complaints.queries.desk import ALL, LATE, OPEN, Filters, Mark, Source
from integrity_portal.core.forms import DateField, PortalFormHelper, SelectField, ShortTextField

Choices = list[tuple[int, str]]
# Filters beyond the three that most people need.
MORE = ("mark", "kind", "channel", "source", "region", "since", "until")


class FilterForm(forms.Form):
    """Bad values filter nothing: a link from yesterday still shows the list."""

    state = SelectField(label=_("State"), required=False)
    unit = SelectField(label=_("Unit"), required=False)
    q = ShortTextField(label=_("Words or number"), required=False, limit=80)
    mark = SelectField(label=_("Narrowed to"), required=False)
    kind = SelectField(label=_("Kind"), required=False)
    channel = SelectField(label=_("Channel"), required=False)
    source = SelectField(label=_("How it came"), required=False)
    region = SelectField(label=_("Kecamatan or kelurahan"), required=False)
    since = DateField(label=_("Received from"), required=False)
    until = DateField(label=_("Received until"), required=False)

    def __init__(self, *args: Any, units: Choices, regions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("All"))
        states = [(OPEN, gettext("Open")), (LATE, gettext("Late")), (ALL, gettext("All"))]
        offer(self, "state", [*states, *ComplaintState.choices])
        offer(self, "unit", [("", gettext("All units")), *units])
        offer(self, "mark", [every, *Mark.choices])
        offer(self, "kind", [every, *ComplaintKind.choices])
        offer(self, "channel", [every, *Channel.choices])
        offer(self, "source", [every, *Source.choices])
        offer(self, "region", [every, *regions])
        self.helper = PortalFormHelper(method="get", mark_optional=False, form_tag=False)

    @property
    def has_more(self) -> bool:
        """One of the folded filters is set."""
        return any(self.data.get(name) for name in MORE)

    @property
    def more(self) -> list[Any]:
        return [self[name] for name in MORE]

    @property
    def first(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in MORE]

    def filters(self) -> Filters:
        values = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Filters(
            state=values.get("state") or OPEN,
            unit=_key(values.get("unit")),
            words=values.get("q") or "",
            kind=values.get("kind") or "",
            channel=values.get("channel") or "",
            source=values.get("source") or "",
            region=_key(values.get("region")),
            mark=values.get("mark") or "",
            since=values.get("since"),
            until=values.get("until"),
        )


def _key(value: str | None) -> int | None:
    return int(value) if value else None
