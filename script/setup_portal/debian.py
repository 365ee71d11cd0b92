"""Install Debian or Ubuntu packages as root; run as a program, through sudo where that is needed.

Debian starts the services it installs and makes a cluster of its own. The portal brings its own private ones,
so both are held back while packages are being installed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLUSTER_FILE = Path("/etc/postgresql-common/createcluster.conf")
POLICY_FILE = Path("/usr/sbin/policy-rc.d")
NO_CLUSTER = "create_main_cluster = false"
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", "-y")


@contextmanager
def without_main_cluster() -> Iterator[None]:
    """A file of ours stays where there was none; somebody else's file is put back as it was."""
    before = CLUSTER_FILE.read_text() if CLUSTER_FILE.exists() else None
    CLUSTER_FILE.parent.mkdir(parents=True, exist_ok=True)
    CLUSTER_FILE.write_text(f"{before or ''}\n{NO_CLUSTER}\n".lstrip())
    try:
        yield
    finally:
        if before is not None:
            CLUSTER_FILE.write_text(before)


@contextmanager
def without_autostart() -> Iterator[None]:
    """A policy that somebody already set is left alone."""
    ours = not POLICY_FILE.exists()
    if ours:
        POLICY_FILE.write_text("#!/bin/sh\nexit 101\n")
        POLICY_FILE.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY_FILE.unlink(missing_ok=True)


def apt(*arguments: str) -> int:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    return subprocess.run([*APT, *arguments], env=env, check=False).returncode


def main(packages: list[str]) -> int:
    os.umask(0o022)
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    with without_main_cluster(), without_autostart():
        apt("update")
        code = apt("install", "--no-install-recommends", *packages)
    if code == 0 and "redis-server" in packages and shutil.which("update-rc.d"):
        subprocess.run(
            ["update-rc.d", "redis-server", "disable"], check=False
        )  # not at boot either
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
