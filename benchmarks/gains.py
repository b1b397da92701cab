"""Does learning pay? Every recipe against one that learns nothing, cast by cast.

    python benchmarks/gains.py twins/family
    python benchmarks/gains.py twins/family --over composite --metrics labelled_ssim_face

Run it first: ./run twins --configfile benchmarks/family.yaml. Prints in Markdown by how much each
recipe is better (a gain is above 0 whichever way the metric goes), with the 95 % interval of the
difference: what other trainings would give, and other frames of these clips (`report/trials.py`).
At the end who gains clearly by every metric on every cast.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from faceloom.report.definitions import describe
from faceloom.report.statistics import Estimate, average, estimates, negative
from faceloom.report.trials import order
from faceloom.rows.scores import Score
from faceloom.tables import read

METRICS = ("labelled_ssim_face", "sface_donor_distance", "donor_distance")
REPEAT = re.compile(r"(?P<recipe>.+?)(?:_seed\d+)?")

Scores = dict[str, Estimate]
Films = dict[str, dict[str, list[Scores]]]
"""What is scored: by recipe and swap, one for each training."""


class Gain(NamedTuple):
    """How much better, and between what that lies."""

    mean: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether it is one."""
        return self.low > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--over", default="composite", help="the recipe that learns nothing")
    parser.add_argument("--metrics", nargs="+", default=METRICS)
    told = parser.parse_args()
    films = scored(told.folder / "results/evaluate")
    casts = by_cast(told.folder / "results/train", films[told.over])
    always = {name for name in films if name != told.over}
    for metric in told.metrics:
        print(f"\n| gain in `{metric}` over {told.over} | {' | '.join(casts)} |")
        print("|---" * (len(casts) + 1) + "|")
        for recipe in (name for name in films if name != told.over):
            found = [gain(films, recipe, told.over, metric, clips) for clips in casts.values()]
            print(f"| {recipe} | {' | '.join(map(spoken, found))} |")
            if not all(each and each.clear for each in found):
                always.discard(recipe)
    print(f"\nclear of 0 by all of these on every cast: {', '.join(sorted(always)) or 'none'}")
    print(f"recipes_that_gain: {len(always)}")


def scored(folder: Path) -> Films:
    """The estimates in a folder of evaluations."""
    films: Films = {}
    for path in tables(folder):
        told = REPEAT.fullmatch(path.parent.name)
        assert told
        swaps = films.setdefault(told["recipe"], {})
        swaps.setdefault(path.stem, []).append(estimates(read(path, Score), path.stem))
    return films


def tables(folder: Path) -> Iterator[Path]:
    """Those of films, without those of controls."""
    return (path for path in sorted(folder.glob("*/*.parquet")) if "." not in path.stem)


def by_cast(trained: Path, swaps: dict[str, list[Scores]]) -> dict[str, list[str]]:
    """The swaps of each cast that was trained."""
    casts = {path.name.split(".")[0] for path in trained.glob("*/*.history.parquet")}
    return {
        cast: [swap for swap in swaps if set(swap.split("_")[:2]) <= set(cast.split("+"))]
        for cast in sorted(casts)
    }


def gain(films: Films, recipe: str, over: str, metric: str, clips: list[str]) -> Gain | None:
    """By how much a recipe is better on the clips of a cast; None where it was trained once."""
    losses = {
        name: {"all": [together(training, metric) for training in trainings(films[name], clips)]}
        for name in (recipe, over)
    }
    found = order(losses, [["all"]])
    if found is None:
        return None
    first, last = found.places
    ends = (last.behind, last.behind_low, last.behind_high)
    if first.recipe == recipe:
        return Gain(*ends)
    return Gain(-ends[0], -ends[2], -ends[1])


def trainings(swaps: dict[str, list[Scores]], clips: list[str]) -> Iterator[tuple[Scores, ...]]:
    """Of each training what its films of these clips score."""
    return zip(*(swaps[clip] for clip in clips), strict=True)


def together(films: tuple[Scores, ...], metric: str) -> Estimate:
    """What is to be made small, over all films of a training; each counts the same."""
    found = average([film[metric] for film in films])
    return negative(found) if describe(metric).better == "high" else found


def spoken(found: Gain | None) -> str:
    if found is None:
        return "one training"
    told = f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
    return f"**{told}**" if found.clear else told


if __name__ == "__main__":
    main()
