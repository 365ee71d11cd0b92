"""Fifty faults of fifty kinds in one file, each named by its cell with a sentence of its own."""

from datetime import date, time
from typing import Any

import pytest

from assessments.enums import NodeLevel
from assessments.plan_excel.standing import KnownUnit, StandingNode
from assessments.target_rules import Edition, TargetRules
from assessments.tests.plan_books import Formula, book, compared, draft

HEADER = [
    "Kode", "Tingkat", "Uraian", "Kode Indikator", "Indikator", "Satuan", "Arah", "Bentuk Target",
    "Konsolidasi", "IKU", "Tahun Kondisi Awal", "Kondisi Awal", "Target 2025", "Target 2026",
    "Target 2027", "Target 2028", "Target 2029", "Pagu 2025 (Rp)", "Perangkat Daerah",
    "Penanggung Jawab", "Sumber Data", "Kondisi Akhir", "Realisasi 2024", "Realisasi 2026",
    "Realisasi 2029", "Target TW I 2026",
]  # fmt: skip
AT = {name: place for place, name in enumerate(HEADER)}
T25, T26, PAGU, PD = AT["Target 2025"], AT["Target 2026"], AT["Pagu 2025 (Rp)"], 18
NAME, UNIT = AT["Indikator"], AT["Satuan"]
LONG = "x" * 400
A, B = ["1.1.1", "Sasaran", "Layanan"], ["1.02.02", "Program", "Kesehatan"]


def row(name: Any = "Indikator contoh", **cells: Any) -> list[Any]:
    """By letters of columns, as the faults are named."""
    values: list[Any] = [None] * len(HEADER)
    values[NAME], values[UNIT] = name, "indeks"
    for letter, value in cells.items():
        values[ord(letter) - 65] = value
    return values


def place(where: list[Any], **cells: Any) -> list[Any]:
    return row(**{"A": where[0], "B": where[1], "C": where[2], **cells})


# What stands in the row, the cell that is at fault, and a word of the sentence.
KINDS: list[tuple[list[Any], str]] = [
    (row(M="1,234.56"), "M"),
    (row(M="banyak"), "M"),
    (row(M="80 orang"), "M"),
    (row(M="1e3"), "M"),
    (row(M="nihil"), "M"),
    (row(M="90-80"), "M"),
    (row(M="75%"), "M"),
    (row(M="≤ 5", G="naik"), "M"),
    (row(M="≥ 5", G="turun"), "M"),
    (row(M=Formula("=A1*2", "")), "M"),
    (row(M="#DIV/0!"), "M"),
    (row(M=10**19), "M"),
    (row(M=date(2025, 3, 4), N=5, O=6), "M"),
    (row(M="ya", N=5, O=6), "M"),
    (row(M="80-90", N=85), "N"),
    (row(H="rentang", M=80), "M"),
    (row(H="tanggal", M=80), "M"),
    (row(H="ya/tidak", M=7), "M"),
    (row(H="nilai", M="80-90"), "M"),
    (row(M=time(7, 30)), "M"),
    (row(Z="dua"), "Z"),
    (row(M=5, L="kira-kira 5"), "L"),
    (row(M=5, L="5-6"), "L"),
    (row(M=5, L=5, K="dua ribu"), "K"),
    (row(M=5, L=5, K=24), "K"),
    (row(M=5, G="miring"), "G"),
    (row(M=5, I="sesukanya"), "I"),
    (row(M="ya", N="ya", H="ya/tidak", I="jumlah"), "I"),
    (row(M=5, J="mungkin"), "J"),
    (row(LONG, M=5), "E"),
    (row("123", M=5), "E"),
    (row("#REF!", M=5), "E"),
    (row(Formula("=B1", ""), M=5), "E"),
    (row(M=5, F="y" * 70), "F"),
    (row(M=5, U="z" * 300), "U"),
    (row(M=5, T="p" * 200), "T"),
    (row(M=5, D="K" * 50), "D"),
    (row(M=5, F="#N/A"), "F"),
    (row(M=5, S="Dinas Khayal"), "S"),
    (row(M=5, S="Dinas Lama"), "S"),
    (row(M=5, S="Kembar"), "S"),
    (row(M=5, R="sejuta"), "R"),
    (row(M=5, R="-5"), "R"),
    (row(M=5, R="5%"), "R"),
    (row(M=5, R=True), "R"),
    (row(Q=90, V=95), "V"),
    (row(M=5, W="50-60"), "W"),
    (row(M=5, W="lima"), "W"),
    (row(M=5, Y=5), "Y"),
    (place(["X.1", "Entah", "Sesuatu"], M=5), "A"),
    (place([date(2025, 2, 1), "Program", "Tanggal"], M=5), "A"),
    (place(["9" * 50, "Program", "Panjang"], M=5), "A"),
    (place(["7.7", "Program", "n" * 600], M=5), "A"),
    (place(["1.9", "Program", None], M=5), "A"),
]


def standing() -> Any:
    return draft(
        nodes=(StandingNode(1, None, NodeLevel.OBJECTIVE, "1.1.1", "Layanan"),),
        units=(
            KnownUnit(1, "Dinas Lama", ("Dinas Lama",), is_closed=True),
            KnownUnit(2, "Kembar", ("Kembar",), is_closed=False),
            KnownUnit(3, "Kembar", ("Kembar",), is_closed=False),
        ),
        rules=TargetRules(range(2025, 2030), (Edition(0, 2025, False),)),
        is_in_force=True,
    )


def test_fifty_faults_of_fifty_kinds_are_named() -> None:
    """Between good rows; each is found at its own cell, and nowhere else."""
    rows: list[list[Any]] = []
    expected = set()
    for number, (values, letter) in enumerate(KINDS):
        content = list(values)
        if content[NAME] == "Indikator contoh":
            content[NAME] = f"Indikator contoh {number}"
        if content[0] is None:
            content[:3] = A
        rows += [content, place(A, E=f"Baik {number}", M=number)]
        expected.add(f"{letter}{2 * number + 2}")
    found = compared(book(("RPJMD", [HEADER, *rows])), standing())
    assert len(KINDS) >= 50
    assert {fault.cell for fault in found.faults()} == expected
    assert all(fault.sentence.endswith(".") for fault in found.faults())
    assert {fault.sheet for fault in found.faults()} == {"RPJMD"}
    assert len([each for each in found.lines if each.row.name.startswith("Baik")]) == len(KINDS)
    assert found.count()["new"] == len(KINDS)


def test_the_same_indicator_twice_and_two_in_a_row() -> None:
    found = compared(book(("A", [HEADER, place(A, M=5), row(M=6)])), standing())
    assert [fault.cell for fault in found.faults()] == ["E3"]
    header = ["Sasaran", "Indikator Sasaran", "Program", "Indikator Program", "2025"]
    both = [["1.1.1 Layanan", "A", "1.02.02 Kesehatan", "B", 5]]
    found = compared(book(("A", [header, *both])), standing())
    assert [fault.cell for fault in found.faults()] == ["D2"]


def test_a_new_line_needs_what_is_above_it_and_a_code_of_its_own() -> None:
    found = compared(book(("A", [HEADER, place(B, M=5)])), draft())
    assert [fault.cell for fault in found.faults()] == ["A2"]
    twice = [place(A, E="X", M=5), place(B, M=5), place(["1.02.02", "Program", "Lain"], E="Y", M=5)]
    found = compared(book(("A", [HEADER, *twice])), standing())
    assert [fault.cell for fault in found.faults()] == ["A4"]


def test_a_table_without_the_tree_finds_only_what_stands() -> None:
    header = ["Indikator", "Satuan", "2025"]
    found = compared(book(("A", [header, ["Entah", "%", 5]])), standing())
    assert [fault.cell for fault in found.faults()] == ["A2"]


@pytest.mark.parametrize("value", [date(2025, 12, 31), "31/12/2025"])
def test_days_are_targets_where_all_are_days(value: Any) -> None:
    found = compared(
        book(("A", [HEADER, place(A, F="tanggal", M=value, N=date(2026, 6, 1))])), standing()
    )
    assert found.faults() == []
    assert found.lines[0].targets[0].wanted.due_on == date(2025, 12, 31)
