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
    joined = "".join(fold(clean_text(str(text), lines=False)).split())
    # Letters that were apart may have met.
    return "".join(fold(joined.lstrip("#").upper()).split())
