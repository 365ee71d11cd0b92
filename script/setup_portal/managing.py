"""`script/manage`: a management command with the server's own services, started for it when they are not running."""

import sys
from collections.abc import Sequence

from setup_portal import application, command, locks
from setup_portal.checkout import Places, find_places
from setup_portal.environment import portal_environment
from setup_portal.server import SETTINGS
from setup_portal.services import Services, running_services
from setup_portal.testing import in_foreground


def main() -> int:
    return command.answer(lambda: manage(sys.argv[1:]))


def manage(arguments: Sequence[str]) -> int:
    places = find_places("server")
    if locks.is_held(places):
        note = locks.read_note(places)
        if note:
            return run(places, note, arguments)
    with command.own_state("server") as places:
        command.prepare_project(places, requirements="requirements.txt", tests=False)
        services = Services(places, for_tests=False)
        services.check()
        with running_services(services):
            application.ensure_keys(places, portal_environment(places, settings=SETTINGS))
            return run(places, {}, arguments)


def run(places: Places, note: dict[str, str], arguments: Sequence[str]) -> int:
    env = portal_environment(places, settings=SETTINGS)
    env |= {key: note[key] for key in ("DATABASE_URL", "REDIS_URL", "PORT") if key in note}
    return in_foreground(
        [str(places.python), str(places.checkout / "manage.py"), *arguments], places, env
    )
