"""What dlib's networks for faces have in common, as torch has it."""

import numpy as np
import torch
from torch import Tensor, nn

from faceloom.networks.dlib_layers import Convolution

SCALE = 256.0  # what dlib divides by once the means are off


def convolution(stored: Convolution) -> nn.Conv2d:
    """A layer of dlib's as one of torch's, not to be learnt; laid out as CPUs are fast at."""
    outputs, inputs, height, width = stored.weight.shape
    layer = nn.Conv2d(inputs, outputs, (height, width), stored.stride, stored.padding)
    weight = torch.from_numpy(np.array(stored.weight))
    layer.weight.data = weight.contiguous(memory_format=torch.channels_last)
    layer.bias = nn.Parameter(torch.from_numpy(np.array(stored.bias)))
    return layer.requires_grad_(False)


def normalised(pictures: Tensor, means: tuple[float, ...]) -> Tensor:
    """RGB pictures (B, 3, H, W) in 0..255, of any type, as the networks want them: float32."""
    values = pictures.to(torch.float32, memory_format=torch.contiguous_format)
    return (values - values.new_tensor(means)[:, None, None]) * (1 / SCALE)
