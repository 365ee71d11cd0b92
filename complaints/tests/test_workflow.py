"""State × step × role: who may take which step from where, through the real actions."""

from datetime import date
from pathlib import Path

import pytest

from complaints.actions import handling, pausing
from complaints.actions.merging import merge_complaint
from complaints.enums import WITH_UNIT, ComplaintState
from complaints.models import Complaint
from complaints.tests.factories import FILED, ComplaintFactory
from complaints.workflow import COMPLAINT
from opd.enums import Role
from opd.transitions import StepRefused

PEOPLE = [step.name for step in COMPLAINT.transitions if step.roles]


def pause(cast, common):
    return pausing.pause_complaint(
        **common, reason="institution", resume_on=date(2026, 11, 5), text="Menunggu PLN."
    )


def merge(cast, common):
    return merge_complaint(**common, into=ComplaintFactory(government=cast.home))


AT_REST = {
    "pause": pause,
    "resume": lambda cast, common: pausing.resume_complaint(**common),
    "merge": merge,
}


def take(name, complaint, by, cast):
    common = {"complaint": complaint, "by": by, "now": FILED}
    if name in AT_REST:
        return AT_REST[name](cast, common)
    match name:
        case "verify":
            return handling.verify_complaint(**common, unit=cast.unit, sla_class="general")
        case "take_on":
            return handling.take_on(**common)
        case "answer":
            return handling.answer_complaint(**common, text="Sudah kami perbaiki.")
        case "give_back":
            return handling.give_back(**common, reason="Bukan wewenang kami.")
        case "recall":
            return handling.recall(**common, reason="Salah unit.")
        case "refer":
            return handling.refer(**common, text="Silakan ke PLN.")
        case "reject":
            return handling.reject(**common, text="Tidak berisi kejadian.")
    raise AssertionError(name)


def make(state, cast):
    unit = cast.unit if state in WITH_UNIT else None
    return ComplaintFactory(government=cast.home, state=state, unit=unit)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("state", ComplaintState.values)
def test_every_role_from_every_state(state, name, cast):
    step = COMPLAINT.get(name)
    for role in Role.values:
        complaint = make(state, cast)
        if role in step.roles and state in step.sources:
            take(name, complaint, cast[role], cast)
            complaint = Complaint.objects.get(pk=complaint.pk)
            assert complaint.state == step.target
            assert complaint.steps.get().membership == cast[role]
        else:
            with pytest.raises(StepRefused):
                take(name, complaint, cast[role], cast)
            assert Complaint.objects.get(pk=complaint.pk).state == state
            assert not complaint.steps.exists()


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_from_elsewhere(name, cast):
    """Neither the other government's officers nor another unit's of the same one."""
    step = COMPLAINT.get(name)
    state = sorted(step.sources)[0]
    complaint = make(state, cast)
    for role in step.roles:
        with pytest.raises(StepRefused):
            take(name, complaint, cast.away_offices[role], cast)
    if Role.LIAISON_OFFICER in step.roles:
        complaint = ComplaintFactory(government=cast.home, state=state, unit=cast.other_unit)
        for role in (Role.LIAISON_OFFICER, Role.OPD_HEAD):
            with pytest.raises(StepRefused):
                take(name, complaint, cast[role], cast)


def test_a_head_acts_below_only_when_he_may(cast):
    head = cast[Role.OPD_HEAD]
    complaint = ComplaintFactory(government=cast.home, state="verified", unit=cast.below)
    with pytest.raises(StepRefused):
        handling.take_on(complaint=complaint, by=head, now=FILED)

    head.acts_below = True
    handling.take_on(complaint=complaint, by=head, now=FILED)

    assert Complaint.objects.get(pk=complaint.pk).state == ComplaintState.IN_PROGRESS


def test_the_readme_shows_the_table():
    readme = Path(handling.__file__).parents[1] / "README.md"
    assert COMPLAINT.mermaid() in readme.read_text()
