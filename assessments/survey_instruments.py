"""What a survey asks and how its answers become an index (data/surveys.yaml).

`content_of` is what a round keeps of the file: all that is needed to ask and to compute again.
`survey_of` reads it back, whatever the file says by then.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from integrity_portal.core.charts import Tone
from integrity_portal.core.data_files import DataFile, Wording, load, wording

FILE = Path(__file__).parent / "data" / "surveys.yaml"


class Conversion(StrEnum):
    SHARE_OF_HIGHEST = "share_of_highest"
    WEIGHTED = "weighted"


@dataclass(frozen=True)
class Item:
    code: str
    title: Wording
    text: Wording
    is_confirmed: bool


@dataclass(frozen=True)
class Band:
    code: str
    name: Wording
    minimum: Decimal
    tone: Tone


@dataclass(frozen=True)
class ProfileQuestion:
    code: str
    text: Wording
    options: dict[str, Wording]


@dataclass(frozen=True)
class Survey:
    """`words`: what each answer means, 1 first. `weight` None: each element weighs the same."""

    code: str
    name: Wording
    index: str
    index_name: Wording
    feeds: str
    regulation: str
    conversion: Conversion
    is_conversion_confirmed: bool
    top: Decimal
    weight: Decimal | None
    bands: tuple[Band, ...]
    words: tuple[Wording, ...]
    items: tuple[Item, ...]
    profile: tuple[ProfileQuestion, ...]
    smallest: int

    @property
    def highest(self) -> int:
        return len(self.words)

    @property
    def item_codes(self) -> list[str]:
        return [item.code for item in self.items]


@dataclass(frozen=True)
class Sample:
    """The numbers of the Krejcie–Morgan formula; `usual` where no population is known."""

    chi_square: Decimal
    share: Decimal
    margin: Decimal
    printed: dict[int, int]
    usual: int


@dataclass(frozen=True)
class Surveys:
    """The whole file as it stands now."""

    edition: int
    sha256: str
    sample: Sample
    smallest: int
    contents: dict[str, dict[str, Any]]

    def survey(self, code: str) -> Survey:
        """As it is asked by default. Raises KeyError for none of this code."""
        return survey_of(self.content(code))

    def content(
        self, code: str, *, highest: int | None = None, printed: bool = False
    ) -> dict[str, Any]:
        """What a round keeps: with the scale that ends at `highest` (else the first), and with
        the weight as the regulation prints it. Raises KeyError, ValueError for no such scale."""
        whole = self.contents[code]
        scales = {len(scale["words"]): scale for scale in reversed(whole["scales"])}
        if highest is not None and highest not in scales:
            raise ValueError(highest)
        scale = whole["scales"][0] if highest is None else scales[highest]
        content = {key: value for key, value in whole.items() if key != "scales"}
        conversion = dict(content["conversion"])
        weight = conversion.pop("printed_weight", "") if printed else ""
        conversion.pop("printed_weight", None)
        return {**content, "conversion": {**conversion, "weight": weight}, "scale": scale}

    def highest_answers(self, code: str) -> list[int]:
        """Of the scales that may be chosen, the usual one first."""
        return [len(scale["words"]) for scale in self.contents[code]["scales"]]

    def has_printed_weight(self, code: str) -> bool:
        return "printed_weight" in self.contents[code]["conversion"]


def surveys() -> Surveys:
    """Raises UnableToReadData."""
    return load(FILE, read)


def read(file: DataFile) -> Surveys:
    """Raises UnableToReadData."""
    for rows in ("surveys", "conversions", "band_sets", "profile"):
        file.refuse_twice(rows)
    conversions = {row["code"]: row for row in file.data["conversions"]}
    bands = {row["code"]: row for row in file.data["band_sets"]}
    for number, row in enumerate(file.data["band_sets"]):
        minima = [Decimal(band["min"]) for band in row["bands"]]
        if minima != sorted(set(minima), reverse=True):
            raise file.fault("the bounds fall", "band_sets", number, "bands")
    contents = {}
    for number, row in enumerate(file.data["surveys"]):
        codes = [item["code"] for item in row["items"]]
        if len(codes) != len(set(codes)):
            raise file.fault("an item stands there twice", "surveys", number, "items")
        contents[row["code"]] = {
            **row,
            "conversion": conversions[row["conversion"]],
            "bands": bands[row["bands"]]["bands"],
            "profile": file.data["profile"] if row["asks_profile"] else [],
            "smallest": file.data["smallest_group"],
        }
    made = Surveys(
        file.data["edition"],
        file.sha256,
        _sample(file.data["sample"]),
        file.data["smallest_group"],
        contents,
    )
    for code in contents:
        made.survey(code)
    return made


def _sample(row: dict[str, Any]) -> Sample:
    return Sample(
        Decimal(row["chi_square"]),
        Decimal(row["share"]),
        Decimal(row["margin"]),
        {each["population"]: each["sample"] for each in row["printed"]},
        row["usual"],
    )


def survey_of(content: dict[str, Any]) -> Survey:
    """What a round kept."""
    conversion = content["conversion"]
    return Survey(
        code=content["code"],
        name=wording(content),
        index=content["index"],
        index_name=wording(content, "index"),
        feeds=content.get("feeds", ""),
        regulation=content["regulation"],
        conversion=Conversion(conversion["kind"]),
        is_conversion_confirmed=conversion["confirmed"],
        top=Decimal(conversion["top"]),
        weight=Decimal(conversion["weight"]) if conversion["weight"] else None,
        bands=tuple(
            Band(row["code"], wording(row), Decimal(row["min"]), Tone(row["tone"]))
            for row in content["bands"]
        ),
        words=tuple(wording(row) for row in content["scale"]["words"]),
        items=tuple(
            Item(row["code"], wording(row, "title"), wording(row), row["confirmed"])
            for row in content["items"]
        ),
        profile=tuple(
            ProfileQuestion(
                row["code"],
                wording(row),
                {option["code"]: wording(option) for option in row["options"]},
            )
            for row in content["profile"]
        ),
        smallest=content["smallest"],
    )
