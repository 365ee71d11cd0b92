"""`script/server`: everything the portal needs, started together and stopped together."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from setup_portal import application, command, network, sentences
from setup_portal.checkout import Places
from setup_portal.environment import portal_environment
from setup_portal.locks import write_note
from setup_portal.network import Address, ReadyWatch
from setup_portal.sentences import Trouble, say
from setup_portal.services import Services, running_services
from setup_portal.stopping import requests
from setup_portal.supervisor import Program, Supervisor

SETTINGS = "integrity_portal.settings.local"
READY_WITHIN = 90


def main() -> int:
    return command.answer(serve)


def serve() -> int:
    address = network.read_address(os.environ)
    with command.own_state("server") as places:
        network.require_free(address)
        command.prepare_project(places, requirements="requirements.txt", tests=False)
        services = Services(places, for_tests=False)
        services.check()
        env = portal_environment(places, settings=SETTINGS, port=address.port)
        with running_services(services):
            note = {key: env[key] for key in ("DATABASE_URL", "REDIS_URL", "PORT")}
            write_note(places, note | {"address": address.shown})
            application.prepare_server(places, env)
            supervise(places, services, env, address)
    say("Stopped. The data are kept.")
    return 0


def programs(places: Places, address: Address) -> list[Program]:
    folder = places.venv / "bin"
    celery = [str(folder / "celery"), "--quiet", "-A", "integrity_portal"]
    worker = [
        *celery,
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "INFO",
        "--without-gossip",
        "--without-mingle",
    ]
    web = [
        str(folder / "gunicorn"), "integrity_portal.wsgi", "--bind", address.bind, "--worker-class", "gthread",
        "--workers", "2", "--threads", "4", "--no-control-socket",
        # Its warnings name the address of whoever sent a broken request.
        "--log-level", "error", *network.shared_memory(),
    ]  # fmt: skip
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "INFO",
        "--pidfile=",
        "--schedule",
        str(places.state / "beat-schedule"),
    ]
    return [
        Program("web", web),
        Program("worker", [*worker, "-Q", "default", "-n", "default@%h"]),
        Program("documents", [*worker, "-Q", "documents", "-n", "documents@%h"]),
        Program("beat", beat),
        Program("dispatch", [str(places.python), str(places.checkout / "manage.py"), "dispatch"]),
    ]


def supervise(places: Places, services: Services, env: Mapping[str, str], address: Address) -> None:
    supervisor = Supervisor(
        programs(places, address), env=quiet_for_root(env), cwd=places.checkout, register=services.register,
        stop=requests,
    )  # fmt: skip
    watch = ReadyWatch(address)
    greeting = Greeting(watch, application.accounts_file(places), address)
    watch.start()

    def each_turn() -> None:
        services.look_after()
        greeting.when_ready()

    with requests.held():
        try:
            supervisor.run(each_turn)
        finally:
            watch.given_up.set()


def quiet_for_root(env: Mapping[str, str]) -> dict[str, str]:
    """Celery warns root at length; here root has asked for it."""
    return (
        {**env, "PYTHONWARNINGS": "ignore:You're running the worker"}
        if os.getuid() == 0
        else dict(env)
    )


class Greeting:
    """The address and the demo accounts, once, when the portal answers."""

    def __init__(self, watch: ReadyWatch, accounts: Path, address: Address) -> None:
        self.watch = watch
        self.accounts = accounts
        self.address = address
        self.deadline = time.monotonic() + READY_WITHIN
        self.done = False

    def when_ready(self) -> None:
        if self.done:
            return
        if self.watch.ready.is_set():
            self.done = True
            table = self.accounts.read_text(encoding="utf-8").rstrip()
            say(
                f"\n{table}\n\nIntegrity Portal is ready at {self.address.shown} (stop with Ctrl-C)\n"
            )
        elif time.monotonic() > self.deadline:
            raise Trouble(sentences.never_ready(self.address.shown, READY_WITHIN))
