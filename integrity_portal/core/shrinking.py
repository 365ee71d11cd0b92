"""Smaller copies of scans and photos: the pictures of a PDF are written anew, its words stay as
they are; a photo becomes a JPEG that is still read on paper."""

import io
from collections.abc import Iterator
from typing import BinaryIO

import pikepdf
from PIL import Image

from integrity_portal.core.photos import MAX_PIXELS

# An A4 page read at about 170 dots per inch; legible, also for a stamp.
LONGEST = 2000
QUALITY = 70
# Below this a picture is a logo, not a scan.
SMALL_BYTES = 50_000
# A copy that saves less is not worth a second file.
WORTH = 0.7


def smaller_pdf(original: BinaryIO, size: int) -> bytes | None:
    """None where nothing worth it can be gained, or where a signature would break.

    Raises pikepdf.PdfError for what cannot be read.
    """
    with pikepdf.open(original) as pdf:
        if _is_signed(pdf):
            return None
        changed = sum(_rewrite(picture) for picture in list(_pictures(pdf)))
        if not changed:
            return None
        pages = len(pdf.pages)
        written = io.BytesIO()
        pdf.save(
            written,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    data = written.getvalue()
    if len(data) > size * WORTH:
        return None
    with pikepdf.open(io.BytesIO(data)) as again:
        return data if len(again.pages) == pages else None


def smaller_photo(original: BinaryIO, size: int) -> bytes | None:
    """A JPEG that shows the same; None where nothing worth it can be gained, or where parts of the
    picture are transparent.

    Raises OSError for what cannot be read.
    """
    with Image.open(original, formats=["JPEG", "PNG"]) as image:
        if image.width * image.height > MAX_PIXELS or image.has_transparency_data:
            return None
        image.draft("RGB", (LONGEST, LONGEST))
        plain = image if image.mode in ("L", "RGB") else image.convert("RGB")
        written = _written(plain)
    data = written[0] if written else None
    return data if data and len(data) <= size * WORTH else None


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and form.get("/SigFlags"):
        return True
    return any(
        isinstance(one, pikepdf.Dictionary) and str(one.get("/Type", "")) == "/Sig"
        for one in pdf.objects
    )


def _pictures(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and str(one.get("/Subtype", "")) == "/Image":
            yield one


def _rewrite(picture: pikepdf.Stream) -> bool:
    """Whether this picture became smaller; what is odd in any way stays as it is."""
    raw = len(picture.read_raw_bytes())
    if raw < SMALL_BYTES or not _is_plain(picture):
        return False
    try:
        image = pikepdf.PdfImage(picture).as_pil_image()
    except (pikepdf.PdfError, ValueError, NotImplementedError, OSError, RuntimeError):
        return False
    written = _written(image)
    if written is None or len(written[0]) >= raw * WORTH:
        return False
    data, width, height, space = written
    picture.write(data, filter=pikepdf.Name.DCTDecode)
    picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
    picture.ColorSpace = pikepdf.Name(space)
    for name in ("/DecodeParms", "/Decode", "/Intent"):
        if name in picture:
            del picture[name]
    return True


def _is_plain(picture: pikepdf.Stream) -> bool:
    """A colour or grey scan without masks; one bit per dot is small already."""
    if any(name in picture for name in ("/SMask", "/Mask", "/ImageMask", "/Decode")):
        return False
    pixels = int(picture.get("/Width", 0)) * int(picture.get("/Height", 0))
    return int(picture.get("/BitsPerComponent", 1)) == 8 and 0 < pixels <= MAX_PIXELS


def _written(image: Image.Image) -> tuple[bytes, int, int, str] | None:
    if image.mode not in ("L", "RGB"):
        return None
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=QUALITY, optimize=True)
    space = "/DeviceGray" if image.mode == "L" else "/DeviceRGB"
    return kept.getvalue(), image.width, image.height, space
