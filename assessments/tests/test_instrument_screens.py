"""Instruments as people read them."""

import gzip
import html
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions.instruments import load_instruments
from assessments.instrument import instrument_files
from assessments.models import InstrumentEdition
from assessments.tests.factories_worksheets import NOW, edition, make_sheet
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def client(cast: Cast, client_as: Callable[[Membership], Client]) -> Client:
    load_instruments(now=NOW)
    found = client_as(cast[Role.OPD_OPERATOR])
    found.cookies["django_language"] = "en"
    return found


def page(client: Client, name: str, *args: int) -> str:
    return client.get(reverse(f"assessments:{name}", args=args)).content.decode()


def test_the_list_says_what_is_used(cast: Cast, client: Client) -> None:
    assert "stays as it is" not in page(client, "instruments")
    make_sheet(cast)
    found = page(client, "instruments")
    assert found.count("stays as it is") == 1
    assert found.count("Not used yet") == 1
    assert "113 questions" in found
    assert "Only for history" in found


def test_one_is_readable_whole_with_its_doubts(client: Client) -> None:
    row = edition()
    found = page(client, "instrument", row.pk)
    instrument = row.instrument
    for code, question in instrument.questions.items():
        assert f'id="{code}"' in found
        assert str(question.text) in html.unescape(found)
    assert found.count("<article") == 113
    doubts = sum(len(each.doubts) for each in instrument.questions.values())
    assert doubts > 100
    assert "18,25" in found
    # Signed-in pages weigh at most 35 KB when style and script are there already.
    assert len(gzip.compress(found.encode())) <= 35 * 1024


def test_both_readings_of_the_area_minimum(client: Client) -> None:
    found = page(client, "instrument", edition().pk)
    assert "A.I.1 + A.II.1" in found
    assert "both readings are shown" in found


def test_what_differs_between_two(client: Client) -> None:
    newer, older = edition(), InstrumentEdition.objects.get(code="permenpanrb-52-2014")
    found = page(client, "instrument_diff", newer.pk, older.pk)
    for heading in ("Added", "Removed", "Weighed differently", "Gates"):
        assert heading in found
    assert "Answers to" in found
    same = reverse("assessments:instrument_diff", args=[newer.pk, newer.pk])
    assert client.get(same).status_code == 404


def test_a_change_of_the_other_language_says_so(client: Client) -> None:
    row = edition()
    content = instrument_files()["permenpanrb-90-2021"].content
    texts = [dict(each) for each in content["sub_aspects"]]
    texts[0] = {**texts[0], "title_id": "Nama lain"}
    later = InstrumentEdition.objects.create(
        code=row.code,
        edition=2,
        content={**content, "edition": 2, "sub_aspects": texts},
        sha256="a" * 64,
        valid_from=row.valid_from,
        loaded_at=NOW,
    )
    found = page(client, "instrument_diff", later.pk, row.pk)
    assert "only the text in the other language differs" in found


def test_nothing_loaded_says_what_to_do(
    cast: Cast, client_as: Callable[[Membership], Client]
) -> None:
    found = client_as(cast[Role.OPD_OPERATOR])
    found.cookies["django_language"] = "en"
    assert "load_instruments" in page(found, "instruments")
