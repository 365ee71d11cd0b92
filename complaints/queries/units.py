"""Units a complaint can be about or be passed on to."""

from datetime import date
from itertools import groupby

from django.db.models import Q

from complaints.models import Complaint
from opd.enums import UnitKind
from opd.models import Unit, UnitName


def unit_choices(
    government_id: int, today: date, words: str = "", *, below: int | None = None
) -> list[tuple[str, list[tuple[int, str]]]]:
    """(kind, [(id, name)]) of the units active today; kinds in the order of the regulation.

    With `words` only those that have all of them in one of their names, former ones included; with
    `below` only this unit and its branch.
    """
    order = list(UnitKind.values)
    rows = Unit.objects.filter(government_id=government_id).active_on(today)
    if below is not None:
        rows = rows.at_or_below(below)
    for word in words.split()[:6]:
        named = UnitName.objects.filter(
            Q(name__icontains=word) | Q(short_name__icontains=word), government_id=government_id
        )
        rows = rows.filter(pk__in=named.values("unit_id"))
    units = sorted(rows.order_by("name"), key=lambda unit: order.index(unit.kind))
    return [
        (UnitKind(kind).label, [(unit.pk, unit.name) for unit in members])
        for kind, members in groupby(units, key=lambda unit: unit.kind)
    ]


def active_unit(government_id: int, pk: int, today: date) -> Unit | None:
    rows = Unit.objects.filter(government_id=government_id).active_on(today)
    return rows.filter(pk=pk).first()


def units_to_handle(complaint: Complaint, today: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """Those that a complaint may be passed on to: nobody of the accused unit's branch."""
    groups = unit_choices(complaint.government_id, today)
    accused = complaint.named_unit
    if not complaint.accuses_officer or accused is None:
        return groups
    below = Unit.objects.at_or_below(accused.pk).values_list("pk", flat=True)
    away = {*accused.lineage, *below}
    left = [(kind, [unit for unit in units if unit[0] not in away]) for kind, units in groups]
    return [(kind, units) for kind, units in left if units]
