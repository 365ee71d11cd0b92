"""ZIPs of strangers: what points outside, explodes, hides or nests is refused with a sentence."""

import io
import stat
import zipfile
from collections.abc import Callable

import pytest

from integrity_portal.core.archives import ArchiveRefused, Entry, LeftOut, Limits, entries

pytestmark = pytest.mark.usefixtures("english")


def made(*files: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    kept.seek(0)
    return kept


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("a.pdf")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted() -> io.BytesIO:
    """The flag of encryption in both headers of an ordinary archive."""
    data = bytearray(made(("a.pdf", b"x" * 20)).getvalue())
    data[6] |= 1
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return io.BytesIO(bytes(data))


def lying() -> io.BytesIO:
    """Says it is small, is not."""
    data = bytearray(made(("a.pdf", b"x" * 5000)).getvalue())
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return io.BytesIO(bytes(data))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: made(("../a.pdf", b"x")), "outside"),
        (lambda: made(("a/../../b.pdf", b"x")), "outside"),
        (lambda: made(("/etc/passwd", b"x")), "outside"),
        (lambda: made(("C:/a.pdf", b"x")), "outside"),
        (lambda: made(("..\\a.pdf", b"x")), "outside"),
        (lambda: made((link(), b"/etc/passwd")), "outside"),
        (encrypted, "password"),
        (lambda: made(*((f"{n}.pdf", b"x") for n in range(6))), "at most 5"),
        (lambda: made(), "empty"),
        (lambda: io.BytesIO(b"PK\x03\x04 but no more"), "cannot be opened"),
        (lambda: io.BytesIO(b"%PDF-1.7"), "cannot be opened"),
    ],
)
def test_what_is_refused(make: Callable[[], io.BytesIO], words: str) -> None:
    with pytest.raises(ArchiveRefused, match=words):
        list(entries(make(), Limits(files=5)))


ODD = bytes(range(256)) * 50_000


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("b.zip", b"PK\x03\x04", "archive itself"),
        ("b.pdf", made(("a", b"x")).getvalue(), "archive itself"),
        ("b.rar", b"x", "archive itself"),
        ("SK/Notulen.docx", made(("a", b"x")).getvalue(), "no PDF and no picture"),
        ("b.pdf", b"\x00" * 9_000_000, "far more"),
        ("b.pdf", ODD, "larger than 10 MB"),
    ],
)
def test_one_bad_file_is_left_out_and_the_rest_goes_on(name: str, data: bytes, words: str) -> None:
    found = list(entries(made(("a.pdf", b"a"), (name, data), ("c.pdf", b"c")), Limits(files=3)))
    assert found[::2] == [Entry("a.pdf", b"a"), Entry("c.pdf", b"c")]
    left = found[1]
    assert isinstance(left, LeftOut)
    assert left.path == name
    assert words in left.sentence


def test_a_file_that_lies_about_itself_is_left_out() -> None:
    (left,) = entries(lying(), Limits())
    assert isinstance(left, LeftOut)
    assert "damaged" in left.sentence


def test_the_whole_has_a_limit() -> None:
    files = [(f"{n}.pdf", bytes(range(256)) * 4) for n in range(4)]
    with pytest.raises(ArchiveRefused, match="Split it"):
        list(entries(made(*files), Limits(total=2000)))


def test_files_of_people_come_out_with_their_paths() -> None:
    archive = made(
        ("ZI/", b""),
        ("ZI/a.pdf", b"a"),
        ("__MACOSX/ZI/._a.pdf", b"x"),
        ("ZI/.DS_Store", b"x"),
        ("ZI/~$b.docx", b"x"),
        ("c.pdf", b"c"),
    )
    assert list(entries(archive, Limits())) == [Entry("ZI/a.pdf", b"a"), Entry("c.pdf", b"c")]
