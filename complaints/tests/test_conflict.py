"""What accuses an officer is seen and handled by nobody of his branch, whatever the door."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from complaints.actions import handling
from complaints.actions.desk_work import hide_file
from complaints.models import Complaint, ComplaintFile
from complaints.queries import desk, figures, units
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import Role
from opd.subjects import resolve
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.transitions import StepRefused

COORDINATOR, LIAISON, HEAD = Role.COMPLAINT_COORDINATOR, Role.LIAISON_OFFICER, Role.OPD_HEAD
WORD = "pungutan"


@pytest.fixture
def inspectorate(cast):
    return UnitFactory(government=cast.home, name="Inspektorat", kind="inspektorat")


@pytest.fixture
def secretariat(cast):
    return UnitFactory(government=cast.home, name="Setda", kind="sekretariat_daerah")


def accusing(cast, named, handling_unit=None, **values):
    state = "in_progress" if handling_unit else "received"
    return ComplaintFactory(
        government=cast.home, named_unit=named, unit=handling_unit, state=state,
        accuses_officer=True, story=f"Ada {WORD} oleh petugas.", **values,
    )  # fmt: skip


def evidence_of(complaint, **values):
    stored = StoredFile.objects.create(
        government_id=complaint.government_id, kind="complaint", key=uuid4().hex,
        name="foto.pdf", content_type="application/pdf", size=3, sha256="0" * 64, state="stored",
    )  # fmt: skip
    return ComplaintFile.objects.create(
        complaint=complaint, government_id=complaint.government_id, file=stored, added_at=FILED,
        **values,
    )  # fmt: skip


def doors(membership, client, complaint):
    """Through which doors this person finds it."""
    found = desk.complaints_for(membership, desk.Filters(), FILED.date())
    searched = desk.complaints_for(membership, desk.Filters(words=WORD), FILED.date())
    row = evidence_of(complaint)
    url = reverse("complaints:evidence", args=[complaint.pk, row.pk])
    opened = {
        "page": client.get(reverse("complaints:detail", args=[complaint.pk])).status_code == 200,
        "list": complaint in found,
        "search": complaint in searched,
        "counts": figures.counts_for(membership, FILED.date()).open == 1,
        "file": desk.file_for(membership, complaint.pk, row.pk) is not None,
        "file_url": client.get(url).status_code != 404,
        "csv": WORD in client.get(reverse("complaints:export")).content.decode()
        or str(complaint.number) in client.get(reverse("complaints:export")).content.decode(),
        "subject": bool(resolve(membership, [("complaint", str(complaint.pk))])),
        "bulk": bool(desk.picked(membership, [complaint.pk])),
    }
    row.delete()
    return opened


def sees(membership, client_as, complaint):
    opened = doors(membership, client_as(membership), complaint)
    assert len(set(opened.values())) == 1, opened
    return opened["page"]


@pytest.fixture(autouse=True)
def _files(monkeypatch):
    """The bytes are not what is asked here."""
    from django.http import FileResponse

    from complaints.views import steps

    monkeypatch.setattr(steps, "serve_file", lambda stored: FileResponse(b"pdf"))


def test_the_accused_the_handling_and_the_other_unit(cast, client_as, inspectorate):
    complaint = accusing(cast, cast.unit, inspectorate)
    above = UnitFactory(government=cast.home, name="Di atas")
    cast.unit.parent = above
    cast.unit.save()
    units_of = {"accused": cast.unit, "below": cast.below, "other": cast.other_unit}
    seen = {
        name: {
            role: sees(
                MembershipFactory(government=cast.home, unit=unit, role=role), client_as, complaint
            )
            for role in (LIAISON, HEAD)
        }
        for name, unit in {**units_of, "handling": inspectorate}.items()
    }
    nothing = {LIAISON: False, HEAD: False}
    assert seen == {
        "accused": nothing, "below": nothing, "other": nothing,
        "handling": {LIAISON: True, HEAD: True},
    }  # fmt: skip
    for role in (COORDINATOR, Role.INSPECTORATE, Role.MAYOR, Role.SEKDA):
        assert sees(cast[role], client_as, complaint), role


def test_who_sits_in_the_accused_unit_does_not_see_it_either(
    cast, client_as, inspectorate, secretariat
):
    of_inspectorate = accusing(cast, inspectorate)
    assert not sees(cast[Role.INSPECTORATE], client_as, of_inspectorate)
    assert sees(cast[COORDINATOR], client_as, of_inspectorate)
    assert sees(cast[Role.MAYOR], client_as, of_inspectorate)
    of_inspectorate.delete()
    bagian = UnitFactory(government=cast.home, parent=secretariat, name="Bagian", kind="bagian")
    of_bagian = accusing(cast, bagian)
    assert not sees(cast[Role.SEKDA], client_as, of_bagian)
    assert sees(cast[Role.INSPECTORATE], client_as, of_bagian)


def test_another_office_of_the_same_person_in_the_branch_closes_it_too(cast, client_as):
    complaint = accusing(cast, cast.unit)
    office = MembershipFactory(
        government=cast.home, unit=cast.below, role=Role.OPD_OPERATOR, user=cast[COORDINATOR].user
    )
    assert not sees(cast[COORDINATOR], client_as, complaint)
    office.valid_from, office.valid_to = FILED.date() - timedelta(900), FILED.date() - timedelta(90)
    office.save()
    assert sees(cast[COORDINATOR], client_as, complaint)


def test_the_accused_branch_never_handles_it(cast, inspectorate):
    complaint = accusing(cast, cast.below)
    offered = {
        pk for _kind, rows in units.units_to_handle(complaint, FILED.date()) for pk, _n in rows
    }
    assert offered == {cast.other_unit.pk, inspectorate.pk}
    for unit in (cast.unit, cast.below):
        with pytest.raises(StepRefused) as refused:
            handling.verify_complaint(
                complaint=complaint, by=cast[COORDINATOR], unit=unit, sla_class="general", now=FILED
            )
        assert refused.value.missing[0].anchor == "unit"
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(unit=unit, state="verified")
    handling.verify_complaint(
        complaint=complaint, by=cast[COORDINATOR], unit=inspectorate, sla_class="general", now=FILED
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(named_unit=inspectorate)


def test_a_unit_reads_no_trace_of_somebody_anonymous(cast, client_as):
    clerk = MembershipFactory(
        government=cast.home, unit=cast.unit, role=LIAISON, title="Petugas loket tiga"
    )
    values = {
        "unit": cast.unit, "state": "in_progress", "filed_by": clerk, "channel": "counter",
        "latitude": "-7.81234", "longitude": "112.01234",
    }  # fmt: skip
    hidden = ComplaintFactory(government=cast.home, **values)
    known = ComplaintFactory(government=cast.home, disclosure="known", **values)
    for row in (hidden, known):
        row.steps.create(
            name="file", from_state="", to_state="received", membership=clerk, happened_at=FILED
        )

    def told(role, row):
        page = client_as(cast[role]).get(reverse("complaints:detail", args=[row.pk]))
        return {
            word for word in ("Petugas loket tiga", "-7.81234") if word in page.content.decode()
        }

    both = {"Petugas loket tiga", "-7.81234"}
    for role in (LIAISON, HEAD, Role.MAYOR, Role.SEKDA):
        assert told(role, hidden) == set(), role
        assert told(role, known) == both, role
    for role in (COORDINATOR, Role.INSPECTORATE):
        assert told(role, hidden) == both, role


def test_a_hidden_file_is_for_coordinator_and_inspectorate(cast, client_as):
    complaint = ComplaintFactory(government=cast.home, unit=cast.unit, state="in_progress")
    row = evidence_of(complaint)
    url = reverse("complaints:evidence", args=[complaint.pk, row.pk])
    hide = reverse("complaints:hide_evidence", args=[complaint.pk, row.pk])
    assert client_as(cast[LIAISON]).get(url).status_code == 200
    assert client_as(cast[Role.MAYOR]).post(hide, {"reason": "x"}).status_code == 403
    client_as(cast[LIAISON]).post(hide, {"reason": " "})
    assert not ComplaintFile.objects.get().is_hidden

    client_as(cast[LIAISON]).post(hide, {"reason": "Suara pelapor terdengar."})
    hide_file(evidence=row, by=cast[LIAISON], reason="Suara pelapor terdengar.", now=FILED)

    assert ComplaintFile.objects.get().is_hidden
    assert "Suara pelapor" in complaint.messages.get(kind="note").text
    assert LedgerEntry.objects.filter(verb="complaint_file.hidden").count() == 1
    answers = {
        role: client_as(cast[role]).get(url).status_code
        for role in (LIAISON, HEAD, Role.MAYOR, Role.SEKDA, COORDINATOR, Role.INSPECTORATE)
    }
    assert {role for role, status in answers.items() if status == 200} == {
        COORDINATOR, Role.INSPECTORATE,
    }  # fmt: skip
    other = ComplaintFactory(government=cast.home, unit=cast.other_unit, state="in_progress")
    wrong = reverse("complaints:evidence", args=[other.pk, row.pk])
    assert client_as(cast[COORDINATOR]).get(wrong).status_code == 404
