"""The new face made of patches of the host's, like to like (Li and Wand 2016, Champandard 2016)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ..errors import FaceloomError
from ..networks.vgg import Pooling, frozen, layers
from ..networks.vgg_files import vgg19
from ..pixels.semantics import grouped, planes
from ..styles import quilt
from ..styles.pictures import in_colours, to_images, to_tensor
from ..styles.quilt import Course, Wanted
from ..training.precision import autocast, fastest, keep_allocator
from .carried import Carried, begun, one_after_the_other
from .touched import Touched


def make(
    *,
    content: Mapping[str, float],
    style: Mapping[str, float],
    ratio: float,
    semantic: float,
    labels: Sequence[Sequence[str]],
    smooth: float,
    quilted: float,
    phases: int,
    steps: int,
    refresh: int,
    by: Literal["lbfgs", "adam"],
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
        labels: what counts as the same part, of `pixels.semantics.SHOWN`.
        smooth: weight of total variation.
        quilted: the share of what is begun with that is the host's pixels; not where the frame
            before has left something to begin with.
        phases: sizes, each twice the one before, the last the crop's own.
        steps: evaluations of the loss at each size.
        refresh: after so many of them patches are matched anew.
        by: what descends.
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

    wanted = Wanted(content, style, ratio, semantic, smooth)
    course = Course(quilted, phases, steps, refresh, by, rate)

    def seen(picture: Tensor) -> Mapping[str, Tensor]:
        with autocast(device, "auto"):
            found: Mapping[str, Tensor] = vgg(picture, {*content, *style})
        return {name: each.float() for name, each in found.items()}

    def styled(faces: list[Touched], guesses: list[Carried | None]) -> list[np.ndarray]:
        (face,), (guess,) = faces, guesses
        whole, host = to_tensor([face.image], device), to_tensor([face.host], device)
        shown = labelled(face, labels, device) if semantic else None
        told = replace(course, quilted=0) if guess else course
        made = quilt.quilted(begun(whole, guess), whole, host, shown, seen, wanted, told)
        return to_images(in_colours(made, whole) if colours else made)

    return lambda faces: one_after_the_other(faces, styled, steady=steady)


def labelled(
    face: Touched, groups: Sequence[Sequence[str]], device: torch.device
) -> tuple[Tensor, Tensor]:
    """What the new face and the host show, as planes (K, S, S) of 0 and 1.

    Raises:
        FaceloomError: where nobody says.
    """
    if face.maps is None:
        raise FaceloomError("patches: nobody says what the crops show; give their table --parsed")
    both = face.maps if face.painted else [grouped(each, groups) for each in face.maps]
    content, style = (torch.from_numpy(each).to(device) for each in planes(*both))
    return content, style
