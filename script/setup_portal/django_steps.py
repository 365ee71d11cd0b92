"""Run several management commands in one Python process; called with the interpreter of `.venv`.

Each argument is a command line as a JSON list; `>file` as its last word keeps what the command prints.
Nobody wants to wait for Django to start four times.
"""

import contextlib
import json
import sys
from pathlib import Path


def main(steps: list[str]) -> None:
    sys.path[0] = str(Path.cwd())
    import django
    from django.core.management import execute_from_command_line

    django.setup()
    for step in steps:
        words = json.loads(step)
        print(f"$ manage.py {' '.join(words)}", flush=True)
        if words[-1].startswith(">"):
            with (
                open(words.pop()[1:], "w", encoding="utf-8") as output,
                contextlib.redirect_stdout(output),
            ):
                execute_from_command_line(["manage.py", *words])
        else:
            execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
