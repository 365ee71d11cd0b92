"""The front-end packages, bundled into `static/dist`."""

import re
import shutil
import subprocess
from pathlib import Path

from setup_portal import stamps, virtual_environment
from setup_portal.checkout import Places
from setup_portal.environment import tool_environment
from setup_portal.sentences import say
from setup_portal.steps import run_quietly

OLDEST_NODE = 18


def major(version: str) -> int:
    found = re.match(r"v(\d+)\.", version.strip())
    return int(found[1]) if found else 0


def system_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return major(answer.stdout) >= OLDEST_NODE


def sources(checkout: Path) -> list[Path]:
    """Everything the bundles are made from: the lock file, the build's own files, and `static/src`."""
    fixed = [checkout / "package.json", checkout / "package-lock.json"]
    builders = sorted(
        [*checkout.glob("*.mjs"), *checkout.glob("static/*.mjs"), *checkout.glob("script/*.mjs")]
    )
    return [*fixed, *builders, *stamps.files_below([checkout / "static" / "src"])]


def bundle(places: Places) -> None:
    checkout = places.checkout
    if not (checkout / "package.json").exists():
        return
    modules, dist = checkout / "node_modules", checkout / "static" / "dist"
    build_stamp = modules / ".portal-build.stamp"
    built = stamps.hash_of(sources(checkout))
    if stamps.is_current(build_stamp, built) and dist.is_dir() and any(dist.iterdir()):
        return
    if not system_node():
        virtual_environment.install(places, "requirements-node.txt")
    install_stamp = modules / ".portal-install.stamp"
    installed = stamps.hash_of([checkout / "package.json", checkout / "package-lock.json"])
    if not stamps.is_current(install_stamp, installed):
        say("Installing the front-end packages ...")
        npm(places, "ci", "--no-audit", "--no-fund", what="The front-end packages")
        stamps.write(install_stamp, installed)
    say("Bundling the front end ...")
    npm(places, "run", "build", what="Bundling the front end")
    stamps.write(build_stamp, built)


def npm(places: Places, *arguments: str, what: str) -> None:
    env = tool_environment(places)
    program = shutil.which("npm", path=env["PATH"]) or "npm"
    run_quietly(
        [program, *arguments], what=what, log=places.setup_log, env=env, cwd=places.checkout,
        where=places.checkout / "node_modules",
    )  # fmt: skip
