"""The shared cast: two governments, two units of one branch, everybody's office.

A plugin loaded by pytest.ini: models are imported inside fixtures only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from opd.models import Government, Membership, Unit


@dataclass
class Cast:
    """`offices[role]` acts in `home`; unit roles belong to `unit`, `below` lies under it."""

    home: Government
    away: Government
    unit: Unit
    below: Unit
    other_unit: Unit
    away_unit: Unit
    offices: dict[str, Membership] = field(default_factory=dict)
    away_offices: dict[str, Membership] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Membership:
        return self.offices[role]


@pytest.fixture(autouse=True, scope="session")
def _key_files() -> None:
    from integrity_portal.core import keys

    keys.ensure()


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    """Each test stores files in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture(autouse=True)
def _plain_time_and_language() -> Iterator[None]:
    from django.utils import timezone, translation

    yield
    timezone.deactivate()
    translation.activate("id")


@pytest.fixture
def cast(db: None) -> Cast:
    from opd.tests.factories import GovernmentFactory, UnitFactory

    home, away = GovernmentFactory(name="Rumah"), GovernmentFactory(name="Jauh")
    unit = UnitFactory(government=home, name="Dinas Satu")
    players = Cast(
        home=home,
        away=away,
        unit=unit,
        below=UnitFactory(government=home, parent=unit, name="UPTD Satu", kind="uptd"),
        other_unit=UnitFactory(government=home, name="Dinas Dua"),
        away_unit=UnitFactory(government=away, name="Dinas Jauh"),
    )
    _fill(players.offices, home, unit)
    _fill(players.away_offices, away, players.away_unit)
    return players


def _fill(offices: dict[str, Membership], government: Government, place: Unit) -> None:
    """One office of each role, in two statements: nearly every test asks for them."""
    from opd.enums import UNIT_ROLES, Role
    from opd.models import Membership, User
    from opd.tests.factories import MembershipFactory, UserFactory

    users = User.objects.bulk_create(UserFactory.build_batch(len(Role)))
    rows = [
        MembershipFactory.build(
            user=user,
            government=government,
            role=role,
            title="Inspektur" if role == Role.INSPECTORATE else f"Pejabat {role}",
            unit=place if role in UNIT_ROLES else None,
        )
        for role, user in zip(Role, users, strict=True)
    ]
    offices.update((row.role, row) for row in Membership.objects.bulk_create(rows))


@pytest.fixture
def client_as() -> Callable[[Membership], Client]:
    """A signed-in client that acts in the given office."""
    from django.conf import settings
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    def sign_in(membership: Membership) -> Client:
        # What signing in leaves behind, in one statement: most tests sign somebody in.
        session = SessionStore()
        session[auth.SESSION_KEY] = str(membership.user_id)
        session[auth.BACKEND_SESSION_KEY] = "opd.identity.LoginIdentifierBackend"
        session[auth.HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
        session["membership_id"] = membership.pk
        session.create()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return sign_in


@pytest.fixture
def boss(cast: Cast) -> Membership:
    """The ZI secretariat, which keeps the registry of units and the declarations."""
    from opd.enums import Role

    return cast[Role.ZI_SECRETARIAT]


@pytest.fixture
def desk(boss: Membership, client_as: Callable[[Membership], Client]) -> Client:
    """The ZI secretariat, signed in."""
    return client_as(boss)


@pytest.fixture
def english() -> None:
    """Sentences are matched as they stand in the code."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture
def indonesian() -> Iterator[None]:
    """Sentences are matched as people read them."""
    from django.utils import translation

    with translation.override("id"):
        yield
