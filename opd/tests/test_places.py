"""Places: who writes which, lists from a file, the list's figures."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrity_portal.core.models import LedgerEntry
from opd.actions.places import (
    PlaceFacts,
    add_place,
    apply_places,
    discard_places,
    edit_place,
    receive_places,
    set_place_active,
)
from opd.enums import PosterState, Role
from opd.models import Place, PlaceScan
from opd.place_rows import kind_of
from opd.queries import places as queries
from opd.registry import RegistryRefused
from opd.tests.factories import LoginIdentifierFactory, UnitFactory
from opd.tests.factories_places import PlaceFactory, PosterFactory, hung
from opd.unit_csv import decode

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
COORDINATOR = Role.COMPLAINT_COORDINATOR
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def client_as(client_as):
    """Pages in English, as the sentences stand in the code."""

    def sign_in(membership):
        client = client_as(membership)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def received(cast, text):
    return receive_places(by=cast[COORDINATOR], data=text.encode(), now=NOW)


def applied(cast, text):
    upload = received(cast, text)
    plan = queries.plan_of(upload)
    return apply_places(by=cast[COORDINATOR], upload=upload, seen=plan.fingerprint, now=NOW)


def test_an_operator_adds_places_of_his_own_unit_only(cast):
    operator = cast[Role.OPD_OPERATOR]
    mine = add_place(facts=PlaceFacts("Loket Satu", "office", unit=cast.unit), by=operator)
    for unit in (None, cast.other_unit):
        with pytest.raises(PermissionDenied):
            add_place(facts=PlaceFacts("Loket Dua", "office", unit=unit), by=operator)
    with pytest.raises(PermissionDenied):
        edit_place(place=mine, facts=PlaceFacts("Loket", "office"), by=operator)
    with pytest.raises(RegistryRefused):
        add_place(facts=PlaceFacts("X", "office", unit=cast.away_unit), by=cast[COORDINATOR])
    assert LedgerEntry.objects.filter(verb="place.added").count() == 1


def test_a_place_keeps_its_token_and_stays_when_it_is_closed(cast):
    by = cast[COORDINATOR]
    row = add_place(facts=PlaceFacts("Pasar Pagi", "market"), by=by)
    token = row.token
    edit_place(place=row, facts=PlaceFacts("Pasar Pagi Baru", "market"), by=by)
    set_place_active(place=row, is_active=False, by=by)
    row.refresh_from_db()
    assert (row.token, row.name, row.is_active) == (token, "Pasar Pagi Baru", False)
    verbs = LedgerEntry.objects.values_list("verb", flat=True)
    assert {"place.edited", "place.deactivated"} <= set(verbs)
    with pytest.raises(RegistryRefused, match="has this name"):
        add_place(facts=PlaceFacts("pasar pagi baru", "market"), by=by)


def test_a_list_is_planned_row_by_row_and_writes_nothing(cast):
    region = UnitFactory(government=cast.home, kind="kelurahan", name="Kelurahan Anggrek")
    known = PlaceFactory(government=cast.home, name="SDN Lama", npsn="11111111")
    upload = received(
        cast,
        "Nama Sekolah;Bentuk Pendidikan;Alamat;NPSN;Kelurahan\n"
        "SDN Baru;SD;Jalan Satu;22222222;Anggrek\n"
        "SDN Lama Sekali;SD;Jalan Dua;11111111;\n"
        "SDN Salah;SD;;123;\n"
        "Pondok;entah;;;\n"
        "Pasar;Pasar;;;Tidak Ada\n",
    )
    lines = queries.plan_of(upload).lines
    assert [(line.number, line.outcome.value) for line in lines] == [
        (2, "new"),
        (3, "changed"),
        (4, "refused"),
        (5, "refused"),
        (6, "refused"),
    ]
    assert lines[0].values["region_id"] == region.pk
    assert lines[1].place.pk == known.pk
    assert "8 digits" in lines[2].problems[0]
    assert "entah" in lines[3].problems[0]
    assert "Tidak Ada" in lines[4].problems[0]
    assert Place.objects.count() == 1


def test_written_once_and_again_changes_nothing(cast):
    text = "nama,jenis,npsn\nSDN Satu,SD,33333333\nPasar Pagi,Pasar,\n"
    applied(cast, text)
    tokens = set(Place.objects.values_list("token", flat=True))
    with pytest.raises(RegistryRefused, match="nothing to write"):
        applied(cast, text)
    assert set(Place.objects.values_list("token", flat=True)) == tokens
    assert len(tokens) == 2


def test_two_rows_about_one_place_are_both_refused(cast):
    upload = received(cast, "nama;jenis\nPasar Pagi;Pasar\npasar pagi;Pasar\n")
    assert [line.outcome.value for line in queries.plan_of(upload).lines] == ["refused"] * 2


def test_what_was_seen_is_what_is_written(cast):
    upload = received(cast, "nama;jenis\nPasar Pagi;Pasar\n")
    seen = queries.plan_of(upload).fingerprint
    PlaceFactory(government=cast.home, kind="market", name="Pasar Pagi")
    with pytest.raises(RegistryRefused, match="changed since"):
        apply_places(by=cast[COORDINATOR], upload=upload, seen=seen, now=NOW)
    discard_places(by=cast[COORDINATOR], upload=upload, now=NOW)
    assert LedgerEntry.objects.filter(verb="place_import.discarded").exists()


def test_a_list_of_places_is_no_list_of_units(cast, client_as):
    upload = received(cast, "nama;jenis\nPasar Pagi;Pasar\n")
    client = client_as(cast[Role.ZI_SECRETARIAT])
    assert client.get(reverse("opd:unit_import", args=[upload.pk])).status_code == 404
    assert client.get(reverse("opd:place_import", args=[upload.pk])).status_code == 200


@pytest.mark.parametrize(
    ("said", "kind"),
    [("SMP", "school"), ("Puskesmas Pembantu", "health"), ("pasar tradisional", "market")],
)
def test_kinds_in_peoples_own_words(said, kind):
    assert kind_of(said) == kind


def test_on_screen_from_file_to_list(cast, client_as):
    client = client_as(cast[COORDINATOR])
    sent = SimpleUploadedFile("s.csv", b"nama;jenis\nSDN Satu;SD\n;SD\n")
    page = client.post(reverse("opd:place_import_upload"), {"file": sent}, follow=True)
    shown = page.context
    assert shown["counts"]["new"] == 1
    assert "name is missing" in page.content.decode()
    here = page.request["PATH_INFO"]
    client.post(f"{here}confirm/", {"fingerprint": shown["fingerprint"]})
    assert Place.objects.get().name == "SDN Satu"
    refused = decode(client.get(f"{here}refused.csv").getvalue())
    assert "name is missing" in refused
    listed = decode(client.get(reverse("opd:place_csv")).getvalue())
    assert "SDN Satu" in listed
    bad = client.post(
        reverse("opd:place_import_upload"), {"file": SimpleUploadedFile("x", b"PK\3\4")}
    )
    assert bad.status_code == 422
    assert "CSV UTF-8" in bad.content.decode()


def test_the_command_says_first_and_writes_when_told(cast, tmp_path):
    path = tmp_path / "tempat.csv"
    path.write_text("nama;jenis\nSDN Satu;SD\n;SD\n")
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_places", path, government=cast.home.slug, stdout=said, stderr=said)
    assert "row 3" in said.getvalue()
    assert not Place.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_places", path, government=cast.home.slug, confirm=True)
    login = LoginIdentifierFactory(user=cast[COORDINATOR].user)
    with pytest.raises(SystemExit):
        call_command(
            "import_places",
            path,
            government=cast.home.slug,
            confirm=True,
            json=True,
            login=login.value,
            stdout=said,
            stderr=said,
        )
    assert Place.objects.get().name == "SDN Satu"


def test_posted_in_x_of_y_counts_places_in_use_with_a_hanging_poster(cast):
    rows = PlaceFactory.create_batch(3, government=cast.home)
    by = cast[COORDINATOR]
    PosterFactory(place=rows[0], **hung(TODAY, by))
    PosterFactory(place=rows[0], edition=2)
    PosterFactory(place=rows[1], **hung(TODAY - timedelta(days=200), by))
    PosterFactory(place=rows[2], state=PosterState.PRINTED)
    closed = PlaceFactory(government=cast.home, is_active=False)
    PosterFactory(place=closed, **hung(TODAY, by))
    PlaceFactory(government=cast.away)
    with CaptureQueriesContext(connection) as asked:
        (school,) = queries.coverage(cast.home.pk, today=TODAY)
    assert (school.places, school.posted, school.due) == (3, 2, 1)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("", {"A", "B", "C"}),
        ("without", {"B", "C"}),
        ("made", {"B"}),
        ("due", {"A"}),
        ("closed", {"D"}),
    ],
)
def test_the_filter(cast, state, names):
    a, b, *_rest = [
        PlaceFactory(government=cast.home, name=name, is_active=name != "D") for name in "ABCD"
    ]
    PosterFactory(place=a, **hung(TODAY - timedelta(days=181), cast[COORDINATOR]))
    PosterFactory(place=b)
    found = queries.places(cast[COORDINATOR], queries.PlaceFilter(state=state), today=TODAY)
    assert {row.name for row in found} == names


def test_the_list_costs_the_same_for_two_and_for_seven(cast, client_as):
    client = client_as(cast[COORDINATOR])

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("opd:places")).status_code == 200
        return len(asked)

    for _time in range(2):
        PosterFactory(place=PlaceFactory(government=cast.home))
    client.get(reverse("opd:places"))
    before = cost()
    for _time in range(5):
        PosterFactory(place=PlaceFactory(government=cast.home))
    assert cost() == before


def test_a_scan_row_belongs_to_a_place_and_a_day_and_nothing_else():
    names = {field.name for field in PlaceScan._meta.get_fields()}
    assert names == {"id", "government", "place", "day", "count"}
