"""Innovations: written by the unit, measured before and after, with files."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate
from opd.actions import innovations as actions
from opd.actions.innovations import InnovationFacts
from opd.actions.services import SavedMeanwhile
from opd.enums import Role
from opd.models import Innovation
from opd.queries.innovations import running_count
from opd.registry import RegistryRefused
from opd.tests.factories_services import InnovationFactory, InnovationFileFactory, stored_pdf
from opd.tests.unit_pages import url

TODAY = timezone.localdate()


def facts(**values):
    return InnovationFacts(
        **{
            "title": "Antrean dari Rumah",
            "area": "6",
            "started": PartialDate(date(2024, 1, 1), "year"),
            "problem": "Antrean panjang.",
            "change": "Nomor diambil dari rumah.",
            **values,
        }
    )


def save(cast, role=Role.OPD_OPERATOR, **values):
    return actions.save_innovation(
        **{
            "by": cast[role],
            "unit": cast.unit,
            "facts": facts(),
            "form_key": uuid4(),
            "now": timezone.now(),
            "today": TODAY,
            **values,
        }
    )


def form(**values):
    return {
        "form_key": str(uuid4()),
        "version": "0",
        "title": "Antrean dari Rumah",
        "area": "6",
        "started": "2024",
        "problem": "Antrean panjang.",
        "change": "Nomor diambil dari rumah.",
        "state": "running",
        **values,
    }


def test_saved_changed_and_recorded(cast):
    key = uuid4()
    row = save(cast, form_key=key, uploads=[stored_pdf(cast.home.pk)])
    assert save(cast, form_key=key) == row
    save(cast, innovation=row, version=1, facts=facts(state="stopped"))
    row.refresh_from_db()
    assert (row.state, row.version, row.files.count()) == ("stopped", 2, 1)
    with pytest.raises(SavedMeanwhile):
        save(cast, innovation=row, version=1)
    actions.remove_innovation_file(by=cast[Role.OPD_HEAD], link=row.files.get(), now=timezone.now())
    verbs = LedgerEntry.objects.filter(verb__startswith="innovation.").order_by("pk")
    assert [entry.verb for entry in verbs] == [
        "innovation.added",
        "innovation.edited",
        "innovation.file_removed",
    ]
    assert running_count(cast.home.pk) == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": "Lama"}, "judul itu"),
        ({"started": PartialDate(date(2199, 1, 1))}, "di depan"),
        ({"value_before": Decimal(3)}, "apa yang diukur"),
    ],
)
def test_refused(cast, values, sentence):
    InnovationFactory(unit=cast.unit, title="Lama")
    with pytest.raises(RegistryRefused, match=sentence):
        save(cast, facts=facts(**values))
    assert Innovation.objects.count() == 1


def test_too_many_files_and_other_roles_are_refused(cast):
    row = InnovationFactory(unit=cast.unit)
    for _number in range(20):
        InnovationFileFactory(innovation=row, added_by=cast[Role.OPD_OPERATOR])
    with pytest.raises(RegistryRefused, match="Paling banyak 20 berkas"):
        save(cast, innovation=row, version=1, uploads=[stored_pdf(cast.home.pk)])
    with pytest.raises(PermissionDenied):
        save(cast, role=Role.PLANNER)


def test_the_form_keeps_what_was_typed(cast, client_as):
    client = client_as(cast[Role.OPD_OPERATOR])
    page = url("innovation_add", cast.unit.pk)
    wrong = client.post(page, form(value_before="45", value_after="empat"))
    shown = wrong.content.decode()
    assert wrong.status_code == 422
    for text in ("empat", "45", "Antrean panjang."):
        assert text in shown
    good = form(
        value_before="45",
        value_after="7,5",
        measure="Waktu tunggu",
        measure_unit="menit",
        source="Rekap antrean",
    )
    for _twice in range(2):
        answer = client.post(page, {**good, "files": [SimpleUploadedFile("x.txt", b"bukan pdf")]})
        assert answer.status_code == 422
    assert client.post(page, good).status_code == 302
    row = Innovation.objects.get()
    page = client.get(url("innovation", row.pk)).content.decode()
    assert "45,00 → 7,50" in page
    assert "Rekap antrean" in page
    stale = client.post(url("innovation_edit", row.pk), {**good, "title": "Baru"})
    assert "Orang lain sudah menyimpan" in stale.content.decode()
    assert 'value="Baru"' in stale.content.decode()


def test_lists_filter_and_cost_the_same(cast, client_as):
    client = client_as(cast[Role.SEKDA])
    InnovationFactory(unit=cast.unit, title="Satu", area="1")
    InnovationFactory(unit=cast.other_unit, title="Dua", state="stopped")
    shown = client.get(url("innovations"), {"area": "1"}).content.decode()
    assert "Satu" in shown
    assert ">Dua<" not in shown
    with CaptureQueriesContext(connection) as few:
        client.get(url("innovations"))
    for _number in range(5):
        InnovationFactory(unit=cast.unit)
    with CaptureQueriesContext(connection) as many:
        client.get(url("innovations"))
    assert len(few) == len(many)
    own = client_as(cast[Role.OPD_HEAD]).get(url("innovations")).content.decode()
    assert ">Dua<" not in own
