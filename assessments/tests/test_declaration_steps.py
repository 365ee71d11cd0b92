"""Opening, thawing and closing a declaration; what the tables refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.actions.declarations import (
    choose_units,
    take_step,
)
from assessments.actions.zones import declare_units
from assessments.charter import sha256
from assessments.enums import DeclarationScope, DeclarationState, ZoneStage
from assessments.models import Declaration, IntegrityZone
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.testing.ledger import verbs
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db
LACKING = [
    ({"held_on": None}, "Hari pencanangan belum diisi"),
    ({"place": ""}, "Tempat belum diisi"),
    ({"purpose": ""}, "Tujuan belum diisi"),
]


@pytest.mark.parametrize(("lack", "sentence"), LACKING)
def test_opening_names_what_is_missing(lack: dict, sentence: str, cast: Any, boss: Any) -> None:
    act = DeclarationFactory(government=cast.home, **lack)
    DeclarationUnitFactory(declaration=act, unit=cast.unit)
    SignatoryFactory(declaration=act)
    with pytest.raises(StepRefused) as refused:
        take_step(declaration=act, name="open", by=boss, now=NOW)
    (missing,) = refused.value.missing
    assert sentence in missing.sentence
    assert missing.anchor == "#facts"


def test_opening_needs_units_and_signatories(boss: Any, draft: Declaration) -> None:
    with pytest.raises(StepRefused) as refused:
        take_step(declaration=draft, name="open", by=boss, now=NOW)
    assert [m.anchor for m in refused.value.missing] == ["#units", "#signatories"]


def test_an_own_declaration_has_one_unit(cast: Any, boss: Any) -> None:
    act = DeclarationFactory(government=cast.home, scope=DeclarationScope.OWN)
    SignatoryFactory(declaration=act)
    choose_units(declaration=act, unit_ids=[cast.unit.pk, cast.below.pk], by=boss)
    with pytest.raises(StepRefused) as refused:
        take_step(declaration=act, name="open", by=boss, now=NOW)
    assert "tepat satu unit" in refused.value.missing[0].sentence
    choose_units(declaration=act, unit_ids=[cast.unit.pk], by=boss)
    take_step(declaration=act, name="open", by=boss, now=NOW)


def test_opening_fixes_the_text_and_the_draft_thaws_it(
    cast: Any, boss: Any, draft: Declaration
) -> None:
    DeclarationUnitFactory(declaration=draft, unit=cast.unit)
    SignatoryFactory(declaration=draft, title="Wali Kota")
    opened = take_step(declaration=draft, name="open", by=boss, now=NOW)
    assert opened.text_sha256 == sha256(opened.text)
    assert "1. Dinas Satu" in opened.text
    assert "Waktu: 2 Maret 2026" in opened.text
    assert "Dasar dan persyaratan: tidak tercatat" in opened.text
    back = take_step(declaration=draft, name="return_to_draft", by=boss, now=NOW)
    assert (back.text, back.text_sha256) == ("", "")


def test_a_signed_text_does_not_go_back_to_draft(cast: Any, boss: Any) -> None:
    act = DeclarationFactory(government=cast.home, open=True)
    SignatureFactory(signatory=SignatoryFactory(declaration=act, title="Sekda"))
    with pytest.raises(StepRefused) as refused:
        take_step(declaration=act, name="return_to_draft", by=boss, now=NOW)
    assert "Sekda" in refused.value.missing[0].sentence


def open_act(cast: Any, places: int = 3, **facts: Any) -> Declaration:
    act = DeclarationFactory(government=cast.home, open=True, **facts)
    DeclarationUnitFactory(declaration=act, unit=cast.unit)
    for _number in range(places):
        SignatoryFactory(declaration=act)
    return act


@pytest.mark.parametrize("without", [0, 1, 2])
def test_closing_waits_for_each_single_signature(without: int, cast: Any, boss: Any) -> None:
    act = open_act(cast)
    places = list(act.signatories.order_by("position"))
    for number, place in enumerate(places):
        if number != without:
            SignatureFactory(signatory=place)
    with pytest.raises(StepRefused) as refused:
        take_step(declaration=act, name="close", by=boss, now=NOW)
    assert [m.anchor for m in refused.value.missing] == [f"#signatory-{places[without].pk}"]

    SignatureFactory(signatory=places[without], withdrawn=True)
    with pytest.raises(StepRefused):
        take_step(declaration=act, name="close", by=boss, now=NOW)
    SignatureFactory(signatory=places[without])
    closed = take_step(declaration=act, name="close", by=boss, now=NOW)
    assert closed.state == DeclarationState.CLOSED
    assert closed.closed_at == NOW


def test_closing_waits_for_the_day(cast: Any, boss: Any) -> None:
    act = open_act(cast, places=0, held_on=NOW.date() + timedelta(days=1))
    with pytest.raises(StepRefused) as refused:
        take_step(declaration=act, name="close", by=boss, now=NOW)
    assert [m.anchor for m in refused.value.missing] == ["#facts"]


def test_closing_makes_each_unit_a_declared_zone_once(cast: Any, boss: Any) -> None:
    """A new zone, one that was committed, and one that is further and stays there."""
    act = open_act(cast, places=0)
    committed = IntegrityZoneFactory(unit=cast.below, stage=ZoneStage.COMMITTED)
    further = IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.BUILDING)
    for unit in (cast.below, cast.other_unit):
        DeclarationUnitFactory(declaration=act, unit=unit)
    take_step(declaration=act, name="close", by=boss, now=NOW)

    stages = dict(IntegrityZone.objects.values_list("unit_id", "stage"))
    assert stages == {
        cast.unit.pk: ZoneStage.DECLARED,
        cast.below.pk: ZoneStage.DECLARED,
        cast.other_unit.pk: ZoneStage.BUILDING,
    }
    assert IntegrityZone.objects.get(unit=cast.unit).opened_on == act.held_on
    assert [step.name for step in committed.steps.all()] == ["declare"]
    assert not further.steps.exists()
    assert verbs("zone.") == ["zone.opened", "zone.declare", "zone.declare"]


def test_declare_units_twice_changes_nothing(cast: Any, boss: Any) -> None:
    act = DeclarationFactory(government=cast.home, closed=True)
    DeclarationUnitFactory(declaration=act, unit=cast.unit)
    for _again in range(2):
        with transaction.atomic():
            declare_units(declaration=act, by=boss, now=NOW)
    assert IntegrityZone.objects.count() == 1
    assert verbs("zone.") == ["zone.opened", "zone.declare"]


def test_a_closed_declaration_stays_by_the_database(cast: Any) -> None:
    act = DeclarationFactory(government=cast.home, closed=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Declaration.objects.filter(pk=act.pk).update(title="Lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        Declaration.objects.filter(pk=act.pk).delete()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "open"},
        {"state": "draft", "text": "x"},
        {"state": "closed", "text": "x", "text_sha256": "y"},
    ],
    ids=["open without text", "draft with text", "closed without time"],
)
def test_the_database_ties_state_to_text_and_time(wrong: dict, cast: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclarationFactory(government=cast.home, **wrong)


def test_the_same_unit_twice_is_refused_by_the_database(cast: Any, draft: Declaration) -> None:
    DeclarationUnitFactory(declaration=draft, unit=cast.unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclarationUnitFactory(declaration=draft, unit=cast.unit)
