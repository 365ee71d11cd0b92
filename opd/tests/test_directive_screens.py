"""Directives: their pages and forms."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Directive, DirectiveReport
from opd.tests.factories import UnitFactory
from opd.tests.factories_calendar import DirectiveFactory

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99"
    b"=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    translation.activate("en")


def test_giving_by_the_form(cast, client_as):
    client, url = client_as(cast[Role.MAYOR]), reverse("opd:directive_new")
    day = timezone.localdate() + timedelta(days=9)
    data = {
        "form_key": str(uuid4()),
        "subject_kind": "unit",
        "subject_id": str(cast.unit.pk),
        "unit": str(cast.unit.pk),
        "text": "Buka loket kedua",
    }
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "Buka loket kedua" in refused.content.decode()
    for _press in range(2):
        assert client.post(url, {**data, "due_on": f"{day:%d/%m/%Y}"}).status_code == 302
    row = Directive.objects.get()
    assert (row.subject_kind, row.subject_id) == ("unit", str(cast.unit.pk))
    hidden = client.get(url, {"kind": "unit", "id": cast.away_unit.pk})
    assert hidden.status_code == 404
    foreign = {**data, "form_key": str(uuid4()), "unit": str(cast.away_unit.pk)}
    assert client.post(url, {**foreign, "due_on": f"{day:%d/%m/%Y}"}).status_code == 422


def test_reporting_with_a_proof_that_is_not_lost(cast, client_as):
    row = DirectiveFactory(government=cast.home, unit=cast.unit, state="acknowledged")
    client = client_as(cast[Role.OPD_OPERATOR])
    url = reverse("opd:directive_report", kwargs={"pk": row.pk})
    upload = SimpleUploadedFile("foto loket.png", PNG, content_type="image/png")
    data = {"form_key": str(uuid4()), "text": "", "percent": "71,5", "progress": "1"}

    refused = client.post(url, {**data, "proof": upload})
    assert refused.status_code == 422
    stored = StoredFile.objects.get()
    page = refused.content.decode()
    assert "foto loket.png" in page
    assert "71,5" in page

    done = client.post(url, {**data, "text": "Setengah jalan", "kept": stored.public_id})
    assert done.status_code == 302
    report = DirectiveReport.objects.get()
    assert (report.percent, report.proof, report.is_done) == (Decimal("71.5"), stored, False)
    row.refresh_from_db()
    assert (row.state, row.percent) == ("acknowledged", Decimal("71.5"))
    file = reverse("opd:directive_file", kwargs={"pk": report.pk})
    answer = client.get(file)
    # Read to its end, or the open file outlives the test.
    assert answer.getvalue()
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_none_and_somebody_elses_upload_are_refused(cast, client_as):
    row = DirectiveFactory(government=cast.home, unit=cast.unit, state="acknowledged")
    url = reverse("opd:directive_report", kwargs={"pk": row.pk})
    data = {"form_key": str(uuid4()), "text": "Selesai", "done": "1"}
    bad = SimpleUploadedFile("virus.exe", b"MZ" + b"\0" * 50)
    client = client_as(cast[Role.OPD_OPERATOR])
    assert client.post(url, {**data, "proof": bad}).status_code == 422
    other = StoredFile.objects.create(
        government_id=cast.home.pk,
        kind="directive_report",
        key="k",
        name="x.png",
        content_type="image/png",
        size=1,
        sha256="0" * 64,
        created_by_id=cast[Role.OPD_HEAD].user_id,
    )
    assert client.post(url, {**data, "kept": other.public_id}).status_code == 302
    assert DirectiveReport.objects.get().proof is None


def test_the_pages_of_giver_and_unit(cast, client_as):
    row = DirectiveFactory(government=cast.home, unit=cast.unit, given_by=cast[Role.MAYOR])
    here = reverse("opd:directive", kwargs={"pk": row.pk})
    mayor, head = client_as(cast[Role.MAYOR]), client_as(cast[Role.OPD_HEAD])
    head.post(reverse("opd:directive_acknowledge", kwargs={"pk": row.pk}))
    head.post(
        reverse("opd:directive_report", kwargs={"pk": row.pk}),
        {"form_key": str(uuid4()), "text": "Loket sudah dibuka", "done": "1"},
    )
    page = mayor.get(here).content.decode()
    assert "Loket sudah dibuka" in page
    assert reverse("opd:directive_finish", kwargs={"pk": row.pk}) in page
    empty = mayor.post(reverse("opd:directive_return", kwargs={"pk": row.pk}), {})
    assert empty.status_code == 422
    mayor.post(
        reverse("opd:directive_return", kwargs={"pk": row.pk}), {"return-reason": "Baru satu"}
    )
    assert "Baru satu" in head.get(here).content.decode()
    mayor.post(
        reverse("opd:directive_withdraw", kwargs={"pk": row.pk}),
        {"withdraw-reason": "Tidak perlu lagi"},
    )
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_liaison_officer_reads_and_is_refused_with_a_sentence(cast, client_as):
    row = DirectiveFactory(government=cast.home, unit=cast.unit)
    client = client_as(cast[Role.LIAISON_OFFICER])
    url = reverse("opd:directive_acknowledge", kwargs={"pk": row.pk})
    answer = client.post(url)
    assert answer.status_code == 403
    assert "kepala dan operator unit" in answer.content.decode()


def test_the_list_costs_the_same_for_two_and_for_seven(cast, client_as):
    client = client_as(cast[Role.MAYOR])
    counts = []
    for rows in (2, 5):
        for _number in range(rows):
            DirectiveFactory(
                government=cast.home,
                unit=UnitFactory(government=cast.home),
                given_by=cast[Role.MAYOR],
            )
        client.get(reverse("opd:directives"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("opd:directives"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["state=x", "unit=x", "unit=999999999999999999999", "page=x"])
def test_any_filter_in_the_address_is_answered(cast, client_as, query):
    answer = client_as(cast[Role.MAYOR]).get(f"{reverse('opd:directives')}?{query}")
    assert answer.status_code == 200
