"""The figures of the head's report: page, PDF and Excel say the same, and who may see them."""

import io
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from time_machine import travel

from assessments.actions.head_reports import request_head_report
from assessments.documents import government_frame
from assessments.enums import PlanState
from assessments.head_report_documents import head_chapter, head_chart
from assessments.models import Indicator, Plan
from assessments.plan_excel_out.lkpj import lkpj, summary
from assessments.queries.head_report import HeadReport, head_report
from assessments.tests.factories_exports import rich_plan
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    YEAR,
    indicator_of,
    make_indicator,
    make_plan,
    planner,
)
from integrity_portal.core.documents import registry, render
from integrity_portal.core.formatting import percent_id
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.fixtures import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return rich_plan(cast)


def of(plan: Plan, **asked: Any) -> HeadReport:
    return head_report(plan, **{"year": YEAR, "on": TODAY, **asked})


def paper_of(report: HeadReport) -> str:
    """The text of the PDF; spaces that do not break as spaces."""
    spec = head_chapter(report)
    frame = government_frame(report.plan.government)
    context = {"chapter": spec, "number": 1, "frame": frame, "language": "id"}
    html = render_to_string(spec.template, {**spec.context, **context})
    if folder := os.environ.get("PORTAL_SHOTS"):
        (Path(folder) / f"lkpj-{len(report.rows)}.pdf").write_bytes(render.pdf_of(html))
    reader = PdfReader(io.BytesIO(render.pdf_of(html)))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def url(name: str, plan: Plan, query: str = "") -> str:
    return reverse(f"assessments:{name}", args=[plan.pk]) + query


class TestFigures:
    def test_key_indicators_with_last_year_and_change(self, plan: Plan) -> None:
        rows = {row.indicator.name: row for row in of(plan).rows}
        assert list(rows) == ["Kemiskinan", "Indeks"]
        falling = rows["Kemiskinan"]
        assert falling.percent == (2 * Decimal("7.5") - Decimal("7.85")) * 100 / Decimal("7.5")
        assert falling.before.counted == (16 - Decimal("8.25")) * 100 / 8
        assert falling.percent is not None
        assert falling.change == falling.percent - falling.before.counted
        assert falling.is_provisional
        assert not rows["Indeks"].is_provisional
        assert rows["Indeks"].is_waiting

    def test_bands_and_mean_count_every_indicator_once(self, plan: Plan) -> None:
        report = of(plan, level="programme")
        assert report.mean == (report.mean.percent, 2, 3)
        assert sum(each.count for each in report.counts) == 2
        assert report.without == 1
        assert report.counts[0].band.code == "very_high"
        assert summary(report).startswith("Dari 3 indikator:")
        assert "1 belum ada capaian" in summary(report)

    def test_more_than_the_limit_counts_as_the_limit(self, plan: Plan) -> None:
        row = next(r for r in of(plan, level="activity").rows if r.indicator.name == "Melampaui")
        assert row.this.achieved.percent == Decimal(250)
        assert row.percent == Decimal(110)
        assert row.is_capped

    def test_the_picture_shows_the_lowest_first_and_names_what_has_no_figure(
        self, plan: Plan
    ) -> None:
        chart = head_chart(of(plan, level="activity"))
        assert [row[0] for row in chart.table.rows] == ["Rasio", "Melampaui"]
        assert "Belum ada" in chart.sentence
        assert "110" in chart.svg

    def test_a_year_before_the_plan_has_no_achievement(self, plan: Plan) -> None:
        assert all(row.before.counted is None for row in of(plan, year=2025).rows)

    def test_the_same_queries_for_more_indicators(self, cast: Cast, plan: Plan) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                of(plan)
            return len(seen)

        first = queries()
        node = indicator_of(plan, "Indeks").node
        for number in range(5):
            make_indicator(node, by=planner(cast), name=f"Lagi {number}", is_iku=True)
        assert queries() == first <= 6


class TestReading:
    def page(self, cast: Cast, plan: Plan, client_as: Any, query: str = "") -> str:
        answer = client_as(cast[Role.SEKDA]).get(url("rpjmd_lkpj", plan, query))
        return str(answer.content.decode())

    def test_a_running_year_says_why_the_plans_page_differs(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        with travel(NOW, tick=False):
            html = self.page(cast, plan, client_as)
        assert "terhadap target setahun penuh" in html
        assert f'{url("rpjmd_plan", plan)}?year={YEAR}&amp;quarter=2"' in html

    def test_figures_lead_to_their_rows_and_the_mean_to_the_table(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        html = self.page(cast, plan, client_as, f"?year={YEAR}&level=")
        row = of(plan).rows[0].indicator
        assert f'{reverse("assessments:indicator", args=[row.pk])}#y{YEAR}"' in html
        assert 'href="#figures"' in html
        assert 'id="figures"' in html

    def test_it_opens_on_the_newest_year_with_figures(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        with travel(datetime(2028, 2, 1, tzinfo=UTC), tick=False):
            assert f"IKU {YEAR}" in self.page(cast, plan, client_as)
            empty = self.page(cast, plan, client_as, "?year=2028&level=")
        assert "2028 belum ada angka terverifikasi" in empty

    def test_an_achievement_against_an_example_is_one(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        row = indicator_of(plan, "Kemiskinan")
        row.targets.filter(year=YEAR, quarter=0).update(is_sample=True)
        Plan.objects.filter(pk=plan.pk).update(is_sample=False)
        report = of(Plan.objects.get(pk=plan.pk))
        (found,) = [each for each in report.rows if each.is_sample_percent]
        assert found.indicator == row
        html = self.page(cast, plan, client_as, f"?year={YEAR}&level=")
        assert f'{percent_id(found.percent)}<br><span class="soft small">contoh</span>' in html
        assert paper_of(report).count("contoh") >= 2
        sheet = load_workbook(io.BytesIO(lkpj(report, now=NOW))).active
        assert sheet is not None
        cells = [str(cell.value) for each in sheet.iter_rows() for cell in each]
        assert any("target dan capaian contoh" in text for text in cells)


class TestSameEverywhere:
    def test_page_pdf_and_excel_say_the_same(self, cast: Cast, plan: Plan, client_as: Any) -> None:
        report = of(plan, level="activity")
        page = (
            client_as(cast[Role.SEKDA])
            .get(url("rpjmd_lkpj", plan, f"?year={YEAR}&level=activity"))
            .content.decode()
        )
        paper = paper_of(report)
        data = lkpj(report, now=NOW)
        sheet = load_workbook(io.BytesIO(data), data_only=True).active
        assert sheet is not None
        first = 9
        for number, row in enumerate(report.rows, start=first):
            shown = percent_id(row.percent)
            assert shown in page
            assert shown.replace("\u00a0", " ") in paper
            value = sheet[f"G{number}"].value
            if row.percent is None:
                assert not value
            else:
                assert value == pytest.approx(float(row.percent))
        assert report.mean.percent is not None
        mean = percent_id(report.mean.percent)
        assert mean in page
        assert mean.replace("\u00a0", " ") in paper
        at = first + len(report.rows)
        assert sheet[f"G{at}"].value == pytest.approx(float(report.mean.percent))
        assert summary(report) in paper
        texts = [cell.value for cells in sheet.iter_rows() for cell in cells]
        assert summary(report) in texts

    def test_a_hostile_name_stays_a_name(self, cast: Cast, plan: Plan, client_as: Any) -> None:
        name = "<script>alert(1)</script>=1+1"
        Indicator.objects.filter(pk=indicator_of(plan, "Indeks").pk).update(name=name)
        page = client_as(cast[Role.SEKDA]).get(url("rpjmd_lkpj", plan)).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


class TestPages:
    @pytest.mark.parametrize("name", ["rpjmd_e60", "rpjmd_e58", "rpjmd_lkpj_xlsx"])
    def test_a_member_downloads_a_workbook(
        self, name: str, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        answer = client_as(cast[Role.OPD_OPERATOR]).get(url(name, plan, f"?year={YEAR}"))
        assert answer.status_code == 200
        assert load_workbook(io.BytesIO(answer.content)).active is not None
        assert str(YEAR) in answer.headers["Content-Disposition"]

    def test_e81_of_ones_own_unit_and_of_another(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        client = client_as(cast[Role.OPD_OPERATOR])
        own = client.get(url("rpjmd_e81", plan))
        assert own.status_code == 200
        other = client.get(url("rpjmd_e81", plan, f"?unit={cast.other_unit.pk}&quarter=2"))
        assert other.status_code == 200
        assert "TW2" in other.headers["Content-Disposition"]

    @pytest.mark.parametrize(
        "query", ["", "?unit=&year=2026", "?unit=999999", "?year=1999", "?quarter=7", "?year=x"]
    )
    def test_a_choice_that_cannot_be_is_said_so(
        self, query: str, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        answer = client_as(cast[Role.SEKDA]).get(url("rpjmd_e81", plan, query))
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode() or "errors" in answer.content.decode()

    def test_the_head_report_refuses_a_year_that_is_not_the_plans(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        client = client_as(cast[Role.SEKDA])
        assert client.get(url("rpjmd_lkpj", plan, "?year=1999")).status_code == 422
        for answer in (
            client.get(url("rpjmd_lkpj_xlsx", plan, "?year=1999")),
            client.post(url("rpjmd_lkpj_pdf", plan, "?year=1999")),
        ):
            assert answer.status_code == 302
            assert answer.headers["Location"].endswith("year=1999")

    def test_a_draft_is_for_planners_only(self, cast: Cast, client_as: Any) -> None:
        draft = make_plan(cast)
        assert draft.state == PlanState.DRAFT
        for name in ("rpjmd_exports", "rpjmd_e60", "rpjmd_e58", "rpjmd_lkpj", "rpjmd_lkpj_xlsx"):
            assert client_as(planner(cast)).get(url(name, draft)).status_code == 200
            assert client_as(cast[Role.SEKDA]).get(url(name, draft)).status_code == 404
        assert client_as(cast[Role.SEKDA]).post(url("rpjmd_lkpj_pdf", draft)).status_code == 404


class TestPaper:
    def test_asking_is_recorded_and_asking_twice_is_asking_once(
        self, cast: Cast, plan: Plan, client_as: Any
    ) -> None:
        client = client_as(cast[Role.OPD_HEAD])
        first = client.post(url("rpjmd_lkpj_pdf", plan, f"?year={YEAR}"))
        again = client.post(url("rpjmd_lkpj_pdf", plan, f"?year={YEAR}"))
        assert first.status_code == 302
        assert first.headers["Location"] == again.headers["Location"]
        assert LedgerEntry.objects.filter(verb="document.requested").count() == 1

    def test_who_reads_the_plan_reads_the_paper(self, cast: Cast, plan: Plan) -> None:
        document = request_head_report(plan=plan, year=YEAR, level="", by=cast[Role.SEKDA], now=NOW)
        assert registry.readable_by(cast[Role.OPD_OPERATOR], document)
        assert not registry.readable_by(cast[Role.TPN_REVIEWER], document)
        assert not registry.readable_by(cast.away_offices[Role.SEKDA], document)
        assert registry.readable_among(cast[Role.SEKDA], [document]) == [document]
        assert document.params["on"] == date(2026, 7, 10).isoformat()

    def test_nobody_asks_for_the_paper_of_a_draft(self, cast: Cast) -> None:
        draft = make_plan(cast)
        with pytest.raises(PermissionDenied):
            request_head_report(plan=draft, year=YEAR, level="", by=cast[Role.SEKDA], now=NOW)
        made = request_head_report(plan=draft, year=YEAR, level="", by=planner(cast), now=NOW)
        assert not registry.readable_by(cast[Role.SEKDA], made)
