"""A face's shape as a picture: of each place of the skin, where it is.

PRNet (Feng et al. 2018, arXiv 1803.07835, section 3.3): ten residual blocks down to 8x8, transposed
convolutions up again. Its weights are in no package; who has them gives them as an .npz of arrays
by TensorFlow's names, such as `resfcn256/resBlock_3/Conv_1/weights`.
"""

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from faceloom.errors import FaceloomError
from faceloom.networks.stored import Numbers

SIZE = 256
"""Width and height of the picture, and of the map."""
REACH = 1.1  # the map's numbers reach so far beyond the picture
EPSILON = 1e-3  # TensorFlow's, of a batch normalisation
ROOT = "resfcn256"
DOWN = (32, 64, 128, 256, 512)  # channels, each twice: the first of stride 2
UP = (  # channels and strides of the transposed convolutions
    *((512, 1), (256, 2), (256, 1), (256, 1), (128, 2), (128, 1), (128, 1)),
    *((64, 2), (64, 1), (64, 1), (32, 2), (32, 1), (16, 2), (16, 1), (3, 1), (3, 1), (3, 1)),
)


class PositionMap(nn.Module):
    """From pictures to position maps."""

    def __init__(self, narrow: int = 1) -> None:
        """Untaught; narrow: so many times fewer channels than published."""
        super().__init__()
        width = 16 // narrow
        self.first = Convolution(3, width, 4)
        blocks: list[nn.Module] = []
        for outputs in (each // narrow for each in DOWN):
            blocks += [Residual(width, outputs, 2), Residual(outputs, outputs, 1)]
            width = outputs
        self.down = nn.Sequential(*blocks)
        layers: list[nn.Module] = []
        for number, (outputs, stride) in enumerate(UP):
            outputs = outputs if outputs == 3 else outputs // narrow
            layers.append(Transposed(width, outputs, stride, last=number == len(UP) - 1))
            width = outputs
        self.up = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        """Where each place is: (B, 3, 256, 256), x, y, z in pixels of the picture; z to the eye.

        pictures: (B, 3, 256, 256), RGB in [-1, 1].
        """
        found: Tensor = self.up(self.down(self.first(pictures / 2 + 0.5)))
        return found * (SIZE * REACH)


class Convolution(nn.Module):
    """A convolution, padded as TensorFlow does it, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        """Untaught."""
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, bias=False)
        self.bn = nn.BatchNorm2d(outputs, EPSILON)

    def forward(self, features: Tensor) -> Tensor:
        """Smaller by the stride."""
        return F.relu(self.bn(self.conv(same(features, self.conv))))


class Residual(nn.Module):
    """Half the channels, their neighbours, and all again, beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        """Untaught."""
        super().__init__()
        shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.shortcut = shortcut if stride > 1 else None
        self.fewer = Convolution(inputs, outputs // 2, 1)
        self.inner = Convolution(outputs // 2, outputs // 2, 4, stride)
        self.more = nn.Conv2d(outputs // 2, outputs, 1, bias=False)
        self.bn = nn.BatchNorm2d(outputs, EPSILON)

    def forward(self, features: Tensor) -> Tensor:
        """Smaller by the stride."""
        beside = self.shortcut(features) if self.shortcut else features
        return F.relu(self.bn(self.more(self.inner(self.fewer(features))) + beside))


class Transposed(nn.Module):
    """A transposed convolution, as TensorFlow cuts it, batch normalisation, ReLU; last, sigmoid."""

    def __init__(self, inputs: int, outputs: int, stride: int, *, last: bool) -> None:
        """Untaught."""
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, stride, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(outputs, EPSILON)
        self.stride, self.last = stride, last

    def forward(self, features: Tensor) -> Tensor:
        """Larger by the stride."""
        height, width = (side * self.stride for side in features.shape[2:])
        found = self.bn(self.conv(features)[:, :, :height, :width])
        return found.sigmoid() if self.last else F.relu(found)


def same(features: Tensor, layer: nn.Conv2d) -> Tensor:
    """Features padded so that only the stride makes them smaller: more behind than before."""
    kernel, stride = layer.kernel_size[0], layer.stride[0]
    more = max(kernel - stride, 0)
    return F.pad(features, (more // 2, more - more // 2) * 2)


def read_prnet(path: Path, narrow: int = 1) -> PositionMap:
    """The network out of an .npz of TensorFlow's names, ready to be asked.

    Raises:
        FaceloomError: another file, or a damaged one.
    """
    network = PositionMap(narrow)
    try:
        with np.load(path, allow_pickle=False) as held:
            put(network, {name: np.asarray(held[name], np.float32) for name in held.files})
    except (BadZipFile, EOFError, KeyError, OSError, ValueError) as reason:
        said = (str(reason).splitlines() or ["it ends too early"])[0]
        raise FaceloomError(
            f"{path}: not PRNet's weights by TensorFlow's names ({said}); "
            "docs/refinement.md tells how they are written"
        ) from None
    return network.eval().requires_grad_(False)


def names(network: PositionMap) -> dict[str, Tensor]:
    """What of the network is what in TensorFlow's file, in torch's order of axes."""
    found: dict[str, Tensor] = {}

    def normal(scope: str, layer: nn.BatchNorm2d) -> None:
        assert layer.running_mean is not None and layer.running_var is not None
        found[f"{scope}/BatchNorm/gamma"] = layer.weight
        found[f"{scope}/BatchNorm/beta"] = layer.bias
        found[f"{scope}/BatchNorm/moving_mean"] = layer.running_mean
        found[f"{scope}/BatchNorm/moving_variance"] = layer.running_var

    def layer(scope: str, part: Convolution | Transposed) -> None:
        found[f"{scope}/weights"] = part.conv.weight
        normal(scope, part.bn)

    layer(f"{ROOT}/Conv", network.first)
    for number, block in enumerate(network.down):
        assert isinstance(block, Residual)
        scope = f"{ROOT}/resBlock" + (f"_{number}" if number else "")
        if block.shortcut is not None:
            found[f"{scope}/shortcut/weights"] = block.shortcut.weight
        layer(f"{scope}/Conv", block.fewer)
        layer(f"{scope}/Conv_1", block.inner)
        found[f"{scope}/Conv_2/weights"] = block.more.weight
        normal(scope, block.bn)
    for number, each in enumerate(network.up):
        assert isinstance(each, Transposed)
        layer(f"{ROOT}/Conv2d_transpose" + (f"_{number}" if number else ""), each)
    return found


def put(network: PositionMap, held: Mapping[str, Numbers]) -> None:
    """The arrays in their places; KeyError or ValueError where one is missing or of another shape.

    TensorFlow's kernels are (h, w, in, out), of a transposed convolution (h, w, out, in): torch has
    both the other way round.
    """
    for name, place in names(network).items():
        if name not in held:
            raise KeyError(f"no {name}")
        values = held[name]
        values = values.transpose(3, 2, 0, 1) if values.ndim == 4 else values
        if values.shape != tuple(place.shape):
            raise ValueError(f"{name} is {values.shape}, not {tuple(place.shape)}")
        with torch.no_grad():
            place.copy_(torch.from_numpy(np.ascontiguousarray(values)))
