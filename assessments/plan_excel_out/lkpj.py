"""The figures of the head's report (LKPJ) as a workbook: the table of the page, live."""

from datetime import datetime
from typing import Any

from assessments.achievement_bands import bands
from assessments.enums import PlanState, Shape
from assessments.plan_excel_out import sheets
from assessments.plan_excel_out.columns import Column
from assessments.plan_excel_out.sheets import Book, Shown, Table, aim_shown, figure_shown
from assessments.queries.head_report import HeadReport, HeadRow
from integrity_portal.core.formatting import date_id, number_id

FIRST_ROW = 4
# (key, head, width)
COLUMNS = (
    ("no", "No", 5),
    ("indicator", "Indikator", 44),
    ("measure", "Satuan", 12),
    ("base", "Kondisi awal", 12),
    ("target", "Target {year}", 12),
    ("figure", "Realisasi {year}", 12),
    ("level", "Capaian {year} (%)", 12),
    ("band", "Predikat", 16),
    ("before", "Capaian {before} (%)", 12),
    ("change", "Perubahan (poin)", 12),
    ("state", "Keterangan", 26),
    ("unit", "Penanggung jawab", 30),
)


def lkpj(report: HeadReport, *, now: datetime) -> bytes:
    years = {"year": report.year, "before": report.year - 1}
    columns = [
        Column(key, str(number), head.format(**years), is_pair=False, width=width)
        for number, (key, head, width) in enumerate(COLUMNS, start=1)
    ]

    def fill(book: Book) -> None:
        _Writer(Table(book, "LKPJ", columns, FIRST_ROW), report).write()

    return sheets.workbook(f"LKPJ {report.year}", fill, now=now)


class _Writer:
    def __init__(self, table: Table, report: HeadReport) -> None:
        self.table, self.report = table, report
        self.first = FIRST_ROW + 4
        self.after = self.first + len(report.rows)

    def write(self) -> None:
        table, report = self.table, self.report
        name = report.plan.government.official_name
        table.write_titles(
            [
                f"Capaian {report.level_label} Tahun {report.year}",
                name,
                report.plan_name,
            ],
            paper=sheets.A4,
        )
        table.write_heads(height=26)
        for place, row in enumerate(report.rows):
            self._write_row(self.first + place, place + 1, row)
        table.fit_rows()
        self._write_foot()

    def _write_row(self, at: int, number: int, row: HeadRow) -> None:
        table, this, series = self.table, row.this, row.this.series
        style: dict[str, Any] = {"border": 1}
        for column in range(table.last + 1):
            table.sheet.write_blank(at, column, None, table.book.style(**style))
        figure = figure_shown(series.shape, this.figure, is_provisional=row.is_provisional)
        aim = aim_shown(this.aim)
        numbers = (aim.value, figure.value, series.base_value)
        places = max(sheets.places_of(value) for value in numbers)
        self._text(at, "no", str(number), style)
        self._text(at, "indicator", row.indicator.name, style)
        self._text(at, "measure", row.indicator.unit_of_measure, style)
        table.shown(at, table.at["base"], Shown(series.base_value), places, **style)
        table.shown(at, table.at["target"], aim, places, **style)
        table.shown(at, table.at["figure"], figure, places, **style)
        self._write_level(at, row, style)
        level, before = table.cell(at, "level"), table.cell(at, "before")
        table.shown(at, table.at["before"], Shown(row.before.counted), 2, **style)
        change = f'IF(COUNT({level},{before})<2,"",{level}-{before})'
        table.formula(at, table.at["change"], change, row.change, **style)
        self._text(at, "state", _state(row), style)
        self._text(at, "unit", row.responsible, style)

    def _write_level(self, at: int, row: HeadRow, style: dict[str, Any]) -> None:
        table, this, percent = self.table, row.this, row.percent
        aim = this.aim
        if this.series.shape is Shape.VALUE and not (aim and aim.low is not None and aim.low < 0):
            cells = (table.cell(at, "target"), table.cell(at, "figure"))
            text = sheets.reached(this.series.direction, *cells, self.report.plan.cap)
            table.formula(at, table.at["level"], text, percent, **style)
        else:
            table.shown(at, table.at["level"], Shown(percent), 2, **style)
        word = sheets.predicate(table.cell(at, "level"), bands(self.report.plan.bands))
        name = this.band.name.text_id if this.band else ""
        table.formula(at, table.at["band"], word, name, **style)

    def _text(self, at: int, key: str, text: str, style: dict[str, Any]) -> None:
        self.table.text(at, self.table.at[key], text, **style)

    def _write_foot(self) -> None:
        table, report, row = self.table, self.report, self.after
        style: dict[str, Any] = {"border": 1, "bold": True, "bg_color": sheets.PALE}
        for column in range(table.last + 1):
            table.sheet.write_blank(row, column, None, table.book.style(**style))
        self._text(row, "indicator", "Rata-rata capaian", style)
        last = max(self.first, self.after - 1)
        cells = f"{table.cell(self.first, 'level')}:{table.cell(last, 'level')}"
        mean = report.mean.percent
        table.formula(row, table.at["level"], sheets.mean(cells), mean, **style)
        word = sheets.predicate(table.cell(row, "level"), bands(report.plan.bands))
        name = report.mean_band.name.text_id if report.mean_band else ""
        table.formula(row, table.at["band"], word, name, **style)
        row += 2
        for text in (summary(report), *notes(report)):
            row = table.paragraph(row, text)


def _state(row: HeadRow) -> str:
    words = []
    if row.is_provisional:
        words.append("angka sementara")
    if row.is_waiting:
        words.append("ada realisasi yang belum diverifikasi")
    if row.has_sample_target:
        words.append("target dan capaian contoh" if row.is_sample_percent else "target contoh")
    if row.is_capped:
        words.append("dibatasi sampai batas capaian")
    return "; ".join(words)


def summary(report: HeadReport) -> str:
    """5 sangat tinggi, 2 tinggi, …; 1 belum ada capaian."""
    parts = [f"{each.count} {each.band.name.text_id.lower()}" for each in report.counts]
    if report.without:
        parts.append(f"{report.without} belum ada capaian")
    return f"Dari {report.mean.total} indikator: {', '.join(parts)}."


def notes(report: HeadReport) -> list[str]:
    """The same on paper and in Excel."""
    found = []
    if report.plan.state == PlanState.DRAFT:
        found.append("RANCANGAN: rencana ini belum ditetapkan.")
    if report.plan.is_sample:
        found.append("CONTOH: bukan data resmi.")
    if report.samples:
        found.append(
            f"Contoh, bukan target resmi: {report.samples} target; capaian terhadapnya juga contoh."
        )
    if report.is_running:
        found.append(f"Tahun {report.year} belum berakhir: angka per {date_id(report.on)}.")
        found.append("Capaian dihitung terhadap target setahun penuh, bukan target triwulan.")
    if report.provisional:
        found.append(f"{report.provisional} angka sementara, bertanda *.")
    if report.waiting:
        found.append(
            f"{report.waiting} indikator mempunyai realisasi yang belum diverifikasi; realisasi itu "
            "tidak dihitung."
        )
    if report.plan.cap is not None:
        cap = number_id(report.plan.cap, 0)
        found.append(f"Capaian di atas {cap} % dihitung {cap} %.")
    found.append("Rata-rata dihitung dari indikator yang ada capaiannya. Kosong bukan nol.")
    return found
