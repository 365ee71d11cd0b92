"""The whole way of a report with a real Redis, dispatcher and worker: also when they die."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import redis as redis_client
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from integrity_portal.core.documents import checks, engine, registry
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Chapter, Document, LedgerEntry, StoredFile
from integrity_portal.testing.services import (
    Process,
    RunningRedis,
    portal_process,
    running_redis,
    wait_for,
)
from reports import actions
from reports.tests.factories import DocumentFactory, world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ASK = {"wanted": "reports.progress:mayor"}


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RunningRedis]:
    with running_redis(tmp_path) as running:
        yield running


@pytest.fixture
def dispatch(redis: RunningRedis, tmp_path: Path) -> Iterator[Process]:
    with portal_process("dispatch", redis, tmp_path) as process:
        yield process


@pytest.fixture
def home(cast: Any) -> Any:
    world(cast.home, timezone.localdate().replace(day=21))
    return cast.home


def state(document: Document) -> str:
    return Document.objects.values_list("job_state", flat=True).get(pk=document.pk)


def assert_made_once(document: Document) -> None:
    document.refresh_from_db()
    assert document.file is not None
    with default_storage.open(document.file.key) as file:
        assert checks.check_pdf(file.read()) == []
    assert StoredFile.objects.kept().count() == 1
    assert LedgerEntry.objects.filter(verb="document.made").count() == 1


def test_a_report_is_made_from_the_button_to_the_file(
    cast: Any,
    home: Any,
    client_as: Any,
    redis: RunningRedis,
    dispatch: Process,
    tmp_path: Path,
) -> None:
    with portal_process("worker", redis, tmp_path) as worker:
        client_as(cast["mayor"]).post(reverse("reports:document_new"), ASK)
        document = Document.objects.get()
        wait_for(lambda: state(document) == JobState.DONE, seconds=60, said=worker)
    assert_made_once(document)


def test_a_killed_worker_costs_only_time(
    home: Any, redis: RunningRedis, dispatch: Process, tmp_path: Path
) -> None:
    """SIGKILL while it waits for the third of five chapters, which this test holds back."""
    now = timezone.now()
    frozen = actions.freeze_figures(government=home, now=now)
    document = DocumentFactory(
        government_id=home.pk,
        params={"_figure_set": frozen.pk},
        figures_at=frozen.taken_at,
        next_try_at=now,
    )
    third = leaves_of(document)[2]
    name = f"chapter:{home.pk}:{third.content_hash}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    hurry = {"DOCUMENT_LEASE_SECONDS": "2"}
    with portal_process("worker", redis, tmp_path, **hurry) as worker:
        wait_for(lambda: Chapter.objects.count() == 4, seconds=60, said=worker)
        assert state(document) == JobState.RUNNING
        worker.kill()
    before = set(Chapter.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    with portal_process("worker", redis, tmp_path, **hurry) as worker:
        wait_for(lambda: state(document) == JobState.DONE, seconds=90, said=worker)
    assert_made_once(document)
    assert document.attempts == 2
    assert before < set(Chapter.objects.values_list("pk", flat=True))
    assert Chapter.objects.count() == 5


def leaves_of(document: Document) -> list[engine.Leaf]:
    frame = registry.get(document.kind).frame(document)
    with translation.override("id"), timezone.override(ZoneInfo(frame.time_zone)):
        return engine.write_leaves(document, frame, timezone.now())


def test_a_hanging_redis_holds_nobody(
    cast: Any,
    home: Any,
    client_as: Any,
    redis: RunningRedis,
    dispatch: Process,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The request is saved without a word to Redis, and made once Redis answers again."""

    def never(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the web process spoke to Redis")

    with portal_process("worker", redis, tmp_path) as worker:
        redis.hang()
        try:
            with monkeypatch.context() as patched:
                patched.setattr(redis_client.Connection, "connect", never)
                patched.setattr(redis_client.UnixDomainSocketConnection, "connect", never)
                answer = client_as(cast["mayor"]).post(reverse("reports:document_new"), ASK)
            assert answer.status_code == 302
            document = Document.objects.get()
            assert document.job_state == JobState.WAITING
            wait_for(lambda: "broker_away" in dispatch.said(), seconds=60, said=dispatch)
            assert state(document) == JobState.WAITING
        finally:
            redis.go_on()
        wait_for(lambda: state(document) == JobState.DONE, seconds=90, said=worker)
    assert_made_once(document)
