"""A unit stands only in acts of days on which it existed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.declarations import choose_units, take_step
from assessments.actions.decrees import DecreeFacts, correct_decree, register_decree
from assessments.models import Declaration, DeclarationUnit, IntegrityZone, NamedUnit, NamingDecree
from assessments.queries.presence import absent_sentences, existed
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.core.partial_dates import PartialDate
from opd.enums import SuccessionKind
from opd.models import Membership, Unit, UnitSuccession
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)
HELD = date(2026, 9, 16)
pytestmark = pytest.mark.django_db


@pytest.fixture
def heir(cast: Cast) -> Unit:
    return UnitFactory(government=cast.home, name="Dinas Penerus")


@pytest.fixture
def ended(cast: Cast, heir: Unit) -> Unit:
    """Ended on 31 January; who took it over ended in June, and was taken over itself."""
    first = UnitFactory(government=cast.home, name="Dinas Lama", active_to=date(2026, 1, 31))
    between = UnitFactory(government=cast.home, name="Dinas Antara", active_to=date(2026, 6, 30))
    for old, new, day in (
        (first, between, date(2026, 2, 1)),
        (between, heir, date(2026, 7, 1)),
    ):
        UnitSuccession.objects.create(
            government=cast.home,
            predecessor=old,
            successor=new,
            kind=SuccessionKind.MERGED,
            happened_on=day,
        )
    return first


@pytest.fixture
def draft(cast: Cast) -> Declaration:
    act = DeclarationFactory(government=cast.home, held_on=HELD)
    SignatoryFactory(declaration=act)
    return act


REFUSAL = (
    "Dinas Lama berakhir 31 Januari 2026; pada hari pencanangan atau keputusan ini "
    "(16 September 2026) unit itu sudah tidak ada. Unit itu dilanjutkan oleh Dinas Penerus: "
    "pilih unit itu sebagai gantinya."
)


class TestDeclaration:
    def test_refused_when_it_is_added(
        self, draft: Declaration, ended: Unit, cast: Cast, boss: Membership
    ) -> None:
        with pytest.raises(StepRefused) as refused:
            choose_units(declaration=draft, unit_ids=[cast.unit.pk, ended.pk], by=boss)
        assert str(refused.value) == REFUSAL
        assert not draft.units.exists()

    def test_the_form_says_it_and_keeps_what_was_chosen(
        self, draft: Declaration, ended: Unit, cast: Cast, boss: Membership, client_as: Any
    ) -> None:
        target = reverse("assessments:declaration_units", args=[draft.pk])
        answer = client_as(boss).post(target, {"units": [cast.unit.pk, ended.pk]})
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert REFUSAL in shown
        assert shown.count("checked") == 2

    @pytest.mark.parametrize("step", ["open", "close"])
    def test_refused_when_the_day_is_known_later(
        self, step: str, draft: Declaration, ended: Unit, boss: Membership, client_as: Any
    ) -> None:
        DeclarationUnitFactory(declaration=draft, unit=ended)
        if step == "close":
            Declaration.objects.filter(pk=draft.pk).update(
                state="open", text="Naskah", text_sha256="ab" * 32
            )
            SignatureFactory(signatory=draft.signatories.get(), signed_on=HELD)
        with pytest.raises(StepRefused) as refused:
            take_step(declaration=draft, name=step, by=boss, now=NOW)
        assert [item.sentence for item in refused.value.missing] == [REFUSAL]
        assert not IntegrityZone.objects.exists()
        page = client_as(boss).get(reverse("assessments:declaration", args=[draft.pk]))
        assert REFUSAL in page.content.decode()

    def test_an_unknown_day_refuses_nobody_yet(
        self, draft: Declaration, ended: Unit, boss: Membership
    ) -> None:
        Declaration.objects.filter(pk=draft.pk).update(held_on=None)
        choose_units(declaration=draft, unit_ids=[ended.pk], by=boss)
        assert DeclarationUnit.objects.get().unit == ended


@pytest.mark.parametrize(
    ("active", "known", "there"),
    [
        ((None, date(2026, 1, 31)), PartialDate(date(2026, 1, 31)), True),
        ((None, date(2026, 1, 31)), PartialDate(date(2026, 2, 1)), False),
        ((None, date(2026, 1, 31)), PartialDate(date(2026, 1, 1), "month"), True),
        ((None, date(2026, 1, 31)), PartialDate(date(2026, 2, 1), "month"), False),
        ((None, date(2026, 1, 31)), PartialDate(date(2026, 1, 1), "year"), True),
        ((None, date(2026, 1, 31)), PartialDate(date(2027, 1, 1), "year"), False),
        ((None, date(2026, 12, 31)), PartialDate(date(2026, 9, 16)), True),
        ((date(2026, 9, 17), None), PartialDate(date(2026, 9, 16)), False),
        ((date(2026, 9, 30), None), PartialDate(date(2026, 9, 1), "month"), True),
        ((date(2026, 12, 31), None), PartialDate(date(2026, 1, 1), "year"), True),
        ((date(2027, 1, 1), None), PartialDate(date(2026, 1, 1), "year"), False),
        ((None, None), PartialDate(date(2026, 9, 16)), True),
    ],
)
def test_existed_compares_fairly(active: Any, known: PartialDate, there: bool) -> None:
    assert existed(Unit(active_from=active[0], active_to=active[1]), known) is there


def test_sentences_without_heir_and_before_the_founding(cast: Cast) -> None:
    gone = UnitFactory(government=cast.home, name="Dinas Hilang", active_to=date(2020, 1, 1))
    young = UnitFactory(government=cast.home, name="Dinas Muda", active_from=date(2026, 12, 1))
    assert [
        words.partition(";")[0] for words in absent_sentences([gone, young], PartialDate(HELD))
    ] == [
        "Dinas Hilang berakhir 1 Januari 2020",
        "Dinas Muda baru ada sejak 1 Desember 2026",
    ]
    assert absent_sentences([gone], None) == []


class TestDecree:
    def test_refused_at_registering_and_at_correcting(
        self, ended: Unit, cast: Cast, boss: Membership
    ) -> None:
        facts: dict[str, Any] = {"number": "188/1", "decided_on": HELD}
        with pytest.raises(StepRefused) as refused:
            register_decree(**facts, unit_ids=[ended.pk], by=boss, now=NOW)
        assert str(refused.value) == REFUSAL
        assert not NamingDecree.objects.exists()
        row = register_decree(**facts, unit_ids=[cast.unit.pk], by=boss, now=NOW)
        corrected = DecreeFacts(**facts, unit_ids=[cast.unit.pk, ended.pk])
        with pytest.raises(StepRefused, match="Dinas Penerus"):
            correct_decree(decree=row, facts=corrected, reason="Kurang", by=boss, now=NOW)
        assert NamedUnit.objects.get().unit == cast.unit
        assert not IntegrityZone.objects.filter(unit=ended).exists()

    def test_the_year_of_its_end_is_early_enough(self, ended: Unit, boss: Membership) -> None:
        row = register_decree(
            number="188/2",
            decided_on=date(2026, 1, 1),
            precision="year",
            unit_ids=[ended.pk],
            by=boss,
            now=NOW,
        )
        assert row.units.get().unit == ended

    def test_the_form_says_it_at_the_units(
        self, ended: Unit, boss: Membership, client_as: Any
    ) -> None:
        client: Client = client_as(boss)
        facts = {"number": "188/3", "decided": "2 Februari 2026", "units": [ended.pk]}
        shown = client.post(reverse("assessments:decree_new"), facts).content.decode()
        assert "Unit itu dilanjutkan oleh Dinas Antara" in shown
        assert 'href="#id_units' in shown or 'href="#div_id_units' in shown


def test_a_last_day_that_lies_ahead_is_no_closure(
    draft: Declaration, cast: Cast, boss: Membership, client_as: Any
) -> None:
    today = timezone.localdate()
    ahead = date(today.year + 1, 1, 31)
    UnitFactory(government=cast.home, name="Dinas Sebentar", active_to=ahead)
    UnitFactory(government=cast.home, name="Dinas Usai", active_to=date(2020, 1, 1))
    target = reverse("assessments:declaration_units", args=[draft.pk])
    shown = client_as(boss).get(target).content.decode()
    assert f"Dinas Sebentar (sampai 31 Januari {today.year + 1})" in shown
    assert "Dinas Sebentar (ditutup)" not in shown
    assert "Dinas Usai (ditutup)" in shown
