"""One set of figures: the same numbers as the other apps', worst first, frozen for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, transaction

from assessments.enums import ZoneStage
from assessments.models import Activity, WorkPlan
from assessments.queries import figures as work
from assessments.queries.coverage import coverage
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    SignatoryFactory,
    SignatureFactory,
)
from complaints.models import Complaint
from complaints.queries.figures import complaint_counts, late_at_coordinator
from integrity_portal.core.models import LedgerEntry
from opd.tests.factories import UnitFactory
from reports import actions, drawings, presented, queries, wording
from reports.figures import Figures, UnitFigures, badness, digest, from_json, to_json
from reports.models import FigureSet
from reports.tests.factories import NOW, TODAY, FigureSetFactory, world


def test_they_are_the_other_apps_figures(cast: Any) -> None:
    world(cast.home)
    figures = queries.read_figures(cast.home, TODAY)
    whole = coverage(cast.home, TODAY)
    assert (figures.counted, figures.declared) == (whole.counted, whole.declared)
    assert figures.finish == whole.forecast.finish
    stages = {stage.value: n for stage, n in work.zone_stage_counts(cast.home.pk).items()}
    assert figures.stages == {**stages, "committed": whole.committed}
    assert whole.committed > 0
    assert figures.on_the_road == whole.on_the_road
    assert sum(figures.stages.values()) + figures.without_zone == (
        figures.counted + figures.uncounted
    )
    late = work.late_activities(cast.home.pk, TODAY)
    assert [(item.unit, item.title) for item in figures.late] == [
        (row.unit.label, row.title) for row in late
    ]
    progress = {row.unit.pk: row for row in work.unit_progress(cast.home.pk, TODAY)}
    for unit in figures.units:
        if unit.stage:
            assert unit.percent == progress[unit.unit_id].percent
            assert unit.late == progress[unit.unit_id].late_count
    counts = complaint_counts(cast.home.pk, TODAY)
    assert (figures.complaints_open, figures.complaints_late) == (counts.open, counts.late)
    assert figures.complaints_at_coordinator == late_at_coordinator(cast.home.pk, TODAY)


def test_the_worst_unit_stands_first_with_its_reason_and_move(cast: Any) -> None:
    players = world(cast.home)
    figures = queries.read_figures(cast.home, TODAY)
    worst = figures.units[0]
    assert worst.unit_id == players.late.pk
    assert (worst.late, worst.late_operator, worst.late_head) == (2, 1, 1)
    assert (worst.complaints_open, worst.complaints_late) == (2, 1)
    assert wording.reason(worst) == "2 kegiatan lewat tenggat; 1 pengaduan lewat tenggat"
    assert [unit.name for unit in figures.units] == [
        "Dinas Terlambat",
        "Dinas Tanpa Rencana",
        "Dinas Lancar",
    ]
    assert figures.units[2].percent == Decimal(25)
    assert [item.title for item in figures.coming] == ["Maklumat pelayanan"]


def test_the_order_stands_still_among_equals() -> None:
    rows = [UnitFigures(3, "b"), UnitFigures(2, "A"), UnitFigures(1, "b")]
    assert [row.unit_id for row in sorted(rows, key=badness)] == [2, 1, 3]


def test_another_governments_rows_are_not_counted(cast: Any) -> None:
    world(cast.away)
    figures = queries.read_figures(cast.home, TODAY)
    assert figures.units == []
    assert (figures.complaints_total, figures.late) == (0, [])


def test_an_empty_government_has_sentences_too(cast: Any) -> None:
    figures = queries.read_figures(cast.home, TODAY)
    assert "Tidak ada kegiatan dan tidak ada pengaduan yang lewat tenggat." in wording.lead(figures)
    assert wording.headline(figures) == "Tidak ada yang lewat tenggat"


def test_json_keeps_every_digit_and_its_digest(cast: Any) -> None:
    world(cast.home)
    figures = queries.read_figures(cast.home, TODAY)
    figures = replace(figures, units=[replace(figures.units[0], percent=Decimal(100) / 3)])
    again = from_json(to_json(figures))
    assert again == figures
    assert digest(to_json(again)) == digest(to_json(figures))


def test_a_week_is_frozen_once(cast: Any) -> None:
    world(cast.home)
    first = actions.freeze_figures(government=cast.home, now=NOW, period="2026-W47")
    world(cast.home, suffix=" baru")
    again = actions.freeze_figures(government=cast.home, now=NOW, period="2026-W47")
    assert again.pk == first.pk
    assert FigureSet.objects.count() == 1
    assert LedgerEntry.objects.filter(verb="figures.frozen").count() == 1


@pytest.mark.parametrize(
    ("period", "taken_on", "told"),
    [
        ("2026-W46", 15, "2026-W46"),
        ("2026-W46", 16, None),  # made late: the figures are those of the week itself
        ("2026-W45", 8, None),  # two weeks ago is not last week
        ("", 15, None),
    ],
)
@pytest.mark.parametrize("asked_for", ["2026-W47", ""])
def test_the_week_before_is_told(
    asked_for: str, period: str, taken_on: int, told: str | None, cast: Any
) -> None:
    taken_at = datetime(2026, 11, taken_on, 12, tzinfo=UTC)
    FigureSetFactory(government=cast.home, period=period, taken_at=taken_at)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    row = actions.freeze_figures(government=cast.home, now=now, period=asked_for)
    assert (row.data["before"] or {}).get("period") == told


def test_a_late_signature_is_late_and_says_who_has_to_sign(cast: Any) -> None:
    act = DeclarationFactory(government=cast.home, open=True, sign_by=TODAY - timedelta(days=1))
    SignatureFactory(signatory=SignatoryFactory(declaration=act, title="Camat Sudah"))
    SignatoryFactory(declaration=act, position=2, title="Wali Kota Rumah")
    DeclarationFactory(government=cast.home, open=True, sign_by=TODAY)
    DeclarationFactory(government=cast.away, open=True, sign_by=TODAY - timedelta(days=9))
    figures = queries.read_figures(cast.home, TODAY)
    assert [(row.title, row.due_on, row.who) for row in figures.unsigned] == [
        (act.title, act.sign_by, ["Wali Kota Rumah"])
    ]
    assert from_json(to_json(figures)) == figures
    assert wording.headline(figures) == "Ada tanda tangan yang terlambat"
    assert "1 pencanangan lewat tenggat tanda tangan." in wording.lead(figures)


def test_only_units_on_the_road_are_said_to_be_behind_among_them(cast: Any) -> None:
    complained_of = UnitFigures(1, "Kelurahan", complaints_open=1, complaints_late=1)
    late = UnitFigures(2, "Dinas", stage="building", late=1)
    figures = Figures(today=TODAY, units=[late, complained_of], road=3, counted=3)
    assert wording.headline(figures) == "2 unit tertinggal"
    assert wording.kpis(figures)[1].sentence == "1 di antaranya tertinggal."


def test_frozen_figures_cannot_be_changed(cast: Any) -> None:
    row = FigureSetFactory(government=cast.home)
    with pytest.raises(InternalError), transaction.atomic():
        FigureSet.objects.filter(pk=row.pk).update(sha256="0" * 64)


def test_the_cost_does_not_grow_with_the_units(cast: Any, django_assert_num_queries: Any) -> None:
    world(cast.home)
    with django_assert_num_queries(6):
        queries.read_figures(cast.home, TODAY)
    for number in range(2):
        world(cast.home, suffix=f" {number}")
    with django_assert_num_queries(6):
        assert len(queries.read_figures(cast.home, TODAY).units) == 9


def test_stages_add_up_with_acts_uncounted_units_and_closed_ones(cast: Any) -> None:
    world(cast.home)
    closed, declared, small = (
        UnitFactory(government=cast.home, name="Dinas Tutup", active_to=date(2026, 1, 1)),
        UnitFactory(government=cast.home, name="Dinas Sudah"),
        UnitFactory(government=cast.home, name="Kelurahan Kecil", kind="kelurahan"),
    )
    for unit in (closed, small):
        IntegrityZoneFactory(unit=unit, stage=ZoneStage.BUILDING)
    DeclarationUnitFactory(
        unit=declared,
        declaration=DeclarationFactory(government=cast.home, closed=True, held_on=TODAY),
    )
    figures = queries.read_figures(cast.home, TODAY)
    whole = coverage(cast.home, TODAY)
    assert (figures.without_zone, figures.uncounted) == (1, 1)
    assert figures.last_recorded == TODAY
    assert figures.stages["committed"] == whole.committed
    assert figures.on_the_road == whole.on_the_road == 3
    assert sum(figures.stages.values()) + 1 == figures.counted + 1
    chart = drawings.stages_chart(figures)
    assert chart.title.startswith("Tahap zona saat ini")
    assert "1 unit lain juga dalam perjalanan" in chart.sentence


def test_complaints_per_unit_add_up(cast: Any) -> None:
    world(cast.home)
    figures = queries.read_figures(cast.home, TODAY)
    for limit in (None, 0):
        rows = presented.complaint_rows(figures, limit)
        assert sum(row.open for row in rows) == figures.complaints_open == 3
        assert sum(row.late for row in rows) == figures.complaints_late == 2
    assert rows[-1].name == "Belum diteruskan ke unit"
    assert "Belum diteruskan ke unit" in str(drawings.complaints_chart(figures).table.rows)


def test_complaints_that_no_unit_has_are_drawn_too() -> None:
    figures = Figures(today=TODAY, complaints_open=1, complaints_open_at_coordinator=1)
    assert drawings.complaints_chart(figures).table.rows[0][0] == "Belum diteruskan ke unit"


def test_progress_is_drawn_by_progress(cast: Any) -> None:
    world(cast.home)
    chart = drawings.progress_chart(queries.read_figures(cast.home, TODAY))
    assert [row[0] for row in chart.table.rows] == ["Dinas Terlambat", "Dinas Lancar"]
    assert chart.title == "Kemajuan rencana kerja, terlemah di atas"
    assert chart.sentence == "Belum ada rencana kerja atau kegiatannya: Dinas Tanpa Rencana."
    rows = [
        UnitFigures(1, "Dinas A", stage="building", percent=Decimal(80), late=3),
        UnitFigures(2, "Dinas B", stage="building", percent=Decimal(10)),
    ]
    chart = drawings.progress_chart(Figures(today=TODAY, units=rows))
    assert [row[0] for row in chart.table.rows] == ["Dinas B", "Dinas A"]


def test_samples_say_nothing_about_a_real_government(cast: Any) -> None:
    players = world(cast.home)
    WorkPlan.objects.filter(zone__government=cast.home).update(is_sample=True)
    Activity.objects.filter(plan__zone__government=cast.home).update(is_sample=True)
    Complaint.objects.filter(government=cast.home).update(is_sample=True)
    figures = queries.read_figures(cast.home, TODAY)
    assert (figures.behind, figures.late) == ([], [])
    assert figures.has_samples
    assert wording.headline(figures) == "Belum ada data rencana kerja di portal"
    assert "Belum ada data rencana kerja di portal." in wording.lead(figures)
    assert [kpi.word for kpi in wording.kpis(figures)][1:] == ["", "", ""]
    words = {row.unit.unit_id: row for row in presented.unit_rows(figures)}
    assert (words[players.late.pk].word, words[players.late.pk].tone) == ("Contoh", "")
    assert words[players.unplanned.pk].word == "Belum ada data"
    assert all(row.unit.is_sample for row in words.values() if row.unit.has_plan)
    assert drawings.progress_chart(figures).table.rows == ()
    assert all("(contoh)" in row.name for row in presented.complaint_rows(figures))
    assert wording.units_title(figures) == "Unit dalam perjalanan"

    cast.home.is_sample = True
    cast.home.save(update_fields=["is_sample"])
    figures = queries.read_figures(cast.home, TODAY)
    assert figures.behind
    assert len(figures.late) == 2
    assert not figures.has_samples


def test_history_is_no_lateness() -> None:
    figures = Figures(
        today=TODAY, counted=9, declared=5, target_year=2024, last_recorded=date(2023, 5, 2)
    )
    first = wording.kpis(figures)[0]
    assert (first.word, first.sentence) == ("", "Tercatat sampai 2023.")
    behind = replace(figures, finish=date(2030, 1, 1))
    assert wording.kpis(behind)[0].tone == "warn"
    assert from_json(to_json(figures)) == figures
