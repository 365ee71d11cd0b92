"""Exports as somebody would send them."""

import csv
import io
from datetime import datetime
from typing import Any

from openpyxl import Workbook

HEAD = ("Tracking ID", "Klasifikasi", "Judul Laporan", "Isi Laporan", "Tanggal Laporan", "Status",
        "Instansi", "Kategori", "Anonim", "Rahasia", "Tanggal Selesai", "Tindak Lanjut",
        "Nama Pelapor", "NIK", "Catatan Admin")  # fmt: skip
# One row of each kind, filed in October and November 2026; the unit of the cast is "Dinas Satu".
ROWS: list[tuple[Any, ...]] = [
    ("5501", "Pengaduan", "Lampu mati", "Lampu jalan di Jalan Anggrek mati.", "02/11/2026 08:15",
     "Belum Terverifikasi", "", "Infrastruktur", "Ya", "Tidak", "", "", "Budi", "3571", ""),
    ("5502", "Pengaduan", "", "Sampah tidak diangkut dua pekan.", "2026-11-03 10:22:33", "Proses",
     "Dinas Satu", "Sampah", "Tidak", "Tidak", "", "", "Siti", "3571", ""),
    ("5503", "Permintaan Informasi", "Syarat KTP", "Apa syarat mengganti KTP?",
     "5 Oktober 2026, pukul 09.05 WIB", "Selesai", "DINAS SATU", "Kependudukan", "Tidak", "Ya",
     "7 Oktober 2026, pukul 11.00 WIB", "Bawa KK dan surat kehilangan.", "", "", ""),
    ("5504", "Pengaduan", "", "Tidak dapat dibuktikan.", "06-10-2026", "Ditolak", "", "", "", "",
     "08-10-2026", "", "", "", ""),
    ("5505", "Pengaduan", "", "Jembatan provinsi rusak.", "07-10-2026", "Di Luar Kewenangan", "", "",
     "", "", "09-10-2026", "", "", "", ""),
    ("5506", "Pengaduan", "", "Sudah selesai, harinya tidak disebut.", "01/10/2026", "Selesai",
     "Dinas Satu", "", "", "", "", "", "", "", ""),
    ("5507", "Pengaduan", "", "Sama dengan yang lain.", "01/10/2026", "Duplikat", "Dinas Satu", "",
     "", "", "", "", "", "", ""),
]  # fmt: skip


def xlsx(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD, above: int = 0) -> bytes:
    book = Workbook()
    sheet = book.active
    for number in range(above):
        sheet.append([f"Judul {number}"])
    for row in (head, *rows):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_csv(
    *rows: tuple[Any, ...],
    head: tuple[str, ...] = HEAD,
    delimiter: str = ";",
    encoding: str = "utf-8",
) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([head, *rows])
    return out.getvalue().encode(encoding)


def row(number: str, status: str, **values: Any) -> tuple[Any, ...]:
    """A row of HEAD with what a test is about."""
    given = {
        "Tracking ID": number,
        "Isi Laporan": f"Laporan {number}.",
        "Tanggal Laporan": datetime(2026, 11, 2, 9),  # noqa: DTZ001
        "Status": status,
        **{name.replace("_", " "): value for name, value in values.items()},
    }
    return tuple(given.get(name, "") for name in HEAD)
