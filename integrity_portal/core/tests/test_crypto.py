import json

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given, strategies as st

from integrity_portal.core import crypto, keys

PLACE = {"table": "complaints_reporter", "column": "name", "row": "7"}


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    sealed = crypto.seal(text, **PLACE)
    assert crypto.open_sealed(sealed, **PLACE) == text
    assert sealed != crypto.seal(text, **PLACE)


@pytest.mark.parametrize("moved", ["table", "column", "row"])
def test_a_value_copied_elsewhere_does_not_open(moved: str) -> None:
    sealed = crypto.seal("Siti", **PLACE)
    with pytest.raises(crypto.UnableToOpen):
        crypto.open_sealed(sealed, **{**PLACE, moved: "other"})


@pytest.mark.parametrize("value", ["", "v1.k1", "v1.k9.AAAA", "v2.k1.AAAA", "v1.k1.AAAA", "x"])
def test_damage_is_one_error(value: str) -> None:
    with pytest.raises(crypto.UnableToOpen):
        crypto.open_sealed(value, **PLACE)


def test_old_keys_still_open_after_a_new_one_is_active(tmp_path, settings) -> None:
    sealed = crypto.seal("Siti", **PLACE)
    ring = json.loads((keys.keys_dir() / "fields.json").read_text())
    ring["keys"]["k2"] = keys._random()
    ring["active"] = "k2"
    (tmp_path / "fields.json").write_text(json.dumps(ring))
    settings.KEYS_DIR = tmp_path
    keys.field_ring.cache_clear()
    try:
        assert crypto.open_sealed(sealed, **PLACE) == "Siti"
        assert crypto.seal("Siti", **PLACE).startswith("v1.k2.")
    finally:
        keys.field_ring.cache_clear()


def test_hashes_of_different_purposes_differ() -> None:
    assert crypto.keyed_hash("tracking_code", "1") != crypto.keyed_hash("blind_index", "1")


def test_keys_are_never_replaced_and_a_missing_one_is_named(tmp_path, settings) -> None:
    settings.KEYS_DIR = tmp_path
    assert "fields.json" in keys.ensure()
    before = (tmp_path / "fields.json").read_text()
    assert keys.ensure() == []
    assert (tmp_path / "fields.json").read_text() == before
    assert (tmp_path / "fields.json").stat().st_mode & 0o777 == 0o600
    (tmp_path / "fields.json").unlink()
    keys.field_ring.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match=r"fields\.json"):
            keys.field_ring()
    finally:
        keys.field_ring.cache_clear()


def test_the_key_ring_is_not_the_secret_key() -> None:
    assert settings.SECRET_KEY not in (keys.keys_dir() / "fields.json").read_text()
