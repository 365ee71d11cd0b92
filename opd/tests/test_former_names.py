"""Names from before the registry, and those of which the end is not recorded."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.actions import units
from opd.enums import FactKey, Role
from opd.facts import FactRefused, clean_value, display_value
from opd.queries.unit_search import search_units
from opd.registry import RegistryRefused

TODAY = date(2026, 11, 21)


pytestmark = pytest.mark.usefixtures("indonesian")


def add(cast, **values):
    return units.add_former_name(
        **{
            "by": cast[Role.ZI_SECRETARIAT],
            "unit": cast.unit,
            "name": "Kantor Kesejahteraan",
            "short_name": "",
            "ended": PartialDate(date(2010, 1, 1), Precision.YEAR),
            "basis": "",
            "today": TODAY,
            **values,
        }
    )


def test_an_old_name_is_found_and_in_the_ledger(cast):
    row = add(cast)
    assert row.ended == PartialDate(date(2010, 1, 1), Precision.YEAR)
    assert LedgerEntry.objects.filter(verb="unit.former_name_added").count() == 1
    found = search_units(cast[Role.ZI_SECRETARIAT], text="kantor kesejahteraan", today=TODAY)
    assert [(hit.unit, hit.former) for hit in found] == [(cast.unit, "Kantor Kesejahteraan")]
    assert cast.unit.names.present().get().name == "Dinas Satu"


def test_only_before_the_oldest_and_in_the_past(cast):
    add(cast)
    with pytest.raises(RegistryRefused, match="harus berakhir sebelum itu"):
        add(cast, name="Lain", ended=PartialDate(date(2011, 5, 1)))
    add(cast, name="Lebih lama", ended=PartialDate(date(2001, 5, 1)))
    with pytest.raises(RegistryRefused, match="masa lalu"):
        add(cast, unit=cast.other_unit, ended=PartialDate(TODAY + timedelta(days=1)))


def test_the_form(cast, client_as):
    client = client_as(cast[Role.ZI_SECRETARIAT])
    page = client.get(reverse("opd:unit", args=[cast.unit.pk])).content.decode()
    url = reverse("opd:former_name_add", args=[cast.unit.pk])
    assert url in page
    assert "Tambah nama lama" in page
    assert client.post(url, {"name": "Kantor Lama", "ended": ""}).status_code == 422
    assert client.post(url, {"name": "Kantor Lama", "ended": "2010"}).status_code == 302
    assert cast.unit.names.former().get().name == "Kantor Lama"


def test_an_unknown_end_is_said_and_both_names_are_found(cast, client_as):
    by = cast[Role.ZI_SECRETARIAT]
    cast.unit.names.create(government=cast.home, name="Barenlitbang", end_unknown=True)
    page = client_as(by).get(reverse("opd:unit", args=[cast.unit.pk])).content.decode()
    assert "nama lama, waktu penggantian tidak tercatat" in page
    for text, former in (("barenlitbang", "Barenlitbang"), ("dinas satu", "")):
        (hit, *_rest) = search_units(by, text=text, today=timezone.localdate())
        assert (hit.unit, hit.former) == (cast.unit, former)
    units.correct_unit_name(by=by, unit=cast.unit, name="Dinas Satuu", short_name="")
    assert cast.unit.names.former().get().name == "Barenlitbang"


def test_the_index_carries_its_predicate():
    assert clean_value(FactKey.RB_INDEX, "60,37 ( b )") == "60.37 (B)"
    assert display_value(FactKey.RB_INDEX, "60.37 (B)") == "60,37 (B)"
    for wrong in ("60,37 (Z)", "(B)", "160 (B)"):
        with pytest.raises(FactRefused):
            clean_value(FactKey.RB_INDEX, wrong)
    with pytest.raises(FactRefused):
        clean_value(FactKey.SPIP_LEVEL, "3 (B)")


@pytest.mark.django_db
def test_the_demonstration_says_no_more_than_is_known():
    from opd.demo import loader
    from opd.models import Service, StandingFact, UnitName

    loader.load(TODAY)
    service = Service.objects.get(government__slug="kab-bekasi")
    assert (service.is_sample, service.channel) == (True, "online")
    # When it moved is not recorded: only that it had by the declaration.
    move = service.moves.get()
    assert (move.by_then, move.moved_on_precision, move.recorded_by) == (True, "month", None)
    assert not service.volumes.filter(is_sample=False).exists()
    old = UnitName.objects.former().get(government__slug="kota-kediri")
    assert (old.short_name, old.valid_to, old.end_unknown) == ("Barenlitbang", None, True)
    facts = StandingFact.objects.filter(government__slug="kota-kediri")
    assert facts.filter(key="rb_index", year=2021).get().value == "60.37 (B)"
    assert not facts.filter(source="").exists()
