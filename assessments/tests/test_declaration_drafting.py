"""Drafting a declaration: facts, units, signatories, lines."""

from datetime import date
from typing import Any

import pytest

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
    write_lines,
)
from assessments.enums import DeclarationScope, DeclarationState
from assessments.models import Declaration, Signatory
from assessments.queries.declarations import charter_of
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.testing.ledger import verbs
from opd.enums import Role
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


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
