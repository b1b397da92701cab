"""Crops to tensors and back, and colours kept while light and shade change."""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


def to_tensor(images: Iterable[np.ndarray], device: torch.device) -> Tensor:
    """RGB uint8 crops (S, S, 3) as float32 (B, 3, S, S) in [-1, 1], channels last in memory."""
    planes = torch.from_numpy(np.stack(list(images))).to(device).permute(0, 3, 1, 2)
    return (planes.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def to_images(pictures: Tensor) -> list[np.ndarray]:
    """Pictures (B, 3, S, S) in [-1, 1], what is beyond cut off, as RGB uint8 (S, S, 3)."""
    values = ((pictures.detach().float() + 1) * 127.5).round().clamp(0, 255)
    return list(values.byte().permute(0, 2, 3, 1).cpu().numpy())


def in_colours(made: Tensor, content: Tensor) -> Tensor:
    """A picture's luma with the content's colours (Gatys et al. 2016, 1606.05897, section 4)."""
    factors = made.new_tensor(LUMA).reshape(1, 3, 1, 1)
    return content + ((made - content) * factors).sum(dim=1, keepdim=True)
