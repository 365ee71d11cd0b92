"""Posters: in series as one PDF, posted with a photo, looked at again, replaced, shared."""

import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from integrity_portal.core.documents import checks, tasks
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.actions.posters import (
    check_poster,
    make_posters,
    post_poster,
    record_printed,
    set_poster_line,
)
from opd.enums import CheckResult, PosterState, Role
from opd.models import Poster, PosterCheck
from opd.poster_documents import readable
from opd.queries.posters import due_posters, subjects
from opd.share_images import SHAPES, Words, share_image
from opd.tests.factories_places import (
    PlaceFactory,
    PosterFactory,
    hung,
    jpeg,
    photo,
    stored_photo,
)
from opd.transitions import StepRefused
from opd.workflow import POSTER

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
COORDINATOR, OPERATOR = Role.COMPLAINT_COORDINATOR, Role.OPD_OPERATOR
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def client_as(client_as):
    """Pages in English, as the sentences stand in the code."""

    def sign_in(membership):
        client = client_as(membership)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


@pytest.fixture
def by(cast):
    return cast[COORDINATOR]


@pytest.fixture
def poster(cast):
    return PosterFactory(place=PlaceFactory(government=cast.home, unit=cast.unit))


def post(poster, by, on=TODAY, **values):
    given = {"photo": stored_photo(by), "now": NOW, "today": TODAY, **values}
    return post_poster(poster=poster, on=on, by=by, **given)


def check(poster, by, result=CheckResult.OK, **values):
    given = {"on": TODAY, "note": "", "form_key": uuid4(), "now": NOW, "today": TODAY, **values}
    return check_poster(poster=poster, result=result, by=by, **given)


def made(document):
    tasks.render_document(pk=document.pk)
    document.refresh_from_db()
    with default_storage.open(document.file.key) as file:
        return file.read()


def test_the_table_has_no_way_back_from_replaced():
    assert not any(PosterState.REPLACED in step.sources for step in POSTER.transitions)


def test_a_series_is_one_document_with_one_page_a_place(cast, by, settings):
    settings.BASE_URL = "https://lapor.uji.go.id"
    set_poster_line(text="Ayo matur, aja wedi!", by=by)
    places = [PlaceFactory(government=cast.home, name=f"SDN {n:02}") for n in range(12)]
    document = make_posters(places=places, size="a4", by=by, now=NOW)
    again = make_posters(places=places, size="a4", by=by, now=NOW)
    assert again == document
    assert Poster.objects.count() == 12

    data = made(document)

    assert checks.check_pdf(data) == []
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) == document.pages == 12
    assert document.chapters_total == 2
    for place, page in zip(places, pages, strict=True):
        text = page.extract_text()
        for told in (place.name, place.number, f"lapor.uji.go.id/p/{place.token}", "Ayo matur"):
            assert told in text.replace("\n", " ")
        assert "Siapa yang membaca?" in text
        assert [round(float(edge)) for edge in page.mediabox[2:]] == [595, 842]


def test_a_single_poster_in_a5_with_a_very_long_name_stays_one_page(cast, by):
    place = PlaceFactory(government=cast.home, name="Sekolah Menengah Kejuruan " * 6)
    data = made(make_posters(places=[place], size="a5", by=by, now=NOW))
    (page,) = PdfReader(io.BytesIO(data)).pages
    assert [round(float(edge)) for edge in page.mediabox[2:]] == [420, 595]
    assert checks.check_pdf(data) == []


def test_only_for_places_one_may_write(cast, by):
    mine = PlaceFactory(government=cast.home, unit=cast.unit)
    other = PlaceFactory(government=cast.home, unit=cast.other_unit)
    with pytest.raises(PermissionDenied):
        make_posters(places=[mine, other], size="a4", by=cast[OPERATOR], now=NOW)
    with pytest.raises(StepRefused, match="at least one"):
        make_posters(places=[], size="a4", by=by, now=NOW)
    document = make_posters(places=[mine, other], size="a4", by=by, now=NOW)
    assert readable(cast[OPERATOR], [document]) == []
    assert readable(cast[Role.MAYOR], [document]) == [document]
    assert readable(cast[Role.IT_TEAM], [document]) == []


def test_from_the_printer_to_the_wall(poster, by):
    assert record_printed(posters=[poster], on=TODAY, by=by, now=NOW, today=TODAY) == 1
    poster.refresh_from_db()
    assert (poster.state, poster.printed_on) == (PosterState.PRINTED, TODAY)
    with pytest.raises(StepRefused, match="Take a photo"):
        post(poster, by, photo=None)
    with pytest.raises(StepRefused, match="lies ahead"):
        post(poster, by, on=TODAY + timedelta(days=1))
    row = post(poster, by)
    assert (row.state, row.posted_by, row.recheck_on) == (
        PosterState.POSTED,
        by,
        TODAY + timedelta(days=180),
    )
    assert row.photo.state == StoredFile.State.STORED
    assert post(poster, by) == row
    verbs = LedgerEntry.objects.values_list("verb", flat=True)
    assert {"poster.print", "poster.post"} <= set(verbs)


def test_of_another_unit_nobody_posts(poster, cast):
    PosterFactory(place=PlaceFactory(government=cast.home, unit=cast.other_unit))
    foreign = Poster.objects.exclude(pk=poster.pk).get()
    with pytest.raises(StepRefused):
        post(foreign, cast[OPERATOR])
    assert post(poster, cast[OPERATOR]).state == PosterState.POSTED


def test_the_photo_says_nothing_about_camera_and_place(by):
    assert b"RAHASIA-KAMERA" in jpeg()
    with default_storage.open(stored_photo(by).key) as file:
        assert b"RAHASIA-KAMERA" not in file.read()


def test_a_newer_edition_takes_the_older_ones_place(poster, by):
    post(poster, by)
    newer = PosterFactory(place=poster.place, edition=2)
    post(newer, by)
    poster.refresh_from_db()
    assert (poster.state, poster.recheck_on) == (PosterState.REPLACED, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Poster.objects.filter(pk=poster.pk).update(state="posted", recheck_on=TODAY)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (CheckResult.OK, PosterState.POSTED),
        (CheckResult.REPLACED, PosterState.POSTED),
        (CheckResult.MISSING, PosterState.GONE),
        (CheckResult.STICKERED, PosterState.GONE),
    ],
)
def test_looked_at_again(cast, by, result, state):
    long_ago = TODAY - timedelta(days=200)
    row = PosterFactory(place=PlaceFactory(government=cast.home), **hung(long_ago, by))
    assert row.is_due_on(TODAY)
    key = uuid4()
    first = check(row, by, result, photo=stored_photo(by), form_key=key)
    assert check(row, by, result, form_key=key) == first
    row.refresh_from_db()
    assert row.state == state
    assert row.recheck_on == (TODAY + timedelta(days=180) if state == PosterState.POSTED else None)
    assert LedgerEntry.objects.filter(verb="poster.checked").count() == 1


def test_a_sticker_needs_its_photo_and_a_day_that_can_be(cast, by):
    row = PosterFactory(place=PlaceFactory(government=cast.home), **hung(TODAY, by))
    with pytest.raises(StepRefused, match="sticker"):
        check(row, by, CheckResult.STICKERED)
    with pytest.raises(StepRefused, match="before the poster"):
        check(row, by, on=TODAY - timedelta(days=1))
    assert not PosterCheck.objects.exists()


def test_one_reminder_for_each_unit_that_has_posters(cast, by):
    for unit, days in ((cast.unit, 200), (cast.unit, 10), (None, 200)):
        day = TODAY - timedelta(days=days)
        PosterFactory(place=PlaceFactory(government=cast.home, unit=unit), **hung(day, by))
    central, own = due_posters(cast.home, TODAY)
    assert (central.owners[0].role, own.owners[0].unit_id) == (COORDINATOR, cast.unit.pk)
    assert own.due_on == TODAY - timedelta(days=20)
    assert set(subjects(cast[OPERATOR], ["0", own.link_id])) == {own.link_id}
    assert set(subjects(by, ["0", own.link_id])) == {"0", own.link_id}


def test_on_screen_the_photo_stays_when_the_day_is_wrong(cast, client_as, poster):
    client = client_as(cast[OPERATOR])
    here = reverse("opd:poster_post", args=[poster.pk])
    wrong = client.post(here, {"on": "31/12/2199", "proof": photo()})
    assert wrong.status_code == 422
    kept = StoredFile.objects.get(kind="poster_photo")
    assert kept.public_id in wrong.content.decode()
    client.post(here, {"on": f"{timezone.localdate():%d/%m/%Y}", "kept": kept.public_id})
    poster.refresh_from_db()
    assert poster.photo == kept
    shown = client.get(reverse("opd:poster_photo", args=[kept.public_id]))
    assert shown["Content-Type"] == "image/jpeg"
    assert shown.getvalue()
    page = client.get(reverse("opd:place", args=[poster.place_id])).content.decode()
    assert kept.public_id in page


def test_on_screen_ticks_choose_and_without_one_it_is_the_list(cast, client_as):
    client, here = client_as(cast[COORDINATOR]), reverse("opd:posters_make")
    schools = PlaceFactory.create_batch(2, government=cast.home)
    PlaceFactory(government=cast.home, kind="market")
    client.post(here, {"size": "a5", "kind": "school"})
    assert set(Poster.objects.values_list("place", flat=True)) == {row.pk for row in schools}
    client.post(here, {"printed": "1", "place": [str(schools[0].pk)]})
    states = dict(Poster.objects.values_list("place", "state"))
    assert states == {schools[0].pk: "printed", schools[1].pk: "made"}


@pytest.mark.parametrize(("shape", "height"), SHAPES.items())
def test_pictures_for_social_media_have_their_size_and_no_data(shape, height):
    words = Words(
        "Kota Uji",
        "SMK " * 20,
        "BCD FGH JKMN",
        "https://x.id/p/b",
        "x.id/p/b",
        "#0b4f6c",
        "#e0a100",
    )
    with Image.open(io.BytesIO(share_image(words, shape))) as image:
        assert (image.size, image.format) == ((1080, height), "PNG")
        assert not image.info
