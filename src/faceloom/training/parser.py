"""A face parser learns: rendered faces in, labels out."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..networks.face_parser import FaceParser, Seen, channels_last
from .history import Row
from .lessons import Lessons, Notebook, learn
from .parsing import Example, Variation, batch
from .precision import fastest, keep_allocator
from .seeds import seeded

# Rare labels count for more: eyes, inside of the mouth, what covers the face, glasses.
WEIGHTS = (1.0, 1.0, 1.0, 1.0, 3.0, 6.0, 2.0, 2.0)


def learnt(
    examples: Sequence[Example],
    lessons: Lessons,
    variation: Variation,
    *,
    kept: Notebook,
    begin: dict[str, Tensor] | None = None,
) -> tuple[dict[str, Tensor], list[Row]]:
    """The averaged weights of a network that was taught these examples, and its history.

    begin: weights to go on from.
    """
    keep_allocator()
    torch.set_num_threads(lessons.threads)
    with seeded(lessons.seed):
        network = channels_last(FaceParser())
    if begin:
        network.load_state_dict(begin)
    device = fastest()
    network.to(device).train()

    def lost_in(rng: np.random.Generator) -> dict[str, Tensor]:
        shown = batch(examples, lessons.batch, variation, rng)
        pictures = shown.pictures.to(device, memory_format=torch.channels_last)
        losses = lost(network(pictures), shown.labels.to(device), shown.face.to(device))
        return {"total": torch.stack(list(losses.values())).sum(), **losses}

    return learn(network, lost_in, lessons, kept)


def lost(found: Seen, labels: Tensor, face: Tensor) -> dict[str, Tensor]:
    """Cross entropy of labels; of the face, that and what it lacks in overlap (V-Net, 2016)."""
    weights = torch.tensor(WEIGHTS, device=labels.device)
    share = torch.sigmoid(found.face)
    both = (share * face).sum((1, 2))
    overlap = (2 * both + 1) / (share.sum((1, 2)) + face.sum((1, 2)) + 1)
    return {
        "labels": F.cross_entropy(found.labels, labels, weights),
        "face": F.binary_cross_entropy_with_logits(found.face, face),
        "overlap": (1 - overlap).mean(),
    }
