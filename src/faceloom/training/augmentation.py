"""Random views of faces: what the generator sees, and what it should paint.

Views, light and wear have modules of their own; here is how much of each, and in what order.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

import torch
from torch import Tensor

from ..objectives.objective import share
from . import light, views, wear
from .batch import Batch
from .faces import Sample


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
    match: probability that a face takes another person's colours, more or less; channels: how
    far red, green and blue are shifted, shares of the range to either side; motion: probability
    of motion blur; all three the same on input and target. coarse, compression: probabilities
    that the input has few pixels, or JPEG's blocks. mixup: both parameters of the Beta
    distribution of the shares in which two of a person's faces are laid over each other (Zhang
    et al. 2018). withheld: probability that a face comes without its landmarks.
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
    match: float | None = None
    channels: float | None = None
    coarse: float | None = None
    motion: float | None = None
    compression: float | None = None
    mixup: float | None = None
    withheld: float = 0.0


def augmented(
    sample: Sample,
    options: Augmentation,
    size: int,
    rng: torch.Generator,
    others: Tensor | None = None,
) -> Batch:
    """One random view of each face, on the device that the pictures are on.

    size: pixels a side of the result; others: (N, S, S, 4) uint8, faces whose colours may be
    taken; rng: on the CPU, so that every device sees the same draws. What is off changes no draw
    of anything else.
    """
    own = Own(rng)
    count = len(sample.pixels)
    places = views.knots(
        views.drawn(
            count,
            rng,
            rotation=options.rotation,
            zoom=options.zoom,
            shift=options.shift,
            warp=options.warp,
            flip=options.flip,
        )
    )
    shown = views.through(places, size, sample.pixels.device)
    pixels = shown(sample.pixels)
    if options.motion:
        pixels = wear.streaked(pixels.float(), options.motion, own("motion"))
    colours, faces = pixels[:, :, :3].float(), pixels[:, :, 3:].float().div_(255)
    if options.match and others is not None:
        match = light.matches(count, len(others), options.match, own("match"))
        colours = light.matched(colours, sample.pixels, others, match)
    falls = light.drawn(
        count,
        rng,
        brightness=options.brightness,
        contrast=options.contrast,
        colour=options.colour,
        shade=options.shade,
    )
    if options.channels:
        shifts = 2 * options.channels * views.around_zero(3 * count, own("channels"))
        falls = replace(falls, offsets=falls.offsets + shifts.view(count, 3))
    warped, target = light.lit(colours, falls).unbind()
    warped = light.before_backdrops(warped, faces[0], options.backdrop, rng)
    if options.coarse:
        warped = wear.coarse(warped, options.coarse, own("coarse"))
    if options.compression:
        warped = wear.compressed(warped, options.compression, own("compression"))
    lines = _moved(sample.landmarks, shown, views.SEEN)
    batch = Batch(
        warped.contiguous(),
        target.contiguous(),
        faces[1].contiguous(),
        _moved(sample.eyes, shown, views.WANTED),
        None if lines is None else without(lines, options.withheld, own("landmarks")),
    )
    return mixed(batch, options.mixup, own("mixup")) if options.mixup else batch


def mixed(batch: Batch, sharpness: float, rng: torch.Generator) -> Batch:
    """Each face laid over another of the batch, all that belongs to it alike."""
    count = len(batch.warped)
    order = torch.randperm(count, generator=rng)
    shares = torch.tensor([share(sharpness, rng) for _ in range(count)])[:, None, None, None]

    def laid(faces: Tensor) -> Tensor:
        return torch.lerp(faces, faces[order.to(faces.device)], shares.to(faces))

    return Batch(
        laid(batch.warped),
        laid(batch.target),
        laid(batch.mask),
        None if batch.eyes is None else laid(batch.eyes),
        None if batch.landmarks is None else laid(batch.landmarks),
    )


def without(lines: Tensor, often: float, rng: torch.Generator) -> Tensor:
    """Landmarks (B, 1, S, S) drawn, some of them left out (faceswap-GAN's notes 6)."""
    there = torch.rand(len(lines), generator=rng) >= often
    return lines * there[:, None, None, None].to(lines)


class Own:
    """Draws for each kind of change, that nothing else has a part in.

    They follow from what a generator would draw next and from a name, and use up none of it.
    """

    def __init__(self, rng: torch.Generator) -> None:
        """What all of them follow from, as it is now."""
        self.state = rng.get_state().numpy().tobytes()

    def __call__(self, name: str) -> torch.Generator:
        """The draws of that name."""
        digest = sha256(self.state + name.encode()).digest()
        return torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))


def _moved(planes: Tensor | None, shown: views.Views, view: int) -> Tensor | None:
    """Planes (B, S, S) uint8, where there are any, as one view has them: (B, 1, size, size)."""
    if planes is None:
        return None
    return shown(planes[..., None], (view,))[0].float() / 255
