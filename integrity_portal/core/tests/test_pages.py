"""Base pages and error pages: no inline code, a language, a way on; errors need no context."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from lxml import html

ERRORS = ["400", "403", "403_csrf", "404", "413", "413_files", "429", "500", "503"]
DIST = Path(settings.BASE_DIR) / "static" / "dist"


def assert_fits_the_policy(page: html.HtmlElement) -> None:
    assert not page.xpath("//@style | //style")
    assert not page.xpath("//script[not(@src) and not(@type='application/json')]")
    assert not [name for e in page.iter() for name in e.attrib if name.startswith("on")]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_nothing(name: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(f"{name}.html")
    page = html.document_fromstring(text)
    assert_fits_the_policy(page)
    assert page.get("lang") == language
    assert page.xpath("//h1")[0].text_content().strip()
    assert page.xpath("//title")[0].text.strip()
    assert page.xpath("//a[@href='/']")
    assert not re.search(r"{{|{%|%\(|\{name\}", text)


def test_the_503_page_keeps_what_was_typed_and_sends_it_again() -> None:
    fields = [("story", "\nfirst\n</textarea><script>x</script>"), ("tags", "a"), ("tags", "b")]
    context = {"fields": fields, "action": "/lapor/?x=1", "csrf_token": "abc", "was_sending": True}
    with translation.override("en"):
        page = html.document_fromstring(render_to_string("503.html", context))
    assert_fits_the_policy(page)
    assert "NOT saved" in page.xpath("//h1")[0].text
    form = page.xpath("//form")[0]
    assert (form.get("method"), form.get("action")) == ("post", "/lapor/?x=1")
    assert form.xpath(".//input[@name='csrfmiddlewaretoken']")[0].get("value") == "abc"
    sent = [(area.get("name"), area.text) for area in form.xpath(".//textarea")]
    assert [name for name, _text in sent] == ["story", "tags", "tags"]
    assert "</textarea><script>x</script>" in sent[0][1]
    assert form.xpath(".//button")


def test_a_missing_build_does_not_break_error_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(path: str) -> str:
        raise ValueError(path)

    monkeypatch.setattr("integrity_portal.core.templatetags.portal.static", missing)
    assert "dist/public.css" in render_to_string("500.html")


def test_429_says_when_to_come_back() -> None:
    with translation.override("en"):
        assert "in 1 minute." in render_to_string("429.html", {"minutes": 1})
        assert "in 5 minutes." in render_to_string("429.html", {"minutes": 5})


def test_403_repeats_the_sentence_of_the_rule() -> None:
    text = render_to_string("403.html", {"sentence": "Hanya <TPI> yang menilai."})
    assert "Hanya &lt;TPI&gt; yang menilai." in text


@pytest.mark.parametrize("name", ["public.html", "app.html", "styleguide.html"])
def test_base_pages_fit_the_policy(name: str) -> None:
    context = {}
    if name == "styleguide.html":
        from integrity_portal.core.styleguide import pieces

        context = pieces()
    with translation.override("id"):
        page = html.document_fromstring(render_to_string(name, context))
    assert_fits_the_policy(page)
    assert page.xpath("//a[@href='#main']")
    assert page.get_element_by_id("main").tag == "main"
    if name == "public.html":
        assert not page.xpath("//script")
    if name == "styleguide.html":
        assert page.xpath("//title")[0].text.startswith("Galat: ")
        ids = page.xpath("//main//@id")
        assert len(ids) == len(set(ids))


@pytest.mark.skipif(not DIST.exists(), reason="the front end is not built: npm run build")
def test_style_sheets_stay_within_their_budgets() -> None:
    public = (DIST / "public.css").read_bytes()
    assert len(gzip.compress(public)) < 6_000
    assert b"url(" not in public
    assert b"@import" not in public
    signed_in = sum(
        len(gzip.compress((DIST / name).read_bytes())) for name in ("app.css", "app.js")
    )
    assert signed_in < 45_000
    assert b"//" not in public
