"""Zeros round features, as TensorFlow lays them."""

import torch.nn.functional as F
from torch import Tensor


def same(features: Tensor, kernel: int, stride: int) -> Tensor:
    """Features (B, C, h, w) padded so that a convolution gives ceil(h / stride) rows ("SAME").

    Where the zeros cannot be shared evenly, there is one more at the right and below.
    """
    edges = []
    for side in (features.shape[3], features.shape[2]):
        zeros = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        edges += [zeros // 2, zeros - zeros // 2]
    return F.pad(features, edges)


def deeper(features: Tensor, channels: int) -> Tensor:
    """Features with channels of zeros behind their own, up to so many."""
    if features.shape[1] == channels:
        return features
    return F.pad(features, (0, 0, 0, 0, 0, channels - features.shape[1]))
