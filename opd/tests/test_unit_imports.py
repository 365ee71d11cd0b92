"""An uploaded list: nothing before the confirmation, everything or nothing with it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from opd.actions import imports, units
from opd.enums import ImportState, Role
from opd.models import Unit, UnitImport, UnitName
from opd.queries import imports as queries
from opd.registry import RegistryRefused
from opd.tests.factories import UnitFactory, UnitImportFactory
from opd.unit_csv import COLUMNS, heading, read_sheet, write_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


def send(by, text: str) -> UnitImport:
    return imports.receive_units(by=by, data=text.encode(), now=timezone.now())


def confirm(by, upload, seen=None):
    today = timezone.localdate()
    seen = seen or queries.plan_of(upload, today=today).fingerprint
    return imports.apply_import(by=by, upload=upload, seen=seen, now=timezone.now(), today=today)


LIST = """kode;jenis;nama;induk
D1;Dinas;Dinas Satu;
D3;Dinas;Dinas Tiga;
U3;UPTD;UPTD Tiga;D3
;Kantor;Kantor Salah;
"""


def test_nothing_is_written_before_the_confirmation(cast, by):
    before = list(Unit.objects.values_list())
    upload = send(by, LIST)
    plan = queries.plan_of(upload, today=timezone.localdate())
    assert plan.count() == {"new": 2, "changed": 1, "unchanged": 0, "refused": 1}
    assert list(Unit.objects.values_list()) == before
    assert LedgerEntry.objects.get(verb="unit_import.received").codes == {"rows": 4}


def test_confirmed_all_good_rows_are_there(cast, by):
    upload = send(by, LIST)
    confirm(by, upload)
    new = Unit.objects.get(code="U3")
    above = Unit.objects.get(code="D3")
    assert new.lineage == [above.pk, new.pk]
    assert list(new.names.values_list("name", "valid_to")) == [("UPTD Tiga", None)]
    assert Unit.objects.get(pk=cast.unit.pk).code == "D1"
    assert not Unit.objects.filter(name="Kantor Salah").exists()
    upload.refresh_from_db()
    assert (upload.state, upload.added, upload.changed, upload.refused) == ("applied", 2, 1, 1)
    verbs = LedgerEntry.objects.filter(subject_type="opd.unit").values_list("verb", flat=True)
    assert sorted(verbs) == ["unit.added", "unit.added", "unit.edited"]
    assert LedgerEntry.objects.get(verb="unit_import.applied").codes == {
        "added": 2,
        "changed": 1,
        "refused": 1,
    }


def test_twice_is_once(cast, by):
    upload = send(by, LIST)
    seen = queries.plan_of(upload, today=timezone.localdate()).fingerprint
    confirm(by, upload, seen)
    with pytest.raises(RegistryRefused, match="sudah ditulis"):
        confirm(by, upload, seen)


def test_a_changed_registry_is_noticed(cast, by):
    upload = send(by, LIST)
    seen = queries.plan_of(upload, today=timezone.localdate()).fingerprint
    units.correct_unit_name(by=by, unit=cast.unit, name="Dinas Satu Baru", short_name="")
    with pytest.raises(RegistryRefused, match="berubah sejak pratinjau"):
        confirm(by, upload, seen)
    assert not Unit.objects.filter(code="D3").exists()


def test_a_new_name_keeps_the_old_one(cast, by):
    UnitFactory(government=cast.home, name="Barenlitbang", code="B1")
    confirm(by, send(by, "kode;nama\nB1;Bappeda\n"))
    old = UnitName.objects.get(name="Barenlitbang")
    assert old.valid_to == timezone.localdate()
    assert old.unit.name == "Bappeda"


def test_a_former_short_name_adds_no_second_unit(cast, by):
    cast.unit.names.update(short_name="Barenlitbang", valid_to=date(2022, 1, 1))
    plan = queries.plan_of(send(by, "jenis;nama\nBadan;barenlitbang\n"), today=date(2026, 1, 1))
    assert "nama lama “Dinas Satu”" in plan.lines[0].problems[0]


def test_a_move_takes_the_branch_along(cast, by):
    cast.below.code = "B"
    cast.below.save()
    deep = UnitFactory(government=cast.home, parent=cast.below)
    confirm(by, send(by, "kode;jenis;nama;induk\nB;UPTD;UPTD Satu;Dinas Dua\n"))
    deep.refresh_from_db()
    assert deep.lineage == [cast.other_unit.pk, cast.below.pk, deep.pk]


def test_an_exchange_of_codes_is_refused_whole(cast, by):
    """The plan sees no clash at the end, the database would see one on the way."""
    for unit, code in ((cast.unit, "A"), (cast.other_unit, "B")):
        unit.code = code
        unit.save()
    upload = send(by, "kode;jenis;nama\nA;Dinas;Dinas Dua\nB;Dinas;Dinas Satu\nC;UPTD;X\n")
    with pytest.raises(RegistryRefused, match="saling bertukar"):
        confirm(by, upload)
    assert set(Unit.objects.filter(code__in="ABC").values_list("name", "code")) == {
        ("Dinas Satu", "A"),
        ("Dinas Dua", "B"),
    }


def test_what_was_downloaded_is_unchanged_when_sent_back(cast, by):
    UnitFactory(government=cast.home, parent=cast.unit, name='=UPTD; "Aneh"', kind="uptd")
    rows = queries.sheet_rows(cast.home.pk, today=timezone.localdate())
    data = write_sheet([heading(column) for column in COLUMNS], rows)
    upload = imports.receive_units(by=by, data=data, now=timezone.now())
    plan = queries.plan_of(upload, today=timezone.localdate())
    assert plan.count() == {"new": 0, "changed": 0, "unchanged": 4, "refused": 0}
    with pytest.raises(RegistryRefused, match="Tidak ada yang perlu ditulis"):
        confirm(by, upload)


def test_refused_rows_come_back_with_their_reason(cast, by):
    upload = send(by, "nama;jenis\n=1+1;Kantor\nDinas Tiga;Dinas\n")
    before = queries.refused_rows(upload, today=timezone.localdate())
    confirm(by, upload)
    upload.refresh_from_db()
    after = queries.refused_rows(upload, today=timezone.localdate())
    assert before == after
    ((name, kind, number, reason),) = after
    assert (name, kind, number) == ("=1+1", "Kantor", "2")
    assert "salah satu jenis" in reason
    assert b"'=1+1" in write_sheet(["nama", "jenis", "baris", "alasan"], after)
    assert read_sheet(write_sheet(["nama", "jenis"], [after[0][:2]])).rows[0][1][0] == "=1+1"


def test_thrown_away_or_expired_it_is_gone(cast, by):
    upload = send(by, LIST)
    imports.discard_import(by=by, upload=upload, now=timezone.now())
    with pytest.raises(RegistryRefused, match="kedaluwarsa"):
        confirm(by, upload, "x")
    old = UnitImportFactory(
        government=cast.home, made_by=by, made_at=timezone.now() - timedelta(days=3)
    )
    with pytest.raises(RegistryRefused, match="kedaluwarsa"):
        confirm(by, old, "x")
    assert imports.empty_expired(now=timezone.now()) == 1
    old.refresh_from_db()
    assert (old.state, old.rows) == (ImportState.DISCARDED, [])
    assert imports.empty_expired(now=timezone.now()) == 0
    assert LedgerEntry.objects.filter(verb="unit_import.expired").count() == 1
    assert LedgerEntry.objects.filter(verb="unit_import.discarded").count() == 1


def test_of_another_government(cast, by):
    upload = UnitImportFactory(government=cast.away, made_by=cast.away_offices[Role.ADMINISTRATOR])
    with pytest.raises(PermissionDenied):
        confirm(by, upload, "x")


def test_only_by_managers(cast):
    with pytest.raises(PermissionDenied):
        send(cast[Role.OPD_HEAD], LIST)


def test_a_whole_government_at_once(cast, by):
    """700 units in three levels, in one transaction and few statements for each."""
    rows = ["kode;jenis;nama;induk"]
    for district in range(20):
        rows.append(f"K{district};Kecamatan;Kecamatan {district};")
        rows += [
            f"K{district}.{n};Kelurahan;Kelurahan {district}.{n};K{district}" for n in range(34)
        ]
    plan = confirm(by, send(by, "\n".join(rows)))
    assert plan.count()["new"] == 700
    assert Unit.objects.filter(government=cast.home, kind="kelurahan").count() == 680
    sample = Unit.objects.get(code="K7.9")
    assert sample.lineage == [sample.parent_id, sample.pk]


def test_the_preview_says_that_a_name_is_replaced_and_shortens_cells(cast, by, client_as):
    Unit.objects.filter(pk=cast.unit.pk).update(code="D1")
    long = "A" * 5000
    upload = send(
        by, f"kode;jenis;nama;induk\nD1;Dinas;Dinas Baru;\n;Dinas;Dinas X;{long}\n;Dinas;{long};\n"
    )
    page = client_as(by).get(reverse("opd:unit_import", args=[upload.pk])).content.decode()
    assert page.count("Nama diganti") == 1
    assert "A" * 199 + "…" in page
    assert "A" * 200 not in page
