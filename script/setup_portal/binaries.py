"""Find the programs that are not on everybody's PATH."""

import os
import re
import shutil
import subprocess
from pathlib import Path

HOMEBREW = (Path("/opt/homebrew"), Path("/usr/local"))
OLDEST_POSTGRESQL = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_program(name: str) -> str | None:
    keg_only = [str(prefix / "opt" / name / "bin") for prefix in HOMEBREW]
    folders = [os.environ.get("PATH", os.defpath), "/usr/local/bin", "/usr/bin", "/usr/sbin"]
    folders += [str(prefix / "bin") for prefix in HOMEBREW] + keg_only
    return shutil.which(name, path=os.pathsep.join(folders))


def find_browser() -> str | None:
    """A browser the tests can drive; a snap (Ubuntu's) cannot be, because it hides the file system."""
    for name in BROWSERS:
        path = find_program(name)
        if path and not is_snap(Path(path)):
            return path
    return next((path for path in MAC_BROWSERS if os.access(path, os.X_OK)), None)


def is_snap(path: Path) -> bool:
    """Ubuntu's chromium-browser is a script of a few lines that calls the snap."""
    if str(path.resolve()).startswith("/snap/") or path.resolve().name == "snap":
        return True
    try:
        with open(path, "rb") as handle:
            return b"/snap/bin/chromium" in handle.read(4096)
    except OSError:
        return False


def postgresql_folders() -> dict[int, Path]:
    """Version to folder with `initdb` and `postgres`, new enough ones only."""
    candidates = list(Path("/usr/lib/postgresql").glob("*/bin"))
    candidates += [folder for prefix in HOMEBREW for folder in prefix.glob("opt/postgresql@*/bin")]
    found = {}
    for folder in candidates:
        version = re.search(r"(\d+)", str(folder.parent.name))
        if version and int(version[1]) >= OLDEST_POSTGRESQL and is_postgresql(folder):
            found[int(version[1])] = folder
    return found or postgresql_on_path()


def is_postgresql(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres", "psql"))


def postgresql_on_path() -> dict[int, Path]:
    """Systems that keep one PostgreSQL among all programs."""
    initdb = shutil.which("initdb")
    if initdb is None or not is_postgresql(Path(initdb).resolve().parent):
        return {}
    answer = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"\) (\d+)", answer.stdout)
    if version is None or int(version[1]) < OLDEST_POSTGRESQL:
        return {}
    return {int(version[1]): Path(initdb).resolve().parent}
