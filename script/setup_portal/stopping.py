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
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup keeps its meaning
            signal.signal(signal.SIGHUP, self._on_signal)

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
