"""Screens of the pocket books, and the public page of a unit to which their codes lead."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from assessments.booklet_documents import address_of
from assessments.models import Booklet, BookletRun, Indicator, Plan
from assessments.tests.factories_rpjmd import indicator_of, make_plan, planner, sent, verified
from assessments.tests.matrix_rpjmd_booklets import document_of, plan_of, run_of
from integrity_portal.core.documents.tasks import render_document
from integrity_portal.core.models import Document, LedgerEntry
from integrity_portal.tests.test_budgets import PUBLIC_BYTES, linked
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast

SignIn = Callable[[Membership], Client]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Its second quarter of 2026 is known."""
    plan = plan_of(cast)
    by = cast[Role.OPD_OPERATOR]
    verified(indicator_of(plan, "Indeks contoh"), 72, by=by, planner=planner(cast))
    return plan


@pytest.fixture
def desk(cast: Cast, client_as: SignIn) -> Client:
    return client_as(planner(cast))


def url(name: str, *args: object) -> str:
    return reverse(f"assessments:rpjmd_{name}", args=args)


def of_unit(cast: Cast) -> str:
    return reverse("unit_performance", args=[cast.home.slug, cast.unit.public_id])


def newest(plan: Plan) -> str:
    return f"{plan.first_year}-0"


# --- asking, watching, taking along ---


def test_the_page_lists_the_units_of_the_plan(cast: Cast, plan: Plan, desk: Client) -> None:
    page = desk.get(url("booklets", plan.pk)).content.decode()
    assert "Dinas Satu" in page
    assert "Dinas Dua" in page
    assert "UPTD Satu" not in page
    assert url("booklet_new", plan.pk, cast.unit.pk) in page
    assert f'href="{of_unit(cast)}"' in page
    assert url("booklets_zip", plan.pk) not in page


def test_a_unit_sees_its_own_branch_and_no_button_for_all(
    cast: Cast, plan: Plan, client_as: SignIn
) -> None:
    page = client_as(cast[Role.OPD_OPERATOR]).get(url("booklets", plan.pk)).content.decode()
    assert "Dinas Satu" in page
    assert "Dinas Dua" not in page
    assert url("booklets_all", plan.pk) not in page


def test_one_book_is_asked_for_and_watched(cast: Cast, plan: Plan, client_as: SignIn) -> None:
    client = client_as(cast[Role.OPD_OPERATOR])
    address = url("booklet_new", plan.pk, cast.unit.pk)
    assert client.get(address).status_code == 200
    answer = client.post(address, {"period": newest(plan)})
    document = Document.objects.get()
    assert answer.url == reverse("reports:document", args=[document.pk])
    assert client.get(answer.url).status_code == 200
    assert document.params == {
        "plan": plan.pk,
        "unit": cast.unit.pk,
        "year": plan.first_year,
        "quarter": 0,
    }


def test_a_period_that_is_not_over_is_refused(cast: Cast, plan: Plan, desk: Client) -> None:
    address = url("booklet_new", plan.pk, cast.unit.pk)
    for period in ("2029-4", "", "x", "2029-0"):
        assert desk.post(address, {"period": period}).status_code == 422
    answer = desk.post(url("booklets_all", plan.pk), {"period": "2029-4"}, follow=True)
    assert answer.status_code == 200
    assert not Document.objects.exists()


def test_all_books_at_once_with_progress_cancel_and_retry(plan: Plan, desk: Client) -> None:
    for _press in range(2):
        answer = desk.post(url("booklets_all", plan.pk), {"period": newest(plan)}, follow=True)
        assert answer.status_code == 200
    run = BookletRun.objects.get()
    page = answer.content.decode()
    assert url("booklets_cancel", plan.pk, run.pk) in page
    assert 'hx-trigger="every 3s"' in page
    assert "<progress" in page
    part = desk.get(url("booklets_progress", plan.pk), headers={"HX-Request": "true"})
    moved = part.content.decode()
    assert moved.lstrip().startswith('<div id="booklets-progress"')
    # The table moves with the card.
    assert 'id="booklets-shelves" hx-swap-oob="true"' in moved
    assert "hx-swap-oob" not in page
    assert 'id="booklets-shelves"' in page
    assert desk.get(url("booklets_progress", plan.pk)).status_code == 302
    desk.post(url("booklets_cancel", plan.pk, run.pk))
    assert set(Document.objects.values_list("job_state", flat=True)) == {"cancelled"}
    page = desk.get(url("booklets", plan.pk)).content.decode()
    assert url("booklets_retry", plan.pk, run.pk) in page
    assert "hx-trigger" not in page
    desk.post(url("booklets_retry", plan.pk, run.pk))
    for pk in Document.objects.values_list("pk", flat=True):
        render_document(pk=pk)
    page = desk.get(url("booklets", plan.pk)).content.decode()
    assert url("booklets_zip", plan.pk) in page
    assert "hx-trigger" not in page


def test_finished_books_leave_as_one_zip_with_a_list(
    cast: Cast, plan: Plan, desk: Client, client_as: SignIn
) -> None:
    assert desk.get(url("booklets_zip", plan.pk)).status_code == 404
    run = run_of(cast)
    answer = desk.get(url("booklets_zip", plan.pk))
    assert answer.streaming
    assert answer["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.namelist() == ["dinas-satu.pdf", "DAFTAR.txt"]
        assert archive.read("dinas-satu.pdf").startswith(b"%PDF")
        told = archive.read("DAFTAR.txt").decode()
    assert "Dinas Dua: belum ada buku yang jadi" in told
    assert LedgerEntry.objects.filter(verb="booklets.taken").count() == 1
    # Another unit's people take nothing of it.
    Booklet.objects.filter(run=run).update(unit=cast.other_unit)
    mine = client_as(cast[Role.OPD_OPERATOR])
    assert mine.get(url("booklets_zip", plan.pk)).status_code == 404


def test_drafts_are_for_planners_and_have_no_books(
    cast: Cast, desk: Client, client_as: SignIn
) -> None:
    draft = make_plan(cast)
    page = desk.get(url("booklets", draft.pk))
    assert page.status_code == 200
    assert url("booklets_all", draft.pk) not in page.content.decode()
    assert client_as(cast[Role.SEKDA]).get(url("booklets", draft.pk)).status_code == 404
    answer = desk.post(url("booklets_all", draft.pk), {"period": newest(draft)}, follow=True)
    assert answer.status_code == 200
    assert not BookletRun.objects.exists()


def test_the_summary_is_asked_for_on_the_same_form(plan: Plan, desk: Client) -> None:
    answer = desk.post(url("summary", plan.pk), {"period": newest(plan)})
    document = Document.objects.get()
    assert answer.url == reverse("reports:document", args=[document.pk])
    assert document.kind == "assessments.plan_summary"
    assert document.title in desk.get(url("booklets", plan.pk)).content.decode()


def test_the_page_costs_the_same_for_more_units(cast: Cast, plan: Plan, desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url("booklets", plan.pk)).status_code == 200
        return len(seen)

    run = run_of(cast)
    queries()
    first = queries()
    document = document_of(plan, cast.other_unit)
    Booklet.objects.create(government=cast.home, run=run, unit=cast.other_unit, document=document)
    assert queries() == first


# --- the live page ---


@pytest.fixture
def shown(cast: Cast, plan: Plan) -> Plan:
    Plan.objects.filter(pk=plan.pk).update(is_public=True)
    sent(indicator_of(plan, "Warga dilayani"), 31, by=cast[Role.OPD_OPERATOR])
    return plan


def test_a_public_plan_shows_verified_figures_to_everybody(cast: Cast, shown: Plan) -> None:
    Indicator.objects.update(responsible="Budi Santoso")
    answer = Client().get(of_unit(cast))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Indeks contoh" in page
    assert "Persentase dua" not in page
    # Sent, not verified; and whoever answers for it is nobody's business here.
    assert "31" not in page.split("<main", 1)[1].split("</main>", 1)[0].replace("31 ", "")
    assert "Budi Santoso" not in page
    assert cast[Role.OPD_OPERATOR].user.name not in page
    assert "max-age=300" in answer["Cache-Control"]
    assert not answer.cookies
    assert address_of(cast.unit, cast.home).endswith(of_unit(cast))


def test_the_live_page_says_up_to_which_quarter_a_figure_counts(cast: Cast, shown: Plan) -> None:
    """The page is about the end of the third quarter; the index was verified for the first."""
    with travel(datetime(2026, 10, 10, 3, tzinfo=UTC), tick=False):
        page = Client().get(of_unit(cast)).content.decode()
    assert "Keadaan akhir Triwulan III 2026" in page
    assert "terverifikasi s.d. triwulan I<" in page


def test_the_live_page_is_light_and_speaks_english_when_asked(cast: Cast, shown: Plan) -> None:
    client = Client()
    page = client.get(of_unit(cast)).content
    total = len(gzip.compress(page)) + sum(
        len(gzip.compress(client.get(address).getvalue())) for address in linked(page.decode())
    )
    assert total <= PUBLIC_BYTES
    english = client.get(of_unit(cast), {"lang": "en"}).content.decode()
    assert '<html lang="en"' in english
    assert "Only realisations that a planner has verified count" in english


def test_without_a_public_plan_strangers_sign_in_and_come_back(cast: Cast, plan: Plan) -> None:
    answer = Client().get(of_unit(cast))
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={of_unit(cast)}"
    assert "no-store" in answer["Cache-Control"]


def test_without_a_public_plan_members_go_to_their_own_page(
    cast: Cast, plan: Plan, client_as: SignIn
) -> None:
    answer = client_as(cast[Role.SEKDA]).get(of_unit(cast))
    assert answer.status_code == 302
    assert str(cast.unit.pk) in answer.url
    for stranger in (cast.away_offices[Role.SEKDA], cast[Role.TPN_REVIEWER]):
        assert client_as(stranger).get(of_unit(cast)).status_code == 403


def test_an_address_of_another_government_or_nobody_is_unknown(cast: Cast, shown: Plan) -> None:
    for slug, public_id in (
        (cast.away.slug, cast.unit.public_id),
        (cast.home.slug, "x" * 22),
        (cast.home.slug, "0"),
    ):
        address = reverse("unit_performance", args=[slug, public_id])
        assert Client().get(address).status_code == 404


def test_drafts_and_closed_plans(cast: Cast, shown: Plan) -> None:
    """A draft never shows; a unit that was closed keeps its printed address."""
    make_plan(cast, title="Rahasia", is_public=True, first_year=2026, last_year=2027)
    cast.unit.active_to = date(2026, 1, 1)
    cast.unit.save()
    page = Client().get(of_unit(cast)).content.decode()
    assert "Rahasia" not in page
    assert "Indeks contoh" in page
    Plan.objects.filter(pk=shown.pk).update(is_public=False)
    assert Client().get(of_unit(cast)).status_code == 302


def test_the_live_page_costs_at_most_twelve_queries(cast: Cast, shown: Plan) -> None:
    with CaptureQueriesContext(connection) as seen:
        Client().get(of_unit(cast))
    assert len(seen) <= 12


def test_the_year_on_the_page_is_the_one_that_is_over(cast: Cast, shown: Plan) -> None:
    page = Client().get(of_unit(cast)).content.decode()
    assert str(min(timezone.localdate().year, shown.last_year)) in page
