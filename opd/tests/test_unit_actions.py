"""What people do to units: each verb, its refusals, its ledger entry."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate, Precision
from integrity_portal.testing.ledger import verbs_of
from opd.actions import unit_details, units
from opd.coverage import KindRule
from opd.enums import Role
from opd.models import Unit, UnitKindRule
from opd.registry import RegistryRefused
from opd.tests.factories import UnitFactory
from opd.unit_steps import UnitFacts

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


class TestAdd:
    def test_with_name_lineage_and_entry(self, cast, by):
        unit = units.add_unit(
            by=by, facts=UnitFacts(kind="uptd", name="UPTD Pasar", parent=cast.unit, code="1.2")
        )
        assert unit.lineage == [cast.unit.pk, unit.pk]
        assert unit.names.get().name == "UPTD Pasar"
        assert verbs_of(unit) == ["unit.added"]

    def test_same_name_in_the_same_place(self, cast, by):
        with pytest.raises(RegistryRefused, match="nama ini sudah ada di tempat yang sama"):
            units.add_unit(by=by, facts=UnitFacts(kind="dinas", name="DINAS SATU"))

    def test_same_code(self, cast, by):
        units.add_unit(by=by, facts=UnitFacts(kind="dinas", name="Dinas A", code="7"))
        with pytest.raises(RegistryRefused, match="kode ini"):
            units.add_unit(by=by, facts=UnitFacts(kind="dinas", name="Dinas B", code="7"))

    def test_under_another_government(self, cast, by):
        with pytest.raises(RegistryRefused, match="pemerintah"):
            units.add_unit(
                by=by, facts=UnitFacts(kind="uptd", name="UPTD X", parent=cast.away_unit)
            )

    def test_under_a_unit_that_ends(self, cast, by):
        cast.other_unit.active_to = TODAY + timedelta(days=30)
        cast.other_unit.save()
        with pytest.raises(RegistryRefused, match="berakhir pada"):
            units.add_unit(
                by=by, facts=UnitFacts(kind="uptd", name="UPTD X", parent=cast.other_unit)
            )

    def test_not_too_deep(self, cast, by):
        unit = cast.below
        for _level in range(6):
            unit = UnitFactory(government=cast.home, parent=unit)
        with pytest.raises(RegistryRefused, match="paling banyak 8 tingkat"):
            units.add_unit(by=by, facts=UnitFacts(kind="uptd", name="UPTD X", parent=unit))

    @pytest.mark.parametrize("role", [Role.OPD_HEAD, Role.MAYOR, Role.SEKDA, Role.IT_TEAM])
    def test_only_by_managers(self, cast, role):
        with pytest.raises(PermissionDenied):
            units.add_unit(by=cast[role], facts=UnitFacts(kind="dinas", name="Dinas A"))


class TestEdit:
    def test_move_takes_the_branch_along(self, cast, by):
        deep = UnitFactory(government=cast.home, parent=cast.below)
        units.edit_unit(
            by=by,
            unit=cast.below,
            kind="uptd",
            code="9",
            parent=cast.other_unit,
            active_from=date(2020, 1, 1),
            today=TODAY,
        )
        deep.refresh_from_db()
        assert deep.lineage == [cast.other_unit.pk, cast.below.pk, deep.pk]
        entry = LedgerEntry.objects.get(verb="unit.edited")
        assert entry.codes["parent_to"] == cast.other_unit.pk
        assert entry.codes["code_changed"] is True

    def test_to_the_top(self, cast, by):
        place = {"kind": "uptd", "code": "", "parent": None, "active_from": None}
        units.edit_unit(by=by, unit=cast.below, today=TODAY, **place)
        cast.below.refresh_from_db()
        assert cast.below.lineage == [cast.below.pk]

    @pytest.mark.parametrize("itself", [True, False])
    def test_no_circle(self, cast, by, itself):
        parent = cast.unit if itself else cast.below
        place = {"kind": "dinas", "code": "", "parent": parent, "active_from": None}
        with pytest.raises(RegistryRefused, match="di bawah dirinya sendiri"):
            units.edit_unit(by=by, unit=cast.unit, today=TODAY, **place)


class TestRename:
    def test_keeps_the_old_name(self, cast, by):
        units.rename_unit(
            by=by,
            unit=cast.unit,
            name="Badan Baru",
            short_name="BB",
            changed_on=PartialDate(date(2022, 1, 1), Precision.YEAR),
            basis="Perda 5/2021",
            today=TODAY,
        )
        cast.unit.refresh_from_db()
        old, new = cast.unit.names.order_by("pk")
        assert (cast.unit.name, new.name, new.valid_to) == ("Badan Baru", "Badan Baru", None)
        assert (old.name, old.ended) == (
            "Dinas Satu",
            PartialDate(date(2022, 1, 1), Precision.YEAR),
        )
        assert old.basis == "Perda 5/2021"
        assert verbs_of(cast.unit) == ["unit.renamed"]

    @pytest.mark.parametrize(
        ("name", "day", "sentence"),
        [
            ("Dinas Satu", TODAY, "sudah dipakai"),
            ("Dinas Tiga", TODAY + timedelta(days=1), "masih di depan"),
            ("Dinas Dua", TODAY, "nama ini sudah ada"),
        ],
    )
    def test_refused(self, cast, by, name, day, sentence):
        with pytest.raises(RegistryRefused, match=sentence):
            units.rename_unit(
                by=by,
                unit=cast.unit,
                name=name,
                short_name="",
                changed_on=PartialDate(day),
                basis="",
                today=TODAY,
            )

    def test_names_follow_each_other(self, cast, by):
        def rename(name, day):
            units.rename_unit(
                by=by,
                unit=cast.unit,
                name=name,
                short_name="",
                changed_on=PartialDate(day),
                basis="",
                today=TODAY,
            )

        rename("Kedua", date(2024, 5, 1))
        with pytest.raises(RegistryRefused, match="harus sesudah"):
            rename("Ketiga", date(2024, 4, 30))

    def test_a_spelling_mistake_leaves_no_former_name(self, cast, by):
        units.correct_unit_name(by=by, unit=cast.unit, name="Dinas Sattu", short_name="DS")
        assert list(cast.unit.names.values_list("name", "valid_to")) == [("Dinas Sattu", None)]
        assert verbs_of(cast.unit) == ["unit.name_corrected"]


class TestMerge:
    def test_into_an_existing_one(self, cast, by):
        cast.below.active_to = TODAY
        cast.below.save()
        day = TODAY + timedelta(days=10)
        merged = units.merge_units(
            by=by,
            units=[cast.unit],
            into=cast.other_unit,
            happened_on=day,
            basis="Perda 1",
            today=TODAY,
            now=NOW,
        )
        cast.unit.refresh_from_db()
        assert merged.into == cast.other_unit
        assert cast.unit.active_to == day - timedelta(days=1)
        assert cast.unit.successors.get().successor == cast.other_unit
        assert verbs_of(cast.unit) == ["unit.merged"]
        assert Unit.objects.active_on(day).filter(pk=cast.unit.pk).exists() is False
        assert Unit.objects.active_on(TODAY).filter(pk=cast.unit.pk).exists()

    def test_two_into_a_new_one_of_the_same_name(self, cast, by):
        one, two = (UnitFactory(government=cast.home, name=f"Badan {n}") for n in "AB")
        merged = units.merge_units(
            by=by,
            units=[one, two],
            into=UnitFacts(kind="badan", name="Badan A"),
            happened_on=TODAY,
            basis="Perda 1",
            today=TODAY,
            now=NOW,
        )
        assert merged.into.active_from == TODAY
        assert {s.predecessor for s in merged.into.predecessors.all()} == {one, two}
        assert verbs_of(merged.into) == ["unit.added"]

    def test_people_stay(self, cast, by):
        cast.below.active_to = TODAY - timedelta(days=1)
        cast.below.save()
        units.merge_units(
            by=by,
            units=[cast.unit],
            into=cast.other_unit,
            happened_on=TODAY,
            basis="Perda 1",
            today=TODAY,
            now=NOW,
        )
        assert cast.unit.memberships.count() == 4

    def test_units_below_are_in_the_way(self, cast, by):
        with pytest.raises(RegistryRefused, match="Pindahkan atau tutup") as refused:
            units.merge_units(
                by=by,
                units=[cast.unit],
                into=cast.other_unit,
                happened_on=TODAY,
                basis="x",
                today=TODAY,
                now=NOW,
            )
        assert refused.value.units == [cast.below]

    def test_a_unit_and_the_one_below_it_together(self, cast, by):
        units.merge_units(
            by=by,
            units=[cast.below, cast.unit],
            into=cast.other_unit,
            happened_on=TODAY,
            basis="x",
            today=TODAY,
            now=NOW,
        )
        assert cast.other_unit.predecessors.count() == 2

    def test_refusals(self, cast, by):
        def merge(ending, into):
            units.merge_units(
                by=by, units=ending, into=into, happened_on=TODAY, basis="x", today=TODAY, now=NOW
            )

        with pytest.raises(RegistryRefused, match="Pilih unit yang berakhir"):
            merge([], cast.unit)
        with pytest.raises(RegistryRefused, match="sekaligus"):
            merge([cast.below], cast.below)
        with pytest.raises(RegistryRefused, match="nama baru"):
            merge([cast.below], UnitFacts(kind="dinas", name="X"))
        with pytest.raises(RegistryRefused, match="pemerintah"):
            merge([cast.below], cast.away_unit)
        merge([cast.below], cast.other_unit)
        with pytest.raises(RegistryRefused, match="sudah berakhir karena penggabungan"):
            merge([cast.below], cast.unit)


class TestClose:
    def test_with_a_basis_and_entry(self, cast, by):
        units.close_unit(
            by=by, unit=cast.below, last_day=TODAY + timedelta(days=5), basis="SK 1", today=TODAY
        )
        cast.below.refresh_from_db()
        assert cast.below.close_basis == "SK 1"
        assert not cast.below.is_closed(TODAY)
        assert verbs_of(cast.below) == ["unit.closed"]
        units.close_unit(by=by, unit=cast.below, last_day=TODAY, basis="SK 2", today=TODAY)

    def test_units_below_are_in_the_way(self, cast, by):
        with pytest.raises(RegistryRefused) as refused:
            units.close_unit(by=by, unit=cast.unit, last_day=TODAY, basis="x", today=TODAY)
        assert refused.value.units == [cast.below]

    def test_the_order_of_days(self, cast, by):
        cast.below.active_from = TODAY
        cast.below.save()
        with pytest.raises(RegistryRefused, match="Hari terakhir"):
            units.close_unit(
                by=by,
                unit=cast.below,
                last_day=TODAY - timedelta(days=1),
                basis="x",
                today=TODAY,
            )

    def test_only_once(self, cast, by):
        yesterday = TODAY - timedelta(days=1)
        units.close_unit(by=by, unit=cast.below, last_day=yesterday, basis="x", today=TODAY)
        with pytest.raises(RegistryRefused, match="sudah ditutup"):
            units.close_unit(by=by, unit=cast.below, last_day=TODAY, basis="x", today=TODAY)


class TestDetails:
    def test_duties_keep_their_rows(self, cast, by):
        one, two = unit_details.set_duties(by=by, unit=cast.unit, texts=["Satu", "Dua"])
        rows = unit_details.set_duties(by=by, unit=cast.unit, texts=["Tiga", "Dua", "Satu"])
        assert [row.text for row in cast.unit.duties.order_by("position")] == [
            "Tiga",
            "Dua",
            "Satu",
        ]
        assert [row.pk for row in rows[1:]] == [two.pk, one.pk]
        assert verbs_of(cast.unit) == ["unit.duties_set"] * 2
        with pytest.raises(RegistryRefused, match="dua kali"):
            unit_details.set_duties(by=by, unit=cast.unit, texts=["A", "A"])

    def test_kind_rules(self, cast, by):
        changed = unit_details.set_kind_rules(
            by=by, rules={"kecamatan": KindRule(True, True), "dinas": KindRule(True)}
        )
        assert sorted(changed) == ["dinas", "kecamatan"]
        assert unit_details.set_kind_rules(by=by, rules={"dinas": KindRule(True)}) == []
        assert LedgerEntry.objects.filter(verb="unit_kind_rule.set").count() == 2
        with pytest.raises(RegistryRefused, match="Hanya jenis yang dihitung"):
            unit_details.set_kind_rules(by=by, rules={"rsud": KindRule(False, True)})
        assert UnitKindRule.objects.filter(government=cast.home).count() == 2
