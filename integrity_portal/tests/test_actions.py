"""Every verb writes into the ledger, takes keywords only, and has a test that names it."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What leaves its trace in the ledger: an entry, a step of a workflow, or another action.
TRACES = {"record", "perform"}
# Verbs without a trace of their own, each with its reason.
QUIET: dict[str, str] = {
    # Its moment would be finer than the day that the answer keeps; what closes the round records
    # how many there are and the hash over all of them (docs/adr/0067).
    "answer_survey": "an answer leads to nobody",
    "count_scan": "somebody unknown opened a poster's page: a number of a day, nobody's deed",
}


def action_files() -> list[Path]:
    apps = ("integrity_portal/core", "opd", "assessments", "complaints", "reports")
    found = [
        path
        for app in apps
        for path in [
            *(ROOT / app).glob("actions.py"),
            *(ROOT / app).glob("actions/*.py"),
            *(ROOT / app).glob("*/actions.py"),
        ]
    ]
    return [path for path in found if path.name != "__init__.py"]


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def called(node: ast.AST) -> set[str]:
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            names.add(getattr(call.func, "attr", getattr(call.func, "id", "")))
    return names


def leaves_trace(name: str, known: dict[str, ast.FunctionDef], seen: frozenset[str]) -> bool:
    calls = called(known[name])
    if calls & TRACES:
        return True
    inner = (calls & known.keys()) - seen
    return any(leaves_trace(each, known, seen | {name}) for each in inner)


def all_functions() -> dict[str, ast.FunctionDef]:
    return {name: node for path in action_files() for name, node in functions(path).items()}


def verbs() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), name)
        for path in action_files()
        for name in functions(path)
        if not name.startswith("_")
    ]


def test_every_verb_leaves_a_trace_in_the_ledger() -> None:
    known = all_functions()
    silent = [
        f"{path}: {name}"
        for path, name in verbs()
        if name not in QUIET and not leaves_trace(name, known, frozenset())
    ]
    assert silent == []


def test_every_verb_takes_keywords_only() -> None:
    known = all_functions()
    loose = [f"{path}: {name}" for path, name in verbs() if known[name].args.args[1:]]
    assert loose == []


def test_every_verb_is_named_by_a_test() -> None:
    listed = subprocess.run(
        ["git", "grep", "-h", "", "--", "*/tests/*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    untested = [f"{path}: {name}" for path, name in verbs() if f"{name}(" not in listed]
    assert untested == []
