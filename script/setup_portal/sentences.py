"""Every sentence a person reads when something is missing: what is wrong, then the remedy."""

import contextlib
import errno
import re
import sys
from collections.abc import Sequence
from pathlib import Path

NO_SPACE = re.compile(
    r"No space left on device|ENOSPC|Disk quota exceeded|not have enough free space"
)
NO_NETWORK = re.compile(
    r"Temporary failure in name resolution|Temporary failure resolving|Could not resolve"
    r"|Name or service not known|nodename nor servname|Network is unreachable|Could not connect to"
    r"|Failed to establish a new connection|Connection refused|Connection timed out|Read timed out"
    r"|Cannot connect to proxy|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET"
)
NO_TRUST = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|certificate verify failed"
)
NO_DATABASE = re.compile(
    r"connection to server .* failed|could not connect to server|could not translate host name"
    r"|password authentication failed|database \"[^\"]*\" does not exist"
)


class Trouble(Exception):
    """One sentence for the person, instead of a traceback."""


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone while things are being stopped
        print(text, flush=True)


def complain(text: str) -> None:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def listing(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def no_space(where: Path | str) -> str:
    return f"The disk that holds {where} is full; free some space there and start again."


def little_space(where: Path | str, free: int, needed: int) -> str:
    return (
        f"Only {free} MB are free on the disk that holds {where}, and {needed} MB are needed; "
        "free some space there, or name a folder on another disk with XDG_STATE_HOME, and start again."
    )


def no_network(what: str) -> str:
    return (
        f"{what} could not be fetched because the network cannot be reached; "
        "connect this computer to the network and start again."
    )


def no_trust(what: str) -> str:
    return (
        f"{what} could not be fetched because the server's certificate is not trusted; where a proxy "
        "of your office signs for others, name its certificate file with PIP_CERT and "
        "NODE_EXTRA_CA_CERTS, and start again."
    )


def step_failed(what: str, last_words: str, log: Path) -> str:
    words = f": {last_words}" if last_words else ""
    return f"{what} failed{words}\nThe whole output is in {log}."


def no_database(last_words: str) -> str:
    return (
        f"The database named by DATABASE_URL does not answer ({last_words}); correct DATABASE_URL, or unset it "
        "to use a private PostgreSQL."
    )


def missing_tools(names: Sequence[str]) -> str:
    return (
        f"{listing(names)} must be installed first: this is neither Debian, Ubuntu nor macOS, "
        "so please install them with your system's package manager and start again."
    )


def ask_administrator(packages: Sequence[str]) -> str:
    return (
        "System packages are missing and you may not install them (no sudo); ask an administrator to run: "
        f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    )


def no_homebrew(formulae: Sequence[str]) -> str:
    return (
        "System packages are missing and Homebrew is not installed; install it from https://brew.sh, "
        f"run `brew install {' '.join(formulae)}`, and start again."
    )


def root_on_macos() -> str:
    return (
        "On macOS start this as yourself, without sudo, because Homebrew refuses to work for root."
    )


def bad_port(value: str) -> str:
    return f"PORT must be a number from 1 to 65535, not {value!r}; for example: PORT=8001 script/server"


def port_taken(port: int) -> str:
    return (
        f"Port {port} is taken by another program; stop that program, or choose another port, "
        f"for example: PORT={port + 1 if port < 65535 else 8000} script/server"
    )


def port_forbidden(port: int) -> str:
    return f"You may not listen on port {port}; choose one above 1023, for example: PORT=8000 script/server"


def bad_host(host: str) -> str:
    return f"HOST is {host!r}, which is not an address of this computer; unset it, or use 127.0.0.1 or 0.0.0.0."


def already_running(where: str) -> str:
    return f"This checkout's server is already running{where}; stop it there with Ctrl-C first."


def tests_running() -> str:
    return "Another script/test or script/lint is working in this checkout; wait until it ends and start again."


def not_writable(folder: Path | str) -> str:
    return (
        f"You may not write in {folder}; start this as the folder's owner, or in a clone of your own "
        "(data goes where XDG_STATE_HOME says)."
    )


def unreachable_for(account: str, folder: Path | str, blocked_at: Path | str) -> str:
    return (
        f"The system user {account} cannot reach {folder} because {blocked_at} is closed to it; "
        "set XDG_STATE_HOME to a folder every user may pass through (for example /var/lib), or unset it."
    )


def no_account(account: str, service: str) -> str:
    return (
        f"{service} must not run as root and the system user {account} does not exist; "
        "install your system's own package of it, or start this as a normal user."
    )


def nameless_user(uid: int) -> str:
    return f"The user number {uid} has no name in this system, which PostgreSQL needs; start this as a named user."


def foreign_folder(folder: Path | str) -> str:
    return (
        f"{folder} belongs to another user or is not a plain folder, so it cannot be trusted with sockets; "
        "remove it, or set TMPDIR to a folder of your own with a short name."
    )


def long_temporary() -> str:
    return "No temporary folder has a name short enough for a socket; set TMPDIR to a short one such as /tmp."


def no_binaries(version: str) -> str:
    return (
        f"The data were made by PostgreSQL {version}, which is no longer installed; "
        f"install it (on Debian: apt-get install postgresql-{version}) and start again."
    )


def old_postgresql(version: str) -> str:
    return f"PostgreSQL {version} is too old; install version 15 or newer and start again."


def service_failed(service: str, last_words: str, log: Path) -> str:
    return f"{service} did not start ({last_words or 'it gave no reason'}); the whole output is in {log}."


def service_died(service: str, last_words: str, log: Path) -> str:
    return (
        f"{service} stopped unexpectedly ({last_words or 'it gave no reason'}), so everything was stopped; "
        f"see {log} and start again."
    )


def keeps_dying(name: str) -> str:
    return f"The process {name} died five times within a minute, so everything was stopped; its last lines say why."


def never_ready(address: str, seconds: int) -> str:
    return (
        f"The portal at {address} did not answer within {seconds} seconds, so everything was stopped; "
        "the lines above say why."
    )


def no_venv_module() -> str:
    return (
        f"{sys.executable} has no venv module; run this with the system's python3 "
        "(on Debian: apt-get install python3-venv)."
    )


def from_os_error(error: OSError) -> str:
    where = error.filename or "this disk"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return not_writable(where)
    return f"Reading or writing {where} failed ({error.strerror or error}); put that right and start again."


def explain(output: str, *, what: str, where: Path | str) -> str | None:
    """The sentence for a well-known failure that a tool's output tells of, or None."""
    if NO_SPACE.search(output):
        return no_space(where)
    if NO_TRUST.search(output):
        return no_trust(what)
    if NO_NETWORK.search(output):
        return no_network(what)
    return None


TELLING = re.compile(
    r"^(?:[\w.]*(?:Error|Exception)|ERROR|FATAL|PANIC|E):? ?\S|npm (?:error|ERR!) \S"
)


def last_words(output: str) -> str:
    """The line that tells most: the last one that names an error, or the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if TELLING.search(line)]
    return (telling or lines or [""])[-1][:300]
