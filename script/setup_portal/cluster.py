"""The private PostgreSQL cluster: a socket, no TCP, no password.

The person who started it comes in as the role `portal` by the name the kernel vouches for (peer); the superuser
is reached only by the account that runs the server.
"""

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from setup_portal import accounts, binaries, sentences, stamps
from setup_portal.accounts import Account
from setup_portal.checkout import MACOS, Places
from setup_portal.environment import service_environment
from setup_portal.processes import Register
from setup_portal.sentences import Trouble
from setup_portal.service import Service
from setup_portal.steps import run_quietly

# PostgreSQL's log must never show a value that a person entered.
SILENT = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
GENERAL = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
}

ACCESS = "local all postgres peer map=admin\nlocal all all peer map=portal\n"
FIRST_SQL = r"""
SELECT 'CREATE ROLE portal LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal') \gexec
SELECT 'CREATE DATABASE portal OWNER portal' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portal') \gexec
"""


class Cluster(Service):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back, data are flushed

    def __init__(
        self, places: Places, account: Account, register: Register, *, for_tests: bool
    ) -> None:
        log = places.logs / "postgresql.log"
        super().__init__(
            home=places.state / "postgres", log=log, account=account, register=register
        )
        self.places = places
        self.for_tests = for_tests
        self.data = self.home / "data"
        self.ready_stamp = places.state / "database.stamp"

    def argv(self) -> Sequence[str]:
        settings = GENERAL | SILENT | (FOR_TESTS if self.for_tests else {})
        settings |= {
            "unix_socket_directories": str(self.places.database_socket),
            "hba_file": str(self.places.state / "pg_hba.conf"),
            "ident_file": str(self.places.state / "pg_ident.conf"),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(self.folder() / "postgres"), "-D", str(self.data), *options]

    def folder(self) -> Path:
        """The programs of the version that made the data, or of the newest one."""
        found = binaries.postgresql_folders()
        if not self.data.exists():
            return found[max(found)]
        version = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if int(version) not in found:
            raise Trouble(sentences.no_binaries(version))
        return found[int(version)]

    def answers(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return (
            self.process is not None
            and lines[:1] == [str(self.process.pid)]
            and lines[7:8] == ["ready   "]
        )

    def prepare(self) -> None:
        super().prepare()
        if self.for_tests:
            self.forget_stale_tests()
        if not self.data.exists():
            self.ready_stamp.unlink(missing_ok=True)
            self.make()
        self.write_access()

    def forget_stale_tests(self) -> None:
        """Test databases live on from run to run, but not after a crash without fsync or other migrations."""
        stamp = self.places.state / "migrations.stamp"
        value = stamps.hash_of(migrations(self.places.checkout))
        if (self.data / "postmaster.pid").exists() or not stamps.is_current(stamp, value):
            shutil.rmtree(self.data, ignore_errors=True)
        stamps.write(stamp, value)

    def make(self) -> None:
        """Under another name first, so that an interrupted start leaves no half a cluster."""
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        locale = "C" if MACOS else "C.UTF-8"
        argv = [
            str(self.folder() / "initdb"), "--pgdata", str(new), "--username", "postgres", "--auth", "peer",
            "--encoding", "UTF8", "--locale", locale, "--data-checksums", "--no-instructions",
        ]  # fmt: skip
        if self.for_tests:
            argv.append("--no-sync")
        self.as_account(argv, what="Making the database cluster")
        new.rename(self.data)

    def write_access(self) -> None:
        names = f'admin "{self.account.name}" postgres\nportal "{accounts.invoker().name}" portal\n'
        for file, text in (("pg_hba.conf", ACCESS), ("pg_ident.conf", names)):
            path = self.places.state / file
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)

    def start(self) -> None:
        super().start()
        if self.ready_stamp.exists():
            return
        script = self.home / "first.sql"
        script.write_text(FIRST_SQL, encoding="ascii")
        script.chmod(0o644)
        psql = [str(self.folder() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        whither = ["-h", str(self.places.database_socket), "-U", "postgres", "-d", "postgres"]
        self.as_account([*psql, *whither, "-f", str(script)], what="Making the database")
        stamps.write(self.ready_stamp, "made")

    def as_account(self, argv: Sequence[str], *, what: str) -> None:
        run_quietly(
            argv,
            what=what,
            log=self.places.setup_log,
            env=service_environment(),
            cwd=self.home,
            account=self.account,
        )


def migrations(checkout: Path) -> list[Path]:
    return sorted([*checkout.glob("*/migrations/*.py"), *checkout.glob("*/*/migrations/*.py")])
