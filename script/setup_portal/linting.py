"""`script/lint`: everything that looks at the code without running it."""

import subprocess
from collections.abc import Mapping

from setup_portal import command
from setup_portal.checkout import Places
from setup_portal.environment import portal_environment
from setup_portal.sentences import complain, listing, say
from setup_portal.services import Services, running_services
from setup_portal.testing import SETTINGS

# Values that only let the production settings be read; nothing is ever served with them.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "integrity_portal.settings.production",
    "SECRET_KEY": "only-for-check-deploy-" + "x9" * 30,
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_BASE_URL": "https://portal.example",
}


def main() -> int:
    return command.answer(lint)


def lint() -> int:
    with command.own_state("test") as places:
        command.prepare_project(places, requirements="requirements-dev.txt", tests=True)
        services = Services(places, for_tests=True)
        services.check()
        with running_services(services):
            return run_all(places, portal_environment(places, settings=SETTINGS))


def linters(places: Places) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Name to command and to what it changes in the environment."""
    manage = ["python", "manage.py"]
    found: dict[str, tuple[list[str], dict[str, str]]] = {
        "ruff check": (["ruff", "check", "."], {}),
        "ruff format": (["ruff", "format", "--check", "."], {}),
        "lint-imports": (["lint-imports", "--no-cache"], {}),
        "mypy": (["mypy"], {}),
        "missing migrations": ([*manage, "makemigrations", "--check", "--dry-run"], {}),
    }
    if any((places.checkout / "templates").rglob("*.html")):
        # Not its formatter: moving white space inside a translated sentence changes its message id.
        found["djlint lint"] = (["djlint", "--lint", "--quiet", "templates"], {})
    if (places.checkout / "integrity_portal" / "settings" / "production.py").exists():
        found["check --deploy"] = (
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            PRODUCTION,
        )
    return found


def run_all(places: Places, env: Mapping[str, str]) -> int:
    failed = []
    for name, (argv, changes) in linters(places).items():
        say(f"== {name}")
        program = str(places.venv / "bin" / argv[0])
        code = subprocess.run(
            [program, *argv[1:]],
            cwd=places.checkout,
            env={**env, **changes},
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        if code:
            failed.append(name)
    if failed:
        complain(f"Failed: {listing(failed)}.")
        return 1
    say("All linters are content.")
    return 0
