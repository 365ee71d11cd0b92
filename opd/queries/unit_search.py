"""Search of the registry: by present and former names, and by those of predecessors."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat, Greatest, Upper

from opd.models import Membership, Unit, UnitName, UnitSuccession
from opd.models.units import UnitQuerySet

SIMILAR = 0.5
MOST_FOUND = 300


@dataclass(frozen=True)
class Found:
    """`former`: the earlier name by which it was found, when no present name fits as well.

    `after`: the unit that was meant, from which this one took over, wholly or a part.
    """

    unit: Unit
    former: str = ""
    after: str = ""


def plain(text: str) -> str:
    """As the search compares: capitals, no accents, single blanks."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).upper().split())


def _plain(expression: str) -> Func:
    return Func(Upper(expression), function="unaccent", output_field=TextField())


def search_units(
    membership: Membership, *, text: str = "", kind: str = "", state: str = "", today: date
) -> list[Found]:
    """By any name, short name or code, present or former; best first, at most MOST_FOUND.

    Behind a unit that was merged or split stand those that took over, so that its name finds them.

    `state`: "active", "closed" or "" for both.
    """
    units = Unit.objects.visible_to(membership)
    if kind:
        units = units.filter(kind=kind)
    if state == "active":
        units = units.active_on(today)
    elif state == "closed":
        units = units.filter(active_to__lt=today)
    wanted = plain(text)
    if not wanted:
        rows = units.select_related("parent").order_by("name", "pk")[:MOST_FOUND]
        return [Found(unit) for unit in rows]
    heirs = _heirs(membership.government_id)
    return _best_names(units, wanted, heirs)


def units_named(government_id: int, text: str, today: date) -> list[Found]:
    """For citizens: the units of today that a name means, present, former or of a predecessor."""
    wanted = plain(text)
    if not wanted:
        return []
    units = Unit.objects.filter(government_id=government_id).active_on(today)
    return _best_names(units, wanted, _heirs(government_id))


def _heirs(government_id: int) -> dict[int, list[int]]:
    """Per unit everything that took over from it, at once or in the end."""
    next_ones: dict[int, list[int]] = defaultdict(list)
    rows = UnitSuccession.objects.filter(government_id=government_id).order_by("happened_on", "pk")
    for old, new in rows.values_list("predecessor_id", "successor_id"):
        next_ones[old].append(new)
    return {pk: _reached(pk, next_ones) for pk in list(next_ones)}


def _reached(pk: int, next_ones: dict[int, list[int]]) -> list[int]:
    """Units may give parts to each other in turn: each is walked once."""
    found: dict[int, None] = {}
    waiting = list(next_ones[pk])
    while waiting:
        here = waiting.pop(0)
        if here not in found and here != pk:
            found[here] = None
            waiting += next_ones.get(here, [])
    return list(found)


def _rank(wanted: str) -> Case:
    """How well a name with `plain_name` and `plain_short` fits: exactly, its beginning, alike."""
    # Of two or three letters everything is similar to something.
    alike = Greatest(
        TrigramWordSimilarity(wanted, "plain_name"), TrigramWordSimilarity(wanted, "plain_short")
    )
    return Case(
        When(Q(plain_short=wanted) | Q(plain_name=wanted), then=Value(6.0)),
        When(unit__code__iexact=wanted, then=Value(5.5)),
        When(
            Q(plain_short__startswith=wanted) | Q(plain_name__startswith=wanted),
            then=Value(5.0),
        ),
        When(unit__code__istartswith=wanted, then=Value(4.5)),
        When(_WordBegins("plain_name", wanted), then=Value(4.0)),
        default=alike if len(wanted) > 3 else Value(0.0),
        output_field=FloatField(),
    )


def _best_names(units: UnitQuerySet, wanted: str, heirs: dict[int, list[int]]) -> list[Found]:
    heir_ids = {pk for after in heirs.values() for pk in after}
    shown = units.select_related("parent").in_bulk(list(heir_ids)) if heir_ids else {}
    old_ones = [pk for pk, after in heirs.items() if not shown.keys().isdisjoint(after)]
    names = (
        UnitName.objects.annotate(is_shown=Exists(units.filter(pk=OuterRef("unit_id"))))
        .filter(Q(is_shown=True) | Q(unit__in=old_ones))
        .annotate(plain_name=_plain("name"), plain_short=_plain("short_name"))
        .annotate(rank=_rank(wanted))
        .filter(rank__gte=SIMILAR)
        .select_related("unit__parent")
        # A present name before a former one of the same rank.
        .order_by("-rank", "end_unknown", F("valid_to").desc(nulls_first=True), "name", "pk")
    )
    found: dict[int, Found] = {}
    for row in names[: MOST_FOUND * 2]:
        was = (row.valid_to is not None or row.end_unknown) and row.name != row.unit.name
        former = (row.short_name or row.name) if was else ""
        if row.is_shown:  # type: ignore[attr-defined]
            found.setdefault(row.unit_id, Found(row.unit, former))
        for pk in heirs.get(row.unit_id, []):
            if pk in shown:
                found.setdefault(pk, Found(shown[pk], after=row.short_name or row.name))
    return list(found.values())[:MOST_FOUND]


class _WordBegins(Func):
    """strpos(' ' || name, ' ' || wanted) > 0: no wildcards to escape."""

    function = "strpos"
    template = "(%(function)s(%(expressions)s) > 0)"

    def __init__(self, column: str, wanted: str) -> None:
        words = Concat(Value(" "), F(column), output_field=TextField())
        super().__init__(words, Value(f" {wanted}"), output_field=BooleanField())
