"""Drafting, freezing and closing a declaration."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.actions.declarations import (
    DeclarationFacts,
    SignatoryFacts,
    add_signatory,
    choose_units,
    create_declaration,
    edit_declaration,
    edit_signatory,
    move_signatory,
    remove_signatory,
    take_step,
    write_lines,
)
from assessments.actions.zones import declare_units
from assessments.charter import sha256
from assessments.enums import DeclarationScope, DeclarationState, ZoneStage
from assessments.models import Declaration, DeclarationUnit, IntegrityZone, Signatory
from assessments.queries.declarations import charter_of, declaration_of
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Any) -> Declaration:
    return DeclarationFactory(government=cast.home)


@pytest.fixture
def boss(cast: Any) -> Any:
    return cast[Role.ZI_SECRETARIAT]


def verbs(*prefixes: str) -> list[str]:
    rows = LedgerEntry.objects.order_by("pk").values_list("verb", flat=True)
    return [verb for verb in rows if verb.startswith(prefixes)]


def test_create_and_edit(cast: Any, boss: Any) -> None:
    facts = DeclarationFacts(title="Satu", scope=DeclarationScope.OWN)
    act = create_declaration(facts=facts, by=boss)
    assert (act.government, act.state) == (cast.home, DeclarationState.DRAFT)

    changed = DeclarationFacts(title="Dua", held_on=date(2021, 9, 1), held_on_precision="month")
    edit_declaration(declaration=act, facts=changed, by=boss)
    act.refresh_from_db()
    assert (act.title, act.held_on_precision) == ("Dua", "month")
    assert verbs("declaration") == ["declaration.created", "declaration.edited"]


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.ZI_SECRETARIAT])
def test_nobody_else_drafts(role: str, cast: Any, draft: Declaration) -> None:
    by = cast[role]
    place = SignatoryFactory(declaration=draft)
    facts = DeclarationFacts(title="Satu")
    for act in (
        lambda: create_declaration(facts=facts, by=by),
        lambda: edit_declaration(declaration=draft, facts=facts, by=by),
        lambda: choose_units(declaration=draft, unit_ids=[], by=by),
        lambda: write_lines(declaration=draft, pledges=[], witnesses=[], present=[], by=by),
        lambda: add_signatory(declaration=draft, facts=SignatoryFacts(title="A"), by=by),
        lambda: edit_signatory(signatory=place, facts=SignatoryFacts(title="A"), by=by),
        lambda: move_signatory(signatory=place, up=True, by=by),
        lambda: remove_signatory(signatory=place, by=by),
    ):
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            act()
    assert verbs("declaration", "signatory") == []


@pytest.mark.parametrize("state", ["open", "closed"])
def test_only_drafts_are_edited(state: str, cast: Any, boss: Any) -> None:
    act = DeclarationFactory(government=cast.home, **{state: True})
    place = SignatoryFactory(declaration=act)
    for change in (
        lambda: edit_declaration(declaration=act, facts=DeclarationFacts(title="X"), by=boss),
        lambda: choose_units(declaration=act, unit_ids=[cast.unit.pk], by=boss),
        lambda: write_lines(declaration=act, pledges=["x"], witnesses=[], present=[], by=boss),
        lambda: add_signatory(declaration=act, facts=SignatoryFacts(title="A"), by=boss),
        lambda: edit_signatory(signatory=place, facts=SignatoryFacts(title="A"), by=boss),
        lambda: move_signatory(signatory=place, up=True, by=boss),
        lambda: remove_signatory(signatory=place, by=boss),
    ):
        with pytest.raises(StepRefused, match="hanya draf"):
            change()


def test_units_keep_their_place_and_their_name_of_that_day(
    cast: Any, boss: Any, draft: Declaration
) -> None:
    a, b, c = cast.unit, cast.other_unit, cast.below
    choose_units(declaration=draft, unit_ids=[b.pk, a.pk, b.pk], by=boss)
    choose_units(declaration=draft, unit_ids=[a.pk, c.pk, b.pk], by=boss)
    assert [row.unit for row in draft.units.order_by("position")] == [b, a, c]
    b.name = "Dinas Berganti Nama"
    b.save()
    assert draft.units.get(unit=b).printed_name == "Dinas Dua"

    choose_units(declaration=draft, unit_ids=[a.pk], by=boss)
    assert [row.unit for row in draft.units.all()] == [a]


def test_a_unit_that_leaves_takes_its_signing_along(
    cast: Any, boss: Any, draft: Declaration
) -> None:
    choose_units(declaration=draft, unit_ids=[cast.unit.pk], by=boss)
    declared = draft.units.get()
    place = add_signatory(
        declaration=draft, facts=SignatoryFacts(title="Kepala", declared=[declared.pk]), by=boss
    )
    choose_units(declaration=draft, unit_ids=[cast.other_unit.pk], by=boss)
    assert list(place.signs_for.all()) == []


def test_units_of_another_government_are_refused(cast: Any, boss: Any, draft: Declaration) -> None:
    with pytest.raises(StepRefused, match="pemerintah daerah lain"):
        choose_units(declaration=draft, unit_ids=[cast.unit.pk, cast.away_unit.pk], by=boss)
    assert not draft.units.exists()


def test_units_and_signatories_are_independent(cast: Any, boss: Any, draft: Declaration) -> None:
    """One head for two units, the regional head for none, a unit for which nobody signs."""
    choose_units(
        declaration=draft,
        unit_ids=[cast.unit.pk, cast.below.pk, cast.other_unit.pk],
        by=boss,
    )
    mine = list(draft.units.filter(unit__in=[cast.unit, cast.below]).values_list("pk", flat=True))
    add_signatory(declaration=draft, facts=SignatoryFacts(title="Wali Kota"), by=boss)
    head = add_signatory(
        declaration=draft, facts=SignatoryFacts(title="Kepala", declared=mine), by=boss
    )
    assert head.signs_for.count() == 2
    assert head.membership is None
    text = charter_of(draft).text()
    assert "1. Wali Kota\n2. Kepala (untuk Dinas Satu, UPTD Satu)" in text
    assert "3. Dinas Dua" in text


def test_a_signatory_signs_only_for_units_of_his_declaration(
    cast: Any, boss: Any, draft: Declaration
) -> None:
    foreign = DeclarationUnitFactory(declaration=DeclarationFactory(government=cast.home))
    place = add_signatory(
        declaration=draft, facts=SignatoryFacts(title="A", declared=[foreign.pk]), by=boss
    )
    assert not place.signs_for.exists()


def test_signatories_keep_an_unbroken_order(boss: Any, draft: Declaration) -> None:
    a, b, c = (
        add_signatory(declaration=draft, facts=SignatoryFacts(title=title), by=boss)
        for title in "ABC"
    )
    move_signatory(signatory=c, up=True, by=boss)
    move_signatory(signatory=a, up=True, by=boss)
    assert order(draft) == ["A", "C", "B"]
    move_signatory(signatory=a, up=False, by=boss)
    remove_signatory(signatory=b, by=boss)
    assert order(draft) == ["C", "A"]
    assert list(draft.signatories.order_by("position").values_list("position", flat=True)) == [1, 2]
    assert verbs("signatory") == [
        *["signatory.added"] * 3,
        "signatory.moved",
        "signatory.moved",
        "signatory.removed",
    ]


def order(draft: Declaration) -> list[str]:
    return list(draft.signatories.order_by("position").values_list("title", flat=True))


def test_an_office_stands_once_and_belongs_to_the_government(
    cast: Any, boss: Any, draft: Declaration
) -> None:
    mayor = SignatoryFacts(title="Wali Kota", membership=cast[Role.MAYOR])
    place = add_signatory(declaration=draft, facts=mayor, by=boss)
    with pytest.raises(StepRefused, match="sudah ada dalam daftar"):
        add_signatory(declaration=draft, facts=mayor, by=boss)
    away = SignatoryFacts(title="Asing", membership=cast.away_offices[Role.MAYOR])
    with pytest.raises(StepRefused, match="pemerintah daerah lain"):
        edit_signatory(signatory=place, facts=away, by=boss)


def test_a_place_with_a_withdrawn_signature_is_not_removed(boss: Any, draft: Declaration) -> None:
    place = SignatoryFactory(declaration=draft)
    SignatureFactory(signatory=place, withdrawn=True)
    with pytest.raises(StepRefused, match="ditarik"):
        remove_signatory(signatory=place, by=boss)


def test_lines_are_replaced(boss: Any, draft: Declaration) -> None:
    write_lines(declaration=draft, pledges=["a", "b"], witnesses=["w"], present=[], by=boss)
    write_lines(declaration=draft, pledges=["c"], witnesses=[], present=["x", "y"], by=boss)
    assert list(draft.pledges.values_list("text", flat=True)) == ["c"]
    kinds = list(draft.attendees.order_by("position").values_list("kind", "text"))
    assert kinds == [("present", "x"), ("present", "y")]


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


class TestWhoSees:
    def test_drafts_are_for_central_roles(self, cast: Any, draft: Declaration) -> None:
        seen = {role for role in Role.values if declaration_of(cast[role], draft.pk)}
        assert seen == set(Role.values) - {
            Role.OPD_HEAD,
            Role.OPD_OPERATOR,
            Role.LIAISON_OFFICER,
            Role.TPN_REVIEWER,
        }

    def test_reviewers_see_only_acts_of_their_branch(self, cast: Any) -> None:
        reviewer = cast[Role.TPN_REVIEWER]
        own, below, other = (DeclarationFactory(government=cast.home, closed=True) for _ in "abc")
        for act, unit in ((own, cast.unit), (below, cast.below), (other, cast.other_unit)):
            DeclarationUnit.objects.create(
                government=cast.home, declaration=act, unit=unit, position=1, printed_name="x"
            )
        assert declaration_of(reviewer, own.pk)
        assert declaration_of(reviewer, below.pk)
        assert declaration_of(reviewer, other.pk) is None
        assert declaration_of(cast[Role.OPD_OPERATOR], other.pk)

    def test_another_government_sees_nothing(self, cast: Any) -> None:
        act = DeclarationFactory(government=cast.home, closed=True)
        assert not any(declaration_of(m, act.pk) for m in cast.away_offices.values())

    def test_a_discarded_draft_is_gone(self, cast: Any, boss: Any, draft: Declaration) -> None:
        take_step(declaration=draft, name="discard", by=boss, now=NOW)
        assert declaration_of(boss, draft.pk) is None


def test_names_and_titles_print_with_the_status_of_the_office() -> None:
    place = Signatory(title="Bupati Bekasi", office_status="pj")
    assert place.printed_title == "Pj. Bupati Bekasi"


def test_units_closed_long_ago_can_be_declared_for_history(
    cast: Any, boss: Any, draft: Declaration
) -> None:
    old = UnitFactory(government=cast.home, active_to=date(2020, 1, 1))
    Declaration.objects.filter(pk=draft.pk).update(held_on=date(2019, 9, 16))
    choose_units(declaration=draft, unit_ids=[old.pk], by=boss)
    assert draft.units.count() == 1
