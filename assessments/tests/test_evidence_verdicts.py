"""What the TPI says about a document at a question, and examples that a unit releases."""

import io

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.actions.evidence import Source, detach_evidence, revise_evidence
from assessments.actions.evidence_verdicts import (
    judge_use,
    record_opening,
    release_example,
    withdraw_example,
)
from assessments.enums import ItemMark, UseVerdict, WorksheetState
from assessments.models import EvidenceExample, Worksheet
from assessments.queries.evidence import EXAMPLE_KIND, elsewhere, newest_revision
from assessments.tests.evidence_pages import page, reading, words
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    approved,
    arrived,
    item,
    judged,
    make_sheet,
    proven,
    with_tpi,
)
from assessments.tests.factories_worksheets import tpi_member
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role, TpiFunction
from opd.tests.factories import MembershipFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def use(cast, sheet):
    return proven(cast, sheet)


def redacted(cast, words="Salinan tanpa NIP"):
    return arrived(cast[Role.OPD_OPERATOR], words, EXAMPLE_KIND)


def test_the_tier_whose_turn_it_is_accepts_or_returns(cast, sheet, use) -> None:
    auditor = with_tpi(cast, sheet)
    row = judged(use, auditor)
    assert (row.verdict, row.verdict_by, row.verdict_revision.number) == ("accepted", auditor, 1)
    row = judged(use, auditor, accepted=False, note=" Nomor SK tidak terbaca. ")
    assert (row.verdict, row.verdict_note) == ("returned", "Nomor SK tidak terbaca.")
    verbs = LedgerEntry.objects.filter(verb__in=["evidence.accepted", "evidence.returned"])
    assert [entry.codes["code"] for entry in verbs] == [CODE, CODE]


def test_a_return_says_why(cast, sheet, use) -> None:
    auditor = with_tpi(cast, sheet)
    with pytest.raises(StepRefused, match="why"):
        judged(use, auditor, accepted=False, note="  ")


def test_nobody_else_judges(cast, sheet, use) -> None:
    with_tpi(cast, sheet)
    leader = tpi_member(sheet, TpiFunction.KETUA)
    for person in (cast[Role.OPD_HEAD], cast[Role.ZI_SECRETARIAT], leader):
        with pytest.raises(PermissionDenied):
            judged(use, person)
    use.refresh_from_db()
    assert use.verdict == UseVerdict.WAITING


def test_nobody_judges_what_is_not_under_review(cast, sheet, use) -> None:
    auditor = with_tpi(cast, sheet)
    Worksheet.objects.filter(pk=sheet.pk).update(state=WorksheetState.RETURNED, tier="")
    with pytest.raises(StepRefused, match="not with the TPI"):
        judged(use, auditor)


def test_the_verdict_is_about_the_revision_that_was_seen(cast, sheet, use) -> None:
    auditor = with_tpi(cast, sheet)
    seen = newest_revision(use.evidence)
    sheet.items.filter(code=CODE).update(mark=ItemMark.UNLOCKED)
    operator = cast[Role.OPD_OPERATOR]
    source = Source(arrived(operator, "lain"))
    revise_evidence(evidence=use.evidence, source=source, by=operator, now=NOW)
    with pytest.raises(StepRefused, match="newer"):
        judge_use(use=use, revision=seen, accepted=True, note="", by=auditor, now=NOW)


def test_an_example_is_released_after_acceptance_only(cast, sheet, use) -> None:
    operator = cast[Role.OPD_OPERATOR]
    with pytest.raises(StepRefused, match="accepted"):
        release_example(use=use, stored=redacted(cast), by=operator, now=NOW)
    auditor = with_tpi(cast, sheet)
    judged(use, auditor)
    with pytest.raises(PermissionDenied):
        release_example(use=use, stored=redacted(cast), by=auditor, now=NOW)
    example = release_example(use=use, stored=redacted(cast), by=operator, now=NOW)
    assert example.code == CODE
    assert release_example(use=use, stored=redacted(cast), by=operator, now=NOW) == example
    newer = release_example(use=use, stored=redacted(cast, "Lebih rapi"), by=operator, now=NOW)
    assert list(EvidenceExample.objects.filter(withdrawn_at=None)) == [newer]


def original(cast, use, title=None):
    """The bytes of the document itself, sent once more; or with another title inside."""
    stored = newest_revision(use.evidence).stored
    with default_storage.open(stored.key) as kept:
        data = kept.read()
    if title:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.docinfo["/Title"], changed = title, io.BytesIO()
            pdf.save(changed)
        data = changed.getvalue()
    by = cast[Role.OPD_OPERATOR]
    return receive(
        SimpleUploadedFile("SK Budi 19800101.pdf", data),
        rule=EVIDENCE,
        kind=EXAMPLE_KIND,
        government_id=by.government_id,
        by_user_id=by.user_id,
    )


@pytest.mark.parametrize("title", [None, "Judul lain"])
def test_the_document_itself_is_no_example(cast, sheet, use, title) -> None:
    judged(use, with_tpi(cast, sheet))
    with pytest.raises(StepRefused, match="document itself"):
        release_example(
            use=use, stored=original(cast, use, title), by=cast[Role.OPD_OPERATOR], now=NOW
        )
    assert not EvidenceExample.objects.exists()


def test_an_example_names_the_question_and_nobody(cast, sheet, use) -> None:
    judged(use, with_tpi(cast, sheet))
    operator = cast[Role.OPD_OPERATOR]
    sent = arrived(operator, "Dinas Satu, Budi", EXAMPLE_KIND, name="SK Budi 19800101.pdf")
    example = release_example(use=use, stored=sent, by=operator, now=NOW)
    assert example.stored.name == f"Contoh {CODE}.pdf"
    with default_storage.open(example.stored.key) as kept, pikepdf.open(kept) as pdf:
        assert "/Info" not in pdf.trailer or not dict(pdf.docinfo)
        assert "/Metadata" not in pdf.Root
        assert len(pdf.pages) == 3
    assert (sent.state, example.stored.state) == ("pending", "stored")


def test_an_example_is_taken_back_by_its_unit_or_the_secretariat(cast, sheet, use) -> None:
    judged(use, with_tpi(cast, sheet))
    operator = cast[Role.OPD_OPERATOR]
    example = release_example(use=use, stored=redacted(cast), by=operator, now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_example(example=example, by=cast[Role.PLANNER], now=NOW)
    withdraw_example(example=example, by=cast[Role.ZI_SECRETARIAT], now=NOW)
    withdraw_example(example=example, by=operator, now=NOW)
    example.refresh_from_db()
    assert example.withdrawn_at == NOW
    assert LedgerEntry.objects.filter(verb="evidence.example_withdrawn").count() == 1


def test_what_was_released_as_an_example_stays_at_its_question(cast, sheet, use) -> None:
    judged(use, with_tpi(cast, sheet))
    operator = cast[Role.OPD_OPERATOR]
    release_example(use=use, stored=redacted(cast), by=operator, now=NOW)
    Worksheet.objects.filter(pk=sheet.pk).update(state="draft", tier="")
    with pytest.raises(StepRefused, match="example"):
        detach_evidence(use=use, by=operator, now=NOW)


def test_others_learn_what_passed_and_why_others_came_back(cast, sheet, use) -> None:
    auditor = with_tpi(cast, sheet)
    judged(use, auditor)
    example = release_example(use=use, stored=redacted(cast), by=cast[Role.OPD_OPERATOR], now=NOW)
    theirs = make_sheet(cast, unit=cast.other_unit)
    found = elsewhere(item(theirs, CODE), theirs)
    assert ([row.pk for row in found.examples], found.reasons) == ([example.pk], [])
    judged(use, auditor, accepted=False, note="Tanggal SK sesudah kegiatan.")
    assert elsewhere(item(theirs, CODE), theirs).reasons == ["Tanggal SK sesudah kegiatan."]
    assert elsewhere(item(sheet, CODE), sheet).reasons == []


def test_what_passed_elsewhere_stands_beside_each_question(
    cast, sheet, use, client_as, django_assert_max_num_queries
) -> None:
    other = proven(cast, sheet, OTHER, title="Notulen")
    auditor = with_tpi(cast, sheet)
    judged(use, auditor)
    example = release_example(use=use, stored=redacted(cast), by=cast[Role.OPD_OPERATOR], now=NOW)
    judged(other, auditor, accepted=False, note="Tanggal SK sesudah kegiatan.")
    writer = MembershipFactory(government=cast.home, role=Role.OPD_OPERATOR, unit=cast.other_unit)
    theirs = make_sheet(cast, unit=cast.other_unit)
    client = reading(client_as(writer))
    link = page("evidence_example", pk=example.pk)
    with django_assert_max_num_queries(12):
        part = words(client, page("worksheet_part", pk=theirs.pk, part="A.I.1.i"))
    assert part.count("What passed elsewhere") == 2
    assert link in part
    assert "Tanggal SK sesudah kegiatan." in part
    question = words(client, page("worksheet_question", pk=theirs.pk, code=CODE))
    assert link in question
    assert "Tanggal SK" not in question
    own = words(
        reading(client_as(cast[Role.OPD_OPERATOR])),
        page("worksheet_part", pk=sheet.pk, part="A.I.1.i"),
    )
    assert "What passed elsewhere" not in own


def test_what_the_ministry_opened_is_recorded(cast, sheet, use) -> None:
    approved(cast, sheet)
    reviewer = cast[Role.TPN_REVIEWER]
    record_opening(use=use, revision=newest_revision(use.evidence), by=reviewer)
    entry = LedgerEntry.objects.get(verb="evidence.opened")
    assert (entry.membership_id, entry.codes) == (reviewer.pk, {"code": CODE, "revision": 1})
