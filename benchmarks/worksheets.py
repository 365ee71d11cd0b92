"""Ten thousand work-sheets of 90/2021 scored in one process, gates included.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/worksheets.py

No database. `ratio` is the time of all divided by the budget; `per_pass` is the time of one sheet
by that of one pass over as many answers that only adds their values up: what the tree, the counts
and the gates cost above a plain sum. Medians over the rounds.
"""

import os
import random
import statistics
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
CLOCK = time.process_time if os.environ.get("CPU") else time.perf_counter
SHEETS = int(os.environ.get("SHEETS", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
BUDGET = 5.0


def drawn(tree: Any, chance: random.Random) -> dict[str, Any]:
    """A sheet filled by chance, one question in ten left out."""
    from assessments.scoring import Given, ScaleKind

    answers = {}
    for code, question in tree.questions.items():
        if chance.random() < 0.1:
            continue
        if question.scale.kind is ScaleKind.OPTIONS:
            answers[code] = Given(chance.choice(list(question.scale.options)))
        elif question.scale.kind is ScaleKind.INDEX:
            answers[code] = Given(index=Decimal(chance.randrange(0, 401)) / 100)
        else:
            counts = {key: Decimal(chance.randrange(0, 20)) for key in question.ratio.keys}
            answers[code] = Given(counts=counts)
    return answers


def main() -> None:
    import django

    django.setup()
    from assessments.instrument import instrument_files
    from assessments.scoring import score, verdict

    tree = instrument_files()["permenpanrb-90-2021"].tree
    chance = random.Random(90_2021)  # noqa: S311 - the same sheets in each run
    sheets = [drawn(tree, chance) for _ in range(min(SHEETS, 500))]
    shares = [
        [value.share for value in score(tree, row).values.values() if value.share is not None]
        for row in sheets
    ]
    spent, plain = [], []
    for _ in range(ROUNDS):
        begun = CLOCK()
        for number in range(SHEETS):
            verdict(tree, score(tree, sheets[number % len(sheets)]), "wbk")
        spent.append(CLOCK() - begun)
        begun = CLOCK()
        for number in range(SHEETS):
            sum(shares[number % len(shares)], Decimal(0))
        plain.append(CLOCK() - begun)
    took = statistics.median(spent)
    ratio = took * 10_000 / SHEETS / BUDGET
    per_pass = took / statistics.median(plain)
    mark = "" if ratio <= 1 else " over"
    sys.stdout.write(f"ratio {ratio:.2f}  per_pass {per_pass:.1f}  {SHEETS} sheets{mark}\n")


if __name__ == "__main__":
    main()
