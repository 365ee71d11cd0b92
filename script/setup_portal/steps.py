"""Run one tool quietly: its output goes to the set-up log, a failure becomes one sentence."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from setup_portal import sentences
from setup_portal.accounts import Account
from setup_portal.sentences import Trouble


def run_quietly(
    argv: Sequence[str | Path],
    *,
    what: str,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    where: Path | None = None,
    stdin: int | None = subprocess.DEVNULL,
    account: Account | None = None,
    explain: Callable[[str], str | None] | None = None,
) -> str:
    """Return what the tool wrote. `where` is the folder to blame when the disk is full."""
    with open(log, "ab") as handle:
        handle.write(f"\n$ {' '.join(map(str, argv))}\n".encode())
        handle.flush()
        begin = handle.tell()
        code = subprocess.run(
            list(map(str, argv)),
            stdin=stdin,
            stdout=handle,
            stderr=handle,
            env=dict(env),
            cwd=cwd,
            check=False,
            **(account.popen() if account else {}),
        ).returncode
    with open(log, "rb") as handle:
        handle.seek(begin)
        output = handle.read().decode("utf-8", "replace")
    if code:
        known = (
            explain(output) if explain else sentences.explain(output, what=what, where=where or cwd)
        )
        raise Trouble(known or sentences.step_failed(what, sentences.last_words(output), log))
    return output
