"""Identifiers as people type them."""

import pytest
from hypothesis import given, strategies as st

from opd.enums import IdentifierKind
from opd.identity import normalise

NIP = (IdentifierKind.NIP, "198001012005011001")
PHONE = (IdentifierKind.PHONE, "+6281234567890")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("198001012005011001", NIP),
        ("19800101 200501 1 001", NIP),
        ("19800101\u00a0200501\u00a01\u00a0001", NIP),
        (" 19800101.200501.1.001 ", NIP),
        ("19800101-200501-1-001\n", NIP),
        ("081234567890", PHONE),
        ("0812-3456-7890", PHONE),
        ("0812 3456 7890", PHONE),
        ("0812–3456–7890", PHONE),
        ("(0812) 3456.7890", PHONE),
        ("6281234567890", PHONE),
        ("62 812 3456 7890", PHONE),
        ("+6281234567890", PHONE),
        ("+62 812-3456-7890", PHONE),
        ("+62 (812) 3456-7890", PHONE),
        (
            "Camat.Utara@Kota-Contoh.Contoh",
            (IdentifierKind.EMAIL, "camat.utara@kota-contoh.contoh"),
        ),
        (" a@b.id ", (IdentifierKind.EMAIL, "a@b.id")),
    ],
)
def test_every_spelling_is_the_same(typed, expected):
    assert normalise(typed) == expected


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "   ",
        "kepala",
        "12345",
        "19800101200501100",
        "1980010120050110011",
        "a@",
        "@b.id",
        "a b@c.id",
        "+",
        "++6281234567890",
        "08x12345678",
        "<b>0812</b>",
        "0812345678901234567890",
        "a@b.id\nbcc: c@d.id",
        "\u0661\u0669\u0668\u0660\u0660\u0661\u0660\u0661\u0662\u0660\u0660\u0665\u0660\u0661\u0661\u0660\u0660\u0661",
        "=cmd|' /C calc'!A0",
        "a" * 100_000,
        "ß" * 60 + "@contoh.id",
    ],
)
def test_junk_is_none(junk):
    assert normalise(junk) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_stable_answer(text):
    found = normalise(text)

    if found is not None:
        assert normalise(found[1]) == found
        assert len(found[1]) <= 120


@given(st.from_regex(r"\A8[1-9][0-9]{7,9}\Z"), st.sampled_from(["0", "62", "+62", "+62 ", "62-"]))
def test_every_way_to_begin_a_mobile_number_is_the_same(rest, beginning):
    assert normalise(beginning + rest) == (IdentifierKind.PHONE, f"+62{rest}")


@given(st.from_regex(r"\A[0-9]{18}\Z"), st.sampled_from([" ", ".", "-", "\u00a0"]))
def test_separators_in_a_nip_do_not_matter(digits, mark):
    assert normalise(mark.join(digits)) == (IdentifierKind.NIP, digits)
