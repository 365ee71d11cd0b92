"""The private services of one state folder: those that DATABASE_URL and REDIS_URL do not replace."""

import os
import shutil
import stat
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from setup_portal import accounts, sentences
from setup_portal.accounts import Account
from setup_portal.broker import Broker
from setup_portal.checkout import Places
from setup_portal.cluster import Cluster
from setup_portal.processes import Register
from setup_portal.sentences import Trouble, say
from setup_portal.stopping import requests

TOO_OFTEN = 5
WITHIN = 60


class Services:
    def __init__(self, places: Places, *, for_tests: bool) -> None:
        self.places = places
        self.register = Register(places)
        self.cluster: Cluster | None = None
        self.broker: Broker | None = None
        self.deaths: deque[float] = deque(maxlen=TOO_OFTEN)
        if not os.environ.get("DATABASE_URL"):
            account = accounts.service_account("postgres", "PostgreSQL")
            self.cluster = Cluster(places, account, self.register, for_tests=for_tests)
        if not os.environ.get("REDIS_URL"):
            self.broker = Broker(places, accounts.service_account("redis", "Redis"), self.register)

    def check(self) -> None:
        """Whatever can be refused before the slow steps begin."""
        for service in (self.cluster, self.broker):
            if service is not None:
                accounts.require_reachable(service.account, self.places.state)

    def start(self) -> None:
        self._make_sockets()
        if self.broker is not None:
            self.broker.start()
        if self.cluster is not None:
            self.cluster.start()

    def _make_sockets(self) -> None:
        me = accounts.invoker()
        make_own_folder(self.places.sockets, me)
        for service, folder in (
            (self.cluster, self.places.database_socket),
            (self.broker, self.places.broker_socket.parent),
        ):
            if service is not None:
                service.account.own(folder)

    def look_after(self) -> None:
        """Called again and again while the portal runs."""
        if self.cluster is not None and self.cluster.has_ended():
            raise Trouble(
                sentences.service_died("PostgreSQL", self.cluster.last_words(), self.cluster.log)
            )
        if self.broker is not None and self.broker.has_ended():
            self.deaths.append(time.monotonic())
            if len(self.deaths) == TOO_OFTEN and self.deaths[-1] - self.deaths[0] < WITHIN:
                raise Trouble(
                    sentences.service_died("Redis", self.broker.last_words(), self.broker.log)
                )
            say("Redis stopped unexpectedly and is started again.")
            self.broker.spawn()

    def stop(self) -> None:
        for service in (self.broker, self.cluster):
            if service is not None:
                service.stop()
        shutil.rmtree(self.places.sockets, ignore_errors=True)
        self.register.file.unlink(missing_ok=True)


def make_own_folder(folder: Path, me: Account) -> None:
    """In a folder everybody may write to, a name may have been taken by somebody else."""
    mode = 0o711 if me.uid == 0 else 0o700
    with suppress(FileExistsError):
        folder.mkdir(mode=mode)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != me.uid:
        raise Trouble(sentences.foreign_folder(folder))
    folder.chmod(mode)


@contextmanager
def running_services(services: Services) -> Iterator[None]:
    try:
        with requests.held():
            services.start()
        requests.check()
        yield
    finally:
        with requests.held():
            services.stop()
