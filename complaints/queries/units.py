"""Units a complaint can be about or be passed on to."""

from datetime import date
from itertools import groupby

from opd.enums import UnitKind
from opd.models import Unit


def unit_choices(government_id: int, today: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """(kind, [(id, name)]) of the units active today; kinds in the order of the regulation."""
    order = list(UnitKind.values)
    rows = Unit.objects.filter(government_id=government_id).active_on(today)
    units = sorted(rows.order_by("name"), key=lambda unit: order.index(unit.kind))
    return [
        (UnitKind(kind).label, [(unit.pk, unit.name) for unit in members])
        for kind, members in groupby(units, key=lambda unit: unit.kind)
    ]


def active_unit(government_id: int, pk: int, today: date) -> Unit | None:
    rows = Unit.objects.filter(government_id=government_id).active_on(today)
    return rows.filter(pk=pk).first()
