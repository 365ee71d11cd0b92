"""Tracking codes: random, 16 digits, read however they were written, stored only as a hash."""

import re
from collections import Counter

from hypothesis import given, settings, strategies as st

from complaints.codes import DIGITS, code_hash, grouped, new_code, normalise_code

CODES = st.from_regex(re.compile(r"[0-9]{16}"), fullmatch=True)


def test_codes_are_sixteen_digits_and_do_not_repeat():
    codes = [new_code() for _ in range(2000)]

    assert all(re.fullmatch(r"[0-9]{16}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    # Every digit in every place: nothing is fixed, not even a check digit of the others.
    for place in range(DIGITS):
        assert len(Counter(code[place] for code in codes)) == 10


@settings(deadline=None)
@given(CODES)
def test_grouped_and_typed_back_is_the_same(code):
    assert normalise_code(grouped(code)) == code
    assert normalise_code(f"  {grouped(code).replace(' ', '-')} ") == code
    assert normalise_code(grouped(code).replace(" ", "\u00a0")) == code


@settings(deadline=None)
@given(st.text(max_size=40))
def test_anything_else_is_no_code(text):
    found = normalise_code(text)
    assert found is None or re.fullmatch(r"[0-9]{16}", found)


def test_full_width_digits_are_digits_and_letters_are_not():
    assert normalise_code("４８２１ 0937 5560 1284") == "4821093755601284"
    assert normalise_code("4821 0937 5560 128O") is None
    assert normalise_code("4821 0937 5560 128") is None
    assert normalise_code("٤٨٢١٠٩٣٧٥٥٦٠١٢٨٤") is None


def test_the_hash_is_keyed():
    assert code_hash("4821093755601284") != code_hash("4821093755601285")
    assert re.fullmatch(r"[0-9a-f]{64}", code_hash("4821093755601284"))
