"""See to it that the system packages are there, or say in one sentence who must do what."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setup_portal import needs, sentences
from setup_portal.checkout import MACOS, Places
from setup_portal.needs import Need
from setup_portal.sentences import Trouble, say
from setup_portal.steps import run_quietly

INSTALLER = Path(__file__).with_name("debian.py")


def os_release(text: str) -> set[str]:
    """The words of ID and ID_LIKE."""
    words: set[str] = set()
    for line in text.splitlines():
        key, _, value = line.partition("=")
        if key in ("ID", "ID_LIKE"):
            words.update(value.strip("\"'").split())
    return words


def system_words() -> set[str]:
    try:
        return os_release(Path("/etc/os-release").read_text(encoding="utf-8"))
    except OSError:
        return set()


def install_missing(places: Places, *, tests: bool = False) -> None:
    words = system_words()
    debian = bool(words & {"debian", "ubuntu"}) and shutil.which("apt-get") is not None
    if MACOS and os.getuid() == 0:
        raise Trouble(sentences.root_on_macos())
    wanted = needs.needed(os.environ, tests=tests, debian_browser=debian and "ubuntu" not in words)
    missing = needs.missing(wanted)
    if not missing:
        return
    if needs_other_python(missing):
        raise Trouble(sentences.no_venv_module())
    if debian:
        install_on_debian(places, missing)
    elif MACOS:
        install_on_macos(places, missing)
    else:
        raise Trouble(sentences.missing_tools([need.name for need in missing]))
    still = needs.missing(wanted)
    if still:
        raise Trouble(sentences.missing_tools([need.name for need in still]))


def needs_other_python(missing: list[Need]) -> bool:
    """A python3 that is not the system's gets no venv from the system's packages."""
    lacks_venv = any(need.debian == ("python3-venv",) for need in missing)
    return lacks_venv and not MACOS and not os.path.realpath(sys.executable).startswith("/usr/bin/")


def install_on_debian(places: Places, missing: list[Need]) -> None:
    packages = [package for need in missing for package in need.debian]
    prefix = become_root(packages)
    for need in missing:
        say(f"Installing {need.name} ({', '.join(need.debian)}): {need.why}.")
    run_quietly(
        [*prefix, sys.executable, "-B", INSTALLER, *packages],
        what="The system packages",
        log=places.setup_log,
        env=os.environ,
        cwd=Path("/"),
        where=Path("/usr"),
        stdin=None,
    )


def become_root(packages: list[str]) -> list[str]:
    if os.getuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        raise Trouble(sentences.ask_administrator(packages))
    silent = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    if silent.returncode == 0:
        return [sudo, "-n"]
    if not sys.stdin.isatty() or subprocess.run([sudo, "-v"], check=False).returncode:
        raise Trouble(sentences.ask_administrator(packages))
    return [sudo]


def install_on_macos(places: Places, missing: list[Need]) -> None:
    formulae = [need.brew for need in missing if need.brew]
    brew = shutil.which("brew")
    if brew is None:
        raise Trouble(sentences.no_homebrew(formulae))
    for need in missing:
        say(f"Installing {need.name} ({need.brew}): {need.why}.")
    run_quietly(
        [brew, "install", *formulae],
        what="Homebrew's packages",
        log=places.setup_log,
        env=os.environ,
        cwd=Path("/"),
        where=Path("/opt"),
    )
