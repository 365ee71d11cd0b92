"""One set of figures: the same numbers as the other apps', worst first, frozen for ever."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, transaction

from assessments.queries import figures as work
from assessments.queries.coverage import coverage
from complaints.queries.figures import complaint_counts, late_at_coordinator
from integrity_portal.core.models import LedgerEntry
from reports import actions, queries, wording
from reports.figures import UnitFigures, badness, digest, from_json, to_json
from reports.models import FigureSet
from reports.tests.factories import NOW, TODAY, FigureSetFactory, world


def test_they_are_the_other_apps_figures(cast: Any) -> None:
    world(cast.home)
    figures = queries.read_figures(cast.home, TODAY)
    whole = coverage(cast.home, TODAY)
    assert (figures.counted, figures.declared) == (whole.counted, whole.declared)
    assert figures.finish == whole.forecast.finish
    assert figures.stages == {
        stage.value: count for stage, count in work.zone_stage_counts(cast.home.pk).items()
    }
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
    assert wording.reason(worst) == "2 kegiatan lewat tenggat; 1 aduan lewat tenggat"
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
    assert "Tidak ada kegiatan dan tidak ada aduan yang lewat tenggat." in wording.lead(figures)
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


def test_the_week_before_is_told(cast: Any) -> None:
    FigureSetFactory(government=cast.home, period="2026-W46")
    FigureSetFactory(government=cast.home)
    row = actions.freeze_figures(government=cast.home, now=NOW, period="2026-W47")
    assert row.data["before"]["period"] == "2026-W46"


def test_frozen_figures_cannot_be_changed(cast: Any) -> None:
    row = FigureSetFactory(government=cast.home)
    with pytest.raises(InternalError), transaction.atomic():
        FigureSet.objects.filter(pk=row.pk).update(sha256="0" * 64)


def test_the_cost_does_not_grow_with_the_units(cast: Any, django_assert_num_queries: Any) -> None:
    world(cast.home)
    with django_assert_num_queries(7):
        queries.read_figures(cast.home, TODAY)
    for number in range(2):
        world(cast.home, suffix=f" {number}")
    with django_assert_num_queries(7):
        assert len(queries.read_figures(cast.home, TODAY).units) == 9
