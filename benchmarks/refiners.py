"""What every refiner does to films whose truth is known: a row a refiner, with 95 % intervals.

    python benchmarks/refiners.py . --frames 4
    python benchmarks/refiners.py . --frames 3 twins/small:benchmarks/twins.yaml --rows rows.jsonl

Of each swap of a project that has been run (`FOLDER` or `FOLDER:CONFIG`) so many frames from the
middle are refined and laid in as `blend` lays them. Scores, in the face's mask:

- ssim: of film and truth; identity: cosine distance of SFace's descriptors of film and truth, a
  network that nothing here is taught by; landmarks, as shares of the outer eye distance: of
  film and truth, both found by Google's mesh; `truth` is what the truth itself scores;
- flicker: second difference over time in the crop, in grey levels; sharpness: Sobel's gradient;
- seconds: processor time a frame, on one thread.

Intervals are of the mean over clips (Student's t); after it the mean difference to `none`, pair by
pair, with a star where its interval leaves out 0. Rows are kept in a file: what is there is not
done again. `--quick`: one clip, three frames, no descent.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
import yaml
from scipy.stats import t as student

from faceloom.blenders import feather
from faceloom.geometry.boxes import enclosing
from faceloom.geometry.landmarks import INNER
from faceloom.geometry.meshes import landmarks
from faceloom.geometry.similarity import apply
from faceloom.images import decode, encode_png, to_mask
from faceloom.judges import Describer
from faceloom.media import pictures
from faceloom.meshes import Mesher
from faceloom.networks.face_parser import load
from faceloom.parsers import Parser
from faceloom.parts import build
from faceloom.pixels import semantics
from faceloom.pixels.differences import ssim
from faceloom.pixels.masks import eroded
from faceloom.pixels.sharpness import luma, sobel
from faceloom.pixels.warps import cut
from faceloom.plan import Plan
from faceloom.refiners.touched import Touched
from faceloom.rows.faces import Face
from faceloom.settings import Blend, Refine
from faceloom.stages.blend import swapped
from faceloom.tables import scan
from faceloom.training.precision import keep_allocator

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "resources/weights"
NUMBERS = ("ssim", "identity", "landmarks", "flicker", "sharpness", "seconds")
STEADY = 0.7  # of a change is the frame before's
QUICK: dict[str, dict[str, Any] | None] = {
    "truth": None,
    "none": {"kind": "none"},
    "sharpen": {"kind": "sharpen"},
    "texture": {"kind": "texture"},
    "texture, host's shape": {"kind": "texture", "shape": "host"},
    "texture, eyes": {"kind": "texture", "part": "eyes"},
    "texture, mouth": {"kind": "texture", "part": "mouth"},
    "realesrgan": {"kind": "realesrgan"},
    "realesrgan, half": {"kind": "realesrgan", "amount": 0.5},
    "adain": {"kind": "adain"},
    "wct": {"kind": "wct"},
}
SLOW: dict[str, dict[str, Any] | None] = {
    "realesrgan, dense": {"kind": "realesrgan", "network": "dense"},
    "texture, each by itself": {"kind": "texture", "steady": 0},
    "adain, steady": {"kind": "adain", "steady": STEADY},
    "wct, steady": {"kind": "wct", "steady": STEADY},
    "patches": {"kind": "patches"},
    "patches, steady": {"kind": "patches", "steady": STEADY},
    "patches, ratio 0.8": {
        "kind": "patches",
        "ratio": 0.8,
        "quilted": 0.3,
        "phases": 2,
        "steps": 10,
    },
    "gatys": {"kind": "gatys", "steps": 10},
    "gatys, steady": {"kind": "gatys", "steps": 10, "steady": STEADY},
}


@dataclass(frozen=True)
class Shot:
    """A swap whose truth is known: new faces and those that were there, frames, and the truth."""

    name: str
    faces: list[Face]
    touched: list[Touched]
    frames: list[np.ndarray]
    truths: list[np.ndarray]


@dataclass(frozen=True)
class Row:
    """What a refiner scores on a shot: means over its frames."""

    shot: str
    refiner: str
    ssim: float
    identity: float
    landmarks: float
    flicker: float
    sharpness: float
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("projects", nargs="*", default=["."], help="FOLDER or FOLDER:CONFIG")
    parser.add_argument("--variant", default="baseline", help="whose films")
    parser.add_argument("--frames", type=int, default=4, help="of each film")
    parser.add_argument("--rows", type=Path, help="a file that keeps what is done")
    parser.add_argument("--quick", action="store_true", help="one clip, no descent")
    told = parser.parse_args()
    torch.set_num_threads(1)
    keep_allocator()
    rows = kept(told.rows)
    judge = Judge()
    refiners = QUICK if told.quick else QUICK | SLOW
    shots = [
        shot
        for project in told.projects
        for shot in shown(project, told.variant, 3 if told.quick else told.frames)
    ]
    for name, said in refiners.items():
        for shot in shots[:1] if told.quick else shots:
            if not any((row.shot, row.refiner) == (shot.name, name) for row in rows):
                rows.append(row := judge.scored(shot, name, said))
                print(json.dumps(asdict(row)), flush=True)
                if told.rows:
                    with told.rows.open("a") as file:
                        file.write(json.dumps(asdict(row)) + "\n")
    print_table(rows)


def kept(file: Path | None) -> list[Row]:
    """What an earlier run has done."""
    if file is None or not file.exists():
        return []
    return [Row(**json.loads(line)) for line in file.read_text().splitlines()]


def shown(project: str, variant: str, count: int) -> Iterator[Shot]:
    """The swaps of a project that has been run, so many frames of each."""
    folder, _, config = project.partition(":")
    file = Path(config).resolve() if config else Path("config.yaml")
    parser = Parser(load(WEIGHTS / "face_parser.pt"))
    with chdir(folder if not config else Path(folder).parents[1]):
        said = yaml.safe_load(file.read_text())
        rendered = f"{Path(folder).parent.name}/{Path(folder).name}/results/actors"
        plan = Plan(
            {**said, "weights": str(ROOT / "workflow/weights.tsv")},
            rendered=f"{rendered}/{{take}}/{{shot}}.mp4",
        )
        results = Path(rendered).parent if config else Path("results")
        for name, swap in plan.swaps.items():
            if swap.truth is None:
                continue
            faces = list(scan(results / f"convert/{variant}/{name}.parquet", Face))
            first = (len(faces) - count) // 2
            faces = faces[first : first + count]
            numbers = {face.frame for face in faces}
            hosts = {
                face.key: face
                for face in scan(results / f"crop/baseline/{swap.clip}.parquet", Face)
                if face.frame in numbers
            }
            clips = [frames(plan.clips[each].path, numbers) for each in (swap.clip, swap.truth)]
            touched = [seen(parser, face, decode(hosts[face.key].image)) for face in faces]
            yield Shot(name, faces, touched, *clips)


def seen(parser: Parser, face: Face, host: np.ndarray) -> Touched:
    """A new face as refiners get it, with what it and the host's show."""
    image, points = decode(face.image), apply(face.affine, face.points)
    new, old = (
        semantics.told(each.labels, points)
        for each in parser.all([(image, points), (host, points)])
    )
    mask = to_mask(decode(face.mask))
    return Touched(face.track, face.frame, image, host, mask, points, (new, old))


def frames(path: str, numbers: set[int]) -> list[np.ndarray]:
    """Frames of a clip."""
    every = enumerate(pictures(Path(path)))
    return [np.asarray(each.image) for number, each in every if number in numbers]


class Judge:
    """What scores a refiner's films."""

    def __init__(self) -> None:
        """Load the networks."""
        self.describer = Describer("sface", WEIGHTS / "sface.onnx")
        self.mesher = Mesher(WEIGHTS / "face_landmarker.task")
        self.blender = feather.make(**Blend().by.options())
        self.told: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def scored(self, shot: Shot, name: str, said: dict[str, Any] | None) -> Row:
        """A refiner's row of a shot."""
        (form,) = Refine.model_validate([said or {"kind": "none"}]).by
        refiner = build(form, sorted(WEIGHTS.iterdir()))
        begun = process_time()
        made = list(refiner(iter(shot.touched)))
        seconds = (process_time() - begun) / len(made)
        faces = [face_with(face, each.image) for face, each in zip(shot.faces, made, strict=True)]
        laid = [
            swapped(frame, [face], self.blender, Blend())
            for frame, face in zip(shot.frames, faces, strict=True)
        ]
        films, masks = ([each[n] for each in laid] for n in (0, 1))
        films = films if said else shot.truths
        solid = [(mask > 0.5).astype(np.float32) for mask in masks]
        if shot.name not in self.told:
            self.told[shot.name] = self.looked_at(shot, shot.truths)
        (who, where), (own, there) = self.told[shot.name], self.looked_at(shot, films)
        return Row(
            shot=shot.name,
            refiner=name,
            ssim=mean(ssim(*each) for each in zip(films, shot.truths, solid, strict=True)),
            identity=float((1 - (who * own).sum(axis=1)).mean()),
            landmarks=mean(
                np.linalg.norm((a - b)[list(INNER)], axis=1).mean() / np.linalg.norm(b[36] - b[45])
                for a, b in zip(there, where, strict=True)
            ),
            flicker=flicker(shot, films, masks),
            sharpness=mean(sobel(f, eroded(m, 3)) for f, m in zip(films, solid, strict=True)),
            seconds=seconds,
        )

    def looked_at(self, shot: Shot, films: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Descriptors (T, D) and landmarks (T, 68, 2) of a shot's face."""
        pairs = [(film, face.points) for film, face in zip(films, shot.faces, strict=True)]
        boxes = [(film, np.array(enclosing(points))) for film, points in pairs]
        meshes = [landmarks(mesh) for mesh in self.mesher.all(boxes)]
        return np.stack(list(self.describer.all(pairs))), np.stack(meshes)


def face_with(face: Face, image: np.ndarray) -> Face:
    """The face with another picture."""
    said = {name: getattr(face, name) for name in Face.__dataclass_fields__}
    return Face(**{**said, "image": encode_png(image)})


def flicker(shot: Shot, films: list[np.ndarray], masks: list[np.ndarray]) -> float:
    """How much pixels jump where the face is held still."""
    size = len(shot.touched[0].image)
    crops = [
        (luma(cut(film, face.affine, size)), cut(mask, face.affine, size))
        for film, face, mask in zip(films, shot.faces, masks, strict=True)
    ]
    found = []
    for (one, _), (two, weight), (three, _) in zip(crops, crops[1:], crops[2:], strict=False):
        found.append(float((np.abs(three - 2 * two + one) * weight).sum() / weight.sum()))
    return mean(found)


def mean(values: Any) -> float:
    """Of numbers."""
    return float(np.mean(list(values)))


def print_table(rows: list[Row]) -> None:
    """Markdown, and a line a figure."""
    shots = list(dict.fromkeys(row.shot for row in rows))
    print(f"\n{len(shots)} films: {', '.join(shots)}\n")
    print(f"| mean ± 95 % (against none) | {' | '.join(NUMBERS)} |")
    print("|---" * (len(NUMBERS) + 1) + "|")
    table = {(row.refiner, row.shot): row for row in rows}
    refiners = [n for n in dict.fromkeys(row.refiner for row in rows)]
    for name in refiners:
        done = [each for each in shots if (name, each) in table]
        cells = []
        for number in NUMBERS:
            own = np.array([getattr(table[name, each], number) for each in done])
            plain = np.array([getattr(table["none", each], number) for each in done])
            cells.append(spoken(own, own - plain, name == "none" or number == "seconds"))
        films = "" if len(done) == len(shots) else f" ({len(done)} films)"
        print(f"| `{name}`{films} | {' | '.join(cells)} |")
    for name in refiners:
        for number in NUMBERS:
            own = [getattr(row, number) for row in rows if row.refiner == name]
            print(f"{name.replace(', ', '_').replace(' ', '_')}_{number}: {np.mean(own):.4f}")


def spoken(own: np.ndarray, off: np.ndarray, alone: bool) -> str:
    """A mean with its interval, and its difference to none."""
    if len(own) < 2:
        return f"{own.mean():.3f}"
    star = "*" if abs(off.mean()) > half(off) else ""
    after = "" if alone else f" ({off.mean():+.3f}{star})"
    return f"{own.mean():.3f} ± {half(own):.3f}{after}"


def half(values: np.ndarray) -> float:
    """Half the width of the 95 % interval of the mean."""
    spread = values.std(ddof=1) / np.sqrt(len(values))
    return float(student.ppf(0.975, len(values) - 1) * spread)


if __name__ == "__main__":
    main()
