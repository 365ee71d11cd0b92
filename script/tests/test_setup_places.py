from pathlib import Path

import pytest
from setup_portal import checkout, environment
from setup_portal.checkout import Places
from setup_portal.sentences import Trouble

HOME = Path("/home/ani")


def test_a_named_state_home_wins_for_everybody():
    for uid in (0, 1000):
        assert checkout.state_root({"XDG_STATE_HOME": "/srv/s"}, uid=uid, home=HOME) == Path(
            "/srv/s/integrity-portal"
        )


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_an_empty_or_relative_state_home_is_no_state_home(value):
    environ = {"XDG_STATE_HOME": value}
    assert checkout.state_root(environ, uid=0, home=HOME) == Path("/var/lib/integrity-portal")
    assert (
        checkout.state_root(environ, uid=1000, home=HOME) == HOME / ".local/state/integrity-portal"
    )


def test_two_checkouts_of_one_name_have_two_states_and_tests_a_third():
    names = {
        checkout.state_name(Path("/a/portal"), "server"),
        checkout.state_name(Path("/b/portal"), "server"),
        checkout.state_name(Path("/a/portal"), "test"),
    }
    assert len(names) == 3
    assert all(name.startswith("portal-") for name in names)


def test_a_folder_name_with_odd_letters_becomes_a_plain_one():
    name = checkout.state_name(Path("/a/kota kediri – zi"), "server")
    assert name.isascii()
    assert " " not in name


def test_sockets_take_the_first_temporary_folder_that_is_short_enough():
    long = Path("/" + "x" * 90)
    assert checkout.socket_folder(Path("/s"), [long, Path("/tmp")]).parent == Path("/tmp")


def test_no_short_temporary_folder_is_told():
    with pytest.raises(Trouble, match="TMPDIR"):
        checkout.socket_folder(Path("/s"), [Path("/" + "x" * 90)])


def test_a_closed_folder_is_not_open_to_all(tmp_path):
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    assert not checkout.open_to_all(inner)
    assert not checkout.open_to_all(tmp_path / "absent")


def test_too_little_space_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(Trouble, match="MB are needed"):
        checkout.require_space(tmp_path / "not" / "there", megabytes=10**9)
    assert not (tmp_path / "not").exists()


PLACES = Places(Path("/c"), Path("/s"), Path("/tmp/ip-1"))


def test_the_environment_names_the_private_services():
    env = environment.portal_environment(
        PLACES, settings="x.local", environ={"PGPORT": "5999"}, port=8123
    )
    assert env["DATABASE_URL"] == "postgres://portal@//tmp/ip-1/pg/portal"
    assert env["REDIS_URL"] == "unix:///tmp/ip-1/redis/redis.sock"
    assert env["PORTAL_BASE_URL"] == "http://localhost:8123"
    assert env["PORTAL_STATE_DIR"] == "/s"
    assert env["PATH"].startswith("/c/.venv/bin:")
    assert "PGPORT" not in env


def test_django_environ_reads_the_database_address():
    environ = pytest.importorskip("environ")
    found = environ.Env.db_url_config(environment.database_url(PLACES))
    assert (found["HOST"], found["NAME"], found["USER"]) == ("/tmp/ip-1/pg", "portal", "portal")


def test_given_services_are_left_alone():
    given = {"DATABASE_URL": "postgres://x@db/y", "REDIS_URL": "redis://r", "PGSSLMODE": "require"}
    env = environment.portal_environment(PLACES, settings="x.local", environ=given)
    assert given.items() <= env.items()


def test_another_projects_python_settings_are_not_inherited():
    foreign = {"PYTHONPATH": "/else", "PYTHONHOME": "/else", "DJANGO_SETTINGS_MODULE": "other"}
    env = environment.portal_environment(PLACES, settings="x.local", environ=foreign)
    assert env["DJANGO_SETTINGS_MODULE"] == "x.local"
    assert "PYTHONPATH" not in env
    assert "PYTHONHOME" not in env
