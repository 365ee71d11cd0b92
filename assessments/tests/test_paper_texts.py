"""Kinds of papers as data, and the text they make. No database."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import yaml

from assessments import papers as rules
from assessments.enums import PaperKind
from assessments.paper_kinds import DATA, catalogue, kind_of, read
from assessments.papers import Block, Content, Table, blocks_of, of_json, plain, prefilled
from integrity_portal.core.data_files import UnableToReadData, parse

SCHEMA = DATA / "papers.schema.json"
WORDS = {
    "government": "Kota Contoh",
    "head": "Wali Kota Contoh",
    "year": "2026",
    "unit": "Dinas Satu",
    "unit_head": "Kepala Dinas Satu",
    "replaced": "",
}


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    data = yaml.safe_load((DATA / "papers.yaml").read_text())
    change(data)
    return yaml.safe_dump(data).encode()


def test_every_kind_has_its_signer_and_its_subject() -> None:
    found = {code: (kind.signer, kind.subject) for code, kind in catalogue().kinds.items()}
    assert found == {
        "sk_penetapan": ("regional_head", "year"),
        "surat_pengajuan": ("regional_head", "proposal"),
        "sptjm": ("regional_head", "proposal"),
        "sk_tim_kerja": ("unit_head", "team"),
        "lhe": ("inspector", "zone"),
    }
    assert len(catalogue().sha256) == 64


def test_the_letter_goes_to_the_minister_through_the_right_deputy() -> None:
    lines = kind_of("surat_pengajuan").addressee.splitlines()
    assert lines == [
        "Yth. Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi",
        "c.q. Deputi Bidang Reformasi Birokrasi, Akuntabilitas Aparatur, dan Pengawasan",
        "di Jakarta",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["kinds"].pop(), "every kind"),
        (lambda data: data["kinds"][0].update(signer="anybody"), "anybody"),
        (lambda data: data["kinds"][0].update(about="{nama}"), "unknown placeholder"),
        (lambda data: data["kinds"][0].update(attachment="none"), "attachment"),
        (
            lambda data: data["kinds"][0]["blocks"].append(data["kinds"][0]["blocks"][0]),
            "twice",
        ),
        (lambda data: data["kinds"][0]["blocks"][1].update(basis=["uu0"]), "no such basis"),
        (lambda data: data.pop("source"), "source"),
    ],
)
def test_a_wrong_file_is_refused_by_name(change: Any, said: str) -> None:
    with pytest.raises(UnableToReadData, match=said):
        read(parse(changed(change), SCHEMA, name="x.yaml"))


@pytest.mark.parametrize("kind", PaperKind.values)
def test_no_placeholder_is_left_in_a_draft(kind: str) -> None:
    lines = [line for block in prefilled(kind_of(kind), WORDS).values() for line in block]
    assert lines
    assert not [line for line in lines if "{" in line or "}" in line]


def test_a_line_about_what_is_replaced_stands_only_when_something_is() -> None:
    kind = kind_of("sk_tim_kerja")
    replaced = "Keputusan Kepala Dinas Satu Nomor 1"
    assert len(prefilled(kind, WORDS)["diktum"]) == 5
    lines = prefilled(kind, {**WORDS, "replaced": replaced})["diktum"]
    expected = f"Dengan ditetapkannya Keputusan ini, {replaced} dicabut"
    assert len(lines) == 6
    assert lines[4].startswith(expected)


def test_marks_are_written_by_themselves() -> None:
    kind = kind_of("sk_penetapan")
    lines = {"menimbang": ["satu", "dua"], "mengingat": ["tiga"], "diktum": ["empat"] * 11}
    blocks = blocks_of(kind, lines)
    assert [block.marks for block in blocks[:2]] == [("a.", "b."), ("1.",)]
    assert blocks[2].marks[0] == "KESATU"
    assert blocks[2].marks[-1] == "KESEBELAS"


def test_more_articles_than_there_are_words_for_still_stand_there() -> None:
    block = blocks_of(kind_of("sk_penetapan"), {"diktum": ["x"] * 30, "menimbang": ["y"] * 30})
    assert len(block[1].rows) == 30
    assert block[0].marks[26:28] == ("aa.", "bb.")


def test_an_empty_block_is_left_out() -> None:
    assert blocks_of(kind_of("lhe"), {"temuan": []}) == ()


def content(**values: Any) -> Content:
    facts: dict[str, Any] = {
        "form": "decree", "title": "Keputusan Wali Kota Contoh", "about": "Uji", "number": "1",
        "dated": "1 Juni 2026", "addressee": (), "facts": (("Unit", "Dinas Satu"),),
        "blocks": (Block("Menimbang", "lettered", ("a.",), ("bahwa",)),),
        "conclusion": "", "attachment": "Unit", "place": "Contoh", "office": "Wali Kota Contoh",
        "tables": (Table("Unit", ("No.", "Unit"), (("1.", "Dinas Satu"),)),),
        "name": "", "nip": "",
    }  # fmt: skip
    return Content(**{**facts, **values})


def test_frozen_content_comes_back_as_it_was() -> None:
    row = content(name="Siti", nip="198001012005011001")
    assert of_json(json.loads(json.dumps(row.as_json()))) == row


def test_the_plain_text_says_everything() -> None:
    text = plain(content(name="Siti", nip="198001012005011001", conclusion="Maka."))
    for part in ("KEPUTUSAN WALI KOTA CONTOH", "Nomor: 1", "a. bahwa", "Unit: Dinas Satu",
                 "Maka.", "Contoh, 1 Juni 2026", "NIP 198001012005011001", "1. | Dinas Satu"):  # fmt: skip
        assert part in text


def test_a_statement_says_who_makes_it() -> None:
    text = plain(content(form="statement", name="Siti"))
    assert "Nama: Siti\nJabatan: Wali Kota Contoh" in text


@pytest.mark.parametrize(
    ("enabler", "result", "total"),
    [("48.20", "33.75", "81.95"), ("48.20", None, None), (None, None, None), ("0", "0", "0")],
)
def test_a_total_only_when_both_are_known(
    enabler: str | None, result: str | None, total: str | None
) -> None:
    number = [None if value is None else Decimal(value) for value in (enabler, result, total)]
    assert rules.total(number[0], number[1]) == number[2]


@pytest.mark.parametrize(
    ("recommends", "said"), [(True, " direkomendasikan"), (False, "belum direkomendasikan")]
)
def test_a_report_says_what_it_recommends(recommends: bool, said: str) -> None:
    text = rules.recommendation(unit="Dinas", target="WBK", year=2026, recommends=recommends)
    assert said in text
    assert rules.recommendation(unit="D", target="WBK", year=2026, recommends=None) == ""
