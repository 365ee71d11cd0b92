"""People pages: what is listed, found, shortened and changed by the forms."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opd.enums import IdentifierKind, Role
from opd.models import Membership, TpiAssignment
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory
from opd.views.people import masked


@pytest.fixture
def admin(cast, client_as):
    return client_as(cast[Role.ADMINISTRATOR])


@pytest.fixture
def unit_admin(cast, client_as):
    return client_as(
        MembershipFactory(
            government=cast.home, role=Role.ADMINISTRATOR, unit=cast.unit, title="Admin Dinas"
        )
    )


def somebody(cast, name, **values):
    return MembershipFactory(
        **{
            "government": cast.home,
            "unit": cast.below,
            "role": Role.OPD_OPERATOR,
            "user__name": name,
            "title": f"Jabatan {name}",
            **values,
        }
    )


def names(client, **query):
    page = client.get(reverse("opd:people"), query)
    assert page.status_code == 200
    return [row["person"].name for row in page.context["rows"]]


def test_the_list_holds_the_scope_only(cast, admin, unit_admin):
    somebody(cast, "Bawah")
    somebody(cast, "Samping", unit=cast.other_unit)
    somebody(cast, "Jauh", government=cast.away, unit=cast.away_unit)

    assert {"Bawah", "Samping"} <= set(names(admin, q=""))
    assert "Jauh" not in names(admin, state="all", q="Jauh")
    assert "Bawah" in names(unit_admin)
    assert "Samping" not in names(unit_admin, state="all")


def test_people_are_found_by_name_title_and_whole_identifier(cast, admin):
    office = somebody(cast, "Dyah Ayu")
    LoginIdentifierFactory(user=office.user, value="199001012015011001")
    LoginIdentifierFactory(user=office.user, kind=IdentifierKind.PHONE, value="+6281234567890")

    for text in (
        "dyah",
        "JABATAN DYAH",
        "19900101 201501 1 001",
        "0812-3456-7890",
    ):
        assert names(admin, q=text) == ["Dyah Ayu"]
    for text in ("1990010120150110", "6281234567", "%", "__", "' or 1=1 --"):
        assert names(admin, q=text) == []


def test_filters_narrow(cast, admin):
    somebody(cast, "Sekarang")
    somebody(cast, "Dahulu", valid_to=date(2021, 1, 1))
    closed = somebody(cast, "Tutup")
    closed.user.is_active = False
    closed.user.save()

    below = {"unit": cast.below.pk}
    assert names(admin, **below) == ["Sekarang", "Tutup"]
    assert names(admin, state="all", **below) == ["Dahulu", "Sekarang", "Tutup"]
    assert names(admin, state="closed", **below) == ["Tutup"]
    assert names(admin, role="opd_head", **below) == []
    assert set(names(admin, unit=cast.unit.pk)) >= {"Sekarang", "Tutup"}
    assert "Sekarang" in names(admin, role="emperor", unit="x", state="y", page="z")


def test_the_list_costs_the_same_for_two_and_for_seven(cast, admin):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            names(admin, unit=cast.below.pk)
        return len(seen)

    for number in range(2):
        somebody(cast, f"Orang {number}")
    names(admin)
    two = cost()
    for number in range(5):
        row = somebody(cast, f"Orang lain {number}")
        LoginIdentifierFactory(user=row.user)
        MembershipFactory(user=row.user, government=cast.home, unit=cast.unit, role=Role.OPD_HEAD)
        Authenticator.objects.create(user=row.user, type="totp", data={"secret": "x"})

    assert cost() == two
    assert two <= 12


def test_one_person_costs_the_same_for_one_and_for_six_offices(cast, admin):
    office = somebody(cast, "Banyak")
    url = reverse("opd:person", kwargs={"pk": office.user_id})

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert admin.get(url).status_code == 200
        return len(seen)

    cost()
    one = cost()
    for year in range(2021, 2026):
        MembershipFactory(
            user=office.user,
            government=cast.home,
            unit=cast.unit,
            role=Role.OPD_HEAD,
            valid_from=date(year, 1, 1),
            valid_to=date(year, 12, 31),
            substitutes_for=cast[Role.OPD_HEAD],
        )
        TpiAssignment.objects.create(
            government=cast.home, membership=office, unit=cast.other_unit, year=year
        )

    assert cost() == one


def test_the_person_page_prints_titles_over_time(cast, admin):
    office = somebody(cast, "Budi", office_status="plt", title="Kepala Dinas Satu")
    MembershipFactory(
        user=office.user,
        government=cast.home,
        unit=cast.unit,
        role=Role.OPD_OPERATOR,
        title="Sekretaris Dinas",
        valid_from=date(2019, 1, 1),
        valid_to=date(2019, 12, 31),
    )

    page = admin.get(reverse("opd:person", kwargs={"pk": office.user_id})).content.decode()

    assert "Plt. Kepala Dinas Satu" in page
    assert "Sekretaris Dinas" in page
    assert "31 Desember 2019" in page


def test_a_unit_administrator_sees_neither_other_branches_nor_whole_identifiers(cast, unit_admin):
    office = somebody(cast, "Dua Dinas")
    LoginIdentifierFactory(user=office.user, value="199001012015011001")
    MembershipFactory(
        user=office.user,
        government=cast.home,
        unit=cast.other_unit,
        role=Role.OPD_HEAD,
        title="Jabatan Di Tempat Lain",
    )

    page = unit_admin.get(reverse("opd:person", kwargs={"pk": office.user_id})).content.decode()

    assert "Jabatan Dua Dinas" in page
    assert "Jabatan Di Tempat Lain" not in page
    assert "199001012015011001" not in page
    assert "1990•••••••••••001" in page
    assert reverse("opd:reset_code", kwargs={"pk": office.user_id}) not in page


def test_what_the_page_does_not_show_is_refused_when_sent(cast, unit_admin):
    office = somebody(cast, "Dua Dinas")
    MembershipFactory(
        user=office.user, government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD
    )
    pk = {"pk": office.user_id}

    for name, data in (
        ("opd:reset_code", {}),
        ("opd:account_close", {}),
        ("opd:rename", {"name": "Nama Lain"}),
        ("opd:identifier_add", {"identifier": "199001012015011001"}),
        ("opd:factor_remove", {"reason": "lost"}),
    ):
        response = unit_admin.post(reverse(name, kwargs=pk), data)
        assert response.status_code == 403, name
        assert "<h1>" in response.content.decode()
    beside = somebody(cast, "Samping", unit=cast.other_unit)
    for name in ("opd:person", "opd:office_add"):
        assert unit_admin.get(reverse(name, kwargs={"pk": beside.user_id})).status_code == 404
    for name in ("opd:office_end", "opd:substitute_add"):
        assert unit_admin.get(reverse(name, kwargs={"pk": beside.pk})).status_code == 404


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (IdentifierKind.NIP, "199001012015011001", "1990•••••••••••001"),
        (IdentifierKind.PHONE, "+6281234567890", "+628•••••••890"),
        (IdentifierKind.EMAIL, "siti@contoh.id", "s•••@contoh.id"),
    ],
)
def test_masks(kind, value, shown):
    assert masked(kind, value) == shown


def test_names_are_escaped(cast, admin):
    office = somebody(cast, "<script>alert(1)</script>")

    for url in (reverse("opd:people"), reverse("opd:person", kwargs={"pk": office.user_id})):
        assert "<script>alert" not in admin.get(url, {"state": "all"}).content.decode()


OFFICE = {
    "role": "opd_operator",
    "title": "Operator Baru",
    "office_status": "definitif",
    "valid_from": "1 Januari 2026",
}


def test_giving_an_office_by_the_form(cast, admin):
    person = cast[Role.OPD_HEAD].user
    url = reverse("opd:office_add", kwargs={"pk": person.pk})

    response = admin.post(url, {**OFFICE, "unit": cast.below.pk, "acts_below": "on"})

    assert response.url == reverse("opd:person", kwargs={"pk": person.pk})
    given = Membership.objects.get(title="Operator Baru")
    assert (given.unit, given.acts_below, given.valid_to) == (cast.below, True, None)


def test_the_form_of_a_unit_administrator_offers_his_branch_only(cast, unit_admin):
    office = somebody(cast, "Orang")

    page = unit_admin.get(reverse("opd:office_add", kwargs={"pk": office.user_id}))

    form = page.context["form"]
    assert {key for key, _ in form.fields["role"].choices} == {
        "",
        "opd_head",
        "opd_operator",
        "liaison_officer",
    }
    assert {key for key, _ in form.fields["unit"].choices} == {
        "",
        str(cast.unit.pk),
        str(cast.below.pk),
    }
    sent = unit_admin.post(
        reverse("opd:office_add", kwargs={"pk": office.user_id}),
        {**OFFICE, "role": "mayor", "unit": cast.unit.pk},
    )
    assert sent.status_code == 200
    assert not Membership.objects.filter(title="Operator Baru").exists()


def test_ones_own_office_form_is_refused(cast, admin):
    url = reverse("opd:office_add", kwargs={"pk": cast[Role.ADMINISTRATOR].user_id})

    assert admin.get(url).status_code == 403
    assert admin.post(url, {**OFFICE, "unit": cast.unit.pk}).status_code == 403


def test_appointing_a_substitute_by_the_form(cast, admin):
    stand_in = LoginIdentifierFactory(user=cast[Role.OPD_OPERATOR].user)
    url = reverse("opd:substitute_add", kwargs={"pk": cast[Role.OPD_HEAD].pk})
    values = {"office_status": "plh", "valid_from": "1/1/2099", "valid_to": "5/1/2099"}

    unknown = admin.post(url, {**values, "identifier": "199912312020121009"})
    assert "identifier" in unknown.context["form"].errors
    assert admin.post(url, {**values, "identifier": stand_in.value}).status_code == 302

    row = Membership.objects.get(substitutes_for=cast[Role.OPD_HEAD])
    assert (row.user, row.valid_from, row.valid_to) == (
        stand_in.user,
        date(2099, 1, 1),
        date(2099, 1, 5),
    )


def test_ending_an_office_by_the_form(cast, admin):
    office = somebody(cast, "Orang")
    url = reverse("opd:office_end", kwargs={"pk": office.pk})

    assert "last_day" in admin.post(url, {"last_day": "kemarin"}).context["form"].errors
    assert admin.post(url, {"last_day": "1/1/2099"}).status_code == 302

    office.refresh_from_db()
    assert office.valid_to == date(2099, 1, 1)


def test_an_office_that_never_began_takes_the_person_off_the_list(cast, admin):
    office = somebody(cast, "Tidak Jadi", valid_from=date(2099, 1, 1))

    response = admin.post(
        reverse("opd:office_end", kwargs={"pk": office.pk}), {"last_day": "1/1/2030"}
    )

    assert response.url == reverse("opd:people")


def test_the_code_is_shown_once(cast, admin):
    pk = {"pk": cast[Role.OPD_HEAD].user_id}

    shown = admin.post(reverse("opd:reset_code", kwargs=pk))

    assert shown.status_code == 200
    code = shown.context["code"]
    assert len(code.replace(" ", "")) == 8
    assert code in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert code not in admin.get(reverse("opd:person", kwargs=pk)).content.decode()
    assert admin.get(reverse("opd:reset_code", kwargs=pk)).status_code == 405


@pytest.mark.parametrize(
    ("name", "data"),
    [("rename", {"name": ""}), ("identifier_add", {"identifier": "123"}), ("factor_remove", {})],
)
def test_small_forms_answer_bad_input_with_a_sentence(cast, admin, name, data):
    pk = {"pk": cast[Role.OPD_HEAD].user_id}

    response = admin.post(reverse(f"opd:{name}", kwargs=pk), data, follow=True)

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_tpi_members_are_assigned_on_their_page(cast, client_as):
    member = LoginIdentifierFactory(user=cast[Role.OPD_HEAD].user)
    client = client_as(cast[Role.INSPECTORATE])
    values = {"identifier": member.value, "unit": cast.other_unit.pk, "year": "2026"}

    for wrong in (
        {"identifier": "199912312020121009"},
        {"unit": cast.unit.pk},
        {"unit": cast.away_unit.pk},
        {"year": "26"},
    ):
        refused = client.post(reverse("opd:tpi"), {**values, **wrong})
        assert refused.status_code == 200
        assert refused.context["form"].errors
    next_year = client.post(reverse("opd:tpi"), {**values, "year": "2031"}, follow=True)
    assert "Dinas Dua" in next_year.content.decode(), "the page of the year that was changed"
    TpiAssignment.objects.all().delete()
    assert client.post(reverse("opd:tpi"), values).status_code == 302

    page = client.get(reverse("opd:tpi"), {"year": "2026"}).content.decode()
    assert "Dinas Dua" in page
    assert client.get(reverse("opd:tpi"), {"year": "٢٠٢٦"}).status_code == 200
    row = TpiAssignment.objects.get()
    assert client.post(reverse("opd:tpi_release", kwargs={"pk": row.pk})).status_code == 302
    assert not TpiAssignment.objects.exists()


def test_readers_of_the_tpi_page_get_no_form(cast, client_as):
    page = client_as(cast[Role.SEKDA]).get(reverse("opd:tpi"))

    assert page.context["form"] is None


def test_ones_own_account_page(cast, client_as):
    office = cast[Role.OPD_OPERATOR]
    LoginIdentifierFactory(user=office.user, value="199001012015011001")

    page = client_as(office).get(reverse("opd:account")).content.decode()

    assert "199001012015011001" in page
    assert reverse("account_change_password") in page
    assert reverse("mfa_index") in page
    assert "Pejabat opd_operator" in page


def test_the_menu_shows_people_to_administrators_only(cast, client_as, admin):
    link = f'href="{reverse("opd:people")}"'

    assert link in admin.get(reverse("opd:account")).content.decode()
    assert link not in client_as(cast[Role.SEKDA]).get(reverse("opd:account")).content.decode()
