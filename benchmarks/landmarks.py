"""What finds the points of a face: how near to the rendered truth, and how steady.

    python benchmarks/landmarks.py [--quick]

Over the demo's rendered actors (data/demo), whose labels say where 68 points are and how the head,
the eyes and the face were moved. Prints tables in Markdown; --quick takes every tenth frame.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from scipy.stats import spearmanr

from faceloom.detectors import hog
from faceloom.geometry import meshes, pose
from faceloom.geometry.landmarks import INNER, outer_eye_distance
from faceloom.landmarkers import mesh, points68
from faceloom.measures.action_units import UNITS, linear
from faceloom.media import frame_at, pictures
from faceloom.meshes import Mesher
from faceloom.smoothers import kalman

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "resources/weights"
TASK = WEIGHTS / "face_landmarker.task"
CLIPS = {"to learn from": ("boris_learn", "chen_learn"), "held out": ("boris", "chen")}
SIZE = (256, 256)
FRONTAL = 30.0  # degrees of yaw
STILL, NOISES = ("boris", 12), (2.0, 5.0)  # a frame; standard deviations of noise, grey levels
MOMENTS = 40  # frames of the still clip

# what the renderer's units are among the action units
RENDERED = {
    "mouth-open": "AU26 jaw drop",
    "mouth-corner-puller": "AU12 lip corner puller",
    "eye-left-closure": "AU45 blink",
    "eyebrows-left-up": "AU02 outer brow raiser",
    "eyebrows-left-down": "AU04 brow lowerer",
    "eye-left-slit": "AU07 lid tightener",
    "eye-left-opened-up": "AU05 upper lid raiser",
    "nose-left-elevation": "AU09 nose wrinkler",
}

KEPT = ("points68", "mesh", "pose", "mesh_pose", "gaze", "units")

Landmarker = Callable[[np.ndarray, np.ndarray], np.ndarray]


def main(quick: bool) -> None:
    torch.set_num_threads(1)
    faces = {clip: seen(clip, 10 if quick else 1) for clips in CLIPS.values() for clip in clips}
    print("| of the outer eye distance, yaw below 30 | points68 | mesh |\n|---|---|---|")
    for name, clips in CLIPS.items():
        for clip in clips:
            errors = [apart(faces[clip], kind) for kind in ("points68", "mesh")]
            print(f"| {clip}, {name} | {errors[0]:.4f} | {errors[1]:.4f} |")
    print("\n| degrees: yaw, pitch, roll | pose | mesh_pose |\n|---|---|---|")
    for clip in faces:
        print(f"| {clip} | {turned(faces[clip], 'pose')} | {turned(faces[clip], 'mesh_pose')} |")
    print("\n| gaze | correlation of yaw | of pitch |\n|---|---|---|")
    for clip, found in faces.items():
        told = np.array([each["gaze_deg"] for each in found["truth"]])
        one, two = (np.corrcoef(found["gaze"][:, i], told[:, i])[0, 1] for i in (0, 1))
        print(f"| {clip} | {one:.2f} | {two:.2f} |")
    print("\n| rendered unit | action unit | Spearman, mean of clips |\n|---|---|---|")
    for unit, name in RENDERED.items():
        print(f"| {unit} | {name} | {alike(list(faces.values()), unit, name):.2f} |")
    jitter(8 if quick else MOMENTS)


def finders() -> dict[str, Landmarker]:
    """Both kinds of landmarkers, as the settings have them."""
    predictor = WEIGHTS / "shape_predictor_68_face_landmarks.dat"
    return {
        "points68": points68.make(finer=4, weights=(predictor,)),
        "mesh": mesh.make(passes=2, weights=(TASK,)),
    }


def seen(clip: str, step: int) -> dict[str, Any]:
    """All that is found in a clip's frames, and what the renderer says of them."""
    told = json.loads((ROOT / f"data/demo/{clip}.json").read_text())["per_frame"]
    detect, mesher = hog.make(upsample=0, threshold=0.0), Mesher(TASK)
    dlib, units = finders()["points68"], linear()
    found: dict[str, list[Any]] = {name: [] for name in (*KEPT, "truth")}
    for picture in pictures(ROOT / f"data/demo/{clip}.mp4"):
        image = np.asarray(picture.image)
        if picture.frame % step or not (faces := detect(image)):
            continue
        box = faces[0].box[None]
        (points,), (whole,) = dlib(image, box), mesher(image, box)
        turn = mesher.turn(whole, SIZE)
        with torch.inference_mode():
            shares = mesher.file.blendshapes(torch.from_numpy(whole[None, :, :2]).float())
        row: tuple[Any, ...] = (
            points,
            meshes.landmarks(whole),
            pose.angles(points, SIZE),
            pose.euler(turn),
        )
        row += (meshes.gaze(whole, turn), units @ shares[0].numpy())
        for name, values in zip((*KEPT, "truth"), (*row, told[picture.frame]), strict=True):
            found[name].append(values)
    return {name: each if name == "truth" else np.array(each) for name, each in found.items()}


def apart(found: dict[str, Any], kind: str) -> float:
    """Mean distance of the 51 inner points from the truth, where the face is frontal."""
    inner, distances = list(INNER), []
    for points, truth in zip(found[kind], found["truth"], strict=True):
        if abs(truth["head_pose_deg"]["yaw"]) < FRONTAL:
            there = np.array(truth["lm68"]) - 0.5  # labels count from the first pixel's corner
            away = np.linalg.norm(points[inner] - there[inner], axis=1).mean()
            distances.append(away / outer_eye_distance(there))
    return float(np.mean(distances))


def turned(found: dict[str, Any], kind: str) -> str:
    """Mean absolute error of the angles, and what is left of it without a constant offset."""
    names = ("yaw", "pitch", "roll")
    truth = [[each["head_pose_deg"][name] for name in names] for each in found["truth"]]
    wrong = (found[kind] - truth)[np.abs(np.array(truth)[:, 0]) < FRONTAL]
    left = np.abs(wrong - wrong.mean(axis=0)).mean(axis=0)
    means = np.abs(wrong).mean(axis=0)
    return ", ".join(f"{m:.1f} ({rest:.1f})" for m, rest in zip(means, left, strict=True))


def alike(clips: list[dict[str, Any]], unit: str, name: str) -> float:
    """Rank correlation of an action unit with the unit that was rendered; mean over the clips."""
    found = []
    for clip in clips:
        told = [each["expression"].get(unit, 0) for each in clip["truth"]]
        if len(set(told)) > 1:
            found.append(spearmanr(clip["units"][:, list(UNITS).index(name)], told)[0])
    return float(np.mean(found))


def jitter(moments: int) -> None:
    """How much points of a face that keeps still jump with the camera's noise."""
    clip, frame = STILL
    still = np.asarray(frame_at(ROOT / f"data/demo/{clip}.mp4", frame).image).astype(float)
    detect, random = hog.make(upsample=0, threshold=0.0), np.random.default_rng(0)
    smooth = kalman.make(process=0.004, measurement=0.008)
    print(
        "\n| jitter, px, of noise | points68 | smoothed | mesh | smoothed |\n|---|---|---|---|---|"
    )
    for noise in NOISES:
        shown = [still + random.normal(0, noise, still.shape) for _ in range(moments)]
        images = [np.clip(each, 0, 255).round().astype(np.uint8) for each in shown]
        boxes = [detect(image)[0].box[None] for image in images]
        cells, times = [], list[str]()
        for find in finders().values():
            start = process_time()
            points = np.array([find(*each)[0] for each in zip(images, boxes, strict=True)])
            times.append(f"{(process_time() - start) / moments * 1000:.0f}")
            width = float(boxes[0][0, 2] - boxes[0][0, 0])
            calm = smooth(points.reshape(moments, -1), width).reshape(points.shape)
            cells += [f"{spread(points):.2f}", f"{spread(calm):.2f}"]
        print(f"| {noise:g} grey levels | {' | '.join(cells)} |")
    print(f"\nCPU milliseconds a face: {' and '.join(times)}")


def spread(points: np.ndarray) -> float:
    """Root mean square distance of the inner points from their own means over time."""
    return float(np.sqrt(points[:, list(INNER)].var(axis=0).sum(axis=-1)).mean())


if __name__ == "__main__":
    main("--quick" in sys.argv)
