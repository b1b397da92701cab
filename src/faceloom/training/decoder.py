"""A decoder learns: features of a layer in, the picture out (Li et al. 2017, section 3.1)."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..networks.vgg import Decoder, Vgg, frozen
from ..styles.pictures import to_tensor
from .history import Row
from .lessons import Lessons, Notebook, learn
from .precision import fastest, keep_allocator
from .seeds import seeded


def learnt(
    pictures: Sequence[np.ndarray],
    encoder: Vgg,
    lessons: Lessons,
    *,
    size: int,
    features: float,
    kept: Notebook,
) -> tuple[dict[str, Tensor], list[Row]]:
    """The averaged weights of a decoder of the encoder's last layer, and their history.

    Args:
        pictures: RGB uint8 (S, S, 3), S at least the size.
        encoder: to the layer that is to be decoded.
        lessons: how to teach.
        size: pixels a side of the pieces that are shown.
        features: what features count beside pixels.
        kept: where the state lies, and who is told now and then.
    """
    keep_allocator()
    torch.set_num_threads(lessons.threads)
    device, layer = fastest(), encoder.names[-1]
    seen = frozen(encoder, device)
    with seeded(lessons.seed):
        network = Decoder(layer).to(device)

    def lost_in(rng: np.random.Generator) -> dict[str, Tensor]:
        shown = to_tensor(pieces(pictures, lessons.batch, size, rng), device)
        with torch.no_grad():
            wanted = seen(shown, [layer])[layer]
        made = network(wanted)
        pixels = functional.mse_loss(made, shown)
        off = functional.mse_loss(seen(made, [layer])[layer], wanted) / wanted.square().mean()
        return {"total": pixels + features * off, "pixels": pixels, "features": off}

    return learn(network, lost_in, lessons, kept)


def pieces(
    pictures: Sequence[np.ndarray], count: int, size: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """So many squares out of pictures, some of them mirrored."""
    made = []
    for number in rng.integers(len(pictures), size=count):
        image = pictures[int(number)]
        top, left = (int(rng.integers(side - size + 1)) for side in image.shape[:2])
        piece = image[top : top + size, left : left + size]
        made.append(np.ascontiguousarray(piece[:, ::-1] if rng.random() < 0.5 else piece))
    return made
