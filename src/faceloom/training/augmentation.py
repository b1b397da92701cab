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

TICKS = torch.linspace(-1, 1, 5)  # where the warp's knots lie, across and down


@dataclass(frozen=True)
class Augmentation:
    """How much faces may vary; all zero leaves them as they are.

    rotation: degrees to either side; zoom, shift: shares of the size to either side;
    warp: standard deviation of the grid's knots as a share of the size; flip: probability;
    brightness, contrast, colour: shares of the range to either side; shade: how much
    brighter one edge may be than the middle, from any side. The light is the same on input
    and target.
    backdrop: probability that random colours are behind the face in the input, so that
    codes tell of nothing but the face.
    """

    rotation: float = 3.0
    zoom: float = 0.015
    shift: float = 0.015
    warp: float = 0.015
    flip: float = 0.0
    brightness: float = 0.03
    contrast: float = 0.1
    colour: float = 0.03
    shade: float = 0.15
    backdrop: float = 0.7


def augmented(
    images: Tensor,
    masks: Tensor,
    options: Augmentation,
    size: int,
    rng: torch.Generator,
    eyes: Tensor | None = None,
) -> Batch:
    """One random view of each face, on the device that the pictures are on.

    images: (B, S, S, 3) uint8 RGB; masks, eyes: (B, S, S) uint8; size: pixels a side of the result,
    fastest where S is twice as much; rng: on the CPU, so that every device sees the same draws.
    """
    seen, wanted = (grid.to(images.device) for grid in _views(len(images), options, size, rng))
    # Input and target are sampled in one go, one above the other.
    both = torch.cat([seen, wanted], 1)
    colours = _sampled(images.permute(0, 3, 1, 2), both).div_(127.5).sub_(1)
    faces = _sampled(masks[:, None], both).div_(255)
    colours = _lit(colours, options, rng)
    warped = _before_backdrops(colours[:, :, :size], faces[:, :, :size], options, rng)
    return Batch(
        warped=warped.contiguous(),
        target=colours[:, :, size:].contiguous(),
        mask=faces[:, :, size:].contiguous(),
        eyes=None if eyes is None else _sampled(eyes[:, None], wanted).div_(255),
    )


def _sampled(pixels: Tensor, grid: Tensor) -> Tensor:
    """Pictures (B, C, S, S), seen through grids (B, H, size, 2), as float32 in [0, 255].

    At twice the size, a bilinear sample of an unmoved point is the mean of four pixels:
    exactly what an area resize to `size` gives.
    """
    double = resized(pixels.float(), 2 * grid.shape[2])
    return functional.grid_sample(double, grid, padding_mode="border", align_corners=False)


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
    """Where each pixel of input and target is taken from: two (count, size, size, 2).

    All that moves the knots is affine, and so is what lies between them: 25 points are
    moved and the pixels are interpolated.
    """
    regular = torch.complex(*torch.meshgrid(TICKS, TICKS, indexing="xy"))
    noise = 2 * options.warp * torch.randn(2, count, *regular.shape, generator=rng)
    bent = regular + torch.complex(noise[0], noise[1])
    scale, centre = _similarity(bent.flatten(1), regular.flatten())
    fitted = regular * scale[:, None, None] + centre[:, None, None]

    angle = _around_zero(count, rng) * torch.pi / 180 * options.rotation
    turn = torch.polar(1 / (1 + _around_zero(count, rng) * options.zoom), angle)
    shift = 2 * options.shift * torch.complex(_around_zero(count, rng), _around_zero(count, rng))
    knots = (
        torch.cat([bent, fitted]) * turn.repeat(2)[:, None, None] + shift.repeat(2)[:, None, None]
    )
    mirrored = (torch.rand(count, generator=rng) < options.flip).repeat(2)
    knots = torch.where(mirrored[:, None, None], -knots.conj(), knots)

    hats = _hats(size)
    grid = hats @ torch.view_as_real(knots).permute(0, 3, 1, 2) @ hats.T
    seen, wanted = grid.permute(0, 2, 3, 1).chunk(2, 0)
    return seen, wanted


@cache
def _hats(size: int) -> Tensor:
    """How much each pixel's centre takes of each knot on a line: (size, knots)."""
    centres = (torch.arange(size) + 0.5) * 2 / size - 1
    return (1 - (centres[:, None] - TICKS).abs() * (len(TICKS) - 1) / 2).clamp_min(0)


def _similarity(bent: Tensor, regular: Tensor) -> tuple[Tensor, Tensor]:
    """Factor and shift that take regular points to bent ones (Umeyama 1991, equations 40-42).

    As in the classic recipe the fit is from bent to regular, then inverted. regular: (K,),
    centred on zero; bent: (B, K).
    """
    centre = bent.mean(1, keepdim=True)
    spread = bent - centre
    squares = spread.abs().square().sum(1)
    return squares / (regular * spread.conj()).sum(1), centre[:, 0]


def _lit(colours: Tensor, options: Augmentation, rng: torch.Generator) -> Tensor:
    """The same change of light on both views of a face (B, 3, 2 size, size), in [-1, 1]."""
    count, size = len(colours), colours.shape[-1]
    contrast = 1 + options.contrast * _around_zero(count, rng)[:, None]
    tint = 1 + options.colour * _around_zero(3 * count, rng).view(count, 3)
    offset = 2 * options.brightness * _around_zero(count, rng)[:, None, None, None]
    slope, side = options.shade * _around_zero(count, rng), torch.pi * _around_zero(count, rng)
    if not (options.contrast or options.colour or options.brightness or options.shade):
        return colours
    ticks = torch.linspace(-1, 1, size)
    across, down = (slope * side.cos())[:, None, None], (slope * side.sin())[:, None, None]
    shade = (across * ticks + down * ticks[:, None]).repeat(1, 2, 1)[:, None].to(colours)
    gain = (contrast * tint)[:, :, None, None].to(colours)
    # Shade scales light, so black stays black; contrast and tint scale about the middle grey.
    return (((colours + 1) * (1 + shade) - 1) * gain + offset.to(colours)).clamp_(-1, 1)


def _before_backdrops(
    views: Tensor, faces: Tensor, options: Augmentation, rng: torch.Generator
) -> Tensor:
    """Views (B, 3, S, S) with soft random colours where the faces' masks are 0."""
    knots = _around_zero(views.shape[0] * 3 * len(TICKS) ** 2, rng)
    taken = torch.rand(len(views), generator=rng) < options.backdrop
    if not options.backdrop:
        return views
    hats = _hats(views.shape[-1])
    colours = hats @ knots.view(*views.shape[:2], len(TICKS), -1) @ hats.T
    share = (1 - faces) * taken[:, None, None, None].to(faces)
    return torch.lerp(views, colours.to(views), share)


def _around_zero(count: int, rng: torch.Generator) -> Tensor:
    """Evenly distributed in [-1, 1)."""
    return torch.rand(count, generator=rng) * 2 - 1
