"""Standing facts: what may be recorded, by whom, with which proof."""

import io
from datetime import date

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from integrity_portal.core import files
from integrity_portal.core.models import LedgerEntry
from opd.actions.facts import FactInput, remove_fact, save_fact
from opd.enums import Role
from opd.facts import FactRefused, clean_value, display_value
from opd.models import StandingFact
from opd.registry import RegistryRefused
from opd.tests.factories import StandingFactFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def small_pdf():
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


@pytest.fixture
def by(cast):
    return cast[Role.ZI_SECRETARIAT]


def entered(**values):
    return FactInput(**{"year": 2025, "key": "rb_index", "value": "61,25", **values})


def test_adding_editing_removing_is_recorded(cast, by):
    row = save_fact(by=by, unit=None, entered=entered(), today=TODAY)
    assert row.value == "61.25"
    save_fact(by=by, unit=cast.unit, entered=entered(key="sakip", value="bb"), today=TODAY)
    assert StandingFact.objects.get(unit=cast.unit).value == "BB"
    save_fact(by=by, unit=None, fact=row, entered=entered(year=2024, value="60"), today=TODAY)
    remove_fact(by=by, fact=row)

    kept = LedgerEntry.objects.filter(verb__startswith="fact.").order_by("pk")
    assert [entry.verb for entry in kept] == [
        "fact.added",
        "fact.added",
        "fact.edited",
        "fact.removed",
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"value": "1"}, "sudah dicatat untuk tahun itu"),
        ({"year": 2027}, "Tahunnya masih di depan"),
        ({"key": "core_service", "value": "ya"}, "halaman unit"),
        ({"key": "spip_level", "value": "9"}, "angka dari 1 sampai 5"),
        ({"key": "sakip", "value": ""}, "Tulis salah satu"),
    ],
)
def test_refused_with_a_sentence(by, values, sentence):
    save_fact(by=by, unit=None, entered=entered(), today=TODAY)
    with pytest.raises(RegistryRefused, match=sentence):
        save_fact(by=by, unit=None, entered=entered(**values), today=TODAY)


def test_what_is_known_of_the_government_is_not_recorded_of_a_unit(cast, by):
    with pytest.raises(RegistryRefused, match="seluruh pemerintah daerah"):
        save_fact(
            by=by, unit=cast.unit, entered=entered(key="bpk_opinion", value="WTP"), today=TODAY
        )


def test_a_result_that_is_not_out_yet_has_no_value(by):
    row = save_fact(by=by, unit=None, entered=entered(value="", in_process=True), today=TODAY)
    assert (row.value, row.in_process) == ("", True)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingFact.objects.filter(pk=row.pk).update(in_process=False)


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("Ya", "yes", "ya"),
        (" yes ", "yes", "ya"),
        ("TIDAK", "no", "tidak"),
        ("bukan", "no", "tidak"),
    ],
)
def test_a_judgement_is_yes_or_no(typed, stored, shown):
    assert clean_value("core_service", typed) == stored
    assert display_value("core_service", stored) == shown


def test_a_judgement_is_nothing_else():
    with pytest.raises(FactRefused, match="ya atau tidak"):
        clean_value("public_perception", "mungkin")


@pytest.mark.parametrize("role", Role.values)
def test_who_keeps_facts(cast, role):
    keepers = {Role.ADMINISTRATOR, Role.ZI_SECRETARIAT, Role.INSPECTORATE}
    if role in keepers:
        assert save_fact(by=cast[role], unit=None, entered=entered(), today=TODAY).pk
    else:
        with pytest.raises(PermissionDenied):
            save_fact(by=cast[role], unit=None, entered=entered(), today=TODAY)


def test_of_another_government_is_not_removed(cast, by):
    with pytest.raises(PermissionDenied):
        remove_fact(by=by, fact=StandingFactFactory(government=cast.away))


class TestScreens:
    def test_the_proof_arrives_and_is_read_by_who_sees_the_unit(self, client_as, cast):
        client = client_as(cast[Role.INSPECTORATE])
        page = reverse("opd:unit_fact_add", args=[cast.unit.pk])
        upload = SimpleUploadedFile("lhe.pdf", small_pdf(), content_type="application/pdf")
        client.post(page, {"key": "tlhp_percent", "year": "2025", "value": "98,5", "proof": upload})
        fact = StandingFact.objects.get(key="tlhp_percent")
        assert fact.value == "98.5"

        answer = client_as(cast[Role.OPD_OPERATOR]).get(reverse("opd:fact_file", args=[fact.pk]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")

    def test_the_proof_of_another_unit_is_not_there(self, client_as, cast):
        proof = files.store_made(
            io.BytesIO(b"%PDF-1.7"), size=8, name="a.pdf", kind="fact", government_id=cast.home.pk
        )
        fact = StandingFactFactory(
            government=cast.home, unit=cast.other_unit, key="sakip", value="B", proof=proof
        )
        answer = client_as(cast[Role.OPD_OPERATOR]).get(reverse("opd:fact_file", args=[fact.pk]))
        assert answer.status_code == 404

    def test_neither_value_nor_in_process_says_what_to_do(self, client_as, cast):
        page = reverse("opd:fact_add")
        answer = client_as(cast[Role.ZI_SECRETARIAT]).post(
            page, {"key": "rb_index", "year": "2025"}
        )
        assert answer.status_code == 422
        assert "Isi nilainya, atau tandai bahwa masih dinilai." in answer.content.decode()
