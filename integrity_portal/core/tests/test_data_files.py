"""Data files: read once, refused whole with file and place, hashed by what they say."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from integrity_portal.core import data_files
from integrity_portal.core.data_files import (
    DataFile,
    UnableToReadData,
    load,
    load_versions,
    newest_on,
    parse,
    read,
)

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["code", "valid_from", "steps"],
    "properties": {
        "code": {"type": "string"},
        "valid_from": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "share": {"type": "number"},
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["code"],
                "properties": {"code": {"type": "string"}, "weight": {"type": "string"}},
            },
        },
    },
}
FILE = """\
# The first of its kind.
code: kind-1
valid_from: "2021-01-01"
steps:
  - code: first
    weight: "0.50"
  - code: second
    weight: "1.50"
"""
# The same content: other order of keys, no comment, other quotes, a flow list.
SAME = """\
steps: [{weight: '0.50', code: "first"}, {code: second, weight: "1.50"}]
valid_from: 2021-01-01  # no quotes
code: >-
  kind-1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kind.schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "kind.yaml").write_text(FILE)
    return tmp_path


@dataclass(frozen=True)
class Kind:
    code: str
    valid_from: str
    sha256: str


def kind(file: DataFile) -> Kind:
    file.refuse_twice("steps")
    return Kind(file.data["code"], file.data["valid_from"], file.sha256)


def refused(folder: Path, content: str | bytes) -> str:
    content = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(UnableToReadData) as fault:
        kind(parse(content, folder / "kind.schema.json", name="kind.yaml"))
    return str(fault.value)


def sha256(folder: Path, content: str) -> str:
    return parse(content.encode(), folder / "kind.schema.json", name="kind.yaml").sha256


class TestHash:
    def test_it_is_that_of_the_content(self, folder: Path) -> None:
        assert sha256(folder, SAME) == sha256(folder, FILE)
        assert len(sha256(folder, FILE)) == 64

    @pytest.mark.parametrize(
        ("old", "new"),
        [("kind-1", "kind-2"), ("2021-01-01", "2021-01-02"), ('"0.50"', '"0.5"')],
    )
    def test_every_value_changes_it(self, folder: Path, old: str, new: str) -> None:
        assert old in FILE
        assert sha256(folder, FILE.replace(old, new)) != sha256(folder, FILE)

    def test_the_order_of_a_list_changes_it(self, folder: Path) -> None:
        turned = "code: a\nvalid_from: 2021-01-01\nsteps: [{code: %s}, {code: %s}]"
        assert sha256(folder, turned % ("x", "y")) != sha256(folder, turned % ("y", "x"))


class TestRefused:
    def test_bad_yaml(self, folder: Path) -> None:
        assert refused(folder, "code: kind-1\nsteps: [1\n").startswith(
            "kind.yaml, line 3: not YAML"
        )
        assert refused(folder, b"code: \xff\xfe").startswith("kind.yaml: not YAML")
        assert refused(folder, "# nothing\n") == "kind.yaml: the file is empty"
        assert "not YAML" in refused(folder, "--- {code: a}\n--- {code: b}\n")

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("code: second", "code: 2", "kind.yaml, line 7, steps[1].code: 2 is not of type"),
            ("weight: ", "height: ", "kind.yaml, line 5, steps[0]: Additional properties"),
            ("code: kind-1\n", "", "kind.yaml, line 2: 'code' is a required property"),
            ("2021-01-01", "someday", "kind.yaml, line 3, valid_from: 'someday' does not match"),
        ],
    )
    def test_a_breach_of_the_schema_with_its_place(
        self, folder: Path, old: str, new: str, said: str
    ) -> None:
        assert old in FILE
        assert refused(folder, FILE.replace(old, new, 1)).startswith(said)

    def test_a_list_is_no_file(self, folder: Path) -> None:
        assert "is not of type 'object'" in refused(folder, "- code: kind-1")

    def test_a_long_value_is_shortened(self, folder: Path) -> None:
        said = refused(folder, FILE.replace("valid_from: ", f"valid_from: {'x' * 900} # "))
        assert len(said) < 350
        assert said.endswith("does not match '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'")

    def test_a_key_that_stands_there_twice(self, folder: Path) -> None:
        assert refused(folder, f"{FILE}code: kind-2\n") == (
            "kind.yaml, line 9: the key “code” stands there twice"
        )
        twice = FILE.replace('weight: "1.50"', 'weight: "1.50"\n    weight: "1.50"')
        assert refused(folder, twice).startswith("kind.yaml, line 9: the key “weight”")

    @pytest.mark.parametrize("key", ["no", "1", "2021-01-01", "[a, b]"])
    def test_a_key_that_is_no_text(self, folder: Path, key: str) -> None:
        if key == "2021-01-01":  # Days stay texts.
            assert "Additional properties" in refused(folder, f"{FILE}{key}: x\n")
        else:
            assert "put it in quotes" in refused(folder, f"{FILE}? {key}\n: x\n")

    @pytest.mark.parametrize("value", [".nan", ".inf", "!!binary aGk=", "!!set {a}", "&a [*a]"])
    def test_what_json_does_not_know(self, folder: Path, value: str) -> None:
        assert refused(folder, f"{FILE}share: {value}\n").startswith("kind.yaml")

    def test_a_reader_names_the_place_of_its_own_check(self, folder: Path) -> None:
        assert refused(folder, FILE.replace("second", "first")) == (
            "kind.yaml, line 7, steps[1].code: “first” stands there twice"
        )


class TestLoad:
    def test_read_once(self, folder: Path) -> None:
        first = load(folder / "kind.yaml", kind)
        (folder / "kind.yaml").write_text(FILE.replace("kind-1", "kind-9"))
        assert load(folder / "kind.yaml", kind) is first
        assert read(folder / "kind.yaml", folder / "kind.schema.json").data["code"] == "kind-9"

    def test_a_missing_file_or_schema_is_named(self, folder: Path) -> None:
        with pytest.raises(UnableToReadData, match=r"other\.yaml: there is no such file"):
            load(folder / "other.yaml", kind)
        (folder / "other.yaml").write_text(FILE)
        with pytest.raises(UnableToReadData, match=r"other\.schema\.json: there is no such file"):
            load(folder / "other.yaml", kind)

    @pytest.mark.parametrize("text", ["{", '{"type": "objekt"}'])
    def test_a_broken_schema_is_named(self, folder: Path, text: str) -> None:
        (folder / "kind.schema.json").write_text(text)
        with pytest.raises(UnableToReadData, match=r"kind\.schema\.json: not a JSON Schema"):
            load(folder / "kind.yaml", kind)

    def test_what_a_reader_cannot_make_of_it_names_the_file(self, folder: Path) -> None:
        with pytest.raises(UnableToReadData, match=r"kind\.yaml, line \d: ValueError: invalid lit"):
            load(folder / "kind.yaml", lambda file: int(file.data["code"]))

    def test_our_own_files_are_named_from_the_root(self) -> None:
        path = data_files.ROOT / "opd" / "data" / "gone.yaml"
        with pytest.raises(UnableToReadData, match=r"^opd/data/gone\.yaml: there is no such file"):
            load(path, kind)


class TestVersions:
    def test_newest_first_and_the_one_of_a_day(self, folder: Path) -> None:
        later = FILE.replace("kind-1", "kind-2").replace("2021", "2024")
        (folder / "kind-2.yaml").write_text(later)
        found = load_versions(folder / "kind.schema.json", "kind*.yaml", kind)
        assert list(found) == ["kind-2", "kind-1"]
        for day, code in [("2026-01-01", "kind-2"), ("2023-12-31", "kind-1"), ("2000", "kind-1")]:
            assert newest_on(found.values(), day).code == code

    @pytest.mark.parametrize(
        ("old", "new", "key"), [("2021", "2024", "code"), ("kind-1", "kind-2", "valid_from")]
    )
    def test_two_that_cannot_be_told_apart(
        self, folder: Path, old: str, new: str, key: str
    ) -> None:
        (folder / "kind-2.yaml").write_text(FILE.replace(old, new))
        said = rf"kind\.yaml, line \d, {key}: the same stands in another file"
        with pytest.raises(UnableToReadData, match=said):
            load_versions(folder / "kind.schema.json", "kind*.yaml", kind)

    def test_none_at_all(self, folder: Path) -> None:
        with pytest.raises(UnableToReadData, match=r"there is no file instrument\*\.yaml"):
            load_versions(folder / "kind.schema.json", "instrument*.yaml", kind)
