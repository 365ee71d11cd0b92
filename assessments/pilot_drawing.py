"""The matrix picture of a choice of pilots; the same on screen and on paper."""

from decimal import Decimal

from django.utils.translation import gettext as _, ngettext, pgettext

from assessments.factor_sets import FactorSet
from assessments.pilots import Axis, Placement, Quadrant
from assessments.queries.pilots import Matrix, Row
from integrity_portal.core.charts import Chart, Corners, Point, ScatterChart

# Without a decision the first places carry numbers; more would hide each other.
NAMED = 8
MOST_NAMED = 20


def matrix_chart(matrix: Matrix, factors: FactorSet) -> Chart:
    """Chosen units carry numbers once there is a decision, before that the first places."""
    numbers = _numbers(matrix)
    decided = any(row.chosen for row in matrix.rows)
    return ScatterChart(
        title=_("Vulnerability and readiness, 0 to 100"),
        x_label=str(factors.axes[Axis.VULNERABILITY]),
        y_label=str(factors.axes[Axis.READINESS]),
        points=[
            Point(
                row.name,
                row.placement.vulnerability.value or Decimal(0),
                row.placement.readiness.value or Decimal(0),
                numbers.get(row.placement.unit),
                (_corner(row.placement, factors), _word(row)),
            )
            for row in matrix.complete
        ],
        corners=Corners(
            *(
                str(factors.quadrants[part])
                for part in (
                    Quadrant.READY,
                    Quadrant.BOTH,
                    Quadrant.NEITHER,
                    Quadrant.VULNERABLE,
                )
            )
        ),
        split=factors.rules.high_from,
        label_header=_("Unit"),
        word_headers=(_("Corner"), pgettext("pilot order", "Place")),
        named=_("chosen") if decided else _("first places"),
        others=_("other units"),
        sentence=_sentence(matrix),
    ).draw()


def _numbers(matrix: Matrix) -> dict[int, int]:
    chosen = [row for row in matrix.complete if row.chosen]
    if chosen:
        return {
            row.placement.unit: row.chosen.position
            for row in chosen[:MOST_NAMED]
            if row.chosen is not None
        }
    first = [row for row in matrix.complete if (row.placement.place or 0) <= NAMED][:MOST_NAMED]
    return {row.placement.unit: number for number, row in enumerate(first, start=1)}


def _corner(placement: Placement, factors: FactorSet) -> str:
    return str(factors.quadrants[placement.quadrant]) if placement.quadrant else ""


def _word(row: Row) -> str:
    place = str(row.placement.place)
    return _("%(place)s, chosen") % {"place": place} if row.chosen else place


def _sentence(matrix: Matrix) -> str:
    both = sum(1 for row in matrix.complete if row.placement.quadrant == Quadrant.BOTH)
    said = ngettext(
        "%(count)d unit is both vulnerable and ready.",
        "%(count)d units are both vulnerable and ready.",
        both,
    ) % {"count": both}
    missing = len(matrix.incomplete)
    if not missing:
        return said
    more = ngettext(
        "%(count)d unit is incomplete and not drawn.",
        "%(count)d units are incomplete and not drawn.",
        missing,
    )
    return f"{said} {more % {'count': missing}}"
