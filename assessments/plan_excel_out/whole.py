"""E.58: all years of the plan beside each other."""

from decimal import Decimal
from typing import Any

from assessments.achievement import roll_up
from assessments.enums import Shape
from assessments.plan_excel_out import sheets
from assessments.plan_excel_out.form_writer import (
    FOOT,
    RUPIAH_PLACES,
    WORDS,
    FormWriter,
    percent_of,
    sum_known,
)
from assessments.plan_excel_out.sheets import Shown, aim_shown, figure_shown
from assessments.queries.performance import Known
from assessments.queries.plan_exports import Line
from assessments.spans import adds_up, aim_at_the_end, figure_until


class WholeForm(FormWriter):
    """E.58: everything of a year stands beside its neighbours, so totals are sums along the row."""

    next_plans = ("RKPD berikutnya", "RPJMD berikutnya")

    def quantities(self, row: int, one: Known, style: dict[str, Any]) -> None:
        form, series, places = self.form, one.series, self.places(one)
        self.put(row, "base", Shown(series.base_value), places, style)
        for year in form.years:
            self.put(row, f"target{year}", aim_shown(series.aim(year)), places, style)
            if year > form.year:
                continue
            early = form.is_provisional(one, [year])
            shown = figure_shown(series.shape, series.figure(year), is_provisional=early)
            self.put(row, f"year{year}", shown, places, style)
            cells = (f"target{year}", f"year{year}")
            self.put_reached(row, f"level{year}", one, form.of_year(one, year), cells, style)
        self._put_spans(row, one, places, style)
        self.put_reached(row, "final", one, form.of_span(one), ("end", "total"), style)

    def _put_spans(self, row: int, one: Known, places: int, style: dict[str, Any]) -> None:
        form, series = self.form, one.series
        end = aim_at_the_end(series, form.years)
        figure = figure_until(series, form.years_until)
        targets = [self.table.cell(row, f"target{year}") for year in form.years]
        figures = [self.table.cell(row, f"year{year}") for year in form.years]
        if series.shape is not Shape.VALUE:
            self.put(row, "end", aim_shown(end), places, style)
        else:
            text = sheets.complete_total(targets if adds_up(series) else targets[-1:])
            value = end.low if end else None
            self.table.formula(row, self.table.at["end"], text, value, places, **style)
        if series.shape in WORDS:
            self.put(row, "total", figure_shown(series.shape, figure), places, style)
            return
        text = sheets.total(figures) if adds_up(series) else sheets.latest(figures)
        value = figure.value if figure else None
        self.table.formula(row, self.table.at["total"], text, value, places, **style)

    def money(self, row: int, line: Line, style: dict[str, Any]) -> None:
        form, node = self.form, line.row.node.pk
        for year in form.years:
            self.put_added(line, f"target{year}", self._of(year, "ceiling"), style)
            if year > form.year:
                continue
            early = self.purses[node, year].is_provisional
            spent = self._of(year, "spent")
            self.put_added(line, f"year{year}", spent, style, is_provisional=early)
            self._put_level(row, year, self._of(year, "ceiling")[node], spent[node], style)
        ceiling, spent_all = (self._all(node, name) for name in ("ceiling", "spent"))
        self._put_row_sums(row, ceiling, spent_all, style)

    def _of(self, year: int, name: str) -> dict[int, Decimal | None]:
        return {
            line.row.node.pk: getattr(self.purses[line.row.node.pk, year], name)
            for line in self.form.lines
        }

    def _all(self, node: int, name: str) -> Decimal | None:
        years = self.form.years if name == "ceiling" else self.form.years_until
        return sum_known(getattr(self.purses[node, year], name) for year in years)

    def _put_level(
        self,
        row: int,
        year: int,
        ceiling: Decimal | None,
        spent: Decimal | None,
        style: dict[str, Any],
    ) -> None:
        cells = (f"target{year}", f"year{year}")
        self.put_share(row, f"level{year}", cells, percent_of(spent, ceiling), **style)

    def _put_row_sums(
        self, row: int, ceiling: Decimal | None, spent: Decimal | None, style: dict[str, Any]
    ) -> None:
        for key, run, value in (("end", "target", ceiling), ("total", "year", spent)):
            cells = [self.table.cell(row, f"{run}{year}", money=True) for year in self.form.years]
            text = sheets.total(cells)
            at = self.table.at[key] + 1
            self.table.formula(row, at, text, value, RUPIAH_PLACES, **style)
        self.put_share(row, "final", ("end", "total"), percent_of(spent, ceiling), **style)

    def _write_totals(self) -> None:
        form, tops = self.form, self.below[None]
        keys, sums = [], {}
        for year in form.years:
            for run, name in (("target", "ceiling"), ("year", "spent")):
                if run == "target" or year <= form.year:
                    keys.append(f"{run}{year}")
                    amounts = self._of(year, name)
                    sums[f"{run}{year}"] = sum_known(amounts[each] for each in tops)
        self.total_line(keys, sums)
        self.shares: dict[str, Decimal | None] = {}
        for year in form.years_until:
            ceiling, spent = sums[f"target{year}"], sums[f"year{year}"]
            self.shares[f"level{year}"] = percent_of(spent, ceiling)
            self._put_level(self.after, year, ceiling, spent, FOOT)
        ceiling = sum_known(sums[f"target{year}"] for year in form.years)
        spent = sum_known(sums[f"year{year}"] for year in form.years_until)
        self.shares["final"] = percent_of(spent, ceiling)
        self._put_row_sums(self.after, ceiling, spent, FOOT)

    def _write_averages(self) -> None:
        form = self.form
        found = []
        for year in form.years_until:
            mean = roll_up(form.of_year(one, year).counted for one in form.indicators)
            found.append((f"level{year}", mean.percent, self.shares[f"level{year}"]))
        whole = roll_up(form.of_span(one).counted for one in form.indicators)
        self.average_lines([*found, ("final", whole.percent, self.shares["final"])])
