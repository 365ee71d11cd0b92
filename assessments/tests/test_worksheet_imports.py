"""Importing a filled work-sheet: the preview, the choice, one writing, through `save_answer` only."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from assessments.actions.answers import Said, save_answer
from assessments.actions.worksheet_imports import (
    apply_worksheet_import,
    discard_worksheet_import,
    empty_expired_worksheet_imports,
    receive_worksheet,
)
from assessments.enums import Assessor, ItemMark, WorksheetState
from assessments.excel.plan import Outcome
from assessments.models import Answer, EvidenceUse, Worksheet, WorksheetImport
from assessments.queries.worksheet_files import plan_of, workbook_of
from assessments.queries.worksheets import scores_of
from assessments.tests.excel_books import HEADER, book, row
from assessments.tests.factories_worksheets import NOW, item, make_sheet, tpi_member
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role, TpiFunction
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    return make_sheet(cast)


@pytest.fixture
def operator(cast: Cast) -> Membership:
    return cast[Role.OPD_OPERATOR]


def receive(sheet: Worksheet, by: Membership, *rows: list[Any], **more: Any) -> WorksheetImport:
    data = more.pop("data", None) or book(("LKE", [HEADER, *rows]))
    return receive_worksheet(
        sheet=sheet, data=data, sheet_name="", by=by, now=more.pop("now", LATER)
    )


def outcomes(upload: WorksheetImport, sheet: Worksheet) -> dict[str, str]:
    return {line.code: line.outcome.value for line in plan_of(upload, sheet).lines}


def confirm(
    upload: WorksheetImport, sheet: Worksheet, by: Membership, take: tuple[str, ...] = ()
) -> WorksheetImport:
    return apply_worksheet_import(
        upload=upload,
        seen=plan_of(upload, sheet).fingerprint,
        take=take,
        by=by,
        now=LATER,
    )


def test_a_row_found_by_its_place_is_written_only_when_it_was_chosen(
    sheet: Worksheet, operator: Membership
) -> None:
    content = receive(sheet, operator, row("A.I.1.i.a", "Ya"))
    entry = content.content["entries"]["A.I.1.i.a"]
    content.content["entries"]["A.I.1.i.a"] = {**entry, "is_guess": True}
    content.save(update_fields=["content"])
    assert outcomes(content, sheet) == {"A.I.1.i.a": "unsure"}
    assert confirm(content, sheet, operator).written == 0
    assert not Answer.objects.filter(item__worksheet=sheet).exists()


def save(sheet: Worksheet, code: str, by: Membership, **said: Any) -> Answer:
    return save_answer(
        item=item(sheet, code),
        assessor=Assessor.UNIT,
        said=Said(**said),
        version=said.pop("version", 0),
        by=by,
        now=NOW,
    ).answer


def stands(sheet: Worksheet, code: str, assessor: str = Assessor.UNIT) -> Answer | None:
    return Answer.objects.filter(item__worksheet=sheet, item__code=code, assessor=assessor).first()


class TestPreview:
    def test_nothing_is_written_before_it_is_confirmed(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"), row("A.I.1.i.b", "Z"))
        assert not Answer.objects.exists()
        assert outcomes(upload, sheet) == {"A.I.1.i.a": Outcome.NEW}
        assert upload.content["faults"][0]["place"] == "E3"
        entry = LedgerEntry.objects.get(verb="worksheet_import.received")
        assert entry.codes == {"rows": 1, "errors": 1, "assessor": "unit"}

    def test_only_who_answers_the_sheet(self, sheet: Worksheet, cast: Cast) -> None:
        for role in (Role.ZI_SECRETARIAT, Role.INSPECTORATE, Role.SEKDA):
            with pytest.raises(PermissionDenied):
                receive(sheet, cast[role], row("A.I.1.i.a", "Ya"))

    def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        with pytest.raises(StepRefused, match="PDF"):
            receive(sheet, operator, data=b"%PDF-1.7")

    def test_each_row_against_what_stands_there(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        save(sheet, "A.I.1.i.a", operator, option="Ya")
        save(sheet, "A.I.1.i.b", operator, option="A")
        upload = receive(
            sheet,
            operator,
            row("A.I.1.i.a", "YA"),
            row("A.I.1.i.b", "C"),
            row("A.I.1.ii.a", "Ya"),
            row("A.I.1.ii.b"),
        )
        assert outcomes(upload, sheet) == {
            "A.I.1.i.a": Outcome.SAME,
            "A.I.1.i.b": Outcome.CONFLICT,
            "A.I.1.ii.a": Outcome.NEW,
            "A.I.1.ii.b": Outcome.EMPTY,
        }

    def test_the_portals_own_file_knows_what_is_newer(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        """Exported, then one answer changed in the portal: only that one is a conflict."""
        save(sheet, "A.I.1.i.a", operator, option="Ya")
        first = save(sheet, "A.I.1.i.b", operator, option="A")
        exported = load_workbook(
            io.BytesIO(workbook_of(sheet, Assessor.values, now=NOW + timedelta(minutes=5)))
        )
        save_answer(
            item=item(sheet, "A.I.1.i.b"),
            assessor=Assessor.UNIT,
            said=Said(option="B"),
            version=first.version,
            by=operator,
            now=NOW + timedelta(minutes=9),
        )
        cells = {
            str(c[0].value).split()[0]: c[4] for c in exported["Unit"].iter_rows() if c[0].value
        }
        cells["A.I.1.i.a"].value, cells["A.I.1.i.b"].value = "Tidak", "C"
        target = io.BytesIO()
        exported.save(target)
        found = outcomes(receive(sheet, operator, data=target.getvalue()), sheet)
        assert found["A.I.1.i.a"] == Outcome.CHANGED
        assert found["A.I.1.i.b"] == Outcome.CONFLICT

    def test_questions_that_the_tpi_has_are_closed(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        Worksheet.objects.filter(pk=sheet.pk).update(
            state=WorksheetState.SUBMITTED, tier="anggota", submitted_by=operator
        )
        sheet.items.filter(code="A.I.1.i.b").update(mark=ItemMark.UNLOCKED)
        sheet.refresh_from_db()
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"), row("A.I.1.i.b", "A"))
        assert outcomes(upload, sheet) == {
            "A.I.1.i.a": Outcome.REFUSED,
            "A.I.1.i.b": Outcome.NEW,
        }
        done = confirm(upload, sheet, operator)
        assert (done.written, done.refused) == (1, 1)
        assert stands(sheet, "A.I.1.i.a") is None


class TestConfirming:
    def test_everything_is_written_with_its_total(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        upload = receive(
            sheet,
            operator,
            row("A.I.1.i.a", "Ya", "SK 12"),
            row("A.I.1.i.b", "A"),
            row("A.II.1.i.a"),
            row("Jumlah agen perubahan", 4),
            row("Jumlah perubahan nyata yang dihasilkan", 2),
            row("B.I.a.a", "3,6"),
        )
        done = confirm(upload, sheet, operator)
        assert (done.written, done.kept, done.refused) == (4, 0, 0)
        answer = stands(sheet, "A.I.1.i.a")
        assert answer is not None
        assert (answer.option, answer.note, answer.changed_by_id) == ("Ya", "SK 12", operator.pk)
        total = scores_of(sheet)["unit"].total
        assert total.quantize(Decimal("0.01")) == Decimal("0.50") + Decimal("0.50") + Decimal(
            "15.75"
        )
        verbs = list(LedgerEntry.objects.values_list("verb", flat=True))
        assert verbs.count("worksheet.answered") == 4
        entry = LedgerEntry.objects.get(verb="worksheet_import.applied")
        assert entry.codes == {"written": 4, "kept": 0, "refused": 0}

    def test_twice_confirmed_is_once(self, sheet: Worksheet, operator: Membership) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"))
        seen = plan_of(upload, sheet).fingerprint
        for _time in (1, 2):
            done = apply_worksheet_import(upload=upload, seen=seen, take=(), by=operator, now=LATER)
            assert done.written == 1
        answer = stands(sheet, "A.I.1.i.a")
        assert answer is not None
        assert answer.version == 1
        assert LedgerEntry.objects.filter(verb="worksheet_import.applied").count() == 1

    @pytest.mark.parametrize(("take", "option"), [((), "A"), (("A.I.1.i.b",), "C")])
    def test_a_conflict_is_chosen_per_row(
        self, take: tuple[str, ...], option: str, sheet: Worksheet, operator: Membership
    ) -> None:
        save(sheet, "A.I.1.i.b", operator, option="A", note="tetap")
        upload = receive(sheet, operator, row("A.I.1.i.b", "C"), row("A.I.1.i.a", "Ya"))
        done = confirm(upload, sheet, operator, take)
        answer = stands(sheet, "A.I.1.i.b")
        assert answer is not None
        assert (answer.option, answer.note) == (option, "tetap")
        assert (done.written, done.kept) == (1 + len(take), 1 - len(take))

    def test_an_answer_that_is_equal_is_left_alone(
        self, sheet: Worksheet, operator: Membership, cast: Cast
    ) -> None:
        before = save(sheet, "A.I.1.i.a", operator, option="Ya")
        upload = receive(sheet, cast[Role.OPD_HEAD], row("A.I.1.i.a", "ya"))
        confirm(upload, sheet, cast[Role.OPD_HEAD], ("A.I.1.i.a",))
        after = stands(sheet, "A.I.1.i.a")
        assert after is not None
        assert (after.version, after.changed_by_id) == (before.version, operator.pk)

    def test_an_answer_that_changes_after_the_preview_stops_all_of_it(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"), row("A.I.1.i.b", "A"))
        seen = plan_of(upload, sheet).fingerprint
        save(sheet, "A.I.1.i.b", operator, option="C")
        with pytest.raises(StepRefused):
            apply_worksheet_import(
                upload=upload, seen=seen, take=("A.I.1.i.b",), by=operator, now=LATER
            )
        assert stands(sheet, "A.I.1.i.a") is None
        answer = stands(sheet, "A.I.1.i.b")
        assert answer is not None
        assert answer.option == "C"

    def test_links_become_proofs_and_unsafe_ones_are_named(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        typed = "lihat https://a.go.id/1. dan https://nama:sandi@b.go.id/x"
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya", "", typed))
        done = confirm(upload, sheet, operator)
        use = EvidenceUse.objects.get()
        assert use.item.code == "A.I.1.i.a"
        assert use.evidence.revisions.get().url == "https://a.go.id/1"
        [[code, link, why]] = done.content["links"]
        assert (code, link) == ("A.I.1.i.a", "https://nama:sandi@b.go.id/x")
        assert why

    def test_a_known_link_stands_at_a_second_question(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        for code in ("A.I.1.i.a", "A.I.1.ii.a"):
            upload = receive(sheet, operator, row(code, "Ya", "", "https://a.go.id/1"))
            assert confirm(upload, sheet, operator).content["links"] == []
        assert EvidenceUse.objects.count() == 2
        assert EvidenceUse.objects.values("evidence").distinct().count() == 1

    def test_it_is_somebody_elses(self, sheet: Worksheet, operator: Membership, cast: Cast) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"))
        with pytest.raises(PermissionDenied):
            confirm(upload, sheet, cast[Role.OPD_HEAD])


class TestTpi:
    def under_review(self, sheet: Worksheet, operator: Membership) -> Membership:
        save(sheet, "A.I.1.i.b", operator, option="A")
        member = tpi_member(sheet, TpiFunction.ANGGOTA)
        Worksheet.objects.filter(pk=sheet.pk).update(
            state=WorksheetState.SUBMITTED, tier="anggota", submitted_by=operator
        )
        sheet.refresh_from_db()
        return member

    def test_its_own_answers_with_the_reason_in_catatan(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        member = self.under_review(sheet, operator)
        upload = receive(
            sheet, member, row("A.I.1.i.a", "Tidak"), row("A.I.1.i.b", "C", "SK tidak ada")
        )
        assert upload.assessor == Assessor.TPI
        assert confirm(upload, sheet, member).written == 2
        own, theirs = stands(sheet, "A.I.1.i.b"), stands(sheet, "A.I.1.i.b", Assessor.TPI)
        assert own is not None
        assert theirs is not None
        assert (own.option, theirs.option, theirs.reason) == ("A", "C", "SK tidak ada")

    def test_a_silent_difference_is_refused_in_the_preview(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        member = self.under_review(sheet, operator)
        upload = receive(sheet, member, row("A.I.1.i.b", "C"))
        (line,) = plan_of(upload, sheet).lines
        assert line.outcome is Outcome.REFUSED
        assert "Catatan" in line.problem


class TestExpiry:
    def test_after_two_days_it_is_gone(self, sheet: Worksheet, operator: Membership) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"))
        seen = plan_of(upload, sheet).fingerprint
        late = LATER + timedelta(days=3)
        with pytest.raises(StepRefused):
            apply_worksheet_import(upload=upload, seen=seen, take=(), by=operator, now=late)
        assert empty_expired_worksheet_imports(now=late) == 1
        assert empty_expired_worksheet_imports(now=late) == 0
        upload.refresh_from_db()
        assert (upload.content, upload.state) == ({}, "discarded")

    def test_thrown_away(self, sheet: Worksheet, operator: Membership) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"))
        discard_worksheet_import(upload=upload, by=operator, now=LATER)
        discard_worksheet_import(upload=upload, by=operator, now=LATER)
        upload.refresh_from_db()
        assert upload.content == {}
        assert LedgerEntry.objects.filter(verb="worksheet_import.discarded").count() == 1

    def test_what_is_written_cannot_be_thrown_away(
        self, sheet: Worksheet, operator: Membership
    ) -> None:
        upload = receive(sheet, operator, row("A.I.1.i.a", "Ya"))
        confirm(upload, sheet, operator)
        with pytest.raises(StepRefused):
            discard_worksheet_import(upload=upload, by=operator, now=LATER)


def test_a_whole_sheet_exported_and_imported_elsewhere_scores_the_same(
    sheet: Worksheet, operator: Membership, cast: Cast
) -> None:
    for place, (code, question) in enumerate(sheet.instrument.instrument.questions.items()):
        choices = list(question.scale.options)
        if choices:
            save(
                sheet, code, operator, option=choices[place % len(choices)], note=f"catatan {code}"
            )
        elif question.asked.ratio:
            counts = {count.key: str(3 + n) for n, count in enumerate(question.counts)}
            save(sheet, code, operator, counts=counts)
        else:
            save(sheet, code, operator, index=Decimal("3.25"))
    other = make_sheet(cast, year=2025)
    data = workbook_of(sheet, Assessor.values, now=NOW)
    done = confirm(receive(other, operator, data=data), other, operator)
    assert done.written == 113
    assert scores_of(other)["unit"].total == scores_of(sheet)["unit"].total
    assert scores_of(other)["unit"].nodes == scores_of(sheet)["unit"].nodes
