"""What complaints are about: read once from data/categories.yaml."""

from dataclasses import dataclass
from pathlib import Path

from complaints.lapor.words import plain
from integrity_portal.core.data_files import DataFile, Wording, load, wording

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Category:
    code: str
    text: Wording
    words: tuple[str, ...]
    offered: bool = True


@dataclass(frozen=True)
class Categories:
    version: int
    source: str
    categories: tuple[Category, ...]

    def offered(self) -> list[Category]:
        return [row for row in self.categories if row.offered]

    def label(self, code: str) -> str:
        """The code itself for one that is in no file any more; empty stays empty."""
        return next((str(row.text) for row in self.categories if row.code == code), code)

    def called(self, text: str) -> str:
        """The code of what another system calls so, or empty."""
        wanted = plain(text)
        return next((row.code for row in self.categories if wanted in row.words), "")


def current() -> Categories:
    """Raises UnableToReadData."""
    return load(DATA / "categories.yaml", read)


def read(file: DataFile) -> Categories:
    file.refuse_twice("categories")
    rows = tuple(
        Category(
            row["code"],
            wording(row),
            tuple(plain(word) for word in row["words"]),
            row.get("offered", True),
        )
        for row in file.data["categories"]
    )
    said = [word for row in rows for word in row.words]
    if len(said) != len(set(said)):
        raise file.fault("a word means two categories", "categories")
    return Categories(file.data["version"], file.data["source"], rows)
