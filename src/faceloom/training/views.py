"""Random views of faces: warped as the generator sees them, and moved as it should paint them.

The recipe is that of the first deepfakes: the input is warped by a random 5x5 grid, the target
only moved so that it lies best on it. Flip, rotation, zoom, shift and warp are put together
analytically, so that each picture is sampled once. Points of the plane are complex numbers here,
x + iy from -1 to 1 across the picture: a similarity is one product and one sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import cv2
import torch
from torch import Tensor
from torch.nn import functional

FINER = 2  # faces are kept at this multiple of the size that they are seen at
SEEN, WANTED = 0, 1  # views of a face
TALLEST = 32767  # pixels of a picture that OpenCV samples
TICKS = torch.linspace(-1, 1, 5)  # where the warp's knots lie, across and down


@dataclass(frozen=True)
class Moves:
    """How each of B faces is moved.

    bends: (B, 5, 5) complex, how far the warp's knots are off; turns: (B,) complex factors,
    rotation and zoom in one; shifts: (B,) complex; mirrored: (B,) bool.
    """

    bends: Tensor
    turns: Tensor
    shifts: Tensor
    mirrored: Tensor


def drawn(
    count: int,
    rng: torch.Generator,
    *,
    rotation: float,
    zoom: float,
    shift: float,
    warp: float,
    flip: float,
) -> Moves:
    """Random moves of so many faces; what each number means, `Augmentation` says."""
    noise = 2 * warp * torch.randn(2, count, len(TICKS), len(TICKS), generator=rng)
    angle = around_zero(count, rng) * torch.pi / 180 * rotation
    turns = torch.polar(1 / (1 + around_zero(count, rng) * zoom), angle)
    shifts = 2 * shift * torch.complex(around_zero(count, rng), around_zero(count, rng))
    mirrored = torch.rand(count, generator=rng) < flip
    return Moves(torch.complex(noise[0], noise[1]), turns, shifts, mirrored)


def knots(moves: Moves) -> Tensor:
    """Where the knots of both views lie: (2, B, 5, 5) complex, what is seen and what is wanted.

    All that moves the knots is affine, and so is what lies between them: 25 points are moved
    and the pixels are interpolated.
    """
    regular = torch.complex(*torch.meshgrid(TICKS, TICKS, indexing="xy"))
    bent = regular + moves.bends
    scale, centre = similarity(bent.flatten(1), regular.flatten())
    fitted = regular * scale[:, None, None] + centre[:, None, None]
    both = torch.stack([bent, fitted]) * moves.turns[:, None, None] + moves.shifts[:, None, None]
    return torch.where(moves.mirrored[:, None, None], -both.conj(), both)


class Views(Protocol):
    """Both views of faces."""

    def __call__(self, pixels: Tensor, which: Sequence[int] = (SEEN, WANTED)) -> Tensor:
        """Some views of pictures (B, S, S, C) uint8: (views, B, C, size, size) uint8.

        Fastest where S is twice the size and C is 1 or 4: at twice the size, a bilinear sample of
        an unmoved point is the mean of four pixels, exactly what an area resize to `size` gives.
        """


def through(places: Tensor, size: int, device: torch.device) -> Views:
    """Faces seen through knots (2, B, 5, 5), as `knots` gives them, at so many pixels a side."""
    return ByOpenCV(places, size) if device.type == "cpu" else ByTorch(places, size, device)


class ByOpenCV:
    """The same on a CPU: some ten times faster there, whole numbers throughout.

    Faces lie below each other in one tall picture, so that they are sampled in one go.
    """

    def __init__(self, places: Tensor, size: int) -> None:
        """Where each pixel is taken from, in pixels of the tall picture."""
        side, count = FINER * size, places.shape[1]
        self.size, self.most = size, TALLEST // side
        self.maps = between((places + (1 + 1j)) * (side / 2) - (0.5 + 0.5j), size)
        self.maps.clamp_(0, side - 1)  # beyond a face its border goes on
        self.maps[:, 1] += (torch.arange(count) % self.most * side)[:, None, None]

    def __call__(self, pixels: Tensor, which: Sequence[int] = (SEEN, WANTED)) -> Tensor:
        """The views of those pictures."""
        side, (count, *_, channels) = FINER * self.size, pixels.shape
        if pixels.shape[1] != side:
            double = resized(pixels.permute(0, 3, 1, 2).float(), side)
            pixels = double.add_(0.5).byte().permute(0, 2, 3, 1).contiguous()
        seen = torch.empty(len(which), count, self.size, self.size, channels, dtype=torch.uint8)
        for view, made in zip(which, seen, strict=True):
            parts = (pixels, *self.maps[view], made)
            for few in zip(*(part.split(self.most) for part in parts), strict=True):
                tall, across, down, room = (part.flatten(0, 1).numpy() for part in few)
                cv2.remap(tall, across, down, cv2.INTER_LINEAR, room, cv2.BORDER_REPLICATE)
        return seen.permute(0, 1, 4, 2, 3).contiguous()


class ByTorch:
    """The same on any device."""

    def __init__(self, places: Tensor, size: int, device: torch.device) -> None:
        """Where each pixel is taken from, from -1 to 1, brought to the device once."""
        self.size, self.grid = size, between(places, size).movedim(1, -1).to(device)

    def __call__(self, pixels: Tensor, which: Sequence[int] = (SEEN, WANTED)) -> Tensor:
        """The views of those pictures."""
        double = resized(pixels.permute(0, 3, 1, 2).float().contiguous(), FINER * self.size)
        views = [
            functional.grid_sample(
                double, self.grid[view], padding_mode="border", align_corners=False
            )
            for view in which
        ]
        return torch.stack(views).add_(0.5).byte()


def between(places: Tensor, size: int) -> Tensor:
    """From knots (2, B, 5, 5) to where each pixel is taken from: x and y (2, 2, B, size, size)."""
    hats = hats_of(size)
    return hats @ torch.view_as_real(places).movedim(-1, 1) @ hats.T


def resized(pixels: Tensor, size: int) -> Tensor:
    """Pictures (B, C, S, S) at another size: each new pixel the mean of the area it covers."""
    before = pixels.shape[-1]
    if before == size:
        return pixels
    shares = covers(before, size).to(pixels)
    return shares @ pixels @ shares.T


@cache
def covers(before: int, after: int) -> Tensor:
    """How much of each old pixel lies in each new one: (after, before), rows sum to 1."""
    ends = torch.arange(after + 1, dtype=torch.float64) * before / after
    olds = torch.arange(before, dtype=torch.float64)
    within = torch.minimum(ends[1:, None], olds + 1) - torch.maximum(ends[:-1, None], olds)
    return (within.clamp_min(0) * after / before).float()


@cache
def hats_of(size: int) -> Tensor:
    """How much each pixel's centre takes of each knot on a line: (size, knots)."""
    centres = (torch.arange(size) + 0.5) * 2 / size - 1
    return (1 - (centres[:, None] - TICKS).abs() * (len(TICKS) - 1) / 2).clamp_min(0)


def similarity(bent: Tensor, regular: Tensor) -> tuple[Tensor, Tensor]:
    """Factor and shift that take regular points to bent ones (Umeyama 1991, equations 40-42).

    As in the classic recipe the fit is from bent to regular, then inverted. regular: (K,),
    centred on zero; bent: (B, K).
    """
    centre = bent.mean(1, keepdim=True)
    spread = bent - centre
    squares = spread.abs().square().sum(1)
    return squares / (regular * spread.conj()).sum(1), centre[:, 0]


def around_zero(count: int, rng: torch.Generator) -> Tensor:
    """Evenly distributed in [-1, 1)."""
    return torch.rand(count, generator=rng) * 2 - 1
