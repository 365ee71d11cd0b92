"""Rows of a list of places: what each would do, against the places as they are. Pure.

A row means the place with its NPSN, else the one of the same kind and name.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from opd.enums import PlaceKind
from opd.unit_csv import Headings, plain
from opd.unit_rows import Change, Outcome, brief

HEADINGS: Headings = {
    "name": ("nama", "nama tempat", "nama sekolah", "nama satuan pendidikan", "tempat", "name"),
    "kind": ("jenis", "jenis tempat", "bentuk pendidikan", "kategori", "kind"),
    "address": ("alamat", "alamat lengkap", "address"),
    "npsn": ("npsn", "nomor pokok sekolah nasional"),
    "region": ("wilayah", "kelurahan", "desa/kelurahan", "desa", "kecamatan", "region"),
    "unit": ("unit", "opd", "perangkat daerah", "unit pengelola", "unit kerja"),
}
LIMITS = {"name": 160, "address": 300}
NPSN = re.compile(r"\d{8}\Z")
# What people write instead of our kinds; the first word decides where nothing else does.
KIND_WORDS = {
    PlaceKind.SCHOOL: "sekolah sd sdn mi min smp smpn mts mtsn sma sman ma man smk smkn slb tk "
    "paud ra kb pkbm madrasah school",
    PlaceKind.HEALTH: "puskesmas pustu rsud rs klinik posyandu kesehatan health",
    PlaceKind.OFFICE: "kantor loket mpp dinas badan samsat office",
    PlaceKind.VILLAGE: "kelurahan desa balai rw rt village",
    PlaceKind.MARKET: "pasar terminal stasiun pelabuhan market",
    PlaceKind.WORSHIP: "masjid musala mushola gereja pura vihara klenteng ibadah worship",
    PlaceKind.OTHER: "lain lainnya other",
}
_BY_WORD = {word: kind for kind, words in KIND_WORDS.items() for word in words.split()}


@dataclass(frozen=True)
class KnownPlace:
    pk: int
    kind: str
    name: str
    address: str
    npsn: str
    region_id: int | None
    unit_id: int | None
    is_active: bool = True


@dataclass(frozen=True)
class KnownUnit:
    """A unit as a row may call it: `names` in plain form."""

    pk: int
    code: str
    names: frozenset[str]
    is_region: bool


@dataclass
class PlaceLine:
    """`values` hold the columns that the file has; region and unit as ids."""

    number: int
    cells: dict[str, str]
    values: dict[str, object] = field(default_factory=dict)
    place: KnownPlace | None = None
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.values.get("name", self.cells.get("name", "")))

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REFUSED
        if self.place is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def refuse(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)


@dataclass
class PlacePlan:
    lines: list[PlaceLine]

    def count(self) -> dict[str, int]:
        found = Counter(line.outcome for line in self.lines)
        return {outcome.value: found[outcome] for outcome in Outcome}

    def good(self) -> list[PlaceLine]:
        return [line for line in self.lines if line.outcome in (Outcome.NEW, Outcome.CHANGED)]

    @property
    def fingerprint(self) -> str:
        """Of everything that would be written and what it would replace, in no language."""
        facts = [
            [
                line.number,
                line.outcome.value,
                line.place.pk if line.place else None,
                sorted((name, str(value)) for name, value in line.values.items()),
                [[c.field, str(c.before), str(c.after)] for c in line.changes],
            ]
            for line in self.lines
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def kind_of(text: str) -> str | None:
    """Our kind for what people write: “SD”, “Puskesmas”, “Pasar”."""
    wanted = plain(text)
    labels = {plain(str(kind.label)): kind for kind in PlaceKind}
    if wanted in labels:
        return labels[wanted].value
    words = wanted.replace("/", " ").split()
    return next((_BY_WORD[word].value for word in words if word in _BY_WORD), None)


def plan_places(
    columns: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    places: Iterable[KnownPlace],
    units: Iterable[KnownUnit],
) -> PlacePlan:
    return _Planner(columns, rows, list(places), list(units)).plan()


class _Planner:
    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[tuple[int, Sequence[str]]],
        places: list[KnownPlace],
        units: list[KnownUnit],
    ) -> None:
        self.lines = [PlaceLine(number, _cells(columns, cells)) for number, cells in rows]
        self.by_npsn = {place.npsn: place for place in places if place.npsn}
        self.by_name: dict[tuple[str, str], list[KnownPlace]] = defaultdict(list)
        for place in places:
            self.by_name[place.kind, plain(place.name)].append(place)
        self.units = units

    def plan(self) -> PlacePlan:
        for line in self.lines:
            self._read(line)
            self._match(line)
        self._once_each()
        for line in self.lines:
            _compare(line)
        return PlacePlan(self.lines)

    def _read(self, line: PlaceLine) -> None:
        cells, values = line.cells, line.values
        if not any(letter.isalpha() for letter in cells.get("name", "")):
            line.refuse(_("The name is missing."))
        for column, limit in LIMITS.items():
            if column in cells:
                values[column] = cells[column]
                if len(cells[column]) > limit:
                    line.refuse(
                        _("Shorten “%(text)s” to %(limit)s characters.")
                        % {"text": brief(cells[column])[:60], "limit": limit}
                    )
        if "npsn" in cells:
            values["npsn"] = cells["npsn"].replace(" ", "")
            if values["npsn"] and not NPSN.match(str(values["npsn"])):
                line.refuse(_("An NPSN has 8 digits."))
        self._read_kind(line)
        self._read_unit(line, "region", _("district or kelurahan"))
        self._read_unit(line, "unit", _("unit"))

    def _read_kind(self, line: PlaceLine) -> None:
        text = line.cells.get("kind", "")
        kind = kind_of(text) if text else None
        if text and kind is None:
            line.refuse(
                _("The kind “%(kind)s” is not known. Write one of: %(kinds)s.")
                % {"kind": brief(text), "kinds": ", ".join(str(k.label) for k in PlaceKind)}
            )
        if kind is None and line.values.get("npsn"):
            kind = PlaceKind.SCHOOL.value
        if kind is not None:
            line.values["kind"] = kind

    def _read_unit(self, line: PlaceLine, column: str, word: str) -> None:
        if column not in line.cells:
            return
        text = line.cells[column]
        line.values[f"{column}_id"] = None
        if not text:
            return
        found = self._units_called(text, is_region=column == "region")
        if len(found) == 1:
            line.values[f"{column}_id"] = found[0].pk
            return
        sentence = (
            _("More than one %(word)s is called “%(name)s”. Write its code.")
            if found
            else _("The %(word)s “%(name)s” is not in the registry. Write its code or whole name.")
        )
        line.refuse(sentence % {"word": word, "name": brief(text)})

    def _units_called(self, text: str, *, is_region: bool) -> list[KnownUnit]:
        rows = [row for row in self.units if row.is_region or not is_region]
        return [row for row in rows if row.code and row.code == text] or [
            row for row in rows if plain(text) in row.names
        ]

    def _match(self, line: PlaceLine) -> None:
        """By NPSN; then by kind and name, where the NPSN says nothing else."""
        npsn = str(line.values.get("npsn", ""))
        if npsn and (found := self.by_npsn.get(npsn)):
            line.place = found
            return
        if line.problems:
            return
        kind, name = str(line.values.get("kind", "")), plain(line.name)
        kinds = [kind] if kind else list(PlaceKind.values)
        same = [place for each in kinds for place in self.by_name.get((each, name), [])]
        same = [place for place in same if not (npsn and place.npsn)]
        if len(same) == 1:
            line.place = same[0]
        elif same:
            line.refuse(_("More than one place has this name. Write the NPSN, or change one name."))
        elif not kind:
            line.refuse(_("A new place needs its kind: add the column “jenis”."))

    def _once_each(self) -> None:
        """Whichever row is meant, the person decides: none of them is written."""
        shared: dict[object, list[PlaceLine]] = defaultdict(list)
        for line in self.lines:
            if line.problems:
                continue
            npsn = line.values.get("npsn", "")
            if line.place is not None:
                shared["place", line.place.pk].append(line)
            elif npsn:
                shared["npsn", npsn].append(line)
            else:
                shared["name", line.values.get("kind"), plain(line.name)].append(line)
        for lines in shared.values():
            for line in lines if len(lines) > 1 else []:
                other = lines[1] if line is lines[0] else lines[0]
                line.refuse(
                    _("Row %(number)s is about the same place. Keep one of the two.")
                    % {"number": other.number}
                )


def _cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {column: cell for column, cell in zip(columns, cells, strict=False) if column}


def _compare(line: PlaceLine) -> None:
    if line.place is None or line.problems:
        return
    for column, value in line.values.items():
        before = getattr(line.place, column)
        # An empty cell of the number takes nothing away.
        if before != value and not (column == "npsn" and not value):
            line.changes.append(Change(column, before, value))
