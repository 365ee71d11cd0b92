"""Ctrl-C, TERM and a closed terminal all mean the same: stop everything, in order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """Raised where the work stands when somebody asks to stop."""


class StopRequests:
    def __init__(self) -> None:
        self.count = 0
        self.latest = 0
        self._held = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup keeps its meaning
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        self.latest = number
        if not self._held:
            raise Stopped

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, a request is only counted: for work that must not be left half done."""
        before, self._held = self._held, True
        try:
            yield
        finally:
            self._held = before

    def check(self) -> None:
        if self.count:
            raise Stopped


requests = StopRequests()
