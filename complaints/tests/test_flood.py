"""Ten thousand junk reports never close the door: what comes unproven is put aside, not refused."""

import hashlib
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from complaints import load
from complaints.load import Load, Price
from complaints.models import Complaint
from complaints.tests.factories import ComplaintFactory
from complaints.views import proof
from integrity_portal.core.data_files import UnableToReadData, parse
from opd.models import Place

LOW = Load(
    version=1,
    window_minutes=10,
    prices=(Price(3, 4), Price(200, 6)),
    crowded_bits=5,
    address_a_minute=4,
    address_a_day=1000,
    proof_minutes=60,
    place_hours=24,
    place_filings=2,
    waiting_megabytes=100,
)


@pytest.fixture
def low(monkeypatch):
    monkeypatch.setattr(load, "current", lambda: LOW)


def flood(cast, count, ago=timedelta(0), **values):
    now = timezone.now() - ago
    rows = [
        ComplaintFactory.build(government=cast.home, filed_at=now, filed_on=now.date(), **values)
        for _ in range(count)
    ]
    Complaint.objects.bulk_create(rows)


def asked(page):
    said = page.content.decode()
    ticket = re.search(r'name="proof_ticket" value="([^"]+)"', said)
    text = re.search(r'data-portal-proof="(\w+)" data-portal-bits="(\d+)"', said)
    return (ticket[1], text[1], int(text[2])) if ticket and text else None


def worked(page):
    """What the script sends: the first number that fits."""
    ticket, text, bits = asked(page)
    number = next(
        n
        for n in range(10**6)
        if int.from_bytes(hashlib.sha256(f"{text}:{n}".encode()).digest()) >> (256 - bits) == 0
    )
    return {"proof_ticket": ticket, "proof_answer": str(number)}


def newest():
    return Complaint.objects.latest("pk")


def test_the_price_follows_the_load_and_a_proof_is_what_it_says():
    assert [LOW.bits_for(n) for n in (0, 2, 3, 199, 200)] == [0, 0, 4, 4, 6]
    assert LOW.bits_for(0, is_crowded=True) == 5
    current = load.current()
    assert current.bits_for(0) == 0
    assert current.most == max(price.filings for price in current.prices)
    assert not load.proves("a", "1" * 17, 1)
    assert not load.proves("a", "eins", 1)


def test_more_filings_never_cost_less():
    name = load.DATA / "load.yaml"
    told = name.read_text().replace("bits: 14\n  - filings: 150", "bits: 12\n  - filings: 150")
    file = parse(told.encode(), load.DATA / "load.schema.json", name="load.yaml")
    with pytest.raises(UnableToReadData, match="cost more"):
        load.read(file)


def test_on_a_quiet_day_nothing_is_asked_and_nothing_put_aside(citizen, low):
    page = citizen.fill()
    assert asked(page) is None
    citizen.post("check")
    assert not newest().is_quarantined


def test_in_a_flood_the_next_report_is_taken_and_with_proof_it_is_like_any_other(
    citizen, another, cast, low
):
    flood(cast, 300)

    without = citizen.file()

    assert newest().is_quarantined
    assert "Laporan Anda" in citizen.get("receipt").content.decode()
    assert another().follow(without).request["PATH_INFO"] == citizen.url("followed")

    honest = another()
    page = honest.fill(story="Jujur.")
    assert asked(page)[2] == 6
    honest.post("check", data=worked(page))
    assert (newest().story, newest().is_quarantined) == ("Jujur.", False)


def test_a_proof_counts_for_its_own_draft_and_its_own_hour(citizen, another, cast, low):
    flood(cast, 5)
    mine, other = worked(citizen.fill()), another()
    other.fill(story="Lain.")
    other.post("check", data=mine)
    assert newest().is_quarantined

    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        flood(cast, 5)
        citizen.post("check", data=mine)
    assert newest().is_quarantined


def test_a_proof_made_while_typing_is_remembered(citizen, cast, low):
    citizen.fill()
    flood(cast, 5)
    page = citizen.get("step", 4)
    from complaints.tests.conftest import ANSWERS

    check = citizen.post("step", 4, data={**ANSWERS[4], **worked(page)})
    assert asked(check) is None
    citizen.post("check")
    assert not newest().is_quarantined


def test_a_school_behind_one_address_is_never_refused(citizen, another, low, monkeypatch):
    """Above a school's share a proof is asked; what comes without one is put aside."""
    with time_machine.travel("2026-11-23 03:00:10+00:00", tick=False):
        monkeypatch.setattr(proof.pressure, "filings_lately", lambda *_: 0)
        for _ in range(6):
            another().file()
    assert list(Complaint.objects.order_by("pk").values_list("is_quarantined", flat=True)) == [
        *([False] * 3),
        *([True] * 3),
    ]


def test_a_poster_has_a_budget_of_its_own(citizen, another, cast, low):
    place = Place.objects.create(government=cast.home, kind="school", name="SDN Contoh 1")
    flood(cast, 2, ago=timedelta(hours=1), place=place)
    for at, aside in (("?tempat=" + place.token, True), ("", False)):
        one = another()
        one.client.post(one.url("step", 1) + at, {"kind": "complaint", "story": "Rusak."})
        one.post("step", 2, data={"unit": "unknown", "at_place": "1"})
        one.post("step", 3)
        one.post("step", 4, data={"disclosure": "anonymous"})
        one.post("check")
        assert (newest().place == place) is aside
        assert newest().is_quarantined is aside
