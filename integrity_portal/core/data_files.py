"""Data that changes with regulations: YAML files, each checked whole by the JSON Schema beside it.

`load` reads one file, `load_versions` all files of one kind; both read once. The hash is that of
the content: comments, layout, quotes and the order of keys do not change it, every value does. So
whoever decides by a file keeps its code and hash, and a file that was used can be told from one
that was changed. Order that means something is therefore a list, and days are texts.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import yaml
from django.utils.translation import get_language
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
TAG = "tag:yaml.org,2002:"


class UnableToReadData(Exception):
    """A file is missing or breaks a rule; the message names the file and the place in it."""


class Versioned(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> Any: ...


T = TypeVar("T")
V = TypeVar("V", bound=Versioned)
Builder = Callable[["DataFile"], T]


@dataclass(frozen=True)
class Wording:
    text_id: str
    text_en: str

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


def wording(row: dict[str, Any], name: str = "text") -> Wording:
    return Wording(row[f"{name}_id"], row[f"{name}_en"])


@dataclass(frozen=True)
class DataFile:
    """A file that its schema accepts. Whoever reads it makes frozen rows of `data`."""

    name: str
    data: dict[str, Any]
    sha256: str
    root: yaml.Node = field(repr=False, compare=False)

    def fault(self, message: str, *place: str | int) -> UnableToReadData:
        """To be raised by a reader whose own check fails: `place` are the keys on the way there."""
        return _fault(self.name, message, place, _line(self.root, place))

    def refuse_twice(self, rows: str, key: str = "code") -> None:
        """Raises UnableToReadData when two rows of the list `rows` have the same `key`."""
        seen = set()
        for number, row in enumerate(self.data[rows]):
            if row[key] in seen:
                raise self.fault(f"“{row[key]}” stands there twice", rows, number, key)
            seen.add(row[key])


def load(path: Path, build: Builder[T]) -> T:
    """What `build` makes of the file; its schema is the file `<same name>.schema.json`.

    Raises UnableToReadData.
    """
    return cast(T, _load(path, build))


def load_versions(schema: Path, pattern: str, build: Builder[V]) -> dict[str, V]:
    """What `build` makes of each file beside the schema, by code, newest first.

    Raises UnableToReadData, also when there is none, or two have the same code or first day.
    """
    return cast(dict[str, V], _load_versions(schema, pattern, build))


def newest_on(versions: Iterable[V], day: Any) -> V:
    """Of versions that stand newest first the one valid on this day, else the oldest there is."""
    every = list(versions)
    return next((row for row in every if row.valid_from <= day), every[-1])


@cache
def _load(path: Path, build: Builder[Any]) -> Any:
    return _built(read(path, path.with_suffix(".schema.json")), build)


@cache
def _load_versions(schema: Path, pattern: str, build: Builder[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(schema.parent.glob(pattern)):
        file = read(path, schema)
        row = _built(file, build)
        for key in ("code", "valid_from"):
            if getattr(row, key) in [getattr(other, key) for other in found.values()]:
                raise file.fault("the same stands in another file", key)
        found[row.code] = row
    if not found:
        raise _fault(_name(schema.parent), f"there is no file {pattern}")
    newest_first = sorted(found.values(), key=lambda row: row.valid_from, reverse=True)
    return {row.code: row for row in newest_first}


def _built(file: DataFile, build: Builder[Any]) -> Any:
    try:
        return build(file)
    except (ValueError, KeyError) as error:  # a 31 February, a name that leads nowhere
        raise file.fault(f"{type(error).__name__}: {error}") from error


def read(path: Path, schema: Path) -> DataFile:
    """The file as it stands now. Raises UnableToReadData."""
    return parse(_content(path), schema, name=_name(path))


def parse(content: bytes, schema: Path, *, name: str) -> DataFile:
    """Raises UnableToReadData with the first fault."""
    root, data = _plain(content, name)
    try:
        canonical = json.dumps(
            data, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()
    except (TypeError, ValueError) as error:
        raise _fault(name, str(error)) from error
    if fault := best_match(_validator(schema).iter_errors(data)):
        place = list(fault.absolute_path)
        raise _fault(name, fault.message, place, _line(root, place))
    return DataFile(name, data, hashlib.sha256(canonical).hexdigest(), root)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Days stay texts: JSON, and so the schema and the hash, knows no dates."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rows if tag != f"{TAG}timestamp"]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _plain(content: bytes, name: str) -> tuple[yaml.Node, Any]:
    try:
        loader = _Loader(content)
        try:
            root = loader.get_single_node()
            if root is None:
                raise _fault(name, "the file is empty")
            _refuse_keys(root, name)
            return root, loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _fault(name, f"not YAML: {error.problem}", line=line) from error
    except yaml.YAMLError as error:
        raise _fault(name, f"not YAML: {error}") from error


def _refuse_keys(root: yaml.Node, name: str) -> None:
    """YAML keeps the last of two equal keys, and reads a bare `no` or `1` as something else."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
            continue
        keys = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag not in (f"{TAG}str", f"{TAG}merge"):
                raise _fault(name, "a key that is no text: put it in quotes", line=line)
            if key.value in keys:
                raise _fault(name, f"the key “{key.value}” stands there twice", line=line)
            keys.add(key.value)
            waiting.append(value)


@cache
def _validator(schema: Path) -> Draft202012Validator:
    try:
        rules = json.loads(_content(schema))
        Draft202012Validator.check_schema(rules)
    except (ValueError, SchemaError) as error:
        said = error.message if isinstance(error, SchemaError) else str(error)
        raise _fault(_name(schema), f"not a JSON Schema: {said}") from error
    return Draft202012Validator(rules)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _fault(_name(path), "there is no such file, or it cannot be read") from error


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _line(node: yaml.Node, place: Iterable[str | int]) -> int:
    """The line on which the place begins, as far as the file has it."""
    line = node.start_mark.line
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
    return line + 1


def _fault(
    name: str, message: str, place: Iterable[str | int] = (), line: int = 0
) -> UnableToReadData:
    way = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    said = message if len(message) <= LONGEST else f"{message[:100]} … {message[-150:]}"
    parts = [name, f"line {line}" if line else "", way.lstrip(".")]
    return UnableToReadData(f"{', '.join(filter(None, parts))}: {said}")
