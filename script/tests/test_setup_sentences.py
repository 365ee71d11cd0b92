"""Each known failure has one sentence with its remedy."""

import errno
import inspect
from pathlib import Path

import pytest
from setup_portal import accounts, command, network, packages, sentences
from setup_portal.needs import Need
from setup_portal.sentences import Trouble


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("OSError: [Errno 28] No space left on device", "disk that holds /w is full"),
        ("npm error code ENOSPC", "disk that holds /w is full"),
        ("E: You don't have not have enough free space in /var/cache", "is full"),
        ("[Errno -3] Temporary failure in name resolution", "network cannot be reached"),
        ("Temporary failure resolving 'deb.debian.org'", "network cannot be reached"),
        ("npm error code EAI_AGAIN", "network cannot be reached"),
        (
            "Failed to establish a new connection: [Errno 101] Network is unreachable",
            "network cannot be reached",
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]",
            "certificate is not trusted",
        ),
    ],
)
def test_a_tools_output_becomes_one_sentence(output, expected):
    sentence = sentences.explain(f"noise\n{output}\nmore noise", what="The packages", where="/w")
    assert expected in sentence
    assert "\n" not in sentence


def test_an_unknown_failure_is_not_explained_away():
    assert sentences.explain("SyntaxError: invalid syntax", what="x", where="/w") is None


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Traceback\n  File x\nValueError: no\n  hint", "ValueError: no"),
        ("django.db.utils.ProgrammingError: bad\n", "django.db.utils.ProgrammingError: bad"),
        ("one\ntwo\n\n", "two"),
        ("", ""),
    ],
)
def test_the_line_that_tells_most_is_quoted(output, words):
    assert sentences.last_words(output) == words


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EACCES, "may not write in /x"),
        (errno.EROFS, "may not write in /x"),
    ],
)
def test_a_refused_write_is_a_sentence(number, expected):
    assert expected in sentences.from_os_error(OSError(number, "why", "/x"))


def test_a_command_answers_a_known_failure_without_a_traceback(capsys):
    def work() -> int:
        raise Trouble("The remedy is this.")

    assert command.finish(work) == 1
    assert capsys.readouterr().err == "The remedy is this.\n"


def test_a_full_disk_in_the_middle_of_a_command_is_a_sentence(capsys):
    def work() -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/state/x")

    assert command.finish(work) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_sentence_is_one_line_that_can_be_filled_in():
    for name, function in inspect.getmembers(sentences, inspect.isfunction):
        if name.startswith(
            ("say", "complain", "listing", "explain", "last_words", "from_os_error", "step_failed")
        ):
            continue
        text = function(**{key: SAMPLES[key] for key in inspect.signature(function).parameters})
        assert "\n" not in text, name
        assert len(text) > 40, name


SAMPLES = {
    "where": "/w", "what": "The packages", "names": ["PostgreSQL"], "packages": ["redis"], "formulae": ["redis"],
    "value": "abc", "port": 8000, "host": "x", "folder": "/f", "account": "postgres", "blocked_at": "/root",
    "service": "Redis", "uid": 7, "version": "14", "name": "web", "address": "http://localhost/", "seconds": 9,
    "free": 1, "needed": 2, "log": Path("/l"), "last_words": "why",
}  # fmt: skip


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "８０００", "80.0", " 80"])
def test_a_port_that_is_no_port_is_refused(value):
    with pytest.raises(Trouble, match="PORT must be a number"):
        network.read_address({"PORT": value})


def test_the_address_has_defaults():
    address = network.read_address({"PORT": "", "HOST": ""})
    assert (address.bind, address.shown) == ("127.0.0.1:8000", "http://localhost:8000/")
    assert network.read_address({"HOST": "::"}).reached_at == "::1"
    assert network.read_address({"HOST": "::1"}).bind == "[::1]:8000"


def test_a_taken_port_is_named():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is taken"):
            network.require_free(network.Address("127.0.0.1", port))


def test_without_sudo_the_administrators_command_is_given(monkeypatch):
    monkeypatch.setattr(packages.os, "getuid", lambda: 1000)
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(
        Trouble, match="apt-get install -y --no-install-recommends postgresql redis-server"
    ):
        packages.become_root(["postgresql", "redis-server"])


def test_another_python_than_the_systems_cannot_get_venv_from_debian(monkeypatch):
    venv = Need("Python's venv", "", ("python3-venv",), "", lambda: False)
    monkeypatch.setattr(packages.sys, "executable", "/opt/python/bin/python3")
    assert packages.needs_other_python([venv])
    assert not packages.needs_other_python([])


def test_root_needs_a_system_user_for_each_service(monkeypatch):
    monkeypatch.setattr(accounts.os, "getuid", lambda: 0)
    with pytest.raises(Trouble, match="nobody-has-this-name does not exist"):
        accounts.service_account("nobody-has-this-name", "Redis")


def test_a_debian_relative_is_recognised():
    assert packages.os_release('NAME="x"\nID=ubuntu\nID_LIKE="debian"\n') == {"ubuntu", "debian"}
    assert packages.os_release("ID=fedora\n") == {"fedora"}
