"""The monthly report as a workbook: the same figures, one sheet for each table. Pure."""

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from complaints.documents import bands_of, month_words

HEAD = (
    "Kelompok",
    "Masuk",
    "Dijawab",
    "Dijawab tepat waktu",
    "Masih terbuka",
    "Lewat tenggat",
    "Tepat waktu (%)",
    "Median jam kerja sampai kata pertama",
    "Dirujuk atau tidak ditangani",
    "Dibuka kembali",
)
SHEETS = {
    "unit": "Unit",
    "kind": "Jenis",
    "channel": "Kanal",
    "category": "Kategori",
    "region": "Wilayah",
}
TOO_FEW = "belum cukup data"


def workbook(shown: dict[str, Any], *, government: str, now: datetime) -> bytes:
    """`shown` as the page shows it."""
    content = shown["content"]
    target = io.BytesIO()
    # Texts stay texts: no label becomes a formula or a link.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    title = f"Laporan pengaduan {month_words(content['month'])}"
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    bold = book.add_format({"bold": True})
    first = book.add_worksheet("Ringkasan")
    first.set_column(0, 0, 46)
    first.set_column(1, len(HEAD), 14)
    first.write_string(0, 0, f"{title}, {government}", bold)
    first.write_string(1, 0, f"Keadaan per {content['as_of']:%Y-%m-%d %H:%M} UTC")
    rows = [{"label": "Semua, masing-masing dihitung sekali", "figures": content["total"]}]
    line = _table(first, 3, [*rows, *shown["sides"]], head) + 1
    for label, count in (
        ("Dijawab dalam bulan ini, kapan pun masuk", content["work"]["answered"]),
        ("di antaranya tepat waktu", content["work"]["in_time"]),
        ("Masih terbuka sekarang", content["open"]["count"]),
        *((f"umur {words}", count) for words, count in bands_of(content["open"])),
        ("di antaranya lewat tenggat", content["open"]["overdue"]),
    ):
        first.write_string(line, 0, label)
        first.write_number(line, 1, count)
        line += 1
    for label, text in (
        ("Yang terlihat bulan ini", content["words"]["findings"]),
        ("Tindak lanjut", content["words"]["follow_up"]),
    ):
        first.write_string(line + 1, 0, label, bold)
        first.write_string(line + 2, 0, text or "–")
        line += 3
    for code, name in SHEETS.items():
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, len(HEAD), 14)
        sheet.freeze_panes(1, 1)
        _table(sheet, 0, content["groups"][code], head)
    book.close()
    return target.getvalue()


def _table(sheet: Any, line: int, rows: list[dict[str, Any]], head: Any) -> int:
    for place, words in enumerate(HEAD):
        sheet.write_string(line, place, words, head)
    for row in rows:
        line += 1
        sheet.write_string(line, 0, row["label"])
        for place, value in enumerate(_values(row["figures"]), start=1):
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            else:
                sheet.write_number(line, place, value)
    return line + 1


def _values(found: dict[str, Any]) -> list[Any]:
    def judged(name: str) -> Any:
        return TOO_FEW if found[name] is None else round(float(found[name]), 2)

    names = ("received", "answered", "in_time", "open", "overdue")
    return [
        *(found[name] for name in names),
        judged("share"),
        judged("median"),
        found["elsewhere"],
        found["reopened"],
    ]
