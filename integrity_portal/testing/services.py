"""Real Redis, dispatcher and workers for tests marked `services`: a plugin-free module.

    with running_redis(tmp_path) as redis, portal_process("worker", redis, tmp_path) as worker:
        …
        worker.kill()

Processes get the test database and store files where the test's own settings do.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parents[2]
CELERY = [sys.executable, "-m", "celery", "-A", "integrity_portal"]
COMMANDS = {
    "worker": [
        *CELERY,
        "worker",
        *("--queues", "default,documents", "--concurrency", "1", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle"),
    ],
    "dispatch": [sys.executable, "manage.py", "dispatch"],
}


class TookTooLong(AssertionError):
    """What was waited for did not happen; the message carries the processes' last lines."""


@dataclass
class Process:
    """A child with a process group of its own, so that nothing of it survives."""

    popen: subprocess.Popen[bytes]
    log: Path

    def send(self, number: int) -> None:
        os.killpg(self.popen.pid, number)

    def kill(self) -> None:
        """As the kernel does when memory runs out: no clean-up at all."""
        self.send(signal.SIGKILL)
        self.popen.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


@dataclass
class RunningRedis:
    process: Process
    url: str

    def hang(self) -> None:
        """Connections are accepted by the kernel and never answered."""
        self.process.send(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send(signal.SIGCONT)


def wait_for(condition: Callable[[], object], *, seconds: float, said: Process) -> None:
    """Look again every 50 ms until it is true; the deadline is only for failing."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TookTooLong(said.said())
        time.sleep(0.05)


@contextmanager
def running_redis(folder: Path) -> Iterator[RunningRedis]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    # A socket path holds 107 bytes, pytest's folders are longer.
    with tempfile.TemporaryDirectory(prefix="rds") as short:
        socket = Path(short) / "redis.sock"
        argv = [server, "--port", "0", "--unixsocket", str(socket), "--save", ""]
        with _started("redis", [*argv, "--dir", short], folder, {}) as process:
            wait_for(socket.exists, seconds=10, said=process)
            yield RunningRedis(process, f"unix://{socket}")


@contextmanager
def portal_process(
    name: str, redis: RunningRedis, folder: Path, **environment: str
) -> Iterator[Process]:
    """`worker` or `dispatch`, on the test database; ready when it says so or beats."""
    from django.conf import settings

    env = {
        "DATABASE_URL": _database_url(),
        "REDIS_URL": redis.url,
        "PORTAL_STATE_DIR": str(folder),
        "PORTAL_KEYS_DIR": str(settings.KEYS_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "integrity_portal.settings.test",
        **environment,
    }
    with _started(name, COMMANDS[name], folder, env) as process:
        if name == "worker":
            wait_for(lambda: " ready." in process.said(), seconds=60, said=process)
        yield process


def _database_url() -> str:
    from django.db import connection

    given = connection.settings_dict
    account = quote(given["USER"] or "", safe="")
    if given["PASSWORD"]:
        account += ":" + quote(given["PASSWORD"], safe="")
    host = quote(given["HOST"] or "", safe="")
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgres://{account}@{host}{port}/{given['NAME']}"


@contextmanager
def _started(name: str, argv: list[str], folder: Path, env: dict[str, str]) -> Iterator[Process]:
    log = folder / f"{name}-{time.monotonic_ns()}.log"
    with log.open("wb") as output:
        popen = subprocess.Popen(  # noqa: S603 - our own commands
            argv,
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process = Process(popen, log)
    try:
        yield process
    finally:
        if popen.poll() is None:
            process.kill()
        else:
            popen.wait()
