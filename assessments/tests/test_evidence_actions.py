"""Documents of a unit, their revisions, and the questions at which they stand."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction

from assessments.actions.evidence import (
    AlreadyThere,
    EvidenceRefused,
    EvidenceTexts,
    Place,
    Source,
    add_evidence,
    attach_evidence,
    detach_evidence,
    edit_evidence,
    revise_evidence,
)
from assessments.editing import Conflict
from assessments.enums import ItemMark, UseVerdict
from assessments.models import Evidence, EvidenceHealth, EvidenceRevision, EvidenceUse
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    approved,
    arrived,
    document,
    item,
    judged,
    make_sheet,
    proven,
    with_tpi,
)
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def operator(cast):
    return cast[Role.OPD_OPERATOR]


def add(cast, **more):
    by = more.pop("by", cast[Role.OPD_OPERATOR])
    values = {
        "unit": cast.unit,
        "texts": EvidenceTexts("SK Tim Kerja ZI", number="188/12/2026"),
        "source": Source(url="https://drive.example.go.id/sk"),
        "form_key": uuid4(),
        "by": by,
        "now": NOW,
        **more,
    }
    return add_evidence(**values)


def verbs(row):
    return list(
        LedgerEntry.objects.filter(
            subject_type=row._meta.label_lower, subject_id=str(row.pk)
        ).values_list("verb", flat=True)
    )


def test_a_file_becomes_a_document_with_its_first_revision(cast, operator) -> None:
    stored = arrived(operator)
    proof = add(cast, source=Source(stored), texts=EvidenceTexts("SK", dated_on=date(2026, 1, 5)))
    revision = proof.revisions.get()
    stored.refresh_from_db()
    assert (revision.number, revision.stored, revision.url) == (1, stored, "")
    assert stored.state == StoredFile.State.STORED
    assert proof.dated_on == date(2026, 1, 5)
    assert EvidenceHealth.objects.get(revision=revision).result == "waiting"
    assert verbs(proof) == ["evidence.added"]


def test_a_document_may_stand_at_its_question_at_once(cast, sheet) -> None:
    proof = add(cast, place=Place(item(sheet, CODE), "2-4"))
    use = proof.uses.get()
    assert (use.item.code, use.pages, use.verdict) == (CODE, "2-4", UseVerdict.WAITING)
    assert verbs(use) == ["evidence.attached"]


def test_a_second_press_adds_nothing(cast, sheet) -> None:
    key = uuid4()
    first = add(cast, form_key=key, place=Place(item(sheet, CODE)))
    assert add(cast, form_key=key, place=Place(item(sheet, CODE))) == first
    assert EvidenceUse.objects.count() == 1


def test_the_same_content_is_named_and_not_added_again(cast, operator) -> None:
    known = add(cast, source=Source(arrived(operator)))
    with pytest.raises(AlreadyThere, match="SK Tim Kerja ZI") as refused:
        add(cast, source=Source(arrived(operator)))
    assert refused.value.evidence == known
    add(cast)
    with pytest.raises(AlreadyThere):
        add(cast)


@pytest.mark.parametrize(
    ("texts", "source", "field"),
    [
        (EvidenceTexts(" "), Source(url="https://a.example"), "title"),
        (
            EvidenceTexts("SK", valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1)),
            Source(url="https://a.example"),
            "valid_until",
        ),
        (EvidenceTexts("SK"), Source(), "url"),
        (EvidenceTexts("SK"), Source(url="javascript:alert(1)"), "url"),
        (EvidenceTexts("SK"), Source(url="ftp://a.example/x"), "url"),
        (EvidenceTexts("SK"), Source(url="https://name:secret@a.example/"), "url"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field(cast, texts, source, field) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        add(cast, texts=texts, source=source)
    assert refused.value.field == field
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("role", [Role.INSPECTORATE, Role.ZI_SECRETARIAT, Role.TPN_REVIEWER])
def test_only_operator_and_head_keep_the_evidence(cast, role) -> None:
    with pytest.raises(PermissionDenied):
        add(cast, by=cast[role])
    proof = document(cast)
    with pytest.raises(PermissionDenied):
        revise_evidence(evidence=proof, source=Source(url="https://b.id"), by=cast[role], now=NOW)
    texts = EvidenceTexts("Lain")
    with pytest.raises(PermissionDenied):
        edit_evidence(evidence=proof, texts=texts, version=1, by=cast[role], now=NOW)


def test_a_revision_is_numbered_and_never_changed(cast, operator) -> None:
    proof = document(cast)
    second = revise_evidence(
        evidence=proof, source=Source(arrived(operator, "halaman dua")), by=operator, now=NOW
    )
    assert second.number == 2
    assert [row.number for row in proof.revisions.order_by("number")] == [1, 2]
    with pytest.raises(InternalError), transaction.atomic():
        EvidenceRevision.objects.update(url="x")
    again = Source(arrived(operator, "halaman dua"))
    assert revise_evidence(evidence=proof, source=again, by=operator, now=NOW) == second
    assert verbs(proof) == ["evidence.added", "evidence.revised"]


def test_texts_are_written_over_the_version_that_was_seen(cast, operator) -> None:
    proof = document(cast)
    edit_evidence(evidence=proof, texts=EvidenceTexts("SK Baru"), version=1, by=operator, now=NOW)
    texts = EvidenceTexts("SK Lain")
    with pytest.raises(Conflict) as conflict:
        edit_evidence(evidence=proof, texts=texts, version=1, by=operator, now=NOW)
    assert conflict.value.current.title == "SK Baru"
    assert LedgerEntry.objects.get(verb="evidence.edited").codes == {"title": True}


def test_one_document_serves_many_questions_and_years(cast, sheet, operator) -> None:
    proof = document(cast)
    next_year = make_sheet(cast, zone=sheet.zone, year=2027)
    for row in (item(sheet, CODE), item(sheet, OTHER), item(next_year, CODE)):
        attach_evidence(item=row, evidence=proof, pages="1", by=operator, now=NOW)
    assert proof.uses.count() == 3
    use = attach_evidence(item=item(sheet, CODE), evidence=proof, pages="7", by=operator, now=NOW)
    assert proof.uses.count() == 3
    assert use.pages == "7"
    assert verbs(use) == ["evidence.attached", "evidence.pages_changed"]


def test_documents_of_another_unit_prove_nothing_here(cast, sheet, operator) -> None:
    proof = document(cast)
    elsewhere = make_sheet(cast, unit=cast.other_unit)
    with pytest.raises(PermissionDenied):
        attach_evidence(item=item(elsewhere, CODE), evidence=proof, pages="", by=operator, now=NOW)
    operator.acts_below = True
    below = make_sheet(cast, unit=cast.below)
    with pytest.raises(StepRefused, match="another unit"):
        attach_evidence(item=item(below, CODE), evidence=proof, pages="", by=operator, now=NOW)


def test_with_the_tpi_only_returned_questions_take_documents(cast, sheet, operator) -> None:
    use = proven(cast, sheet)
    proof = document(cast, "Notulen")
    with_tpi(cast, sheet)
    with pytest.raises(StepRefused, match="Ask there"):
        attach_evidence(item=item(sheet, OTHER), evidence=proof, pages="", by=operator, now=NOW)
    with pytest.raises(StepRefused, match="Ask there"):
        detach_evidence(use=use, by=operator, now=NOW)
    sheet.items.filter(code=OTHER).update(mark=ItemMark.RETURNED)
    attach_evidence(item=item(sheet, OTHER), evidence=proof, pages="", by=operator, now=NOW)
    assert sheet.items.get(code=OTHER).uses.count() == 1


def test_a_document_leaves_the_question_and_stays_in_the_register(cast, sheet, operator) -> None:
    use = proven(cast, sheet)
    detach_evidence(use=use, by=operator, now=NOW)
    assert not EvidenceUse.objects.exists()
    assert Evidence.objects.exists()
    assert LedgerEntry.objects.filter(verb="evidence.detached").exists()


# --- a new revision and the TPI ---


def test_a_new_revision_makes_the_verdict_wait_again(cast, sheet, operator) -> None:
    use = proven(cast, sheet)
    auditor = with_tpi(cast, sheet)
    judged(use, auditor, accepted=False, note="Belum ditandatangani.")
    sheet.items.filter(code=CODE).update(mark=ItemMark.RETURNED)
    revise_evidence(
        evidence=use.evidence, source=Source(arrived(operator, "tertanda")), by=operator, now=NOW
    )
    use.refresh_from_db()
    assert (use.verdict, use.verdict_by) == (UseVerdict.WAITING, None)
    assert use.returned_note == "Belum ditandatangani."


def test_a_document_before_the_tpi_is_not_exchanged_behind_its_back(cast, sheet, operator) -> None:
    use = proven(cast, sheet)
    with_tpi(cast, sheet)
    source = Source(arrived(operator, "lain"))
    with pytest.raises(StepRefused, match=CODE):
        revise_evidence(evidence=use.evidence, source=source, by=operator, now=NOW)
    assert use.evidence.revisions.count() == 1


def test_a_settled_year_keeps_its_verdict_when_the_document_goes_on(cast, sheet, operator) -> None:
    use = proven(cast, sheet)
    judged(use, with_tpi(cast, sheet))
    approved(cast, sheet)
    next_year = make_sheet(cast, zone=sheet.zone, year=2027)
    newer = attach_evidence(
        item=item(next_year, CODE), evidence=use.evidence, pages="", by=operator, now=NOW
    )
    revise_evidence(
        evidence=use.evidence, source=Source(arrived(operator, "2027")), by=operator, now=NOW
    )
    use.refresh_from_db()
    newer.refresh_from_db()
    assert use.verdict == UseVerdict.ACCEPTED
    assert newer.verdict == UseVerdict.WAITING


def test_a_closed_zone_takes_no_documents(cast, sheet, operator) -> None:
    proof = document(cast)
    zone = sheet.zone
    type(zone).objects.filter(pk=zone.pk).update(closed_on=NOW.date())
    with pytest.raises(PermissionDenied):
        attach_evidence(item=item(sheet, CODE), evidence=proof, pages="", by=operator, now=NOW)
