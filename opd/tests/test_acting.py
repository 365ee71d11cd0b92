"""Two tabs in two offices: what is sent acts in the office in which its page was shown."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(cast, client_as):
    """A secretary of both governments, with the page of each open in a tab."""
    home = cast[Role.ADMINISTRATOR]
    away = MembershipFactory(
        user=home.user, government=cast.away, role=Role.ADMINISTRATOR, title="Pengelola Jauh"
    )
    return client_as(home), home, away


def switch(client: Client, office) -> None:
    client.post(reverse("opd:membership_switch"), {"membership": office.pk})


def hidden_office(page: str) -> str:
    return re.search(r'name="acting_as" value="(\d+)"', page)[1]


NEW_UNIT = {"code": "9.99", "name": "Dinas Baru", "kind": "dinas", "active_from": "2020-01-01"}


def test_every_form_says_in_which_office_it_was_opened(two):
    client, home, _away = two

    page = client.get(reverse("opd:unit_add")).content.decode()

    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)
    assert len(forms) >= 3
    assert {hidden_office(form) for form in forms} == {str(home.pk)}


def test_a_form_of_the_other_tab_is_done_in_its_own_office(two, cast):
    client, home, away = two
    page = client.get(reverse("opd:unit_add")).content.decode()
    switch(client, away)

    answer = client.post(
        reverse("opd:unit_add"), {**NEW_UNIT, "acting_as": hidden_office(page)}, follow=True
    )

    assert answer.status_code == 200
    assert "Dinas Baru" in answer.content.decode()
    assert "Anda sekarang bertindak sebagai" in answer.content.decode()
    assert Unit.objects.get(name="Dinas Baru").government == cast.home
    assert answer.wsgi_request.membership == home


def test_without_the_field_the_current_office_acts(two, cast):
    client, _, away = two
    switch(client, away)

    client.post(reverse("opd:unit_add"), NEW_UNIT)

    assert Unit.objects.get(name="Dinas Baru").government == cast.away


@pytest.mark.parametrize("whose", ["ended", "somebody else's", "invented", "not a number"])
def test_a_form_of_an_office_one_does_not_hold_writes_nothing_and_gives_the_text_back(
    two, cast, whose
):
    client, _home, away = two
    away.valid_to = date(2020, 1, 2)
    away.save()
    named = {
        "ended": away.pk,
        "somebody else's": cast[Role.MAYOR].pk,
        "invented": 10**12,
        "not a number": "x'; --",
    }[whose]

    answer = client.post(reverse("opd:unit_add"), {**NEW_UNIT, "acting_as": named})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Dinas Baru" in page
    assert "acting_as" not in page
    assert not Unit.objects.filter(name="Dinas Baru").exists()


def test_switching_works_from_a_tab_whose_office_has_ended(two):
    client, home, away = two
    switch(client, away)
    away.valid_to = date(2020, 1, 2)
    away.save()

    answer = client.post(
        reverse("opd:membership_switch"), {"membership": home.pk, "acting_as": away.pk}
    )

    assert answer.status_code == 302
    assert client.get(reverse("opd:account")).wsgi_request.membership == home


def test_what_was_typed_when_the_sign_in_ended_is_sent_again_in_its_office(two, cast):
    _client, home, _away = two
    fields = {**NEW_UNIT, "acting_as": str(home.pk)}

    page = Client().post(reverse("opd:unit_add"), fields).content.decode()

    assert hidden_office(page) == str(home.pk)
    assert page.count("acting_as") == 1


def test_a_page_of_the_other_office_is_offered_there(two, cast):
    client, _home, away = two
    target = reverse("opd:unit", args=[cast.away_unit.pk])

    missing = client.get(target)

    assert missing.status_code == 404
    page = missing.content.decode()
    assert "Pengelola Jauh" in page
    assert f'name="next" value="{target}"' in page
    answer = client.post(
        reverse("opd:membership_switch"), {"membership": away.pk, "next": target}, follow=True
    )
    assert answer.status_code == 200
    assert cast.away_unit.name in answer.content.decode()


def test_who_holds_one_office_gets_the_plain_404(cast, client_as):
    page = client_as(cast[Role.ADMINISTRATOR]).get(reverse("opd:unit", args=[10**9]))

    assert page.status_code == 404
    assert "<form" not in page.content.decode()
