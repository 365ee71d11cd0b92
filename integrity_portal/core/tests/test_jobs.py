from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from integrity_portal.core import jobs
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def waiting(**values: object) -> Document:
    return Document.objects.create(
        government_id=1, kind="test", title="x", requested_at=NOW, next_try_at=NOW, **values
    )


def test_a_row_is_claimed_once() -> None:
    row = waiting()
    first = jobs.claim(Document.objects.all(), pk=row.pk, now=NOW)
    assert first is not None
    assert first.job_state == JobState.RUNNING
    assert jobs.claim(Document.objects.all(), pk=row.pk, now=NOW) is None


def test_the_row_of_a_dead_worker_is_due_again_when_its_claim_ends() -> None:
    row = waiting()
    jobs.claim(Document.objects.all(), pk=row.pk, now=NOW)
    after = NOW + jobs.CLAIM + timedelta(seconds=1)
    assert list(Document.objects.all().due(NOW)) == []
    assert list(Document.objects.all().due(after)) == [row]
    again = jobs.claim(Document.objects.all(), pk=row.pk, now=after)
    assert again is not None
    assert again.attempts == 2


def test_failures_wait_longer_and_at_last_are_dead() -> None:
    row = waiting()
    now, pauses = NOW, []
    for _ in range(jobs.MAX_ATTEMPTS):
        claimed = jobs.claim(Document.objects.all(), pk=row.pk, now=now)
        assert claimed is not None
        jobs.fail(claimed, error=ValueError("Siti Rahayu"), now=now)
        pauses.append(claimed.next_try_at - now)
        now = claimed.next_try_at
    row.refresh_from_db()
    assert pauses == sorted(pauses)
    assert row.job_state == JobState.DEAD
    assert row.last_error == "ValueError"
    assert jobs.claim(Document.objects.all(), pk=row.pk, now=now + timedelta(days=9)) is None


def test_done_without_a_file_is_refused_by_the_database() -> None:
    claimed = jobs.claim(Document.objects.all(), pk=waiting().pk, now=NOW)
    assert claimed is not None
    with pytest.raises(Exception, match="document_done_has_file"), transaction.atomic():
        jobs.finish(claimed)


def test_a_row_that_nobody_claimed_cannot_be_finished() -> None:
    row = waiting()
    assert not jobs.finish(row)
    row.refresh_from_db()
    assert row.job_state == JobState.WAITING


def test_a_locked_row_is_skipped_not_waited_for(transactional_db: None) -> None:
    """Another session holds the row: the claim answers at once with nothing."""
    import psycopg2

    row = waiting()
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    other = psycopg2.connect(**{k: v for k, v in settings.items() if isinstance(v, str | int)})
    try:
        other.cursor().execute("SELECT 1 FROM core_document WHERE id = %s FOR UPDATE", [row.pk])
        assert jobs.claim(Document.objects.all(), pk=row.pk, now=NOW) is None
    finally:
        other.rollback()
        other.close()
    assert jobs.claim(Document.objects.all(), pk=row.pk, now=NOW) is not None
