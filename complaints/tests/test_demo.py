"""The demonstration: Kota Contoh has everything that is late, the two real governments nothing bad."""

from datetime import date, timedelta

import pytest
import yaml

from complaints.demo.loader import DATA
from complaints.models import Complaint, ExternalCase, ReportWords, Satisfaction
from complaints.queries.external import differences
from complaints.queries.figures import complaint_counts, late_by_unit
from complaints.queries.public_figures import answered_in_time
from complaints.queries.tracking import complaint_by_code
from opd.enums import Role
from opd.models import Government, Membership

CODE = "4821093755601284"
# The public page keeps smaller counts to itself.
SMALLEST_SHOWN = 5


@pytest.fixture
def loaded(demonstration):
    return {g.slug: g for g in Government.objects.all()}


@pytest.mark.usefixtures("loaded")
def test_every_state_but_none_of_it_in_real_governments(loaded):
    from django.utils import timezone

    today = timezone.localdate()
    contoh = loaded["kota-contoh"]
    states = set(Complaint.objects.filter(government=contoh).values_list("state", flat=True))
    assert states == {
        "received", "verified", "in_progress", "returned", "answered", "closed", "referred", "rejected",
        "paused", "merged",
    }  # fmt: skip
    here = Complaint.objects.filter(government=contoh)
    assert here.filter(accuses_officer=True).get().unit.name == "Inspektorat"
    assert here.filter(is_quarantined=True).count() == 2
    assert set(here.values_list("escalation", flat=True)) >= {0, 3}
    assert Satisfaction.objects.get().complaint.government == contoh
    assert complaint_counts(contoh.pk, today).late >= 5
    assert late_by_unit(contoh.pk, today)[0][0].name == "Kecamatan Utara"
    shown = answered_in_time(contoh.pk, today=today)
    assert min(shown.in_time, shown.late) >= SMALLEST_SHOWN
    others = Complaint.objects.exclude(government=contoh)
    assert {(c.kind, c.is_sample) for c in others} == {("information", True)}
    # Answered, so that no later day of the same demonstration can make it late.
    assert {c.state for c in others} == {"answered"}
    for years in (0, 2):
        later = today + timedelta(days=365 * years)
        assert {complaint_counts(c.government_id, later).late for c in others} == {0}


def test_the_demonstration_has_both_channels(loaded):
    contoh = loaded["kota-contoh"]
    cases = ExternalCase.objects.filter(government=contoh).select_related("complaint")
    assert cases.count() == 11
    assert all(case.is_sample and case.complaint.is_sample for case in cases)
    assert not ExternalCase.objects.exclude(government=contoh).exists()
    by = Membership.objects.filter(government=contoh, role=Role.COMPLAINT_COORDINATOR)[0]
    assert {row.case.tracking_id for row in differences(by)} == {"99007", "99008", "99102"}
    assert ReportWords.objects.get().government == contoh


def test_the_code_of_the_tracking_page_opens_an_answer(loaded):
    found = complaint_by_code(loaded["kota-contoh"].pk, CODE)
    assert found.state == "answered"
    assert found.messages.filter(kind="answer").exists()


def test_the_data_tells_no_real_government_anything_adverse():
    data = yaml.safe_load(DATA.read_text())
    assert all(row["story"].startswith("Contoh:") for row in data["neutral"].values())
    assert isinstance(date.today(), date)  # noqa: DTZ011
