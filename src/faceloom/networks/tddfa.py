"""A face's shape and pose by 62 numbers (Guo et al. 2020, arXiv 2009.09960, "3DDFA_V2").

MobileNet (Howard et al. 2017, arXiv 1704.04861) tells, of 120 pixels, how the mean face is turned,
moved and bent: 12 numbers of a camera, 40 of shape, 10 of expression of the Basel Face Model
(Paysan et al. 2009), which is for research only. Layers are named as in the file mb1_120x120.pth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.io import loadmat
from torch import Tensor, nn

from faceloom.errors import FaceloomError
from faceloom.networks.vgg_files import Arrays

SIZE = 120
"""Width and height of the pictures that it was taught on."""
POSE, SHAPE, EXPRESSION = slice(0, 12), slice(12, 52), slice(52, 62)
LAYERS = (  # the name of each, what it takes, what it gives, its stride
    *(("dw2_1", 32, 64, 1), ("dw2_2", 64, 128, 2), ("dw3_1", 128, 128, 1), ("dw3_2", 128, 256, 2)),
    *(("dw4_1", 256, 256, 1), ("dw4_2", 256, 512, 2)),
    *((f"dw5_{n}", 512, 512, 1) for n in range(1, 6)),
    *(("dw5_6", 512, 1024, 2), ("dw6", 1024, 1024, 1)),
)
ASIDE = "fc_lm."  # a head that only helped to teach it

# what reading other bytes, or bytes of another network, raises
BROKEN = (
    *(AttributeError, EOFError, IndexError, KeyError, OSError, RuntimeError, TypeError),
    *(NotImplementedError, UnpicklingError, ValueError),
)


class Regressor(nn.Module):
    """The 62 numbers (B, 62), in units of their spreads about their means."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.blocks = nn.ModuleDict({name: Separable(*sizes) for name, *sizes in LAYERS})
        self.fc_param = nn.Linear(1024, 62)

    def forward(self, pictures: Tensor) -> Tensor:
        """pictures: (B, 3, 120, 120), RGB in [-1, 1]; the network itself sees blue first."""
        features = F.relu(self.bn1(self.conv1(pictures.flip(1) * (127.5 / 128))))
        for block in self.blocks.values():
            features = block(features)
        numbers: Tensor = self.fc_param(features.mean((2, 3)))
        return numbers


class Separable(nn.Module):
    """Each channel's neighbours, then all channels of a pixel."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        """Untaught."""
        super().__init__()
        self.conv_dw = nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False)
        self.bn_dw = nn.BatchNorm2d(inputs)
        self.conv_sep = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.bn_sep = nn.BatchNorm2d(outputs)

    def forward(self, features: Tensor) -> Tensor:
        """Smaller by the stride."""
        features = F.relu(self.bn_dw(self.conv_dw(features)))
        return F.relu(self.bn_sep(self.conv_sep(features)))


@dataclass(frozen=True)
class Morphable:
    """The Basel Face Model without neck: faces as a mean and ways to differ from it.

    mean: float32 (3, V), x to the right, y up, z towards the eye, in micrometres; shape (3, V, 40)
    and expression (3, V, 10): what a unit of each number adds; triangles: int64 (F, 3);
    keypoints: int64 (68,), the vertices of dlib's landmarks; uv: float32 (V, 2) in 0..1, v down;
    means, spreads: float32 (62,), of the regressor's numbers.
    """

    mean: Tensor
    shape: Tensor
    expression: Tensor
    triangles: NDArray[np.int64]
    keypoints: NDArray[np.int64]
    uv: NDArray[np.float32]
    means: Tensor
    spreads: Tensor

    def to(self, device: torch.device) -> Morphable:
        """The same, its tensors there."""
        return replace(
            self,
            mean=self.mean.to(device),
            shape=self.shape.to(device),
            expression=self.expression.to(device),
            means=self.means.to(device),
            spreads=self.spreads.to(device),
        )

    def points(self, numbers: Tensor) -> Tensor:
        """The vertices (B, V, 3) of faces by the regressor's numbers (B, 62).

        In pixels of its picture, pixel centres at whole numbers; z away from the eye.
        """
        told = numbers * self.spreads + self.means
        faces = (
            self.mean
            + torch.einsum("avk,bk->bav", self.shape, told[:, SHAPE])
            + torch.einsum("avk,bk->bav", self.expression, told[:, EXPRESSION])
        )
        camera = told[:, POSE].reshape(-1, 3, 4)
        x, y, z = (camera[:, :, :3] @ faces + camera[:, :, 3:]).unbind(dim=1)
        return torch.stack([x - 1, SIZE - y, 1 - z], dim=2)  # counted from 1, from below


def regressor(path: Path) -> Regressor:
    """The network in mb1_120x120.pth, ready to be asked; gradients may flow through it.

    Raises:
        FaceloomError: another file, or a damaged one.
    """
    network = Regressor()
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        said = {name.removeprefix("module."): values for name, values in held.items()}
        network.load_state_dict(
            {
                f"blocks.{name}" if name.startswith("dw") else name: values
                for name, values in said.items()
                if not name.startswith(ASIDE)
            }
        )
    except BROKEN:
        raise refused(path, "3DDFA_V2's mb1_120x120.pth") from None
    return network.eval().requires_grad_(False)


def morphable(files: Sequence[Path]) -> Morphable:
    """The model, out of 3DDFA_V2's files; nothing that is in them is run.

    files: bfm_noneck_v3.pkl, bfm_tri.pkl, param_mean_std_62d_120x120.pkl, BFM_UV.mat and
        bfm_indices.npy.

    Raises:
        FaceloomError: one of them is another, or damaged.
    """
    model, faces, numbers, uv, indices = files
    at = model
    try:
        bfm = unpickled(model)
        count = len(bfm["u"]) // 3
        parts = [
            torch.from_numpy(np.array(bfm[name], np.float32)).reshape(count, 3, -1).transpose(0, 1)
            for name in ("u", "w_shp", "w_exp")
        ]
        keypoints = np.array(bfm["keypoints"], np.int64).reshape(68, 3)[:, 0] // 3
        at = faces
        inwards = np.array(unpickled(faces), np.int64).reshape(3, -1).T
        at = numbers
        spread = unpickled(numbers)
        means, spreads = (torch.from_numpy(np.float32(spread[n])) for n in ("mean", "std"))
        at = uv
        places = np.asarray(loadmat(uv, variable_names=["UV"])["UV"], np.float32)
        at = indices
        places = places[np.load(indices, allow_pickle=False)].reshape(count, 2) * (1, -1) + (0, 1)
    except BROKEN:
        raise refused(at, f"3DDFA_V2's {at.name}") from None
    mean, shape, expression = (each.contiguous() for each in parts)
    return Morphable(
        mean[..., 0],
        shape,
        expression,
        np.ascontiguousarray(inwards[:, ::-1]),
        keypoints,
        places.astype(np.float32),
        means,
        spreads,
    )


def unpickled(path: Path) -> Any:
    """An array, or arrays by name; nothing else is let in."""
    with path.open("rb") as file:
        return Arrays(file).load()


def refused(path: Path, meant: str) -> FaceloomError:
    """What to say of a file that is another, or damaged."""
    return FaceloomError(
        f"{path}: not {meant}, or damaged; delete it and fetch it again with faceloom weights"
    )
