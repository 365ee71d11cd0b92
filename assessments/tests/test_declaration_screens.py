"""The pages on which a declaration is drafted: happy path and refused input."""

from datetime import date
from typing import Any

import pytest

from assessments.enums import DeclarationState, ZoneStage
from assessments.models import Declaration, IntegrityZone
from assessments.tests.act_pages import page, url
from assessments.tests.factories import (
    DeclarationFactory,
    SignatoryFactory,
)
from opd.enums import Role

pytestmark = pytest.mark.django_db
DRAFT = {
    "title": "Pencanangan tiga unit",
    "scope": "joint",
    "held": "September 2021",
    "place": "Cikarang",
    "purpose": "Melayani",
    "basis": "",
    "phase_number": "",
    "phase_label": "",
    "sign_by": "",
    "source": "",
}


class TestDrafting:
    def test_from_nothing_to_closed(self, cast: Any, desk: Any) -> None:
        """The whole way of the secretariat, by the buttons of the screens."""
        page(desk.post(url("declaration_new"), DRAFT), 302)
        act = Declaration.objects.get()
        assert (act.held_on, act.held_on_precision) == (date(2021, 9, 1), "month")
        units = {"units": [cast.unit.pk, cast.below.pk]}
        page(desk.post(url("declaration_units", act.pk), units), 302)
        declared = list(act.units.order_by("position"))
        signer = {"title": "Kepala Dinas", "office_status": "plt", "name": "", "membership": ""}
        signer |= {"declared": [row.pk for row in declared]}
        page(desk.post(url("signatory_new", act.pk), signer), 302)
        place = act.signatories.get()
        assert place.printed_title == "Plt. Kepala Dinas"
        lines = {"pledges": "Jujur\nCepat", "witnesses": "", "present": "Semua kepala OPD"}
        page(desk.post(url("declaration_lines", act.pk), lines), 302)
        page(desk.post(url("declaration_step", act.pk, "open")), 302)

        blocked = page(desk.post(url("declaration_step", act.pk, "close"), follow=True))
        assert "Tanda tangan Plt. Kepala Dinas belum ada." in blocked
        wet = {"signed": "7 September 2021"}
        page(desk.post(url("signature_wet", act.pk, place.pk), wet), 302)
        shown = page(desk.post(url("declaration_step", act.pk, "close"), follow=True))
        assert "2 unit sudah mencanangkan" in shown
        assert IntegrityZone.objects.filter(stage=ZoneStage.DECLARED).count() == 2

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": "  "}, "Beri judul"),
            ({"held": "30 Februari 2021"}, "sejauh yang diketahui"),
            ({"scope": "x"}, "Pilih salah satu"),
            ({"purpose": "x" * 2001}, "2.001"),
            ({"phase_number": "1e3"}, "angka"),
            ({"sign_by": "besok"}, "Tulis tanggal"),
            ({"held": "2 Maret 2026", "sign_by": "1 Maret 2026"}, "mendahului hari pencanangan"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_loses_nothing(
        self, wrong: dict, sentence: str, desk: Any
    ) -> None:
        shown = page(desk.post(url("declaration_new"), DRAFT | wrong))
        assert sentence in shown
        assert "Cikarang" in shown
        assert not Declaration.objects.exists()

    def test_script_in_a_title_is_text(self, desk: Any) -> None:
        desk.post(url("declaration_new"), DRAFT | {"title": "<script>alert(1)</script>"})
        shown = page(desk.get(url("declaration", Declaration.objects.get().pk)))
        assert "<script>alert(1)" not in shown

    def test_units_of_another_government_are_no_choice(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        shown = page(desk.post(url("declaration_units", act.pk), {"units": [cast.away_unit.pk]}))
        assert "Pilih unit dari daftar" in shown
        assert not act.units.exists()

    def test_offices_of_another_government_are_no_choice(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        away = cast.away_offices[Role.MAYOR].pk
        facts = {"title": "A", "office_status": "definitif", "membership": away}
        shown = page(desk.post(url("signatory_new", act.pk), facts))
        assert "Pilih salah satu dari daftar" in shown

    def test_the_same_office_twice_is_said_at_the_field(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        SignatoryFactory(declaration=act, membership=cast[Role.MAYOR])
        facts = {"title": "A", "office_status": "definitif", "membership": cast[Role.MAYOR].pk}
        assert "sudah ada dalam daftar" in page(desk.post(url("signatory_new", act.pk), facts))

    def test_order_is_changed_and_places_are_removed(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        a, b = SignatoryFactory(declaration=act), SignatoryFactory(declaration=act)
        desk.post(url("signatory_move", act.pk, b.pk), {"direction": "up"})
        assert list(act.signatories.order_by("position")) == [b, a]
        desk.post(url("signatory_remove", act.pk, b.pk))
        assert list(act.signatories.all()) == [a]

    @pytest.mark.parametrize(
        "name", ["declaration_edit", "declaration_units", "declaration_lines", "signatory_new"]
    )
    def test_drafting_pages_close_with_the_draft(self, name: str, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        assert "hanya draf" in page(desk.get(url(name, act.pk)), 403)

    def test_a_signatory_of_another_act_is_not_found(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        other = SignatoryFactory(declaration=DeclarationFactory(government=cast.home))
        for name in ("signatory", "signatory_move", "signatory_remove"):
            assert desk.post(url(name, act.pk, other.pk)).status_code == 404

    def test_an_unknown_step_is_not_found(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        assert desk.post(url("declaration_step", act.pk, "burn")).status_code == 404

    def test_a_second_press_changes_nothing(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        desk.post(url("declaration_step", act.pk, "close"))
        again = page(desk.post(url("declaration_step", act.pk, "close"), follow=True))
        assert "Muat ulang" in again
        assert act.steps.count() == 1


def test_asking_for_the_piagam_and_fetching_it(cast: Any, desk: Any) -> None:
    act = DeclarationFactory(government=cast.home, open=True)
    target = url("piagam", act.pk)
    assert desk.get(target).status_code == 404
    assert "sedang dibuat" in page(desk.post(target, follow=True))
    assert act.state == DeclarationState.OPEN
