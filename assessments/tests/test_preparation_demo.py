"""What the demonstration shows: facts for Kediri and Bekasi, every state in Kota Contoh."""

from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from assessments.enums import PilotRoundState
from assessments.models import PhasePlan, PilotRound, PilotScore, PreparationAnswer
from assessments.queries.overview import coverage_counts
from assessments.queries.phases import phases
from assessments.queries.pilots import matrix_of, standing_decision
from assessments.queries.preparation import Filters, preparation_list
from opd.enums import Role
from opd.models import Government, Membership

TODAY = timezone.localdate


pytestmark = pytest.mark.usefixtures("demonstration")


@pytest.fixture
def kediri(demonstration: date) -> Government:
    return Government.objects.get(slug="kota-kediri")


@pytest.fixture
def bekasi(demonstration: date) -> Government:
    return Government.objects.get(slug="kab-bekasi")


@pytest.fixture
def contoh(demonstration: date) -> Government:
    return Government.objects.get(slug="kota-contoh")


def test_kediri_committed_every_opd_by_2024(kediri: Government) -> None:
    found = phases(kediri, TODAY())
    years = Counter(row.year for row in found.rows)
    assert years == {2019: 5, 2024: found.counted - 5}
    assert found.without_year == 0
    assert coverage_counts(kediri, TODAY(), []).prepared.is_empty


def test_bekasi_decided_without_scores(bekasi: Government) -> None:
    row = PilotRound.objects.prefetch_related("decisions__units").get(government=bekasi)
    assert (row.state, row.scored, row.year) == (PilotRoundState.DECIDED, False, 2021)
    decision = standing_decision(row)
    assert decision is not None
    assert (decision.decided_on, decision.decided_on_precision) == (date(2021, 9, 1), "month")
    assert decision.statement == (
        "Dipilih karena paling rawan dan sekaligus paling siap. Lima OPD percontohan akan dinilai "
        "tim kementerian pada bulan-bulan berikutnya; semua OPD lain diminta bersiap."
    )
    notes = {row.unit.label: row.note for row in phases(bekasi, TODAY()).rows if row.year}
    assert set(notes) == {"DPMPTSP", "Bappeda", "Bapenda", "Disdukcapil", "RSUD"}
    assert all("akan dinilai tim kementerian" in note for note in notes.values())
    labels = [each.unit.label for each in decision.units.order_by("position")]
    assert labels == ["DPMPTSP", "Bappeda", "Bapenda", "Disdukcapil", "RSUD"]
    assert not PilotScore.objects.filter(round=row).exists()


def test_contoh_has_every_state(contoh: Government) -> None:
    states = set(PreparationAnswer.objects.values_list("state", flat=True))
    assert states == {"done", "in_progress", "not_started"}
    secretariat = Membership.objects.get(government=contoh, role=Role.ZI_SECRETARIAT)
    rows = preparation_list(secretariat, contoh, TODAY(), Filters()).rows
    done = {row.readiness.done for row in rows}
    assert {0, 10} <= done
    assert len(done) >= 5
    assert any(row.year is None for row in rows)
    found = phases(contoh, TODAY())
    assert found.after_target
    assert any(row.through for row in found.rows)


def test_contoh_scored_more_than_twenty_units(contoh: Government) -> None:
    rows = PilotRound.objects.filter(government=contoh).prefetch_related("decisions__units")
    decided, opened = rows.get(state="decided"), rows.get(state="open")
    matrix = matrix_of(decided)
    assert len(matrix.complete) >= 20
    places = Counter(row.placement.place for row in matrix.complete)
    assert max(places.values()) > 1, "a tie is to be seen"
    decision = decided.decisions.get(number=2)
    assert decision.units.filter(is_against=True).count() == 1
    assert matrix_of(opened).incomplete
    assert len({row.placement.quadrant for row in matrix_of(opened).complete}) >= 3


def test_invented_rows_stay_in_contoh(contoh: Government) -> None:
    for model in (PhasePlan, PilotRound, PreparationAnswer):
        samples = model.objects.filter(is_sample=True)
        assert set(samples.values_list("government", flat=True)) == {contoh.pk}
    assert not PreparationAnswer.objects.exclude(government=contoh).exists()
    assert not PilotScore.objects.exclude(government=contoh).exists()
