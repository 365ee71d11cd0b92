"""Forms of a split: who takes over what."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import DateField, RadioField, SelectField, ShortTextField
from opd.actions.unit_splits import MOST_PARTS, Below, Part
from opd.enums import UnitKind
from opd.forms.fields import OptionalSelect
from opd.forms.units import BASIS_LIMIT, CODE_LIMIT, NAME_LIMIT, SHORT_LIMIT
from opd.models import Duty, Service, Unit
from opd.unit_steps import UnitFacts


class SplitForm(forms.Form):
    """The day, the basis, what becomes of the unit, and a group of boxes for each part."""

    GOES_ON, ENDS = "goes_on", "ends"
    ABOVE = "above"

    happened_on = DateField(
        label=_("In force from"),
        help_text=_("The day on which the successors begin. It may lie ahead."),
    )
    basis = ShortTextField(
        label=_("Legal basis"),
        limit=BASIS_LIMIT,
        error_messages={"required": _("Write the regulation or decree of the split.")},
    )
    fate = RadioField(
        label=_("What becomes of this unit?"),
        choices=[
            (GOES_ON, _("It goes on; a part of its work leaves")),
            (ENDS, _("It ends on the day before; the successors take its place")),
        ],
        error_messages={"required": _("Say whether the unit goes on or ends.")},
    )

    def __init__(
        self,
        *args: Any,
        unit: Unit,
        others: list[Unit],
        parents: list[Unit],
        count: int,
        has_below: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.count = unit, max(2, min(count, MOST_PARTS))
        for place in range(self.count):
            self._add_part(place, others, parents)
        if has_below:
            parts = [
                (str(place), _("Successor %(number)s") % {"number": place + 1})
                for place in range(self.count)
            ]
            self.fields["below"] = SelectField(
                label=_("If it ends, the units below go to"),
                required=False,
                choices=[("", _("Choose")), *parts, (self.ABOVE, self._above())],
                help_text=_("All together; afterwards each can be moved on its own page."),
            )

    def _above(self) -> Any:
        if self.unit.parent is None:
            return _("The top, without a unit above")
        return self.unit.parent.name

    def _add_part(self, place: int, others: list[Unit], parents: list[Unit]) -> None:
        boxes = {
            "unit": OptionalSelect(
                rows=others,
                empty=_("A new unit, described here"),
                label=_("Which unit takes over?"),
            ),
            "name": ShortTextField(label=_("Name"), limit=NAME_LIMIT, required=False),
            "short_name": ShortTextField(label=_("Short name"), limit=SHORT_LIMIT, required=False),
            "kind": SelectField(
                label=_("Kind"), choices=UnitKind.choices, required=False, initial=self.unit.kind
            ),
            "code": ShortTextField(label=_("Code"), limit=CODE_LIMIT, required=False),
            "parent": OptionalSelect(
                rows=parents,
                empty=_("None: it stands at the top"),
                label=_("Unit above"),
                initial=str(self.unit.parent_id or ""),
            ),
        }
        for name, box in boxes.items():
            # The words above the boxes say when they may stay empty.
            box.says_optional = name in ("short_name", "code")  # type: ignore[attr-defined]
            self.fields[f"{name}_{place}"] = box

    def groups(self) -> list[tuple[int, forms.BoundField, list[forms.BoundField]]]:
        """For the page: number, the choice, the boxes of a new unit."""
        names = ("name", "short_name", "kind", "code", "parent")
        return [
            (place + 1, self[f"unit_{place}"], [self[f"{name}_{place}"] for name in names])
            for place in range(self.count)
        ]

    def _is_empty(self, place: int) -> bool:
        names = ("unit", "name", "short_name", "code")
        return not any(self.cleaned_data.get(f"{name}_{place}") for name in names)

    def clean(self) -> dict[str, Any]:
        for place in range(self.count):
            if self._is_empty(place) or any(
                f"{n}_{place}" in self.errors for n in ("name", "unit")
            ):
                continue
            named = self.cleaned_data.get(f"name_{place}")
            if self.cleaned_data.get(f"unit_{place}"):
                if named:
                    self.add_error(
                        f"unit_{place}",
                        ValidationError(
                            _(
                                "Choose a unit or describe a new one, not both: empty the name below."
                            )
                        ),
                    )
            elif not named:
                self.add_error(f"name_{place}", ValidationError(_("Write the name of the unit.")))
        named_ones = any(not self._is_empty(place) for place in range(self.count))
        if not named_ones and not any(name[-1].isdigit() for name in self.errors):
            self.add_error("name_0", ValidationError(_("Name the unit that takes over.")))
        return self.cleaned_data

    def places(self) -> list[int]:
        """The groups that were filled in; an empty one is left out."""
        return [place for place in range(self.count) if not self._is_empty(place)]

    def parts(self) -> list[Part]:
        return [self._part(place) for place in self.places()]

    def _part(self, place: int) -> Part:
        data = self.cleaned_data
        if data[f"unit_{place}"]:
            return cast(Unit, data[f"unit_{place}"])
        return UnitFacts(
            kind=data[f"kind_{place}"] or self.unit.kind,
            name=data[f"name_{place}"],
            short_name=data[f"short_name_{place}"],
            code=data[f"code_{place}"],
            parent=data[f"parent_{place}"],
        )

    def below_go_to(self) -> Below:
        """Counted among the parts that were filled in."""
        chosen = self.cleaned_data.get("below", "")
        if chosen == self.ABOVE:
            return "above"
        if chosen == "":
            return "stay"
        places = self.places()
        return places.index(int(chosen)) if int(chosen) in places else "stay"


class HandOverForm(forms.Form):
    """One choice for each service and duty: it stays, or one of the units that took over."""

    def __init__(
        self,
        *args: Any,
        services: list[Service],
        duties: list[Duty],
        takers: list[Unit],
        only: Unit | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [
            *((f"service_{row.pk}", row.name) for row in services),
            *((f"duty_{row.pk}", row.text) for row in duties),
        ]
        for name, label in self.rows:
            box = OptionalSelect(
                rows=takers,
                empty=_("Stays here"),
                label=label,
                initial=str(only.pk) if only else "",
            )
            box.says_optional = False  # type: ignore[attr-defined]
            self.fields[name] = box

    def chosen(self, kind: str) -> dict[int, Unit]:
        """Key of the service or duty → unit that takes it."""
        return {
            int(name.removeprefix(f"{kind}_")): self.cleaned_data[name]
            for name, _label in self.rows
            if name.startswith(f"{kind}_") and self.cleaned_data[name]
        }

    def boxes(self, kind: str) -> list[forms.BoundField]:
        return [self[name] for name, _label in self.rows if name.startswith(f"{kind}_")]
