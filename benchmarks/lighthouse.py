"""Lighthouse's marks, mobile, of the public filing pages as a citizen walks through them.

    python benchmarks/lighthouse.py http://127.0.0.1:8213/kota-contoh

Needs a running portal with the demonstration's rows (settings as in production: DEBUG off, static
files collected), Debian's Chromium (or CHROMIUM=) and npm, which fetches lighthouse into its cache.
Each page is measured RUNS times (3); the median of each mark is printed and written as JSON into
benchmarks/results/lighthouse.json. Pages behind the first step are reached with the cookie of a
draft that this script fills in.
"""

import http.cookiejar
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

RUNS = int(os.environ.get("RUNS", "3"))
VERSION = "12.8.2"
MARKS = ("performance", "accessibility", "best-practices", "seo")
METRICS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
RESULTS = Path(__file__).resolve().parent / "results" / "lighthouse.json"
STEPS = [
    ("lapor/1/", {"kind": "complaint", "accuses_officer": "no", "story": "Lampu jalan padam."}),
    ("lapor/2/", {"unit": "unknown", "where_text": "Jalan Anggrek", "when_text": "kemarin"}),
    ("lapor/3/", {"go": "1"}),
    ("lapor/4/", {"disclosure": "anonymous"}),
]
PAGES = [
    "lapor/",
    "saran/",
    "lacak/",
    "lapor/1/",
    "lapor/2/",
    "lapor/3/",
    "lapor/4/",
    "lapor/periksa/",
]


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def draft(base: str) -> str:
    """The cookies of somebody who has answered every step."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.addheaders = [("Accept-Language", "id"), ("Referer", base)]
    for path, answers in STEPS:
        page = opener.open(f"{base}/{path}").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        values = {**answers, "csrfmiddlewaretoken": token[1] if token else ""}
        opener.open(f"{base}/{path}", urllib.parse.urlencode(values).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def measure(address: str, cookies: str, folder: Path) -> dict[str, float]:
    out = folder / "report.json"
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookies, "Accept-Language": "id"}))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    command = ["npx", "--yes", f"lighthouse@{VERSION}", address, "--quiet", "--output=json"]
    command += [f"--output-path={out}", f"--extra-headers={headers}", "--form-factor=mobile"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"]
    env = {**os.environ, "CHROME_PATH": chromium}
    # The command is ours, the address the caller's own.
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
    told = json.loads(out.read_text())
    marks = {name: round(100 * told["categories"][name]["score"]) for name in MARKS}
    metrics = {name: round(told["audits"][name]["numericValue"]) for name in METRICS}
    shift = {"cumulative-layout-shift": told["audits"]["cumulative-layout-shift"]["numericValue"]}
    size = {"bytes": told["audits"]["total-byte-weight"]["numericValue"]}
    failed = [
        key
        for name in MARKS
        for ref in told["categories"][name]["auditRefs"]
        if ref["weight"]
        and (told["audits"][key := ref["id"]]["score"] or 0) < 0.9
        and told["audits"][key]["scoreDisplayMode"] in ("binary", "numeric", "metricSavings")
    ]
    if failed:
        say(f"  below 0.9 at {address}: {', '.join(failed)}")
    return {**marks, **metrics, **shift, **size}


def main() -> None:
    base = sys.argv[1].rstrip("/")
    cookies = draft(base)
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in PAGES:
            runs = [measure(f"{base}/{path}", cookies, Path(folder)) for _ in range(RUNS)]
            results[path] = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
            say(path, results[path])
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"lighthouse": VERSION, "pages": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
