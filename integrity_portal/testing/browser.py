"""A real Chromium for journeys (marker `e2e`): a plugin loaded by pytest.ini.

    @pytest.mark.e2e
    def test_something(browser_page, cast):
        page = browser_page(cast[Role.OPD_HEAD], width=320)
        page.goto("/app/workplans/")
        assert_accessible(page)

`browser_page(membership)` opens a page that is signed in for that office; without a membership it
is a stranger's. Console errors and requests to other hosts fail the test. `CHROMIUM` names another
browser than the system's. Django is imported inside fixtures only: plugins load before settings.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test.testcases import LiveServerThread
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

NO_BROWSER = (
    "These tests drive a real Chromium and found none: install the system's `chromium`, "
    "or set CHROMIUM to the path of a browser."
)
# The packaged axe takes what a closed <details> holds for visible and lays it over the page.
HIDE_CLOSED = """() => document
    .querySelectorAll("details:not([open]) > *:not(summary)")
    .forEach((part) => { part.dataset.wasShown = part.style.display; part.style.display = "none"; })
"""
SHOW_CLOSED = """() => document
    .querySelectorAll("[data-was-shown]")
    .forEach((part) => { part.style.display = part.dataset.wasShown; delete part.dataset.wasShown; })
"""
# Plain words (letters only, up to 20) that a narrow column cut in two, with where they stand.
BROKEN_WORDS = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const hidden = node.parentElement.closest("textarea, thead, .visually-hidden");
    if (!node.parentElement.checkVisibility() || (hidden && hidden.clientWidth <= 1)) continue;
    for (const word of node.data.matchAll(/(?<!\S)\p{L}{3,20}(?!\S)/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set(Array.from(range.getClientRects(), (box) => Math.round(box.top)));
      if (lines.size > 1) found.push(`${word[0]} in ${node.parentElement.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
}"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium_path() -> str:
    """The named browser, else the system's; empty when there is none."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return named if os.access(named, os.X_OK) else ""
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def assert_accessible(page: Page, *, ignore: tuple[str, ...] = ()) -> None:
    """No WCAG 2.2 AA finding of axe, and nothing wider than the screen."""
    from axe_core_python.sync_playwright import Axe

    rules = {rule: {"enabled": False} for rule in ignore}
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": rules}
    # The package prints Python's False into a script; JSON is what a browser reads.
    page.evaluate(Axe().axe_script)
    page.evaluate(HIDE_CLOSED)
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    page.evaluate(SHOW_CLOSED)
    said = [
        f"{finding['id']}: {finding['help']} {[node['html'][:160] for node in finding['nodes']]}"
        for finding in found
    ]
    assert not said, "\n".join(said)
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """Nobody has to scroll sideways, or reads a word cut in two."""
    measure = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    needed, there = page.evaluate(measure)
    assert needed <= there, f"{page.url} needs {needed} px, the screen has {there} px"
    broken = page.evaluate(BROKEN_WORDS)
    assert not broken, f"{page.url} cuts words: {broken[:10]}"


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    path = chromium_path()
    if not path:
        pytest.fail(NO_BROWSER, pytrace=False)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; the ORM must not mistake us for a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture
def served(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """The address of the running portal; static files by WhiteNoise, as in a deployment.

    The portal works within the test's own transaction, one request at a time, which spares
    emptying all tables. `django_db(transaction=True)` lets it commit on connections of its own.
    """
    mark = request.node.get_closest_marker("django_db")
    commits = mark is not None and mark.kwargs.get("transaction", False)
    request.getfixturevalue("transactional_db" if commits else "db")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost"]
    with listening() if commits else listening_in_this_transaction() as address:
        yield address


@contextmanager
def listening() -> Iterator[str]:
    from django.test.testcases import LiveServerThread

    # The static handler that Django would put in between is WhiteNoise's work here.
    with running(LiveServerThread("localhost", lambda application: application)) as address:  # type: ignore[arg-type]
        yield address


@contextmanager
def listening_in_this_transaction() -> Iterator[str]:
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.db import connections
    from django.test.testcases import LiveServerThread

    class Sharing(ThreadedWSGIServer):
        def _close_connections(self) -> None:
            """The connection is the test's."""

    connection = connections["default"]
    connection.inc_thread_sharing()
    thread = LiveServerThread("localhost", one_at_a_time, {"default": connection})  # type: ignore[arg-type]
    thread.server_class = Sharing  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection, "close", lambda: None)
        with running(thread) as address:
            yield address
    connection.dec_thread_sharing()


@contextmanager
def running(thread: LiveServerThread) -> Iterator[str]:
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()


def one_at_a_time(application: Callable[..., Any]) -> Callable[..., Any]:
    """The same application, for threads that share one connection and so one transaction."""
    alone = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with alone:
            response = application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                response.close()

    return answer


@pytest.fixture
def browser_page(
    _chromium: Browser, served: str, client_as: Callable[[Any], Any]
) -> Iterator[Callable[..., Page]]:
    """`browser_page(membership=None, width=1280, height=900, **context options)`."""
    contexts, troubles = [], list[str]()

    def console(message: ConsoleMessage) -> None:
        # A refused page is logged by the browser as well; only what a page consists of counts.
        where = message.location.get("url", "")
        refused = "Failed to load resource" in message.text and "/static/" not in where
        if message.type == "error" and not refused:
            troubles.append(f"console: {message.text} ({where})")

    def stranger(request: Request) -> None:
        # The browser's own viewer of PDFs is made of pages of its own.
        own = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
        if not request.url.startswith((served, *own)):
            troubles.append(f"a request left the portal: {request.url}")

    def open_page(
        membership: Any = None, *, width: int = 1280, height: int = 900, **options: Any
    ) -> Page:
        context = _chromium.new_context(
            base_url=served, viewport={"width": width, "height": height}, locale="id-ID", **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if membership is not None:
            cookie = client_as(membership).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": served}])
        page = context.new_page()
        page.on("console", console)
        page.on("request", stranger)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)
