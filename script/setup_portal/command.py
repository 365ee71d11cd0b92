"""What every command does around its work: signals, sentences, exit codes."""

import contextlib
import os
from collections.abc import Callable, Iterator

from setup_portal import front_end, packages, sentences, virtual_environment
from setup_portal.checkout import Places, find_places, open_state, require_space
from setup_portal.locks import checkout_lock, state_lock
from setup_portal.processes import Register
from setup_portal.sentences import Trouble, complain, say
from setup_portal.stopping import Stopped, requests


def answer(work: Callable[[], int]) -> int:
    """Run one command's work; a known failure is one sentence, not a traceback."""
    requests.listen()
    return finish(work)


def finish(work: Callable[[], int]) -> int:
    try:
        return work()
    except Stopped:
        return stopped()
    except Trouble as trouble:
        if requests.count:  # a tool that was stopped with us complained
            return stopped()
        complain(str(trouble))
    except OSError as error:
        complain(sentences.from_os_error(error))
    return 1


def stopped() -> int:
    say("Stopped.")
    return 130


@contextlib.contextmanager
def own_state(kind: str) -> Iterator[Places]:
    """The state folder of this checkout and kind, for us alone, with nothing left running by an earlier start."""
    places = find_places(kind)
    require_space(places.state, megabytes=50 if (places.state / "postgres").exists() else 250)
    open_state(places)
    with state_lock(places, kind=kind):
        if Register(places).end_leftovers():
            say("Ended the processes that an interrupted start had left behind.")
        yield places


def prepare_project(places: Places, *, requirements: str, tests: bool) -> None:
    """System packages, Python packages, front end."""
    packages.install_missing(places, tests=tests)
    if not os.access(places.checkout, os.W_OK):
        raise Trouble(sentences.not_writable(places.checkout))
    with checkout_lock(places.checkout):
        virtual_environment.install(places, requirements)
        front_end.bundle(places)
