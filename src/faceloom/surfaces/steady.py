"""Textures steadied over time; what a frame does not show comes from others or by symmetry."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil, exp
from typing import TypeVar

import torch
from torch import Tensor

from .atlas import mirrored

LONGEST = 30.0  # faces that a texel's memory counts for at most, so that new ones count too


@dataclass(frozen=True)
class Flat:
    """A texture float32 (3, T, T), and how well each texel is seen (1, T, T) in 0..1.

    offset: float32 (V, 3), from where the mesh is to be to where it was seen.
    """

    track: int
    frame: int
    texture: Tensor
    seen: Tensor
    offset: Tensor


Kind = TypeVar("Kind", bound=Flat)


def steadied(flats: Iterable[Kind], spread: float, shape: float) -> Iterator[Kind]:
    """Each texture and offset averaged with its track's neighbours in time, textures filled.

    No more faces than those neighbours are in memory.

    Args:
        flats: in order of time.
        spread: standard deviation in frames of a neighbour's weight for textures, which ends at
            twice that; 0 leaves each frame alone.
        shape: the same for offsets.
    """
    memory: dict[int, Flat] = {}

    def noted() -> Iterator[Kind]:
        for flat in flats:
            memory[flat.track] = remembered(memory.get(flat.track), flat)
            yield flat

    for flat, near in neighbours(noted(), ceil(2 * max(spread, shape))):
        offset = torch.stack([weight * each.offset for each, weight in weights(flat, near, shape)])
        textured = averaged(flat, weights(flat, near, spread)) if spread else flat
        yield replace(filled(textured, memory), offset=offset.sum(dim=0))


def neighbours(flats: Iterable[Kind], reach: int) -> Iterator[tuple[Kind, list[Kind]]]:
    """Each with all of its track that are within so many frames of it, itself too."""
    near: list[Kind] = []
    waiting: deque[Kind] = deque()

    def first() -> tuple[Kind, list[Kind]]:
        flat = waiting.popleft()
        away = [each for each in near if each.track == flat.track]
        return flat, [each for each in away if abs(each.frame - flat.frame) <= reach]

    for flat in flats:
        while waiting and waiting[0].frame + reach < flat.frame:
            yield first()
        waiting.append(flat)
        near = [each for each in near if each.frame >= waiting[0].frame - reach] + [flat]
    while waiting:
        yield first()


def weights(flat: Kind, near: list[Kind], spread: float) -> list[tuple[Kind, float]]:
    """The neighbours that count, each with its weight; they add up to 1."""
    if not spread:
        return [(flat, 1.0)]
    away = [(each, abs(each.frame - flat.frame)) for each in near]
    found = [(each, exp(-0.5 * (far / spread) ** 2)) for each, far in away if far <= 2 * spread]
    total = sum(weight for _, weight in found)
    return [(each, weight / total) for each, weight in found]


def averaged(flat: Kind, near: list[tuple[Kind, float]]) -> Kind:
    """The texture by these, each texel by those that see it; seen as well as by the best."""
    total, seen = torch.zeros_like(flat.texture), torch.zeros_like(flat.seen)
    best = flat.seen
    for each, weight in near:
        total.addcmul_(each.seen, each.texture, value=weight)
        seen.add_(each.seen, alpha=weight)
        best = torch.maximum(best, each.seen)
    return replace(flat, texture=total / seen.clamp(min=1e-6), seen=best)


def remembered(before: Flat | None, flat: Flat) -> Flat:
    """All that a track has shown: a texel's mean over those that have seen it, the latest most."""
    if before is None:
        return flat
    total = before.seen + flat.seen
    mixed = torch.lerp(before.texture, flat.texture, flat.seen / total.clamp(min=1e-6))
    return replace(flat, texture=mixed, seen=total.clamp(max=LONGEST))


def filled(flat: Kind, memory: dict[int, Flat]) -> Kind:
    """What is not seen, from other frames; what none has seen, from the face's other side."""
    for texture, seen in others(flat, memory[flat.track]):
        more = (1 - flat.seen) * seen.clamp(max=1)
        total = flat.seen + more
        mixed = torch.lerp(flat.texture, texture, more / total.clamp(min=1e-6))
        flat = replace(flat, texture=mixed, seen=total)
    return flat


def others(flat: Flat, known: Flat) -> Iterator[tuple[Tensor, Tensor]]:
    """Where a texel may come from else, the best first."""
    yield known.texture, known.seen
    yield mirrored(flat.texture), mirrored(flat.seen)
    yield mirrored(known.texture), mirrored(known.seen)
