"""A piagam is made once for what it shows, and again only when that has changed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.piagam import request_piagam
from assessments.models import Declaration
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.core.documents.tasks import render_document
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document, LedgerEntry
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db
AGAIN = "Buat ulang"


@pytest.fixture
def act(cast: Cast) -> Declaration:
    row = DeclarationFactory(government=cast.home, open=True)
    DeclarationUnitFactory(declaration=row, unit=cast.unit)
    SignatoryFactory(declaration=row, title="Wali Kota")
    row.pledges.create(government=cast.home, position=1, text="Jujur")
    return row


def ask(client: Client, act: Declaration) -> str:
    answer = client.post(reverse("assessments:piagam", args=[act.pk]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client, act: Declaration) -> str:
    return client.get(reverse("assessments:declaration", args=[act.pk])).content.decode()


def make(document: Document) -> Document:
    render_document(pk=document.pk)
    document.refresh_from_db()
    assert document.job_state == JobState.DONE
    return document


def test_unchanged_it_is_the_same_document(act: Declaration, desk: Client, cast: Cast) -> None:
    ask(desk, act)
    first = make(Document.objects.get())
    assert AGAIN not in shown(desk, act)
    assert "tidak ada yang berubah" in ask(desk, act)
    other = request_piagam(declaration=act, by=cast[Role.OPD_OPERATOR], now=timezone.now())
    assert other == first
    assert Document.objects.count() == 1


def test_a_signature_makes_a_new_one(act: Declaration, desk: Client) -> None:
    ask(desk, act)
    first = make(Document.objects.get())
    SignatureFactory(signatory=act.signatories.get())
    page = shown(desk, act)
    assert AGAIN in page
    assert "berubah sejak PDF ini dibuat" in page
    ask(desk, act)
    second = make(Document.objects.exclude(pk=first.pk).get())
    assert second.content_hash != first.content_hash
    assert AGAIN not in shown(desk, act)


def test_what_was_taken_back_finds_the_earlier_document(
    act: Declaration, desk: Client, cast: Cast
) -> None:
    ask(desk, act)
    first = make(Document.objects.get())
    act.place = "Pendopo"
    act.save()
    ask(desk, act)
    make(Document.objects.exclude(pk=first.pk).get())
    act.place = "Balai Kota"
    act.save()
    found = request_piagam(declaration=act, by=cast[Role.MAYOR], now=timezone.now())
    assert found == first
    answer = desk.get(reverse("assessments:piagam", args=[act.pk]))
    assert first.file is not None
    assert b"".join(answer.streaming_content)[:4] == b"%PDF"
    assert answer.headers["Content-Length"] == str(first.file.size)


def test_a_double_click_of_two_people_makes_one(act: Declaration, cast: Cast) -> None:
    first, second = (
        request_piagam(declaration=act, by=cast[role], now=timezone.now())
        for role in (Role.MAYOR, Role.SEKDA)
    )
    assert first == second
    assert LedgerEntry.objects.filter(verb="document.requested").count() == 1


def test_after_a_failure_it_is_offered_again(act: Declaration, desk: Client) -> None:
    ask(desk, act)
    assert "sedang dibuat" in shown(desk, act)
    Document.objects.update(job_state=JobState.DEAD)
    page = shown(desk, act)
    assert "tidak dapat dibuat" in page
    assert "Coba lagi" in page
    ask(desk, act)
    assert Document.objects.count() == 2


def test_the_page_offers_it_in_no_other_language_than_its_own(
    act: Declaration, desk: Client
) -> None:
    """The language of the screen changes nothing that the document shows."""
    ask(desk, act)
    make(Document.objects.get())
    page = desk.get(
        reverse("assessments:declaration", args=[act.pk]), headers={"accept-language": "en"}
    )
    assert page.status_code == 200
    assert "Make it again" not in page.content.decode()
    assert AGAIN not in page.content.decode()
