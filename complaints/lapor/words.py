"""Words of other systems, compared without capitals, points and blanks too many."""

import re

from integrity_portal.core.parsing import clean_text, fold

_SIGNS = re.compile(r"[.,;:!?\"'“”‘’()\[\]_*]+")
_SLASH = re.compile(r"\s*/\s*")


def plain(text: str) -> str:
    cleaned = _SIGNS.sub(" ", fold(clean_text(str(text), lines=False)).casefold())
    return " ".join(_SLASH.sub("/", cleaned).split())


def tracking_id(text: str) -> str:
    """A number as it is compared: no blanks, no leading #, capitals."""
    return "".join(fold(clean_text(str(text), lines=False)).split()).lstrip("#").upper()
