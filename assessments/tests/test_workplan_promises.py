"""What a head has seen and confirmed stays what he saw: decisions, promises, signatures."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from assessments.actions import reports
from assessments.enums import ReportState
from assessments.models import Activity, ActivityReport, WorkPlan
from assessments.queries.workplans import fingerprint
from assessments.tests.factories import ActivityFactory, ActivityReportFactory, ReportFileFactory
from assessments.tests.workplan_pages import (
    TODAY,
    SignIn,
    activity_data,
    decision,
    pdf,
    report_data,
    text_of,
    url,
)
from opd.enums import OfficeStatus, Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


def stand_in(cast: Cast, **values: object) -> Membership:
    """The Plh. head of the cast's unit for this week."""
    return MembershipFactory(
        government=cast.home,
        unit=cast.unit,
        role=Role.OPD_HEAD,
        title="Kepala Dinas Satu",
        office_status=OfficeStatus.PLH,
        substitutes_for=cast[Role.OPD_HEAD],
        valid_to=TODAY() + timedelta(days=5),
        **values,
    )


class TestShown:
    """A head decides on what he was shown, never on what replaced it."""

    @pytest.fixture
    def report(self, activity: Activity, operator: Client) -> ActivityReport:
        operator.post(url("activity_report", activity.pk), report_data(percent="55"))
        return activity.reports.get()

    def again(self, activity: Activity, operator: Client, **changed: object) -> None:
        """The operator takes his report back and sends the same one anew."""
        report = activity.reports.get()
        operator.post(url("report_withdraw", report.pk))
        report.refresh_from_db()
        data = report_data(
            form_key=str(report.form_key),
            version=str(report.version),
            **{"percent": "55", **changed},
        )
        assert operator.post(url("activity_report", activity.pk), data).status_code == 302
        assert activity.reports.get().pk == report.pk

    @pytest.mark.parametrize("door", ["report_confirm", "report_return"])
    @pytest.mark.parametrize(
        "changed", [{"percent": "95"}, {"note": "Semuanya selesai."}, {"files": "bukti"}]
    )
    def test_what_changed_meanwhile_is_not_decided(
        self,
        activity: Activity,
        report: ActivityReport,
        operator: Client,
        head: Client,
        door: str,
        changed: dict[str, object],
    ) -> None:
        shown = decision(report, message="Terima kasih, Bu.")
        assert shown["shown"] in head.get(url("workplan_queue")).content.decode()
        if "files" in changed:
            changed = {"files": [pdf()]}
        self.again(activity, operator, **changed)
        response = head.post(url(door, report.pk), shown)
        page = response.content.decode()
        report.refresh_from_db()
        assert (report.state, report.decided_by) == (ReportState.SUBMITTED, None)
        assert response.status_code == 409
        assert "Laporan ini sudah berubah" in text_of(response)
        assert "Terima kasih, Bu." in page
        assert fingerprint(report) in page
        assert shown["shown"] not in page
        head.post(url("report_confirm", report.pk), decision(report, message="Terima kasih, Bu."))
        report.refresh_from_db()
        assert (report.state, report.message) == (ReportState.CONFIRMED, "Terima kasih, Bu.")

    def test_nor_is_another_promise_confirmed_with_it(
        self, activity: Activity, report: ActivityReport, operator: Client, head: Client
    ) -> None:
        shown = decision(report)
        operator.post(url("report_withdraw", report.pk))
        operator.post(
            url("activity_edit", activity.pk),
            activity_data(milestone="Cukup dibicarakan", version=str(activity.version)),
        )
        self.again(activity, operator)
        assert head.post(url("report_confirm", report.pk), shown).status_code == 409

    def test_what_was_taken_back_is_not_decided_and_the_message_stays(
        self, report: ActivityReport, operator: Client, head: Client
    ) -> None:
        shown = decision(report, message="Notulen kurang.")
        operator.post(url("report_withdraw", report.pk))
        response = head.post(url("report_return", report.pk), shown)
        assert response.status_code == 409
        assert "ditarik kembali" in text_of(response)
        assert "Notulen kurang." in response.content.decode()
        report.refresh_from_db()
        assert report.state == ReportState.DRAFT

    def test_a_form_that_does_not_say_what_it_showed_decides_nothing(
        self, report: ActivityReport, head: Client
    ) -> None:
        assert head.post(url("report_confirm", report.pk)).status_code == 409
        report.refresh_from_db()
        assert report.state == ReportState.SUBMITTED

    def test_the_same_sent_once_more_is_what_he_saw(
        self, activity: Activity, report: ActivityReport, operator: Client, head: Client
    ) -> None:
        shown = decision(report)
        self.again(activity, operator, note=report.note)
        head.post(url("report_confirm", report.pk), shown)
        report.refresh_from_db()
        assert report.state == ReportState.CONFIRMED

    def test_a_report_that_was_never_sent_is_nobody_elses(
        self, cast: Cast, activity: Activity, head: Client
    ) -> None:
        draft = ActivityReportFactory(activity=activity, author=cast[Role.OPD_OPERATOR])
        assert head.post(url("report_confirm", draft.pk), decision(draft)).status_code == 404


class TestPromise:
    """Area, title, milestone and due date after a confirmation: docs/features/workplans.md."""

    @pytest.fixture(params=[100, 40])
    def confirmed(self, activity: Activity, request: pytest.FixtureRequest) -> Activity:
        ActivityReportFactory(activity=activity, confirmed=True, percent=Decimal(request.param))
        return activity

    def data(self, activity: Activity, **changed: object) -> dict[str, object]:
        return activity_data(
            **{
                "version": str(activity.version),
                "area": activity.area,
                "title": activity.title,
                "milestone": activity.milestone,
                "due_on": activity.due_on.isoformat(),
                "responsible": activity.responsible,
                "position": str(activity.position),
                **changed,
            }
        )

    @pytest.mark.parametrize(
        "changed",
        [
            {"area": "5"},
            {"title": "Kegiatan lain"},
            {"milestone": "Cukup dibicarakan"},
            {"due_on": f"30/12/{TODAY().year}"},
        ],
    )
    def test_the_operator_is_told_what_to_do_and_only_the_head_changes_it(
        self, confirmed: Activity, operator: Client, head: Client, changed: dict[str, str]
    ) -> None:
        address, version = url("activity_edit", confirmed.pk), confirmed.version
        assert "Mintalah kepala unit" in text_of(operator.get(address))
        response = operator.post(address, self.data(confirmed, **changed))
        assert "Mintalah kepala unit" in text_of(response)
        assert next(iter(changed.values())) in response.content.decode()
        confirmed.refresh_from_db()
        assert confirmed.version == version
        assert "Mintalah kepala unit" not in text_of(head.get(address))
        assert head.post(address, self.data(confirmed, **changed)).status_code == 302
        confirmed.refresh_from_db()
        assert confirmed.version == version + 1

    def test_who_acts_as_head_may_too(
        self, cast: Cast, confirmed: Activity, client_as: SignIn
    ) -> None:
        acting = client_as(stand_in(cast))
        response = acting.post(
            url("activity_edit", confirmed.pk), self.data(confirmed, title="Kegiatan lain")
        )
        assert response.status_code == 302

    def test_the_operator_still_says_who_does_it(
        self, confirmed: Activity, operator: Client
    ) -> None:
        data = self.data(confirmed, responsible="Sekretaris", position="9")
        assert operator.post(url("activity_edit", confirmed.pk), data).status_code == 302

    def test_what_was_only_returned_is_still_the_operators(
        self, activity: Activity, operator: Client
    ) -> None:
        ActivityReportFactory(activity=activity, returned=True)
        data = self.data(activity, title="Kegiatan lain")
        assert operator.post(url("activity_edit", activity.pk), data).status_code == 302


class TestSignature:
    def test_the_head_in_office_signs(self, cast: Cast, plan: WorkPlan, operator: Client) -> None:
        Membership.objects.filter(pk=cast[Role.OPD_HEAD].pk).update(
            title="Kepala Dinas Satu", office_status=OfficeStatus.PLT
        )
        page = text_of(operator.get(url("workplan_print", plan.pk)))
        assert "Plt. Kepala Dinas Satu" in page
        assert cast[Role.OPD_HEAD].user.name in page

    def test_while_a_substitution_runs_the_substitute_signs(
        self, cast: Cast, plan: WorkPlan, operator: Client
    ) -> None:
        acting = stand_in(cast)
        page = text_of(operator.get(url("workplan_print", plan.pk)))
        assert "Plh. Kepala Dinas Satu" in page
        assert acting.user.name in page
        assert cast[Role.OPD_HEAD].user.name not in page

    def test_without_a_holder_a_line_is_left_to_fill_in(
        self, cast: Cast, plan: WorkPlan, operator: Client
    ) -> None:
        name = cast[Role.OPD_HEAD].user.name
        Membership.objects.filter(pk=cast[Role.OPD_HEAD].pk).update(
            valid_from=TODAY() - timedelta(days=60), valid_to=TODAY() - timedelta(days=1)
        )
        response = operator.get(url("workplan_print", plan.pk))
        assert "Kepala unit" in text_of(response)
        assert '<p class="line"></p>' in response.content.decode()
        assert name not in text_of(response)


class TestOwnReports:
    def test_ones_own_reports_do_not_wait_for_oneself(
        self, cast: Cast, plan: WorkPlan, client_as: SignIn
    ) -> None:
        acting = stand_in(cast, user=cast[Role.OPD_OPERATOR].user)
        for title in ("Kegiatan satu", "Kegiatan dua"):
            activity = ActivityFactory(plan=plan, title=title)
            ActivityReportFactory(activity=activity, author=cast[Role.OPD_OPERATOR], submitted=True)
        client = client_as(acting)
        page = text_of(client.get(url("workplan_queue")))
        assert "laporan menunggu Anda." not in page
        assert "Tidak ada yang menunggu Anda." in page
        named = page.split("Orang lain harus mengonfirmasinya:")[1].split(". ")[0]
        assert cast[Role.OPD_HEAD].printed_title in named
        assert acting.printed_title not in named
        assert "menunggu konfirmasi Anda" not in text_of(client.get(url("workplans")))
        shown = client.get(url("activity", activity.pk)).content.decode()
        assert url("workplan_queue") + '">Konfirmasi' not in shown
        author = MembershipFactory(government=cast.home, unit=cast.unit, role=Role.OPD_OPERATOR)
        ActivityReportFactory(
            activity=ActivityFactory(plan=plan, title="Kegiatan tiga"),
            author=author,
            submitted=True,
        )
        page = text_of(client.get(url("workplan_queue")))
        assert "1 laporan menunggu Anda." in page
        assert page.index("Kegiatan tiga") < page.index("Kegiatan satu")

    def test_when_nobody_else_can_decide_it_says_whom_to_ask(
        self, cast: Cast, activity: Activity, head: Client
    ) -> None:
        own = cast[Role.OPD_HEAD]
        ActivityReportFactory(activity=activity, author=own, submitted=True)
        Membership.objects.filter(role=Role.OPD_HEAD).exclude(pk=own.pk).update(
            valid_from=TODAY() - timedelta(days=60), valid_to=TODAY() - timedelta(days=1)
        )
        assert "Mintalah administrator" in text_of(head.get(url("workplan_queue")))


def test_a_decision_on_what_was_not_shown_is_refused_for_a_program_too(
    cast: Cast, activity: Activity
) -> None:
    report = ActivityReportFactory(activity=activity, submitted=True)
    shown = fingerprint(report)
    ReportFileFactory(report=report)
    with pytest.raises(reports.ReportChanged):
        reports.confirm_report(
            report=report, shown=shown, by=cast[Role.OPD_HEAD], now=timezone.now()
        )
    with pytest.raises(PermissionDenied):
        reports.confirm_report(
            report=report,
            shown=fingerprint(report),
            by=cast[Role.OPD_OPERATOR],
            now=timezone.now(),
        )
    assert issubclass(reports.ReportChanged, StepRefused)
