"""The host's covariance of features put on the new face, layer after layer (Li et al. 2017)."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..errors import FaceloomError
from ..networks.vgg import frozen, layers
from ..networks.vgg_files import decoder, taught_decoder, vgg19
from ..styles.moments import coloured, transformed, whitened
from ..styles.patches import swapped
from ..styles.pictures import in_colours, to_images, to_tensor
from ..training.precision import autocast, fastest, keep_allocator
from .carried import Carried, one_after_the_other
from .touched import Touched

LAYER = "relu4_1"  # of the decoder that is published


def make(
    *,
    alpha: float,
    cut: float,
    swap: bool,
    colours: bool,
    steady: float,
    threads: int,
    levels: Sequence[str],
    weights: tuple[Path, ...],
    decoders: tuple[Path, ...] = (),
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        alpha: how much of the style, in 0..1.
        cut: directions of features with less variance are left out.
        swap: whether white features are the style's nearest patches (Chen and Schmidt 2016).
        colours: whether the new face's are kept.
        steady: how much of a change is carried over from the frame before, in 0..1.
        threads: of torch.
        levels: layers, one after the other: each begins with the picture that the one before gave.
        weights: vgg_normalized.pth, and adain_decoder.pth for relu4_1.
        decoders: of the other layers, as `decoder` writes them.
    """
    torch.set_num_threads(threads)
    keep_allocator()
    device = fastest()
    deepest = max(levels, key=layers(19).index)
    encoder = frozen(vgg19(weights[0], deepest), device)
    known = {layer: frozen(taught, device) for layer, taught in map(taught_decoder, decoders)}
    if LAYER in levels:
        known[LAYER] = frozen(decoder(weights[1]), device)
    if strange := [name for name in levels if name not in known]:
        raise FaceloomError(
            f"wct: no decoder of {', '.join(strange)}; give with --decoders what has been taught"
        )

    @torch.inference_mode()
    def styled(faces: list[Touched], _: list[Carried | None]) -> list[np.ndarray]:
        (face,) = faces
        content, style = to_tensor([face.image], device), to_tensor([face.host], device)
        made = content
        with autocast(device, "auto"):
            given = encoder(style, levels)
            for level in levels:
                features = encoder(made, [level])[level][0].float()
                wanted = matched(features, given[level][0].float(), cut, swap)
                mixed = (features + alpha * (wanted - features))[None]
                made = known[level](mixed).float()[..., : content.shape[2], : content.shape[3]]
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
