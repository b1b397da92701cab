"""Random views of faces: what the generator sees, and what it should paint.

The recipe is that of the first deepfakes: the input is warped by a random 5x5 grid, the
target only moved so that it lies best on it. Flip, rotation, zoom, shift and warp are put
together analytically, so that each picture is sampled once. Points of the plane are complex
numbers here, x + iy from -1 to 1 across the picture: a similarity is one product and one sum.
"""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from .batch import Batch

KNOTS = 5  # a side of the warp's grid


@dataclass(frozen=True)
class Augmentation:
    """How much faces may vary; all zero leaves them as they are.

    rotation: degrees to either side; zoom, shift: shares of the size to either side;
    warp: standard deviation of the grid's knots as a share of the size; flip: probability;
    brightness, contrast, colour: shares of the range to either side, the same light on
    input and target.
    """

    rotation: float = 3.0
    zoom: float = 0.015
    shift: float = 0.015
    warp: float = 2.5 / 256
    flip: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    colour: float = 0.0


def augmented(
    images: Tensor, masks: Tensor, options: Augmentation, size: int, rng: torch.Generator
) -> Batch:
    """One random view of each face, on the device that the pictures are on.

    images: (B, S, S, 3) uint8 RGB; masks: (B, S, S) uint8; size: pixels a side of the result;
    rng: a generator on the CPU, so that every device sees the same draws.
    """
    pixels = torch.cat([images, masks[..., None]], -1).permute(0, 3, 1, 2).float().div_(255)
    pixels = resized(pixels, 2 * size)
    seen, wanted = (points.to(pixels.device) for points in _views(len(images), options, size, rng))
    grid = torch.view_as_real(torch.cat([seen, wanted], 1))
    # At twice the size, a bilinear sample of an unmoved point is the mean of four pixels:
    # exactly what an area resize to `size` gives.
    views = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    colours = _lit(views[:, :3] * 2 - 1, options, rng)
    return Batch(
        warped=colours[:, :, :size].contiguous(),
        target=colours[:, :, size:].contiguous(),
        mask=views[:, 3:, size:].contiguous(),
    )


def resized(pixels: Tensor, size: int) -> Tensor:
    """Pictures (B, C, S, S) at another size: each new pixel the mean of the area it covers."""
    before = pixels.shape[-1]
    if before == size:
        return pixels
    covers = _covers(before, size).to(pixels)
    return covers @ pixels @ covers.T


@cache
def _covers(before: int, after: int) -> Tensor:
    """How much of each old pixel lies in each new one: (after, before), rows sum to 1."""
    ends = torch.arange(after + 1, dtype=torch.float64) * before / after
    olds = torch.arange(before, dtype=torch.float64)
    within = torch.minimum(ends[1:, None], olds + 1) - torch.maximum(ends[:-1, None], olds)
    return (within.clamp_min(0) * after / before).float()


def _views(
    count: int, options: Augmentation, size: int, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Where each pixel of input and target is taken from: two (count, size, size) complex."""
    seen, wanted = _warped(count, options.warp, size, rng)
    angle = _around_zero(count, rng) * torch.pi / 180 * options.rotation
    turn = torch.polar(1 / (1 + _around_zero(count, rng) * options.zoom), angle)
    shift = 2 * options.shift * torch.complex(_around_zero(count, rng), _around_zero(count, rng))
    mirrored = (torch.rand(count, generator=rng) < options.flip)[:, None, None]

    def moved(points: Tensor) -> Tensor:
        points = turn[:, None, None] * points + shift[:, None, None]
        return torch.where(mirrored, -points.conj(), points)

    return moved(seen), moved(wanted)


def _warped(count: int, sigma: float, size: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """The pixels under a random warp, and under the similarity that comes closest to it."""
    knots = torch.linspace(-1, 1, KNOTS)
    regular = _plane(knots)
    noise = 2 * sigma * torch.randn(2, count, KNOTS, KNOTS, generator=rng)
    bent = regular + torch.complex(noise[0], noise[1])
    centres = (torch.arange(size) + 0.5) * 2 / size - 1
    hats = (1 - (centres[:, None] - knots).abs() * (KNOTS - 1) / 2).clamp_min(0)
    parts = [hats @ part @ hats.T for part in (bent.real, bent.imag)]
    scale, centre = _similarity(bent.flatten(1), regular.flatten())
    wanted = _plane(centres) * scale[:, None, None] + centre[:, None, None]
    return torch.complex(parts[0], parts[1]), wanted


def _similarity(bent: Tensor, regular: Tensor) -> tuple[Tensor, Tensor]:
    """Factor and shift that take regular points to bent ones (Umeyama 1991, equations 40-42).

    As in the classic recipe the fit is from bent to regular, then inverted. regular: (K,),
    centred on zero; bent: (B, K).
    """
    centre = bent.mean(1, keepdim=True)
    spread = bent - centre
    squares = spread.abs().square().sum(1)
    return squares / (regular * spread.conj()).sum(1), centre[:, 0]


def _plane(ticks: Tensor) -> Tensor:
    """The points of a square grid, [row, column] = x + iy."""
    return torch.complex(*torch.meshgrid(ticks, ticks, indexing="xy"))


def _lit(colours: Tensor, options: Augmentation, rng: torch.Generator) -> Tensor:
    """The same change of light on all that is seen of a face; colours in [-1, 1]."""
    count = len(colours)
    contrast = 1 + options.contrast * _around_zero(count, rng)[:, None]
    tint = 1 + options.colour * _around_zero(3 * count, rng).view(count, 3)
    brightness = 2 * options.brightness * _around_zero(count, rng)[:, None, None, None]
    gain = (contrast * tint)[:, :, None, None].to(colours.device)
    return (colours * gain + brightness.to(colours.device)).clamp(-1, 1)


def _around_zero(count: int, rng: torch.Generator) -> Tensor:
    """Evenly distributed in [-1, 1)."""
    return torch.rand(count, generator=rng) * 2 - 1
