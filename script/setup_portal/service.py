"""What PostgreSQL and Redis have in common: a server process of its own account, away from the checkout."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from setup_portal import sentences
from setup_portal.accounts import Account
from setup_portal.environment import service_environment
from setup_portal.processes import Register, kill_group, send, wait_until
from setup_portal.sentences import Trouble


class Service:
    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, *, home: Path, log: Path, account: Account, register: Register) -> None:
        self.home = home
        self.log = log
        self.account = account
        self.register = register
        self.process: subprocess.Popen[bytes] | None = None
        self.said_before = 0

    def argv(self) -> Sequence[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def prepare(self) -> None:
        self.account.own(self.home)

    def start(self) -> None:
        self.prepare()
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.spawn()
        if not wait_until(lambda: self.has_ended() or self.answers(), 60) or self.has_ended():
            self.stop()
            words = self.last_words()
            known = sentences.explain(words, what=self.name, where=self.home)
            raise Trouble(known or sentences.service_failed(self.name, words, self.log))

    def spawn(self) -> None:
        with open(self.log, "ab") as output:
            self.said_before = output.tell()
            self.process = subprocess.Popen(
                list(self.argv()),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.home,
                env=service_environment(),
                start_new_session=True,
                **self.account.popen(),
            )
        self.register.add(self.process.pid)

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def last_words(self) -> str:
        with open(self.log, "rb") as handle:
            handle.seek(self.said_before)
            text = handle.read().decode("utf-8", "replace")
        telling = [
            line
            for line in text.splitlines()
            if any(word in line for word in ("FATAL", "PANIC", "rror"))
        ]
        return sentences.last_words("\n".join(telling))

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        send(process.pid, self.stop_signal)
        if not wait_until(lambda: process.poll() is not None, 30):
            kill_group(process.pid)
            process.wait()
