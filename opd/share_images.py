"""Pictures of the same poster for social media: 1080×1080 and 1080×1920, drawn with Pillow. Pure."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH = 1080
# How high each is: a square for a feed, a tall one for a story.
SHAPES = {"square": 1080, "story": 1920}
INK, SOFT, WHITE, TINT = "#14232c", "#51606a", "#ffffff", "#e6f0f4"
MARGIN = 72
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Words:
    """`address` goes into the code, `short` is what people type."""

    government: str
    place: str
    number: str
    address: str
    short: str
    primary: str
    accent: str
    is_sample: bool = False


@cache
def _font(size: int, bold: bool) -> Font:
    names = (
        ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf")
        if bold
        else ("NotoSans-Regular.ttf", "DejaVuSans.ttf")
    )
    for name in names:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def share_image(words: Words, shape: str) -> bytes:
    """PNG without any data but the picture. Raises KeyError for an unknown shape."""
    height = SHAPES[shape]
    image = Image.new("RGB", (WIDTH, height), WHITE)
    pen = ImageDraw.Draw(image)
    top = _band(pen, words)
    tall = height > WIDTH
    top = _text(
        pen,
        "Ada pungutan, layanan buruk, atau usul?",
        68 if tall else 50,
        top + (90 if tall else 34),
        words.primary,
        True,
    )
    top = _text(
        pen, "Ceritakan di sini. Boleh tanpa nama.", 40 if tall else 32, top + 14, INK, False
    )
    side = 720 if tall else 430
    code = _code(words.address, side)
    left = (WIDTH - side) // 2 if tall else MARGIN
    top += 70 if tall else 30
    pen.rounded_rectangle(
        (left - 14, top - 14, left + side + 14, top + side + 14), 24, outline=words.accent, width=8
    )
    image.paste(code, (left, top))
    if tall:
        _beneath(pen, words, top + side + 60)
    else:
        _beside(pen, words, left + side + 50, top)
    _foot(pen, words, height)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _band(pen: ImageDraw.ImageDraw, words: Words) -> int:
    pen.rectangle((0, 0, WIDTH, 130), fill=words.primary)
    pen.rectangle((0, 130, WIDTH, 140), fill=words.accent)
    _text(pen, f"Pemerintah {words.government}", 40, 26, WHITE, True)
    _text(pen, "Layanan pengaduan resmi, gratis", 28, 78, WHITE, False)
    return 140


def _code(address: str, side: int) -> Image.Image:
    drawn = BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="png", border=2, scale=12)
    with Image.open(drawn) as code:
        return code.convert("RGB").resize((side, side), Image.Resampling.NEAREST)


def _beneath(pen: ImageDraw.ImageDraw, words: Words, top: int) -> None:
    top = _text(pen, words.place, 46, top, INK, True)
    top = _text(pen, f"Nomor {words.number}", 34, top + 6, SOFT, False)
    _text(pen, words.short, 48, top + 34, words.primary, True)


def _beside(pen: ImageDraw.ImageDraw, words: Words, left: int, top: int) -> None:
    top = _text(pen, words.place, 40, top, INK, True, left)
    top = _text(pen, f"Nomor {words.number}", 28, top + 10, SOFT, False, left)
    top = _text(pen, "Ketik di ponsel:", 28, top + 40, SOFT, False, left)
    _text(pen, words.short, 36, top + 4, words.primary, True, left)


def _foot(pen: ImageDraw.ImageDraw, words: Words, height: int) -> None:
    said = "Anda mendapat kode 16 angka untuk membaca jawabannya."
    said = f"Contoh · {said}" if words.is_sample else said
    pen.rectangle((0, height - 96, WIDTH, height), fill=TINT)
    _text(pen, said, 30, height - 70, INK, False)


def _text(
    pen: ImageDraw.ImageDraw,
    text: str,
    size: int,
    top: int,
    colour: str,
    bold: bool,
    left: int = MARGIN,
) -> int:
    """Wrapped at words, an address anywhere; answers where it ends."""
    font = _font(size, bold)
    for line in _lines(text, font, WIDTH - MARGIN - left):
        pen.text((left, top), line, font=font, fill=colour)
        top += round(size * 1.28)
    return top


def _lines(text: str, font: Font, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, font, width):
            tried = f"{lines[-1]} {piece}".strip()
            if font.getlength(tried) > width and lines[-1]:
                lines.append(piece)
            else:
                lines[-1] = tried
    return lines


def _pieces(word: str, font: Font, width: int) -> list[str]:
    """A word that is wider than the line, in parts that fit."""
    pieces = [""]
    for letter in word:
        if font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
