"""Photos as they may be kept: upright, and without what the camera wrote into them.

A photo knows where and when it was taken, by which device, and often carries a small copy of what
was cut off. Only the pixels are written anew, in sRGB, so that no colour profile is needed either.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps, JpegImagePlugin, UnidentifiedImageError

# A phone's largest ordinary photo has 50 million; decoded it takes four bytes for each.
MAX_PIXELS = 60_000_000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# What phones make and this portal cannot read.
NOT_READ = frozenset({"image/heic", "image/heif", "image/avif"})
PROFILE_BYTES = 1024 * 1024
JPEG_MODES = ("L", "RGB")
_DECODING = Lock()


class PhotoRefused(Exception):
    """The sentence for the person is the message."""


def upright_and_bare(photo: BinaryIO, content_type: str) -> io.BytesIO:
    """The same picture in the same format, ready to be read from its start."""
    name = FORMATS[content_type]
    photo.seek(0)
    try:
        with _one_whole_photo(), Image.open(photo, formats=[name]) as image:
            return _written(image, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, MemoryError) as error:
        raise PhotoRefused(
            _(
                "The photo cannot be opened; it may be damaged. Take it again, or open it on your "
                "phone and send a screenshot of it."
            )
        ) from error


@contextmanager
def _one_whole_photo() -> Iterator[None]:
    """One at a time, so that a process never holds two decoded ones, and none that was cut off:
    the document engine lets Pillow fill up what is missing, which no evidence may be."""
    with _DECODING:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def not_read() -> PhotoRefused:
    """For the formats of newer phones."""
    return PhotoRefused(
        _(
            "Photos in HEIC or AVIF cannot be read here. Send a screenshot of the photo, or set "
            "your phone's camera to JPEG (“most compatible”) and take it again."
        )
    )


def _too_large() -> PhotoRefused:
    return PhotoRefused(
        _(
            "The photo has more than 60 million pixels. Take it again at a lower resolution, or "
            "send a screenshot of it."
        )
    )


def _written(image: Image.Image, name: str) -> io.BytesIO:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large()
    # The second pictures that phones append to a JPEG are left behind.
    if getattr(image, "is_animated", False) and name != "JPEG":
        raise PhotoRefused(_("Moving pictures are not accepted. Send a photo that stands still."))
    options = _options(image, name)
    ImageOps.exif_transpose(image, in_place=True)
    bare = _in_srgb(image)
    if name == "JPEG" and bare.mode not in JPEG_MODES:
        bare, options = bare.convert("RGB"), {"quality": 92}
    # Pillow writes some of what it has read back by itself; only transparency belongs to the picture.
    bare.info = {key: value for key, value in bare.info.items() if key == "transparency"}
    out = io.BytesIO()
    bare.save(out, name, **options)
    out.seek(0)
    return out


def _options(image: Image.Image, name: str) -> dict[str, Any]:
    """As good as it came: a JPEG with its own tables, neither blurred nor swollen."""
    if name == "PNG":
        return {}
    if name == "WEBP":
        return {"quality": 92, "method": 4}
    tables = getattr(image, "quantization", None)
    sampling = JpegImagePlugin.get_sampling(image)
    if not tables or image.mode not in JPEG_MODES:
        return {"quality": 92}
    kept = {"qtables": tables, "optimize": True}
    return kept | ({"subsampling": sampling} if sampling >= 0 else {})


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours that the profile means; a profile that cannot be read is no reason to refuse."""
    profile = image.info.get("icc_profile")
    if not profile or len(profile) > PROFILE_BYTES or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        meant = ImageCms.profileToProfile(
            image, given, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image
    return meant or image
