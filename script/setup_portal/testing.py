"""`script/test`: pytest with services of its own, which never see the server's data."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from setup_portal import application, binaries, command
from setup_portal.checkout import Places
from setup_portal.environment import portal_environment
from setup_portal.sentences import say
from setup_portal.services import Services, running_services
from setup_portal.stopping import requests

SETTINGS = "integrity_portal.settings.test"


def main() -> int:
    return command.answer(lambda: run_tests(sys.argv[1:]))


def run_tests(arguments: Sequence[str]) -> int:
    with command.own_state("test") as places:
        command.prepare_project(places, requirements="requirements-dev.txt", tests=True)
        services = Services(places, for_tests=True)
        services.check()
        env = test_environment(places)
        with running_services(services):
            application.prepare_tests(places, env)
            return in_foreground(
                [str(places.python), "-m", "pytest", *pytest_arguments(arguments)], places, env
            )


def test_environment(places: Places) -> dict[str, str]:
    env = portal_environment(places, settings=SETTINGS)
    browser = os.environ.get("CHROMIUM") or binaries.find_browser()
    if browser:
        env["CHROMIUM"] = browser
    else:
        env.pop("CHROMIUM", None)
        say(
            "There is no Chromium that tests can drive (a snap cannot be); name a browser with CHROMIUM=/path/to/it."
        )
    return env


def pytest_arguments(arguments: Sequence[str]) -> list[str]:
    """`--all` is ours: the slow tests too. What the person gives comes last, so it wins."""
    given = [word for word in arguments if word != "--all"]
    tier = [] if "--all" in arguments else ["-m", "not slow"]
    return [*([] if chooses_workers(given) else ["-n", "2"]), *tier, *given]


def chooses_workers(given: Sequence[str]) -> bool:
    alone = ("no:xdist", "-pno:xdist", "--pdb", "--trace", "--collect-only", "--co")
    return any(word in alone or word.startswith(("-n", "--numprocesses")) for word in given)


def in_foreground(argv: Sequence[str], places: Places, env: Mapping[str, str]) -> int:
    """pytest keeps the terminal (a debugger needs it); a request to stop is passed on to it."""
    with requests.held():
        process = subprocess.Popen(argv, cwd=places.checkout, env=dict(env))
        passed_on = 0
        while True:
            try:
                return process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                passed_on = pass_on(process, passed_on)


def pass_on(process: "subprocess.Popen[bytes]", before: int) -> int:
    """INT lets pytest end in order; a terminal has sent it already. A second request kills."""
    if requests.count > before:
        told = requests.latest == signal.SIGINT and sys.stdin is not None and sys.stdin.isatty()
        if before:
            process.kill()
        elif not told:
            process.send_signal(signal.SIGINT)
    return requests.count
