"""What E.81, E.60 and E.58 have in common: rows in the order of the tree, totals, averages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from assessments.achievement import Achieved
from assessments.achievement_bands import bands
from assessments.enums import NodeLevel, Shape
from assessments.plan_excel_out import sheets
from assessments.plan_excel_out.footers import Signer, write_notes
from assessments.plan_excel_out.sheets import Shown, Table
from assessments.queries.performance import Known
from assessments.queries.plan_exports import Form, Line, Purse

FIRST_ROW = 6
RUPIAH_PLACES = 0
DONE_BY_PROGRAMMES = frozenset({NodeLevel.PROGRAMME, NodeLevel.ACTIVITY, NodeLevel.SUB_ACTIVITY})
WORDS = frozenset({Shape.YES_NO, Shape.DATE})
FOOT: dict[str, Any] = {"border": 1, "bold": True, "bg_color": sheets.PALE}


class FormWriter:
    """Rows are known before they are written: a node's money is the sum of rows that follow."""

    def __init__(self, table: Table, form: Form) -> None:
        self.table, self.form = table, form
        self.cap = form.plan.cap
        self.rows: dict[int, int] = {}
        self.below: dict[int | None, list[int]] = defaultdict(list)
        row = FIRST_ROW + 4
        for line in form.lines:
            self.rows[line.row.node.pk] = row
            self.below[line.above].append(line.row.node.pk)
            row += max(1, len(line.indicators))
        self.after = row
        self.purses: dict[tuple[int, int], Purse] = {
            (line.row.node.pk, year): form.purse(line, year)
            for line in form.lines
            for year in form.years
        }

    def write(self, titles: Sequence[str]) -> None:
        self.table.write_titles(titles)
        self.table.write_heads()
        for number, line in enumerate(self.form.lines, start=1):
            self._write_line(number, line)
        self._write_totals()
        self._write_averages()
        self.table.fit_rows()
        write_notes(self.table, self.form, self.after + 3, self.next_plans, self.signers())

    # Heads of the two lists of follow-ups: what is needed soon, and in the plan that comes next.
    next_plans = ("triwulan berikutnya", "RKPD berikutnya")

    def signers(self) -> tuple[Signer, Signer]:
        made = Signer("Disusun", "KEPALA BAPPEDA", self.form.plan.government.official_name)
        return made, Signer("Disetujui", "GUBERNUR", "")

    # --- one line ---

    def style(self, line: Line) -> dict[str, Any]:
        level = line.row.node.level
        if level not in DONE_BY_PROGRAMMES:
            return {"border": 1, "bold": True, "bg_color": sheets.SHADES[0]}
        if level == NodeLevel.PROGRAMME:
            return {"border": 1, "bold": True, "bg_color": sheets.SHADES[2]}
        return {"border": 1}

    def _write_line(self, number: int, line: Line) -> None:
        table, node, row = self.table, line.row.node, self.rows[line.row.node.pk]
        style = self.style(line)
        for each in range(row, row + max(1, len(line.indicators))):
            for column in range(table.last + 1):
                table.sheet.write_blank(each, column, None, table.book.style(**style))
        table.text(row, table.at["no"], str(number), align="center", **style)
        has_code = "code" in table.at
        if has_code:
            table.text(row, table.at["code"], node.code, **style)
        name = node.name if has_code else f"{node.code} {node.name}"
        is_objective = node.level not in DONE_BY_PROGRAMMES
        level = NodeLevel(node.level)
        if is_objective and level != NodeLevel.OBJECTIVE:
            name = f"{level.label}: {name}"
        table.text(row, table.at["objective" if is_objective else "node"], name, **style)
        if not line.indicators:
            table.text(row, table.at["unit"], line.unit_label, **style)
        self.money(row, line, style)
        for place, one in enumerate(line.indicators):
            self._write_name(row + place, line, one, style)
            self.quantities(row + place, one, style)

    def _write_name(self, row: int, line: Line, one: Known, style: dict[str, Any]) -> None:
        indicator = one.indicator
        measure = f" ({indicator.unit_of_measure})" if indicator.unit_of_measure else ""
        mark = " [IKU]" if indicator.is_iku else ""
        self.table.text(
            row, self.table.at["indicator"], f"{indicator.name}{measure}{mark}", **style
        )
        unit = indicator.unit.label if indicator.unit else line.unit_label
        self.table.text(row, self.table.at["unit"], unit, **style)

    def quantities(self, row: int, one: Known, style: dict[str, Any]) -> None:
        raise NotImplementedError

    def money(self, row: int, line: Line, style: dict[str, Any]) -> None:
        raise NotImplementedError

    def _write_totals(self) -> None:
        raise NotImplementedError

    def _write_averages(self) -> None:
        raise NotImplementedError

    # --- cells ---

    def places(self, one: Known) -> int:
        """As many decimals in the whole row as its longest number needs."""
        series = one.series
        figures = [series.figure(*period) for period in series.figures]
        values = [series.base_value, *(aim.low for aim in series.aims.values())]
        values += [figure.value for figure in figures if figure is not None]
        places = max(sheets.places_of(value) for value in values)
        return places if series.factor is None else min(places, 2)

    def put(self, row: int, key: str, shown: Shown, places: int, style: dict[str, Any]) -> None:
        self.table.shown(row, self.table.at[key], shown, places, **style)

    def put_reached(
        self,
        row: int,
        key: str,
        one: Known,
        done: Achieved,
        cells: tuple[str, str],
        style: dict[str, Any],
    ) -> None:
        """As a formula where it is one: a single value with a target that is not negative."""
        target, figure = (self.table.cell(row, each) for each in cells)
        column = self.table.at[key]
        if one.series.shape is Shape.VALUE and not is_negative(one):
            text = sheets.reached(one.series.direction, target, figure, self.cap)
            self.table.formula(row, column, text, done.counted, **style)
        elif done.counted is not None:
            self.table.shown(row, column, Shown(done.counted), 2, **style)

    def put_money(self, row: int, key: str, shown: Shown, style: dict[str, Any]) -> None:
        self.table.shown(row, self.table.at[key] + 1, shown, RUPIAH_PLACES, **style)

    def put_added(
        self,
        line: Line,
        key: str,
        amounts: dict[int, Decimal | None],
        style: dict[str, Any],
        *,
        is_provisional: bool = False,
    ) -> None:
        """The sum of the rows below, and what stands at the node itself or is not shown."""
        node = line.row.node.pk
        row, below, value = self.rows[node], self.below[node], amounts[node]
        if not below:
            shown = Shown(value, is_provisional=is_provisional)
            self.put_money(row, key, shown, style)
            return
        known = sum((amounts[each] or Decimal(0) for each in below), Decimal(0))
        cells = [self.table.cell(self.rows[each], key, money=True) for each in below]
        text = sheets.total(cells, (value or Decimal(0)) - known)
        column = self.table.at[key] + 1
        self.table.formula(
            row, column, text, value, RUPIAH_PLACES, is_provisional=is_provisional, **style
        )

    def put_share(
        self, row: int, key: str, cells: tuple[str, str], percent: Any, **style: Any
    ) -> None:
        whole, part = (self.table.cell(row, each, money=True) for each in cells)
        self.table.formula(row, self.table.at[key] + 1, sheets.share(part, whole), percent, **style)

    # --- foot ---

    def total_line(self, keys: Sequence[str], amounts: dict[str, Decimal | None]) -> None:
        """The money of the top rows, which hold everything below them."""
        row, table = self.after, self.table
        style = FOOT
        for column in range(table.last + 1):
            table.sheet.write_blank(row, column, None, table.book.style(**style))
        table.text(row, table.at["indicator"], "Jumlah anggaran (Rp)", **style)
        for key in keys:
            cells = [table.cell(self.rows[each], key, money=True) for each in self.below[None]]
            if cells:
                text = sheets.total(cells)
                table.formula(row, table.at[key] + 1, text, amounts[key], RUPIAH_PLACES, **style)

    def average_lines(self, found: Sequence[tuple[str, Decimal | None, Decimal | None]]) -> None:
        """(column, mean of the indicators, share of the whole ceiling that was spent)."""
        table, first, last = self.table, FIRST_ROW + 4, self.after - 1
        style = FOOT
        names = bands(self.form.plan.bands)
        mean_row, word_row = self.after + 1, self.after + 2
        for row, name in (
            (mean_row, "Rata-rata capaian kinerja (%)"),
            (word_row, "Predikat kinerja"),
        ):
            for column in range(table.last + 1):
                table.sheet.write_blank(row, column, None, table.book.style(**style))
            table.text(row, table.at["indicator"], name, **style)
        for key, mean, spent in found:
            cells = f"{table.cell(first, key)}:{table.cell(max(first, last), key)}"
            table.formula(mean_row, table.at[key], sheets.mean(cells), mean, **style)
            money = table.cell(self.after, key, money=True)
            text = f'IF(ISNUMBER({money}),{money},"")'
            table.formula(mean_row, table.at[key] + 1, text, spent, **style)
            for is_money, percent in ((False, mean), (True, spent)):
                band = names.of(percent)
                cell = table.cell(mean_row, key, money=is_money)
                word = band.name.text_id if band else ""
                column = table.at[key] + is_money
                table.formula(word_row, column, sheets.predicate(cell, names), word, **style)


def sum_known(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part * 100 / whole if part is not None and whole else None


def is_negative(one: Known) -> bool:
    return any(aim.low is not None and aim.low < 0 for aim in one.series.aims.values())
