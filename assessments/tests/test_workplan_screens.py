"""The pages of work plans. Strangers, wrong roles and foreign objects: opd/tests/test_matrix.py."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.enums import ActivityState
from assessments.models import Activity, WorkPlan
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    ReportFileFactory,
    WorkPlanFactory,
)
from assessments.tests.workplan_pages import (
    TODAY,
    SignIn,
    activity_data,
    make_plan,
    text_of,
    url,
)
from opd.enums import Role
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db


class TestList:
    def test_worst_first_and_only_what_may_be_read(
        self, cast: Cast, client_as: SignIn, plan: WorkPlan
    ) -> None:
        ActivityFactory(plan=make_plan(cast.other_unit), due_on=TODAY() - timedelta(days=1))
        make_plan(cast.away_unit)
        central = text_of(client_as(cast[Role.SEKDA]).get(url("workplans")))
        assert central.index("Dinas Dua") < central.index("Dinas Satu")
        assert "1 dari 2 unit punya kegiatan yang terlambat." in central
        assert "Dinas Jauh" not in central
        own = text_of(client_as(cast[Role.OPD_OPERATOR]).get(url("workplans")))
        assert "Dinas Dua" not in own

    def test_a_reviewer_of_the_ministry_sees_one_unit_only(
        self, cast: Cast, client_as: SignIn, plan: WorkPlan
    ) -> None:
        below = make_plan(cast.below)
        reviewer = client_as(cast[Role.TPN_REVIEWER])
        assert "UPTD Satu" not in text_of(reviewer.get(url("workplans")))
        assert reviewer.get(url("workplan", plan.pk)).status_code == 200
        assert reviewer.get(url("workplan", below.pk)).status_code == 404

    def test_your_move_lists_what_presses(self, activity: Activity, operator: Client) -> None:
        assert "Giliran Anda" not in text_of(operator.get(url("workplans")))
        Activity.objects.update(due_on=TODAY() - timedelta(days=3))
        assert "Giliran Anda" in text_of(operator.get(url("workplans")))

    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ({"q": "dua"}, "Dinas Dua", "Dinas Satu"),
            ({"show": "late"}, "Dinas Dua", "Dinas Satu"),
            ({"show": "head"}, "Dinas Satu", "Dinas Dua"),
            ({"stage": "building", "show": "bogus"}, "Dinas Satu", "belum ada apa-apa"),
        ],
    )
    def test_filters(
        self,
        cast: Cast,
        client_as: SignIn,
        activity: Activity,
        query: dict[str, str],
        shown: str,
        hidden: str,
    ) -> None:
        ActivityReportFactory(activity=activity, submitted=True)
        ActivityFactory(plan=make_plan(cast.other_unit), due_on=TODAY() - timedelta(days=1))
        page = text_of(client_as(cast[Role.INSPECTORATE]).get(url("workplans"), query))
        assert shown in page
        assert hidden not in page

    def test_nothing_found_says_what_to_do(
        self, cast: Cast, client_as: SignIn, plan: WorkPlan
    ) -> None:
        page = client_as(cast[Role.SEKDA]).get(url("workplans"), {"q": "tidak ada"})
        assert "Tampilkan semua unit" in text_of(page)

    def test_the_same_queries_for_two_and_for_seven(self, cast: Cast, client_as: SignIn) -> None:
        client = client_as(cast[Role.SEKDA])
        costs = []
        for number in (2, 5):
            for _ in range(number):
                unit = UnitFactory(government=cast.home)
                ActivityReportFactory(activity__plan=make_plan(unit), submitted=True)
            with CaptureQueriesContext(connection) as queries:
                client.get(url("workplans"))
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 12


class TestPlan:
    def test_areas_lights_and_dates(self, plan: WorkPlan, operator: Client) -> None:
        ActivityFactory(plan=plan, area="6", title="Survei", due_on=date(2020, 5, 1))
        page = text_of(operator.get(url("workplan", plan.pk)))
        assert page.index("1. Manajemen Perubahan") < page.index("6. Peningkatan Kualitas")
        assert "1 Mei 2020" in page
        assert "Terlambat" in page
        assert "0,00 %" in page

    def test_an_empty_plan_has_no_progress_yet(
        self, plan: WorkPlan, operator: Client, cast: Cast, client_as: SignIn
    ) -> None:
        page = text_of(operator.get(url("workplan", plan.pk)))
        assert "Belum ada" in page
        assert "0,00" not in page
        assert "Tambah kegiatan pertama" in page
        reader = text_of(client_as(cast[Role.INSPECTORATE]).get(url("workplan", plan.pk)))
        assert "Tambah kegiatan" not in reader

    def test_text_of_people_is_never_markup(self, plan: WorkPlan, operator: Client) -> None:
        evil = ActivityFactory(plan=plan, title="<script>alert(1)</script>")
        ActivityReportFactory(activity=evil, submitted=True, note="<b>tebal</b>")
        for name, pk in (("workplan", plan.pk), ("activity", evil.pk), ("workplan_print", plan.pk)):
            page = operator.get(url(name, pk)).content.decode()
            assert "<script>alert" not in page
            assert "<b>tebal" not in page

    def test_the_same_queries_for_two_and_for_seven(self, plan: WorkPlan, operator: Client) -> None:
        costs = []
        for number in (2, 5):
            for _ in range(number):
                ActivityReportFactory(activity=ActivityFactory(plan=plan), confirmed=True)
            with CaptureQueriesContext(connection) as queries:
                operator.get(url("workplan", plan.pk))
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 12

    def test_the_printed_plan_has_milestones_and_a_place_to_sign(
        self, cast: Cast, activity: Activity, operator: Client
    ) -> None:
        page = text_of(operator.get(url("workplan_print", activity.plan_id)))
        assert activity.milestone in page
        assert cast[Role.OPD_HEAD].printed_title in page

    def test_samples_are_marked(self, cast: Cast, operator: Client) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit)
        plan = WorkPlanFactory(zone=zone, is_sample=True)
        assert "Contoh" in text_of(operator.get(url("workplan", plan.pk)))


class TestNewPlan:
    def test_a_year_is_opened_with_last_years_activities(
        self, activity: Activity, operator: Client
    ) -> None:
        plan = activity.plan
        address = url("workplan_new", plan.zone_id)
        data = {"year": str(plan.year + 1), "copy_from": str(plan.pk)}
        for _ in range(2):
            response = operator.post(address, data)
        new = plan.zone.plans.get(year=plan.year + 1)
        assert new.activities.get().title == activity.title
        assert response.url == url("workplan", new.pk)

    def test_a_plan_of_elsewhere_cannot_be_named(self, cast: Cast, operator: Client) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit)
        foreign = make_plan(cast.other_unit)
        data = {"year": str(TODAY().year), "copy_from": str(foreign.pk)}
        response = operator.post(url("workplan_new", zone.pk), data)
        assert response.status_code == 200
        assert not zone.plans.exists()

    def test_a_head_above_reads_but_does_not_write(self, cast: Cast, head: Client) -> None:
        below = make_plan(cast.below)
        assert head.get(url("workplan", below.pk)).status_code == 200
        assert head.get(url("workplan_new", below.zone_id)).status_code == 403
        assert head.get(url("activity_new", below.pk)).status_code == 403


class TestActivity:
    def test_an_activity_is_added(self, plan: WorkPlan, operator: Client) -> None:
        data = activity_data()
        for _ in range(2):
            response = operator.post(url("activity_new", plan.pk), data)
            assert response.url == url("workplan", plan.pk)
        added = plan.activities.get()
        assert (added.area, added.due_on, added.position) == ("3", date(TODAY().year, 9, 30), 1)

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("title", "", "Tulis"),
            ("milestone", " ", "Tulis"),
            ("due_on", "30 Februari 2027", "tanggal"),
            ("due_on", "", "tanggal"),
            ("area", "7", "Pilih"),
            ("position", "1,5", "bulat"),
            ("position", "0", "1"),
            ("title", "x" * 201, "201"),
            ("version", "-1", ""),
            ("form_key", "bukan", ""),
        ],
    )
    def test_what_is_refused_stays_typed(
        self, plan: WorkPlan, operator: Client, field: str, value: str, sentence: str
    ) -> None:
        data = activity_data(**{field: value})
        response = operator.post(url("activity_new", plan.pk), data)
        page = response.content.decode()
        assert response.status_code == 200
        assert "data-portal-error-summary" in page
        assert sentence in text_of(response)
        assert not plan.activities.exists()
        kept = {name: typed for name, typed in data.items() if name not in {field, "version"}}
        assert all(typed in page for typed in kept.values() if typed)

    def test_the_later_editor_sees_both_texts_and_chooses(
        self, activity: Activity, operator: Client, head: Client
    ) -> None:
        address = url("activity_edit", activity.pk)
        assert f'value="{activity.title}"' in operator.get(address).content.decode()
        operator.post(address, activity_data(title="Milik operator"))
        response = head.post(address, activity_data(title="Milik kepala"))
        page = text_of(response)
        assert response.status_code == 409
        assert "Milik operator" in page
        assert 'value="Milik kepala"' in response.content.decode()
        activity.refresh_from_db()
        assert activity.title == "Milik operator"
        version = re.search(r'name="version" value="(\d+)"', response.content.decode())
        assert version
        again = head.post(address, activity_data(title="Milik kepala", version=version[1]))
        activity.refresh_from_db()
        assert again.status_code == 302
        assert (activity.title, activity.version) == ("Milik kepala", 3)

    def test_dropping_asks_why(self, activity: Activity, operator: Client) -> None:
        address = url("activity_drop", activity.pk)
        assert operator.get(address).status_code == 200
        assert "Tuliskan mengapa" in text_of(operator.post(address, {"reason": " "}))
        operator.post(address, {"reason": "Digabung dengan kegiatan lain"})
        activity.refresh_from_db()
        assert activity.state == ActivityState.DROPPED
        assert "Digabung dengan kegiatan lain" in text_of(
            operator.get(url("activity", activity.pk))
        )
        assert operator.get(address).status_code == 302
        assert operator.get(url("activity_report", activity.pk)).status_code == 302
        operator.post(url("activity_restore", activity.pk))
        activity.refresh_from_db()
        assert activity.state == ActivityState.ACTIVE

    def test_history_says_who_what_when_and_from_what_to_what(
        self, cast: Cast, activity: Activity, operator: Client
    ) -> None:
        for percent, trait in ((30, "confirmed"), (60, "returned"), (70, "submitted")):
            ActivityReportFactory(
                activity=activity,
                author=cast[Role.OPD_OPERATOR],
                percent=Decimal(percent),
                **{trait: True},
            )
        page = text_of(operator.get(url("activity", activity.pk)))
        first, second = "Laporan pertama: 30,00 %", "Dari 30,00 % menjadi 60,00 %"
        assert page.index("Dari 30,00 % menjadi 70,00 %") < page.index(second)
        assert page.index(second) < page.index(first)
        assert "Lampirkan notulen rapat." in page
        assert cast[Role.OPD_OPERATOR].title in page

    def test_a_draft_is_for_its_author_only(
        self, cast: Cast, activity: Activity, operator: Client, head: Client
    ) -> None:
        ActivityReportFactory(
            activity=activity, author=cast[Role.OPD_OPERATOR], note="Masih konsep"
        )
        assert "Lanjutkan draf" in text_of(operator.get(url("activity", activity.pk)))
        assert "Lanjutkan draf" not in text_of(head.get(url("activity", activity.pk)))
        assert "Masih konsep" not in text_of(head.get(url("activity_report", activity.pk)))

    def test_the_same_queries_for_two_and_for_seven_reports(
        self, activity: Activity, operator: Client
    ) -> None:
        costs = []
        for number in (2, 5):
            for _ in range(number):
                report = ActivityReportFactory(activity=activity, confirmed=True)
                ReportFileFactory(report=report)
            with CaptureQueriesContext(connection) as queries:
                operator.get(url("activity", activity.pk))
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 12
