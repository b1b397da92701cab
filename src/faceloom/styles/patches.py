"""Each 3x3 patch of features by the style's most alike one (Li and Wand 2016, 1601.04589)."""

import torch
from torch import Tensor
from torch.nn import functional

SIDE = 3
ROWS = 16  # of patches that are compared at once, on either side: what a processor's cache holds


def matches(content: Tensor, style: Tensor) -> Tensor:
    """For each patch of content (C, h, w) the number of the style's (C, y, x) most alike one.

    Alike by the product with the patch over that one's length, as in equation 3; (h-2, w-2) of
    int64, the style's patches counted row by row. The products of all pixels are one product of
    matrices, whose sums along diagonals are those of patches: nine times less work than comparing
    patches as vectors, and the same.
    """
    _, height, width = content.shape
    _, tall, wide = style.shape
    lengths = functional.avg_pool2d(style.square().sum(dim=0)[None, None], SIDE, 1)[0, 0] * SIDE**2
    shorter = (lengths + 1e-16).rsqrt()
    rows = content.permute(1, 2, 0).contiguous()
    starts = range(0, tall - SIDE + 1, ROWS)
    bands = [style[:, top : top + ROWS + SIDE - 1].flatten(1).contiguous() for top in starts]
    found = torch.empty(height - SIDE + 1, width - SIDE + 1, dtype=torch.long, device=style.device)
    for first in range(0, height - SIDE + 1, ROWS):
        last = min(first + ROWS, height - SIDE + 1)
        pixels = rows[first : last + SIDE - 1].flatten(0, 1)
        best = number = None
        for top, band in zip(starts, bands, strict=True):
            several = (last - first + SIDE - 1, width, band.shape[1] // wide, wide)
            alike = summed((pixels @ band).reshape(several))
            alike *= shorter[top : top + alike.shape[2]]
            most, where = alike.flatten(2).max(dim=2)
            where += top * (wide - SIDE + 1)
            if best is None or number is None:
                best, number = most, where
            else:
                better = most > best
                best, number = most.where(better, best), where.where(better, number)
        assert number is not None
        found[first:last] = number
    return found


def summed(products: Tensor) -> Tensor:
    """From products of pixels (h, w, y, x) to those of the patches that begin at them."""
    along = products[:, :-2, :, :-2] + products[:, 1:-1, :, 1:-1]
    along += products[:, 2:, :, 2:]
    whole = along[:-2, :, :-2] + along[1:-1, :, 1:-1]
    whole += along[2:, :, 2:]
    return whole


def votes(style: Tensor, found: Tensor) -> tuple[Tensor, Tensor]:
    """What patches (h-2, w-2) of the style (C, y, x) add up to where they overlap.

    Returns:
        Their sum (C, h, w), and how many lie over each pixel (h, w).
    """
    channels, _, wide = style.shape
    height, width = (side + SIDE - 1 for side in found.shape)
    top, left = found // (wide - SIDE + 1), found % (wide - SIDE + 1)
    pixels = style.flatten(1).T.contiguous()
    total, count = style.new_zeros(height, width, channels), style.new_zeros(height, width)
    for down in range(SIDE):
        for across in range(SIDE):
            here = slice(down, height - SIDE + 1 + down), slice(across, width - SIDE + 1 + across)
            taken = pixels.index_select(0, ((top + down) * wide + left + across).flatten())
            total[here] += taken.reshape(*found.shape, channels)
            count[here] += 1
    return total.permute(2, 0, 1), count


def swapped(content: Tensor, style: Tensor) -> Tensor:
    """Content (C, h, w) made of the style's patches, their mean where they overlap."""
    total, count = votes(style, matches(content, style))
    return total / count


class Prior:
    """How far features are from the style's patches that they are most alike.

    The mean squared difference of all patches and their matches, without a patch being cut out:
    its sum is that of n·f² - 2·f·t and a number, where n patches lie over a pixel whose votes
    add up to t.
    """

    def __init__(self, style: Tensor, found: Tensor) -> None:
        """By the style's features (C, y, x) and the matches (h-2, w-2)."""
        self.total, self.count = votes(style, found)
        energy = functional.avg_pool2d(style.square().sum(dim=0)[None, None], SIDE, 1) * SIDE**2
        self.rest = energy.flatten()[found.flatten()].sum()
        self.size = found.numel() * SIDE**2 * len(style)

    def __call__(self, features: Tensor) -> Tensor:
        """Of features (C, h, w), a number."""
        own = (self.count * features.square().sum(dim=0)).sum()
        return (own - 2 * (features * self.total).sum() + self.rest) / self.size


def alongside(features: Tensor, labels: Tensor | None, semantic: float) -> Tensor:
    """Features (C, h, w) of length 1 at each pixel, with labels (K, H, W) as more channels.

    Champandard 2016, 1603.01768, section 3.2: what is of another kind is less alike. semantic: how
    much labels count beside features.
    """
    own = functional.normalize(features, dim=0, eps=1e-6)
    if labels is None:
        return own
    shrunk = functional.interpolate(labels[None], features.shape[1:], mode="area")[0]
    return torch.cat([own, semantic**0.5 * functional.normalize(shrunk, dim=0, eps=1e-6)])
