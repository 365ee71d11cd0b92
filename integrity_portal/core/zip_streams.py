"""A ZIP that leaves while it is written: no temporary file, one piece in memory at a time."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

PIECE = 64 * 1024
# (name inside, how to open it)
Part = tuple[str, Callable[[], BinaryIO]]


class _Outbox:
    """What zipfile writes to: it cannot seek, and gives away what it holds."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing to do: what is held is taken."""

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def zip_stream(parts: Iterable[Part]) -> Iterator[bytes]:
    """Stored, not packed: PDFs are packed already. Each file is opened when its turn comes."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, opened in parts:
            with opened() as source, archive.open(name, "w", force_zip64=True) as inside:
                while piece := source.read(PIECE):
                    inside.write(piece)
                    yield outbox.take()
            yield outbox.take()
    yield outbox.take()
