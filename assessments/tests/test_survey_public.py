"""A citizen answers on a phone: one page, no script, no account; every way in which it goes wrong."""

import gzip
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import SurveyResponse
from assessments.tests import factories_surveys as make
from assessments.views import survey_public
from integrity_portal.tests.test_budgets import PUBLIC_BYTES, linked

pytestmark = pytest.mark.usefixtures("indonesian")


class Citizen:
    def __init__(self, round):
        self.round, self.client = round, Client()
        self.url = reverse("survey", args=[round.government.slug, round.public_id])
        self.key = str(uuid4())

    def send(self, value="6", **more):
        answers = dict.fromkeys(self.round.asked.item_codes, value)
        data = {"form_key": self.key, "comment": "", "proof": "", **answers, **more}
        return self.client.post(
            self.url + ("?lang=en" if more.get("english") else ""), data, follow=True
        )


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def citizen(cast):
    return Citizen(make.open_round(cast.unit, survey="SKM"))


def test_from_the_code_to_the_thanks(citizen):
    code = make.codes(citizen.round)[0]
    page = citizen.client.get(citizen.url)
    assert page.status_code == 200
    assert "<script" not in page.content.decode()

    thanks = citizen.send("4", proof=code, profile_sex="female", comment="Ramah 🙏 <b>sekali</b>")

    assert thanks.status_code == 200
    assert thanks.redirect_chain
    row = SurveyResponse.objects.get()
    assert (row.profile, row.comment, row.has_proof) == (
        {"sex": "female"},
        "Ramah 🙏 <b>sekali</b>",
        True,
    )
    assert set(row.answers.values()) == {4}
    assert citizen.send("4", proof=code).redirect_chain
    assert SurveyResponse.objects.count() == 1


def test_a_bad_code_loses_nothing_that_was_chosen(citizen):
    page = citizen.send("3", proof="ABCD-EFGH", comment="Antrean panjang", profile_age="a30")
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("checked") == 9
    for typed in ("Antrean panjang", "ABCD-EFGH", "a30"):
        assert re.search(rf'{typed}"? ?(selected)?', html)
    assert "error-summary-title" in html
    assert not SurveyResponse.objects.exists()


def test_what_is_missing_is_named_once_and_the_rest_stays(citizen):
    page = citizen.send("3", proof="x", U4="")
    assert page.content.decode().count("checked") == 8
    assert len(page.context["form"].errors) == 1
    assert "U4" in page.context["form"].errors


def test_a_used_code_says_so_and_nothing_else(citizen):
    code = make.codes(citizen.round)[0]
    citizen.send("4", proof=code, comment="Rahasia saya")
    second = Citizen(citizen.round)
    page = second.send("1", proof=code)
    assert page.context["form"].errors["proof"]
    assert "Rahasia saya" not in words(page)
    assert SurveyResponse.objects.count() == 1


def test_do_not_know_is_an_answer(citizen):
    citizen.send("4", proof=make.codes(citizen.round)[0], U9="0")
    assert SurveyResponse.objects.get().answers["U9"] == 0


def test_a_nik_in_the_text_is_refused_with_a_sentence(citizen):
    page = citizen.send("4", proof=make.codes(citizen.round)[0], comment="3571012005900001")
    assert "NIK" in page.context["form"].errors["comment"][0]
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize("when", ["draft", "before", "after", "closed"])
def test_a_survey_that_is_not_open_says_so(when, cast):
    if when == "draft":
        row = make.make_round(cast.unit)
    elif when == "before":
        soon = make.today() + timedelta(days=3)
        row = make.open_round(cast.unit, opens_on=soon)
    elif when == "after":
        row = make.open_round(cast.unit)
        type(row).objects.filter(pk=row.pk).update(
            opens_on=make.today() - timedelta(days=9), closes_on=make.today() - timedelta(days=1)
        )
    else:
        row = make.closed_round(cast.unit)
    citizen = Citizen(row)
    page = citizen.client.get(citizen.url)
    assert page.status_code == (404 if when == "draft" else 200)
    assert "<form" not in page.content.decode().split("<main", 1)[-1]
    before = SurveyResponse.objects.count()
    citizen.send("4", proof="ACDEFGHJ")
    assert SurveyResponse.objects.count() == before


def test_without_a_code_only_where_the_round_lets_everybody_in(citizen, cast):
    assert "proof" in citizen.send("4").context["form"].errors
    free = Citizen(make.open_round(cast.other_unit, door="open"))
    assert free.send("4").redirect_chain
    assert not SurveyResponse.objects.get().has_proof


def test_a_flood_without_proof_leaves_the_door_open_for_codes(cast, monkeypatch):
    monkeypatch.setattr(survey_public, "WITHOUT_PROOF", 2)
    row = make.open_round(cast.unit, door="open")
    for _each in range(2):
        assert Citizen(row).send("6").redirect_chain

    honest = Citizen(row)
    page = honest.send("5", comment="Terima kasih")

    assert page.status_code == 429
    assert "Terima kasih" in page.content.decode()
    assert page.content.decode().count("checked") == 5
    assert honest.send("5", proof=make.codes(row)[0]).redirect_chain
    elsewhere = make.open_round(cast.other_unit, door="open")
    assert Citizen(elsewhere).send("6").redirect_chain


def test_another_governments_address_is_404(citizen, cast):
    address = reverse("survey", args=[cast.away.slug, citizen.round.public_id])
    assert Client().get(address).status_code == 404


def test_the_page_speaks_english_and_keeps_it_after_an_error(citizen):
    page = citizen.client.get(citizen.url + "?lang=en")
    assert "Send my answers" in words(page)
    assert "Do the requirements fit" in words(page)
    assert "Send my answers" in words(citizen.send("4", english="1"))


def test_no_published_page_tells_of_the_few(cast):
    first = make.published_round(cast.unit, number=7, value=6)
    few = make.closed_round(cast.other_unit, number=3)
    listed = Client().get(reverse("survey_list", args=[cast.home.slug]))
    assert "Dinas Satu" in words(listed)
    assert "Dinas Dua" not in words(listed)
    assert not listed.cookies
    result = Client().get(Citizen(first).url)
    assert "4,00" in words(result)
    assert "4,00" not in words(Client().get(Citizen(few).url))


def test_every_public_page_of_surveys_is_light(citizen, cast):
    published = make.published_round(cast.other_unit)
    pages = {
        "form": citizen.client.get(citizen.url),
        "errors": citizen.send("", comment="Panjang sekali. " * 40),
        "result": citizen.client.get(Citizen(published).url),
        "thanks": citizen.client.get(citizen.url + "terima-kasih/"),
        "list": citizen.client.get(reverse("survey_list", args=[cast.home.slug])),
    }
    for name, page in pages.items():
        html = page.content.decode()
        needed = linked(html)
        total = len(gzip.compress(page.content)) + sum(
            len(gzip.compress(citizen.client.get(address).getvalue())) for address in needed
        )
        assert total <= PUBLIC_BYTES, f"{name} weighs {total} bytes"
        assert len(needed) <= 4
        assert "<script" not in html
