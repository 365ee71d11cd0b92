"""Every role over every signed-in address, as oneself, as a stranger, as nobody."""

from collections import Counter

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from opd.enums import UNIT_ROLES, Role
from opd.tests.doors import Door, addresses, doors, mirrored

DOORS = doors()


def test_every_signed_in_address_has_its_door():
    ours = {a.name for a in addresses() if not (a.is_public or a.is_library)}
    listed = {door.url_name for door in DOORS}

    assert ours - listed == set(), "add these to <app>/tests/matrix.py"
    assert listed - ours == set(), "these doors lead nowhere"


def test_no_door_stands_twice():
    assert [str(d) for d in DOORS if Counter(map(str, DOORS))[str(d)] > 1] == []


def ask(door: Door, client: Client, kwargs: dict) -> int:
    """The status; whatever a POST wrote is taken back."""
    url = reverse(door.url_name, kwargs=kwargs)
    with transaction.atomic():
        response = getattr(client, door.method)(url, door.data)
        # A file is read to its end: closing an unread one would close the test's connection.
        response.getvalue()
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_door(door, cast, client_as):
    """One test for a door, since all its questions need the same people signed in."""
    clients = {role: client_as(membership) for role, membership in cast.offices.items()}
    kwargs = door.kwargs(cast) if door.kwargs else {}

    check_roles(door, clients, kwargs)
    check_nobody(door, kwargs)
    if door.kwargs:
        foreign = door.kwargs(mirrored(cast))
        seen = {role: ask(door, clients[role], foreign) for role in door.allowed}
        assert seen == dict.fromkeys(door.allowed, 404), "of the other government"
    if door.elsewhere:
        theirs = door.elsewhere(cast)
        roles = door.allowed & UNIT_ROLES
        seen = {role: ask(door, clients[role], theirs) for role in roles}
        assert seen == dict.fromkeys(roles, 404), "of another unit"


def check_roles(door: Door, clients: dict[str, Client], kwargs: dict) -> None:
    seen = {role: ask(door, client, kwargs) for role, client in clients.items()}
    for role in Role.values:
        if role in door.allowed:
            assert seen[role] in door.answer, f"{role} is let in and got {seen[role]}"
        else:
            expected = 404 if role in door.unseen else door.refused
            assert seen[role] == expected, f"{role} is kept out and got {seen[role]}"


def check_nobody(door: Door, kwargs: dict) -> None:
    url = reverse(door.url_name, kwargs=kwargs)
    response = getattr(Client(), door.method)(url, door.data)
    if response.status_code == 403 and door.data:
        # What was typed is kept on a page that asks to sign in again.
        assert reverse("account_login") in response.content.decode()
        return
    assert response.status_code == 302, f"nobody got {response.status_code}"
    assert response.url.startswith(reverse("account_login"))
