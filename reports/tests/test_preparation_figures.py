"""The Sekda reads how far the units are that have not declared; old frozen sets still open."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ZoneStage
from assessments.queries.coverage import coverage
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_preparation import (
    CHECKLIST,
    PreparationAnswerFactory,
    count_dinas,
)
from opd.models import Unit
from opd.tests.factories import UnitFactory
from reports import documents, queries, wording
from reports.enums import Variant
from reports.figures import Figures, Preparation, from_json, to_json
from reports.tests.factories import TODAY, DocumentFactory, FigureSetFactory, world

FULL = Preparation(undeclared=9, ready=2, under_way=3, not_begun=3, further=1, steps=10)


def prepare(unit: Unit, number: int, **values: Any) -> None:
    for code in CHECKLIST.codes[:number]:
        PreparationAnswerFactory(unit=unit, step=code, **values)


def test_they_are_counted_among_those_that_coverage_calls_undeclared(cast: Any) -> None:
    count_dinas(cast.home)
    names = ("Dinas Siap", "Dinas Mulai", "Dinas Bangun", "Dinas Diam")
    ready, begun, building, _idle = (UnitFactory(government=cast.home, name=name) for name in names)
    prepare(ready, 10)
    prepare(begun, 1, state="in_progress", happened_on=None)
    prepare(cast.unit, 1, state="not_started", happened_on=None)
    IntegrityZoneFactory(unit=building, stage=ZoneStage.BUILDING)
    found = queries.read_figures(cast.home, TODAY).preparation
    assert found == Preparation(
        undeclared=coverage(cast.home, TODAY).undeclared,
        ready=1,
        under_way=1,
        not_begun=3,
        further=1,
        steps=10,
    )


def test_samples_say_nothing_about_a_real_government(cast: Any) -> None:
    count_dinas(cast.home)
    prepare(cast.unit, 10, is_sample=True)
    figures = queries.read_figures(cast.home, TODAY)
    assert figures.preparation is not None
    assert figures.preparation.ready == 0
    assert "belum ada langkah persiapan yang tercatat" in wording.preparation_sentence(figures)


@pytest.mark.parametrize(
    ("prepared", "said"),
    [
        (None, ""),
        (replace(FULL, undeclared=0), ""),
        (
            FULL,
            "Persiapan: 9 unit belum dicanangkan, 2 siap (10/10), 3 berjalan, 3 belum mulai. "
            "1 di antaranya sudah membangun tanpa pencanangan yang tercatat.",
        ),
        (
            Preparation(5, 0, 0, 5, 0, 10),
            "Persiapan: 5 unit belum dicanangkan; belum ada langkah persiapan yang tercatat di "
            "portal.",
        ),
    ],
)
def test_in_a_sentence(prepared: Preparation | None, said: str) -> None:
    assert wording.preparation_sentence(Figures(TODAY, preparation=prepared)) == said


def test_a_frozen_set_keeps_it_and_an_older_one_still_opens() -> None:
    data = to_json(Figures(TODAY, preparation=FULL))
    assert from_json(data).preparation == FULL
    del data["preparation"]
    assert from_json(data).preparation is None


def test_it_stands_on_the_sekdas_page_within_its_budget(
    cast: Any, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    world(cast.home, timezone.localdate().replace(day=21))
    count_dinas(cast.home)
    prepare(cast.unit, 10)
    client = client_as(cast["sekda"])
    with django_assert_max_num_queries(10):
        page = client.get(reverse("reports:sekda"))
    text = page.content.decode()
    assert "1 siap (10/10)" in text
    assert reverse("assessments:preparation") in text
    assert (
        "siap (10/10)"
        not in client_as(cast["mayor"]).get(reverse("reports:mayor")).content.decode()
    )


def test_it_stands_in_the_sekdas_report_and_not_in_the_mayors(cast: Any) -> None:
    row = FigureSetFactory(
        government=cast.home, data=to_json(Figures(TODAY, counted=9, preparation=FULL))
    )
    for variant, expected in ((Variant.SEKDA, True), (Variant.MAYOR, False)):
        document = DocumentFactory(
            government_id=cast.home.pk, variant=variant, params={documents.FROZEN: row.pk}
        )
        chapter = next(each for each in documents.chapters(document) if each.key == "coverage")
        assert bool(chapter.context["preparation"]) is expected
