"""As whom a private service runs: never as root."""

import grp
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setup_portal import sentences
from setup_portal.sentences import Trouble


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.getuid()

    def popen(self) -> dict[str, Any]:
        """What Popen needs to start a process as this account."""
        if not self.is_other:
            return {}
        return {
            "user": self.uid,
            "group": self.gid,
            "extra_groups": os.getgrouplist(self.name, self.gid),
        }

    def own(self, folder: Path, mode: int = 0o700) -> None:
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        if self.is_other:
            os.chown(folder, self.uid, self.gid)


def invoker() -> Account:
    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        raise Trouble(sentences.nameless_user(os.getuid())) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def service_account(name: str, service: str) -> Account:
    """The system user of a service when root starts it, and the person himself otherwise."""
    if os.getuid() != 0:
        return invoker()
    try:
        entry = pwd.getpwnam(name)
        grp.getgrgid(entry.pw_gid)
    except KeyError:
        raise Trouble(sentences.no_account(name, service)) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def require_reachable(account: Account, folder: Path) -> None:
    """Ask the kernel as that account, so that access lists and mounts count as well."""
    if not account.is_other or can_pass(account, folder):
        return
    blocked = next(
        (each for each in reversed(folder.parents) if not can_pass(account, each)), folder
    )
    raise Trouble(sentences.unreachable_for(account.name, folder, blocked))


def can_pass(account: Account, folder: Path) -> bool:
    answer = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        cwd="/",
        capture_output=True,
        check=False,
        **account.popen(),
    )
    return answer.returncode == 0
