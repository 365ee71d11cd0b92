"""One unit becomes several: the verb, its page, what stays, who takes over, the search."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from lxml import html

from integrity_portal.core.models import LedgerEntry
from opd.actions.unit_splits import hand_over, split_unit
from opd.actions.units import close_unit, merge_units
from opd.enums import Role, SuccessionKind
from opd.models import Unit, UnitSuccession
from opd.queries.unit_search import search_units
from opd.registry import RegistryRefused
from opd.tests.factories import ServiceFactory, UnitFactory
from opd.unit_steps import UnitFacts

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
EVE, NEXT = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def by(cast):
    return cast[Role.ZI_SECRETARIAT]


def part(name: str, **values) -> UnitFacts:
    return UnitFacts(**{"kind": "dinas", "name": name, **values})


def split(by, unit, *parts, **values):
    wanted = {
        "goes_on": False,
        "happened_on": TODAY,
        "basis": "Perda 1",
        "today": TODAY,
        "now": NOW,
    }
    return split_unit(by=by, unit=unit, parts=list(parts), **(wanted | values))


def verbs(row) -> list[str]:
    label = row._meta.label_lower
    found = LedgerEntry.objects.filter(subject_type=label, subject_id=str(row.pk))
    return list(found.order_by("pk").values_list("verb", flat=True))


class TestSplit:
    def test_a_unit_ends_and_two_begin(self, cast, by):
        done = split(by, cast.other_unit, part("Dinas A"), part("Dinas Dua"))
        cast.other_unit.refresh_from_db()
        one, two = done.successors
        assert cast.other_unit.active_to == EVE
        assert (one.active_from, two.active_from) == (TODAY, TODAY)
        rows = UnitSuccession.objects.filter(predecessor=cast.other_unit).order_by("pk")
        assert [(r.successor, r.kind, r.happened_on, r.basis) for r in rows] == [
            (one, SuccessionKind.SPLIT, TODAY, "Perda 1"),
            (two, SuccessionKind.SPLIT, TODAY, "Perda 1"),
        ]
        assert verbs(cast.other_unit) == ["unit.split", "unit.split"]
        assert verbs(one) == ["unit.added"]
        assert not Unit.objects.active_on(TODAY).filter(pk=cast.other_unit.pk).exists()

    def test_a_unit_goes_on_and_a_part_leaves(self, cast, by):
        done = split(by, cast.unit, part("Dinas A"), goes_on=True)
        cast.unit.refresh_from_db()
        cast.below.refresh_from_db()
        assert cast.unit.active_to is None
        assert cast.below.parent == cast.unit
        assert done.successors[0].predecessors.get().predecessor == cast.unit

    def test_a_unit_that_gave_a_part_away_still_ends_later(self, cast, by):
        split(by, cast.below, part("UPTD A"), goes_on=True, happened_on=EVE)
        with pytest.raises(RegistryRefused, match="20 November 2026"):
            close_unit(
                by=by, unit=cast.below, last_day=EVE - timedelta(days=1), basis="x", today=TODAY
            )
        close_unit(by=by, unit=cast.below, last_day=TODAY, basis="x", today=TODAY)
        cast.below.refresh_from_db()
        assert cast.below.active_to == TODAY

    def test_a_part_may_come_back(self, cast, by):
        (child,) = split(by, cast.unit, part("Dinas A"), goes_on=True, happened_on=EVE).successors
        merge_units(
            by=by,
            units=[child],
            into=cast.unit,
            happened_on=TODAY,
            basis="x",
            today=TODAY,
            now=NOW,
        )
        split(by, cast.unit, cast.other_unit, goes_on=True, happened_on=EVE)
        split(by, cast.unit, cast.other_unit, goes_on=True)
        assert cast.unit.successors.filter(successor=cast.other_unit).count() == 2

    def test_existing_and_new_parts(self, cast, by):
        done = split(by, cast.below, cast.other_unit, part("Dinas A"))
        assert done.successors[0] == cast.other_unit

    def test_the_same_sent_twice_is_one(self, cast, by):
        for goes_on, unit in ((False, cast.other_unit), (True, cast.unit)):
            parts = [part(f"{unit.name} A"), part(f"{unit.name} B")]
            first = split(by, unit, *parts, goes_on=goes_on)
            rows = (Unit.objects.count(), LedgerEntry.objects.count())
            again = split(by, unit, *parts, goes_on=goes_on)
            assert again.successors == first.successors
            assert (Unit.objects.count(), LedgerEntry.objects.count()) == rows

    def test_nothing_is_written_when_one_part_is_refused(self, cast, by):
        with pytest.raises(RegistryRefused, match="nama ini sudah ada") as refused:
            split(by, cast.other_unit, part("Dinas A"), part("Dinas Satu"))
        assert refused.value.field == ""
        UnitFactory(government=cast.home, code="7")
        with pytest.raises(RegistryRefused, match="kode") as refused:
            split(by, cast.other_unit, part("Dinas A"), part("Dinas B", code="7"))
        with pytest.raises(RegistryRefused) as refused:
            split(by, cast.other_unit, part("Dinas A"), part("Dinas B", parent=cast.away_unit))
        assert refused.value.field == "parent_1"
        cast.other_unit.refresh_from_db()
        assert cast.other_unit.active_to is None
        assert not UnitSuccession.objects.exists()

    def test_refusals(self, cast, by):
        def refused(sentence, *parts, field=None, unit=cast.other_unit, **values):
            with pytest.raises(RegistryRefused, match=sentence) as caught:
                split(by, unit, *parts, **values)
            if field is not None:
                assert caught.value.field == field

        closed = UnitFactory(government=cast.home, active_to=EVE)
        refused("Sebutkan unit", field="name_0")
        refused("paling sedikit dua", part("A"), field="name_1")
        refused("paling banyak 10", *(part(f"Dinas {n}") for n in range(11)))
        refused("dua kali", cast.unit, cast.unit, field="unit_1")
        refused("sekaligus", cast.other_unit, part("A"), field="unit_0")
        refused("pemerintah", part("A"), cast.away_unit, field="unit_1")
        refused("tidak aktif", part("A"), closed, field="unit_1")
        refused("sudah ditutup", part("A"), part("B"), unit=closed)
        refused("tidak aktif", part("A"), unit=closed, goes_on=True, field="happened_on")
        split(by, cast.other_unit, cast.unit, part("A"))
        refused("sudah berakhir karena", part("C"), part("D"))

    def test_only_by_managers(self, cast):
        with pytest.raises(PermissionDenied):
            split(cast[Role.OPD_HEAD], cast.unit, part("A"), goes_on=True)


class TestBelow:
    def test_units_below_are_in_the_way(self, cast, by):
        with pytest.raises(RegistryRefused, match="Pindahkan atau tutup") as refused:
            split(by, cast.unit, part("A"), part("B"))
        assert refused.value.units == [cast.below]

    @pytest.mark.parametrize("below", [1, "above"])
    def test_they_move_together(self, cast, by, below):
        deep = UnitFactory(government=cast.home, parent=cast.below)
        done = split(by, cast.unit, part("A"), part("B"), below=below)
        cast.below.refresh_from_db()
        deep.refresh_from_db()
        parent = done.successors[1] if below == 1 else None
        assert cast.below.parent == parent
        assert deep.lineage == [*([parent.pk] if parent else []), cast.below.pk, deep.pk]
        assert verbs(cast.below) == ["unit.edited"]

    def test_the_part_that_stood_below_moves_up(self, cast, by):
        second = UnitFactory(government=cast.home, parent=cast.unit, kind="uptd")
        split(by, cast.unit, cast.below, part("B"), below=0)
        cast.below.refresh_from_db()
        second.refresh_from_db()
        assert (cast.below.parent, second.parent) == (None, cast.below)

    def test_they_move_on_the_day_itself(self, cast, by):
        with pytest.raises(RegistryRefused, match="pada harinya") as refused:
            split(by, cast.unit, part("A"), part("B"), below=1, happened_on=TODAY + timedelta(1))
        assert refused.value.field == "happened_on"


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
        assert verbs(service) == ["service.handed_over"]
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


class TestScreen:
    @pytest.fixture
    def client(self, cast, client_as):
        return client_as(cast[Role.ZI_SECRETARIAT])

    def url(self, unit, name="unit_split"):
        return reverse(f"opd:{name}", args=[unit.pk])

    def data(self, **values):
        return {
            "count": "2",
            "happened_on": "1/11/2026",
            "basis": "Perda 3/2026",
            "fate": "ends",
            "kind_0": "dinas",
            "kind_1": "dinas",
            "name_0": "Dinas A",
            "name_1": "Dinas B",
            **values,
        }

    def text(self, response):
        return " ".join(html.document_fromstring(response.content).text_content().split())

    def test_from_the_unit_to_its_heirs(self, cast, client):
        ServiceFactory(unit=cast.other_unit, name="KTP")
        assert (
            self.url(cast.other_unit)
            in client.get(self.url(cast.other_unit, "unit")).content.decode()
        )
        page = client.get(self.url(cast.other_unit))
        assert "Unit ini memegang: 1 layanan" in self.text(page)
        answer = client.post(self.url(cast.other_unit), self.data())
        assert answer.url == self.url(cast.other_unit, "unit_hand_over")
        page = client.get(answer.url)
        service = cast.other_unit.services.get()
        taker = Unit.objects.get(name="Dinas B")
        assert "KTP" in self.text(page)
        answer = client.post(answer.url, {f"service_{service.pk}": taker.pk}, follow=True)
        assert "1 hal diserahkan" in self.text(answer)
        assert "dipecah menjadi" in self.text(answer)
        assert taker.services.get() == service
        assert "dipecah dari" in self.text(client.get(self.url(taker, "unit")))

    def test_twice_is_once(self, cast, client):
        for _n in range(2):
            answer = client.post(self.url(cast.other_unit), self.data())
            assert answer.status_code == 302
        assert Unit.objects.filter(name__in=["Dinas A", "Dinas B"]).count() == 2

    @pytest.mark.parametrize(
        ("change", "field", "sentence"),
        [
            ({"happened_on": "besok"}, "happened_on", "hari, bulan"),
            ({"fate": ""}, "fate", "berlanjut atau berakhir"),
            ({"basis": ""}, "basis", "peraturan atau keputusan"),
            ({"name_0": "", "code_0": "9"}, "name_0", "Tulis nama unit"),
            (
                {"name_0": "", "name_1": "", "short_name_0": "", "code_1": ""},
                "name_0",
                "Sebutkan unit",
            ),
            ({"name_1": "", "code_1": ""}, "name_1", "paling sedikit dua"),
            ({"unit_1": "999999"}, "unit_1", "Pilih salah satu"),
            ({"name_1": "Dinas A"}, "", "nama ini sudah ada"),
        ],
    )
    def test_refused_input_keeps_everything(self, cast, client, change, field, sentence):
        data = self.data(**{"short_name_0": "ketikan", "code_1": "KODE", **change})
        page = client.post(self.url(cast.other_unit), data)
        assert page.status_code == 422
        assert sentence in self.text(page)
        tree = html.document_fromstring(page.content)
        for name in ("happened_on", "basis", "name_0", "short_name_0", "name_1", "code_1"):
            assert (tree.get_element_by_id(f"id_{name}").get("value") or "") == data[name]
        if field:
            assert tree.get_element_by_id(f"div_id_{field}").find_class("invalid-feedback")
        assert Unit.objects.count() == 4

    def test_a_unit_both_chosen_and_described(self, cast, client):
        data = self.data(unit_0=cast.unit.pk)
        assert "bukan keduanya" in self.text(client.post(self.url(cast.other_unit), data))

    def test_a_refusal_finds_its_box_behind_an_empty_part(self, cast, client):
        data = self.data(
            count="3", name_1="", name_2="Dinas C", kind_2="dinas", parent_2=cast.other_unit.pk
        )
        page = client.post(self.url(cast.other_unit), data)
        box = html.document_fromstring(page.content).get_element_by_id("div_id_parent_2")
        assert "berakhir pada" in box.text_content()

    def test_one_more_part_keeps_what_was_typed(self, cast, client):
        data = self.data(more="1", happened_on="bes", basis="")
        page = client.post(self.url(cast.other_unit), data)
        tree = html.document_fromstring(page.content)
        assert page.status_code == 200
        assert tree.get_element_by_id("id_happened_on").get("value") == "bes"
        assert tree.get_element_by_id("id_name_1").get("value") == "Dinas B"
        assert tree.get_element_by_id("id_fate_1").get("checked") is not None
        assert tree.get_element_by_id("id_name_2") is not None
        assert not tree.find_class("invalid-feedback")

    @pytest.mark.parametrize("count", ["", "x", "-1", "0", "999", "99999999999999999999"])
    def test_odd_counts(self, cast, client, count):
        assert client.post(self.url(cast.other_unit), self.data(count=count)).status_code == 302

    def test_units_below_go_along(self, cast, client):
        page = client.post(self.url(cast.unit), self.data())
        assert "Pindahkan atau tutup" in self.text(page)
        assert self.url(cast.below, "unit") in page.content.decode()
        client.post(self.url(cast.unit), self.data(below="1", happened_on=str(TODAY)))
        cast.below.refresh_from_db()
        assert cast.below.parent.name == "Dinas B"

    def test_a_split_that_lies_ahead(self, cast, client):
        ServiceFactory(unit=cast.other_unit)
        day = timezone.localdate() + timedelta(days=30)
        client.post(self.url(cast.other_unit), self.data(happened_on=day.strftime("%d/%m/%Y")))
        page = self.text(client.get(self.url(cast.other_unit, "unit_hand_over")))
        assert "Belum ada unit yang mengambil alih" in page
        assert "KTP" not in page

    def test_a_merger_hands_over_as_well(self, cast, client):
        service = ServiceFactory(unit=cast.below)
        merge_units(
            by=cast[Role.ZI_SECRETARIAT],
            units=[cast.below],
            into=cast.other_unit,
            happened_on=timezone.localdate(),
            basis="x",
            today=timezone.localdate(),
            now=NOW,
        )
        where = self.url(cast.below, "unit_hand_over")
        assert where in client.get(self.url(cast.below, "unit")).content.decode()
        tree = html.document_fromstring(client.get(where).content)
        chosen = tree.xpath(f"//select[@id='id_service_{service.pk}']/option[@selected]/@value")
        assert chosen == [str(cast.other_unit.pk)]

    def test_the_offices_are_named_and_stay(self, cast, client, client_as):
        split(cast[Role.ZI_SECRETARIAT], cast.unit, part("A"), goes_on=True)
        where = self.url(cast.unit, "unit_hand_over")
        person = reverse("opd:person", args=[cast[Role.OPD_HEAD].user_id])
        assert person not in client.get(where).content.decode()
        assert "Pejabat opd_head" in self.text(client.get(where))
        assert person in client_as(cast[Role.ADMINISTRATOR]).get(where).content.decode()
