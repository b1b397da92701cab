"""Colours of one picture brought to those of another."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.pixels.arrays import Floats, Image, Mask, Picture, like

GAINS = (0.5, 2.0)
"""Contrast is never changed by more than this, however flat or rich the other picture is."""

STRANGE = 6.0
"""So many times the usual deviation from the median hue is none of the face's."""

_LEAST = 4.0  # units of a* and b*: a deviation that is usual in the plainest of faces
_QUANTILES = np.linspace(0.005, 0.995, 64)

Moments = tuple[NDArray[np.float64], NDArray[np.float64]]


def lab(image: Image) -> Floats:
    """CIE L*a*b* of sRGB, white D65: (H, W, 3) float32, L in 0..100, a and b about -127..127.

    OpenCV interpolates in a table: there and back again may be off by half a grey level.
    """
    return np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)


def rgb(lab: Floats) -> Floats:
    """sRGB of L*a*b*, float32, colours out of range cut to 0..255."""
    back = cv2.cvtColor(np.asarray(lab, np.float32), cv2.COLOR_Lab2RGB)
    return np.clip(np.asarray(back, np.float32), 0, 1) * np.float32(255)


def moments(image: Image, mask: Mask) -> Moments:
    """Mean (3,) and standard deviation (3,) of L*a*b* inside the mask, pixels weighed by it."""
    if not mask.any():
        raise ValueError("no colour to measure: the mask is empty")
    inside = mask > 0
    values, weights = lab(image)[inside].astype(np.float64), mask[inside]
    mean = np.average(values, axis=0, weights=weights)
    variance = np.average((values - mean) ** 2, axis=0, weights=weights)
    return mean, np.sqrt(variance)


def moved(image: Picture, from_moments: Moments, to_moments: Moments) -> Picture:
    """The image with its colours' mean and spread moved from the ones to the others.

    Reinhard et al. 2001 ("Color transfer between images", section 3) in L*a*b*; gains are kept
    within GAINS. Returns the image's own type.
    """
    (mean, spread), (aim, wanted) = from_moments, to_moments
    gain = np.clip(wanted / np.maximum(spread, 1e-6), *GAINS)
    return like(rgb(((lab(image) - mean) * gain + aim).astype(np.float32)), image)


def usual(image: Image, mask: Mask) -> Mask:
    """The mask without pixels of a hue that is strange to what it shows.

    A face's outline by its landmarks takes in some background where the head is turned, and a
    strip of blue there would double the spread of colour.  Strange is what lies farther than
    STRANGE deviations (1.48 times the median one) from the median of a* or b*; lightness does
    not count, since brows and shadows belong to a face.
    """
    inside = mask > 0.5
    if not inside.any():
        return mask
    hue = lab(image)[..., 1:]
    middle = np.median(hue[inside], axis=0)
    deviation = 1.48 * np.median(np.abs(hue[inside] - middle), axis=0)
    near = np.abs(hue - middle) <= STRANGE * np.maximum(deviation, _LEAST)
    return np.asarray(mask * near.all(axis=-1), mask.dtype)


def match_moments(image: Picture, reference: Image, mask: Mask, reference_mask: Mask) -> Picture:
    """The image with the reference's mean and spread of colour (Reinhard et al. 2001).

    Measured inside the masks, where colours are usual there, and applied everywhere. Where a mask
    is empty there is nothing to match and the image comes back as it is.
    """
    mask, reference_mask = usual(image, mask), usual(reference, reference_mask)
    if not mask.any() or not reference_mask.any():
        return cast(Picture, image.copy())
    return moved(image, moments(image, mask), moments(reference, reference_mask))


def match_histogram(image: Picture, reference: Image, mask: Mask, reference_mask: Mask) -> Picture:
    """The image with the reference's distribution of each of R, G and B.

    Inside the masks 64 quantiles are measured; a line through them, continued with slope 1 at
    both ends, is applied everywhere, so that no bands appear. Strange colours and empty masks: as
    match_moments.
    """
    mask, reference_mask = usual(image, mask), usual(reference, reference_mask)
    if not mask.any() or not reference_mask.any():
        return cast(Picture, image.copy())
    channels = [
        _curved(image[..., c], _quantiles(image[..., c], mask), wanted)
        for c in range(3)
        for wanted in [_quantiles(reference[..., c], reference_mask)]
    ]
    return like(np.stack(channels, axis=-1), image)


def _quantiles(channel: NDArray[Any], mask: Mask) -> NDArray[np.float64]:
    """Values below which so much of the mask's weight lies, as if each grey level were a bin."""
    inside = mask > 0
    count, edges = np.histogram(
        channel[inside], bins=256, range=(-0.5, 255.5), weights=mask[inside].astype(np.float64)
    )
    below = np.concatenate([[0], np.cumsum(count) / count.sum()])
    rising = below + np.arange(257) * 1e-12
    return np.asarray(np.interp(_QUANTILES, rising, edges), np.float64)


def _curved(
    channel: NDArray[Any], known: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    values = channel.astype(np.float64)
    inner = np.interp(values, known + np.arange(len(known)) * 1e-9, wanted)
    below, above = np.minimum(values - known[0], 0), np.maximum(values - known[-1], 0)
    return np.asarray(inner + below + above, np.float64)
