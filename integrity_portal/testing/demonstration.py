"""The demonstration, loaded once for all tests that look at it: a plugin loaded by pytest.ini.

    def test_something(demonstration):  # the day on which it was loaded

It stands in a database of its own, cloned from the empty test database; what a test changes is
rolled back. Such tests carry no `django_db` mark, which would begin in the empty database.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest


def storages(files: Path) -> dict[str, Any]:
    from django.conf import settings

    options = {"location": str(files)}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    return {"MEDIA_ROOT": files, "STORAGES": {**settings.STORAGES, "default": default}}


@pytest.fixture(scope="session")
def _demonstration_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Its name and the folder of its files; the first worker that asks makes it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    files, made = shared / "demonstration", shared / "demonstration.name"
    with (shared / "demonstration.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(load_into_a_clone(files))
    return made.read_text(), files


def load_into_a_clone(files: Path) -> str:
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    empty = connection.settings_dict["NAME"]
    name = f"{empty}_demonstration"
    connection.close()
    with connection._nodb_cursor() as cursor:
        # A template may have no sessions. No test runs now; a server that stopped may leave one.
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [empty],
        )
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
    move_to(name)
    try:
        with override_settings(**storages(files)):
            call_command("load_demo", verbosity=0)
    finally:
        move_to(empty)
    return name


def move_to(name: str) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


@pytest.fixture
def _beside_the_empty_database(
    _files_apart: None, _demonstration_database: tuple[str, Path], settings: Any
) -> Iterator[None]:
    from django.db import connection

    if connection.in_atomic_block:
        pytest.fail("Tests of the demonstration carry no `django_db` mark.", pytrace=False)
    empty = connection.settings_dict["NAME"]
    name, files = _demonstration_database
    for setting, value in storages(files).items():
        setattr(settings, setting, value)
    move_to(name)
    yield
    move_to(empty)


@pytest.fixture
def demonstration(_beside_the_empty_database: None, db: None) -> date:
    from django.utils import timezone

    return timezone.localdate()
