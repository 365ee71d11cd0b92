"""What reviewers forget: the project looks at itself."""

import ast
import contextlib
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from integrity_portal.core import data_files

ROOT = Path(__file__).resolve().parents[2]
DATA_FOLDERS = ("data", "instruments")
OURS = ("integrity_portal", "opd", "assessments", "complaints", "reports")

# Rows that belong to no government, or to all: people, their sign-in, the ledger's tree, counters.
GLOBAL = {
    "core.LedgerEntry",
    "core.LedgerLeaf",
    "core.LedgerSeal",
    "core.RateCount",
    "core.Heartbeat",
    "opd.Government",
    "opd.User",
    "opd.LoginIdentifier",
    "opd.Letter",
    "opd.MessageChoice",
    "assessments.InstrumentEdition",
}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]


def test_every_model_is_scoped_or_on_the_short_list() -> None:
    unscoped = set()
    for model in our_models():
        if model.__name__.endswith("Event") and hasattr(model, "pgh_tracked_model"):
            continue
        fields = {f.name: f for f in model._meta.get_fields()}
        field = fields.get("government") or fields.get("government_id") or fields.get("subject")
        if field is None or getattr(field, "null", True):
            unscoped.add(model._meta.label)
    assert unscoped == GLOBAL


def test_people_and_units_are_never_deleted_along() -> None:
    """Foreign keys protect what must be answerable later; only sign-in data goes with a user."""
    cascading = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    }
    assert cascading <= CASCADES


CASCADES = {"opd.LoginIdentifier.user", "opd.ResetCode.user"}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"


def test_files_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked("*.py")
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > 600
    }
    assert long == {}


def test_only_dispatch_and_beat_speak_to_the_broker() -> None:
    """A hanging Redis must never hold a request: nothing else may send a task."""
    sends = re.compile(r"\.(delay|apply_async|send_task|delay_on_commit)\(")
    senders = {
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if "tests" not in path.parts and sends.search(path.read_text())
    }
    assert senders == {
        "integrity_portal/celery.py",
        "integrity_portal/core/management/commands/dispatch.py",
    }


FORBIDDEN = {
    "inline style": re.compile(r"\sstyle="),
    "inline handler": re.compile(r"\son(click|change|submit|load|input)="),
    # A block of JSON is data: no browser runs it.
    "inline script": re.compile(r'<script(?![^>]*(\bsrc=|type="application/json"))[^>]*>'),
    "unescaped text": re.compile(r"\|safe\b|{%\s*autoescape off"),
    "address elsewhere": re.compile(r'(src|href)="https?://(?!www\.(lapor|ombudsman|kpk)\.)'),
}
# PDF chapters are read by WeasyPrint, not by a browser; links there print the portal's address.
PRINTED = "documents"


def test_data_files_are_read_and_checked_in_one_place() -> None:
    reader = ROOT / "integrity_portal" / "core" / "data_files.py"
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked(*(f"{app}/**.py" for app in OURS))
        if path != reader
        and not {"tests", "demo"} & set(path.relative_to(ROOT).parts)
        and re.search(r"^\s*(?:import|from) (?:yaml|jsonschema)\b", path.read_text(), re.M)
    ]
    assert guilty == []


def test_every_data_file_fits_the_schema_beside_it() -> None:
    schemas = tracked(*(f"{app}/**/*.schema.json" for app in OURS))
    unread = set(tracked(*(f"{app}/{kind}/*.yaml" for app in OURS for kind in DATA_FOLDERS)))
    for schema in schemas:
        for path in schema.parent.glob(f"{schema.name.removesuffix('.schema.json')}*.yaml"):
            assert len(data_files.read(path, schema).sha256) == 64
            unread.discard(path)
    assert schemas
    assert unread == set(), "a data file without its schema"


def test_templates_obey_the_security_policy() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked("templates/*.html", "templates/**/*.html")
        if PRINTED not in path.parts
        for name, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text())
    ]
    assert faults == [] or set(faults) <= EXCUSED


# crispy hands its own rendered buttons to this template.
EXCUSED = {"templates/bootstrap5/layout/formactions.html: unescaped text"}


def test_both_languages_are_complete(tmp_path: Path) -> None:
    """`makemessages` finds no text that either catalogue lacks."""
    for path in tracked("*.py", "*.html", "*.txt", "*.po"):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    options = ["--no-location", "--no-wrap", "--ignore=script", "-l", "id", "-l", "en"]
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", *options],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    lacking = {}
    for language in ("id", "en"):
        catalogue = tmp_path / "locale" / language / "LC_MESSAGES" / "django.po"
        done = subprocess.run(
            ["msgattrib", "--untranslated", "--no-wrap", str(catalogue)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        fuzzy = subprocess.run(
            ["msgattrib", "--only-fuzzy", "--no-obsolete", "--no-wrap", str(catalogue)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        lacking[language] = re.findall(r'^msgid "(.+)"$', done + fuzzy, re.MULTILINE)
    assert lacking == {"id": [], "en": []}


def test_every_capability_names_proofs_that_exist() -> None:
    lines = [
        line
        for path in [ROOT / "docs/features.md", *sorted((ROOT / "docs/features").glob("*.md"))]
        for line in path.read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| Capability", "| ---"))
    ]
    assert lines
    missing = []
    for line in lines:
        proofs = re.findall(r"`([\w/.-]+\.(?:py|png|md))(?:::([\w\[\]-]+))?`", line)
        if not proofs:
            missing.append(line)
        for file, name in proofs:
            path = ROOT / file
            bare = name.split("[")[0]
            if not path.exists() or (bare and bare not in path.read_text()):
                missing.append(f"{file}::{name}")
    assert missing == []


@pytest.mark.django_db(transaction=True)
def test_a_real_outage_answers_503_and_keeps_what_was_typed() -> None:
    client = Client(raise_request_exception=False)
    there = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        response = client.post(
            reverse("account_login"), {"login": "198001012005011001", "password": "rahasia"}
        )
    finally:
        connection.settings_dict["HOST"] = there
        connection.close()
    page = response.content.decode()
    assert response.status_code == 503
    assert "198001012005011001" in page
    assert "rahasia" not in page


# The names that makemessages looks for.
COLLECTED = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "npgettext",
    "npgettext_lazy",
    "pgettext",
    "pgettext_lazy",
}


def unknown_to_makemessages(source: str) -> list[str]:
    """Other names under which a file imports the translating functions."""
    return [
        alias.asname or alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and (alias.asname or alias.name) not in COLLECTED
    ]


def test_texts_are_marked_with_names_that_makemessages_collects() -> None:
    line = "from django.utils.translation import gettext_lazy as _lazy, gettext as _"
    assert unknown_to_makemessages(line) == ["_lazy"]
    found = {
        str(path.relative_to(ROOT)): names
        for path in tracked("*.py")
        if (names := unknown_to_makemessages(path.read_text()))
    }
    assert found == {}


def test_whatever_runs_is_there_for_the_tests_too() -> None:
    """The tests' own list of packages holds every one of the portal's, at the same version."""
    portal, tests = (
        {line for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert portal <= tests
