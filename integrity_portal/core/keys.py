"""Key ring on disk: one file per purpose below KEYS_DIR, none derived from SECRET_KEY.

`fields.json` holds {"active": "k1", "keys": {"k1": <base64 of 32 bytes>}}: a new key is added and
made active, old ones stay for reading. The other files are raw 32 bytes in base64.
"""

import base64
import contextlib
import json
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PURPOSES = (
    "blind_index",
    "tracking_code",
    "one_time_code",
    "rate_limit",
    "survey_proof",
    "ledger_signing",
)


def keys_dir() -> Path:
    return Path(settings.KEYS_DIR)


def ensure() -> list[str]:
    """Make every key file that is missing; returns the names made. Never replaces one."""
    folder = keys_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    contents = {purpose: _random() for purpose in PURPOSES}
    contents["secret_key"] = secrets.token_urlsafe(50)
    contents["fields.json"] = json.dumps({"active": "k1", "keys": {"k1": _random()}})
    for name, text in contents.items():
        if not (folder / name).exists():
            _write_private(folder / name, text)
            made.append(name)
    return made


@cache
def secret(purpose: str) -> bytes:
    """The 32 bytes for one of PURPOSES. Raises ImproperlyConfigured when the file is missing."""
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    return base64.b64decode(_read(purpose))


@cache
def field_ring() -> tuple[str, dict[str, bytes]]:
    """(active key id, all keys by id) for encrypted fields."""
    ring = json.loads(_read("fields.json"))
    return ring["active"], {kid: base64.b64decode(raw) for kid, raw in ring["keys"].items()}


def _read(name: str) -> str:
    try:
        return (keys_dir() / name).read_text()
    except FileNotFoundError as error:
        raise ImproperlyConfigured(
            f"Key file {name} is missing in {keys_dir()}: run `manage.py ensure_keys` on a new "
            "installation, or restore it from the backup on an old one."
        ) from error


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all; of two processes that start together the first one's key stays."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
