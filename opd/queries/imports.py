"""Uploaded lists of units and what they would change."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from integrity_portal.core.formatting import NOTHING, date_id
from opd.enums import ImportState, ImportSubject, UnitKind
from opd.models import Membership, Unit, UnitImport
from opd.queries.units import registry
from opd.unit_plan import Outcome, Plan, make_plan
from opd.unit_rows import Above, Line, brief, column_label


def import_of(
    membership: Membership, import_id: int, subject: str = ImportSubject.UNITS
) -> UnitImport | None:
    rows = UnitImport.objects.visible_to(membership).filter(subject=subject)
    return rows.filter(pk=import_id).first()


def plan_of(upload: UnitImport, *, today: date) -> Plan:
    """Against the registry as it is now."""
    known, former = registry(
        upload.government_id, today=today, first_days="active_from" in upload.columns
    )
    return make_plan(upload.columns, upload.rows, known, former)


@dataclass(frozen=True)
class PreviewRow:
    """One row as people read it: [(column, before, after)] for a change, the texts for the rest."""

    number: int
    outcome: Outcome
    unit_id: int | None
    name: str
    kind: str
    above: str
    changes: list[tuple[str, str, str]]
    problems: list[str]
    renames: bool


def preview_rows(lines: list[Line], government_id: int) -> list[PreviewRow]:
    """One query for the names of all units above."""
    wanted = {place.unit_id for line in lines for place in _places(line) if place.unit_id}
    units = Unit.objects.filter(government_id=government_id, pk__in=wanted)
    names = {unit.pk: unit.label for unit in units.only("name", "short_name")}
    return [_preview_row(line, names) for line in lines]


def _places(line: Line) -> list[Above]:
    found = [line.above] if line.above else []
    for change in line.changes:
        found += [value for value in (change.before, change.after) if isinstance(value, Above)]
    return found


def _preview_row(line: Line, names: dict[int, str]) -> PreviewRow:
    kind = str(line.values.get("kind", line.unit.kind if line.unit else ""))
    return PreviewRow(
        number=line.number,
        outcome=line.outcome,
        unit_id=line.unit.pk if line.unit else None,
        name=brief(line.name or NOTHING),
        kind=brief(
            str(UnitKind(kind).label) if kind in UnitKind.values else line.cells.get("kind", "")
        ),
        above=brief(_said(line.above, names) if line.above else line.cells.get("parent", "")),
        changes=[
            (column_label(c.field), _said(c.before, names), _said(c.after, names))
            for c in line.changes
        ],
        problems=line.problems,
        renames=any(change.field == "name" for change in line.changes),
    )


def _said(value: Any, names: dict[int, str]) -> str:
    if isinstance(value, Above):
        if value.row is not None:
            return _("row %(number)s") % {"number": value.row}
        return names.get(value.unit_id or 0, NOTHING)
    if isinstance(value, date):
        return date_id(value)
    if value in UnitKind.values:
        return str(UnitKind(value).label)
    return str(value or NOTHING)


def refused_rows(upload: UnitImport, *, today: date) -> list[list[str]]:
    """The cells of each refused row as they came, its number and the reason."""
    if upload.state == ImportState.PENDING:
        lines = plan_of(upload, today=today).lines
        reasons = {str(line.number): " ".join(line.problems) for line in lines if line.problems}
    else:
        reasons = upload.reasons
    kept = [place for place, column in enumerate(upload.columns) if column]
    return [
        [*(cells[i] if i < len(cells) else "" for i in kept), str(number), reasons[str(number)]]
        for number, cells in upload.rows
        if str(number) in reasons
    ]


def sheet_rows(government_id: int, *, today: date) -> list[list[str]]:
    """The active units as the import reads them back: all of them unchanged."""
    rows = Unit.objects.filter(government_id=government_id).active_on(today)
    return [
        [
            row.code,
            str(UnitKind(row.kind).label),
            row.name,
            row.short_name,
            (row.parent.code or row.parent.name) if row.parent else "",
            f"{row.active_from:%d/%m/%Y}" if row.active_from else "",
        ]
        for row in rows.select_related("parent").order_by("lineage")
    ]
