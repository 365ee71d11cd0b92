"""Links through a proxy: it is asked for the judged address, and what it says is not believed."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from integrity_portal.core.fetching import UnableToFetch, fetch
from integrity_portal.core.tunnels import proxy_parts


class Web(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"SK")

    def log_message(self, *args: Any) -> None:
        return


class Proxy(BaseHTTPRequestHandler):
    """Leads every tunnel to the web server of the test; `asked` is what it was asked for."""

    asked: list[tuple[str, str | None]]
    answer: bytes
    web: tuple[str, int]

    def do_CONNECT(self) -> None:
        type(self).asked.append((self.path, self.headers.get("Proxy-Authorization")))
        self.wfile.write(type(self).answer)
        if b" 200 " not in type(self).answer:
            return
        with socket.create_connection(type(self).web, timeout=5) as there:
            there.sendall(self.connection.recv(65536))
            while data := there.recv(65536):
                self.connection.sendall(data)

    def log_message(self, *args: Any) -> None:
        return


def started(handler: type[BaseHTTPRequestHandler]) -> tuple[ThreadingHTTPServer, threading.Thread]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    return http, thread


@pytest.fixture
def proxy(settings: Any) -> Iterator[type[Proxy]]:
    web, web_thread = started(Web)

    class Own(Proxy):
        asked = []
        answer = b"HTTP/1.1 200 Connection established\r\n\r\n"
        web = ("127.0.0.1", 0)

    Own.web = ("127.0.0.1", web.server_address[1])
    http, thread = started(Own)
    settings.LINK_PROXY = f"http://portal:a%20b@127.0.0.1:{http.server_address[1]}"
    yield Own
    for server, running in ((http, thread), (web, web_thread)):
        server.shutdown()
        server.server_close()
        running.join()


def anywhere(address: str, port: int) -> bool:
    return True


def test_the_proxy_is_asked_for_the_judged_address(proxy: type[Proxy]) -> None:
    found = fetch("http://localhost/sk.pdf", may_reach=anywhere)
    assert found.size == 2
    target, password = proxy.asked[0]
    assert target in ("127.0.0.1:80", "[::1]:80")
    assert password == "Basic cG9ydGFsOmEgYg=="


def test_the_own_network_is_refused_before_the_proxy_is_asked(proxy: type[Proxy]) -> None:
    with pytest.raises(UnableToFetch, match="NotPublic"):
        fetch("http://127.0.0.1/secret")
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 407 Who are you\r\n\r\n", "Proxy407"),
        (b"HTTP/1.1 403 No\r\nX: y\r\n\r\n", "Proxy403"),
        (b"SSH-2.0-nonsense\r\n\r\n", "ProxyAnswer"),
        (b"", "ProxyAnswer"),
        (b"HTTP/1.1 200 OK\r\n" + b"x" * 9000, "ProxyAnswer"),
    ],
)
def test_a_proxy_that_refuses_is_named(proxy: type[Proxy], answer: bytes, code: str) -> None:
    proxy.answer = answer
    with pytest.raises(UnableToFetch, match=code) as refused:
        fetch("http://127.0.0.1/", may_reach=anywhere)
    assert not refused.value.is_final


@pytest.mark.parametrize(
    "proxy", ["https://a:3128", "socks5://a", "a:3128", "http://", "http://a/x", "http://a:99999"]
)
def test_only_a_plain_http_proxy_can_be_set(proxy: str) -> None:
    with pytest.raises(ValueError, match=r"proxy|[Pp]ort"):
        proxy_parts(proxy)
