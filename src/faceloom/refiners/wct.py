"""The host's covariance of features put on the new face, in one pass (Li et al. 2017)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..networks.vgg import frozen
from ..networks.vgg_files import decoder, vgg19
from ..styles.moments import coloured, transformed, whitened
from ..styles.patches import swapped
from ..styles.pictures import in_colours, to_images, to_tensor
from ..training.precision import autocast, fastest, keep_allocator
from .carried import Carried, one_after_the_other
from .touched import Touched

LAYER = "relu4_1"  # the decoder's own


def make(
    *,
    alpha: float,
    cut: float,
    swap: bool,
    colours: bool,
    steady: float,
    threads: int,
    weights: tuple[Path, ...],
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        alpha: how much of the style, in 0..1.
        cut: directions of features with less variance are left out.
        swap: whether white features are the style's nearest patches (Chen and Schmidt 2016).
        colours: whether the new face's are kept.
        steady: how much of a change is carried over from the frame before, in 0..1.
        threads: of torch.
        weights: vgg_normalized.pth and adain_decoder.pth.
    """
    torch.set_num_threads(threads)
    keep_allocator()
    device = fastest()
    encoder = frozen(vgg19(weights[0], LAYER), device)
    back = frozen(decoder(weights[1]), device)

    @torch.inference_mode()
    def styled(faces: list[Touched], _: list[Carried | None]) -> list[np.ndarray]:
        (face,) = faces
        content = to_tensor([face.image], device)
        with autocast(device, "auto"):
            both = encoder(torch.cat([content, to_tensor([face.host], device)]), [LAYER])[LAYER]
            features = both[0].float()
            wanted = matched(features, both[1].float(), cut, swap)
            made = back((features + alpha * (wanted - features))[None]).float()
        return to_images(in_colours(made, content) if colours else made)

    return lambda faces: one_after_the_other(faces, styled, steady=steady)


def matched(content: Tensor, style: Tensor, cut: float, swap: bool) -> Tensor:
    """Content (C, h, w) with the covariance of the style (C, y, x), or of its own patches."""
    flat, goal = content.flatten(1), style.flatten(1)
    if not swap:
        return transformed(flat, goal, cut).reshape(content.shape)
    white = whitened(flat, cut)[0].reshape(content.shape)
    pieces = whitened(goal, cut)[0].reshape(style.shape)
    return coloured(swapped(white, pieces).flatten(1), goal, cut).reshape(content.shape)
