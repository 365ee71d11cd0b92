"""The one address people see: is it free, and does it answer?"""

import contextlib
import errno
import http.client
import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from setup_portal import sentences
from setup_portal.sentences import Trouble


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def reached_at(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104


def read_address(environ: Mapping[str, str]) -> Address:
    value = environ.get("PORT") or "8000"
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise Trouble(sentences.bad_port(value))
    return Address(environ.get("HOST") or "127.0.0.1", int(value))


def require_free(address: Address) -> None:
    """Also on the other loopback address, which a browser may try first for `localhost`."""
    try_to_bind(address.host, address.port)
    if address.host == "127.0.0.1" and answers(("::1", address.port)):
        raise Trouble(sentences.port_taken(address.port))


def try_to_bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            raise Trouble(sentences.port_forbidden(port)) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(sentences.port_taken(port)) from None
            raise Trouble(sentences.bad_host(host)) from None


def answers(where: tuple[str, int]) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(where, timeout=1):
        return True
    return False


class ReadyWatch(threading.Thread):
    """Asks `/healthz` until it answers; `ready` is set then."""

    def __init__(self, address: Address) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.ready = threading.Event()
        self.given_up = threading.Event()

    def run(self) -> None:
        while not self.given_up.wait(0.1):
            if self._is_healthy():
                self.ready.set()
                return

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection(
            self.address.reached_at, self.address.port, timeout=10
        )
        try:
            connection.request(
                "GET", "/healthz", headers={"Host": f"localhost:{self.address.port}"}
            )
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def shared_memory() -> list[str]:
    """gunicorn's heartbeat files belong in memory, where the system has such a place."""
    return ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []
