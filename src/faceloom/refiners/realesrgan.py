"""New faces made smaller, and enlarged again by a network that knows how pictures look.

Real-ESRGAN (Wang et al. 2021), which faceswap-GAN's notes would hold against style transfer. A face
that was painted at 64 pixels has no more in it than that: the network is shown it there, and makes
up the rest.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Literal

import torch
from torch.nn import functional

from ..networks.realesrgan import compact, dense
from ..networks.vgg import frozen
from ..styles.pictures import to_images, to_tensor
from ..training.precision import autocast, fastest, keep_allocator
from .touched import Touched


def make(
    *,
    network: Literal["compact", "dense"],
    seen: float,
    amount: float,
    batch: int,
    threads: int,
    weights: tuple[Path, ...],
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        network: the small one, or ESRGAN's own, some fifteen times slower.
        seen: at what share of its size the network sees a crop.
        amount: how much of what it makes is taken, in 0..1.
        batch: faces at once.
        threads: of torch.
        weights: RealESR_Gx4.pth, or realesrgan-x4plus.bin.
    """
    torch.set_num_threads(threads)
    keep_allocator()
    device = fastest()
    taught = frozen((compact if network == "compact" else dense)(weights[0]), device)

    @torch.inference_mode()
    def enlarged(faces: list[Touched]) -> Iterator[Touched]:
        before = to_tensor((face.image for face in faces), device)
        size = before.shape[2:]
        small = [max(1, round(side * seen)) for side in size]
        with autocast(device, "auto"):
            made = taught(functional.interpolate(before, small, mode="area")).float()
        if made.shape != before.shape:
            made = functional.interpolate(made, size, mode="bicubic", antialias=True)
        for face, image in zip(faces, to_images(before + amount * (made - before)), strict=True):
            yield replace(face, image=image)

    def refined(faces: Iterator[Touched]) -> Iterator[Touched]:
        while group := list(islice(faces, batch)):
            yield from enlarged(group)

    return refined
