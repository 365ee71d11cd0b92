"""Where everything is: the checkout, its state folder, its sockets. Nothing here touches the disk but `open_state`."""

import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from setup_portal import sentences
from setup_portal.sentences import Trouble

LONGEST_SOCKET = 100  # the kernel allows 107 bytes on Linux and 103 on macOS
CHECKOUT = Path(__file__).resolve().parents[2]
MACOS = sys.platform == "darwin"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def state_root(environ: Mapping[str, str], *, uid: int, home: Path) -> Path:
    """XDG's folder when it is named, /var/lib for root, the user's own state folder otherwise."""
    named = environ.get("XDG_STATE_HOME", "")
    if named.startswith("/"):
        return Path(named) / "integrity-portal"
    if uid == 0:
        return Path("/var/lib/integrity-portal")
    return home / ".local" / "state" / "integrity-portal"


def state_name(checkout: Path, kind: str) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]", "_", checkout.name) or "portal"
    suffix = "" if kind == "server" else f"-{kind}"
    return f"{name}-{digest(str(checkout))}{suffix}"


def socket_folder(state: Path, temporaries: Iterable[Path]) -> Path:
    """The first temporary folder that leaves room for a socket's name."""
    for temporary in temporaries:
        folder = temporary / f"ip-{digest(str(state))}"
        if len(os.fsencode(folder / "redis" / "redis.sock")) <= LONGEST_SOCKET:
            return folder
    raise Trouble(sentences.long_temporary())


def open_to_all(folder: Path) -> bool:
    """Whether any user may pass through it and all folders above."""
    try:
        return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))
    except OSError:
        return False


def temporary_folders(*, uid: int) -> list[Path]:
    folders = [Path(tempfile.gettempdir()).resolve(), Path("/tmp")]
    return [each for each in folders if open_to_all(each)] if uid == 0 else folders


@dataclass(frozen=True)
class Places:
    checkout: Path
    state: Path
    sockets: Path

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def setup_log(self) -> Path:
        return self.logs / "setup.log"

    @property
    def database_socket(self) -> Path:
        return self.sockets / "pg"

    @property
    def broker_socket(self) -> Path:
        return self.sockets / "redis" / "redis.sock"


def find_places(kind: str) -> Places:
    uid = os.getuid()
    state = state_root(os.environ, uid=uid, home=Path.home()) / state_name(CHECKOUT, kind)
    return Places(CHECKOUT, state, socket_folder(state, temporary_folders(uid=uid)))


def open_state(places: Places) -> None:
    """Make the state folder. Root's may be passed through, because its servers run as system users."""
    places.state.mkdir(parents=True, exist_ok=True)
    places.state.chmod(0o711 if os.getuid() == 0 else 0o700)
    places.logs.mkdir(mode=0o700, exist_ok=True)
    if places.setup_log.exists() and places.setup_log.stat().st_size > 5_000_000:
        places.setup_log.unlink()


def require_space(folder: Path, *, megabytes: int) -> None:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise Trouble(sentences.little_space(folder, free, megabytes))
