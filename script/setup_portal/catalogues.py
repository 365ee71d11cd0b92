"""`script/messages`: collect the texts of code and templates, complete English, tell what Indonesian still lacks."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from setup_portal import application, command
from setup_portal.checkout import Places, find_places, open_state
from setup_portal.environment import portal_environment
from setup_portal.sentences import complain, say
from setup_portal.server import SETTINGS
from setup_portal.steps import run_quietly

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
PLURALS = {"id": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
# No dates and no names of people: two branches that add texts must merge.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Integrity Portal\\n"
"Report-Msgid-Bugs-To: \\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""


def main() -> int:
    return command.answer(collect)


def collect() -> int:
    places = find_places("server")
    open_state(places)
    command.prepare_project(places, requirements="requirements.txt", tests=False)
    env = portal_environment(places, settings=SETTINGS)
    for language in PLURALS:
        set_header(places.checkout / "locale" / language / "LC_MESSAGES" / "django.po")
    ignored = [
        f"--ignore={folder}" for folder in (".venv", "node_modules", "static/dist", "script")
    ]
    tool(
        places, env, str(places.python), "manage.py", "makemessages", "--locale", "id", "--locale", "en",
        "--no-location", "--no-wrap", *ignored,
    )  # fmt: skip
    for file in application.text_files(places.checkout):
        if file.parent.parent.name in PLURALS:
            tidy(places, env, file)
    return report(places)


def tool(places: Places, env: Mapping[str, str], *argv: str) -> None:
    run_quietly(
        argv, what="Collecting the texts", log=places.setup_log, env=env, cwd=places.checkout
    )


def set_header(file: Path) -> None:
    """Everything before the first empty line is the header."""
    language = file.parent.parent.name
    file.parent.mkdir(parents=True, exist_ok=True)
    body = file.read_text(encoding="utf-8").partition("\n\n")[2] if file.exists() else ""
    header = HEADER.format(language=language, plural=PLURALS[language])
    file.write_text(f"{header}\n{body}", encoding="utf-8")


def tidy(places: Places, env: Mapping[str, str], file: Path) -> None:
    """No obsolete and no guessed entries, sorted; English says what the message id says."""
    common = ("--no-wrap", "--sort-output", "-o", str(file), str(file))
    if file.parent.parent.name == "en":
        tool(places, env, "msgattrib", "--set-fuzzy", *common)
        set_header(file)  # whose mark would empty it in the next step
    tool(
        places,
        env,
        "msgattrib",
        "--no-obsolete",
        "--clear-fuzzy",
        "--empty",
        "--clear-previous",
        *common,
    )
    if file.parent.parent.name == "en":
        tool(places, env, "msgen", "--lang=en", *common)
    set_header(file)


def report(places: Places) -> int:
    files = [
        file for file in application.text_files(places.checkout) if file.parent.parent.name == "id"
    ]
    lacking = [text for file in files for text in untranslated(file.read_text(encoding="utf-8"))]
    if not lacking:
        say("Every text has its Indonesian translation.")
        return 0
    complain(
        f"{len(lacking)} texts have no Indonesian translation; write them in locale/id/LC_MESSAGES/django.po:"
    )
    for text in lacking:
        complain(f"  {text}")
    return 1


def untranslated(catalogue: str) -> list[str]:
    """The message ids without (or with a guessed) translation, with their context."""
    found = []
    for block in catalogue.split("\n\n"):
        entry = read_entry(block.splitlines())
        translations = [value for key, value in entry.items() if key.startswith("msgstr")]
        if entry.get("msgid") and (not all(translations) or "#, fuzzy" in block):
            context = f" [{entry['msgctxt']}]" if "msgctxt" in entry else ""
            found.append(entry["msgid"] + context)
    return found


def read_entry(lines: Iterable[str]) -> dict[str, str]:
    entry: dict[str, str] = {}
    key = ""
    for line in lines:
        if line.startswith("#"):
            continue
        word = line.split(" ", 1)[0]
        if word.startswith("msg"):
            key = word
        text = QUOTED.search(line)
        if key and text:
            entry[key] = entry.get(key, "") + text[1]
    return entry
