"""The host's correlations of features put on the new face, by descent (Gatys et al. 2015)."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..networks.vgg import Pooling, frozen, layers
from ..networks.vgg_files import vgg16, vgg19
from ..styles.descent import descended
from ..styles.gram import apart, correlations, roughness
from ..styles.pictures import in_colours, to_images, to_tensor
from ..training.precision import autocast, fastest, keep_allocator
from .carried import Carried, begun, one_after_the_other
from .touched import Touched

REMEMBERED = 0.5  # of the correlations wanted, how much is the frame before's


def make(
    *,
    network: Literal["vgg16", "vgg19"],
    pooling: Pooling,
    content: Mapping[str, float],
    style: Mapping[str, float],
    ratio: float,
    smooth: float,
    shift: float,
    chained: bool,
    start: Literal["content", "noise"],
    by: Literal["lbfgs", "adam"],
    steps: int,
    rate: float,
    colours: bool,
    steady: float,
    seed: int,
    threads: int,
    weights: tuple[Path, ...],
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        network: whose features.
        pooling: "max", or "average" as Gatys has it.
        content: layers that are to stay, each with its weight.
        style: layers whose correlations are to be the host's, each with its weight.
        ratio: weight of all content over that of all style.
        smooth: weight of total variation.
        shift: added to features before they are correlated; -1 keeps matrices from being sparse.
        chained: correlations of each layer with the next, not with itself.
        start: from the new face, or from noise.
        by: what descends.
        steps: evaluations of the loss.
        rate: Adam's at first.
        colours: whether the new face's are kept.
        steady: how much of a change is carried over from the frame before, in 0..1.
        seed: of the noise.
        threads: of torch.
        weights: lpips_vgg16.ckpt or vgg_normalized.pth, as the network is.
    """
    torch.set_num_threads(threads)
    keep_allocator()
    device = fastest()
    names = layers(16 if network == "vgg16" else 19)
    deepest = max([*content, *style], key=names.index)
    read = vgg16 if network == "vgg16" else vgg19
    vgg = frozen(read(weights[0], deepest, pooling), device)
    ordered = sorted(style, key=names.index)
    shares = [style[name] for name in ordered][: len(ordered) - chained]
    drawn = torch.Generator().manual_seed(seed)

    def seen(picture: Tensor) -> Mapping[str, Tensor]:
        with autocast(device, "auto"):
            found: Mapping[str, Tensor] = vgg(picture, {*content, *style})
        return found

    def styles(found: Mapping[str, Tensor]) -> list[Tensor]:
        picked = {name: found[name] for name in ordered}
        return correlations(picked, shift=shift, chained=chained)

    remembered: dict[int, list[Tensor]] = {}

    @torch.no_grad()
    def wanted(face: Touched) -> list[Tensor]:
        own = styles(seen(to_tensor([face.host], device)))
        last = remembered.get(face.track)
        if steady and last is not None:
            own = [one + REMEMBERED * (two - one) for one, two in zip(own, last, strict=True)]
        remembered[face.track] = own
        return own

    def styled(faces: list[Touched], guesses: list[Carried | None]) -> list[np.ndarray]:
        (face,), (guess,) = faces, guesses
        picture = to_tensor([face.image], device)
        with torch.no_grad():
            goal = wanted(face)
            kept = {name: seen(picture)[name].float() for name in content}

        def loss(shown: Tensor) -> Tensor:
            found = seen(shown)
            total = apart(styles(found), goal, shares)
            for name, weight in content.items():
                wrong = functional.mse_loss(found[name].float(), kept[name])
                total = total + ratio * weight * wrong / kept[name].square().mean()
            return total + smooth * roughness(shown)

        first = begun(picture, guess) if start == "content" else noise(picture, drawn)
        made = descended(first, loss, by=by, steps=steps, rate=rate)
        return to_images(in_colours(made, picture) if colours else made)

    return lambda faces: one_after_the_other(
        faces, styled, steady=steady, passed=wanted if steady else lambda _: None
    )


def noise(picture: Tensor, drawn: torch.Generator) -> Tensor:
    """A picture of the same size that shows nothing."""
    return (0.3 * torch.randn(picture.shape, generator=drawn)).to(picture).clamp(-1, 1)
