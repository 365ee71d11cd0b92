"""The way between unit and TPI: tiers, returns, single questions, approval bound to its content."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from assessments.actions.answers import AnswerRefused, Said, agree, save_answer
from assessments.actions.reviews import (
    approve_worksheet,
    pass_worksheet,
    reopen_worksheet,
    return_worksheet,
    submit_worksheet,
    withdraw_worksheet,
)
from assessments.actions.worksheet_items import (
    repair_item,
    return_item,
    settle_item,
    unlock_item,
)
from assessments.editing import Conflict
from assessments.enums import Assessor, ItemMark, WorksheetState
from assessments.models import Answer, EvidenceUse, ItemMessage, Worksheet, WorksheetItem
from assessments.queries.worksheet_checks import changed_since, checks
from assessments.tests.factories_evidence import document, judged
from assessments.tests.factories_worksheets import (
    NOW,
    in_state,
    item,
    make_sheet,
    tpi_member,
)
from assessments.workflow import WORKSHEET
from opd.enums import Role, TpiFunction
from opd.models import InboxItem, Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused, perform

pytestmark = pytest.mark.django_db


def said(verb: Callable[..., Any], row: WorksheetItem, by: Membership, text: str = "Mohon") -> Any:
    return verb(item=row, text=text, form_key=uuid4(), by=by, now=NOW)


def score(row: WorksheetItem, by: Membership, version: int = 0, **values: Any) -> Any:
    return save_answer(
        item=row, assessor=Assessor.TPI, said=Said(**values), version=version, by=by, now=NOW
    )


def approved(sheet: Worksheet, team: dict[str, Membership]) -> Worksheet:
    agree(sheet=sheet, items=list(sheet.items.all()), by=team["anggota"], now=NOW)
    for tier in ("anggota", "ketua"):
        sheet = pass_worksheet(sheet=sheet, up=True, note="", by=team[tier], now=NOW)
    return approve_worksheet(sheet=sheet, by=team["inspektur"], now=NOW)


@pytest.mark.parametrize(
    ("step", "state"),
    [(step.name, state) for step in WORKSHEET.transitions for state in WorksheetState.values],
)
def test_every_step_from_every_state_by_every_role(step: str, state: str, cast: Cast) -> None:
    sheet = in_state(make_sheet(cast), state, "ketua" if state == "submitted" else "")
    row = WORKSHEET.get(step)
    nothing = {name: lambda row: [] for name in checks()}
    values = {"tier": "ketua" if row.target == "submitted" else ""}
    if row.target == "approved":
        values["approved_by"] = cast[Role.INSPECTORATE]
    elif state == "approved":
        values["approved_by"] = None
    let_in = set()
    for role in Role.values:
        with transaction.atomic():
            try:
                perform(
                    WORKSHEET,
                    step,
                    sheet,
                    by=cast[role],
                    now=NOW,
                    checks=nothing,
                    effects={"keep_approval": lambda *args: None},
                    values=values,
                )
                let_in.add(role)
            except StepRefused:
                pass
            transaction.set_rollback(True)
    assert let_in == (set(row.roles) if state in row.sources else set())


def test_the_diagram_of_the_readme_is_that_of_the_table() -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text()
    assert f"```mermaid\n{WORKSHEET.mermaid()}\n```" in text


class TestSubmitting:
    def test_an_unfinished_sheet_says_what_is_missing_with_links(self, cast: Cast) -> None:
        sheet = make_sheet(cast)
        with pytest.raises(StepRefused) as refused:
            submit_worksheet(sheet=sheet, by=cast[Role.OPD_HEAD], now=NOW)
        assert len(refused.value.missing) == 43
        assert refused.value.missing[0].sentence == "A.I.1.i: 2 pertanyaan"
        assert refused.value.missing[0].anchor.endswith("/parts/A.I.1.i/#A.I.1.i.a")

    def test_it_goes_to_the_lowest_tier_that_somebody_holds(self, sent: Worksheet) -> None:
        assert (sent.state, sent.tier, sent.round) == ("submitted", "anggota", 1)

    def test_without_members_to_the_next_one(self, cast: Cast, filled: Worksheet) -> None:
        tpi_member(filled, TpiFunction.KETUA)
        assert submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW).tier == "ketua"

    @pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.SEKDA, Role.INSPECTORATE])
    def test_only_the_head_sends(self, role: str, cast: Cast, filled: Worksheet) -> None:
        with pytest.raises(StepRefused, match="Peran Anda"):
            submit_worksheet(sheet=filled, by=cast[role], now=NOW)

    def test_taken_back_only_before_the_tpi_scores(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        head = cast[Role.OPD_HEAD]
        sheet = withdraw_worksheet(sheet=sent, by=head, now=NOW)
        assert (sheet.state, sheet.tier, sheet.round) == ("draft", "", 0)
        sheet = submit_worksheet(sheet=sheet, by=head, now=NOW)
        score(item(sheet, "A.I.1.i.a"), team["anggota"], option="Ya")
        with pytest.raises(StepRefused) as refused:
            withdraw_worksheet(sheet=sheet, by=head, now=NOW)
        assert refused.value.missing


class TestScoring:
    def test_beside_the_units_answer_never_over_it(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        row = item(sent, "A.I.1.i.b")
        with pytest.raises(AnswerRefused, match="Tulis alasannya"):
            score(row, team["anggota"], option="C")
        score(row, team["anggota"], option="C", reason="SK tanpa mekanisme")
        assert dict(row.answers.values_list("assessor", "option")) == {"unit": "A", "tpi": "C"}
        totals = {s.assessor: s.total for s in sent.scores.all()}
        assert totals["unit"] > totals["tpi"]

    def test_the_next_tier_sees_what_was_changed_meanwhile(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        row = item(sent, "A.I.1.i.b")
        score(row, team["anggota"], option="A")
        with pytest.raises(Conflict):
            score(row, team["anggota"], version=7, option="B", reason="Lain")

    @pytest.mark.parametrize("tier", ["ketua", "inspektur"])
    def test_only_the_tier_whose_turn_it_is(
        self, tier: str, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        with pytest.raises(PermissionDenied, match="giliran"):
            score(item(sent, "A.I.1.i.a"), team[tier], option="Ya")

    def test_nobody_scores_his_own_unit(self, cast: Cast, sent: Worksheet) -> None:
        insider = cast[Role.OPD_OPERATOR]
        with pytest.raises(PermissionDenied):
            score(item(sent, "A.I.1.i.a"), insider, option="Ya")
        with pytest.raises(IntegrityError, match="answer_not_by_the_unit"), transaction.atomic():
            Answer.objects.create(
                government=sent.government,
                item=item(sent, "A.I.1.i.a"),
                assessor="tpi",
                changed_by=insider,
                changed_at=NOW,
            )

    def test_agreeing_in_bulk_leaves_what_was_scored_and_returned(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        member = team["anggota"]
        score(item(sent, "A.I.1.i.b"), member, option="B", reason="Sebagian")
        said(return_item, item(sent, "A.I.1.ii.b"), member)
        everything = list(sent.items.all())
        assert agree(sheet=sent, items=everything, by=member, now=NOW) == 111
        assert agree(sheet=sent, items=everything, by=member, now=NOW) == 0
        assert item(sent, "A.I.1.i.b").answers.get(assessor="tpi").option == "B"


class TestTiers:
    def test_up_only_when_everything_is_scored(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        with pytest.raises(StepRefused) as refused:
            pass_worksheet(sheet=sent, up=True, note="", by=team["anggota"], now=NOW)
        assert len(refused.value.missing) == 43

    def test_up_over_empty_tiers_down_with_a_word_and_approved_by_the_last(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
        up = pass_worksheet(sheet=sent, up=True, note="", by=team["anggota"], now=NOW)
        assert up.tier == "ketua"
        with pytest.raises(StepRefused, match="Jenjang di atasnya"):
            approve_worksheet(sheet=up, by=team["ketua"], now=NOW)
        with pytest.raises(StepRefused, match="Tulis apa"):
            pass_worksheet(sheet=up, up=False, note=" ", by=team["ketua"], now=NOW)
        down = pass_worksheet(sheet=up, up=False, note="Area 5", by=team["ketua"], now=NOW)
        assert down.tier == "anggota"
        with pytest.raises(StepRefused, match="kembalikan kepada unit"):
            pass_worksheet(sheet=down, up=False, note="Lagi", by=team["anggota"], now=NOW)

    def test_approval_ends_what_the_unit_was_told_of_returned_evidence(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        by = cast[Role.OPD_OPERATOR]
        use = EvidenceUse.objects.create(
            government=cast.home,
            item=sent.items.all()[0],
            evidence=document(cast, unit=sent.zone.unit),
            added_by=by,
            added_at=NOW,
        )
        judged(use, team["anggota"], accepted=False, note="Masa berlakunya habis.")
        waiting = InboxItem.objects.filter(sentence="evidence.returned", settled_at=None)
        assert waiting.exists()
        approved(sent, team)
        assert not waiting.exists()

    def test_who_sent_it_does_not_approve_it(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        with pytest.raises(IntegrityError, match="worksheet_four_eyes"), transaction.atomic():
            Worksheet.objects.filter(pk=sent.pk).update(
                state="approved", tier="", approved_by=sent.submitted_by
            )


class TestReturning:
    def test_question_by_question_with_a_message_then_the_sheet(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        member, operator = team["anggota"], cast[Role.OPD_OPERATOR]
        row, other = item(sent, "A.I.1.ii.b"), item(sent, "A.I.1.ii.c")
        with pytest.raises(StepRefused) as refused:
            return_worksheet(sheet=sent, note="", by=member, now=NOW)
        assert refused.value.missing
        with pytest.raises(StepRefused, match="Tulis pesannya"):
            said(return_item, row, member, " ")
        said(return_item, row, member, "Halaman berapa?")
        sheet = return_worksheet(sheet=sent, note="Satu saja", by=member, now=NOW)
        assert (sheet.state, sheet.tier) == ("returned", "")
        save_answer(
            item=row, assessor=Assessor.UNIT, said=Said(option="B"), version=1, by=operator, now=NOW
        )
        with pytest.raises(StepRefused, match="TPI"):
            save_answer(
                item=other,
                assessor=Assessor.UNIT,
                said=Said(option="B"),
                version=1,
                by=operator,
                now=NOW,
            )
        with pytest.raises(StepRefused) as refused:
            submit_worksheet(sheet=sheet, by=cast[Role.OPD_HEAD], now=NOW)
        assert [m.sentence for m in refused.value.missing] == ["A.I.1.ii.b belum diperbaiki"]
        repair_item(item=row, text="Halaman 4", form_key=uuid4(), by=operator, now=NOW)
        again = submit_worksheet(sheet=sheet, by=cast[Role.OPD_HEAD], now=NOW)
        assert (again.round, again.tier) == (2, "anggota")
        assert settle_item(item=row, by=member, now=NOW).mark == ItemMark.NONE

    def test_a_second_press_sends_once(self, sent: Worksheet, team: dict[str, Membership]) -> None:
        row, key = item(sent, "A.I.1.ii.b"), uuid4()
        for _again in range(2):
            return_item(item=row, text="Mana?", form_key=key, by=team["anggota"], now=NOW)
        assert ItemMessage.objects.count() == 1
        with pytest.raises(StepRefused, match="halaman lain"):
            return_item(
                item=item(sent, "A.I.1.ii.c"), text="x", form_key=key, by=team["anggota"], now=NOW
            )


class TestApproval:
    def test_bound_to_what_stood_there(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        sheet = approved(sent, team)
        kept = sheet.approvals.get()
        assert (sheet.state, len(kept.content), kept.round) == ("approved", 113, 1)
        assert changed_since(sheet) == []
        row = item(sheet, "A.I.6.i.a")
        unlock_item(
            item=row, text="Salah lampiran", form_key=uuid4(), by=team["inspektur"], now=NOW
        )
        save_answer(
            item=row,
            assessor=Assessor.UNIT,
            said=Said(option="B"),
            version=1,
            by=cast[Role.OPD_OPERATOR],
            now=NOW,
        )
        assert changed_since(sheet) == ["A.I.6.i.a"]
        with pytest.raises(DatabaseError), transaction.atomic():
            sheet.approvals.update(sha256="0" * 64)

    def test_a_difference_that_arose_later_needs_its_reason(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
        row = item(sent, "A.I.6.i.a")
        said(unlock_item, row, team["anggota"], "Perbaiki")
        save_answer(
            item=row,
            assessor=Assessor.UNIT,
            said=Said(option="B"),
            version=1,
            by=cast[Role.OPD_OPERATOR],
            now=NOW,
        )
        said(repair_item, row, cast[Role.OPD_OPERATOR])
        with pytest.raises(StepRefused) as refused:
            pass_worksheet(sheet=sent, up=True, note="", by=team["anggota"], now=NOW)
        assert "A.I.6.i.a" in refused.value.missing[0].sentence

    def test_opened_again_only_with_a_reason_by_the_last_tier(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        sheet = approved(sent, team)
        with pytest.raises(StepRefused, match="mengapa"):
            reopen_worksheet(sheet=sheet, note="", by=team["inspektur"], now=NOW)
        with pytest.raises(StepRefused, match="Peran Anda"):
            reopen_worksheet(sheet=sheet, note="Salah", by=team["ketua"], now=NOW)
        again = reopen_worksheet(sheet=sheet, note="Salah hitung", by=team["inspektur"], now=NOW)
        assert (again.state, again.tier, again.approved_by_id) == ("submitted", "inspektur", None)
        assert again.approvals.count() == 1


class TestPages:
    def test_the_assessor_sees_exceptions_first_and_agrees_with_the_rest(
        self, sent: Worksheet, team: dict[str, Membership], client_as: Any
    ) -> None:
        """Nothing is proven, so only answers that score nothing are without exceptions."""
        Answer.objects.filter(item__code="A.I.1.i.a").update(option="Tidak")
        client = client_as(team["anggota"])
        page = reverse("assessments:worksheet_review", args=[sent.pk])
        text = client.get(page).content.decode()
        assert "Tanpa bukti dukung" in text
        assert "Setujui 2 jawaban tanpa pengecualian" in text
        agreed = client.post(
            reverse("assessments:worksheet_agree", args=[sent.pk]), {"codes": ["A.I.1.i.a"]}
        )
        assert agreed.status_code == 302
        assert Answer.objects.filter(assessor="tpi").count() == 1

    def test_a_refused_step_says_what_is_missing(self, cast: Cast, client_as: Any) -> None:
        sheet = make_sheet(cast)
        step = reverse("assessments:worksheet_step", args=[sheet.pk, "submit"])
        response = client_as(cast[Role.OPD_HEAD]).post(step)
        assert response.status_code == 422
        assert "A.I.1.i: 2 pertanyaan" in response.content.decode()
        sheet.refresh_from_db()
        assert sheet.state == WorksheetState.DRAFT
