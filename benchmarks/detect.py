"""How fast and how alike: dlib's face networks by us and by dlib's own wheel.

Both on one thread, in one process, turn by turn; CPU seconds, the least of several rounds. The
frames are composed of the demo's actors. Ends with one line for each number.

    python benchmarks/detect.py           640x480 and 1280x720, some ten minutes
    python benchmarks/detect.py --quick   640x480 alone, one minute
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import cv2
import dlib
import numpy as np
import torch
from composed import DEMO, FIVE, frame, shots, shown

from faceloom.geometry.boxes import overlaps
from faceloom.media import Film
from faceloom.networks.dlib_resnet import BATCH, Descriptors
from faceloom.networks.mmod_follow import Follow
from faceloom.networks.mmod_search import Faces, Search
from faceloom.networks.pyramid import tile
from faceloom.settings import Detect, Extract, Mmod
from faceloom.settings.faces import Video
from faceloom.stages.detect import detect
from faceloom.stages.extract import extract
from faceloom.training.precision import chosen, keep_allocator

WEIGHTS = DEMO.parents[1] / "resources/weights"
DETECTOR = WEIGHTS / "mmod_human_face_detector.dat"
DESCRIPTOR = WEIGHTS / "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS = WEIGHTS / "face_landmarker.task"
SIZES = ((640, 480), (1280, 720))
HELD = 3  # frames that make a face of exact mode one that video mode must see
MATRIX = 1024  # rows and columns
AGAIN = 5
SHOT = 20  # frames
RULED = 100  # of each of three scenes

Tasks = dict[str, Callable[[], object]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one size")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    keep_allocator()
    sizes = SIZES[:1] if quick else SIZES
    units = chosen("cpu", "auto") == "bf16"
    print(f"{cpu()}; bf16 {'in hardware' if units else 'rounded in software: no units for it'}")
    every = [detection(size, 4) for size in sizes]
    described = descriptors(3 if quick else 5)
    lines = {
        "exact_fp32_ratio": min(each["dlib"] / each["fp32"] for each in every),
        "exact_bf16_ratio": min(each["dlib"] / each["bf16"] for each in every),
        "describe_fp32_ratio": described["dlib"] / described["fp32"],
        "describe_bf16_ratio": described["dlib"] / described["bf16"],
        **video(sizes[-1], every[-1], 12 if quick else 40),
        "share_of_matrix_rate": min(
            operations(size) / each["fp32"] / rate(each)
            for size, each in zip(sizes, every, strict=True)
        ),
    }
    if not quick:
        lines["rule_to_network"] = rule(sizes[-1])
    for line, value in lines.items():
        print(f"{line}: {value:.3g}")


def cpu() -> str:
    """The processor's name, and what of it torch uses."""
    told = Path("/proc/cpuinfo")
    names = [line for line in told.read_text().splitlines() if "model name" in line]
    return f"{names[0].partition(':')[2].strip()}, {torch.backends.cpu.get_cpu_capability()}"


def least(tasks: Tasks, rounds: int, again: int = AGAIN) -> dict[str, float]:
    """CPU seconds of each task, the least of some rounds; the fast have several tries in each."""
    best = dict.fromkeys(tasks, float("inf"))
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            for _ in range(1 if name == "dlib" else again):
                started = time.process_time()
                task()
                best[name] = min(best[name], time.process_time() - started)
    return best


def detection(size: tuple[int, int], rounds: int) -> dict[str, float]:
    """All faces of a picture: seconds by whom."""
    image = frame(FIVE, 0, *size)
    theirs = dlib.cnn_face_detection_model_v1(str(DETECTOR))
    fp32, bf16 = Search(DETECTOR), Search(DETECTOR, precision="bf16")
    one = torch.rand(MATRIX, MATRIX)
    tasks: Tasks = {
        "dlib": lambda: theirs(image, 0),
        "fp32": lambda: fp32(image[None]),
        "bf16": lambda: bf16(image[None]),
        "matrix": lambda: one @ one,
    }
    seconds = least(tasks, rounds)
    found = {"dlib": len(theirs(image, 0)), "fp32": len(fp32(image[None])[0].boxes)}
    found["bf16"] = len(bf16(image[None])[0].boxes)
    for name, count in found.items():
        table(f"{size[0]}x{size[1]} {name}", seconds[name], seconds["dlib"], f"{count} faces")
    return seconds


def descriptors(rounds: int) -> dict[str, float]:
    """Sixteen chips: seconds by whom."""
    clips = ("boris", "chen", "boris_learn", "chen_learn")
    images = [shown(clip)[number] for clip in clips for number in (0, 12, 24, 36)]
    chips = np.stack([image[55:205, 52:202] for image in images])
    theirs = dlib.face_recognition_model_v1(str(DESCRIPTOR))
    fp32, bf16 = Descriptors(DESCRIPTOR), Descriptors(DESCRIPTOR, precision="bf16")
    assert len(chips) == BATCH
    tasks: Tasks = {
        "dlib": lambda: theirs.compute_face_descriptor(list(chips)),
        "fp32": lambda: fp32(chips),
        "bf16": lambda: bf16(chips),
    }
    seconds = least(tasks, rounds)
    exact = np.array(theirs.compute_face_descriptor(list(chips)))
    away = {"dlib": exact, "fp32": fp32(chips), "bf16": bf16(chips)}
    for name, found in away.items():
        farthest = np.linalg.norm(found - exact, axis=1).max()
        table(f"{BATCH} chips {name}", seconds[name], seconds["dlib"], f"{farthest:.1e} from dlib")
    return seconds


def video(size: tuple[int, int], alone: dict[str, float], length: int) -> dict[str, float]:
    """Three scenes in video mode, held against exact mode frame by frame."""
    exact = Search(DETECTOR)
    spent = {"exact": 0.0, "video": 0.0}
    every: list[tuple[int, Faces, Faces]] = []
    scene = None
    for now, image in shots(length, *size):
        if now != scene:
            follow, scene = Follow(Search(DETECTOR), Video().every), now
        started = time.process_time()
        (all_over,) = exact(image[None])
        middle = time.process_time()
        near = follow(image)
        spent["exact"] += middle - started
        spent["video"] += time.process_time() - middle
        every.append((now, all_over, near))
    for name, seconds in spent.items():
        what = f"{len(every)} frames"
        table(f"{size[0]}x{size[1]} {name}", seconds / len(every), alone["dlib"], what)
    shares = [share for _, one, other in every for share in best_shares(one.boxes, other.boxes)]
    faster = spent["exact"] / spent["video"]
    return {
        "video_ratio": alone["dlib"] / alone["fp32"] * faster,
        "faces_lost": float(lost(every)),
        "iou_above_0.6": float(np.mean(np.array(shares) > 0.6)),
    }


def best_shares(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How much each of (N, 4) boxes shares with the one of the others that is most like it."""
    return overlaps(boxes, others).max(axis=1, initial=0)


def lost(every: Iterable[tuple[int, Faces, Faces]]) -> int:
    """Faces that exact mode holds for some frames and video mode sees in none of them."""
    ended: list[list[bool]] = []
    held: list[tuple[np.ndarray, list[bool]]] = []
    before = None
    for scene, exact, near in every:
        if scene != before:
            ended, held, before = ended + [seen for _, seen in held], [], scene
        now = []
        for box in exact.boxes:
            same = [track for track in held if overlaps(box[None], track[0][None])[0, 0] > 0.3]
            seen = same[0][1] if same else []
            seen.append(bool(best_shares(box[None], near.boxes)[0] > 0.3))
            now.append((box, seen))
        kept = [id(seen) for _, seen in now]
        ended += [seen for _, seen in held if id(seen) not in kept]
        held = now
    ended += [seen for _, seen in held]
    return sum(len(seen) >= HELD and not any(seen) for seen in ended)


def operations(size: tuple[int, int]) -> float:
    """Multiplications and additions of the network over a picture's tile."""
    layout = tile(*size)
    height, width, total = layout.height, layout.width, 0
    network = Search(DETECTOR).windows.network
    for each in network.convolutions():
        outputs, inputs, rows, columns = each.weight.shape
        height = (height + 2 * each.padding[0] - rows) // each.stride[0] + 1
        width = (width + 2 * each.padding[1] - columns) // each.stride[1] + 1
        total += height * width * outputs * inputs * rows * columns
    return 2.0 * total


def rate(seconds: dict[str, float]) -> float:
    """Multiplications and additions a second, in a product of two matrices."""
    return 2 * MATRIX**3 / seconds["matrix"]


def rule(size: tuple[int, int]) -> float:
    """The detect command, from decoding to table: how many times its network on the same frames."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip, frames = folder / "clip.mp4", folder / "frames.parquet"
        options = {"size": size, "timebase": Fraction(1, 25), "rate": Fraction(25)}
        images = [image for _, image in shots(RULED, *size)]
        with Film(clip, **options) as film:
            for number, image in enumerate(images):
                film.add(image, number, 1)
        extract(clip, frames, Extract())
        settings = Detect(detector=Mmod())
        search = Search(DETECTOR)
        tasks: Tasks = {
            "network": lambda: [search(image[None]) for image in images],
            "detect": lambda: detect(
                clip, frames, (DETECTOR, LANDMARKS), folder / "faces.parquet", settings
            ),
        }
        seconds = least(tasks, 1, again=1)
    for name, spent in seconds.items():
        what = f"{size[0]}x{size[1]} {name}"
        table(what, spent / len(images), seconds["network"] / len(images), f"{len(images)} frames")
    return seconds["detect"] / seconds["network"]


def table(what: str, seconds: float, reference: float, note: str) -> None:
    """A row."""
    print(f"{what:<20} {seconds * 1e3:9.1f} ms {reference / seconds:7.1f}x  {note}", flush=True)


if __name__ == "__main__":
    main()
