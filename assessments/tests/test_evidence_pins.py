"""What was approved stays: the revision and the data of every document on an approved sheet."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import InternalError, transaction

from assessments.actions.evidence import (
    EvidenceTexts,
    Source,
    attach_evidence,
    edit_evidence,
    revise_evidence,
)
from assessments.actions.evidence_verdicts import judge_use
from assessments.actions.reviews import _keep_approval, reopen_worksheet
from assessments.actions.worksheet_items import settle_item, unlock_item
from assessments.enums import ItemMark, UseVerdict, WorksheetState
from assessments.models import EvidenceFacts, Worksheet
from assessments.queries.evidence import newest_revision, proof_of
from assessments.queries.worksheet_checks import changed_since
from assessments.tests.evidence_pages import page, reading, words
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    approved,
    arrived,
    judged,
    make_sheet,
    proven,
    with_tpi,
)
from assessments.tests.factories_worksheets import tpi_member
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role, TpiFunction
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")

TODAY = NOW.date()
LATER = EvidenceTexts("SK lain", number="999", valid_until=date(2030, 1, 1))


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def operator(cast):
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def use(cast, sheet):
    """Nobody has judged it: approval asks for no verdict."""
    return proven(cast, sheet, number="188/12/2026")


def settled(cast, sheet) -> Worksheet:
    """As the approval leaves it."""
    approved(cast, sheet)
    _keep_approval(sheet, None, NOW, approver=cast[Role.INSPECTORATE])
    return sheet


def revised(use, operator, words="lain"):
    source = Source(arrived(operator, words))
    return revise_evidence(evidence=use.evidence, source=source, by=operator, now=NOW)


def edited(use, operator, texts=LATER, version=1):
    return edit_evidence(evidence=use.evidence, texts=texts, version=version, by=operator, now=NOW)


def shown(use, sheet):
    use.refresh_from_db()
    return proof_of(use, sheet, TODAY)


def test_a_later_revision_does_not_take_the_place_of_what_was_approved(
    cast, sheet, use, operator, client_as
) -> None:
    settled(cast, sheet)
    assert revised(use, operator).number == 2
    proof = shown(use, sheet)
    assert (proof.revision.number, proof.is_newer_there) == (1, True)
    assert changed_since(sheet) == []
    client = reading(client_as(operator))
    document = words(client, page("evidence_document", pk=use.evidence_id))
    assert "approved with revision 1" in document


def test_data_changed_after_approval_do_not_reach_the_approved_sheet(
    cast, sheet, use, operator, client_as
) -> None:
    settled(cast, sheet)
    edited(use, operator)
    proof = shown(use, sheet)
    assert (proof.facts.title, proof.facts.number) == ("SK Tim Kerja ZI", "188/12/2026")
    assert use.evidence.number == "999"
    client = reading(client_as(cast[Role.INSPECTORATE]))
    viewer = words(client, page("evidence_use", pk=sheet.pk, use=use.pk))
    assert "188/12/2026" in viewer
    assert "<dd>999</dd>" not in viewer
    assert "SK lain" not in viewer
    assert "other data" in viewer


def test_what_the_document_says_belongs_to_what_was_approved(cast, sheet, use) -> None:
    settled(cast, sheet)
    type(use.evidence).objects.update(number="999")
    type(use).objects.update(approved_facts=None)
    assert changed_since(sheet) == [CODE]


def test_data_of_a_document_before_the_tpi_are_not_changed_behind_its_back(
    cast, sheet, use, operator
) -> None:
    with_tpi(cast, sheet)
    with pytest.raises(StepRefused, match=CODE):
        edited(use, operator)
    use.evidence.refresh_from_db()
    assert use.evidence.number == "188/12/2026"
    note = EvidenceTexts("SK Tim Kerja ZI", number="188/12/2026", note="Lemari 3")
    assert edited(use, operator, note).note == "Lemari 3"


def test_data_changed_at_a_returned_question_wait_for_a_new_look(
    cast, sheet, use, operator
) -> None:
    judged(use, with_tpi(cast, sheet), accepted=False, note="Nomornya salah.")
    sheet.items.filter(code=CODE).update(mark=ItemMark.RETURNED)
    edited(use, operator)
    use.refresh_from_db()
    assert (use.verdict, use.returned_note) == (UseVerdict.WAITING, "Nomornya salah.")


def test_the_verdict_is_about_the_data_that_were_seen(cast, sheet, use, operator) -> None:
    auditor = with_tpi(cast, sheet)
    seen = {"revision": newest_revision(use.evidence), "version": use.evidence.version}
    sheet.items.filter(code=CODE).update(mark=ItemMark.UNLOCKED)
    edited(use, operator)
    with pytest.raises(StepRefused, match="Look at them first"):
        judge_use(use=use, accepted=True, note="", by=auditor, now=NOW, **seen)


def test_an_opened_question_of_an_approved_sheet_says_what_changed(
    cast, sheet, use, operator
) -> None:
    highest = tpi_member(sheet, TpiFunction.PENANGGUNG_JAWAB)
    settled(cast, sheet)
    row = unlock_item(item=use.item, text="Ganti.", form_key=uuid4(), by=highest, now=NOW)
    revised(use, operator)
    added = attach_evidence(
        item=row.item,
        evidence=proven(cast, make_sheet(cast, zone=sheet.zone, year=2027), OTHER).evidence,
        pages="",
        by=operator,
        now=NOW,
    )
    assert shown(use, sheet).revision.number == 2
    assert changed_since(sheet) == [CODE]
    settle_item(item=row.item, by=highest, now=NOW)
    revised(use, operator, "lagi")
    revised(added, operator, "lain lagi")
    assert [shown(each, sheet).revision.number for each in (use, added)] == [2, 1]


def test_a_sheet_that_is_taken_up_again_shows_what_nobody_has_judged(
    cast, sheet, use, operator
) -> None:
    kept = proven(cast, sheet, OTHER, title="Notulen")
    auditor = with_tpi(cast, sheet)
    judged(use, auditor)
    judged(kept, auditor)
    highest = tpi_member(sheet, TpiFunction.PENANGGUNG_JAWAB)
    settled(cast, sheet)
    edited(use, operator)
    sheet = reopen_worksheet(sheet=sheet, note="Ada temuan.", by=highest, now=NOW)
    assert sheet.state == WorksheetState.SUBMITTED
    proof = shown(use, sheet)
    assert (proof.verdict, proof.facts.number) == (UseVerdict.WAITING, "999")
    assert shown(kept, sheet).verdict == UseVerdict.ACCEPTED
    assert changed_since(sheet) == [CODE]


def test_who_changed_which_data_when_can_be_read(use, operator, client_as) -> None:
    edited(use, operator)
    html = words(reading(client_as(operator)), page("evidence_document", pk=use.evidence_id))
    assert "Earlier data" in html
    assert "188/12/2026" in html
    assert "999" in html
    first, second = EvidenceFacts.objects.order_by("version")
    assert (first.number, second.number, second.by) == ("188/12/2026", "999", operator)
    codes = LedgerEntry.objects.get(verb="evidence.edited").codes
    assert codes == {"title": True, "number": True, "valid_until": True}
    with pytest.raises(InternalError), transaction.atomic():
        EvidenceFacts.objects.update(number="x")


def test_a_document_of_a_replaced_draft_goes_on(sheet, use, operator) -> None:
    Worksheet.objects.filter(pk=sheet.pk).update(state=WorksheetState.REPLACED)
    assert revised(use, operator).number == 2
