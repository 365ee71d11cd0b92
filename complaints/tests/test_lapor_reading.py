"""The export of LAPOR!: columns in any order, days in several ways, encodings, nobody's identity."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings, strategies as st

from complaints.lapor import keeping, terms
from complaints.lapor.reading import Reading, read_export
from complaints.lapor.terms import Agreement
from complaints.lapor.values import moment
from complaints.lapor.words import plain, tracking_id
from complaints.tests.lapor_files import HEAD, ROWS, as_csv, row, xlsx
from integrity_portal.core.parsing import NotUnderstood
from integrity_portal.core.spreadsheets import BookRefused

TODAY = date(2026, 11, 22)


def read(data: bytes) -> Reading:
    known = terms.current()
    return read_export(data, known, system=known.systems["lapor"], zone="Asia/Jakarta", today=TODAY)


def said(reading: Reading) -> list[tuple]:
    return [
        (r.tracking_id, r.kind, r.status, r.unit, r.category, r.is_anonymous, r.is_secret)
        for r in reading.rows
    ]


WANTED = [
    ("5501", "complaint", "Belum Terverifikasi", "", "roads", True, False),
    ("5502", "complaint", "Proses", "Dinas Satu", "water_waste", False, False),
    ("5503", "information", "Selesai", "DINAS SATU", "population", False, True),
    ("5504", "complaint", "Ditolak", "", "", False, False),
    ("5505", "complaint", "Di Luar Kewenangan", "", "", False, False),
    ("5506", "complaint", "Selesai", "Dinas Satu", "", False, False),
    ("5507", "complaint", "Duplikat", "Dinas Satu", "", False, False),
]


@pytest.mark.parametrize(
    "data",
    [
        xlsx(*ROWS),
        xlsx(*ROWS, above=3),
        xlsx(*(tuple(reversed(r)) for r in ROWS), head=tuple(reversed(HEAD))),
        as_csv(*ROWS),
        as_csv(*ROWS, delimiter=","),
        as_csv(*ROWS, delimiter="\t", encoding="utf-16"),
        as_csv(*ROWS, encoding="utf-8-sig"),
        as_csv(*ROWS, head=tuple(name.upper().replace(" ", "_") for name in HEAD)),
        b"sep=;\r\n" + as_csv(*ROWS, encoding="cp1252"),
    ],
    ids=["xlsx", "titles", "turned", "semicolon", "comma", "utf16", "mark", "capitals", "cp1252"],
)
def test_the_same_rows_from_every_file(data: bytes) -> None:
    reading = read(data)
    assert sorted(said(reading)) == WANTED
    assert not any(row.faults for row in reading.rows)
    days = {row.tracking_id: row.filed_at.astimezone(UTC) for row in reading.rows}
    assert days["5501"] == datetime(2026, 11, 2, 1, 15, tzinfo=UTC)
    assert days["5503"] == datetime(2026, 10, 5, 2, 5, tzinfo=UTC)


def test_nobodys_identity_is_read() -> None:
    reading = read(xlsx(*ROWS))
    assert set(reading.left_out) == {"Nama Pelapor", "NIK"}
    assert reading.unknown == ("Catatan Admin",)
    assert "Budi" not in keeping.to_text(reading)
    assert "3571" not in keeping.to_text(reading)


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"Tracking_ID": ""}, "tracking_id"),
        ({"Tracking_ID": "x" * 41}, "tracking_id"),
        ({"Isi_Laporan": ""}, "story"),
        ({"Tanggal_Laporan": ""}, "filed"),
        ({"Tanggal_Laporan": "kemarin"}, "filed"),
        ({"Tanggal_Laporan": "31/02/2026"}, "filed"),
        ({"Tanggal_Laporan": "23/11/2026"}, "filed"),
        ({"Tanggal_Selesai": "99/99/2026"}, "answered"),
    ],
)
def test_a_faulty_row_is_refused_with_row_and_reason(changed: dict, column: str) -> None:
    good, bad = row("1", "Proses"), row("2", "Proses", **changed)
    found = read(xlsx(good, bad)).rows
    assert not found[0].faults
    assert [(fault.row, fault.column) for fault in found[1].faults] == [(3, column)]
    assert "Laporan 2" not in found[1].faults[0].found


def test_a_number_twice_is_refused_once() -> None:
    found = read(as_csv(row("7", "Proses"), row("#7 ", "Selesai"))).rows
    assert [bool(each.faults) for each in found] == [False, True]


def test_what_is_unclear_is_taken_as_secret() -> None:
    """Also a secret text that the export leaves out."""
    unclear, masked = read(
        as_csv(row("1", "Proses", Rahasia="mungkin"), row("2", "x", Rahasia="ya", Isi_Laporan=""))
    ).rows
    assert unclear.is_secret
    assert masked.is_secret
    assert masked.story
    assert not masked.faults


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"PK\x03\x04 no", as_csv(("a", "b"), head=("Nama", "Alamat"))]
)
def test_what_is_no_export_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BookRefused, match=r"\w+ \w+"):
        read(data)


def test_a_heading_alone_is_refused() -> None:
    with pytest.raises(BookRefused):
        read(as_csv())


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("02/11/2026", "2026-11-02T12:00:00+07:00"),
        ("02.11.2026", "2026-11-02T12:00:00+07:00"),
        ("02.11.2026 08.15", "2026-11-02T08:15:00+07:00"),
        ("2 Nov 2026 8:15 PM", "2026-11-02T20:15:00+07:00"),
        ("Senin, 2 November 2026 pukul 08.15 WITA", "2026-11-02T08:15:00+08:00"),
        ("2026-11-02T08:15:30.123Z", "2026-11-02T08:15:30+00:00"),
        ("2026-11-02T08:15:30+0900", "2026-11-02T08:15:30+09:00"),
        (date(2026, 11, 2), "2026-11-02T12:00:00+07:00"),
        (46328, "2026-11-02T12:00:00+07:00"),
        (46328.25, "2026-11-02T06:00:00+07:00"),
    ],
)
def test_days_are_read_in_several_ways(value: object, wanted: str) -> None:
    assert moment(value, "Asia/Jakarta") == datetime.fromisoformat(wanted)


@pytest.mark.parametrize("value", ["", "besok", "25:99", 3, "2026-13-40", "01/01/1900"])
def test_what_is_no_day_is_not_guessed(value: object) -> None:
    with pytest.raises(NotUnderstood):
        moment(value, "Asia/Jakarta")


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_words_compare_the_same_twice(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert tracking_id(tracking_id(text)) == tracking_id(text)


@pytest.mark.parametrize(
    ("word", "state", "wanted"),
    [
        ("Selesai", "closed", Agreement.SAME),
        ("SELESAI.", "answered", Agreement.SAME),
        ("Selesai", "in_progress", Agreement.THERE_AHEAD),
        ("Belum Terverifikasi", "verified", Agreement.HERE_AHEAD),
        ("Terverifikasi / Diteruskan", "verified", Agreement.SAME),
        ("Selesai", "rejected", Agreement.DIFFERENT),
        ("entah", "received", Agreement.UNKNOWN),
        ("", "received", Agreement.SAME),
    ],
)
def test_our_state_beside_theirs(word: str, state: str, wanted: Agreement) -> None:
    assert terms.current().beside(word, state) == wanted


def test_what_is_kept_comes_back() -> None:
    reading = read(xlsx(*ROWS, row("8", "Proses", Tanggal_Laporan="?")))
    assert keeping.from_text(keeping.to_text(reading)) == reading
