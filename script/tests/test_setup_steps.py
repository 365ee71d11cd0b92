import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from setup_portal import (
    application,
    binaries,
    catalogues,
    debian,
    front_end,
    needs,
    processes,
    stamps,
    testing,
)
from setup_portal.accounts import invoker
from setup_portal.checkout import Places
from setup_portal.sentences import Trouble
from setup_portal.services import make_own_folder
from setup_portal.steps import run_quietly
from setup_portal.supervisor import Program, Running, prefixed


@pytest.fixture
def places(tmp_path: Path) -> Places:
    for name in ("checkout", "state", "state/logs"):
        (tmp_path / name).mkdir()
    return Places(tmp_path / "checkout", tmp_path / "state", tmp_path / "sockets")


def test_a_stamp_changes_with_content_name_and_absence(tmp_path):
    file = tmp_path / "a"
    seen = {stamps.hash_of([file])}
    file.write_text("1")
    seen.add(stamps.hash_of([file]))
    file.write_text("2")
    seen.add(stamps.hash_of([file]))
    file.rename(tmp_path / "b")
    seen.add(stamps.hash_of([tmp_path / "b"]))
    seen.add(stamps.hash_of([tmp_path / "b"], also=["python"]))
    assert len(seen) == 5


def test_a_stamp_is_current_only_for_its_value(tmp_path):
    stamp = tmp_path / "below" / "x.stamp"
    assert not stamps.is_current(stamp, "1")
    stamps.write(stamp, "1")
    assert stamps.is_current(stamp, "1")
    assert not stamps.is_current(stamp, "2")


def test_texts_and_static_files_are_prepared_once(places):
    catalogue = places.checkout / "locale" / "id" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("x")
    first = application.Preparation(places, {})
    first.texts()
    first.static()
    assert [step[0] for step in first.steps] == ["compilemessages", "collectstatic"]
    for stamp, value in first.stamps:
        stamps.write(stamp, value)
    catalogue.with_suffix(".mo").write_text("x")
    (places.state / "static").mkdir()
    second = application.Preparation(places, {})
    second.texts()
    second.static()
    assert second.steps == []
    catalogue.write_text("y")
    second.texts()
    assert [step[0] for step in second.steps] == ["compilemessages"]


def test_a_failed_tool_is_one_sentence_and_its_output_is_kept(places):
    argv = [sys.executable, "-c", "raise ValueError('broken')"]
    with pytest.raises(Trouble, match="The step failed: ValueError: broken") as raised:
        run_quietly(argv, what="The step", log=places.setup_log, env={}, cwd=places.checkout)
    assert str(places.setup_log) in str(raised.value)
    assert "Traceback" in places.setup_log.read_text()


def test_services_that_are_given_need_no_packages():
    given = {"DATABASE_URL": "x", "REDIS_URL": "y", "CHROMIUM": "z"}
    names = {need.name for need in needs.needed(given, tests=True, debian_browser=True)}
    assert names.isdisjoint({"PostgreSQL", "Redis", "Chromium"})
    assert {"PostgreSQL", "Redis"} <= {
        need.name for need in needs.needed({}, tests=False, debian_browser=True)
    }


def test_only_debian_gets_its_browser_and_only_for_tests():
    def wants(*, tests: bool, debian: bool) -> bool:
        return needs.BROWSER in needs.needed({}, tests=tests, debian_browser=debian)

    assert wants(tests=True, debian=True)
    assert not wants(tests=True, debian=False)
    assert not wants(tests=False, debian=True)


def test_a_snap_is_no_browser_for_tests(tmp_path):
    script = tmp_path / "chromium-browser"
    script.write_text('#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    assert binaries.is_snap(script)
    script.write_text('#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n')
    assert not binaries.is_snap(script)


@pytest.mark.parametrize(
    ("version", "number"), [("v20.20.2\n", 20), ("v8.1.0", 8), ("", 0), ("strange", 0)]
)
def test_nodes_version_is_read(version, number):
    assert front_end.major(version) == number


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-n", "2", "-m", "not slow"]),
        (["--all"], ["-n", "2"]),
        (["-n0", "opd"], ["-m", "not slow", "-n0", "opd"]),
        (["-p", "no:xdist", "--all"], ["-p", "no:xdist"]),
        (["--pdb", "-m", "e2e"], ["-m", "not slow", "--pdb", "-m", "e2e"]),
    ],
)
def test_arguments_go_on_to_pytest_and_win(given, expected):
    assert testing.pytest_arguments(given) == expected


def test_a_program_that_dies_rests_longer_each_time_and_is_given_up():
    life = Running(Program("web", []))
    assert [life.died(now) for now in (0, 2, 5, 10)] == [1, 2, 4, 8]
    assert life.died(20) is None


def test_rare_deaths_are_never_given_up():
    life = Running(Program("web", []))
    assert [life.died(now) for now in range(0, 800, 100)] == [1] * 8


def test_lines_are_prefixed_and_coloured_only_on_request():
    assert prefixed("web", b"hello \xff\r\n", width=6, colour=None) == "web    | hello \ufffd"
    assert prefixed("web", b"x", width=3, colour=36).startswith("\033[36mweb |")


def test_a_living_process_is_known_by_its_birth_and_a_dead_one_forgotten(places):
    register = processes.Register(places)
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    ) as child:
        register.add(child.pid)
        assert list(register.alive()) == [str(child.pid)]
        register.file.write_text(json.dumps({str(child.pid): "another birth"}))
        assert register.alive() == {}
        assert not register.end_leftovers(patience=1)
        assert child.poll() is None, "a stranger's process with a used number was ended"
        child.kill()


def test_what_an_interrupted_start_left_is_ended(places):
    register = processes.Register(places)
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    ) as child:
        register.add(child.pid)
        assert register.end_leftovers(patience=5)
        assert child.wait(timeout=10) != 0
    assert register.read() == {}


def test_a_socket_folder_that_is_somebody_elses_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Trouble, match="cannot be trusted"):
        make_own_folder(tmp_path / "link", invoker())
    make_own_folder(tmp_path / "mine", invoker())
    assert (tmp_path / "mine").stat().st_mode & 0o077 in (0, 0o011)


def test_debians_own_cluster_is_held_back_and_the_file_put_back(tmp_path, monkeypatch):
    file = tmp_path / "postgresql-common" / "createcluster.conf"
    monkeypatch.setattr(debian, "CLUSTER_FILE", file)
    with debian.without_main_cluster():
        assert debian.NO_CLUSTER in file.read_text()
    file.write_text("ssl = on\n")
    with debian.without_main_cluster():
        assert file.read_text() == f"ssl = on\n\n{debian.NO_CLUSTER}\n"
    assert file.read_text() == "ssl = on\n"


def test_debians_services_are_held_back_only_during_the_installation(tmp_path, monkeypatch):
    file = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "POLICY_FILE", file)
    with debian.without_autostart():
        assert file.stat().st_mode & 0o111
    assert not file.exists()
    file.write_text("somebody's")
    with debian.without_autostart():
        assert file.read_text() == "somebody's"
    assert file.exists()


CATALOGUE = """msgid ""
msgstr "Language: id\\n"

msgid "Yes"
msgstr "Ya"

msgctxt "state"
msgid "Open"
msgstr ""

msgid ""
"A long "
"text"
msgstr ""

#, fuzzy
msgid "No"
msgstr "Bukan"

msgid "%d day"
msgid_plural "%d days"
msgstr[0] ""

#, python-format
msgid "of %s"
msgstr "dari %s"
"""


def test_texts_without_a_translation_are_listed_with_their_context():
    assert catalogues.untranslated(CATALOGUE) == ["Open [state]", "A long text", "No", "%d day"]


def test_english_repeats_the_message_id_and_guesses_are_dropped(places):
    guessed = '#, fuzzy\n#| msgid "Now"\nmsgid "No"\nmsgstr "Now"\n\nmsgid "Café"\nmsgstr "Coffee"\n\n#~ msgid "old"\n'
    wanted = {
        "en": ('msgstr "No"', 'msgstr "Café"'),
        "id": ('msgid "No"\nmsgstr ""', 'msgstr "Coffee"'),
    }
    for language, lines in wanted.items():
        file = places.checkout / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogues.set_header(file)
        file.write_text(file.read_text() + guessed + '#~ msgstr "lama"\n')
        catalogues.tidy(places, os.environ, file)
        text = file.read_text()
        assert all(line in text for line in lines)
        assert f'"Language: {language}' in text
        assert "old" not in text
        assert "Now" not in text
