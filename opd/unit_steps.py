"""What the verbs of the registry are made of: adding, moving, ending one unit; what refuses it.

The calling verb has locked the registry and records what it did.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd.enums import MOST_LEVELS, SuccessionKind
from opd.models import EmployeePost, Membership, Unit, UnitName, UnitSuccession
from opd.registry import RegistryRefused, begins_too_late, check, newest_act, oldest_acts


@dataclass(frozen=True)
class UnitFacts:
    """What somebody says about a unit; `parent` is one of the same government or none."""

    kind: str
    name: str
    short_name: str = ""
    code: str = ""
    parent: Unit | None = None
    active_from: date | None = None


def move_branch(unit: Unit, lineage: list[int]) -> None:
    """Give the unit its new path and everything below the same beginning: one statement."""
    path: ArrayField[list[int], list[int]] = ArrayField(BigIntegerField())
    rest = Func(F("lineage"), template=f"(%(expressions)s)[{len(unit.lineage) + 1}:]")
    rows = Unit.objects.filter(government_id=unit.government_id).at_or_below(unit.pk)
    begin = Value(lineage, output_field=path)
    with assessors_refused("parent"):
        rows.update(lineage=Func(begin, rest, function="array_cat", output_field=path))
    unit.lineage = lineage


@contextmanager
def assessors_refused(field: str) -> Iterator[None]:
    """A new place, kind or name that would make a unit the own one of its assessor."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not moves_to_assessor(error):
            raise
        raise RegistryRefused(assessor_in_the_way(), field=field) from None


def moves_to_assessor(error: IntegrityError) -> bool:
    """Whether the database refused it because of who assesses (models/assessing_sql.py)."""
    said = str(error)
    return (
        "no unit moves to where its people assess" in said
        or "nobody works where he assesses" in said
    )


def assessor_in_the_way() -> str:
    return _(
        "Somebody of the TPI would then assess his own branch. Release him on the TPI page first."
    )


def add(by: Membership, facts: UnitFacts) -> Unit:
    unit = Unit(
        government_id=by.government_id,
        kind=facts.kind,
        name=facts.name,
        short_name=facts.short_name,
        code=facts.code,
        active_from=facts.active_from,
        is_sample=by.government.is_sample,
    )
    check_parent(by, unit, facts.parent)
    unit.parent = facts.parent
    check(unit)
    unit.save()
    unit.lineage = [*(facts.parent.lineage if facts.parent else []), unit.pk]
    unit.save(update_fields=["lineage"])
    UnitName.objects.create(
        government_id=by.government_id, unit=unit, name=unit.name, short_name=unit.short_name
    )
    return unit


def codes(unit: Unit) -> dict[str, ledger.Code]:
    """What the ledger says about a unit that was added."""
    return {"kind": unit.kind, "parent": unit.parent_id}


def move(by: Membership, unit: Unit, parent: Unit | None) -> None:
    """Under another unit, with everything below."""
    check_parent(by, unit, parent)
    unit.parent = parent
    check(unit)
    unit.save(update_fields=["parent"])
    move_branch(unit, [*(parent.lineage if parent else []), unit.pk])


def check_parent(by: Membership, unit: Unit, parent: Unit | None) -> None:
    if parent is None:
        return
    parent.refresh_from_db(fields=["government", "lineage", "active_to"])
    if parent.government_id != by.government_id:
        raise RegistryRefused(_("Choose a unit of your own government."), field="parent")
    if parent.active_to is not None:
        raise RegistryRefused(
            _("“%(unit)s” ends on %(day)s. Choose a unit that goes on.")
            % {"unit": parent, "day": date_id(parent.active_to)},
            field="parent",
        )
    if unit.pk is not None and unit.pk in parent.lineage:
        raise RegistryRefused(
            _("A unit cannot stand under itself or under a unit below it."), field="parent"
        )
    deepest = 1
    if unit.pk is not None:
        paths = Unit.objects.filter(government_id=by.government_id).at_or_below(unit.pk)
        deepest += max(len(row.lineage) for row in paths.only("lineage")) - len(unit.lineage)
    if len(parent.lineage) + deepest > MOST_LEVELS:
        raise RegistryRefused(
            _("Units stand at most %(most)s levels deep.") % {"most": MOST_LEVELS}, field="parent"
        )


def check_may_end(
    unit: Unit, last_day: date, today: date, besides: list[int] | None = None
) -> None:
    if ends_by_succession(unit):
        raise RegistryRefused(_("“%(unit)s” already ends by a merger or a split.") % {"unit": unit})
    if unit.is_closed(today):
        raise RegistryRefused(_("“%(unit)s” is already closed.") % {"unit": unit})
    going_on = [row for row in children_after(unit, last_day) if row.pk not in (besides or [])]
    if going_on:
        raise RegistryRefused(
            _("Units still stand under “%(unit)s”. Move or close them first.") % {"unit": unit},
            units=going_on,
        )


def ends_by_succession(unit: Unit) -> bool:
    """Its last day is the eve of a merger or split; a unit that only gave parts away goes on."""
    if unit.active_to is None:
        return False
    return unit.successors.filter(happened_on=unit.active_to + timedelta(days=1)).exists()


def children_after(unit: Unit, last_day: date) -> list[Unit]:
    """Units directly below that go on after a day."""
    rows = unit.children.filter(Q(active_to=None) | Q(active_to__gt=last_day))
    return list(rows.order_by("name", "pk"))


def check_not_before_acts(unit: Unit, last_day: date, *, field: str) -> None:
    newest = newest_act([unit.pk])
    if newest is not None and last_day < newest:
        raise RegistryRefused(
            _("“%(unit)s” still has an entry of %(day)s, so it cannot end before that day.")
            % {"unit": unit, "day": date_id(newest)},
            field=field,
        )


def check_not_after_acts(unit: Unit, first_day: date) -> None:
    """The first day of a unit lies neither after what it did, nor after the day it took over."""
    oldest = oldest_acts([unit.pk]).get(unit.pk)
    if oldest is not None and first_day > oldest:
        raise RegistryRefused(begins_too_late(unit, oldest), field="active_from")


def check_open(unit: Unit, today: date) -> None:
    """A unit that is closed keeps its record: only mistakes in it are corrected."""
    if unit.active_to is not None and unit.is_closed(today):
        raise RegistryRefused(
            _("“%(unit)s” ended on %(day)s. Only mistakes in its record can be corrected.")
            % {"unit": unit, "day": date_id(unit.active_to)}
        )


def check_successor(by: Membership, into: Unit, ending: list[Unit], day: date) -> None:
    into.refresh_from_db()
    if into.government_id != by.government_id:
        raise RegistryRefused(_("Choose a unit of your own government."))
    if into.pk in {unit.pk for unit in ending}:
        raise RegistryRefused(_("A unit cannot end and go on at once. Choose another one."))
    if into.is_closed(day) or (into.active_from and into.active_from > day):
        raise RegistryRefused(_("“%(unit)s” is not active on that day.") % {"unit": into})


def end(unit: Unit, last_day: date) -> None:
    unit.active_to = last_day
    check(unit)
    unit.save(update_fields=["active_to", "close_basis"])


def carry_posts(unit: Unit, into: Unit, happened_on: date) -> int:
    """Everybody on the unit's list works in the other one from that day on; how many."""
    last_day = happened_on - timedelta(days=1)
    going_on = unit.posts.filter(Q(valid_to=None) | Q(valid_to__gt=last_day))
    begun = list(going_on.filter(valid_from__lte=last_day).order_by("pk"))
    with assessors_refused(""):
        count = going_on.filter(valid_from__gt=last_day).update(unit=into)
        EmployeePost.objects.filter(pk__in=[post.pk for post in begun]).update(valid_to=last_day)
        EmployeePost.objects.bulk_create(
            EmployeePost(
                government_id=post.government_id,
                employee_id=post.employee_id,
                unit=into,
                title=post.title,
                valid_from=happened_on,
                valid_to=post.valid_to,
            )
            for post in begun
        )
    return count + len(begun)


def succeed(
    unit: Unit, successor: Unit, kind: SuccessionKind, happened_on: date, basis: str
) -> None:
    """The successor took over from the unit, wholly or a part, from that day on."""
    UnitSuccession.objects.create(
        government_id=unit.government_id,
        predecessor=unit,
        successor=successor,
        kind=kind,
        happened_on=happened_on,
        basis=basis,
    )
