"""An operator reports from his desk, the head confirms on a phone, both in a real browser."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.demo.workplans import small_pdf
from assessments.enums import ReportState
from assessments.tests.factories import ActivityFactory, IntegrityZoneFactory, WorkPlanFactory
from integrity_portal.testing.browser import assert_accessible
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_from_the_operators_desk_to_the_heads_phone(
    browser_page: Callable[..., Any], cast: Cast, tmp_path: Path
) -> None:
    today = timezone.localdate()
    plan = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit), year=today.year)
    activity = ActivityFactory(plan=plan, title="Memperbarui SOP", due_on=today - timedelta(days=2))
    good, bad = tmp_path / "notulen.pdf", tmp_path / "halaman.pdf"
    good.write_bytes(small_pdf(["Notulen"]))
    bad.write_bytes(b"<html>bukan PDF</html>")

    desk = browser_page(cast[Role.OPD_OPERATOR], width=1280)
    desk.goto("/app/workplans/")
    assert_accessible(desk)
    desk.get_by_role("link", name="Memperbarui SOP").click()
    desk.get_by_label("Sejauh mana kemajuannya?").fill("62,5")
    desk.get_by_label("Apa yang sudah dikerjakan?").fill("Empat SOP disahkan.")
    desk.get_by_label("Tambah bukti, bila ada").set_input_files([good, bad])
    desk.get_by_role("button", name="Kirim ke kepala unit").click()
    assert "“halaman.pdf”" in desk.locator("[data-portal-error-summary]").inner_text()
    assert desk.evaluate("document.activeElement.dataset.portalErrorSummary !== undefined")
    assert desk.get_by_label("Apa yang sudah dikerjakan?").input_value() == "Empat SOP disahkan."
    assert desk.get_by_role("checkbox", name="notulen.pdf").is_checked()
    assert_accessible(desk)
    desk.get_by_role("button", name="Kirim ke kepala unit").click()
    desk.wait_for_url(f"**{reverse('assessments:activity', args=[activity.pk])}")
    assert "Menunggu kepala unit" in desk.content() or "Terlambat" in desk.content()
    assert_accessible(desk)
    report = activity.reports.get()
    assert (report.state, report.percent) == (ReportState.SUBMITTED, Decimal("62.50"))

    phone = browser_page(cast[Role.OPD_HEAD], width=320, height=640, has_touch=True)
    phone.goto("/app/workplans/reports/")
    assert_accessible(phone)
    button = phone.get_by_role("button", name="Konfirmasi")
    box = button.bounding_box()
    assert box["height"] >= 48
    assert box["width"] >= 120
    with phone.expect_download() as download:
        phone.get_by_role("link", name="notulen.pdf").click()
    assert download.value.suggested_filename == "notulen.pdf"
    button.tap()
    phone.get_by_text("Tidak ada yang menunggu Anda").wait_for()
    assert_accessible(phone)
    report.refresh_from_db()
    assert (report.state, report.decided_by) == (ReportState.CONFIRMED, cast[Role.OPD_HEAD])


def test_it_all_works_without_javascript(browser_page: Callable[..., Any], cast: Cast) -> None:
    today = timezone.localdate()
    plan = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit), year=today.year)
    page = browser_page(cast[Role.OPD_HEAD], width=320, java_script_enabled=False)
    page.goto(f"/app/workplans/{plan.pk}/activities/new/")
    page.get_by_label("Area perubahan").select_option("5")
    page.get_by_label("Kegiatan", exact=True).fill("Membuka unit pengendali gratifikasi")
    page.get_by_label("Tonggak").fill("Papan informasi terpasang")
    page.get_by_label("Tenggat").fill(f"30/9/{timezone.localdate().year}")
    page.get_by_role("button", name="Simpan kegiatan").click()
    assert plan.activities.get().area == "5"
    assert "Membuka unit pengendali gratifikasi" in page.content()
