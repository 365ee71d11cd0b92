"""The private Redis: a socket, no TCP, a queue that may be lost (the truth is in PostgreSQL)."""

import signal
import socket
from collections.abc import Sequence

from setup_portal import binaries
from setup_portal.accounts import Account
from setup_portal.checkout import Places
from setup_portal.processes import Register
from setup_portal.service import Service


class Broker(Service):
    name = "Redis"
    stop_signal = signal.SIGTERM

    def __init__(self, places: Places, account: Account, register: Register) -> None:
        super().__init__(
            home=places.state / "redis",
            log=places.logs / "redis.log",
            account=account,
            register=register,
        )
        self.socket = places.broker_socket

    def argv(self) -> Sequence[str]:
        program = binaries.find_program("redis-server") or "redis-server"
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "daemonize": "no",
            "appendonly": "no",
            "stop-writes-on-bgsave-error": "no",
            "loglevel": "warning",
        }
        return [program, *(word for key, value in settings.items() for word in (f"--{key}", value))]

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
