"""The ministry's reviewers: they read one approved sheet on record, score beside the others; or the
inspectorate records their scores from the letter."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.actions.answers import AnswerRefused, Said, save_answer
from assessments.actions.tpn_scores import follow_tpi, record_reading, record_tpn_letter
from assessments.enums import Assessor
from assessments.models import Answer, TpnLetter, Worksheet
from assessments.tests.factories import stored_pdf
from assessments.tests.factories_worksheets import NOW, in_state, item, make_sheet, tpn_letter
from assessments.tests.signed_pdfs import pdf
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    sheet = make_sheet(cast)
    for assessor, option in (("unit", "Ya"), ("tpi", "Ya")):
        Answer.objects.create(
            government=sheet.government,
            item=item(sheet, "A.I.1.i.a"),
            assessor=assessor,
            option=option,
            changed_by=cast[Role.ZI_SECRETARIAT],
            changed_at=NOW,
        )
    return in_state(sheet, "approved")


def score(sheet: Worksheet, by: Membership, **said: Any) -> Any:
    return save_answer(
        item=item(sheet, "A.I.1.i.a"),
        assessor=Assessor.TPN,
        said=Said(**said),
        version=0,
        by=by,
        now=NOW,
    )


def record(sheet: Worksheet, by: Membership, **changed: Any) -> TpnLetter:
    values = {
        "number": "B/12/TPN/2026",
        "dated_on": date(2026, 4, 1),
        "scan": stored_pdf(by),
    }
    return record_tpn_letter(sheet=sheet, by=by, now=NOW, **{**values, **changed})


class TestReviewer:
    def test_reads_one_approved_sheet_and_everything_is_on_record(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        client = client_as(cast[Role.TPN_REVIEWER])
        for name, args in (("worksheet", []), ("worksheet_part", ["A.I.1.i"])):
            page = reverse(f"assessments:{name}", args=[sheet.pk, *args])
            assert client.get(page).status_code == 200
        read = LedgerEntry.objects.filter(verb="worksheet.read").order_by("pk")
        assert [entry.codes["page"] for entry in read] == ["tree", "A.I.1.i"]
        other = in_state(make_sheet(cast, cast.below), "approved")
        page = reverse("assessments:worksheet", args=[other.pk])
        assert client.get(page).status_code == 404

    def test_others_read_without_a_trace(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        page = reverse("assessments:worksheet", args=[sheet.pk])
        client_as(cast[Role.INSPECTORATE]).get(page)
        record_reading(sheet=sheet, page="tree", by=cast[Role.INSPECTORATE])
        assert not LedgerEntry.objects.filter(verb="worksheet.read").exists()

    def test_scores_beside_the_others_with_a_reason(self, cast: Cast, sheet: Worksheet) -> None:
        reviewer = cast[Role.TPN_REVIEWER]
        with pytest.raises(AnswerRefused):
            score(sheet, reviewer, option="Tidak")
        score(sheet, reviewer, option="Tidak", reason="SK tidak berlaku")
        found = Answer.objects.filter(item__code="A.I.1.i.a").values_list("assessor", "option")
        assert dict(found) == {"unit": "Ya", "tpi": "Ya", "tpn": "Tidak"}

    def test_not_before_the_tpi_has_approved(self, cast: Cast) -> None:
        with pytest.raises(PermissionDenied):
            score(make_sheet(cast), cast[Role.TPN_REVIEWER], option="Ya")


class TestLetter:
    def test_scores_name_the_letter(self, cast: Cast, sheet: Worksheet) -> None:
        by = cast[Role.INSPECTORATE]
        with pytest.raises(StepRefused, match="surat TPN"):
            score(sheet, by, option="Ya")
        letter = record(sheet, by)
        assert score(sheet, by, option="Ya").answer.letter == letter
        assert record(sheet, by) == letter

    def test_the_rest_follows_the_tpi(self, cast: Cast, sheet: Worksheet) -> None:
        letter = record(sheet, cast[Role.INSPECTORATE])
        assert follow_tpi(letter=letter, by=cast[Role.INSPECTORATE], now=NOW) == 1
        assert follow_tpi(letter=letter, by=cast[Role.INSPECTORATE], now=NOW) == 0
        assert sheet.scores.get(assessor="tpn").answered == 1

    def test_the_rest_is_offered_while_there_is_one(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        client = client_as(cast[Role.INSPECTORATE])
        page = reverse("assessments:worksheet_tpn", args=[sheet.pk])
        follow = reverse("assessments:worksheet_tpn_follow", args=[sheet.pk])
        assert "Belum ada surat TPN" in client.get(page).content.decode()
        letter = record(sheet, cast[Role.INSPECTORATE])
        assert follow in client.get(page).content.decode()
        follow_tpi(letter=letter, by=cast[Role.INSPECTORATE], now=NOW)
        sheet.scores.filter(assessor=Assessor.TPN).update(answered=113)
        text = client.get(page).content.decode()
        assert follow not in text
        assert "Catat surat lain" in text

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.ZI_SECRETARIAT, Role.OPD_HEAD])
    def test_only_the_inspectorate(self, role: str, cast: Cast, sheet: Worksheet) -> None:
        with pytest.raises(PermissionDenied):
            record(sheet, cast[role])
        with pytest.raises(PermissionDenied):
            follow_tpi(letter=tpn_letter(sheet), by=cast[role], now=NOW)

    def test_refused(self, cast: Cast, sheet: Worksheet) -> None:
        by = cast[Role.INSPECTORATE]
        with pytest.raises(StepRefused, match="nomor surat"):
            record(sheet, by, number=" ")
        with pytest.raises(StepRefused, match="di depan"):
            record(sheet, by, dated_on=date(2027, 1, 1))
        with pytest.raises(StepRefused, match="disetujui"):
            record(make_sheet(cast, cast.other_unit), by)

    def test_by_the_form(self, cast: Cast, sheet: Worksheet, client_as: Any) -> None:
        client = client_as(cast[Role.INSPECTORATE])
        page = reverse("assessments:worksheet_tpn", args=[sheet.pk])
        typed = {"number": "B/12", "dated_on": "1/4/2026"}
        refused = client.post(page, typed)
        assert refused.status_code == 422
        assert 'value="B/12"' in refused.content.decode()
        scan = SimpleUploadedFile("surat.pdf", pdf())
        assert client.post(page, {**typed, "scan": scan}).status_code == 302
        assert "B/12" in client.get(page).content.decode()
