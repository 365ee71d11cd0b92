"""A small instrument that holds everything once, and ways to break it."""

import copy
import json
from collections.abc import Callable
from typing import Any

from assessments.instrument import SCHEMA, Instrument, read
from integrity_portal.core.data_files import parse

Data = dict[str, Any]


def words(text: str, name: str = "text") -> Data:
    return {f"{name}_id": text, f"{name}_en": text}


def small() -> Data:
    """Everything that an instrument can hold, once."""
    return {
        "code": "small-1",
        "edition": 1,
        **words("LKE kecil", "title"),
        "short": "1",
        **words("Peraturan", "regulation"),
        "source": "contoh",
        "valid_from": "2030-01-01",
        "valid_to": None,
        "is_history": False,
        "total": "10.00",
        "question_count": 4,
        "scales": [
            {
                "code": "YT",
                "kind": "options",
                **words("Ya atau Tidak", "title"),
                "options": [
                    {"code": "Ya", "value": "1", **words("Ya")},
                    {"code": "Tidak", "value": "0", **words("Tidak")},
                ],
            },
            {"code": "ratio", "kind": "ratio", **words("Rasio", "title")},
            {"code": "index", "kind": "index", "highest": "4", **words("Indeks", "title")},
        ],
        "nodes": [
            {"code": "A", "parent": None, "weight": "6", **words("A", "title")},
            {"code": "A.I", "parent": "A", "weight": "6", **words("A.I", "title")},
            {"code": "B", "parent": None, "weight": "4", "questions": 1, **words("B", "title")},
        ],
        "sub_aspects": [
            {
                "code": "A.I.i",
                "weight": "2",
                **words("A.I.i", "title"),
                "questions": [yes_no("A.I.i.a"), yes_no("A.I.i.b")],
            },
            {
                "code": "A.I.ii",
                "weight": "4",
                **words("A.I.ii", "title"),
                "questions": [
                    {
                        "code": "A.I.ii.a",
                        **words("Berapa?"),
                        "scale": "ratio",
                        "counts": [
                            {"key": "done", **words("Selesai")},
                            {"key": "due", **words("Wajib")},
                            {"key": "more", **words("Lainnya")},
                        ],
                        "formula": "done / due",
                        "zero": "ask",
                    }
                ],
            },
            {
                "code": "B.i",
                "weight": "4",
                **words("B.i", "title"),
                "questions": [{"code": "B.i.a", **words("Indeks?"), "scale": "index"}],
            },
        ],
        "readings": [
            {"code": "combined", "is_default": True, **words("Gabungan")},
            {"code": "per_half", "is_default": False, **words("Per bagian")},
        ],
        "gates": [
            gate("wbk.total", ["A", "B"], "7.5"),
            gate("wbk.a", ["A.I"], "60", unit="percent", reading="combined"),
            gate("wbk.b", ["B.i"], "3"),
            gate("wbbm.total", ["A", "B"], "8.5", predicate="wbbm"),
        ],
    }


def yes_no(code: str) -> Data:
    options = [{"code": "Ya", **words("Ada")}, {"code": "Tidak", **words("Tidak ada")}]
    return {"code": code, **words("Ada?"), "scale": "YT", "options": options}


def gate(code: str, nodes: list[str], minimum: str, unit: str = "points", **more: Any) -> Data:
    rest = {"nodes": nodes, "minimum": minimum, "unit": unit, "confirmed": True}
    return {"code": code, "predicate": "wbk", **words(code), **rest, **more}


def built(data: Data) -> Instrument:
    return read(parse(json.dumps(data).encode(), SCHEMA, name="small.yaml"))


def put(*place: str | int, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        row: Any = data
        for step in place[:-1]:
            row = row[step]
        row[place[-1]] = value

    return change


def again(name: str, number: int = 0) -> Callable[[Data], None]:
    return lambda data: data[name].append(copy.deepcopy(data[name][number]))


def question(number: int, **values: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["sub_aspects"][number]["questions"][0].update(values)

    return change


def without(number: int, key: str) -> Callable[[Data], None]:
    return lambda data: data["sub_aspects"][number]["questions"][0].pop(key)
