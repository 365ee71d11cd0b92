"""What the portal needs from the system, why, and how to see whether it is there."""

import ctypes
import importlib.util
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from setup_portal import binaries
from setup_portal.checkout import MACOS


@dataclass(frozen=True)
class Need:
    name: str
    why: str
    debian: tuple[str, ...]
    brew: str
    present: Callable[[], bool]


def has_library(*names: str) -> bool:
    """Each library given as `name.version`, loaded as the programs will load it."""
    for name in names:
        stem, version = name.rsplit(":", 1)
        file = f"lib{stem}.{version}.dylib" if MACOS else f"lib{stem}.so.{version}"
        folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"] if MACOS else [""]
        if not any(can_load(folder + file) for folder in folders):
            return False
    return True


def can_load(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def has_font() -> bool:
    places = ["/usr/share/fonts", "/Library/Fonts", str(Path.home() / "Library" / "Fonts")]
    return any(next(Path(place).rglob("NotoSans-Regular.*"), None) is not None for place in places)


def has_time_zones() -> bool:
    try:
        zoneinfo.ZoneInfo("Asia/Jakarta")
    except zoneinfo.ZoneInfoNotFoundError:
        return False
    return True


def has_program(name: str) -> Callable[[], bool]:
    return lambda: binaries.find_program(name) is not None


POSTGRESQL = Need(
    "PostgreSQL",
    "the database",
    ("postgresql",),
    "postgresql@17",
    lambda: bool(binaries.postgresql_folders()),
)
REDIS = Need(
    "Redis",
    "hands work to the background workers",
    ("redis-server",),
    "redis",
    has_program("redis-server"),
)
ALWAYS = (
    Need(
        "Pango",
        "draws the text of PDF documents for WeasyPrint",
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        "pango",
        lambda: has_library("pango-1.0:0", "pangoft2-1.0:0", "harfbuzz-subset:0"),
    ),
    Need(
        "the Noto font",
        "the letters in PDF documents",
        ("fonts-noto-core",),
        "font-noto-sans",
        has_font,
    ),
    Need(
        "libmagic",
        "tells the type of an uploaded file by its content",
        ("libmagic1",),
        "libmagic",
        lambda: has_library("magic:1"),
    ),
    Need(
        "gettext",
        "compiles the Indonesian and English texts",
        ("gettext",),
        "gettext",
        has_program("msgfmt"),
    ),
    Need("the time zones", "WIB, WITA and WIT", ("tzdata",), "", has_time_zones),
    Need(
        "Python's venv",
        "keeps the Python packages inside .venv",
        ("python3-venv",),
        "python@3.12",
        lambda: importlib.util.find_spec("ensurepip") is not None,
    ),
)
FOR_TESTS = (
    Need(
        "poppler",
        "reads the PDF documents in tests",
        ("poppler-utils",),
        "poppler",
        has_program("pdftotext"),
    ),
    Need("qpdf", "checks the PDF documents in tests", ("qpdf",), "qpdf", has_program("qpdf")),
)
BROWSER = Need(
    "Chromium",
    "the browser of the tests",
    ("chromium",),
    "",
    lambda: binaries.find_browser() is not None,
)


def needed(environ: Mapping[str, str], *, tests: bool, debian_browser: bool) -> list[Need]:
    """DATABASE_URL and REDIS_URL replace the private services, so their programs are not needed then."""
    wanted = list(ALWAYS)
    if not environ.get("DATABASE_URL"):
        wanted.append(POSTGRESQL)
    if not environ.get("REDIS_URL"):
        wanted.append(REDIS)
    if tests:
        wanted.extend(FOR_TESTS)
        if debian_browser and not environ.get("CHROMIUM"):
            wanted.append(BROWSER)
    return wanted


def missing(wanted: list[Need]) -> list[Need]:
    return [need for need in wanted if not need.present()]
