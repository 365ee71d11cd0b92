"""Reading an address that somebody typed: never into the own network, little, and soon."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from integrity_portal.core import fetching
from integrity_portal.core.fetching import UnableToFetch, fetch, is_public, refuse_unsafe


class Server:
    """A web server on this machine; `pages` map a path to what it does."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.seen: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.seen.append(dict(self.headers))
                server.pages[self.path](self)

            def log_message(self, *args: Any) -> None:
                return

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def says(self, path: str, body: bytes, kind: str = "application/pdf", **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer
        return self.url + path

    def leads(self, path: str, target: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", target)
            handler.end_headers()

        self.pages[path] = answer
        return self.url + path


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield found
    found.http.shutdown()
    found.http.server_close()
    thread.join()


def anywhere(address: str, port: int) -> bool:
    return True


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://a.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https:///nowhere",
        "https://user:pass@a.example/",
        "https://user@a.example/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example/a b",
        "https://a.example/\r\nHost: b",
        "https://[::1/",
        f"https://a.example/{'x' * 1000}",
    ],
)
def test_only_plain_web_addresses(url: str) -> None:
    with pytest.raises(UnableToFetch) as refused:
        refuse_unsafe(url)
    assert refused.value.is_final


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "2001:db8::1",
        "2001::1",
    ],
)
def test_the_own_network_is_never_reached(address: str) -> None:
    assert not is_public(address, 443)


def test_public_servers_on_the_usual_ports() -> None:
    assert is_public("103.10.20.30", 443)
    assert is_public("2404:6800:4003::1", 80)
    assert not is_public("103.10.20.30", 5432)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_a_name_that_leads_to_ourselves_is_refused(host: str) -> None:
    with pytest.raises(UnableToFetch) as refused:
        fetch(f"http://{host}/")
    assert refused.value.code in ("NotPublic", "NoSuchHost")


def test_the_bytes_are_hashed_and_nothing_about_us_is_sent(server: Server) -> None:
    url = server.says("/sk.pdf?x=1", b"%PDF-1.7", Set_Cookie="a=b")
    found = fetch(url, may_reach=anywhere)
    assert found.fingerprint == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert (found.content_type, found.size) == ("application/pdf", 8)
    fetch(url, may_reach=anywhere)
    names = {name.lower() for headers in server.seen for name in headers}
    assert names == {"host", "user-agent", "accept", "accept-encoding"}


def test_every_hop_is_judged(server: Server) -> None:
    asked: list[str] = []

    def first_only(address: str, port: int) -> bool:
        asked.append(address)
        return len(asked) == 1

    server.says("/inside", b"secret")
    url = server.leads("/out", "/inside")
    with pytest.raises(UnableToFetch, match="NotPublic"):
        fetch(url, may_reach=first_only)
    assert len(server.seen) == 1
    server.leads("/file", "file:///etc/passwd")
    with pytest.raises(UnableToFetch, match="Address"):
        fetch(server.url + "/file", may_reach=anywhere)


def test_the_connection_goes_to_the_address_that_was_judged(server: Server) -> None:
    """A name that answers otherwise the second time is not asked a second time."""
    found: list[str] = []

    def judged(address: str, port: int) -> bool:
        found.append(address)
        return True

    port = server.http.server_address[1]
    server.says("/x", b"x")
    fetch(f"http://127.0.0.1:{port}/x", may_reach=judged)
    assert found == ["127.0.0.1"]


def test_a_circle_of_redirects_ends(server: Server) -> None:
    url = server.leads("/a", "/a")
    with pytest.raises(UnableToFetch, match="Redirects"):
        fetch(url, may_reach=anywhere)
    assert len(server.seen) == fetching.MOST_REDIRECTS + 1


def test_too_much_and_too_slow_are_given_up(server: Server, monkeypatch: Any) -> None:
    url = server.says("/big", b"x" * 5000)
    with pytest.raises(UnableToFetch, match="TooLarge"):
        fetch(url, may_reach=anywhere, most=1000)
    stop = threading.Event()

    def drips(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        stop.wait(30)

    server.pages["/slow"] = drips
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    with pytest.raises(UnableToFetch):
        fetch(server.url + "/slow", may_reach=anywhere)
    stop.set()


@pytest.mark.parametrize(
    ("status", "final"), [(404, True), (410, True), (403, False), (500, False)]
)
def test_what_a_server_says_for_good(server: Server, status: int, final: bool) -> None:
    server.pages["/x"] = lambda handler: handler.send_error(status)
    with pytest.raises(UnableToFetch, match=f"Status{status}") as refused:
        fetch(server.url + "/x", may_reach=anywhere)
    assert refused.value.is_final == final


def test_of_a_page_the_words_count(server: Server) -> None:
    page = "<html><script nonce='{0}'>x={0}</script><p class='{0}'>SK  Tim</p><style>{0}</style>"
    found = [
        fetch(server.says(f"/{n}", page.format(n).encode(), "text/html"), may_reach=anywhere)
        for n in range(2)
    ]
    assert found[0].fingerprint == found[1].fingerprint
    other = server.says("/2", b"<p>SK Tim baru</p>", "text/html")
    assert fetch(other, may_reach=anywhere).fingerprint != found[0].fingerprint
