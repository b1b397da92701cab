"""What tells a face from what is before it: how near to rendered labels, and how fast.

    python benchmarks/parsing.py [--quick] [--shots FOLDER ...]

Over rendered shots with labels (NAME.mp4, .parquet, .npz, as `faceloom actors` makes them) of
people that nothing was taught on; without a folder, over the demo's two actors, before whom an
occluder is drawn in every other frame. Crops are as `crop` makes them, by the labels' own points.
Prints a table in Markdown, then the figures; --quick takes every fifth frame.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time

import cv2
import numpy as np
import torch

from faceloom.geometry.landmarks import aligned
from faceloom.geometry.similarity import apply, inverse
from faceloom.images import decode, encode_png, from_mask, to_mask
from faceloom.measures import bisenet, mesh_hulls, unet
from faceloom.media import pictures
from faceloom.pixels.masks import hull
from faceloom.pixels.occluders import drawn
from faceloom.pixels.parsing import LABELS, Parse, covered, lowered
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.tables import column

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "resources/weights"
KINDS = {
    "mesh_hulls": (mesh_hulls.make, "face_landmarker.task"),
    "unet": (unet.make, "face_parser.pt"),
    "bisenet": (bisenet.make, "79999_iter.pth"),
}
SIZE, GROW = 256, 0.005  # as `crop` and `blend.occlusion` have them
OCCLUDER = LABELS.index("occluder")
PARTS = ("eyes", "mouth", "hair")
HEAD = (
    *("IoU of the face", "its lowest 5 %", "occluder left", "face taken out"),
    *(*PARTS, "ms"),
)
Row = tuple[Face, np.ndarray, np.ndarray]
"""A face, the labels of its crop, and where the face is in it, 0 to 1."""


def main(shots: list[Path], step: int) -> None:
    torch.set_num_threads(1)
    rows = list(crops(rendered(shots, step) if shots else demonstrated(step)))
    hidden = sum(bool(over(each)[0].any()) for each in rows)
    print(f"{len(rows)} faces, {hidden} of them with something before them\n")
    print(f"| kind | {' | '.join(HEAD)} |\n|---|{'---|' * len(HEAD)}")
    figures = {"hull": told("hull of landmarks", rows, [blind(row) for row in rows], 0.0)}
    for name, (make, file) in KINDS.items():
        if not (WEIGHTS / file).exists():
            print(f"| {name} | {file} is not there |")
            continue
        parse = make(weights=(WEIGHTS / file,))
        start = process_time()
        found = list(parse(row[0] for row in rows))
        figures[name] = told(name, rows, found, (process_time() - start) / len(rows))
    print()
    for name, (iou, _, left, taken, *_) in figures.items():
        print(f"{name}_iou: {iou:.3f}\n{name}_left: {left:.3f}\n{name}_taken: {taken:.3f}")


def demonstrated(step: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """The demo's held-out shots, an occluder drawn in every other frame."""
    random = np.random.default_rng(0)
    for clip in ("boris", "chen"):
        told = json.loads((ROOT / f"data/demo/{clip}.json").read_text())["per_frame"]
        with np.load(ROOT / f"data/demo/{clip}.npz") as arrays:
            labels, faces = arrays["seg"], arrays["swap"].astype(np.float32)
        for picture in pictures(ROOT / f"data/demo/{clip}.mp4"):
            number = picture.frame
            if number % step:
                continue
            image = np.asarray(picture.image).astype(np.float32)
            skin = image[faces[number] > 0.5].mean(axis=0)
            over, alpha = drawn(len(image), skin, random)
            if number // step % 2:
                image = image + (over - image) * alpha[..., None]
                labels[number][alpha > 0.5] = OCCLUDER
                faces[number] *= 1 - alpha
            points = np.array(told[number]["lm68"]) - 0.5
            yield image.round().astype(np.uint8), labels[number], faces[number], points


def rendered(
    folders: list[Path], step: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """The frames of shots: image, labels, face, landmarks."""
    for film in sorted(file for folder in folders for file in folder.glob("*.mp4")):
        points = np.array(column(film.with_suffix(".parquet"), "landmarks")).reshape(-1, 68, 2)
        with np.load(film.with_suffix(".npz")) as arrays:
            labels, soft = arrays["seg"], arrays["soft"]
        for picture in pictures(film):
            if picture.frame % step == 0:
                face = soft[picture.frame].astype(np.float32) / 255
                image = np.asarray(picture.image)
                yield image, labels[picture.frame], face, points[picture.frame].astype(float)


def crops(
    frames: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
) -> Iterator[Row]:
    """Each frame's face cut out as `crop` does it, and what is known of the crop."""
    for number, (image, labels, face, points) in enumerate(frames):
        matrix = aligned(points, SIZE, 0.9)
        mask = hull(apply(matrix, points), (SIZE, SIZE), 0.2)
        row = Face(
            clip="shots",
            person="drawn",
            frame=number,
            track=0,
            bridged=False,
            width=image.shape[1],
            height=image.shape[0],
            landmarks=points.ravel().tolist(),
            matrix=matrix.ravel().tolist(),
            mask=encode_png(from_mask(mask)),
            image=encode_png(np.ascontiguousarray(cut(image, matrix, SIZE))),
        )
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        there = cv2.warpAffine(
            labels, inverse(matrix), (SIZE, SIZE), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        yield row, np.asarray(there), cut(face, matrix, SIZE)


def blind(row: Row) -> Parse:
    """What is known without looking: the face is where the landmarks' hull is."""
    mask = to_mask(decode(row[0].mask))
    return Parse((mask > 0.5).astype(np.uint8), mask)


def told(name: str, rows: list[Row], found: list[Parse], seconds: float) -> list[float]:
    """Print a row of the table; its figures."""
    faces = [shared(each.face > 0.5, row[2] > 0.5) for row, each in zip(rows, found, strict=True)]
    left, taken = np.sum([kept(row, each) for row, each in zip(rows, found, strict=True)], axis=0)
    figures = [np.mean(faces), np.percentile(faces, 5), share(*left), share(*taken)]
    figures += [labelled(rows, found, part) for part in PARTS]
    cells = " | ".join(f"{each:.3f}" for each in figures)
    print(f"| {name} | {cells} | {seconds * 1000:.0f} |")
    return [float(each) for each in figures]


def share(some: int, all_: int) -> float:
    """Of nothing, nothing can be said."""
    return some / all_ if all_ else float("nan")


def over(row: Row) -> tuple[np.ndarray, np.ndarray]:
    """Within the crop's own mask: where something is before the face; where the face is seen."""
    inside = to_mask(decode(row[0].mask)) > 0.5
    return (row[1] == OCCLUDER) & inside, (row[2] > 0.5) & inside


def kept(row: Row, parse: Parse) -> tuple[tuple[int, int], tuple[int, int]]:
    """Pixels before the face that stay in the lowered mask, of all; of the face taken out, of all.

    Only what lies within the mask of the crop counts.
    """
    mask = to_mask(decode(row[0].mask))
    lower = lowered(mask, covered(parse.labels, ("occluder",)), round(GROW * SIZE)) > 0.5
    hiding, face = over(row)
    return (int((lower & hiding).sum()), int(hiding.sum())), (
        int((face & ~lower).sum()),
        int(face.sum()),
    )


def labelled(rows: list[Row], found: list[Parse], part: str) -> float:
    """Intersection over union of a label over all rows."""
    number = LABELS.index(part)
    return shared(
        np.array([each.labels == number for each in found]),
        np.array([row[1] == number for row in rows]),
    )


def shared(one: np.ndarray, two: np.ndarray) -> float:
    """Intersection over union."""
    return float((one & two).sum() / max(1, (one | two).sum()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--shots", nargs="*", type=Path, default=[])
    asked = parser.parse_args()
    main(asked.shots, 5 if asked.quick else 1)
