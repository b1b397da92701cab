"""The new face made of patches of the host's, like to like (Li and Wand 2016, Champandard 2016)."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..networks.vgg import Pooling, frozen, layers
from ..networks.vgg_files import vgg19
from ..pixels.masks import hull, parts
from ..styles.descent import descended
from ..styles.gram import roughness
from ..styles.patches import Prior, alongside, matches
from ..styles.pictures import in_colours, to_images, to_tensor
from ..training.precision import autocast, fastest, keep_allocator
from .carried import Carried, begun, one_after_the_other
from .touched import Touched

PARTS = ("brows", "eyes", "nose", "mouth")
SMALLEST = 32  # pixels a side: less has no patches at the coarsest layer


def make(
    *,
    content: Mapping[str, float],
    style: Mapping[str, float],
    ratio: float,
    semantic: float,
    smooth: float,
    phases: int,
    steps: int,
    refresh: int,
    rate: float,
    pooling: Pooling,
    colours: bool,
    steady: float,
    threads: int,
    weights: tuple[Path, ...],
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        content: layers that are to stay, each with its weight.
        style: layers whose patches are to be the host's, each with its weight.
        ratio: weight of all content over that of all style.
        semantic: how much it counts that patches are of the same part of the face; 0: nothing.
        smooth: weight of total variation.
        phases: sizes, each twice the one before, the last the crop's own.
        steps: evaluations of the loss at each size.
        refresh: after so many of them patches are matched anew.
        rate: Adam's at first.
        pooling: "average" as Champandard has it, or "max".
        colours: whether the new face's are kept.
        steady: how much of a change is carried over from the frame before, in 0..1.
        threads: of torch.
        weights: vgg_normalized.pth.
    """
    torch.set_num_threads(threads)
    keep_allocator()
    device = fastest()
    deepest = max([*content, *style], key=layers(19).index)
    vgg = frozen(vgg19(weights[0], deepest, pooling), device)

    def seen(picture: Tensor) -> Mapping[str, Tensor]:
        with autocast(device, "auto"):
            found: Mapping[str, Tensor] = vgg(picture, {*content, *style})
        return {name: each.float() for name, each in found.items()}

    def phase(first: Tensor, whole: Tensor, host: Tensor, labels: Tensor) -> Tensor:
        """What becomes of a picture at its size, by the new face and the host's at any."""
        side = first.shape[2:]
        with torch.no_grad():
            kept, given = seen(resized(whole, side)), seen(resized(host, side))
        goals = {name: given[name][0].contiguous() for name in style}
        keys = {name: alongside(goals[name], labels, semantic) for name in style}
        priors: dict[str, Prior] = {}
        evaluated = 0

        def matched(found: Mapping[str, Tensor]) -> None:
            for name in style:
                own = alongside(found[name].detach()[0], labels, semantic)
                priors[name] = Prior(goals[name], matches(own, keys[name]))

        def loss(shown: Tensor) -> Tensor:
            nonlocal evaluated
            found = seen(shown)
            if evaluated % refresh == 0:
                matched(found)
            evaluated += 1
            total = smooth * roughness(shown)
            for name, weight in style.items():
                total = total + weight * priors[name](found[name][0]) / goals[name].square().mean()
            for name, weight in content.items():
                wrong = functional.mse_loss(found[name], kept[name])
                total = total + ratio * weight * wrong / kept[name].square().mean()
            return total

        return descended(first, loss, by="adam", steps=steps, rate=rate)

    def styled(faces: list[Touched], guesses: list[Carried | None]) -> list[np.ndarray]:
        (face,), (guess,) = faces, guesses
        whole, host = to_tensor([face.image], device), to_tensor([face.host], device)
        labels = torch.from_numpy(labelled(face)).to(device)
        made = begun(whole, guess)
        for side in sizes(whole.shape[2], phases):
            made = phase(resized(made, (side, side)), whole, host, labels)
        return to_images(in_colours(made, whole) if colours else made)

    return lambda faces: one_after_the_other(faces, styled, steady=steady)


def sizes(side: int, phases: int) -> list[int]:
    """The sizes from coarse to fine."""
    halved = [side >> n for n in range(phases)]
    return [each for each in reversed(halved) if each >= SMALLEST] or [side]


def resized(picture: Tensor, side: tuple[int, ...]) -> Tensor:
    """The picture at that size."""
    if tuple(picture.shape[2:]) == tuple(side):
        return picture
    made = functional.interpolate(
        picture, tuple(side), mode="bicubic", antialias=True, align_corners=False
    )
    return made.contiguous(memory_format=torch.channels_last)


def labelled(face: Touched) -> np.ndarray:
    """Which part of a face each pixel is of: float32 (6, S, S) in 0..1.

    Outside, skin, brows, eyes, nose, mouth. Host and new face share the crop and its points.
    """
    size = (face.image.shape[1], face.image.shape[0])
    inner = [parts(face.points, [part], size) for part in PARTS]
    taken = np.clip(np.sum(inner, axis=0), 0, 1)
    whole = np.maximum(hull(face.points, size), taken)
    return np.stack([1 - whole, whole - taken, *inner]).astype(np.float32)
