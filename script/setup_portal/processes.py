"""The processes we started, written down, so that the next start can end what a killed one left behind."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from setup_portal.checkout import MACOS, Places

Record = dict[str, str]


def birth(pid: int) -> str | None:
    """When a process was started, as the system tells it: a number that is used again has another birth."""
    if MACOS:
        answer = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return answer.stdout.strip() or None
    try:
        fields = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return None if fields[0] == "Z" else f"{boot} {fields[19]}"


class Register:
    """`processes.json` in the state folder: process number to its birth."""

    def __init__(self, places: Places) -> None:
        self.file = places.state / "processes.json"

    def read(self) -> Record:
        try:
            known = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def add(self, pid: int) -> None:
        self._write(self.alive() | {str(pid): birth(pid) or ""})

    def alive(self) -> Record:
        return {pid: born for pid, born in self.read().items() if born and birth(int(pid)) == born}

    def _write(self, known: Record) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(known), encoding="utf-8")
        new.replace(self.file)

    def end_leftovers(self, *, patience: float = 20) -> bool:
        """Stop what an earlier start left running; PostgreSQL takes INT as its fast shutdown."""
        left = [int(pid) for pid in self.alive()]
        for pid in left:
            send(pid, signal.SIGTERM)
            send(pid, signal.SIGINT)
        wait_until(lambda: not self.alive(), patience)
        for pid in left:
            kill_group(pid)
        self.file.unlink(missing_ok=True)
        return bool(left)


def send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_group(pid: int) -> None:
    """Whatever is left of the group a process led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
