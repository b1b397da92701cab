"""The host's means and spreads of features on the new face, in one pass (Huang, Belongie 2017)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from ..networks.vgg import frozen
from ..networks.vgg_files import decoder, vgg19
from ..styles.moments import adapted
from ..styles.pictures import in_colours, to_images, to_tensor
from ..training.precision import autocast, fastest, keep_allocator
from .carried import Carried, one_after_the_other
from .touched import Touched

LAYER = "relu4_1"  # the decoder's own


def make(
    *,
    alpha: float,
    colours: bool,
    steady: float,
    batch: int,
    threads: int,
    weights: tuple[Path, ...],
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        alpha: how much of the style, in 0..1.
        colours: whether the new face's are kept.
        steady: how much of a change is carried over from the frame before, in 0..1.
        batch: faces at once; one by one where something is carried.
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
        content = to_tensor((face.image for face in faces), device)
        style = to_tensor((face.host for face in faces), device)
        with autocast(device, "auto"):
            features = encoder(content, [LAYER])[LAYER].float()
            wanted = adapted(features, encoder(style, [LAYER])[LAYER].float())
            made = back(features + alpha * (wanted - features)).float()
        return to_images(in_colours(made, content) if colours else made)

    return lambda faces: one_after_the_other(
        faces, styled, steady=steady, batch=1 if steady else batch
    )
