"""A stamp is a file that holds the hash of what a step was made from: the same hash again, nothing to do."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path


def files_below(folders: Iterable[Path], pattern: str = "*") -> list[Path]:
    return sorted(each for folder in folders for each in folder.rglob(pattern) if each.is_file())


def hash_of(files: Iterable[Path], *, also: Sequence[str] = ()) -> str:
    """One hash over names and contents; a file that is not there counts by its absence."""
    total = hashlib.sha256()
    for word in also:
        total.update(word.encode() + b"\0")
    for path in files:
        total.update(str(path).encode("utf-8", "surrogateescape") + b"\0")
        try:
            total.update(hashlib.sha256(path.read_bytes()).digest())
        except FileNotFoundError:
            total.update(b"absent")
    return total.hexdigest()


def is_current(stamp: Path, value: str) -> bool:
    try:
        return stamp.read_text(encoding="ascii") == value
    except (OSError, ValueError):
        return False


def write(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value, encoding="ascii")
