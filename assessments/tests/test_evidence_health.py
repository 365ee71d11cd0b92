"""Files are hashed again, links are looked at again, documents that expire are told in time."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments.actions.evidence import Source, revise_evidence
from assessments.actions.evidence_health import look_at_evidence
from assessments.models import EvidenceHealth, IntegrityZone
from assessments.queries.evidence_links import (
    documents,
    due_documents,
    looks_due,
    status_part,
)
from assessments.tests.evidence_pages import reading
from assessments.tests.factories_evidence import NOW, document, make_sheet, proven
from integrity_portal.core.fetching import Fetched, UnableToFetch
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role

pytestmark = pytest.mark.usefixtures("english")
TODAY = NOW.date()


def health_of(evidence) -> EvidenceHealth:
    return EvidenceHealth.objects.get(revision__evidence=evidence, revision__number=1)


def answering(*fingerprints):
    """A web server that says these one after the other; an exception is raised."""
    said = iter(fingerprints)

    def read(url):
        found = next(said)
        if isinstance(found, Exception):
            raise found
        return Fetched(found, "text/html", 10)

    return read


@pytest.fixture
def link(cast):
    return document(cast, url="https://ppid.example.go.id/sk")


def test_a_file_that_is_what_arrived_is_looked_at_the_next_night(cast) -> None:
    health = health_of(document(cast))
    found = look_at_evidence(pk=health.pk, now=NOW)
    assert (found.result, found.job_state, found.attempts) == ("same", JobState.WAITING, 0)
    local = found.next_try_at.astimezone(NOW.tzinfo) + timedelta(hours=7)
    assert found.next_try_at > NOW
    assert local.date() == TODAY + timedelta(days=1)
    assert 1 <= local.hour < 4
    assert look_at_evidence(pk=health.pk, now=NOW) is None


def test_a_file_whose_bytes_were_changed_is_found(cast) -> None:
    health = health_of(document(cast))
    key = health.revision.stored.key
    default_storage.delete(key)
    default_storage.save(key, ContentFile(b"something else"))
    assert look_at_evidence(pk=health.pk, now=NOW).result == "changed"
    part = status_part(NOW)
    assert part.is_bad
    assert key in part.lines[0]
    assert LedgerEntry.objects.filter(verb="evidence.found_changed").count() == 1


def test_a_file_that_is_gone_is_found_once(cast) -> None:
    health = health_of(document(cast))
    default_storage.delete(health.revision.stored.key)
    assert look_at_evidence(pk=health.pk, now=NOW).result == "gone"
    look_at_evidence(pk=health.pk, now=NOW + timedelta(days=2))
    assert LedgerEntry.objects.filter(verb="evidence.found_gone").count() == 1


def test_a_link_keeps_the_fingerprint_of_its_first_day(link) -> None:
    health, read = health_of(link), answering("a" * 64, "a" * 64, "b" * 64, "a" * 64)
    results = []
    for week in range(4):
        found = look_at_evidence(pk=health.pk, now=NOW + timedelta(days=7 * week), read=read)
        results.append(found.result)
        assert found.fingerprint == "a" * 64
    assert results == ["same", "same", "changed", "same"]
    verbs = LedgerEntry.objects.filter(verb__startswith="evidence.found").order_by("pk")
    assert [row.verb for row in verbs] == ["evidence.found_changed", "evidence.found_same"]


def test_a_silent_link_is_asked_again_before_it_is_gone(link) -> None:
    health, now = health_of(link), NOW
    read = answering(*[UnableToFetch("TimeoutError")] * 4)
    for _number in range(3):
        found = look_at_evidence(pk=health.pk, now=now, read=read)
        assert (found.result, found.job_state) == ("waiting", JobState.WAITING)
        now = found.next_try_at
    found = look_at_evidence(pk=health.pk, now=now, read=read)
    assert (found.result, found.last_error) == ("gone", "TimeoutError")
    assert found.next_try_at == now + timedelta(days=7)


def test_a_link_that_says_it_is_gone_is_believed(link) -> None:
    read = answering(UnableToFetch("Status404", is_final=True))
    assert look_at_evidence(pk=health_of(link).pk, now=NOW, read=read).result == "gone"


def test_a_changed_link_is_confirmed_by_a_new_revision(cast, link) -> None:
    health, operator = health_of(link), cast[Role.OPD_OPERATOR]
    same = Source(url=health.revision.url)
    assert revise_evidence(evidence=link, source=same, by=operator, now=NOW).number == 1
    EvidenceHealth.objects.filter(pk=health.pk).update(result="changed")
    assert revise_evidence(evidence=link, source=same, by=operator, now=NOW).number == 2


def test_old_states_of_links_are_not_looked_at(cast, link) -> None:
    paper = document(cast)
    assert set(looks_due(NOW)) == {health_of(link).pk, health_of(paper).pk}
    for proof in (link, paper):
        source = Source(url="https://ppid.example.go.id/baru")
        revise_evidence(evidence=proof, source=source, by=cast[Role.OPD_OPERATOR], now=NOW)
    due = set(looks_due(NOW))
    assert health_of(link).pk not in due
    assert health_of(paper).pk in due
    assert len(due) == 3


def test_the_it_team_sees_what_is_wrong(cast, client_as, link) -> None:
    gone = EvidenceHealth.objects.filter(pk=health_of(link).pk)
    gone.update(result="gone", last_error="Status404")
    assert status_part(NOW).lines == ["Links that fail: Status404 1."]
    gone.update(last_error="NoSuchHost")
    response = reading(client_as(cast[Role.ADMINISTRATOR])).get(reverse("opd:status"))
    part = next(part for part in response.context["parts"] if part.lines)
    assert part.lines[0] == "Links that fail: NoSuchHost 1."
    assert "PORTAL_LINK_PROXY" in part.lines[1]
    assert not part.is_bad
    for said in (part.sentence, *part.lines):
        assert said in response.content.decode()


# --- expiry ---


def test_documents_in_use_that_expire_are_told_to_operator_and_head(cast) -> None:
    sheet = make_sheet(cast)
    use = proven(cast, sheet, valid_until=TODAY + timedelta(days=30))
    document(cast, "Tidak dipakai", valid_until=TODAY + timedelta(days=5))
    proven(cast, sheet, title="Masih lama", valid_until=TODAY + timedelta(days=31))
    due = list(due_documents(cast.home, TODAY))
    assert [row.link_id for row in due] == [str(use.evidence_id)]
    assert due[0].remind_before == (30, 7)
    assert [owner.role for owner in due[0].owners] == [Role.OPD_OPERATOR, Role.OPD_HEAD]
    assert {owner.unit_id for owner in due[0].owners} == {cast.unit.pk}
    assert not list(due_documents(cast.away, TODAY))
    IntegrityZone.objects.filter(pk=sheet.zone_id).update(closed_on=TODAY)
    assert not list(due_documents(cast.home, TODAY))


def test_the_reminder_leads_to_the_document_for_those_who_read_it(cast) -> None:
    proof = document(cast)
    found = documents(cast[Role.OPD_HEAD], [str(proof.pk)])
    assert found[str(proof.pk)].label == proof.title
    assert documents(cast[Role.TPN_REVIEWER], [str(proof.pk)]) == {}
    assert documents(cast.away_offices[Role.OPD_HEAD], [str(proof.pk)]) == {}
