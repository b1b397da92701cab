"""The tables of a benchmark on rendered people, out of what it has left.

    python benchmarks/twins.py [twins/small]

Run it first: ./run twins --configfile benchmarks/twins.yaml. Prints tables in Markdown: every
metric over all frames, who is best, and what each recipe scores in the hard cases.
"""

import sys
from pathlib import Path

from faceloom.report.definitions import describe
from faceloom.report.standing import HARD, SHOWN
from faceloom.rows.ranks import Rank
from faceloom.tables import read


def main(folder: Path) -> None:
    rows = read(folder / "results/compare/ranking.parquet", Rank)
    found = {(row.case, row.metric, row.recipe): row for row in rows}
    recipes = list(dict.fromkeys(row.recipe for row in rows))
    overall = [name for name in SHOWN if any(key[:2] == ("all", name) for key in found)]
    print(f"| mean (95 % interval) | {' | '.join(recipes)} | best |")
    print("|---" * (len(recipes) + 2) + "|")
    for metric in overall:
        places = [found["all", metric, recipe] for recipe in recipes]
        best = next((row.recipe for row in places if row.best), "open")
        cells = " | ".join(spoken(row) for row in places)
        print(f"| `{metric}` {describe(metric).arrow} | {cells} | {best} |")
    for metric in (name for name in HARD if name in overall):
        print(f"\n| `{metric}` {describe(metric).arrow} | {' | '.join(recipes)} | frames | clips |")
        print("|---" * (len(recipes) + 3) + "|")
        for case in dict.fromkeys(row.case for row in rows):
            if (case, metric, recipes[0]) in found:
                places = [found[case, metric, recipe] for recipe in recipes]
                cells = " | ".join(describe(metric).number(row.mean) for row in places)
                print(f"| {case} | {cells} | {places[0].frames} | {places[0].clips} |")
    print()
    for row in (found["all", metric, recipe] for metric in overall for recipe in recipes):
        print(f"{row.metric}_{row.recipe}: {row.mean:.4f}")


def spoken(row: Rank) -> str:
    told = describe(row.metric)
    return f"{told.number(row.mean)} ({told.number(row.low)} to {told.number(row.high)})"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "twins/small"))
