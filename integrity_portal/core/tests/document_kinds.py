"""A kind of document that tests can shape: chapters come from its parameters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrity_portal.core.documents import registry
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, Frame
from integrity_portal.core.models import Document

NAME = "core.uji"
TEMPLATE = """{% extends "documents/chapter.html" %}
{% block body %}
{% for text in texts %}<p class="page">{{ text }}</p>{% endfor %}
<p><a href="chapter:{{ link }}">lanjut</a></p>
{% endblock %}
{% block styles %}.page + .page { break-before: page; }{% endblock %}
"""


def chapters(document: Document) -> list[ChapterSpec]:
    given = document.params["chapters"]
    keys = list(given)
    return [
        ChapterSpec(
            key=key,
            title=f"Bab {key}",
            template="uji/chapter.html",
            context={"texts": texts, "link": keys[-1]},
        )
        for key, texts in given.items()
    ]


def may_read(membership: Any, document: Document) -> bool:
    return bool(membership.role == document.variant)


@pytest.fixture
def kind(settings: Any, tmp_path: Path) -> Iterator[DocumentKind]:
    folder = tmp_path / "templates"
    (folder / "uji").mkdir(parents=True)
    (folder / "uji" / "chapter.html").write_text(TEMPLATE)
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}
    ]
    made = DocumentKind(
        name=NAME,
        chapters=chapters,
        may_read=may_read,
        label="Dokumen uji",
        variants={"mayor": "satu", "sekda": "dua"},
        may_request=lambda membership, variant: membership.role == variant,
        frame=lambda document: Frame(issuer="Pemerintah Kota Uji", is_sample=True),
        is_confidential=False,
    )
    registry.register(made)
    yield made
    registry._kinds.pop(NAME)
