"""Three columns side by side: none is written as another's, what is half is not there, and what
stood before stays to read."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions.answers import Said, agree, save_answer
from assessments.actions.reviews import (
    approve_worksheet,
    pass_worksheet,
    return_worksheet,
    submit_worksheet,
)
from assessments.actions.worksheet_items import repair_item, return_item, settle_item
from assessments.enums import Assessor, ItemMark
from assessments.models import Answer, Worksheet
from assessments.queries.worksheet_checks import unanswered, unscored
from assessments.tests.factories_worksheets import (
    NOW,
    in_state,
    item,
    tpn_letter,
)
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
CODE, RATIO = "A.I.1.i.a", "A.II.1.i.a"


def write(sheet: Worksheet, code: str, side: Assessor, by: Membership, **more: Any) -> Any:
    version = more.pop("version", 0)
    return save_answer(
        item=item(sheet, code), assessor=side, said=Said(**more), version=version, by=by, now=NOW
    )


class TestOwnColumn:
    def test_an_old_page_of_the_tpi_is_not_saved_as_the_tpns(
        self,
        cast: Cast,
        sent: Worksheet,
        team: dict[str, Membership],
        client_as: Callable[[Membership], Client],
    ) -> None:
        write(sent, CODE, Assessor.TPI, team["anggota"], option="Tidak", reason="Belum ada SK")
        client = client_as(team["anggota"])
        part = reverse("assessments:worksheet_part", args=[sent.pk, "A.I.1.i"])
        assert 'name="side" value="tpi"' in client.get(part).content.decode()
        in_state(sent, "approved")
        tpn_letter(sent)
        address = reverse("assessments:worksheet_answer", args=[sent.pk, CODE])
        typed = {"side": "tpi", "version": 1, "option": "Ya", "note": "", "reason": "Lama"}
        assert client.post(address, typed).status_code == 409
        assert not Answer.objects.filter(assessor=Assessor.TPN).exists()

    def test_a_version_of_nothing_is_an_old_page(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        with pytest.raises(StepRefused, match="Muat ulang"):
            write(sent, CODE, Assessor.TPI, team["anggota"], option="Ya", version=1)

    def test_a_reviewers_own_score_stands_over_a_letter(self, cast: Cast, sent: Worksheet) -> None:
        sheet = in_state(sent, "approved")
        write(sheet, CODE, Assessor.TPN, cast[Role.TPN_REVIEWER], option="Tidak", reason="Belum")
        tpn_letter(sheet)
        with pytest.raises(StepRefused, match="penilai TPN"):
            write(sheet, CODE, Assessor.TPN, cast[Role.INSPECTORATE], option="Ya", version=1)

    def test_a_reviewer_who_writes_over_a_letter_makes_it_his_own(
        self, cast: Cast, sent: Worksheet
    ) -> None:
        sheet = in_state(sent, "approved")
        tpn_letter(sheet)
        write(sheet, CODE, Assessor.TPN, cast[Role.INSPECTORATE], option="Ya")
        assert Answer.objects.get(assessor=Assessor.TPN).letter is not None
        write(
            sheet,
            CODE,
            Assessor.TPN,
            cast[Role.TPN_REVIEWER],
            option="Tidak",
            reason="Belum",
            version=1,
        )
        assert Answer.objects.get(assessor=Assessor.TPN).letter is None

    def test_following_the_tpi_while_it_is_open_again_is_a_sentence(
        self, cast: Cast, sent: Worksheet, client_as: Callable[[Membership], Client]
    ) -> None:
        tpn_letter(sent)
        address = reverse("assessments:worksheet_tpn_follow", args=[sent.pk])
        answer = client_as(cast[Role.INSPECTORATE]).post(address, follow=True)
        assert answer.status_code == 200
        assert "yang sudah disetujui TPI" in answer.content.decode()


class TestHalfAnswers:
    def test_a_part_without_its_whole_keeps_the_sheet(self, cast: Cast, filled: Worksheet) -> None:
        Answer.objects.filter(item=item(filled, RATIO)).update(counts={"reached": "3"})
        assert [gap.sentence for gap in unanswered(filled)] == ["A.II.1.i: 1 pertanyaan"]
        with pytest.raises(StepRefused):
            submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)

    def test_it_is_not_agreed_with(self, sent: Worksheet, team: dict[str, Membership]) -> None:
        Answer.objects.filter(item=item(sent, RATIO)).update(counts={"reached": "3"})
        agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
        assert not Answer.objects.filter(item=item(sent, RATIO), assessor=Assessor.TPI).exists()
        assert len(list(unscored(sent))) == 1

    def test_a_survey_that_is_not_held_yet_keeps_nobody(
        self, cast: Cast, filled: Worksheet, team: dict[str, Membership]
    ) -> None:
        surveys = Answer.objects.filter(item__worksheet=filled).exclude(index=None)
        assert surveys.update(index=None) == 2
        sheet = submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)
        agree(sheet=sheet, items=list(sheet.items.all()), by=team["anggota"], now=NOW)
        assert pass_worksheet(sheet=sheet, up=True, note="", by=team["anggota"], now=NOW).tier


class TestRepairs:
    @pytest.fixture
    def repaired(self, cast: Cast, sent: Worksheet, team: dict[str, Membership]) -> Worksheet:
        """Scored, returned, repaired, sent again, and before the Inspektur."""
        agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
        row, text = item(sent, CODE), {"text": "Mohon", "now": NOW}
        return_item(item=row, form_key=uuid4(), by=team["anggota"], **text)
        sheet = return_worksheet(sheet=sent, note="", by=team["anggota"], now=NOW)
        repair_item(item=row, form_key=uuid4(), by=cast[Role.OPD_OPERATOR], **text)
        sheet = submit_worksheet(sheet=sheet, by=cast[Role.OPD_HEAD], now=NOW)
        for tier in ("anggota", "ketua"):
            sheet = pass_worksheet(sheet=sheet, up=True, note="", by=team[tier], now=NOW)
        return sheet

    def test_nobody_approves_a_repair_that_nobody_has_seen(
        self, repaired: Worksheet, team: dict[str, Membership]
    ) -> None:
        with pytest.raises(StepRefused) as refused:
            approve_worksheet(sheet=repaired, by=team["inspektur"], now=NOW)
        (gap,) = refused.value.missing
        assert CODE in gap.sentence
        assert gap.anchor.endswith(f"/questions/{CODE}/#thread")
        settle_item(item=item(repaired, CODE), by=team["inspektur"], now=NOW)
        assert approve_worksheet(sheet=repaired, by=team["inspektur"], now=NOW).state == "approved"

    def test_whoever_scores_it_again_has_seen_it(
        self, repaired: Worksheet, team: dict[str, Membership]
    ) -> None:
        write(
            repaired,
            CODE,
            Assessor.TPI,
            team["inspektur"],
            option="Tidak",
            reason="Masih kurang",
            version=1,
        )
        assert item(repaired, CODE).mark == ItemMark.NONE


def test_earlier_scores_stay_to_read_with_their_reasons(
    cast: Cast,
    sent: Worksheet,
    team: dict[str, Membership],
    client_as: Callable[[Membership], Client],
) -> None:
    write(sent, CODE, Assessor.TPI, team["anggota"], option="Tidak", reason="SK belum ada")
    agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
    pass_worksheet(sheet=sent, up=True, note="", by=team["anggota"], now=NOW)
    write(sent, CODE, Assessor.TPI, team["ketua"], option="Ya", reason="SK menyusul", version=1)
    page = reverse("assessments:worksheet_question", args=[sent.pk, CODE])
    found = client_as(team["ketua"]).get(page).content.decode()
    assert "1 jawaban sebelumnya" in found
    assert "SK belum ada" in found
    assert team["anggota"].user.name in found
    own = client_as(cast[Role.OPD_OPERATOR]).get(page).content.decode()
    assert "SK belum ada" not in own
