"""The viewer of a proof: the paper beside the question, verdicts, examples, the ministry."""

import pytest

from assessments.enums import UseVerdict
from assessments.models import EvidenceExample, EvidenceUse
from assessments.tests.evidence_pages import page, reading, sent, words
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    approved,
    document,
    item,
    judged,
    make_sheet,
    proven,
    upload,
    with_tpi,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def desk(cast, client_as):
    return reading(client_as(cast[Role.OPD_OPERATOR]))


def test_the_viewer_shows_the_paper_at_its_page_beside_the_question(cast, sheet, desk) -> None:
    use = proven(cast, sheet, pages="3-5")
    response = desk.get(page("evidence_use", pk=sheet.pk, use=use.pk))
    text = response.content.decode()
    assert f"{page('evidence_use_file', pk=sheet.pk, use=use.pk)}#page=3" in text
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]
    assert "Write what" not in text
    assert 'id="verdict"' not in text


def test_a_paper_is_shown_in_our_own_frames_only(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    response = desk.get(page("evidence_use_file", pk=sheet.pk, use=use.pk))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline")
    policy = response.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; sandbox; frame-ancestors 'self'"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response.getvalue()


def test_the_tpi_judges_beside_the_paper(cast, sheet, client_as) -> None:
    use = proven(cast, sheet)
    client = reading(client_as(with_tpi(cast, sheet)))
    here = page("evidence_use", pk=sheet.pk, use=use.pk)
    verdict = page("evidence_verdict", pk=sheet.pk, use=use.pk)
    revision = use.evidence.revisions.get().pk
    assert "Does it prove the answer?" in words(client, here)
    silent = client.post(verdict, {"revision": revision, "return": "1", "note": ""})
    assert "Write why" in silent.content.decode()
    client.post(verdict, {"revision": revision, "return": "1", "note": "Belum tertanda."})
    use.refresh_from_db()
    assert (use.verdict, use.verdict_note) == (UseVerdict.RETURNED, "Belum tertanda.")
    client.post(verdict, {"revision": revision, "accept": "1"})
    use.refresh_from_db()
    assert use.verdict == UseVerdict.ACCEPTED


def test_the_unit_has_no_verdict(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    with_tpi(cast, sheet)
    verdict = page("evidence_verdict", pk=sheet.pk, use=use.pk)
    revision = use.evidence.revisions.get().pk
    assert desk.post(verdict, {"revision": revision, "accept": "1"}).status_code == 403


def test_an_example_is_released_seen_elsewhere_and_taken_back(cast, sheet, desk, client_as) -> None:
    use = proven(cast, sheet)
    judged(use, with_tpi(cast, sheet))
    release = page("evidence_release", pk=sheet.pk, use=use.pk)
    unread = sent(desk, release, proof=upload("salinan.pdf", "Tanpa nama"))
    assert "Look through the copy first" in unread.content.decode()
    sent(desk, release, proof=upload("salinan.pdf", "Tanpa nama"), looked="on")
    example = EvidenceExample.objects.get()
    theirs = make_sheet(cast, unit=cast.below)
    add = page("evidence_add", pk=theirs.pk, code=CODE)
    writer = cast[Role.OPD_OPERATOR]
    writer.acts_below = True
    writer.save()
    text = words(reading(client_as(writer)), add)
    assert "What passed elsewhere" in text
    assert page("evidence_example", pk=example.pk) in text
    desk.post(page("evidence_example_withdraw", pk=example.pk))
    assert desk.get(page("evidence_example", pk=example.pk)).status_code == 404
    assert "What passed elsewhere" not in words(desk, add)


# --- TPN ---


def test_the_ministry_reads_approved_sheets_only_and_leaves_a_trace(cast, sheet, client_as) -> None:
    use = proven(cast, sheet)
    client = client_as(cast[Role.TPN_REVIEWER])
    viewer = page("evidence_use", pk=sheet.pk, use=use.pk)
    file = page("evidence_use_file", pk=sheet.pk, use=use.pk)
    for address in (viewer, file):
        assert client.get(address).status_code == 404
    assert not LedgerEntry.objects.filter(verb="evidence.opened").exists()
    judged(use, with_tpi(cast, sheet))
    approved(cast, sheet)
    for address in (viewer, file):
        response = client.get(address)
        assert response.status_code == 200
        response.getvalue()
    opened = LedgerEntry.objects.filter(verb="evidence.opened", subject_id=str(use.pk))
    assert opened.count() == 2
    assert {entry.membership_id for entry in opened} == {cast[Role.TPN_REVIEWER].pk}
    for address in (
        page("evidence"),
        page("evidence_document", pk=use.evidence_id),
        page("evidence_file", pk=use.evidence.revisions.get().pk),
        page("evidence_missing", pk=sheet.pk),
    ):
        assert client.get(address).status_code == 403


def test_the_ministry_sees_no_sheet_of_another_unit(cast, client_as) -> None:
    theirs = make_sheet(cast, unit=cast.below)
    approved(cast, theirs)
    use = EvidenceUse.objects.create(
        government=cast.home,
        item=item(theirs, CODE),
        evidence=document(cast),
        added_by=cast[Role.OPD_OPERATOR],
        added_at=NOW,
    )
    client = client_as(cast[Role.TPN_REVIEWER])
    assert client.get(page("evidence_use", pk=theirs.pk, use=use.pk)).status_code == 404
    assert client.get(page("evidence_use_file", pk=theirs.pk, use=use.pk)).status_code == 404


def test_others_leave_no_trace_by_reading(cast, sheet, desk) -> None:
    use = proven(cast, sheet)
    desk.get(page("evidence_use", pk=sheet.pk, use=use.pk))
    assert not LedgerEntry.objects.filter(verb="evidence.opened").exists()
