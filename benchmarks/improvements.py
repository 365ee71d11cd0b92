"""The slowest plan of 90/2021: 24 work-sheets filled by chance, both predicates and readings.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/improvements.py

No database. `ratio` is the slowest plan divided by the budget of two seconds, with the solver
already loaded; `scores` is the mean plan by the time of scoring one sheet.
"""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
BUDGET = 2.0
SHEETS = 24


def main() -> None:
    import django

    django.setup()
    from worksheets import drawn

    from assessments.improvement import Wanted, plan
    from assessments.improvement_rules import improvement_rules
    from assessments.instrument import instrument_files
    from assessments.scoring import score

    tree, rules = instrument_files()["permenpanrb-90-2021"].tree, improvement_rules()
    plan(tree, {}, {}, Wanted("wbk", "combined"), rules)
    spent, scoring = [], []
    for seed in range(SHEETS):
        chance = random.Random(seed)  # noqa: S311 - the same sheets in each run
        answers = drawn(tree, chance)
        begun = time.perf_counter()
        values = score(tree, answers).values
        scoring.append(time.perf_counter() - begun)
        # One in three leaves all to the default, where equal costs are hardest.
        days = {c: chance.randint(1, 40) for c in tree.questions} if seed % 3 else {}
        for predicate in ("wbk", "wbbm"):
            for reading in ("combined", "per_half"):
                begun = time.perf_counter()
                plan(tree, values, days, Wanted(predicate, reading), rules)
                spent.append(time.perf_counter() - begun)
    ratio = max(spent) / BUDGET
    scores = statistics.mean(spent) / statistics.mean(scoring)
    mark = "" if ratio <= 1 else " over"
    sys.stdout.write(f"ratio {ratio:.2f}  scores {scores:.0f}  {len(spent)} plans{mark}\n")


if __name__ == "__main__":
    main()
