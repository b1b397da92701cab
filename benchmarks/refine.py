"""What refiners cost, against the same methods as they are usually written; and that they agree.

Everything at 256x256, one thread, processor time (machines are shared), both sides in turn:

- patches: time until the loss is as low as the classic solver gets it, which compares all pairs of
  patches by a convolution in every evaluation; the loss with fresh matches, outside the clock;
- matches: the matching alone, with the same matches;
- gatys: time until the loss is as low as a plain L-BFGS with max_iter 1 a step gets it, fp32,
  channels first;
- seconds a frame of adain, wct and texture in batches.

`python benchmarks/refine.py --quick` takes one face and few evaluations; without it, five faces.
Needs the weights of these refiners: `faceloom weights` fetches them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
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
from faceloom.networks.vgg import frozen
from faceloom.networks.vgg_files import vgg19
from faceloom.parts import build
from faceloom.pixels.warps import cut
from faceloom.refiners.patches import labelled
from faceloom.refiners.touched import Touched
from faceloom.settings import Refine
from faceloom.styles.descent import descended
from faceloom.styles.gram import apart, correlations
from faceloom.styles.patches import Prior, alongside, matches
from faceloom.styles.pictures import to_tensor
from faceloom.training.precision import autocast, keep_allocator

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "resources/weights"
SIZE, SEMANTIC, RATIO = 256, 1.0, 0.8
CPU = torch.device("cpu")
STYLE, CONTENT = ("relu3_1", "relu4_1"), "relu4_2"
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
FRAMES = (0, 10, 20, 30, 40)


def main() -> None:
    """Measure, print a table, and end with the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one face, few evaluations")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)
    keep_allocator()
    faces = list(shown(FRAMES[:1] if quick else FRAMES))
    steps = 10 if quick else 40
    figures: dict[str, list[float]] = {}

    def noted(**values: float) -> None:
        for name, value in values.items():
            figures.setdefault(name, []).append(value)
            print(f"{name:24} {value:9.3f}", flush=True)

    for face in faces:
        noted(match_ratio=matching(face))
        noted(patches_ratio=patching(face, steps))
        noted(gatys_ratio=correlating(face, steps))
    for name, part in (
        ("adain", {"kind": "adain"}),
        ("wct", {"kind": "wct"}),
        ("texture", {"kind": "texture"}),
    ):
        noted(**{f"{name}_seconds": seconds(part, faces, 4 if quick else 16)})
    for name, values in figures.items():
        print(f"{name}: {median(values):.3f}")


def shown(frames: tuple[int, ...]) -> Iterator[Touched]:
    """Rendered actors' faces as crops: boris for content, his twin with chen's face for style."""
    mesher = Mesher(WEIGHTS / "face_landmarker.task")
    clips = [ROOT / f"data/demo/{name}.mp4" for name in ("boris", "boris_as_chen")]
    for number, (one, two) in enumerate(zip(*map(pictures, clips), strict=True)):
        if number in frames:
            image = np.asarray(one.image)
            points = landmarks(mesher(image, np.array([[62.0, 105, 172, 206]]))[0])
            matrix = aligned(points, SIZE, 0.9)
            crops = [cut(np.asarray(each.image), matrix, SIZE) for each in (one, two)]
            there = np.ones((SIZE, SIZE), np.float32)
            yield Touched(0, number, crops[0], crops[1], there, apply(matrix, points))


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


def problem(face: Touched) -> tuple[Tensor, Tensor, Tensor]:
    """Content and style as pictures, and labels."""
    both = [to_tensor([image], CPU) for image in (face.image, face.host)]
    return both[0], both[1], torch.from_numpy(labelled(face))


def matching(face: Touched) -> float:
    """How much sooner the same matches are found."""
    whole, host, labels = problem(face)
    network = frozen(vgg19(WEIGHTS / "vgg_normalized.pth", "relu4_2", "average"), CPU)
    with torch.no_grad():
        own, goal = (
            alongside(network(each, ["relu3_1"])["relu3_1"][0], labels, SEMANTIC).contiguous()
            for each in (whole, host)
        )
        same = (convolved(own, goal) == matches(own, goal).flatten()).float().mean()
        assert same > 0.999, f"only {same:.4f} of the matches are the same"
        return timed(lambda: convolved(own, goal)) / timed(lambda: matches(own, goal))


class Patched:
    """The loss of patches, as the refiner has it, and as it is usually written."""

    def __init__(self, face: Touched) -> None:
        """Look at the pictures once."""
        self.whole, host, self.labels = problem(face)
        self.network = frozen(vgg19(WEIGHTS / "vgg_normalized.pth", CONTENT, "average"), CPU)
        plain = vgg19(WEIGHTS / "vgg_normalized.pth", CONTENT, "average")
        self.plain = plain.requires_grad_(False)
        with torch.no_grad():
            given = self.plain(host, STYLE)
            self.kept = self.plain(self.whole, [CONTENT])[CONTENT]
        self.goals = {name: given[name][0].contiguous() for name in STYLE}
        self.keys = {
            name: alongside(goal, self.labels, SEMANTIC) for name, goal in self.goals.items()
        }
        self.pieces = {
            name: functional.unfold(goal[None], 3)[0] for name, goal in self.goals.items()
        }
        self.priors: dict[str, Prior] = {}

    def classic(self, picture: Tensor) -> Tensor:
        """All pairs by a convolution, and patches cut out, each time."""
        found = self.plain(picture.contiguous(), {*STYLE, CONTENT})
        total = self.stays(found[CONTENT])
        for name in STYLE:
            with torch.no_grad():
                own = alongside(found[name][0], self.labels, SEMANTIC)
                best = convolved(own, self.keys[name])
            cut_out = functional.unfold(found[name], 3)[0]
            wrong = (cut_out - self.pieces[name][:, best]).square().mean()
            total = total + wrong / self.goals[name].square().mean()
        return total

    def ours(self, picture: Tensor, fresh: bool) -> Tensor:
        """As the refiner has it."""
        with autocast(CPU, "auto"):
            found = self.network(picture, {*STYLE, CONTENT})
        total = self.stays(found[CONTENT].float())
        for name in STYLE:
            features = found[name].float()[0]
            if fresh:
                own = alongside(features.detach(), self.labels, SEMANTIC)
                self.priors[name] = Prior(self.goals[name], matches(own, self.keys[name]))
            total = total + self.priors[name](features) / self.goals[name].square().mean()
        return total

    def stays(self, features: Tensor) -> Tensor:
        """How far content is off."""
        off = functional.mse_loss(features, self.kept) / self.kept.square().mean()
        return RATIO * off


def patching(face: Touched, steps: int) -> float:
    """How much sooner the loss is as low as the classic solver's after so many evaluations."""
    problem = Patched(face)
    begun = process_time()
    reached = descended(problem.whole, problem.classic, by="adam", steps=steps, rate=0.02)
    classic = process_time() - begun
    with torch.no_grad():
        goal = float(problem.classic(reached))
    clock = Clock(goal, problem.classic)
    count = 0

    def ours(picture: Tensor) -> Tensor:
        nonlocal count
        clock.look(picture, count, every=3)
        value = problem.ours(picture, fresh=count % 5 == 0)
        count += 1
        return value

    return classic / clock.run(partial(descended, problem.whole, ours, by="adam", rate=0.02), steps)


def correlating(face: Touched, steps: int) -> float:
    """How much sooner Gatys's loss is as low as a plain port's after so many evaluations."""
    whole, host, _ = problem(face)
    plain = vgg19(WEIGHTS / "vgg_normalized.pth", LAYERS[-1], "max").requires_grad_(False)
    fast = frozen(vgg19(WEIGHTS / "vgg_normalized.pth", LAYERS[-1], "max"), CPU)
    with torch.no_grad():
        given = plain(host, LAYERS)
        kept = plain(whole, [CONTENT])[CONTENT]
    goal = correlations({name: given[name] for name in LAYERS}, shift=0, chained=False)

    def of(network: Callable[..., dict[str, Tensor]], picture: Tensor) -> Tensor:
        found = network(picture, {*LAYERS, CONTENT})
        own = correlations({name: found[name] for name in LAYERS}, shift=0, chained=False)
        off = functional.mse_loss(found[CONTENT].float(), kept) / kept.square().mean()
        return apart(own, goal, [1.0] * len(goal)) + 0.25 * off

    def classic(picture: Tensor) -> Tensor:
        return of(plain, picture.contiguous())

    begun = process_time()
    shown = whole.clone(memory_format=torch.contiguous_format).requires_grad_(True)
    port = torch.optim.LBFGS([shown], max_iter=1, history_size=100)
    for _ in range(steps):

        def evaluated() -> Tensor:
            port.zero_grad()
            value = classic(shown)
            torch.autograd.backward(value)
            return value

        port.step(evaluated)  # type: ignore[no-untyped-call]
    spent = process_time() - begun
    with torch.no_grad():
        clock = Clock(float(classic(shown.clamp(-1, 1))), classic)
    count = 0

    def ours(picture: Tensor) -> Tensor:
        nonlocal count
        clock.look(picture, count, every=3)
        count += 1
        with autocast(CPU, "auto"):
            return of(fast, picture)

    return spent / clock.run(partial(descended, whole, ours, by="lbfgs", rate=0.02), 2 * steps)


class Reached(Exception):
    """The loss is as low as it was to be."""


class Clock:
    """Processor time of a descent until its loss, judged by the baseline's own, is low enough."""

    def __init__(self, goal: float, judge: Callable[[Tensor], Tensor]) -> None:
        """Until the judge says no more than that."""
        self.goal, self.judge, self.off = goal, judge, 0.0

    def look(self, picture: Tensor, count: int, every: int) -> None:
        """Now and then, beside the clock, see whether it is there."""
        if not count or count % every:
            return
        begun = process_time()
        with torch.no_grad():
            there = float(self.judge(picture.detach().clamp(-1, 1))) <= self.goal
        self.off += process_time() - begun
        if there:
            raise Reached

    def run(self, descent: Callable[..., Any], steps: int) -> float:
        """Seconds; infinitely many where it does not get there."""
        begun = process_time()
        try:
            descent(steps=steps)
        except Reached:
            return process_time() - begun - self.off
        return float("inf")


def seconds(part: dict[str, Any], faces: list[Touched], count: int) -> float:
    """Processor time a frame, of a refiner that is warm."""
    many = (faces * count)[:count]
    files = sorted(WEIGHTS.iterdir())
    (form,) = Refine.model_validate([part]).by
    refiner = build(form, files)
    list(refiner(iter(many[:2])))
    begun = process_time()
    list(refiner(iter(many)))
    return (process_time() - begun) / count


if __name__ == "__main__":
    main()
