"""`.venv` with the pinned Python packages."""

import sys
from pathlib import Path

from setup_portal import stamps
from setup_portal.checkout import Places, require_space
from setup_portal.environment import tool_environment
from setup_portal.sentences import say
from setup_portal.steps import run_quietly


def interpreter() -> str:
    """The Python below any virtual environment that happens to be active, by its real path: through
    whichever link it was started, it is the same one.
    """
    return str(Path(getattr(sys, "_base_executable", None) or sys.executable).resolve())


def install(places: Places, requirements: str) -> None:
    """Make `.venv` and install one pinned file into it, unless both are as they should be."""
    make(places)
    file = places.checkout / requirements
    stamp = places.venv / f".{file.stem}.stamp"
    value = stamps.hash_of([file])
    if stamps.is_current(stamp, value):
        return
    require_space(places.checkout, megabytes=800)
    say(f"Installing the Python packages of {requirements} ...")
    run_quietly(
        [places.python, "-m", "pip", "install", "--disable-pip-version-check", "-r", file],
        what="The Python packages",
        log=places.setup_log,
        env=tool_environment(places),
        cwd=places.checkout,
        where=places.venv,
    )
    stamps.write(stamp, value)


def make(places: Places) -> None:
    """A virtual environment holds its own path and its Python's, so a moved checkout gets a new one."""
    stamp = places.venv / ".made.stamp"
    value = stamps.hash_of([], also=[str(places.venv), interpreter(), sys.version])
    if stamps.is_current(stamp, value) and places.python.exists():
        return
    say("Making the Python environment in .venv ...")
    run_quietly(
        [interpreter(), "-m", "venv", "--clear", places.venv],
        what="Making .venv",
        log=places.setup_log,
        env=tool_environment(places),
        cwd=Path("/"),
        where=places.venv,
    )
    stamps.write(stamp, value)
