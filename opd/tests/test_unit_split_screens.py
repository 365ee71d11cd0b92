"""The page on which a unit is split, and the one on which it hands over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from opd.actions.units import merge_units
from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import ServiceFactory
from opd.tests.unit_acts import NOW, TODAY, part, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


class TestScreen:
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

    def test_from_the_unit_to_its_heirs(self, cast, desk):
        ServiceFactory(unit=cast.other_unit, name="KTP")
        assert (
            self.url(cast.other_unit)
            in desk.get(self.url(cast.other_unit, "unit")).content.decode()
        )
        page = desk.get(self.url(cast.other_unit))
        assert "Unit ini memegang: 1 layanan" in self.text(page)
        answer = desk.post(self.url(cast.other_unit), self.data())
        assert answer.url == self.url(cast.other_unit, "unit_hand_over")
        page = desk.get(answer.url)
        service = cast.other_unit.services.get()
        taker = Unit.objects.get(name="Dinas B")
        assert "KTP" in self.text(page)
        answer = desk.post(answer.url, {f"service_{service.pk}": taker.pk}, follow=True)
        assert "1 hal diserahkan" in self.text(answer)
        assert "dipecah menjadi" in self.text(answer)
        assert taker.services.get() == service
        assert "dipecah dari" in self.text(desk.get(self.url(taker, "unit")))

    def test_twice_is_once(self, cast, desk):
        for _n in range(2):
            answer = desk.post(self.url(cast.other_unit), self.data())
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
    def test_refused_input_keeps_everything(self, cast, desk, change, field, sentence):
        data = self.data(**{"short_name_0": "ketikan", "code_1": "KODE", **change})
        page = desk.post(self.url(cast.other_unit), data)
        assert page.status_code == 422
        assert sentence in self.text(page)
        tree = html.document_fromstring(page.content)
        for name in ("happened_on", "basis", "name_0", "short_name_0", "name_1", "code_1"):
            assert (tree.get_element_by_id(f"id_{name}").get("value") or "") == data[name]
        if field:
            assert tree.get_element_by_id(f"div_id_{field}").find_class("invalid-feedback")
        assert Unit.objects.count() == 4

    def test_a_unit_both_chosen_and_described(self, cast, desk):
        data = self.data(unit_0=cast.unit.pk)
        assert "bukan keduanya" in self.text(desk.post(self.url(cast.other_unit), data))

    def test_a_refusal_finds_its_box_behind_an_empty_part(self, cast, desk):
        data = self.data(
            count="3", name_1="", name_2="Dinas C", kind_2="dinas", parent_2=cast.other_unit.pk
        )
        page = desk.post(self.url(cast.other_unit), data)
        box = html.document_fromstring(page.content).get_element_by_id("div_id_parent_2")
        assert "berakhir pada" in box.text_content()

    def test_one_more_part_keeps_what_was_typed(self, cast, desk):
        data = self.data(more="1", happened_on="bes", basis="")
        page = desk.post(self.url(cast.other_unit), data)
        tree = html.document_fromstring(page.content)
        assert page.status_code == 200
        assert tree.get_element_by_id("id_happened_on").get("value") == "bes"
        assert tree.get_element_by_id("id_name_1").get("value") == "Dinas B"
        assert tree.get_element_by_id("id_fate_1").get("checked") is not None
        assert tree.get_element_by_id("id_name_2") is not None
        assert not tree.find_class("invalid-feedback")

    @pytest.mark.parametrize("count", ["", "x", "-1", "0", "999", "99999999999999999999"])
    def test_odd_counts(self, cast, desk, count):
        assert desk.post(self.url(cast.other_unit), self.data(count=count)).status_code == 302

    def test_units_below_go_along(self, cast, desk):
        page = desk.post(self.url(cast.unit), self.data())
        assert "Pindahkan atau tutup" in self.text(page)
        assert self.url(cast.below, "unit") in page.content.decode()
        desk.post(self.url(cast.unit), self.data(below="1", happened_on=str(TODAY)))
        cast.below.refresh_from_db()
        assert cast.below.parent.name == "Dinas B"

    def test_a_split_that_lies_ahead(self, cast, desk):
        ServiceFactory(unit=cast.other_unit)
        day = timezone.localdate() + timedelta(days=30)
        desk.post(self.url(cast.other_unit), self.data(happened_on=day.strftime("%d/%m/%Y")))
        page = self.text(desk.get(self.url(cast.other_unit, "unit_hand_over")))
        assert "Belum ada unit yang mengambil alih" in page
        assert "KTP" not in page

    def test_a_merger_hands_over_as_well(self, cast, desk):
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
        assert where in desk.get(self.url(cast.below, "unit")).content.decode()
        tree = html.document_fromstring(desk.get(where).content)
        chosen = tree.xpath(f"//select[@id='id_service_{service.pk}']/option[@selected]/@value")
        assert chosen == [str(cast.other_unit.pk)]

    def test_the_offices_are_named_and_stay(self, cast, desk, client_as):
        split(cast[Role.ZI_SECRETARIAT], cast.unit, part("A"), goes_on=True)
        where = self.url(cast.unit, "unit_hand_over")
        person = reverse("opd:person", args=[cast[Role.OPD_HEAD].user_id])
        assert person not in desk.get(where).content.decode()
        assert "Pejabat opd_head" in self.text(desk.get(where))
        assert person in client_as(cast[Role.ADMINISTRATOR]).get(where).content.decode()
