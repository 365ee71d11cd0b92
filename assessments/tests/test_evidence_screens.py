"""Screens of evidence: beside the question, the register, a document, what is missing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions.answers import save_answer
from assessments.answering import Said
from assessments.enums import Assessor
from assessments.models import Evidence, EvidenceHealth, EvidenceUse
from assessments.queries.evidence import proofs_of
from assessments.tests.evidence_pages import page, reading, sent, words
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    document,
    item,
    judged,
    make_sheet,
    proven,
    upload,
    with_tpi,
)
from opd.enums import Role

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def desk(cast, client_as):
    return reading(client_as(cast[Role.OPD_OPERATOR]))


# --- beside a question ---


def test_a_file_is_added_to_a_question(cast, sheet, desk) -> None:
    add = page("evidence_add", pk=sheet.pk, code=CODE)
    response = sent(desk, add, proof=upload("SK Tim.pdf"), pages="2", dated_on="5 Januari 2026")
    assert response.status_code == 302
    use = EvidenceUse.objects.get()
    assert (use.item.code, use.pages, use.evidence.title) == (CODE, "2", "SK Tim")
    assert CODE in words(desk, response["Location"])


def test_a_link_needs_a_name(cast, sheet, desk) -> None:
    add = page("evidence_add", pk=sheet.pk, code=CODE)
    response = sent(desk, add, url="https://drive.example.go.id/x")
    assert "Write what the document is called." in response.content.decode()
    sent(desk, add, url="https://drive.example.go.id/x", title="Notulen")
    assert EvidenceUse.objects.get().evidence.revisions.get().is_link


def test_nothing_typed_is_lost_and_the_file_has_arrived(cast, sheet, desk) -> None:
    add = page("evidence_add", pk=sheet.pk, code=CODE)
    key = str(uuid4())
    response = sent(
        desk, add, form_key=key, proof=upload(), title="SK Tim Kerja", valid_until="kapan"
    )
    text = response.content.decode()
    assert "Has arrived: SK Tim.pdf" in text
    assert "SK Tim Kerja" in text
    kept = response.context["add"]["kept"].value()
    sent(desk, add, form_key=key, kept=kept, title="SK Tim Kerja", valid_until="31/12/2026")
    assert EvidenceUse.objects.get().evidence.revisions.get().stored.public_id == kept


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a file, or enter a link below."),
        ({"url": "javascript:alert(1)", "title": "x"}, "Enter a web address"),
        (
            {
                "url": "https://a.go.id",
                "title": "x",
                "valid_from": "2/2/2026",
                "valid_until": "1/1/2026",
            },
            "end of validity",
        ),
    ],
)
def test_refused_input_says_what_to_do(cast, sheet, desk, data, sentence) -> None:
    add = page("evidence_add", pk=sheet.pk, code=CODE)
    assert sentence in sent(desk, add, **data).content.decode()
    assert not EvidenceUse.objects.exists()


def test_a_document_of_the_register_is_chosen_for_another_question(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    add = page("evidence_add", pk=sheet.pk, code=OTHER)
    assert use.evidence.title in words(desk, add)
    response = desk.post(add, {"choose": "1", "evidence": use.evidence_id, "chosen_pages": "7"})
    assert response.status_code == 302
    assert item(sheet, OTHER).uses.get().pages == "7"
    again = desk.post(add, {"choose": "1", "evidence": use.evidence_id})
    assert again.status_code == 200


def test_the_proofs_of_a_question_say_what_they_are(cast, sheet) -> None:
    today = timezone.localdate()
    use = proven(
        cast, sheet, number="188/12", dated_on=today, valid_until=today - timedelta(days=1)
    )
    auditor = with_tpi(cast, sheet)
    judged(use, auditor, accepted=False, note="Halaman 3 kosong.")
    row = item(sheet, CODE)
    text = render_to_string(
        "assessments/evidence/of_question.html",
        {"sheet": sheet, "item": row, "proofs": proofs_of([row], sheet, today)[row.pk]},
    )
    for part in ("188/12", "pages 3", "Expired", "Returned", "Halaman 3 kosong."):
        assert part in text
    assert "Add evidence" not in text


def test_proofs_cost_the_same_for_two_and_for_seven(cast, sheet) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            proofs_of(sheet.items.filter(code__in=[CODE, OTHER]), sheet, NOW.date())
        return len(captured)

    for number in range(2):
        proven(cast, sheet, title=f"A{number}")
    few = cost()
    for number in range(5):
        proven(cast, sheet, OTHER, title=f"B{number}")
    assert cost() == few == 3


def test_a_document_is_taken_away_from_a_question(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    desk.post(page("evidence_detach", pk=sheet.pk, use=use.pk))
    assert not EvidenceUse.objects.exists()
    assert Evidence.objects.filter(pk=use.evidence_id).exists()


# --- the register ---


def test_the_register_finds_and_narrows(cast, sheet, desk) -> None:
    today = timezone.localdate()
    old = proven(cast, sheet, title="Lama", valid_until=today - timedelta(days=1)).evidence
    soon = document(cast, "Segera", valid_until=today + timedelta(days=20))
    broken = document(cast, "Rusak")
    EvidenceHealth.objects.filter(revision__evidence=broken).update(result="changed")
    expected = {
        "": {old, soon, broken},
        "expired": {old},
        "soon": {soon},
        "unused": {soon, broken},
        "several": set(),
        "changed": {broken},
        "returned": set(),
        "nonsense": {old, soon, broken},
    }
    for show, documents in expected.items():
        response = desk.get(page("evidence"), {"show": show})
        assert {row.evidence for row in response.context["rows"]} == documents, show
    response = desk.get(page("evidence"), {"q": "lam"})
    assert [row.evidence for row in response.context["rows"]] == [old]


def test_the_register_costs_the_same_for_two_and_for_seven(cast, sheet, desk) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page("evidence")).status_code == 200
        return len(captured)

    for number in range(2):
        proven(cast, sheet, title=f"A{number}")
    few = cost()
    for number in range(5):
        proven(cast, sheet, title=f"B{number}")
    assert cost() == few


def test_a_document_has_its_revisions_and_uses(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    here = page("evidence_document", pk=use.evidence_id)
    response = sent(
        desk, page("evidence_revise", pk=use.evidence_id), proof=upload("baru.pdf", "baru")
    )
    assert response["Location"] == here
    text = words(desk, here)
    for part in ("Revision 1", "Revision 2", "baru.pdf", CODE):
        assert part in text
    for revision in use.evidence.revisions.all():
        file = desk.get(page("evidence_file", pk=revision.pk))
        assert file.headers["Content-Disposition"].startswith("attachment")
        file.getvalue()


def test_what_the_tpi_returned_says_so_and_why(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    judged(use, with_tpi(cast, sheet), accepted=False, note="Belum ditandatangani.")
    response = desk.get(page("evidence"), {"show": "returned"})
    assert [row.is_returned for row in response.context["rows"]] == [True]
    assert "Returned by the TPI" in response.content.decode()
    there = words(desk, page("evidence_document", pk=use.evidence_id))
    assert "“Belum ditandatangani.”" in there


def test_two_people_who_edit_see_both_texts(cast, desk) -> None:
    proof = document(cast)
    edit = page("evidence_edit", pk=proof.pk)
    assert sent(desk, edit, title="Satu", version=1).status_code == 302
    response = sent(desk, edit, title="Dua", version=1)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Satu" in text
    assert "Dua" in text
    proof.refresh_from_db()
    assert proof.title == "Satu"


def test_a_new_document_without_a_question(cast, desk) -> None:
    response = sent(desk, page("evidence_new"), proof=upload("Renja 2026.pdf"))
    proof = Evidence.objects.get()
    assert response["Location"] == page("evidence_document", pk=proof.pk)
    assert proof.title == "Renja 2026"
    again = sent(desk, page("evidence_new"), proof=upload("Lain.pdf"))
    assert "already in your register" in again.content.decode()


# --- what is missing ---


def answer(cast, sheet, code, option) -> None:
    save_answer(
        item=item(sheet, code),
        assessor=Assessor.UNIT,
        said=Said(option=option),
        version=0,
        by=cast[Role.OPD_OPERATOR],
        now=NOW,
    )


def test_what_is_claimed_without_proof_is_listed(cast, sheet, desk) -> None:
    missing = page("evidence_missing", pk=sheet.pk)
    question = sheet.instrument.instrument.questions[CODE]
    codes = list(question.scale.options)
    answer(cast, sheet, CODE, codes[-1])
    assert "No proof is missing" in words(desk, missing)
    other = sheet.instrument.instrument.questions[OTHER]
    answer(cast, sheet, OTHER, next(iter(other.scale.options)))
    text = words(desk, missing)
    assert "no proof" in text
    assert f">{OTHER}<" in text
    assert f">{CODE}<" not in text
    today = timezone.localdate()
    use = proven(cast, sheet, OTHER, valid_until=today - timedelta(days=1))
    assert "expired proof" in words(desk, missing)
    judged(use, with_tpi(cast, sheet), accepted=False, note="Kurang")
    assert "returned proof" in words(desk, missing)


def test_proofs_of_a_past_year_are_judged_at_its_end(cast, desk) -> None:
    past = make_sheet(cast, year=2024)
    use = proven(cast, past, valid_until=timezone.datetime(2024, 12, 31).date())
    found = proofs_of([use.item], past, timezone.localdate())[use.item_id]
    assert found[0].validity == "soon"
