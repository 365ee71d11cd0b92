"""Recordings are told by their content; a film is none."""

import io
import struct

import magic
import pytest

from integrity_portal.core.sounds import sound_in

FRAME = bytes([0xFF, 0xFB, 0x90, 0x64]) + b"\0" * 800


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def container(brand: bytes, *tracks: bytes) -> bytes:
    handlers = [box(b"hdlr", b"\0" * 8 + kind + b"\0" * 12) for kind in tracks]
    return box(b"ftyp", brand + b"\0\0\0\0isom") + box(b"moov", b"".join(handlers))


def told(content: bytes) -> str:
    return sound_in(io.BytesIO(content), magic.from_buffer(content[:8192], mime=True))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (FRAME, "audio/mpeg"),
        (b"ID3\x03\0\0\0\0\0\x21" + b"\0" * 33 + FRAME, "audio/mpeg"),
        (container(b"M4A ", b"soun"), "audio/mp4"),
        (container(b"isom", b"soun", b"mdir"), "audio/mp4"),
        (container(b"3gp4", b"soun"), "audio/mp4"),
        (bytes([0xFF, 0xF1, 0x50, 0x80, 2, 0x1F, 0xFC]) + b"\0" * 200, "audio/aac"),
        (
            b"OggS\0\2" + b"\0" * 8 + b"\1\0\0\0" * 3 + b"\1\x13OpusHead\1\1" + b"\0" * 99,
            "audio/ogg",
        ),
        (b"#!AMR\n" + b"\x3c" * 100, "audio/amr"),
    ],
)
def test_what_phones_record(content: bytes, name: str) -> None:
    assert told(content) == name


@pytest.mark.parametrize(
    "content",
    [
        container(b"isom", b"soun", b"vide"),
        container(b"isom"),
        b"ID3\x03\0\0\0\0\0\x21" + b"\0" * 33 + b"MZ\x90",
        b"<html><script>alert(1)</script></html>",
        b"",
    ],
    ids=["film", "nothing", "tag before a program", "page", "empty"],
)
def test_what_is_no_recording(content: bytes) -> None:
    assert told(content).partition("/")[0] != "audio"
