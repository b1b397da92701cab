"""What refiners cost, against the same methods as they are usually written; and that they agree.

At 256x256. Ratios by one thread, processor time (machines are shared), both sides in turn:

- matches: the matching of patches alone, with the same matches;
- patches: time until the loss is as low as the classic solver gets it, which compares all pairs of
  patches by a convolution in every evaluation, and descends from the new face by Adam; without
  --quick against the same by L-BFGS too. Ours begins in part with a quilt, and `unquilted` with the
  new face;
- gatys: time until the loss is as low as a plain port gets it;
- seconds a frame of adain, wct and texture in batches, on two cores by the clock on the wall, the
  best of three.

The classic solver and the port are PyTorch's own, fp32, channels first; L-BFGS without a line
search, Adam from 0.01 to a tenth of that. Equal means: the baseline's own loss of equal pictures,
with fresh matches, outside the clock; the baseline's is what it has after so many evaluations, ours
what it has when it is first seen to be as low.

`python benchmarks/refine.py --quick` takes one face; without it, five.
Needs the weights of these refiners: `faceloom weights` fetches them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from faceloom.geometry.landmarks import aligned
from faceloom.geometry.meshes import landmarks
from faceloom.geometry.similarity import apply
from faceloom.media import pictures
from faceloom.meshes import Mesher
from faceloom.networks.face_parser import load
from faceloom.networks.vgg import frozen
from faceloom.networks.vgg_files import vgg19
from faceloom.parsers import Parser
from faceloom.parts import build
from faceloom.pixels.semantics import told
from faceloom.pixels.warps import cut
from faceloom.refiners.patches import labelled
from faceloom.refiners.touched import Touched
from faceloom.settings import Refine
from faceloom.settings.films import Transfer
from faceloom.settings.refiners import Gatys, Patches
from faceloom.styles.descent import descended
from faceloom.styles.gram import apart, correlations, roughness
from faceloom.styles.patches import alongside, matches
from faceloom.styles.pictures import to_tensor
from faceloom.styles.quilt import Course, Quilt, Seen, Wanted, quilted
from faceloom.training.precision import autocast, keep_allocator

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "resources/weights"
SIZE = 256
CPU = torch.device("cpu")
STYLE, CONTENT = ("relu3_1", "relu4_1"), "relu4_2"
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
WANTED = Wanted({CONTENT: 1.0}, dict.fromkeys(STYLE, 1.0), ratio=0.8, semantic=1.0, smooth=0.01)
FRAMES = (0, 10, 20, 30, 40)
NEAR = 1.1  # times the goal
STEPS = 40  # evaluations of the baselines; of few, most are the first strides

Descent = Callable[[Tensor, Callable[[Tensor], Tensor], int], tuple[Tensor, float]]
"""From a picture and its loss, in so many evaluations: what becomes of it, and the seconds."""


def main() -> None:
    """Measure, print a table, and end with the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one face")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)
    keep_allocator()
    faces = list(shown(FRAMES[:1] if quick else FRAMES))
    figures: dict[str, list[float]] = {}

    def noted(**values: float) -> None:
        for name, value in values.items():
            figures.setdefault(name, []).append(value)
            print(f"{name:24} {value:9.3f}", flush=True)

    for face in faces:
        noted(match_ratio=matching(face))
        noted(**patching(face, walked, "patches_ratio"))
        if not quick:
            noted(**patching(face, ported, "patches_ratio_to_lbfgs"))
        noted(gatys_ratio=correlating(face))
    for kind in ("adain", "wct", "texture"):
        noted(**{f"{kind}_seconds": seconds(kind, faces, 4 if quick else 16)})
    for name, values in figures.items():
        print(f"{name}: {median(values):.3f}")


def shown(frames: tuple[int, ...]) -> Iterator[Touched]:
    """Rendered actors' faces as crops: boris for content, his twin with chen's face for style."""
    mesher = Mesher(WEIGHTS / "face_landmarker.task")
    parser = Parser(load(WEIGHTS / "face_parser.pt"))
    clips = [ROOT / f"data/demo/{name}.mp4" for name in ("boris", "boris_as_chen")]
    for number, (one, two) in enumerate(zip(*map(pictures, clips), strict=True)):
        if number in frames:
            image = np.asarray(one.image)
            points = landmarks(mesher(image, np.array([[62.0, 105, 172, 206]]))[0])
            matrix = aligned(points, SIZE, 0.9)
            crops = [cut(np.asarray(each.image), matrix, SIZE) for each in (one, two)]
            there = np.ones((SIZE, SIZE), np.float32)
            at = apply(matrix, points)
            shown = [told(each.labels, at) for each in parser.all((one, at) for one in crops)]
            yield Touched(0, number, crops[0], crops[1], there, at, (shown[0], shown[1]))


def timed(work: Callable[[], Any]) -> float:
    """Seconds of processor time, the middle of three."""
    work()
    spent = []
    for _ in range(3):
        begun = process_time()
        work()
        spent.append(process_time() - begun)
    return median(spent)


def convolved(content: Tensor, style: Tensor) -> Tensor:
    """Matches as they are usually found: all of the style's patches as a convolution's kernels."""
    patches = functional.unfold(style[None], 3)[0]
    kernels = (patches / (patches.norm(dim=0) + 1e-8)).T.reshape(-1, len(style), 3, 3)
    return functional.conv2d(content[None], kernels)[0].flatten(1).argmax(dim=0)


def problem(face: Touched) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
    """Content and style as pictures, and their labels."""
    both = [to_tensor([image], CPU) for image in (face.image, face.host)]
    return both[0], both[1], labelled(face, Patches().labels, CPU)


def network(deepest: str, *, plain: bool) -> Seen:
    """VGG19 as the refiners have it, or as it is in the file."""
    made = vgg19(WEIGHTS / "vgg_normalized.pth", deepest, "average").requires_grad_(False)
    wanted = {*STYLE, *LAYERS, CONTENT} & set(made.names)
    if plain:
        return lambda picture: made(picture.contiguous(), wanted)
    frozen(made, CPU)

    def seen(picture: Tensor) -> Mapping[str, Tensor]:
        with autocast(CPU, "auto"):
            found = made(picture, wanted)
        return {name: each.float() for name, each in found.items()}

    return seen


def matching(face: Touched) -> float:
    """How much sooner the same matches are found."""
    whole, host, (one, other) = problem(face)
    seen = network("relu3_1", plain=False)
    with torch.no_grad():
        own, goal = (
            alongside(seen(each)["relu3_1"][0], labels, WANTED.semantic).contiguous()
            for each, labels in ((whole, one), (host, other))
        )
        same = (convolved(own, goal) == matches(own, goal).flatten()).float().mean()
        assert same > 0.999, f"only {same:.4f} of the matches are the same"
        return timed(lambda: convolved(own, goal)) / timed(lambda: matches(own, goal))


class Classic(Quilt):
    """The same loss as it is usually written: all pairs by a convolution, patches cut out."""

    def __call__(self, picture: Tensor, fresh: bool = True) -> Tensor:  # noqa: ARG002
        """Of a picture, a number; its patches are matched anew each time."""
        found = self.seen(picture)
        total = self.wanted.smooth * roughness(picture)
        for name, goal in self.goals.items():
            with torch.no_grad():
                best = convolved(self.key(found[name][0], self.own), self.keys[name])
            cut_out, pieces = (functional.unfold(each, 3)[0] for each in (found[name], goal[None]))
            total = total + (cut_out - pieces[:, best]).square().mean() / goal.square().mean()
        off = functional.mse_loss(found[CONTENT], self.kept[CONTENT])
        return total + self.wanted.ratio * off / self.kept[CONTENT].square().mean()


def patching(face: Touched, descent: Descent, figure: str) -> dict[str, float]:
    """How much sooner the loss is as low as the classic solver's after so many evaluations.

    Begun as `transfer` is, whose ratio this is, in part quilted; and with the new face alone, as
    the classic is.
    """
    whole, host, maps = problem(face)
    classic = Classic(network(CONTENT, plain=True), whole, host, maps, WANTED)
    reached, spent = descent(whole, classic, STEPS)
    with torch.no_grad():
        goal = float(classic(reached))
    seen = network(CONTENT, plain=False)
    form = Transfer().by
    assert isinstance(form, Patches)

    def sooner(share: float) -> float:
        clock = Clock(goal, classic)
        # one size: coarse ones cost more here than they save
        course = Course(share, 1, 2 * STEPS, form.refresh, form.by, form.rate)

        def watched(picture: Tensor) -> Mapping[str, Tensor]:
            if picture.requires_grad and picture.shape == whole.shape:
                clock.look(picture)
            return seen(picture)

        return spent / clock.run(lambda: quilted(whole, whole, host, maps, watched, WANTED, course))

    return {figure: sooner(form.quilted), f"{figure}_unquilted": sooner(0)}


def correlating(face: Touched) -> float:
    """How much sooner Gatys's loss is as low as a plain port's after so many evaluations."""
    whole, host, _ = problem(face)
    plain, fast = (network(LAYERS[-1], plain=each) for each in (True, False))
    with torch.no_grad():
        given, kept = plain(host), plain(whole)[CONTENT]
    goal = correlations({name: given[name] for name in LAYERS}, shift=0, chained=False)

    def of(seen: Seen, picture: Tensor) -> Tensor:
        found = seen(picture)
        own = correlations({name: found[name] for name in LAYERS}, shift=0, chained=False)
        off = functional.mse_loss(found[CONTENT], kept) / kept.square().mean()
        return apart(own, goal, [1.0] * len(goal)) + Gatys().ratio * off

    classic = partial(of, plain)
    reached, spent = ported(whole, classic, STEPS)
    with torch.no_grad():
        clock = Clock(float(classic(reached)), classic)

    def ours(picture: Tensor) -> Tensor:
        clock.look(picture)
        return of(fast, picture)

    return spent / clock.run(partial(descended, whole, ours, by="lbfgs", steps=2 * STEPS, rate=1))


def walked(start: Tensor, loss: Callable[[Tensor], Tensor], steps: int) -> tuple[Tensor, float]:
    """What Adam makes of a picture, and the seconds."""
    begun = process_time()
    made = descended(start, loss, by="adam", steps=steps, rate=0.01)
    return made, process_time() - begun


def ported(start: Tensor, loss: Callable[[Tensor], Tensor], steps: int) -> tuple[Tensor, float]:
    """What PyTorch's own L-BFGS makes of a picture as ports of such work use it, and the seconds.

    fp32, channels first, a step an evaluation, no line search.
    """
    begun = process_time()
    shown = start.clone(memory_format=torch.contiguous_format).requires_grad_(True)
    port = torch.optim.LBFGS([shown], max_iter=1, history_size=100)

    def evaluated() -> Tensor:
        port.zero_grad()
        value = loss(shown)
        torch.autograd.backward(value)
        return value

    for _ in range(steps):
        port.step(evaluated)  # type: ignore[no-untyped-call]
    return shown.detach().clamp(-1, 1), process_time() - begun


class Reached(Exception):
    """The loss is as low as it was to be."""


class Clock:
    """Processor time of a descent until its loss, judged by the baseline's own, is low enough."""

    def __init__(self, goal: float, judge: Callable[[Tensor], Tensor]) -> None:
        """Until the judge says no more than that."""
        self.goal, self.judge, self.off, self.count = goal, judge, 0.0, 0
        self.last = float("inf")

    def look(self, picture: Tensor) -> None:
        """Beside the clock see if it is there: every other time, each time when it is near."""
        self.count += 1
        if self.count % 2 and self.last > NEAR * self.goal:
            return
        begun = process_time()
        with torch.no_grad():
            self.last = float(self.judge(picture.detach().clamp(-1, 1)))
        self.off += process_time() - begun
        if self.last <= self.goal:
            raise Reached

    def run(self, descent: Callable[[], Any]) -> float:
        """Seconds; infinitely many where it does not get there."""
        begun = process_time()
        try:
            descent()
        except Reached:
            return process_time() - begun - self.off
        return float("inf")


def seconds(kind: str, faces: list[Touched], count: int) -> float:
    """A frame, of a refiner that is warm, on two cores; the best of three rounds."""
    many = [replace(face, frame=number) for number, face in enumerate((faces * count)[:count])]
    files = sorted(WEIGHTS.iterdir())
    (form,) = Refine.model_validate([{"kind": kind, "threads": 2}]).by
    refiner = build(form, files)
    list(refiner(iter(many[:2])))
    spent = []
    for _ in range(3):
        begun = perf_counter()
        list(refiner(iter(many)))
        spent.append(perf_counter() - begun)
    return min(spent) / count


if __name__ == "__main__":
    main()
