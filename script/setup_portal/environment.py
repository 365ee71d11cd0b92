"""The environment that every process of the portal gets."""

import os
from collections.abc import Mapping
from pathlib import Path

from setup_portal.checkout import MACOS, Places

# libpq reads these; a developer's own must not lead the portal to another database.
LIBPQ = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGOPTIONS",
         "PGSSLMODE", "PGDATA")  # fmt: skip
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "DJANGO_SETTINGS_MODULE")


def tool_environment(places: Places, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """For pip, npm and everything else that runs before the services do."""
    env = {key: value for key, value in environ.items() if key not in FOREIGN}
    env["VIRTUAL_ENV"] = str(places.venv)
    path = [str(places.venv / "bin"), environ.get("PATH", os.defpath)]
    if MACOS:
        path.append(
            "/opt/homebrew/bin:/opt/homebrew/opt/gettext/bin:/usr/local/bin:/usr/local/opt/gettext/bin"
        )
        env.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    env["PATH"] = os.pathsep.join(path)
    return env


def database_url(places: Places) -> str:
    """The form in which django-environ takes a socket's folder: the path after an empty host."""
    return f"postgres://portal@/{places.database_socket}/portal"


def redis_url(places: Places) -> str:
    return f"unix://{places.broker_socket}"


def portal_environment(
    places: Places, *, settings: str, environ: Mapping[str, str] = os.environ, port: int = 8000
) -> dict[str, str]:
    env = tool_environment(places, environ)
    if not environ.get("DATABASE_URL"):
        env = {key: value for key, value in env.items() if key not in LIBPQ}
        env["DATABASE_URL"] = database_url(places)
    if not environ.get("REDIS_URL"):
        env["REDIS_URL"] = redis_url(places)
    env["DJANGO_SETTINGS_MODULE"] = settings
    env["PORTAL_STATE_DIR"] = str(places.state)
    env["PORT"] = str(port)
    env.setdefault("PORTAL_BASE_URL", f"http://localhost:{port}")
    env["PYTHONUNBUFFERED"] = "1"
    return env


def service_environment() -> dict[str, str]:
    """PostgreSQL and Redis get nothing of the person's own environment."""
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C" if MACOS else "C.UTF-8",
        "HOME": str(Path("/")),
    }
