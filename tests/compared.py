"""A tiny results tree as a whole run leaves it, for tests of the comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from drawn import draw_clip
from faceloom.geometry.landmarks import CANONICAL
from faceloom.images import save_picture
from faceloom.report.comparison import Comparison
from faceloom.rows.acted import UNITS, Acted
from faceloom.rows.scores import Score
from faceloom.rows.steps import Step
from faceloom.tables import write

FRAMES = 12
SIZE = (96, 72)
SPINE = ("extract", "crop", "measure.identity", "curate", "train", "convert", "blend", "evaluate")
BASE = dict.fromkeys(SPINE, "baseline")
TOLD: dict[str, Any] = {
    "variants": {
        "baseline": {"why": "All as it comes.", "like": "", "says": {}, "owners": BASE},
        "soft": {
            "why": "Is <b>softer</b> & better?",
            "like": "baseline",
            "says": {"blend.by": '"poisson"'},
            "owners": {**BASE, "blend": "soft", "evaluate": "soft"},
        },
    },
    "swaps": {
        "a_b": {"clip": "a", "faces": {"a": "b"}, "truth": "a_as_b", "bases": ["synthetic"]},
        "b_a": {"clip": "b", "faces": {"b": "a"}, "bases": ["self", "synthetic"]},
    },
    "weights": {"points.dat": "CC0-1.0"},
}
REPEATED: dict[str, Any] = {
    **TOLD,
    "variants": {
        **TOLD["variants"],
        **{
            f"{name}_seed1": {
                "repeats": name,
                "like": name,
                "says": {"train.seed": "1"},
                "owners": {**BASE, "blend": f"{name}_seed1", "evaluate": f"{name}_seed1"},
            }
            for name in ("baseline", "soft")
        },
    },
}
"""The same, both trained twice."""
MEANS = {"untouched": 0.8, "twin": 0.2, "baseline": 0.5, "soft": 0.4}
MEANS |= {"baseline_seed1": 0.501, "soft_seed1": 0.401}


def tree(folder: Path, told: dict[str, Any] = TOLD) -> dict[str, Any]:
    """Make every file of the run in a folder; what `compare` is called with."""
    results = folder / "results"
    for name in ("a", "a_as_b", "b"):
        film(folder / "data" / f"{name}.mp4", 0 if "as" not in name else 9)
    for number, variant in enumerate(told["variants"]):
        for swap in told["swaps"]:
            film(results / "blend" / variant / f"{swap}.mp4", 3 + 3 * number)
            scored(results / "evaluate" / variant / f"{swap}.parquet", MEANS[variant])
    for swap, said in told["swaps"].items():
        for control in ("untouched", "twin") if "truth" in said else ("untouched",):
            scored(results / "evaluate" / "baseline" / f"{swap}.{control}.parquet", MEANS[control])
    trained(results / "train" / "baseline")
    sheet = results / "curate" / "baseline" / "a.png"
    sheet.parent.mkdir(parents=True)
    save_picture(sheet, np.full((20, 30, 3), 128, np.uint8))
    return called(folder, told)


def called(folder: Path, told: dict[str, Any] = TOLD) -> dict[str, Any]:
    """What `compare` is called with, by what lies in the folder."""
    results = folder / "results"

    def there(pattern: str) -> tuple[Path, ...]:
        return tuple(sorted(results.glob(pattern)))

    every = there("evaluate/*/*.parquet")
    controls = tuple(path for path in every if path.stem.endswith(("untouched", "twin")))
    clips = [folder / "data" / f"{name}.mp4" for name in ("a", "a_as_b", "b")]
    paths = {path.stem: str(path) for path in clips}
    return {
        "scores": tuple(path for path in every if path not in controls),
        "controls": controls,
        "films": there("blend/*/*.mp4"),
        "clips": tuple(path for path in clips if path.exists()),
        "histories": there("train/*/*.history.parquet"),
        "previews": there("train/*/*.previews.mp4"),
        "sheets": there("curate/*/*.png"),
        "summary": results / "compare" / "summary.json",
        "table": results / "compare" / "scores.parquet",
        "ranking": results / "compare" / "ranking.parquet",
        "pictures": results / "compare" / "pictures",
        "report": results / "report.html",
        "settings": Comparison.model_validate_json(json.dumps({**told, "clips": paths})),
    }


def rendered(film: Path) -> tuple[Path, ...]:
    """Labels of a film whose head is turned in its second half, in the light of one lamp."""
    made = film.with_suffix(".parquet"), film.with_suffix(".json"), film.with_suffix(".npz")
    points = (CANONICAL * 24 + (40, 30)).ravel().tolist()
    rows = [
        Acted(
            frame=frame,
            yaw=40.0 * (frame >= FRAMES // 2),
            landmarks=points,
            light="studio",
            key=1.0,
            **dict.fromkeys(("pitch", "roll", "gaze_yaw", "gaze_pitch", "azimuth", *UNITS), 0.0),
        )
        for frame in range(FRAMES)
    ]
    person = {"skin": {"texture": "lightskinned"}, "beard": None, "glasses": None}
    write(made[0], rows, Acted)
    made[1].write_text(
        json.dumps({"host": person, "donor": {**person, "beard": {"style": "full"}}})
    )
    kinds = np.zeros((FRAMES, SIZE[1], SIZE[0]), np.uint8)
    np.savez_compressed(made[2], swap=kinds, seg=kinds, soft=kinds, depth=kinds)
    return made


def film(path: Path, face: int) -> None:
    """A film with a square "face" of that brightness."""
    path.parent.mkdir(parents=True, exist_ok=True)
    images = []
    for frame in range(FRAMES):
        image = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
        image[20:50, 30 + frame : 60 + frame] = 20 * (face % 11 + 1)
        images.append(image)
    draw_clip(path, images, SIZE)


def scored(path: Path, mean: float) -> None:
    """Scores that wander a little about a mean."""
    random = np.random.default_rng(7)
    rows = [
        Score(frame, 0, metric, float(mean + 0.01 * random.normal()))
        for frame in range(FRAMES)
        for metric in ("donor_distance", "sharpness", "truth_psnr_face", "odd_one")
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, rows, Score)


def trained(folder: Path) -> None:
    """What a training leaves."""
    film(folder / "a+b.previews.mp4", 2)
    write(folder / "a+b.history.parquet", steps(), Step)


def steps() -> Iterator[Step]:
    """Losses that fall."""
    for step in range(10, 110, 10):
        for loss in ("total", "l1.a", "l1.b"):
            yield Step(step, loss, 1 / step)
