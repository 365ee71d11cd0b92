"""Who took over: services and duties handed over, the old name in the search."""

import pytest

from integrity_portal.core.models import LedgerEntry
from integrity_portal.testing.ledger import verbs_of
from opd.actions.unit_splits import hand_over
from opd.actions.units import merge_units
from opd.enums import Role
from opd.queries.unit_search import search_units
from opd.registry import RegistryRefused
from opd.tests.factories import ServiceFactory, UnitFactory
from opd.tests.unit_acts import EVE, NEXT, NOW, TODAY, part, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


class TestHandOver:
    def test_services_and_duties_find_their_unit(self, cast, by):
        service, other = ServiceFactory(unit=cast.unit), ServiceFactory(unit=cast.unit)
        duties = [
            cast.unit.duties.create(government=cast.home, position=n, text=f"Tugas {n}")
            for n in (1, 2)
        ]
        one, two = split(by, cast.unit, part("A"), part("B"), goes_on=True).successors
        two.duties.create(government=cast.home, position=1, text="Sudah ada")
        moved = hand_over(
            by=by,
            unit=cast.unit,
            services={service.pk: one},
            duties={duties[1].pk: two},
            today=TODAY,
        )
        assert moved == 2
        assert list(one.services.all()) == [service]
        assert list(cast.unit.services.all()) == [other]
        assert [d.text for d in two.duties.order_by("position")] == ["Sudah ada", "Tugas 2"]
        assert verbs_of(service) == ["service.handed_over"]
        entry = LedgerEntry.objects.get(verb="unit.duties_handed_over")
        assert entry.codes == {"to": two.pk, "count": 1}

    def test_refused(self, cast, by):
        service = ServiceFactory(unit=cast.unit, name="KTP")
        duty = cast.unit.duties.create(government=cast.home, position=1, text="Tugas")
        (one,) = split(by, cast.unit, part("A"), goes_on=True).successors

        def hand(unit=one, **values):
            wanted = {"services": {}, "duties": {}, "today": TODAY, **values}
            hand_over(by=by, unit=cast.unit, **wanted)

        with pytest.raises(RegistryRefused, match="mengambil alih"):
            hand(services={service.pk: cast.other_unit})
        with pytest.raises(RegistryRefused, match="mengambil alih"):
            hand(services={service.pk: one}, today=EVE)
        ServiceFactory(unit=one, name="KTP")
        with pytest.raises(RegistryRefused, match="sudah mempunyai layanan") as refused:
            hand(services={service.pk: one})
        assert refused.value.field == f"service_{service.pk}"
        one.duties.create(government=cast.home, position=1, text="Tugas")
        with pytest.raises(RegistryRefused, match="sudah mempunyai tupoksi") as refused:
            hand(duties={duty.pk: one})
        assert refused.value.field == f"duty_{duty.pk}"
        assert not LedgerEntry.objects.filter(verb__endswith="handed_over").exists()


class TestSearch:
    def names(self, by, text, state="active"):
        found = search_units(by, text=text, state=state, today=NEXT)
        return {row.unit.name: row.after for row in found}

    def test_the_old_name_finds_all_that_took_over(self, cast, by):
        old = UnitFactory(government=cast.home, name="Kantor Pendapatan Lama")
        a, _b = split(by, old, part("Badan Pajak"), part("Badan Aset")).successors
        end = UnitFactory(government=cast.home, name="Badan Keuangan")
        merge_units(by=by, units=[a], into=end, happened_on=NEXT, basis="x", today=NEXT, now=NOW)
        assert self.names(by, "kantor pendapatan lama") == {
            "Badan Aset": "Kantor Pendapatan Lama",
            "Badan Keuangan": "Kantor Pendapatan Lama",
        }
        assert self.names(by, "kantor pendapatan lama", "")["Kantor Pendapatan Lama"] == ""

    def test_who_sees_only_a_part_finds_only_that(self, cast, by):
        old = UnitFactory(government=cast.home, name="Kantor Pendapatan Lama")
        split(by, old, cast.unit, part("Badan Aset"))
        assert set(self.names(cast[Role.OPD_HEAD], "kantor pendapatan")) == {"Dinas Satu"}

    def test_units_that_gave_parts_to_each_other(self, cast, by):
        split(by, cast.unit, cast.other_unit, goes_on=True)
        split(by, cast.other_unit, cast.unit, goes_on=True)
        assert set(self.names(by, "dinas satu")) >= {"Dinas Satu", "Dinas Dua"}
