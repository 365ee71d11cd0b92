"""Charts drawn on the server as inline SVG: the same drawing on screen and on paper.

Widths are percentages and heights are pixels, so text keeps its size from 280 px to A4 and
nothing needs a script or a style attribute. Every chart brings the equal table with it; the two small
ones (`Sparkline`, `Bullet`) stand in a table themselves and say their figures in a title.
"""

from integrity_portal.core.charts.bars import Bar, BarChart, StackedBarChart, StackedRow
from integrity_portal.core.charts.heat import HeatCell, HeatRow, HeatTable
from integrity_portal.core.charts.lines import Line, LineChart
from integrity_portal.core.charts.parts import Chart, DataTable, Tone
from integrity_portal.core.charts.scatter import Corners, Point, ScatterChart
from integrity_portal.core.charts.small import Bullet, Sparkline
from integrity_portal.core.charts.targets import Target, TargetChart

__all__ = [
    "Bar",
    "BarChart",
    "Bullet",
    "Chart",
    "Corners",
    "DataTable",
    "HeatCell",
    "HeatRow",
    "HeatTable",
    "Line",
    "LineChart",
    "Point",
    "ScatterChart",
    "Sparkline",
    "StackedBarChart",
    "StackedRow",
    "Target",
    "TargetChart",
    "Tone",
]
