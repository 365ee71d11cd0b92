"""What the targets of one row show: their direction, and what Excel made of them."""

from itertools import pairwise

from django.utils.translation import gettext as _

from assessments.enums import Direction, Shape
from assessments.plan_excel.headings import Kind
from assessments.plan_excel.reading import Row, Stated
from assessments.plan_excel.values import is_day
from assessments.target_rules import Wanted, fault_of_shape


def fault_of_kind(each: Stated, shape: Shape, wanted: Wanted) -> str:
    """What a cell looks like against the others of its row."""
    if shape == Shape.VALUE and each.shape == Shape.DATE:
        return _("Excel made a date of this. Format the cell as text and type it again.")
    if shape == Shape.VALUE and each.shape == Shape.YES_NO:
        return _("Enter a number.")
    return fault_of_shape(shape, wanted)


def fault_of_day(each: Stated, shape: Shape, measure: str, *, is_said: bool) -> str:
    """7-8, which Excel turns into 7 August. `is_said`: that targets are days is known otherwise."""
    is_other = shape not in (Shape.DATE, Shape.RANGE)
    if (
        not each.is_typed_day
        or each.due_on is None
        or is_other
        or (shape == Shape.DATE and is_said)
    ):
        return ""
    is_quantity = bool(measure) and not is_day(measure)
    if not is_quantity and shape == Shape.DATE and each.due_on.year == each.year:
        return ""
    return _(
        "Excel has turned a range into a date; type '%(range)s as a text. If this day is meant, "
        "type it in words, for example 31 Desember 2026."
    ) % {"range": f"{each.due_on.day}-{each.due_on.month}"}


def direction_shown(row: Row) -> Direction | None:
    """By a bound, else by targets that only fall or only rise from year to year."""
    found = [each for each in row.stated if each.kind == Kind.TARGET and not each.quarter]
    bound = next((each.bound for each in found if each.bound is not None), None)
    if bound is not None:
        return bound
    values = [each.low for each in sorted(found, key=lambda each: each.year)]
    known = [value for value in (row.base_value, *values) if value is not None]
    steps = [after - before for before, after in pairwise(known)]
    if any(step < 0 for step in steps) and all(step <= 0 for step in steps):
        return Direction.LOWER
    if any(step > 0 for step in steps) and all(step >= 0 for step in steps):
        return Direction.HIGHER
    return None
