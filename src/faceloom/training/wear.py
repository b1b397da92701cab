"""What cameras and codecs do to pictures: few pixels, motion blur, compression."""

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from .views import around_zero, covers

COARSEST = 0.25  # of the size
STREAKS = (5, 7, 9, 11)  # pixels in crops of 256, as faceswap-GAN v2.2 has them
QUALITIES = (20, 90)  # of JPEG
BLOCK = 8
PARTS = 16  # a streak's

# ITU-T T.81, annex K: quantisation of luminance and of chrominance at quality 50
LUMA = """16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56
14 17 22 29 51 87 80 62 18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92
49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99"""
CHROMA = """17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99
47 66 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99
99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99"""
YCBCR = torch.tensor(  # ITU-T T.871
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)


def coarse(views: Tensor, often: float, rng: torch.Generator) -> Tensor:
    """Some of the faces (B, C, S, S) as if they had been small: each down to a quarter and back."""
    size = views.shape[-1]
    taken = (torch.rand(len(views), generator=rng) < often).nonzero()[:, 0]
    shares = COARSEST + (1 - COARSEST) * torch.rand(len(views), generator=rng)
    if not len(taken):
        return views
    through = torch.stack(
        [_through(size, max(1, round(size * share))) for share in shares[taken].tolist()]
    )
    through = through[:, None].to(views)
    views[taken] = through @ views[taken] @ through.mT
    return views


@cache
def _through(size: int, small: int) -> Tensor:
    """A line of pixels made smaller by areas and larger again by straight lines: (size, size)."""
    back = functional.interpolate(torch.eye(small)[None], size, mode="linear")[0].T
    return back @ covers(size, small)


def streaked(views: Tensor, often: float, rng: torch.Generator) -> Tensor:
    """Some of the faces (..., B, C, S, S) as if they had moved while they were taken."""
    size, count = views.shape[-1], views.shape[-4]
    taken = (torch.rand(count, generator=rng) < often).nonzero()[:, 0]
    length = torch.tensor(STREAKS)[torch.randint(len(STREAKS), (count,), generator=rng)]
    angle = torch.pi / 2 * around_zero(count, rng)
    if not len(taken):
        return views
    lines = streaks(length[taken] * size / 256, angle[taken]).to(views)
    few = views[..., taken, :, :, :]
    before, channels, rim = few.shape[:-4], few.shape[-3], lines.shape[-1] // 2
    flat = few.reshape(-1, len(taken), channels, size, size).transpose(0, 1)
    layers = flat.reshape(1, -1, size, size)
    each = lines.repeat_interleave(layers.shape[1] // len(taken), 0)[:, None]
    padded = functional.pad(layers, (rim,) * 4, mode="replicate")
    done = functional.conv2d(padded, each, groups=layers.shape[1])
    done = done.view(len(taken), -1, channels, size, size).transpose(0, 1)
    views[..., taken, :, :, :] = done.reshape(*before, len(taken), channels, size, size)
    return views


def streaks(lengths: Tensor, angles: Tensor) -> Tensor:
    """A straight line of each length (B,), in pixels, at each angle: (B, K, K), sums of 1."""
    rim = int(lengths.max() / 2) + 1
    along = (torch.arange(PARTS) + 0.5) / PARTS - 0.5
    points = along * lengths[:, None]
    ticks = torch.arange(-rim, rim + 1)
    across, down = (
        (1 - (ticks - (points * turn(angles)[:, None])[..., None]).abs()).clamp_min(0)
        for turn in (torch.cos, torch.sin)
    )
    return down.mT @ across / PARTS


def compressed(views: Tensor, often: float, rng: torch.Generator) -> Tensor:
    """Some of the faces (B, 3, S, S) in [-1, 1] as JPEG would have left them."""
    taken = (torch.rand(len(views), generator=rng) < often).nonzero()[:, 0]
    low, high = QUALITIES
    quality = torch.randint(low, high + 1, (len(views),), generator=rng)
    if len(taken):
        views[taken] = jpeg(views[taken], quality[taken])
    return views


def jpeg(views: Tensor, quality: Tensor) -> Tensor:
    """Faces (B, 3, S, S) in [-1, 1] through JPEG's losses (ITU-T T.81), each of a quality (B,).

    Quality is libjpeg's; colours have half the pixels each way (4:2:0). S is a multiple of 16.
    """
    turn = YCBCR.to(views)
    light = torch.einsum("bchw,dc->bdhw", (views + 1) * 127.5, turn)
    luma = quantised(light[:, :1] - 128, tables(LUMA, quality).to(views)) + 128
    few = functional.avg_pool2d(light[:, 1:], 2)
    few = quantised(few, tables(CHROMA, quality).to(views))
    chroma = functional.interpolate(few, scale_factor=2, mode="bilinear")
    back = torch.einsum("bchw,dc->bdhw", torch.cat([luma, chroma], 1), torch.linalg.inv(turn))
    return (back / 127.5 - 1).clamp_(-1, 1)


def quantised(planes: Tensor, steps: Tensor) -> Tensor:
    """Planes (B, C, S, S) whose cosines, block by block, are whole numbers of steps (B, 8, 8)."""
    count, channels, size, _ = planes.shape
    cosines = _cosines().to(planes)
    blocks = planes.view(count, channels, size // BLOCK, BLOCK, -1, BLOCK).transpose(3, 4)
    steps = steps[:, None, None, None]
    whole = (cosines @ blocks @ cosines.T / steps).round() * steps
    return (cosines.T @ whole @ cosines).transpose(3, 4).reshape(planes.shape)


def tables(at_half: str, quality: Tensor) -> Tensor:
    """The steps of each quality (B,), 1 to 100: (B, 8, 8), as libjpeg scales them."""
    base = torch.tensor([float(word) for word in at_half.split()]).view(BLOCK, BLOCK)
    scale = torch.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    return ((base * scale[:, None, None] + 50) / 100).floor().clamp(1, 255)


@cache
def _cosines() -> Tensor:
    """The discrete cosine transform of a block's side: (frequency, pixel)."""
    pixels = torch.arange(BLOCK, dtype=torch.float64)
    waves = torch.cos((2 * pixels + 1) * pixels[:, None] * torch.pi / (2 * BLOCK))
    waves *= (2 / BLOCK) ** 0.5
    waves[0] /= 2**0.5
    return waves.float()
