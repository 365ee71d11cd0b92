"""E.81 of a unit and E.60 of the government: one year with its quarters, and the plan so far."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assessments.achievement import roll_up
from assessments.enums import Consolidation, Shape
from assessments.plan_excel_out import sheets
from assessments.plan_excel_out.footers import Signer
from assessments.plan_excel_out.form_writer import (
    FOOT,
    RUPIAH_PLACES,
    WORDS,
    FormWriter,
    is_negative,
    percent_of,
    sum_known,
)
from assessments.plan_excel_out.sheets import Table, aim_shown, figure_shown
from assessments.queries.performance import Known
from assessments.queries.plan_exports import Form, Line
from assessments.series import QUARTERS, WHOLE_YEAR
from assessments.spans import adds_up, aim_at_the_end, figure_until, periods_behind


class YearlyForm(FormWriter):
    """E.81 and E.60."""

    def __init__(self, table: Table, form: Form) -> None:
        super().__init__(table, form)
        if form.unit is not None:
            self.next_plans = ("triwulan berikutnya", "Renja Perangkat Daerah berikutnya")
        year, before = form.year, form.years_before
        self.amounts: dict[str, dict[int, Decimal | None]] = {
            "end": self._over(form.years, "ceiling"),
            "before": self._over(before, "spent"),
            "target": self._over([year], "ceiling"),
            "year": self._over([year], "spent"),
            "total": self._over(form.years_until, "spent"),
        }
        for place in QUARTERS:
            self.amounts[f"q{place}"] = {
                line.row.node.pk: self.purses[line.row.node.pk, year].quarters[place - 1]
                for line in form.lines
            }

    def _over(self, years: Sequence[int], name: str) -> dict[int, Decimal | None]:
        return {
            line.row.node.pk: sum_known(
                getattr(self.purses[line.row.node.pk, year], name) for year in years
            )
            for line in self.form.lines
        }

    def signers(self) -> tuple[Signer, Signer]:
        if self.form.unit is None:
            return super().signers()
        made = Signer("Disusun", "KEPALA PERANGKAT DAERAH", self.form.unit.name)
        name = self.form.plan.government.official_name
        return made, Signer("Dievaluasi", "KEPALA BAPPEDA", name)

    def quantities(self, row: int, one: Known, style: dict[str, Any]) -> None:
        form, series, places = self.form, one.series, self.places(one)
        year, quarter = form.year, form.quarter
        before = figure_until(series, form.years_before)
        self.put(row, "end", aim_shown(aim_at_the_end(series, form.years)), places, style)
        early = form.is_provisional(one, form.years_before)
        self.put(
            row,
            "before",
            figure_shown(series.shape, before, is_provisional=early),
            places,
            style,
        )
        self.put(row, "target", aim_shown(series.aim(year)), places, style)
        for each in QUARTERS:
            if each <= (quarter or 4) and (year, each) in series.figures:
                is_early = not one.measurements[year, each].is_final
                shown = figure_shown(
                    series.shape, series.figure(year, each), is_provisional=is_early
                )
                self.put(row, f"q{each}", shown, places, style)
        self._put_year(row, one, places, style)
        self.put_reached(row, "level", one, form.of_year(one), ("target", "year"), style)
        self._put_total(row, one, places, style)
        self.put_reached(row, "final", one, form.of_span(one), ("end", "total"), style)
        if "notes" in self.table.at:
            self.table.text(row, self.table.at["notes"], _notes(form, one), **style)

    def _put_year(self, row: int, one: Known, places: int, style: dict[str, Any]) -> None:
        form, series = self.form, one.series
        figure = series.until(form.year, form.quarter or 4)
        early = form.is_provisional(one, [form.year])
        cells = [self.table.cell(row, f"q{each}") for each in QUARTERS]
        rule = {
            Consolidation.SUM: sheets.total(cells),
            Consolidation.AVERAGE: sheets.mean(",".join(cells)),
            Consolidation.LAST: sheets.latest(cells),
        }.get(series.how)
        behind = periods_behind(series, form.year, form.quarter)
        is_own = any(quarter == WHOLE_YEAR for _year, quarter in behind)
        if rule is None or is_own or series.factor is not None or series.shape in WORDS:
            shown = figure_shown(series.shape, figure, is_provisional=early)
            self.put(row, "year", shown, places, style)
            return
        value = figure.value if figure else None
        at = self.table.at["year"]
        # A mean may need more decimals than what it is the mean of.
        more = max(places, 2) if series.how is Consolidation.AVERAGE else places
        self.table.formula(row, at, rule, value, more, is_provisional=early, **style)

    def _put_total(self, row: int, one: Known, places: int, style: dict[str, Any]) -> None:
        form, series = self.form, one.series
        figure = figure_until(series, form.years_until, form.quarter)
        early = form.is_provisional(one, form.years_until if adds_up(series) else [form.year])
        if series.shape in WORDS:
            shown = figure_shown(series.shape, figure, is_provisional=early)
            self.put(row, "total", shown, places, style)
            return
        cells = [self.table.cell(row, key) for key in ("before", "year")]
        text = sheets.total(cells) if adds_up(series) else sheets.latest(cells)
        value = figure.value if figure else None
        at = self.table.at["total"]
        self.table.formula(row, at, text, value, places, is_provisional=early, **style)

    def money(self, row: int, line: Line, style: dict[str, Any]) -> None:
        node, year = line.row.node.pk, self.form.year
        purse = self.purses[node, year]
        for key in ("end", "before", "target", *(f"q{each}" for each in QUARTERS)):
            self.put_added(line, key, self.amounts[key], style)
        if self.below[node] or not purse.is_of_quarters:
            self.put_added(
                line, "year", self.amounts["year"], style, is_provisional=purse.is_provisional
            )
        else:
            cells = [self.table.cell(row, f"q{each}", money=True) for each in QUARTERS]
            self.table.formula(
                row,
                self.table.at["year"] + 1,
                sheets.total(cells),
                self.amounts["year"][node],
                RUPIAH_PLACES,
                is_provisional=purse.is_provisional,
                **style,
            )
        cells = [self.table.cell(row, key, money=True) for key in ("before", "year")]
        spent = self.amounts["total"][node]
        self.table.formula(
            row, self.table.at["total"] + 1, sheets.total(cells), spent, RUPIAH_PLACES, **style
        )
        target, done = self.amounts["target"][node], self.amounts["year"][node]
        self.put_share(row, "level", ("target", "year"), percent_of(done, target), **style)
        end = self.amounts["end"][node]
        self.put_share(row, "final", ("end", "total"), percent_of(spent, end), **style)

    def _write_totals(self) -> None:
        keys = ("end", "before", "target", "q1", "q2", "q3", "q4", "year", "total")
        tops = self.below[None]
        sums = {key: sum_known(self.amounts[key][each] for each in tops) for key in keys}
        self.total_line(keys, sums)
        self.year_share = percent_of(sums["year"], sums["target"])
        self.end_share = percent_of(sums["total"], sums["end"])
        self.put_share(self.after, "level", ("target", "year"), self.year_share, **FOOT)
        self.put_share(self.after, "final", ("end", "total"), self.end_share, **FOOT)

    def _write_averages(self) -> None:
        form = self.form
        of_year = roll_up(form.of_year(one).counted for one in form.indicators)
        of_span = roll_up(form.of_span(one).counted for one in form.indicators)
        self.average_lines(
            [
                ("level", of_year.percent, self.year_share),
                ("final", of_span.percent, self.end_share),
            ]
        )


def _notes(form: Form, one: Known) -> str:
    """Keterangan: what a reader must know of this row."""
    words = []
    if form.is_provisional(one, form.years_until):
        words.append("angka sementara")
    if one.series.shape is Shape.VALUE and not adds_up(one.series):
        words.append("bukan penjumlahan: angka terakhir")
    if is_negative(one):
        words.append("target negatif: capaian ditetapkan perencana")
    return "; ".join(words)
