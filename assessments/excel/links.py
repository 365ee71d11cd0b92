"""The column “Link evidence”: addresses that are typed there, and those behind a text."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from assessments.excel.cells import is_error, shown, text_of
from assessments.excel.grid import Uncalculated
from integrity_portal.core.fetching import UnableToFetch, refuse_unsafe

_LINK = re.compile(r"https?://[^\s<>\"'“”]+", re.IGNORECASE)
LINKS_LIMIT = 30
LINES_LIMIT = 10


@dataclass(frozen=True)
class Found:
    """`others`: lines that are no address, as they stand there."""

    links: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def links_in(value: Any, behind: str) -> Found:
    """Of a cell and of the address to which it leads, each address once, in their order."""
    text = "" if isinstance(value, Uncalculated) or is_error(value) else text_of(value)
    typed = links_of(text)
    lines = (line.strip(" -–•*\t") for line in text.splitlines())
    others = tuple(line for line in lines if line and not _LINK.search(line))[:LINES_LIMIT]
    if not behind:
        return Found(typed[:LINKS_LIMIT], others, _no_text(value))
    if not _LINK.match(behind):
        remark = _(
            "The link behind “%(text)s” does not lead to the internet (%(target)s); it is left "
            "out. Add the document itself at the question."
        ) % {"text": shown(value), "target": shown(behind)}
        return Found(typed[:LINKS_LIMIT], (), (remark,))
    hidden = behind.replace(" ", "%20")
    kept = tuple(link for link in typed if not _is_cut(link, text, hidden))
    known = {_same(link) for link in kept}
    links = kept if _same(hidden) in known else (*kept, hidden)
    # The text is the name of the link then.
    return Found(links[:LINKS_LIMIT])


def links_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.rstrip(".,;)") for link in _LINK.findall(text)))


def is_safe(link: str) -> bool:
    """As a link that is typed at a question must be."""
    try:
        refuse_unsafe(link)
    except UnableToFetch:
        return False
    return True


def _no_text(value: Any) -> tuple[str, ...]:
    if isinstance(value, Uncalculated) or is_error(value):
        text = _("The column “Link evidence” holds %(found)s, no address; it is left out.")
        return (text % {"found": shown(value)},)
    return ()


def _is_cut(link: str, text: str, whole: str) -> bool:
    """Only the beginning of the address is shown, with dots behind it."""
    return whole.startswith(link.rstrip("…")) and (link.endswith("…") or f"{link}..." in text)


def _same(link: str) -> str:
    """Excel writes the same address with other escapes and a slash at its end."""
    return unquote(link).rstrip("/")
