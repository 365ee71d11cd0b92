"""E.81 of a unit, E.60 of the government (both of one year) and E.58 of all years of the plan."""

from datetime import datetime

from assessments.plan_excel_out import columns as heads, sheets
from assessments.plan_excel_out.columns import Column
from assessments.plan_excel_out.form_writer import FIRST_ROW
from assessments.plan_excel_out.sheets import Book, Table
from assessments.plan_excel_out.whole import WholeForm
from assessments.plan_excel_out.yearly import YearlyForm
from assessments.queries.plan_exports import Form


def e81(form: Form, *, now: datetime) -> bytes:
    """Raises ValueError for a form without a unit: a Renja is that of a Perangkat Daerah."""
    if form.unit is None:
        raise ValueError("E.81 is the evaluation of a unit's Renja")
    titles = [
        "Formulir E.81",
        "Evaluasi Terhadap Hasil Renja Perangkat Daerah Lingkup Kabupaten/Kota",
        f"Renja {form.unit.name} – {form.plan.government.official_name}",
    ]
    return _yearly(form, "Formulir E.81", titles, heads.e81(form), now)


def e60(form: Form, *, now: datetime) -> bytes:
    titles = [
        "Formulir E.60",
        "Evaluasi Terhadap Hasil RKPD",
        form.plan.government.official_name,
    ]
    return _yearly(form, "Formulir E.60", titles, heads.e60(form), now)


def e58(form: Form, *, now: datetime) -> bytes:
    titles = [
        "Formulir E.58",
        "Evaluasi Terhadap Hasil RPJMD",
        form.plan.government.official_name,
        f"Periode Pelaksanaan: Tahun {form.plan.years} · keadaan s/d Tahun {form.year}",
    ]

    def fill(book: Book) -> None:
        table = Table(book, "Formulir E.58", heads.e58(form), FIRST_ROW)
        WholeForm(table, form).write(titles)

    return sheets.workbook(f"E.58 {form.plan.years}", fill, now=now)


def _yearly(
    form: Form, name: str, titles: list[str], columns: list[Column], now: datetime
) -> bytes:
    until = f" · s/d Triwulan {heads.QUARTERS[form.quarter - 1]}" if form.quarter else ""
    period = f"Periode Pelaksanaan: Tahun {form.year}{until}"

    def fill(book: Book) -> None:
        YearlyForm(Table(book, name, columns, FIRST_ROW), form).write([*titles, period])

    return sheets.workbook(f"{name} {form.year}", fill, now=now)
