"""How fast faces are varied: our batches against the family's classic loader, at equal pictures.

One thread each, in one process, turn by turn; CPU seconds a face, the middle of several rounds. The
classic loader (classic.py) takes crops of 256 pixels; ours takes its own bank of 128, which is made
once. Both are told the same draws. The share of a training step is against the demo's: the small
network at 64 pixels, 16 faces of each of two people, in the precision that is chosen here.

    python benchmarks/augment.py                  some four minutes
    python benchmarks/augment.py --quick          one minute
    python benchmarks/augment.py --sheet FILE     draws every change, strongly, into a picture
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from classic import Drawn, loaded
from composed import shown
from detect import cpu

from faceloom.images import save_picture
from faceloom.losses import dssim, l1
from faceloom.models import small
from faceloom.pixels.sheets import sheet
from faceloom.training import light, views
from faceloom.training.augmentation import Augmentation, augmented
from faceloom.training.faces import Bank, Sample
from faceloom.training.options import Options
from faceloom.training.precision import chosen, keep_allocator
from faceloom.training.run import new
from faceloom.training.schedule import Phase
from faceloom.training.step import Lesson, learn

FACES, SIZE, CROP = 64, 64, 256
CLASSIC = {"rotation": 10.0, "zoom": 0.1, "shift": 0.05, "warp": 0.02, "flip": 0.5}
MATCH = 0.5
LEAST = 30.0  # dB
STILL = Augmentation(*[0.0] * len(fields(Augmentation)))
STRONG = {
    "rotation": 15.0, "zoom": 0.15, "shift": 0.08, "warp": 0.03, "flip": 1.0, "brightness": 0.15,
    "contrast": 0.4, "colour": 0.2, "shade": 0.6, "backdrop": 1.0, "match": 1.0, "channels": 0.15,
    "coarse": 1.0, "motion": 1.0, "compression": 1.0, "mixup": 1.0,
}  # fmt: skip

Pair = tuple[np.ndarray, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--sheet", type=Path, help="where a picture of all changes goes")
    told = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    keep_allocator()
    crops = {clip: squares(clip, CROP) for clip in ("boris_learn", "chen_learn")}
    if told.sheet:
        save_picture(told.sheet, drawn_sheet(*crops.values()))
        return
    print(f"{cpu()}, {chosen('cpu', 'auto')}, 1 thread")
    rounds = 5 if told.quick else 15
    boris, chen = (crops[clip][:FACES] for clip in crops)
    colour, exact = equal(boris, chen)
    seconds = middle(loaders(boris, chen), rounds)
    for name, spent in seconds.items():
        print(f"{name:<28} {spent / FACES * 1e6:8.0f} us a face")
    spent = step(crops, rounds)
    lines = {
        "psnr": exact,
        "psnr_with_colours": colour,
        "geometry_ratio": seconds["classic, geometry"] / seconds["ours, geometry"],
        "colour_ratio": seconds["classic, eyes and colours"] / seconds["ours, eyes and colours"],
        "augment_share": spent["augmentation"] / spent["step"],
    }
    for line, value in lines.items():
        print(f"{line}: {value:.3g}")


def squares(clip: str, side: int) -> np.ndarray:
    """The frames of a clip, square: (N, side, side, 4) uint8, the mask an ellipse."""
    mask = np.zeros((side, side), np.uint8)
    middle = (side // 2, side // 2)
    cv2.ellipse(mask, middle, (side // 4, side // 3), 0, 0, 360, 255, -1)
    made = []
    for image in shown(clip):
        least = min(image.shape[:2])
        top, left = ((whole - least) // 2 for whole in image.shape[:2])
        cut = image[top : top + least, left : left + least]
        face = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA)
        made.append(np.concatenate([face, mask[..., None]], -1))
    return np.stack(made)


def smaller(crops: np.ndarray, side: int) -> torch.Tensor:
    """Crops as our bank holds them."""
    small = [cv2.resize(each, (side, side), interpolation=cv2.INTER_AREA) for each in crops]
    return torch.from_numpy(np.stack(small))


def equal(boris: np.ndarray, chen: np.ndarray) -> tuple[float, float]:
    """Peak signal to noise of our pictures to the classic ones, with colours and without, in dB.

    The classic loader takes every fourth pixel of its crops where ours takes means; so that moves
    and not resampling are compared, it is given crops of our bank's size here.
    """
    shown, theirs = smaller(boris, 2 * SIZE), smaller(chen, 2 * SIZE)
    found = []
    for often in (MATCH, 0.0):
        moves, match = draws(often)
        told = singly(moves, match)
        ours = both(shown, theirs, moves, match)
        classic = [
            loaded(face[..., :3], None, other[..., :3], each)
            for face, other, each in zip(shown.numpy(), theirs.numpy(), told, strict=True)
        ]
        wrong = [
            np.square(view[:, 4:-4, 4:-4] - np.stack(theirs)[:, 4:-4, 4:-4]).mean((1, 2, 3))
            for view, theirs in zip(ours, zip(*classic, strict=True), strict=True)
        ]
        found.append(float(np.min(10 * np.log10(4 / np.concatenate(wrong)))))
    if min(found) < LEAST:
        raise SystemExit(f"augment: pictures are not equal: {min(found):.1f} dB")
    return found[0], found[1]


def draws(often: float) -> tuple[views.Moves, light.Match]:
    """How faces are moved, and how far each takes the colours of the other of its place."""
    rng = torch.Generator().manual_seed(1)
    moves = views.drawn(FACES, rng, **CLASSIC)
    return moves, replace(light.matches(FACES, FACES, often, rng), whose=torch.arange(FACES))


def singly(moves: views.Moves, match: light.Match) -> list[Drawn]:
    """The same face by face."""
    columns = (moves.bends, moves.turns, moves.shifts, moves.mirrored, match.share, match.xyz)
    bends, *rest = (each.numpy() for each in columns)
    return [Drawn(bend, *each) for bend, each in zip(bends, zip(*rest, strict=True), strict=True)]


def both(shown: torch.Tensor, others: torch.Tensor, moves: views.Moves, match: light.Match) -> Pair:
    """What is seen and what is wanted by us: (B, 64, 64, 3) in [-1, 1]."""
    moved = views.through(views.knots(moves), SIZE, shown.device)
    pixels = moved(shown)[:, :, :3].float()
    colours = light.matched(pixels, shown, others, match) / 127.5 - 1
    seen, wanted = colours.permute(0, 1, 3, 4, 2).numpy()
    return seen, wanted


def loaders(boris: np.ndarray, chen: np.ndarray) -> dict[str, Callable[[], object]]:
    """A batch of each, with all draws."""
    images, others, eyes = boris[..., :3], chen[..., :3], np.repeat(boris[..., 3:], 3, -1)
    bank, theirs = smaller(boris, 2 * SIZE), smaller(chen, 2 * SIZE)
    sight = bank[..., 3].contiguous()
    moved = replace(STILL, **CLASSIC)
    coloured = replace(moved, match=MATCH)
    rng = torch.Generator().manual_seed(2)

    def classic(often: float, seen: np.ndarray | None) -> object:
        told = singly(*draws(often))
        made = [
            loaded(image, None if seen is None else seen[place], other, each)
            for place, (image, other, each) in enumerate(zip(images, others, told, strict=True))
        ]
        return [
            torch.from_numpy(np.stack(side).transpose(0, 3, 1, 2))
            for side in zip(*made, strict=True)
        ]

    return {
        "classic, geometry": lambda: classic(0.0, None),
        "classic, eyes and colours": lambda: classic(MATCH, eyes),
        "ours, geometry": lambda: augmented(Sample(bank), moved, SIZE, rng),
        "ours, eyes and colours": lambda: augmented(
            Sample(bank, sight), coloured, SIZE, rng, theirs
        ),
    }


def middle(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """CPU seconds of each task, the middle of so many rounds, turn by turn."""
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            started = time.thread_time()
            task()
            spent[name].append(time.thread_time() - started)
    return {name: float(np.median(each)) for name, each in spent.items()}


def step(crops: dict[str, np.ndarray], rounds: int) -> dict[str, float]:
    """Seconds of a whole step of the demo's training, and of its faces' views alone."""
    people = ("boris", "chen")
    banks = {
        person: Bank(smaller(each, 2 * SIZE).numpy())
        for person, each in zip(people, crops.values(), strict=True)
    }
    run = new(small.make(people=people, mask=True), None, Options())
    losses = {"l1": (1.0, l1.make()), "dssim": (0.8, dssim.make())}
    lesson = Lesson(banks, Augmentation(), Options(), (Phase(0, losses),))
    rng = torch.Generator().manual_seed(3)

    def vary() -> None:
        for bank in banks.values():
            augmented(bank.sample(16, rng), Augmentation(), SIZE, rng)

    return middle({"augmentation": vary, "step": lambda: learn(run, lesson)}, rounds)


def drawn_sheet(boris: np.ndarray, chen: np.ndarray) -> np.ndarray:
    """A row for each change: what is seen of six faces, and what is wanted of them."""
    few = np.linspace(0, min(len(boris), len(chen)) - 1, 6).astype(int)
    sample, others = Sample(smaller(boris[few], CROP)), smaller(chen[few], CROP)
    cells, captions = [], []
    for name in ("nothing", *STRONG, "everything"):
        on = STRONG if name == "everything" else {k: v for k, v in STRONG.items() if k == name}
        batch = augmented(
            sample, replace(STILL, **on), 128, torch.Generator().manual_seed(4), others
        )
        for what, faces in (("seen", batch.warped), ("wanted", batch.target)):
            cells += list(((faces + 1) * 127.5).permute(0, 2, 3, 1).numpy())
            captions += [f"{name}, {what}"] * len(few)
    return sheet(cells, 12, 96, captions)


if __name__ == "__main__":
    main()
