"""For which years a zone may open a work-sheet, and from which earlier sheets it may begin."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from assessments.models import InstrumentEdition, IntegrityZone, Worksheet, ZoneHandover
from assessments.queries.worksheets import edition_for
from opd.models import Membership


@dataclass(frozen=True)
class YearToOpen:
    """`edition`: by which it is filled."""

    year: int
    edition: InstrumentEdition


def years_to_open(zone: IntegrityZone, today: date) -> list[YearToOpen]:
    """This year, the next and the last, then the years of an older instrument (area totals)."""
    taken = set(Worksheet.objects.current().filter(zone=zone).values_list("year", flat=True))
    near = [today.year, today.year + 1, today.year - 1]
    found = [YearToOpen(year, row) for year in near if (row := edition_for(year)) is not None]
    for row in InstrumentEdition.objects.defer("content").filter(is_history=True):
        last = row.valid_to.year if row.valid_to else today.year - 2
        years = range(min(last, today.year - 2), row.valid_from.year - 1, -1)
        found += [YearToOpen(year, row) for year in years if edition_for(year) is None]
    return [each for each in found if each.year not in taken]


def sources_for(membership: Membership, zone: IntegrityZone) -> list[Worksheet]:
    """Sheets that may be carried over: of the unit's zones and of roads that this one continues,
    newest first, without those that a newer edition replaced."""
    roads = ZoneHandover.objects.filter(successor=zone).values("predecessor")
    rows = Worksheet.objects.visible_to(membership).current().with_names()
    return list(
        rows.filter(Q(zone__unit=zone.unit_id) | Q(zone__in=roads)).order_by("-year", "-pk")
    )


def is_source_for(zone: IntegrityZone, sheet: Worksheet) -> bool:
    """Whether this sheet belongs to the unit, or to a road that the zone continues."""
    if sheet.zone.unit_id == zone.unit_id:
        return True
    return ZoneHandover.objects.filter(successor=zone, predecessor=sheet.zone_id).exists()
