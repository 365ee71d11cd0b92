"""Loading instruments: all or nothing, once, and for ever once used."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from assessments import instrument as instruments
from assessments.actions.instruments import load_instruments
from assessments.instrument import SCHEMA, instrument_files, of_content
from assessments.models import InstrumentEdition
from assessments.tests.factories_worksheets import NOW, edition, make_sheet
from assessments.tests.small_instrument import Data, small
from integrity_portal.core.data_files import UnableToReadData
from integrity_portal.core.models import LedgerEntry
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

NEW = "permenpanrb-90-2021"
OLD = "permenpanrb-52-2014"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of instruments of its own."""
    for path in SCHEMA.parent.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(instruments, "SCHEMA", tmp_path / SCHEMA.name)
    return tmp_path


def add(folder: Path, data: Data) -> None:
    (folder / f"lke-{data['code']}.yaml").write_text(json.dumps(data))


@pytest.mark.django_db
class TestLoading:
    def test_what_is_kept_is_what_was_read(self) -> None:
        """Through JSON and back: the same words, tree and arithmetic."""
        load_instruments(now=NOW)
        for file in instrument_files().values():
            row = InstrumentEdition.objects.get(code=file.code, edition=file.edition)
            assert row.instrument == file
            assert of_content(row.content, row.sha256).tree == file.tree
            assert list(row.instrument.tree.nodes) == list(file.tree.nodes)

    def test_a_second_time_loads_nothing(self) -> None:
        assert {row.code for row in load_instruments(now=NOW)} == {NEW, OLD}
        assert load_instruments(now=NOW) == []
        assert LedgerEntry.objects.filter(verb="instrument.loaded").count() == 2

    def test_one_broken_file_and_none_is_written(self, files: Path) -> None:
        broken = small() | {"question_count": 5}
        add(files, broken)
        with pytest.raises(UnableToReadData, match="there are 4 questions"):
            load_instruments(now=NOW)
        assert not InstrumentEdition.objects.exists()
        with pytest.raises(CommandError, match="there are 4 questions"):
            call_command("load_instruments")

    def test_an_edition_that_nobody_uses_is_replaced(self, files: Path) -> None:
        add(files, small())
        load_instruments(now=NOW)
        before = InstrumentEdition.objects.get(code="small-1")
        self.reread(files, small() | {"short": "2"})
        after = InstrumentEdition.objects.get(code="small-1")
        assert (before.pk, before.sha256 != after.sha256) == (after.pk, True)
        assert after.instrument.short == "2"

    def test_a_used_edition_that_reads_differently_stops_all(self, files: Path, cast: Cast) -> None:
        make_sheet(cast)
        content = InstrumentEdition.objects.get(code=NEW).content
        with pytest.raises(StepRefused, match=NEW):
            self.reread(files, small(), content | {"short": "90/2021 baru"})
        assert not InstrumentEdition.objects.filter(code="small-1").exists()
        assert InstrumentEdition.objects.get(code=NEW).instrument.short == "90/2021"

    def test_the_next_edition_stands_beside_it(self, files: Path, cast: Cast) -> None:
        sheet = make_sheet(cast)
        content = InstrumentEdition.objects.get(code=NEW).content
        self.reread(files, content | {"edition": 2, "short": "90/2021 baru"})
        assert InstrumentEdition.objects.filter(code=NEW).count() == 2
        sheet.refresh_from_db()
        assert sheet.instrument.edition == 1

    @staticmethod
    def reread(files: Path, *rows: Data) -> None:
        """Files are read once per place: a change is a new folder."""
        place = files / "later"
        place.mkdir()
        for path in files.glob("*.*"):
            shutil.copy(path, place)
        for data in rows:
            add(place, data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(instruments, "SCHEMA", place / SCHEMA.name)
            load_instruments(now=NOW)


@pytest.mark.django_db
class TestUsed:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE assessments_instrumentedition SET content = '{}' WHERE id = %s",
            "UPDATE assessments_instrumentedition SET sha256 = repeat('0', 64) WHERE id = %s",
            "DELETE FROM assessments_instrumentedition WHERE id = %s",
        ],
    )
    def test_cannot_be_changed_by_raw_sql(self, cast: Cast, statement: str) -> None:
        sheet = make_sheet(cast)
        with (
            pytest.raises(IntegrityError, match="instrument_used_stays"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [sheet.instrument_id])

    def test_an_unused_one_can(self) -> None:
        row = edition()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM assessments_instrumentedition WHERE id = %s", [row.pk])
        assert not InstrumentEdition.objects.filter(pk=row.pk).exists()
