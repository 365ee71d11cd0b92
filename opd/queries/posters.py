"""Posters: one, those of a document, and the reminders to go and look."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Government, Membership, Place, Poster, PosterCheck, Unit
from opd.permissions import can_read_places, manages_places, sees_whole_government
from opd.reminders import Due, Owner
from opd.subjects import Subject

# Of a government's places without a unit of their own.
CENTRAL = "0"


def poster_of(membership: Membership, pk: int) -> Poster | None:
    rows = Poster.objects.visible_to(membership).select_related(
        "place__unit", "place__region", "place__government", "photo", "posted_by"
    )
    return rows.filter(pk=pk).first()


def posters_waiting(membership: Membership, places: Collection[int]) -> list[Poster]:
    """The sheets of these places that are still to be posted."""
    rows = Poster.objects.visible_to(membership).waiting().filter(place__in=places)
    return list(rows.select_related("place__unit").order_by("pk"))


def photo_of(membership: Membership, public_id: str) -> StoredFile | None:
    """A photo of a poster or of a check that the person may see."""
    posters = Poster.objects.visible_to(membership)
    found = posters.filter(photo__public_id=public_id).select_related("photo").first()
    if found is not None:
        return found.photo
    checks = PosterCheck.objects.filter(poster__in=posters, photo__public_id=public_id)
    check = checks.select_related("photo").first()
    return check.photo if check is not None else None


def chosen_places(membership: Membership, keys: Collection[int]) -> list[Place]:
    rows = Place.objects.visible_to(membership).active().filter(pk__in=keys)
    return list(rows.select_related("unit"))


# --- documents ---


def in_document(government_id: int, keys: Collection[int]) -> list[Poster]:
    """In the order of `keys`."""
    rows = Poster.objects.filter(government_id=government_id, pk__in=keys)
    found = {row.pk: row for row in rows.select_related("place__region", "place__unit")}
    return [found[key] for key in keys if key in found]


def seen_of(membership: Membership, keys: Collection[int]) -> set[int]:
    """Of these posters those that the person may see; one query at most."""
    if not can_read_places(membership):
        return set()
    return set(
        Poster.objects.visible_to(membership).filter(pk__in=keys).values_list("pk", flat=True)
    )


# --- reminders ---


def due_posters(government: Government, today: date) -> Iterable[Due]:
    """One reminder for each unit that has posters to look at, by the first of their days."""
    rows = Poster.objects.filter(government=government, place__is_active=True).hanging()
    groups: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for unit_id, day, sample in rows.values_list("place__unit", "recheck_on", "is_sample"):
        if day is not None:
            groups[unit_id or 0].append((day, sample))
    for unit_id, days in sorted(groups.items()):
        owner = (
            Owner(role=Role.OPD_OPERATOR, unit_id=unit_id)
            if unit_id
            else Owner(role=Role.COMPLAINT_COORDINATOR)
        )
        yield Due(
            link_id=str(unit_id),
            due_on=min(days)[0],
            owners=(owner,),
            remind_before=(7,),
            escalate_after=None,
            is_sample=min(days)[1],
        )


def subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """Where a reminder leads: the list of what is to be looked at."""
    if not can_read_places(membership):
        return {}
    whole = sees_whole_government(membership)
    wanted = [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and pk != CENTRAL]
    units = Unit.objects.visible_to(membership).filter(pk__in=wanted)
    address = f"{reverse('opd:places')}?state=due"
    found = {
        str(row.pk): Subject(_("Posters of %(unit)s") % {"unit": row.label}, address, row.pk)
        for row in units
    }
    if CENTRAL in ids and (whole or manages_places(membership)):
        found[CENTRAL] = Subject(_("Posters to be looked at again"), address)
    return found
