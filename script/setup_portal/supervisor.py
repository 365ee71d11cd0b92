"""Run the portal's processes side by side: show their output, start again what dies, stop all in order."""

import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM

from setup_portal import sentences
from setup_portal.processes import Register, kill_group, send
from setup_portal.sentences import Trouble, say
from setup_portal.stopping import StopRequests

TOO_OFTEN = 5
WITHIN = 60.0
LONGEST_PAUSE = 16.0
PATIENCE = 20.0
COLOURS = (36, 32, 33, 35, 34)


@dataclass(frozen=True)
class Program:
    name: str
    argv: Sequence[str]


@dataclass
class Running:
    """One program over its lives."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    buffer: bytes = b""
    again_at: float | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=TOO_OFTEN))

    def died(self, now: float) -> float | None:
        """Note a death; return the pause before the next life, or None when it died too often."""
        self.deaths.append(now)
        if len(self.deaths) == TOO_OFTEN and now - self.deaths[0] <= WITHIN:
            return None
        recent = sum(1 for each in self.deaths if now - each <= WITHIN)
        return min(LONGEST_PAUSE, 2.0 ** (recent - 1))


def prefixed(name: str, line: bytes, *, width: int, colour: int | None) -> str:
    text = line.decode("utf-8", "replace").rstrip()
    head = f"{name:<{width}} |"
    return f"\033[{colour}m{head}\033[0m {text}" if colour else f"{head} {text}"


class Supervisor:
    def __init__(
        self,
        programs: Sequence[Program],
        *,
        env: Mapping[str, str],
        cwd: Path,
        register: Register,
        stop: StopRequests,
    ) -> None:
        self.lives = [Running(program) for program in programs]
        self.env = dict(env)
        self.cwd = cwd
        self.register = register
        self.stop_requests = stop
        self.selector = selectors.DefaultSelector()
        self.width = max(len(program.name) for program in programs)
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def run(self, each_turn: Callable[[], None]) -> None:
        """Until somebody asks to stop, or something dies too often."""
        try:
            for life in self.lives:
                self._start(life)
            while not self.stop_requests.count:
                self._show_output(0.2)
                self._restart_the_dead()
                each_turn()
        finally:
            self._stop_all()

    def _start(self, life: Running) -> None:
        life.again_at = None
        life.process = subprocess.Popen(
            life.program.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.cwd,
            env=self.env,
            start_new_session=True,  # so that Ctrl-C reaches only us, and we stop them in order
        )
        self.register.add(life.process.pid)
        assert life.process.stdout is not None
        os.set_blocking(life.process.stdout.fileno(), False)
        self.selector.register(life.process.stdout, selectors.EVENT_READ, life)

    def _show_output(self, timeout: float) -> None:
        for key, _ in self.selector.select(timeout):
            life: Running = key.data
            data = os.read(key.fd, 65536)
            if not data:
                self._forget_output(life)
                continue
            *lines, life.buffer = (life.buffer + data).split(b"\n")
            for line in lines:
                self._show(life, line)

    def _show(self, life: Running, line: bytes) -> None:
        colour = COLOURS[self.lives.index(life) % len(COLOURS)] if self.coloured else None
        say(prefixed(life.program.name, line, width=self.width, colour=colour))

    def _forget_output(self, life: Running) -> None:
        stdout = life.process.stdout if life.process else None
        if stdout is None or stdout.closed:
            return
        if life.buffer:
            self._show(life, life.buffer)
            life.buffer = b""
        self.selector.unregister(stdout)
        stdout.close()

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for life in self.lives:
            if life.again_at is not None and now >= life.again_at:
                self._start(life)
            elif life.process is not None and life.process.poll() is not None:
                self._bury(life, now)

    def _bury(self, life: Running, now: float) -> None:
        assert life.process is not None
        self._show_output(0)
        self._forget_output(life)
        kill_group(life.process.pid)
        code = life.process.returncode
        life.process = None
        pause = life.died(now)
        if pause is None:
            raise Trouble(sentences.keeps_dying(life.program.name))
        say(
            f"The process {life.program.name} ended unexpectedly (code {code}); it starts again in {pause:.0f} s."
        )
        life.again_at = now + pause

    def _stop_all(self) -> None:
        """TERM to each leader, which stops its own children; after the patience, KILL to whole groups."""
        living = [life for life in self.lives if life.process is not None]
        for life in living:
            send(life.process.pid, SIGTERM)  # type: ignore[union-attr]
        deadline = time.monotonic() + PATIENCE
        asked = self.stop_requests.count
        while any(life.process.poll() is None for life in living):  # type: ignore[union-attr]
            impatient = self.stop_requests.count > max(asked, 1)
            if time.monotonic() > deadline or impatient:
                break
            self._show_output(0.1) if self.selector.get_map() else time.sleep(0.05)
        for life in living:
            assert life.process is not None
            kill_group(life.process.pid)
            life.process.wait()
            self._forget_output(life)
