"""Places for posters, scoped to the caller; what an uploaded list of them would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from integrity_portal.core.formatting import NOTHING
from opd.enums import ImportState, PlaceKind, PosterState, UnitKind
from opd.models import Membership, Place, PlaceScan, Poster, Unit, UnitImport
from opd.place_rows import (
    HEADINGS,
    KnownPlace,
    KnownUnit,
    PlaceLine,
    PlacePlan,
    plan_places,
)
from opd.posters import GENERAL
from opd.unit_csv import plain
from opd.unit_rows import Outcome, brief

REGIONS = (UnitKind.KECAMATAN, UnitKind.KELURAHAN)
WITHOUT, DUE, CLOSED, ALL = "without", "due", "closed", "all"


def states() -> list[tuple[str, str]]:
    """What the list can be narrowed to."""
    return [
        ("", _("all places in use")),
        (WITHOUT, _("without a poster on the wall")),
        (PosterState.MADE, _("poster to be printed")),
        (PosterState.PRINTED, _("printed, not posted yet")),
        (PosterState.POSTED, _("posted")),
        (DUE, _("to be looked at again")),
        (PosterState.GONE, _("missing or damaged")),
        (CLOSED, _("no longer in use")),
    ]


@dataclass(frozen=True)
class PlaceFilter:
    kind: str = ""
    state: str = ""
    region: int | None = None
    words: str = ""


def places(membership: Membership, chosen: PlaceFilter, *, today: date) -> QuerySet[Place]:
    """The list with its filters: by kind, then name. Each with its newest general poster."""
    rows = Place.objects.visible_to(membership).filter(is_active=chosen.state != CLOSED)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.region is not None:
        rows = rows.filter(region__lineage__contains=[chosen.region])
    if chosen.words:
        words = chosen.words
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(address__icontains=words)
            | Q(npsn=words)
            | Q(token=words.replace(" ", "").lower())
        )
    posters = Poster.objects.filter(kind=GENERAL)
    if chosen.state == WITHOUT:
        rows = rows.exclude(pk__in=posters.hanging().values("place"))
    elif chosen.state == DUE:
        rows = rows.filter(pk__in=posters.hanging().filter(recheck_on__lte=today).values("place"))
    elif chosen.state in PosterState.values:
        rows = rows.filter(pk__in=posters.filter(state=chosen.state).values("place"))
    return rows.select_related("region", "unit").order_by("kind", "name", "pk")


def current_posters(rows: Iterable[Place]) -> dict[int, Poster]:
    """By place: the one that hangs, else the newest; one query."""
    found: dict[int, Poster] = {}
    posters = Poster.objects.filter(place__in=[row.pk for row in rows], kind=GENERAL)
    for poster in posters.order_by("edition"):
        standing = found.get(poster.place_id)
        if standing is None or standing.state != PosterState.POSTED:
            found[poster.place_id] = poster
    return found


def place_of(membership: Membership, pk: int) -> Place | None:
    rows = Place.objects.visible_to(membership).select_related("region", "unit", "government")
    return rows.filter(pk=pk).first()


def place_by_token(token: str) -> Place | None:
    """For everybody; also those that are no longer in use: posters are printed."""
    rows = Place.objects.select_related("government", "region")
    return rows.filter(token=token.lower()).first()


def place_of_government(government_id: int, token: str) -> Place | None:
    rows = Place.objects.of(government_id).select_related("region")
    return rows.filter(token=token.lower()).first()


def posters_of(place: Place) -> list[Poster]:
    rows = place.posters.select_related("photo", "posted_by", "document")
    return list(rows.prefetch_related("checks__photo", "checks__checked_by").order_by("-edition"))


def scans_of(place: Place, *, today: date) -> tuple[int, int]:
    """How often its page was opened in the last thirty days, and ever."""
    since = today - timedelta(days=30)
    found = PlaceScan.objects.filter(place=place).aggregate(
        ever=Sum("count"), lately=Sum("count", filter=Q(day__gt=since))
    )
    return found["lately"] or 0, found["ever"] or 0


def regions_of(membership: Membership, *, today: date) -> list[Unit]:
    """For the form and the filter."""
    rows = Unit.objects.filter(government_id=membership.government_id, kind__in=REGIONS)
    return list(rows.active_on(today).order_by("name", "pk"))


@dataclass(frozen=True)
class Coverage:
    """Of the places of a kind in use: where a poster hangs, where one is to be looked at again."""

    kind: PlaceKind
    places: int
    posted: int
    due: int

    @property
    def missing(self) -> int:
        return self.places - self.posted


def coverage(government_id: int, *, today: date) -> list[Coverage]:
    """Posted in x of y by kind, in the order of the kinds: one query."""
    hanging = FilteredRelation(
        "posters", condition=Q(posters__kind=GENERAL, posters__state=PosterState.POSTED)
    )
    rows = (
        Place.objects.of(government_id)
        .active()
        .annotate(hanging=hanging)
        .values("kind")
        .annotate(
            total=Count("pk", distinct=True),
            posted=Count("hanging"),
            due=Count("hanging", filter=Q(hanging__recheck_on__lte=today)),
        )
    )
    found = {row["kind"]: row for row in rows}
    return [
        Coverage(kind, found[kind]["total"], found[kind]["posted"], found[kind]["due"])
        for kind in PlaceKind
        if kind in found
    ]


# --- lists from a file ---


def plan_of(upload: UnitImport) -> PlacePlan:
    """Against the places as they are now."""
    return plan_of_rows(upload.government_id, upload.columns, upload.rows)


def plan_of_rows(government_id: int, columns: list[str], rows: Any) -> PlacePlan:
    names = list(KnownPlace.__dataclass_fields__)
    known = [KnownPlace(**row) for row in Place.objects.of(government_id).values(*names)]
    return plan_places(columns, rows, known, known_units(government_id))


def known_units(government_id: int) -> list[KnownUnit]:
    rows = Unit.objects.filter(government_id=government_id, active_to=None)
    return [
        KnownUnit(row.pk, row.code, frozenset(_names(row)), row.kind in REGIONS)
        for row in rows.only("code", "name", "short_name", "kind")
    ]


def _names(unit: Unit) -> Iterable[str]:
    """Kelurahan are also called without the word."""
    yield plain(unit.name)
    if unit.short_name:
        yield plain(unit.short_name)
    if unit.kind in REGIONS:
        yield plain(unit.name).removeprefix("kelurahan ").removeprefix("kecamatan ")


@dataclass(frozen=True)
class PreviewRow:
    number: int
    outcome: Outcome
    place_id: int | None
    name: str
    kind: str
    changes: list[tuple[str, str, str]]
    problems: list[str]


def preview_rows(lines: list[PlaceLine], government_id: int) -> list[PreviewRow]:
    """As people read it; one query for the names of units."""
    wanted = {
        value
        for line in lines
        for change in line.changes
        if change.field in ("region_id", "unit_id")
        for value in (change.before, change.after)
        if value
    }
    rows = Unit.objects.filter(government_id=government_id, pk__in=wanted)
    names = {unit.pk: unit.label for unit in rows.only("name", "short_name")}
    return [_preview_row(line, names) for line in lines]


def _preview_row(line: PlaceLine, names: dict[int, str]) -> PreviewRow:
    kind = str(line.values.get("kind", line.place.kind if line.place else ""))
    return PreviewRow(
        number=line.number,
        outcome=line.outcome,
        place_id=line.place.pk if line.place else None,
        name=brief(line.name or NOTHING),
        kind=str(PlaceKind(kind).label) if kind else brief(line.cells.get("kind", "")),
        changes=[
            (column_label(c.field), _said(c.field, c.before, names), _said(c.field, c.after, names))
            for c in line.changes
        ],
        problems=line.problems,
    )


def column_label(column: str) -> str:
    return {
        "name": _("Name"),
        "kind": _("Kind"),
        "address": _("Address"),
        "npsn": "NPSN",
        "region_id": _("Region"),
        "unit_id": _("Unit"),
    }[column]


def _said(column: str, value: Any, names: dict[int, str]) -> str:
    if column in ("region_id", "unit_id"):
        return names.get(value or 0, NOTHING)
    if column == "kind":
        return str(PlaceKind(value).label)
    return brief(str(value or NOTHING))


def refused_rows(upload: UnitImport) -> list[list[str]]:
    """The cells of each refused row as they came, its number and the reason."""
    reasons = dict(upload.reasons)
    if upload.state == ImportState.PENDING:
        lines = plan_of(upload).lines
        reasons = {str(line.number): " ".join(line.problems) for line in lines if line.problems}
    kept = [place for place, column in enumerate(upload.columns) if column]
    return [
        [*(cells[i] if i < len(cells) else "" for i in kept), str(number), reasons[str(number)]]
        for number, cells in upload.rows
        if str(number) in reasons
    ]


def sheet_rows(rows: QuerySet[Place]) -> list[list[str]]:
    """As the import reads them back, all of them unchanged; then the number and its poster."""
    found = list(rows)
    posters = current_posters(found)
    return [
        [
            row.name,
            str(PlaceKind(row.kind).label),
            row.address,
            row.npsn,
            (row.region.code or row.region.name) if row.region else "",
            (row.unit.code or row.unit.name) if row.unit else "",
            row.number,
            posters[row.pk].get_state_display() if row.pk in posters else "",
        ]
        for row in found
    ]


def sheet_head() -> list[str]:
    return [*(texts[0] for texts in HEADINGS.values()), "nomor", "poster"]


def busiest(government_id: int, *, today: date) -> list[tuple[str, int]]:
    """Where the code was scanned most in thirty days."""
    rows = PlaceScan.objects.filter(government_id=government_id, day__gt=today - timedelta(days=30))
    found = rows.values(name=F("place__name")).annotate(total=Sum("count")).order_by("-total")
    return [(row["name"], row["total"]) for row in found[:5]]
