"""What comes after somebody has proven again who he is: each app says it for its own pages."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

_sentences: dict[str, Any] = {}


def register_proof(url_name: str, sentence: Any) -> None:
    """`sentence` (lazy text) stands on the page that asks again before `url_name` is opened."""
    _sentences[url_name] = sentence


def sentence_before(address: str) -> Any:
    """Empty for addresses that nobody has registered."""
    try:
        found = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return ""
    return _sentences.get(found.view_name, "")
