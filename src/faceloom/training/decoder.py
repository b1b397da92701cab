"""A decoder learns: features of a layer in, the picture out (Li et al. 2017, section 3.1)."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..networks.vgg import Decoder, Vgg, frozen
from ..styles.pictures import to_tensor
from .history import Row
from .lessons import Lessons, Notebook, learn
from .precision import fastest, keep_allocator
from .seeds import seeded

SOLVED = 16  # batches that least squares look at
RIDGE = 1e-4  # keeps weights small enough to be written with half the digits


def learnt(
    pictures: Sequence[np.ndarray],
    encoder: Vgg,
    lessons: Lessons,
    *,
    size: int,
    features: float,
    kept: Notebook,
) -> tuple[dict[str, Tensor], list[Row]]:
    """The weights of a decoder of the encoder's last layer, and their history.

    Averaged, by descent; a decoder of one convolution is solved, and its history is one row.

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

    def looked_at(rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        shown = to_tensor(pieces(pictures, lessons.batch, size, rng), device)
        with torch.no_grad():
            return shown, seen(shown, [layer])[layer]

    if len(network.convolutions) == 1:
        draws = np.random.default_rng(lessons.seed)
        off = solve(network, (looked_at(draws) for _ in range(SOLVED)))
        return network.state_dict(), [Row(1, "total", off), Row(1, "pixels", off)]

    def lost_in(rng: np.random.Generator) -> dict[str, Tensor]:
        shown, wanted = looked_at(rng)
        made = network(wanted)
        pixels = functional.mse_loss(made, shown)
        off = functional.mse_loss(seen(made, [layer])[layer], wanted) / wanted.square().mean()
        return {"total": pixels + features * off, "pixels": pixels, "features": off}

    return learn(network, lost_in, lessons, kept)


def solve(network: Decoder, shown: Iterable[tuple[Tensor, Tensor]]) -> float:
    """Give a decoder of one convolution the weights of least squares, and say what it has lost.

    Descent would take for ever: relu1_1's channels are nearly copies of each other.

    Args:
        network: changed in place.
        shown: pictures (B, 3, H, W) in [-1, 1], and features (B, C, H, W) of each.
    """
    made = network.convolutions[0]
    assert isinstance(made, nn.Conv2d)
    products, wanted, count = torch.zeros(()), torch.zeros(()), 0
    for pictures, features in shown:
        edge = functional.pad(features.double(), (1, 1, 1, 1), mode="reflect")
        rows = functional.unfold(edge, 3).mT.flatten(0, 1)
        rows = functional.pad(rows, (0, 1), value=1.0)  # what the bias is multiplied by
        goal = (pictures.double().flatten(2).mT.flatten(0, 1) + 1) / 2
        products, wanted = rows.mT @ rows + products, rows.mT @ goal + wanted
        count += len(rows)
    found = torch.linalg.solve(
        products + RIDGE * count * torch.eye(len(products)).to(products), wanted
    ).T
    with torch.no_grad():
        made.weight.copy_(found[:, :-1].reshape(made.weight.shape))
        made.bias.copy_(found[:, -1])  # type: ignore[union-attr]
        return float(functional.mse_loss(network(features), pictures))


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
