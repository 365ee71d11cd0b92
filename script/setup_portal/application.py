"""Bring the application up to date: texts, static files, migrations, demo."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from setup_portal import sentences, stamps
from setup_portal.checkout import Places
from setup_portal.sentences import say
from setup_portal.steps import run_quietly

STEPS = Path(__file__).with_name("django_steps.py")
Step = list[str]


def text_files(checkout: Path) -> list[Path]:
    return sorted(
        [*checkout.glob("locale/*/LC_MESSAGES/*.po"), *checkout.glob("*/locale/*/LC_MESSAGES/*.po")]
    )


def static_files(checkout: Path) -> list[Path]:
    folders = [checkout / "static", *sorted(checkout.glob("*/static"))]
    settings = stamps.files_below([checkout / "integrity_portal" / "settings"], "*.py")
    return [checkout / "requirements.txt", *settings, *stamps.files_below(folders)]


class Preparation:
    """The steps that are due, collected first; each `run` is one process."""

    def __init__(self, places: Places, env: Mapping[str, str]) -> None:
        self.places = places
        self.env = env
        self.steps: list[Step] = []
        self.stamps: list[tuple[Path, str]] = []

    def texts(self) -> None:
        files = text_files(self.places.checkout)
        compiled = all(file.with_suffix(".mo").exists() for file in files)
        step = ["compilemessages", "--ignore=.venv", "--ignore=node_modules"]
        if files:
            self._when_changed("texts", stamps.hash_of(files), compiled, step)

    def static(self) -> None:
        present = (self.places.state / "static").is_dir()
        value = stamps.hash_of(static_files(self.places.checkout))
        self._when_changed(
            "static", value, present, ["collectstatic", "--noinput", "-v0", "--ignore=src"]
        )

    def _when_changed(self, name: str, value: str, present: bool, step: Step) -> None:
        stamp = self.places.state / f"{name}.stamp"
        if not (present and stamps.is_current(stamp, value)):
            self.steps.append(step)
            self.stamps.append((stamp, value))

    def add(self, *words: str) -> None:
        self.steps.append(list(words))

    def run(self) -> None:
        if not self.steps:
            return
        say("Preparing: " + ", ".join(step[0] for step in self.steps) + " ...")
        try:
            run_quietly(
                [self.places.python, STEPS, *map(json.dumps, self.steps)],
                what="Preparing the portal",
                log=self.places.setup_log,
                env=self.env,
                cwd=self.places.checkout,
                explain=lambda output: explain(output, self.places),
            )
        finally:
            self.steps.clear()
        for stamp, value in self.stamps:
            stamps.write(stamp, value)
        self.stamps.clear()


def explain(output: str, places: Places) -> str | None:
    if sentences.NO_SPACE.search(output):
        return sentences.no_space(places.state)
    if os.environ.get("DATABASE_URL") and sentences.NO_DATABASE.search(output):
        return sentences.no_database(sentences.last_words(output))
    return None


def accounts_file(places: Places) -> Path:
    return places.state / "accounts.txt"


def ensure_keys(places: Places, env: Mapping[str, str]) -> None:
    """In a process of its own: the settings of every later one read the key that it makes."""
    if not (places.state / "keys" / "secret_key").exists():
        preparation = Preparation(places, env)
        preparation.add("ensure_keys")
        preparation.run()


def prepare_server(places: Places, env: Mapping[str, str]) -> None:
    ensure_keys(places, env)
    preparation = Preparation(places, env)
    # In a process of its own: Django keeps the texts that it found first, and the demo writes some
    # of them into papers.
    preparation.texts()
    preparation.run()
    preparation.add("ensure_keys")
    preparation.static()
    preparation.add("migrate", "--noinput", "-v0")
    preparation.add("load_instruments", "-v0")
    preparation.add("load_demo", "--once")
    preparation.add("demo_accounts", f">{accounts_file(places)}")
    preparation.run()


def prepare_tests(places: Places, env: Mapping[str, str]) -> None:
    """Tests migrate by themselves, in databases of their own."""
    preparation = Preparation(places, env)
    preparation.texts()
    preparation.static()
    preparation.run()
