"""The berita acara of an approval: frozen, signed by both sides, scanned, printed."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from assessments.actions.review_minutes import (
    MinutesFacts,
    attach_minutes_scan,
    make_minutes,
    print_minutes,
    sign_minutes,
)
from assessments.enums import Assessor
from assessments.models import Answer, ReviewMinutes, Worksheet
from assessments.sheet_keeping import keep_score, locked_sheet
from assessments.tests.factories import stored_pdf
from assessments.tests.factories_worksheets import (
    NOW,
    approval_of,
    in_state,
    item,
    make_sheet,
    tpi_member,
)
from assessments.tests.signed_pdfs import pdf
from assessments.worksheet_documents import chapters
from opd.enums import Role, TpiFunction
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
FACTS = MinutesFacts("700/BA/1", date(2026, 4, 9), "Ruang rapat Inspektorat", "Dua catatan")


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    """Approved; unit and TPI differ on one question."""
    sheet = make_sheet(cast)
    for assessor, option, reason in (("unit", "A", ""), ("tpi", "B", "SK <b>lama</b>")):
        Answer.objects.create(
            government=sheet.government,
            item=item(sheet, "A.I.1.i.b"),
            assessor=assessor,
            option=option,
            reason=reason,
            changed_by=cast[Role.ZI_SECRETARIAT],
            changed_at=NOW,
        )
        keep_score(locked_sheet(sheet.pk), Assessor(assessor))
    return in_state(sheet, "approved")


@pytest.fixture
def auditor(sheet: Worksheet) -> Membership:
    return tpi_member(sheet, TpiFunction.KETUA)


@pytest.fixture
def minutes(sheet: Worksheet, auditor: Membership) -> ReviewMinutes:
    approval_of(sheet)
    return make_minutes(sheet=sheet, facts=FACTS, by=auditor, now=NOW)


class TestMaking:
    def test_without_an_approval_on_record_there_is_nothing_to_say(
        self, sheet: Worksheet, auditor: Membership
    ) -> None:
        with pytest.raises(StepRefused, match="setelah TPI"):
            make_minutes(sheet=sheet, facts=FACTS, by=auditor, now=NOW)

    def test_it_names_every_difference_with_its_reason(self, minutes: ReviewMinutes) -> None:
        assert minutes.content["differences"] == [["A.I.1.i.b", "1,00", "0,50", "SK <b>lama</b>"]]
        assert minutes.content["total"] == ["100,00", "0,25", "0,13", "−0,13"]
        assert minutes.content["unit"] == "Dinas Satu"

    def test_once_per_approval_and_not_after_a_change(
        self, cast: Cast, sheet: Worksheet, minutes: ReviewMinutes, auditor: Membership
    ) -> None:
        again = make_minutes(sheet=sheet, facts=FACTS, by=auditor, now=NOW)
        assert again == minutes
        approval_of(sheet)
        Answer.objects.filter(assessor="unit").update(option="C")
        with pytest.raises(StepRefused, match="berubah sejak"):
            make_minutes(sheet=sheet, facts=FACTS, by=auditor, now=NOW)

    def test_a_number_stands_once(
        self, cast: Cast, minutes: ReviewMinutes, auditor: Membership
    ) -> None:
        other = in_state(make_sheet(cast, cast.other_unit), "approved")
        approval_of(other)
        with pytest.raises(StepRefused, match="sudah dipakai"):
            make_minutes(sheet=other, facts=FACTS, by=auditor, now=NOW)

    def test_only_the_tpi_makes_it(self, cast: Cast, sheet: Worksheet) -> None:
        with pytest.raises(PermissionDenied):
            make_minutes(sheet=sheet, facts=FACTS, by=cast[Role.OPD_HEAD], now=NOW)

    def test_nothing_in_it_changes_later(self, minutes: ReviewMinutes) -> None:
        for change in ({"content": {}}, {"number": "2"}, {"sha256": "2" * 64}):
            with pytest.raises(DatabaseError), transaction.atomic():
                ReviewMinutes.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            ReviewMinutes.objects.all().delete()


class TestSigning:
    def test_both_sides_each_once(
        self, cast: Cast, minutes: ReviewMinutes, auditor: Membership
    ) -> None:
        for by in (cast[Role.OPD_HEAD], auditor, auditor):
            sign_minutes(minutes=minutes, sha256=minutes.sha256, by=by, now=NOW)
        minutes.refresh_from_db()
        assert minutes.is_signed
        assert (minutes.unit_signatory, minutes.tpi_signatory) == (cast[Role.OPD_HEAD], auditor)

    def test_only_what_was_seen_and_only_the_two_sides(
        self, cast: Cast, minutes: ReviewMinutes
    ) -> None:
        with pytest.raises(StepRefused, match="Muat ulang"):
            sign_minutes(minutes=minutes, sha256="9" * 64, by=cast[Role.OPD_HEAD], now=NOW)
        with pytest.raises(PermissionDenied):
            sign_minutes(minutes=minutes, sha256=minutes.sha256, by=cast[Role.SEKDA], now=NOW)

    def test_what_no_longer_stands_is_not_signed(
        self, cast: Cast, sheet: Worksheet, minutes: ReviewMinutes, client_as: Any
    ) -> None:
        Answer.objects.filter(assessor="unit").update(option="C")
        with pytest.raises(StepRefused, match="sudah berubah"):
            sign_minutes(minutes=minutes, sha256=minutes.sha256, by=cast[Role.OPD_HEAD], now=NOW)
        page = reverse("assessments:worksheet_minutes", args=[sheet.pk])
        found = client_as(cast[Role.OPD_HEAD]).get(page).content.decode()
        assert "tidak dapat ditandatangani lagi" in found
        assert reverse("assessments:minutes_sign", args=[minutes.pk]) not in found

    def test_a_member_of_the_lowest_tier_does_not_sign_for_the_tpi(
        self, sheet: Worksheet, minutes: ReviewMinutes
    ) -> None:
        member = tpi_member(sheet, TpiFunction.ANGGOTA)
        with pytest.raises(PermissionDenied):
            sign_minutes(minutes=minutes, sha256=minutes.sha256, by=member, now=NOW)

    def test_one_person_is_not_both_sides(self, cast: Cast, minutes: ReviewMinutes) -> None:
        head = cast[Role.OPD_HEAD]
        sides = {"unit_signatory": head, "tpi_signatory": head}
        moments = {"unit_signed_at": NOW, "tpi_signed_at": NOW}
        with pytest.raises(IntegrityError, match="two_sides"), transaction.atomic():
            ReviewMinutes.objects.update(**sides, **moments)

    def test_a_later_scan_stands_beside_the_earlier(
        self, cast: Cast, minutes: ReviewMinutes
    ) -> None:
        head = cast[Role.OPD_HEAD]
        for text in ("satu", "dua", "dua"):
            scan = stored_pdf(head, name="ba.pdf", text=text)
            attach_minutes_scan(minutes=minutes, scan=scan, by=head, now=NOW)
        assert minutes.scans.count() == 2

    def test_or_on_paper(self, cast: Cast, minutes: ReviewMinutes) -> None:
        head = cast[Role.OPD_HEAD]
        scan = stored_pdf(head, name="ba.pdf", text="lain")
        row = attach_minutes_scan(minutes=minutes, scan=scan, by=head, now=NOW)
        assert row.scans.get().stored == scan
        with pytest.raises(PermissionDenied):
            attach_minutes_scan(minutes=minutes, scan=scan, by=cast[Role.MAYOR], now=NOW)


class TestPages:
    def test_the_whole_way(self, cast: Cast, minutes: ReviewMinutes, client_as: Any) -> None:
        head = client_as(cast[Role.OPD_HEAD])
        page = reverse("assessments:worksheet_minutes", args=[minutes.approval.worksheet_id])
        sign = reverse("assessments:minutes_sign", args=[minutes.pk])
        assert sign in head.get(page).content.decode()
        assert head.post(sign, {"sha256": minutes.sha256}).status_code == 302
        assert sign not in head.get(page).content.decode()
        scan = reverse("assessments:minutes_scan_new", args=[minutes.pk])
        assert head.post(scan).status_code == 422
        upload = {"scan": SimpleUploadedFile("ba.pdf", pdf())}
        assert head.post(scan, upload).status_code == 302

    def test_who_signs_reads_total_gates_and_differences_first(
        self, cast: Cast, minutes: ReviewMinutes, client_as: Any
    ) -> None:
        page = reverse("assessments:worksheet_minutes", args=[minutes.approval.worksheet_id])
        text = client_as(cast[Role.OPD_HEAD]).get(page).content.decode()
        assert all(f">{figure}</td>" in text for figure in minutes.content["total"])
        assert str(minutes.content["unmet"][0]) in text
        question = [minutes.approval.worksheet_id, "A.I.1.i.b"]
        assert reverse("assessments:worksheet_question", args=question) in text
        assert "SK &lt;b&gt;lama&lt;/b&gt;" in text

    def test_the_pdf_escapes_what_people_wrote(self, cast: Cast, minutes: ReviewMinutes) -> None:
        document = print_minutes(minutes=minutes, by=cast[Role.OPD_HEAD], now=NOW)
        assert print_minutes(minutes=minutes, by=cast[Role.OPD_HEAD], now=NOW) == document
        [chapter] = chapters(document)
        text = render_to_string(chapter.template, chapter.context)
        assert "SK &lt;b&gt;lama&lt;/b&gt;" in text
        assert "Dua catatan" in text
