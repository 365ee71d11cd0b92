"""Which column of a table of indicators is which: by its heading, over up to three rows.

“Target” may be merged over the years, “K” and “Rp” may stand under each year, “Indikator” beside
either row; what is written once over several columns counts for all of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from assessments.enums import NodeLevel
from assessments.excel.cells import is_empty, plain, text_of
from assessments.excel.grid import Grid
from assessments.excel.row_cells import place_of

LOOKS_AT = 60
ABOVE, BELOW = 2, 2


class Kind(StrEnum):
    """What stands in the columns of years."""

    TARGET = "target"
    MONEY = "money"
    FIGURE = "figure"
    SPENT = "spent"
    # What shall stand at the end of the plan: the target of its last year.
    END = "end"


@dataclass(frozen=True)
class YearColumn:
    place: int
    kind: Kind
    year: int
    quarter: int = 0
    # Of money: what one unit of the cell is in rupiah.
    factor: Decimal = Decimal(1)
    # Of a revised target: the places of the earlier ones, which are not read.
    instead_of: tuple[int, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Places counted from 0; `last_row` is the last one of the heading."""

    last_row: int
    at: dict[str, int]
    # Per level of the tree its text, its code and, where levels have their own, its indicator.
    levels: dict[NodeLevel, int] = field(default_factory=dict)
    codes: dict[NodeLevel, int] = field(default_factory=dict)
    indicators: dict[int, NodeLevel | None] = field(default_factory=dict)
    years: tuple[YearColumn, ...] = ()
    base_year: int | None = None
    # (cell, heading) of columns whose years lie outside the plan, and of those whose heading does
    # not say whether targets, realisations or money stand there: nobody guesses.
    unread: tuple[tuple[str, str], ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()
    # (cell, cell of the revised column that is read instead)
    revised: tuple[tuple[str, str], ...] = ()

    def of(self, name: str, values: tuple[Any, ...]) -> Any:
        return at(values, self.at.get(name))


@dataclass(frozen=True)
class Span:
    """The years of the plan, and those before it whose figures are read."""

    first: int
    last: int


_OF_PLAN = r"(?: (?:periode|tahun|rpjmd|renstra|perencanaan))*"
# Every name is looked for in this order: what is longer or rarer comes first.
NAMES: dict[str, str] = {
    "indicator_code": r"(?:kode|no\w*) indikator",
    "consolidation": r"(?:cara |metode |tipe |jenis )?(?:konsolidasi|agregasi|penghitungan triwulan)"
    r"|tipe (?:indikator|penghitungan|perhitungan)",
    "shape": r"(?:bentuk|jenis) target",
    "direction": r"arah|polari(?:tas|sasi)|(?:sifat|jenis|kategori|kecenderungan) indikator|tren",
    "base_year": r"tahun (?:dasar|awal|kondisi awal|baseline|data awal)",
    "base": r"(?:(?:kondisi|data|capaian|nilai) (?:kinerja )?(?:pada )?awal|baseline)" + _OF_PLAN,
    "end": r"(?:kondisi|target) (?:kinerja )?(?:pada )?akhir" + _OF_PLAN,
    "formula": r"formula(?:si)?|rumus|cara (?:hitung|perhitungan|menghitung)|metode (?:hitung|perhitungan)",
    "definition": r"definisi",
    "source": r"sumber(?: data)?",
    "unit": r"(?:nama )?(?:perangkat daerah|pd|opd|skpd|unit kerja)\b.*"
    r"|(?:pengampu|pelaksana|pengelola)\b.*|unit (?:pengampu|penanggung jawab)",
    "responsible": r"(?:jabatan )?penanggung ?jawab.*|pic|jabatan",
    "is_iku": r"iku|indikator kinerja utama",
    "measure": r"satuan.*|unit of measure",
    "level": r"tingkat|level|jenjang|jenis(?: baris)?",
    "code": r"kode(?: rekening| nomenklatur)?",
    "text": r"uraian.*|nomenklatur"
    r"|(?:visi|misi|tujuan|sasaran|program)\b.*\b(?:misi|sasaran|program|kegiatan|sub ?kegiatan)",
}
LEVELS: dict[NodeLevel, str] = {
    NodeLevel.UNIT_GOAL: r"tujuan (?:pd|opd|skpd|perangkat daerah|renstra.*)",
    NodeLevel.UNIT_OBJECTIVE: r"sasaran (?:pd|opd|skpd|perangkat daerah|renstra.*)",
    NodeLevel.SUB_ACTIVITY: r"sub ?kegiatan",
    NodeLevel.VISION: r"visi",
    NodeLevel.MISSION: r"misi",
    NodeLevel.GOAL: r"tujuan(?: rpjmd| daerah)?",
    NodeLevel.OBJECTIVE: r"sasaran(?: rpjmd| daerah)?",
    NodeLevel.PROGRAMME: r"program",
    NodeLevel.ACTIVITY: r"kegiatan",
}
_INDICATOR = re.compile(r"(?:nama )?indikator\b(?P<rest>.*)\Z")
_KEY_INDICATOR = re.compile(r"indikator kinerja utama(?: iku)?\Z")
_NO_LEVEL = re.compile(r"\b(?:kinerja|utama|daerah|outcome|output|impact|iku)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_NTH_YEAR = re.compile(r"\b(?:tahun|th|thn)(?: ke)? (\d{1,2}|i{1,3}|iv|v|vi)\b|\by(\d)\b")
_QUARTER = re.compile(r"\b(?:tw|triwulan|q|kuartal) ?(iv|iii|ii|i|[1-4])\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_MONEY = re.compile(r"\b(?:rp|pagu|anggaran|rupiah|dana|pendanaan|biaya)\b")
_FIGURE = re.compile(r"\b(?:realisasi|capaian|hasil)\b")
_TARGETS = re.compile(r"\b(?:target|kinerja|k|rencana)\b")
_PLANNED = re.compile(r"\b(?:target|rencana)\b")
_REALISED = re.compile(r"\brealisasi\b")
_REACHED = re.compile(r"\b(?:capaian|hasil)\b")
_CEILING = re.compile(r"\b(?:pagu|pendanaan)\b")
# Neither a target nor what was realised: how much of the target, or what somebody expects.
_SHARE = re.compile(
    r"\b(?:tingkat|persen\w*|rasio) (?:\w+ )?(?:capaian|realisasi)\b"
    r"|\b(?:capaian|realisasi|hasil) (?:terhadap )?target\b|%.*\bcapaian\b|\bcapaian\b.*%"
)
_EXPECTED = re.compile(r"\b(?:perkiraan|prakiraan|proyeksi|estimasi|prognosis)\b")
# Only a quantity, whatever the group above says.
_QUANTITY = re.compile(r"\b(?:kinerja|k|volume|fisik)\b")
_AND = re.compile(r"\b(?:dan|serta)\b")
_JOINED = re.compile(
    r"\b(target|kinerja|capaian|realisasi|k)\s*[/+&,]\s*"
    r"(?=(?:pagu|rp|anggaran|kerangka|dana|pendanaan|biaya|realisasi|target)\b)",
    re.IGNORECASE,
)
_REVISED = re.compile(r"(?<!sebelum )\b(?:perubahan|revisi)\b")
_SCALES = (
    (re.compile(r"\b(?:miliar|milyar|m(?:ilyar)?d)\w*"), Decimal(10**9)),
    (re.compile(r"\b(?:juta|jt)\w*"), Decimal(10**6)),
    (re.compile(r"\b(?:ribu|rb)\w*"), Decimal(10**3)),
)
_HEADING_WORDS = re.compile(
    r"(?:tahun|th|thn|target|realisasi|capaian|pagu|anggaran|rp|rupiah|k|kinerja|kondisi|awal|akhir|"
    r"satuan|indikator|kode|uraian|juta|ribu|miliar|tw|triwulan|ke|[ivq]+|20\d\d|\d|program|"
    r"perangkat|daerah|pd|opd|dan|kerangka|pendanaan|dalam|pada|periode|rpjmd|data|baseline|"
    r"misi|tujuan|sasaran|kegiatan|sub|subkegiatan|iku|arah|formula|definisi|sumber|penanggung|"
    r"jawab|pengampu|dana|rencana|hasil|perubahan|revisi|murni|setelah|sebelum|perkiraan|"
    r"prakiraan|proyeksi|tahunan|rkpd|renstra|volume|fisik|"
    r"tingkat|persentase|rasio|%)"
)


def at(values: tuple[Any, ...], place: int | None) -> Any:
    return values[place] if place is not None and place < len(values) else None


def find_columns(grid: Grid, span: Span, today: date) -> Columns | None:
    """None: this is no table of indicators, it has no column of them."""
    for columns in _with_indicators(grid, span, today):
        if columns.years or len(columns.at) > 1:
            return columns
    return None


def near_miss(grid: Grid, span: Span, today: date) -> Columns | None:
    """Of a sheet without a table: a heading of indicators beside which nothing else was found."""
    return next(_with_indicators(grid, span, today), None)


def _with_indicators(grid: Grid, span: Span, today: date) -> Iterator[Columns]:
    rows = grid.rows[:LOOKS_AT]
    for index, (_number, values) in enumerate(rows):
        if any(_INDICATOR.match(_words(value)) for value in values):
            columns = _columns(_block(grid, rows, index), span, today)
            if columns.indicators:
                yield columns


def is_heading_again(values: tuple[Any, ...], columns: Columns) -> bool:
    """Headings that were printed on every page, and the line (1) (2) (3) below them."""
    texts = [_words(value) for value in values if not is_empty(value)]
    if len(texts) > 2 and all(re.fullmatch(r"\d{1,2}", text) for text in texts):
        numbers = [int(text) for text in texts]
        return numbers == sorted(numbers) and numbers[-1] <= len(values) + 1
    return len(texts) > 1 and any(
        _is_heading(_words(at(values, place))) for place in columns.indicators
    )


def _is_heading(text: str) -> bool:
    match = _INDICATOR.match(text)
    rest = _NO_LEVEL.sub("", match["rest"]).strip() if match else "?"
    return not rest or _level_named(rest) is not None


# --- the rows of a heading ---


@dataclass(frozen=True)
class _Block:
    last_row: int
    # Per place: the texts above each other.
    texts: dict[int, list[str]]
    cells: dict[int, str]


def _block(grid: Grid, rows: Sequence[tuple[int, tuple[Any, ...]]], index: int) -> _Block:
    first, last = index, index
    while first and index - first < ABOVE and _belongs_above(rows, first):
        first -= 1
    while last + 1 < len(rows) and last - index < BELOW and _belongs_below(rows, last):
        last += 1
    lines = [_spread(grid, rows[i], rows[last][1]) for i in range(first, last + 1)]
    texts: dict[int, list[str]] = {}
    cells: dict[int, str] = {}
    for (number, _values), line in zip(rows[first : last + 1], lines, strict=True):
        for place, text in line.items():
            if text and text not in texts.setdefault(place, []):
                texts[place].append(text)
                cells[place] = place_of(number, place)
    return _Block(rows[last][0], texts, cells)


def _belongs_above(rows: Sequence[tuple[int, tuple[Any, ...]]], first: int) -> bool:
    """A row of groups over the columns: several short words, right above."""
    number, values = rows[first - 1]
    words = [_words(value) for value in values if not is_empty(value)]
    return rows[first][0] - number == 1 and len(words) > 1 and _all_headings(words)


def _belongs_below(rows: Sequence[tuple[int, tuple[Any, ...]]], last: int) -> bool:
    """Years, K and Rp under the groups; data has words that no heading has."""
    number, values = rows[last + 1]
    words = [_words(value) for value in values if not is_empty(value)]
    if number - rows[last][0] != 1 or not _all_headings(words):
        return False
    return any(_is_group(word) or _QUARTER.search(word) for word in words)


def _all_headings(words: Sequence[str]) -> bool:
    return bool(words) and all(
        word != "%"
        and len(word) <= 80
        and all(_HEADING_WORDS.fullmatch(each) for each in word.split())
        for word in words
    )


def _spread(grid: Grid, row: tuple[int, tuple[Any, ...]], below: tuple[Any, ...]) -> dict[int, str]:
    """What is written once over several columns stands over each of them."""
    number, values = row
    line: dict[int, str] = {}
    carried = ""
    for place in range(max(len(values), len(below))):
        text = _words(at(values, place))
        origin = grid.marks.merged.get((number, place))
        if origin is not None and origin[0] == number:
            text = _words(at(values, origin[1]))
        elif not text and origin is None and values is not below and _is_under(below, place):
            text = carried
        line[place] = text
        carried = text if _is_group(text) else ""
    return line


def _is_under(below: tuple[Any, ...], place: int) -> bool:
    words = _words(at(below, place))
    return _is_group(words)


def _is_group(text: str) -> bool:
    words = (_YEAR, _NTH_YEAR, _MONEY, _TARGETS, _FIGURE)
    return any(pattern.search(text) for pattern in words)


def _words(value: Any) -> str:
    if isinstance(value, str) and len(value) > 120:
        return ""
    return "" if value is None else plain(_JOINED.sub(r"\1 dan ", text_of(value)))


# --- columns ---


def _columns(block: _Block, span: Span, today: date) -> Columns:
    indicators = _indicator_columns(block.texts)
    found: dict[str, int] = {}
    levels: dict[NodeLevel, int] = {}
    codes: dict[NodeLevel, int] = {}
    stacks: list[_Stack] = []
    base_year = None
    for place, texts in sorted(block.texts.items()):
        name, years = _name(texts), _years(texts, span)
        if place in indicators:
            continue
        if name in ("base", "end"):
            if name == "base":
                base_year = base_year or (years[0] if years else None)
            if not any(_MONEY.search(text) for text in texts):
                found.setdefault(name, place)
        elif years:
            stacks.append(_Stack(place, block.cells[place], tuple(texts), years))
        elif own := _level_column(texts):
            (codes if own[1] else levels).setdefault(own[0], place)
        elif name:
            found.setdefault(name, place)
    sorted_out = _sort_out(stacks, span, today)
    years_found, revised = _revised(sorted_out.columns, block)
    if (end := found.pop("end", None)) is not None:
        years_found.append(YearColumn(end, Kind.END, span.last))
    return Columns(
        last_row=block.last_row,
        at=found,
        levels=levels,
        codes=codes,
        indicators=indicators,
        years=tuple(years_found),
        base_year=base_year,
        unread=tuple(sorted_out.outside),
        doubtful=tuple(sorted_out.doubtful),
        revised=tuple(revised),
    )


# --- columns of years ---


@dataclass(frozen=True)
class _Stack:
    """The headings above each other over one column, the highest first."""

    place: int
    cell: str
    texts: tuple[str, ...]
    # Of the lowest that names any.
    years: tuple[int, ...]

    @property
    def joined(self) -> str:
        return " ".join(self.texts)


@dataclass
class _SortedOut:
    columns: list[YearColumn] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)
    doubtful: list[tuple[str, str]] = field(default_factory=list)


def _sort_out(stacks: Sequence[_Stack], span: Span, today: date) -> _SortedOut:
    found = _SortedOut()
    # “Capaian” over years to come is a target, and then so it may be over the others of the plan.
    reached = [stack for stack in stacks if _role(stack.texts) is _Role.REACHED]
    is_plan = any(date(stack.years[0], 1, 1) > today for stack in reached)
    # Beside the realisation of the same year it is how much of the target was reached.
    realised = {stack.years[0] for stack in stacks if _role(stack.texts) is _Role.REALISED}
    for stack in stacks:
        kind, year = _kind(stack, span, is_plan=is_plan), stack.years[0]
        if stack in reached and kind is Kind.FIGURE and year in realised:
            kind = None
        earliest = span.first - 10 if kind in (None, Kind.FIGURE, Kind.SPENT) else span.first
        if not earliest <= year <= span.last:
            found.outside.append((stack.cell, stack.joined))
        elif kind is None or len(stack.years) > 1:
            found.doubtful.append((stack.cell, stack.joined))
        else:
            found.columns.append(_year_column(stack, kind))
    return found


class _Role(StrEnum):
    PLANNED = "planned"
    REALISED = "realised"
    # “Capaian”: either, by what stands around it.
    REACHED = "reached"
    UNSAID = "unsaid"
    DOUBTFUL = "doubtful"


def _role(texts: Sequence[str]) -> _Role:
    """The lowest heading that says it decides; “target” goes before “capaian” and “hasil”."""
    is_planned = any(_PLANNED.search(text) for text in texts)
    for text in reversed(texts):
        planned, realised = _PLANNED.search(text), _REALISED.search(text)
        if _SHARE.search(text) and (planned or not is_planned):
            return _Role.DOUBTFUL
        if realised and (planned or any(_EXPECTED.search(each) for each in texts)):
            return _Role.DOUBTFUL
        if realised or planned:
            return _Role.REALISED if realised else _Role.PLANNED
    if any(_REACHED.search(text) for text in texts):
        is_expected = any(_EXPECTED.search(text) for text in texts)
        return _Role.DOUBTFUL if is_expected else _Role.REACHED
    return _Role.UNSAID


def _is_money(texts: Sequence[str]) -> bool | None:
    """None: a heading over quantities and money (“Kinerja dan Pagu”), and nothing below it."""
    is_quantity = is_both = False
    for text in reversed(texts):
        is_half = bool(_QUANTITY.search(text) or _AND.search(text))
        if _MONEY.search(text):
            if not is_half:
                return True
            is_both = True
        elif _QUANTITY.search(text):
            return False
        else:
            is_quantity = is_quantity or bool(_TARGETS.search(text) or _FIGURE.search(text))
    return None if is_both and not is_quantity else False


def _kind(stack: _Stack, span: Span, *, is_plan: bool) -> Kind | None:
    """None: it is not clear."""
    role, is_money = _role(stack.texts), _is_money(stack.texts)
    is_ceiling = bool(_CEILING.search(stack.joined))
    if is_money is None or role is _Role.DOUBTFUL:
        return None
    if role is _Role.REACHED:
        if is_money and is_ceiling:
            return Kind.MONEY
        if is_ceiling or (is_plan and stack.years[0] >= span.first):
            return None
        role = _Role.REALISED
    if role is _Role.REALISED:
        return Kind.SPENT if is_money else Kind.FIGURE
    return Kind.MONEY if is_money else Kind.TARGET


def _year_column(stack: _Stack, kind: Kind) -> YearColumn:
    match = _QUARTER.search(stack.joined)
    quarter = 0 if match is None else _ROMAN.get(match[1]) or int(match[1])
    factor = Decimal(1)
    if kind in (Kind.MONEY, Kind.SPENT):
        factor = next((each for pattern, each in _SCALES if pattern.search(stack.joined)), factor)
    return YearColumn(stack.place, kind, stack.years[0], quarter, factor)


def _revised(
    columns: Sequence[YearColumn], block: _Block
) -> tuple[list[YearColumn], list[tuple[str, str]]]:
    """Of several columns for the same the revised one is read. Others with the same heading all
    stay: their cells must agree."""
    alike: dict[tuple[Kind, int, int], list[YearColumn]] = {}
    for column in columns:
        alike.setdefault((column.kind, column.year, column.quarter), []).append(column)
    found: list[YearColumn] = []
    revised: list[tuple[str, str]] = []
    for several in alike.values():
        new = [each for each in several if _REVISED.search(" ".join(block.texts[each.place]))]
        old = [each for each in several if each not in new]
        if not new or not old:
            found += several
            continue
        places = tuple(each.place for each in old)
        found += [replace(each, instead_of=places) for each in new]
        revised += [(block.cells[place], block.cells[new[0].place]) for place in places]
    return sorted(found, key=lambda each: each.place), revised


def _name(texts: Sequence[str]) -> str:
    for text in reversed(texts):
        bare = re.sub(r"\b(?:tahun )?20\d\d\b|\btahun (?:ke )?\d\b", "", text).strip()
        for name, pattern in NAMES.items():
            if bare and re.fullmatch(pattern, bare):
                return name
    return ""


def _indicator_columns(texts: dict[int, list[str]]) -> dict[int, NodeLevel | None]:
    """With the level where each level has a column of its own. Beside another column, the one
    headed “Indikator Kinerja Utama” says only which are."""
    found: dict[int, NodeLevel | None] = {}
    marks = set()
    for place, lines in texts.items():
        for text in lines:
            if match := _INDICATOR.match(text):
                found[place] = _level_named(_NO_LEVEL.sub("", match["rest"]).strip())
                if _KEY_INDICATOR.match(text):
                    marks.add(place)
    if len(found) > len(marks):
        found = {place: level for place, level in found.items() if place not in marks}
    return found


def _level_named(words: str) -> NodeLevel | None:
    return next((level for level, text in LEVELS.items() if re.fullmatch(text, words)), None)


def _level_column(texts: Sequence[str]) -> tuple[NodeLevel, bool] | None:
    for text in reversed(texts):
        is_code = text.startswith(("kode ", "no "))
        words = re.sub(r"^(?:kode|no|nama|uraian) ", "", text)
        level = _level_named(words)
        if level is not None:
            return level, is_code
    return None


def _years(texts: Sequence[str], span: Span) -> tuple[int, ...]:
    """Several only where no heading names a single one: “Target 2025 – 2029” stands over them."""
    several: tuple[int, ...] = ()
    for text in reversed(texts):
        years = tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text)))
        if len(years) == 1:
            return years
        if match := _NTH_YEAR.search(text):
            nth = match[1] or match[2]
            return (span.first + (_ROMAN.get(nth) or int(nth)) - 1,)
        several = several or years
    return several
