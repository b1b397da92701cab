"""A picture quilted of another's patches: what is to be low, at one size (Champandard 2016)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from math import ceil
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from .descent import descended
from .gram import roughness
from .patches import Prior, alongside, matches, votes

Seen = Callable[[Tensor], Mapping[str, Tensor]]
Maps = tuple[Tensor, Tensor] | None
SMALLEST = 32  # pixels a side: less has no patches at the coarsest layer


@dataclass(frozen=True)
class Wanted:
    """What counts how much.

    content: layers that are to stay, each with its weight; style: layers whose patches are to be
    the style's; ratio: weight of all content over that of all style; semantic: how much it counts
    that patches are of the same label; smooth: weight of total variation.
    """

    content: Mapping[str, float]
    style: Mapping[str, float]
    ratio: float
    semantic: float
    smooth: float


@dataclass(frozen=True)
class Course:
    """How it is come by.

    quilted: the share of what is begun with that is the style's pixels; phases: sizes, each twice
    the one before, the last the picture's own; steps: evaluations of the loss at each; refresh:
    after so many of them patches are matched anew; by and rate: as `descended` has them.
    """

    quilted: float
    phases: int
    steps: int
    refresh: int
    by: Literal["lbfgs", "adam"]
    rate: float


def quilted(
    first: Tensor, content: Tensor, style: Tensor, maps: Maps, seen: Seen, wanted: Wanted,
    course: Course,
) -> Tensor:  # fmt: skip
    """What becomes of a first picture, coarse to fine; the rest as `Quilt` has it."""

    def phase(start: Tensor, side: int, share: float) -> Tensor:
        loss = Quilt(seen, resized(content, side), resized(style, side), maps, wanted)
        number, begun = count(), resized(start, side)
        return descended(
            torch.lerp(begun, loss.quilt(begun), share) if share else begun,
            lambda picture: loss(picture, fresh=next(number) % course.refresh == 0),
            by=course.by,
            steps=course.steps,
            rate=course.rate,
            search=False,
        )

    made, share = first, course.quilted
    for side in sizes(content.shape[2], course.phases):
        made, share = phase(made, side, share), 0.0
    return made


def sizes(side: int, phases: int) -> list[int]:
    """The sizes from coarse to fine."""
    halved = [side >> n for n in range(phases)]
    return [each for each in reversed(halved) if each >= SMALLEST] or [side]


def resized(picture: Tensor, side: int) -> Tensor:
    """The picture, square, at that size."""
    if picture.shape[2:] == (side, side):
        return picture
    made = functional.interpolate(
        picture, (side, side), mode="bicubic", antialias=True, align_corners=False
    )
    return made.contiguous(memory_format=torch.channels_last)


class Quilt:
    """How far a picture is from one picture's content in patches of another."""

    def __init__(
        self, seen: Seen, content: Tensor, style: Tensor, maps: Maps,
        wanted: Wanted,
    ) -> None:  # fmt: skip
        """Look at both once.

        Args:
            seen: what gives the wanted layers' features of a picture.
            content: (1, 3, H, W) in [-1, 1].
            style: likewise, of any size.
            maps: their labels as planes (K, Y, X), where semantics count.
            wanted: what counts how much.
        """
        self.seen, self.style, self.wanted = seen, style, wanted
        with torch.no_grad():
            kept, given = seen(content), seen(style)
        self.kept = {name: kept[name] for name in wanted.content}
        self.goals = {name: given[name][0].contiguous() for name in wanted.style}
        self.own: Tensor | None = maps[0] if maps else None
        other = maps[1] if maps else None
        self.keys = {name: self.key(goal, other) for name, goal in self.goals.items()}
        self.priors: dict[str, Prior] = {}

    def __call__(self, picture: Tensor, fresh: bool) -> Tensor:
        """Of a picture (1, 3, H, W), a number; fresh: whether its patches are matched anew."""
        found = self.seen(picture)
        if fresh:
            self.match(found)
        total = self.wanted.smooth * roughness(picture)
        for name, weight in self.wanted.style.items():
            energy = self.goals[name].square().mean()
            total = total + weight * self.priors[name](found[name][0]) / energy
        for name, weight in self.wanted.content.items():
            off = functional.mse_loss(found[name], self.kept[name])
            total = total + self.wanted.ratio * weight * off / self.kept[name].square().mean()
        return total

    def match(self, found: Mapping[str, Tensor]) -> None:
        """Give every patch of a picture's features the style's most alike one."""
        for name, goal in self.goals.items():
            own = self.key(found[name].detach()[0], self.own)
            self.priors[name] = Prior(goal, matches(own, self.keys[name]))

    @torch.no_grad()
    def quilt(self, picture: Tensor) -> Tensor:
        """The style's pixels, for each patch of the coarsest layer those of the most alike one.

        A mean where they overlap: quilted and not descended (as Efros and Freeman 2001, without
        their cuts).
        """
        name = min(self.goals, key=lambda name: self.goals[name].shape[1])
        own = self.key(self.seen(picture)[name][0], self.own)
        rows = self.goals[name].shape[1]
        each = ceil(self.style.shape[2] / rows)  # pixels a side of a feature
        pixels = functional.pixel_unshuffle(resized(self.style, each * rows), each)
        total, lying = votes(pixels[0].contiguous(), matches(own, self.keys[name]))
        return resized(functional.pixel_shuffle((total / lying)[None], each), picture.shape[2])

    def key(self, features: Tensor, planes: Tensor | None) -> Tensor:
        """What patches of features are matched by."""
        return alongside(features, planes, self.wanted.semantic)
