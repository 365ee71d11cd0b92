"""Recordings as phones make them: told by their content, called by one name each.

Nothing is taken out of a recording: a voice stays a voice, and the page that asks for it says so.
"""

from typing import BinaryIO

# What libmagic says of them → what they are called from then on.
NAMES = {
    "audio/mpeg": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/mp4": "audio/mp4",
    "audio/x-hx-aac-adts": "audio/aac",
    "audio/ogg": "audio/ogg",
    "application/ogg": "audio/ogg",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/amr": "audio/amr",
    "audio/x-amr": "audio/amr",
}
SUFFIX = {
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/amr": ".amr",
}
TYPES = frozenset(SUFFIX)
# Containers of ISO/IEC 14496-12 that hold a film or only a sound: their tracks tell.
CONTAINERS = frozenset({"video/mp4", "video/3gpp", "video/quicktime"})


def sound_in(data: BinaryIO, found: str) -> str:
    """The name of the sound, or `found` as it was when it is none. `data` stands at its start."""
    if found in CONTAINERS:
        return "audio/mp4" if _tracks(data) == {b"soun"} else found
    if found in ("application/octet-stream", "text/plain") and _is_tagged_mp3(data):
        return "audio/mpeg"
    return NAMES.get(found, found)


def _tracks(data: BinaryIO) -> set[bytes]:
    """Kinds of the tracks: what their handler boxes (8.4.3) say, without those of the metadata."""
    content = data.read()
    data.seek(0)
    kinds, place = set(), content.find(b"hdlr")
    while place >= 0:
        kinds.add(content[place + 12 : place + 16])
        place = content.find(b"hdlr", place + 4)
    return kinds - {b"mdir", b"mdta", b"url ", b"\0\0\0\0"}


def _is_tagged_mp3(data: BinaryIO) -> bool:
    """An ID3 tag of any length, then a frame of MPEG audio: libmagic looks at the tag only."""
    head = data.read(10)
    is_mp3 = False
    if head[:3] == b"ID3" and len(head) == 10:
        size = sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
        data.seek(10 + size)
        frame = data.read(2)
        is_mp3 = len(frame) == 2 and frame[0] == 0xFF and frame[1] & 0xE0 == 0xE0
    data.seek(0)
    return is_mp3
