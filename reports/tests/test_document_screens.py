"""Screens of documents: ask, watch, cancel, try again, open, and the public check."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.documents import registry, tasks
from integrity_portal.core.models import Document, LedgerEntry
from reports import actions
from reports.tests.factories import DocumentFactory


@pytest.fixture
def made(cast: Any) -> Document:
    document = actions.ask_for_progress(by=cast["mayor"], variant="mayor", now=timezone.now())
    tasks.render_document(pk=document.pk)
    document.refresh_from_db()
    assert document.file is not None, document.last_error
    return document


def test_the_mayor_asks_and_sees_the_progress(cast: Any, client_as: Any) -> None:
    client = client_as(cast["mayor"])
    page = client.get(reverse("reports:document_new"))
    assert "Untuk kepala daerah" in page.content.decode()
    sent = client.post(reverse("reports:document_new"), {"wanted": "reports.progress:mayor"})
    document = Document.objects.get()
    assert sent.url == reverse("reports:document", args=[document.pk])
    waiting = client.get(sent.url).content.decode()
    assert "Permintaan Anda tersimpan" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert 'http-equiv="refresh"' not in waiting
    assert "Muat ulang" in waiting
    assert LedgerEntry.objects.filter(verb="document.requested").count() == 1


def test_half_made_it_says_how_far(cast: Any, client_as: Any) -> None:
    document = DocumentFactory(
        government_id=cast.home.pk, job_state="running", chapters_done=2, chapters_total=5
    )
    url = reverse("reports:document", args=[document.pk])
    fragment = client_as(cast["mayor"]).get(url, headers={"HX-Request": "true"})
    text = fragment.content.decode()
    assert "2 dari 5 bab sudah siap." in text
    assert "<html" not in text
    assert 'value="2"' in text


def test_finished_it_shows_the_hash_and_stops_asking(
    cast: Any, client_as: Any, made: Document
) -> None:
    text = (
        client_as(cast["mayor"]).get(reverse("reports:document", args=[made.pk])).content.decode()
    )
    assert made.file is not None
    assert made.file.sha256 in text
    assert f"/verify/{made.public_id}" in text
    assert "hx-trigger" not in text


@pytest.mark.parametrize("wanted", ["", "reports.progress:sekda", "x:y", "reports.progress"])
def test_what_is_not_offered_is_refused_with_a_sentence(
    wanted: str, cast: Any, client_as: Any
) -> None:
    page = client_as(cast["mayor"]).post(reverse("reports:document_new"), {"wanted": wanted})
    assert page.status_code == 200
    assert "Pilih" in page.content.decode()
    assert not Document.objects.exists()


def test_each_opening_is_recorded(cast: Any, client_as: Any, made: Document) -> None:
    url = reverse("reports:document_file", args=[made.pk])
    answer = client_as(cast["mayor"]).get(url)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.getvalue().startswith(b"%PDF")
    opened = LedgerEntry.objects.get(verb="document.opened")
    assert (opened.actor_id, opened.subject_id) == (cast["mayor"].user_id, str(made.pk))


@pytest.mark.parametrize("role", ["sekda", "zi_secretariat", "administrator", "it_team"])
def test_nobody_else_opens_the_mayors_report(
    role: str, cast: Any, client_as: Any, made: Document
) -> None:
    client = client_as(cast[role])
    for name in ("document", "document_file"):
        assert client.get(reverse(f"reports:{name}", args=[made.pk])).status_code == 404
    assert made.title not in client.get(reverse("reports:documents")).content.decode()
    assert not LedgerEntry.objects.filter(verb="document.opened").exists()


def test_another_governments_mayor_gets_404(cast: Any, client_as: Any, made: Document) -> None:
    client = client_as(cast.away_offices["mayor"])
    assert client.get(reverse("reports:document", args=[made.pk])).status_code == 404


def test_cancel_and_try_again(cast: Any, client_as: Any) -> None:
    document = actions.ask_for_progress(by=cast["sekda"], variant="sekda", now=timezone.now())
    client = client_as(cast["sekda"])
    page = client.post(reverse("reports:document_cancel", args=[document.pk]), follow=True)
    assert "Dibatalkan" in page.content.decode()
    twice = client.post(reverse("reports:document_cancel", args=[document.pk]), follow=True)
    assert "sudah selesai" in twice.content.decode()
    client.post(reverse("reports:document_retry", args=[document.pk]))
    document.refresh_from_db()
    assert document.job_state == "waiting"
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"document.cancelled", "document.retried"} <= verbs


def test_a_list_of_seven_costs_as_much_as_one_of_two(
    cast: Any, client_as: Any, django_assert_num_queries: Any
) -> None:
    client, url = client_as(cast["mayor"]), reverse("reports:documents")
    for _ in range(2):
        DocumentFactory(government_id=cast.home.pk)
    with django_assert_num_queries(5):
        client.get(url)
    for _ in range(5):
        DocumentFactory(government_id=cast.home.pk)
    with django_assert_num_queries(5):
        client.get(url)


def test_the_public_page_says_that_it_is_genuine_and_no_more(made: Document, cast: Any) -> None:
    page = Client().get(reverse("reports:verify", args=[made.public_id]))
    text = page.content.decode()
    assert made.file is not None
    assert made.file.sha256 in text
    for secret in (made.title, "Laporan kemajuan", "Rumah", f"<dd>{made.pages}</dd>"):
        assert secret not in text


def test_an_open_document_shows_kind_and_pages(
    made: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    kind = replace(registry.get("reports.progress"), is_confidential=False)
    monkeypatch.setitem(registry._kinds, "reports.progress", kind)
    text = Client().get(reverse("reports:verify", args=[made.public_id])).content.decode()
    assert "Laporan kemajuan zona integritas" in text
    assert f"<dd>{made.pages}</dd>" in text


def test_unknown_and_unfinished_numbers_look_the_same(cast: Any) -> None:
    waiting = DocumentFactory(government_id=cast.home.pk)
    pages = [
        Client().get(reverse("reports:verify", args=[number]))
        for number in (waiting.public_id, "tidak-ada", "'; DROP TABLE")
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
