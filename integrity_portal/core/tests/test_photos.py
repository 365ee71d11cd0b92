"""What a photo knows beside its picture is not stored, and it stands upright."""

import hashlib
import io
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from integrity_portal.core.tests.test_files import pdf

pytestmark = pytest.mark.django_db

SECRET = "RAHASIA-7.8166S-112.0119E"
RED, BLUE = (200, 20, 20), (20, 20, 200)
ALL = ("JPEG", "PNG", "WEBP")
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def picture(mode: str = "RGB") -> Image.Image:
    """As the sensor saw it: lying on its side, the upper half of the scene (red) to the left."""
    image = Image.new("RGB", (80, 40), BLUE)
    image.paste(RED, (0, 0, 40, 40))
    return image.convert(mode)


def exif(orientation: int = 6) -> Image.Exif:
    """Where, when, by which device, and turned by 90 degrees."""
    data = Image.Exif()
    data[Base.Orientation] = orientation
    data[Base.Make] = data[Base.ImageDescription] = SECRET
    data[Base.DateTime] = "2026:11:21 10:42:00"
    gps = data.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "S", (7.0, 48.0, 59.9)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (112.0, 0.0, 42.8)
    gps[GPS.GPSDateStamp] = SECRET
    return data


def told(kind: str, image: Image.Image | None = None) -> bytes:
    """A photo with everything a camera may write into one."""
    out = io.BytesIO()
    options: dict[str, Any] = {"exif": exif()}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Location", SECRET)
        text.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>", zip=True)
        options["pnginfo"] = text
    else:
        options["xmp"] = f"<x>{SECRET}</x>".encode()
    if kind == "JPEG":
        options |= {"comment": SECRET, "quality": 90}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options["icc_profile"] = profile + SECRET.encode()
    (image or picture()).save(out, kind, **options)
    return out.getvalue()


def receive(content: bytes, name: str = "foto.jpg") -> StoredFile:
    return files.receive(
        SimpleUploadedFile(name, content),
        rule=files.EVIDENCE,
        kind="test",
        government_id=1,
        by_user_id=None,
    )


def stored_bytes(row: StoredFile) -> bytes:
    with default_storage.open(row.key) as file:
        return file.read()


@pytest.mark.parametrize("kind", ALL)
def test_place_time_and_device_are_not_stored(kind: str) -> None:
    given = told(kind)
    assert SECRET.encode() in given
    before = Image.open(io.BytesIO(given))
    assert before.getexif().get_ifd(IFD.GPSInfo)[GPS.GPSLatitude][0] == 7

    kept = stored_bytes(receive(given))

    after = Image.open(io.BytesIO(kept))
    assert dict(after.getexif()) == {}
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop",
                               "background", "timestamp", "duration"}  # fmt: skip
    for marker in (SECRET.encode(), b"Exif", b"EXIF", b"eXIf", b"tEXt", b"iTXt", b"ICC", b"xmp"):
        assert marker not in kept


@pytest.mark.parametrize("kind", ALL)
def test_it_stands_upright(kind: str) -> None:
    row = receive(told(kind))
    assert row.name == f"foto.{ENDINGS[kind]}"
    image = Image.open(io.BytesIO(stored_bytes(row))).convert("RGB")

    assert image.format is None or image.format == kind
    assert image.size == (40, 80)
    for place, colour in (((20, 10), RED), ((20, 70), BLUE)):
        seen = image.getpixel(place)
        assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) < 12  # type: ignore[arg-type]


def test_size_and_hash_are_of_what_is_stored() -> None:
    given = told("JPEG")
    row = receive(given)
    kept = stored_bytes(row)

    assert row.sha256 == hashlib.sha256(kept).hexdigest() != hashlib.sha256(given).hexdigest()
    assert row.size == len(kept)
    assert row.content_type == "image/jpeg"


def test_a_pdf_stays_as_it_came() -> None:
    given = pdf(pages=2)
    row = receive(given, "surat.pdf")
    assert stored_bytes(row) == given
    assert row.sha256 == hashlib.sha256(given).hexdigest()


def noisy(size: tuple[int, int] = (400, 300)) -> Image.Image:
    return Image.effect_noise(size, 60).convert("RGB").resize(size)


@pytest.mark.parametrize("quality", [60, 95])
def test_a_photo_is_neither_blurred_nor_swollen(quality: int) -> None:
    out = io.BytesIO()
    noisy().save(out, "JPEG", quality=quality)

    kept = stored_bytes(receive(out.getvalue()))

    assert 0.8 < len(kept) / len(out.getvalue()) < 1.2
    first, second = (Image.open(io.BytesIO(data)).convert("L") for data in (out.getvalue(), kept))
    differences = [abs(a - b) for a, b in zip(first.tobytes(), second.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 1


def test_colours_mean_the_same_without_their_profile() -> None:
    """A profile whose red and blue have changed places: what is kept shows what was meant."""
    swapped = io.BytesIO()
    picture().save(swapped, "PNG", icc_profile=bgr_profile())

    image = Image.open(io.BytesIO(stored_bytes(receive(swapped.getvalue()))))

    red, _green, blue = image.getpixel((10, 20))  # type: ignore[misc]
    assert blue > 150 > 80 > red


def bgr_profile() -> bytes:
    """sRGB with the tags of its red and blue primaries exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return bytes(
        profile.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")
    )


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_picture_is_kept(mode: str) -> None:
    image = Image.new("I;16", (80, 40), 30_000) if mode == "I;16" else picture(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"

    kept = Image.open(io.BytesIO(stored_bytes(receive(told(kind, image)))))

    assert kept.size == (40, 80)
    assert kept.mode == {"CMYK": "RGB"}.get(mode, mode)


def test_transparency_stays() -> None:
    out = io.BytesIO()
    image = picture("P")
    image.save(out, "PNG", transparency=image.getpixel((10, 10)))
    kept = Image.open(io.BytesIO(stored_bytes(receive(out.getvalue()))))
    seen = kept.convert("RGBA")
    assert seen.getpixel((10, 10))[3] == 0  # type: ignore[index]
    assert seen.getpixel((70, 10))[3] == 255  # type: ignore[index]


def test_the_second_picture_inside_a_phones_photo_is_left_behind() -> None:
    out = io.BytesIO()
    second = Image.new("RGB", (16, 16), BLUE)
    picture().save(out, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(out.getvalue())).n_frames == 2  # type: ignore[attr-defined]

    kept = Image.open(io.BytesIO(stored_bytes(receive(out.getvalue()))))

    assert (kept.format, getattr(kept, "n_frames", 1)) == ("JPEG", 1)


def bomb(side: int) -> bytes:
    """A few kilobytes that say they are a huge picture."""
    header = side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
        for name, data in chunks
    )


def moving(kind: str) -> bytes:
    out = io.BytesIO()
    picture().save(out, kind, save_all=True, append_images=[Image.new("RGB", (80, 40), RED)])
    return out.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0" * 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bomb(9_000), "lebih dari 60 juta piksel. Ambil ulang"),
        (bomb(10_000), "lebih dari 60 juta piksel"),
        (bomb(50_000), "lebih dari 60 juta piksel"),
        (told("JPEG", noisy())[:-4000], "Ambil ulang foto itu, atau buka di ponsel"),
        (told("PNG", noisy())[:3000], "Ambil ulang foto itu, atau buka di ponsel"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 300, "tidak dapat dibuka"),
        (HEIC, "Kirim tangkapan layar foto itu, atau atur kamera"),
        (AVIF, "Kirim tangkapan layar foto itu, atau atur kamera"),
        (moving("PNG"), "Gambar bergerak tidak diterima"),
        (moving("WEBP"), "Gambar bergerak tidak diterima"),
    ],
    ids=["big", "warned", "bomb", "cut", "cut-png", "no-jpeg", "heic", "avif", "apng", "webp"],
)
def test_a_photo_that_cannot_be_kept_gets_a_sentence_and_leaves_nothing(
    content: bytes, sentence: str
) -> None:
    with pytest.raises(files.FileRefused, match=sentence):
        receive(content)
    assert not StoredFile.objects.exists()
