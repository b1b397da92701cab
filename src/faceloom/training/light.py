"""Light and colours of faces, the same on what is seen and on what is to be painted."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .views import TICKS, around_zero, hats_of

MIDDLE = 60 / 256  # of a side that is left out all round where another's colours are measured
XYZ = torch.tensor(  # linear RGB to CIE XYZ under D65, as OpenCV has it
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)


Moments = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Light:
    """How each of B faces is lit: red, green and blue times `gains`, plus `offsets`, in [-1, 1].

    gains, offsets: (B, 3); slopes: (B, 2), how much brighter the right and the lower edge are.
    """

    gains: Tensor
    offsets: Tensor
    slopes: Tensor


def drawn(
    count: int,
    rng: torch.Generator,
    *,
    brightness: float,
    contrast: float,
    colour: float,
    shade: float,
) -> Light:
    """Random light on so many faces; what each number means, `Augmentation` says."""
    gains = 1 + contrast * around_zero(count, rng)[:, None]
    tints = 1 + colour * around_zero(3 * count, rng).view(count, 3)
    offsets = 2 * brightness * around_zero(count, rng)[:, None].expand(-1, 3)
    slope, side = shade * around_zero(count, rng), torch.pi * around_zero(count, rng)
    return Light(gains * tints, offsets, torch.stack([slope * side.cos(), slope * side.sin()], 1))


def lit(colours: Tensor, light: Light) -> Tensor:
    """Faces (..., B, 3, S, S) in [0, 255] in that light, in [-1, 1].

    Shade scales light, so black stays black; contrast and tint scale about the middle grey.
    """
    ticks = torch.linspace(-1, 1, colours.shape[-1])
    across, down = light.slopes[:, :, None, None].unbind(1)
    shade = (1 + across * ticks + down * ticks[:, None])[:, None]
    gains, offsets = light.gains[:, :, None, None], light.offsets[:, :, None, None]
    factors, rest = (shade * gains / 127.5).to(colours), (offsets - gains).to(colours)
    return colours.mul_(factors).add_(rest).clamp_(-1, 1)


@dataclass(frozen=True)
class Match:
    """Whose colours each of B faces takes: whose: (B,) places among others.

    share: (B,) of their mean and spread, 0 leaves a face as it is; xyz: (B,) bool, whether channels
    are X, Y and Z in place of red, green and blue.
    """

    whose: Tensor
    share: Tensor
    xyz: Tensor


def matches(count: int, among: int, often: float, rng: torch.Generator) -> Match:
    """Random ones; often: probability that a face takes any."""
    whose = torch.randint(among, (count,), generator=rng)
    share, xyz, taken = torch.rand(3, count, generator=rng)
    return Match(whose, torch.where(taken < often, share, 0), xyz < 0.5)


def matched(colours: Tensor, shown: Tensor, others: Tensor, match: Match) -> Tensor:
    """Faces with some of the colours of others, channel by channel (as in faceswap-GAN).

    colours: (V, B, 3, S, S) in [0, 255], changed in place; shown: (B, H, H, 3 or more) uint8, whole
    pictures of the same faces; others: (N, H, H, 3 or more) of those whose colours they take. Mean
    and spread of a linear map of colours follow from those of colours, so that pictures are looked
    at once and changed by one matrix.
    """
    taken = match.share.nonzero()[:, 0]
    own, theirs = moments(shown, taken), moments(others, match.whose[taken])
    turn, rest = _matrices(own, theirs, match.share[taken, None], match.xyz[taken])
    turn, rest = turn.to(colours), rest.to(colours)
    for view in colours:
        planes = view[taken].flatten(2)
        view[taken] = torch.baddbmm(rest, turn, planes).clamp_(0, 255).view(-1, *view.shape[1:])
    return colours


def _matrices(own: Moments, theirs: Moments, share: Tensor, xyz: Tensor) -> tuple[Tensor, Tensor]:
    """What colours of T faces are multiplied by, (T, 3, 3), and what is added, (T, 3, 1)."""
    basis = torch.where(xyz[:, None, None], XYZ, torch.eye(3))
    mean, goal = (basis @ each[..., None] for each, _ in (own, theirs))
    spread, width = (
        (basis @ each @ basis.mT).diagonal(dim1=1, dim2=2).clamp_min(0).sqrt()
        for _, each in (own, theirs)
    )
    goal = torch.lerp(mean, goal, share[..., None])
    factor = (torch.lerp(spread, width, share) / (spread + 1e-7))[..., None]
    back = torch.linalg.inv(basis)
    return back @ (factor * basis), back @ (goal - factor * mean)


def moments(pictures: Tensor, taken: Tensor) -> Moments:
    """Mean (T, 3) and covariance (T, 3, 3) of colours in the middle of some pictures (B, H, H, C).

    Of every other pixel each way: those between tell nothing new.
    """
    rim = round(pictures.shape[1] * MIDDLE)
    inner = pictures[:, rim:-rim:2, rim:-rim:2, :3]
    flat = inner[taken.to(pictures.device)].flatten(1, 2).float().mT.contiguous()
    mean = flat.mean(2)
    flat -= mean[..., None]
    return mean.cpu(), (flat @ flat.mT / flat.shape[2]).cpu()


def before_backdrops(views: Tensor, faces: Tensor, often: float, rng: torch.Generator) -> Tensor:
    """Views (B, 3, S, S) with soft random colours where the faces' masks (B, 1, S, S) are 0."""
    knots = around_zero(views.shape[0] * 3 * len(TICKS) ** 2, rng)
    taken = torch.rand(len(views), generator=rng) < often
    if not often:
        return views
    hats = hats_of(views.shape[-1])
    colours = hats @ knots.view(*views.shape[:2], len(TICKS), -1) @ hats.T
    share = (1 - faces) * taken[:, None, None, None].to(faces)
    return torch.lerp(views, colours.to(views), share)
