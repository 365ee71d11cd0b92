"""File locks: they vanish with the process that holds them, however it ends."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setup_portal import sentences
from setup_portal.checkout import Places
from setup_portal.sentences import Trouble, say


@contextmanager
def state_lock(places: Places, *, kind: str) -> Iterator[None]:
    """One command at a time per state folder; the second one is told where the first one runs."""
    with open(places.state / "lock", "a+b") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(refusal(places, kind)) from None
        try:
            yield
        finally:
            note_file(places).unlink(missing_ok=True)


def refusal(places: Places, kind: str) -> str:
    if kind != "server":
        return sentences.tests_running()
    address = read_note(places).get("address", "")
    return sentences.already_running(f" at {address}" if address else "")


def is_held(places: Places) -> bool:
    if not (places.state / "lock").exists():
        return False
    with open(places.state / "lock", "rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextmanager
def checkout_lock(checkout: Path) -> Iterator[None]:
    """Two commands of one checkout must not build `.venv` at the same time: the second one waits."""
    handle = os.open(checkout, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up in this checkout to finish ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def note_file(places: Places) -> Path:
    return places.state / "running.json"


def write_note(places: Places, note: dict[str, str]) -> None:
    note_file(places).write_text(json.dumps(note), encoding="utf-8")
    note_file(places).chmod(0o600)


def read_note(places: Places) -> dict[str, str]:
    try:
        note = json.loads(note_file(places).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}
