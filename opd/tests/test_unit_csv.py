"""Lists of units as people really send them, and what they would change."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import example, given, settings as hypothesis_settings, strategies as st

from integrity_portal.core.parsing import clean_text
from opd.unit_csv import MAX_BYTES, SheetRefused, guard, read_sheet, write_sheet
from opd.unit_plan import Outcome, make_plan
from opd.unit_rows import Above, Known

pytestmark = pytest.mark.usefixtures("indonesian")


PRINTABLE = st.characters(exclude_categories=["Cc", "Cs"])
GOOD = "kode;jenis;nama\n1;Dinas;Dinas Sosial\n"


class TestReading:
    @pytest.mark.parametrize(
        "data",
        [
            GOOD.encode(),
            GOOD.encode("utf-8-sig"),
            GOOD.encode("utf-16"),
            GOOD.replace("\n", "\r\n").encode(),
            GOOD.replace("\n", "\r").encode(),
            GOOD.replace(";", ",").encode(),
            GOOD.replace(";", "\t").encode(),
            b"sep=;\r\n" + GOOD.encode(),
            b"sep=,\r\n" + GOOD.replace(";", ",").encode(),
            GOOD.replace("kode;jenis;nama", " KODE ; Jenis Unit;Nama_Unit ").encode(),
            b"\n\n" + GOOD.encode() + b";;\n\n",
            b'"kode";"jenis";"nama"\n"1";"Dinas";"Dinas Sosial"\n',
        ],
    )
    def test_all_the_ways_of_excel(self, data):
        sheet = read_sheet(data)
        assert sheet.columns == ["code", "kind", "name"]
        assert [cells[:3] for _n, cells in sheet.rows] == [["1", "Dinas", "Dinas Sosial"]]

    def test_windows_1252(self):
        assert read_sheet("nama\nDinas Café\n".encode("cp1252")).rows == [(2, ["Dinas Café"])]

    def test_numbers_are_those_of_excel(self):
        sheet = read_sheet(b'nama\n\n"Dinas\nSosial"\n\nDinas B\n')
        assert sheet.rows == [(3, ["Dinas Sosial"]), (5, ["Dinas B"])]

    def test_unknown_columns_are_ignored(self):
        assert read_sheet(b"baris;nama;alasan\n1;A;B\n").columns == ["", "name", ""]

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "tidak berisi baris"),
            (b"\xef\xbb\xbf", "tidak berisi baris"),
            (b"\n\n;;\n", "tidak berisi baris"),
            (b"kode;nama\n", "hanya berisi judul"),
            (b"kode;jenis\n1;Dinas\n", "di antaranya “nama”"),
            (b"Dinas Sosial\nDinas Kesehatan\n", "di antaranya “nama”"),
            (b"nama;nama unit\nA;B\n", "dua kali"),
            (b"PK\x03\x04" + b"x" * 100, "buku kerja Excel"),
            (b"\xd0\xcf\x11\xe0" + b"x" * 100, "buku kerja Excel"),
            (b"nama\nA\x00B\n", "bukan berkas teks"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "bukan berkas teks"),
            (b"\x81\x8d\x8f", "bukan berkas teks"),
            (b'nama\n"A\nB\n', "Baris 2 tidak terbaca"),
            (b'nama\nA\n"B"x\n', "Baris 3 tidak terbaca"),
            (b"nama\n" + b"A\n" * 5001, "5.000 baris"),
            (b"nama\n" + b"A" * (MAX_BYTES), "2 MB"),
            (b'nama\n"' + b"A" * 200_000 + b'"\n', "tidak terbaca"),
        ],
    )
    def test_refused_with_one_sentence(self, data, sentence):
        with pytest.raises(SheetRefused, match=sentence):
            read_sheet(data)

    @hypothesis_settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=400) | st.text(alphabet="nama;,\t\n\r\"'=\ufeffé", max_size=80))
    def test_never_anything_else(self, data):
        try:
            sheet = read_sheet(data if isinstance(data, bytes) else data.encode())
        except SheetRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right, each has its content
        else:
            assert sheet


class TestWriting:
    @pytest.mark.parametrize("cell", ["=1+1", "+62", "-1", "@x", "＝1", "\t=1"])
    def test_no_formula(self, cell):
        assert guard(cell) == f"'{cell}"

    @hypothesis_settings(max_examples=100, deadline=None)
    @given(st.lists(st.lists(st.text(PRINTABLE, max_size=12), min_size=2, max_size=2)))
    @example([["'=1", "=1"], ['"', ";"]])
    def test_what_is_written_is_read_again(self, rows):
        rows = [[clean_text(cell, lines=False) for cell in row] for row in rows]
        sheet = read_sheet(write_sheet(["nama", "kode"], [["x", "y"], *rows]))
        assert [cells for _n, cells in sheet.rows] == [
            ["x", "y"],
            *(row for row in rows if any(row)),
        ]


SEKDA = Known(1, "1", "sekretariat_daerah", "Sekretariat Daerah", "Setda", None, None)
ORGANISASI = Known(2, "1.1", "bagian", "Bagian Organisasi", "", 1, None)
DINAS = Known(3, "", "dinas", "Dinas Sosial", "Dinsos", None, date(2020, 1, 1))
CLOSED = Known(4, "9", "dinas", "Dinas Lama", "", None, None, date(2020, 1, 1), is_closed=True)
ENDING = Known(5, "8", "dinas", "Dinas Akhir", "", None, None, date(2030, 1, 1))
REGISTRY = [SEKDA, ORGANISASI, DINAS, CLOSED, ENDING]
FORMER = [("Dinas Kesejahteraan", 3)]
COLUMNS = ["code", "kind", "name", "parent"]


def plan(*rows, columns=COLUMNS):
    numbered = [(n, list(cells)) for n, cells in enumerate(rows, start=2)]
    return make_plan(columns, numbered, REGISTRY, FORMER)


def outcomes(*rows, columns=COLUMNS):
    return [line.outcome.value for line in plan(*rows, columns=columns).lines]


class TestPlan:
    def test_new_changed_unchanged(self):
        made = plan(
            ["1", "Sekretariat Daerah", "Sekretariat Daerah", ""],
            ["1.1", "bagian", "Bagian Ortala", "1"],
            ["", "Dinas", "dinas sosial", ""],
            ["3.1", "UPTD", "UPTD Panti", "Dinsos"],
        )
        assert [line.outcome.value for line in made.lines] == [
            "unchanged",
            "changed",
            "changed",
            "new",
        ]
        assert [(c.field, c.before, c.after) for c in made.lines[1].changes] == [
            ("name", "Bagian Organisasi", "Bagian Ortala")
        ]
        assert made.lines[3].above == Above(unit_id=3)
        assert made.count() == {"new": 1, "changed": 2, "unchanged": 1, "refused": 0}

    def test_a_missing_column_changes_nothing(self):
        assert outcomes(["Dinas Sosial"], columns=["name"]) == ["unchanged"]

    def test_a_code_is_filled_in_by_name_and_place(self):
        (line,) = plan(["3", "Dinas", "Dinas Sosial", ""]).lines
        assert [(c.field, c.after) for c in line.changes] == [("code", "3")]

    def test_units_below_each_other_in_any_order(self):
        made = plan(
            ["", "UPTD", "UPTD C", "UPTD B"],
            ["", "UPTD", "UPTD B", "Dinas A"],
            ["", "Dinas", "Dinas A", ""],
        )
        assert [line.outcome for line in made.lines] == [Outcome.NEW] * 3
        assert made.lines[0].above == Above(row=3)

    def test_a_row_under_a_known_row(self):
        """The row above is known by its place; the row below then is as well."""
        known = [*REGISTRY, Known(6, "", "uptd", "UPTD Panti", "", 3, None)]
        rows = [(2, ["33", "Dinas", "Dinas Sosial", ""]), (3, ["", "UPTD", "UPTD Panti", "33"])]
        made = make_plan(COLUMNS, rows, known, FORMER)
        assert [line.unit.pk for line in made.lines] == [3, 6]

    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ([["", "Dinas", "", ""]], "Tulis nama unit"),
            ([["", "Dinas", "123", ""]], "Tulis nama unit"),
            ([["", "Kantor", "Kantor A", ""]], "salah satu jenis"),
            ([["", "", "Kantor A", ""]], "salah satu jenis"),
            ([["", "Dinas", "D" * 151, ""]], "lebih dari 150 karakter"),
            ([["x" * 31, "Dinas", "Dinas A", ""]], "lebih dari 30 karakter"),
            ([["", "Dinas", "Dinas A", "Dinas B"]], "tidak ada di daftar unit"),
            ([["", "Dinas", "Dinas A", "Dinas Lama"]], "tidak ada di daftar unit"),
            ([["", "Dinas", "Dinas A", "Dinas Akhir"]], "berakhir pada"),
            ([["", "UPTD", "UPTD A", "Dinas Kesejahteraan"]], "nama lama “Dinas Sosial”"),
            ([["", "Dinas", "Dinas Kesejahteraan", ""]], "nama lama “Dinas Sosial”"),
            ([["", "Dinas", "Dinsos", ""]], "“Dinsos” adalah nama singkat “Dinas Sosial”"),
            ([["9", "Dinas", "Dinas Baru", ""]], "sudah ditutup"),
            ([["", "Dinas", "Dinas Sosial", "Setda"]], "ada di tempat lain"),
            ([["", "Dinas", "Dinas A", "", "lebih"]], "lebih banyak sel"),
            ([["", "Dinas", "Dinas A", "Dinas A"]], "tidak ada di daftar unit"),
            ([["1", "Bagian", "Setda", "1.1"]], "di atas sekaligus di bawah"),
        ],
    )
    def test_refused(self, rows, sentence):
        line = plan(*rows).lines[-1]
        assert line.outcome == Outcome.REFUSED
        assert sentence in " ".join(line.problems)

    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ([["", "Dinas", "Dinas A", ""], ["", "Dinas", "DINAS A", ""]], "Baris 2 sudah"),
            ([["7", "Dinas", "Dinas A", ""], ["7", "Dinas", "Dinas B", ""]], "Baris 2 sudah"),
            (
                [["1", "Bagian", "Satu", ""], ["1", "Bagian", "Dua", ""]],
                "Baris 2 sudah tentang unit yang sama",
            ),
            ([["", "X", "Dinas A", ""], ["", "UPTD", "UPTD A", "Dinas A"]], "baris 2, ditolak"),
            (
                [["a", "UPTD", "U A", "b"], ["b", "UPTD", "U B", "a"]],
                "di atas sekaligus di bawah",
            ),
            (
                [
                    ["", "UPTD", "Kembar", "1"],
                    ["", "UPTD", "Kembar", ""],
                    ["", "UPTD", "Anak", "Kembar"],
                ],
                "lebih dari satu unit bernama",
            ),
        ],
    )
    def test_refused_together(self, rows, sentence):
        line = plan(*rows).lines[-1]
        assert sentence in " ".join(line.problems)

    @pytest.mark.parametrize(
        "rows",
        [
            [["7", "Kantor", "Dinas A", ""], ["7", "Dinas", "Dinas B", ""]],
            [["", "Kantor", "Dinas A", "Setda"], ["7", "Dinas", "Dinas A", "1"]],
            [["", "Dinas", "Dinas A", "Tidak ada"], ["", "Dinas", "Dinas A", "TIDAK ADA"]],
            [["1", "Kantor", "Satu", ""], ["", "Bagian", "Sekretariat Daerah", ""]],
        ],
    )
    def test_twins_are_refused_together_whatever_else_is_wrong(self, rows):
        """The row without a problem is not silently the one that counts."""
        first, second = plan(*rows).lines
        assert "Baris 3 sudah tentang unit yang sama" in " ".join(first.problems)
        assert "Baris 2 sudah tentang unit yang sama" in " ".join(second.problems)

    def test_one_name_in_two_places_is_no_twin(self):
        rows = [["77", "UPTD", "UPTD A", "Setda"], ["88", "UPTD", "UPTD A", "Dinsos"]]
        assert outcomes(*rows) == ["new", "new"]

    def test_no_towers(self):
        rows = [[str(n), "UPTD", f"U {n}", str(n - 1) if n > 100 else ""] for n in range(100, 112)]
        assert outcomes(*rows).count("refused") == 4

    def test_two_units_may_exchange_nothing_unnoticed(self):
        """A refused row gives its place back: the row that wanted it is refused as well."""
        rows = [
            ["1", "Sekretariat Daerah", "Dinas Sosial", ""],
            ["3x", "Kantor", "Dinas Sosial", ""],
        ]
        assert outcomes(*rows) == ["refused", "refused"]

    @pytest.mark.parametrize("size", [5000])
    def test_a_long_chain_ends(self, size):
        rows = [[f"c{n}", "UPTD", f"U {n}", f"c{n - 1}" if n else ""] for n in range(size)]
        assert outcomes(*rows).count("new") == 8

    def test_the_fingerprint_knows_what_would_be_replaced(self):
        rows = [(2, ["1.1", "bagian", "Bagian Ortala", "1"])]
        one = make_plan(COLUMNS, rows, REGISTRY, FORMER).fingerprint
        other = [
            *REGISTRY[:1],
            Known(2, "1.1", "bagian", "Bagian Lain", "", 1, None),
            *REGISTRY[2:],
        ]
        assert make_plan(COLUMNS, rows, REGISTRY, FORMER).fingerprint == one
        with translation.override("en"):
            assert make_plan(COLUMNS, rows, REGISTRY, FORMER).fingerprint == one
        assert make_plan(COLUMNS, rows, other, FORMER).fingerprint != one

    @hypothesis_settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["", "1", "1.1", "7", "8", "9"]),
                st.sampled_from(["Dinas", "uptd", "Bagian", "?"]),
                st.sampled_from(
                    ["Setda", "Dinas Sosial", "Dinas A", "Dinas B", "Bagian Organisasi", ""]
                ),
                st.sampled_from(["", "1", "1.1", "7", "Dinas A", "Dinas B", "Dinsos", "Setda"]),
            ),
            max_size=9,
        )
    )
    def test_what_is_good_can_stand_together(self, rows):
        """Of any list: final names and codes are unique, nothing is above itself."""
        made = plan(*rows)
        state = {
            ("u", unit.pk): (unit.code, unit.name.upper(), ("u", unit.parent_id), unit.is_closed)
            for unit in REGISTRY
        }
        for line in made.good():
            key = ("u", line.unit.pk) if line.unit else ("r", line.number)
            row = line.above.row
            place = ("r", row) if row is not None else ("u", line.above.unit_id)
            state[key] = (line.values["code"], line.name.upper(), place, False)
        codes = [code for code, *_rest in state.values() if code]
        places = [(name, place) for _code, name, place, closed in state.values() if not closed]
        assert len(codes) == len(set(codes))
        assert len(places) == len(set(places))
        for start in state:
            here, steps = start, 0
            while here[1] is not None:
                here, steps = state[here][2], steps + 1
                assert steps <= 8
