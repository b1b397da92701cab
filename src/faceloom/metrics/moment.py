"""What metrics are asked about: a face of a film at one moment, and what it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry.arrays import Box, Points
from faceloom.geometry.landmarks import INNER
from faceloom.images import decode, to_mask
from faceloom.metrics.nearness import Portraits
from faceloom.pixels.arrays import Floats, Mask
from faceloom.pixels.sharpness import luma
from faceloom.pixels.warps import Region, cut, laid
from faceloom.rows.faces import Face

Image = NDArray[np.uint8]
Window = tuple[slice, slice]
Landmarker = Callable[[Image, NDArray[np.floating]], NDArray[np.float64]]

OCCLUDERS = (6, 7)  # labels of what is before a face: a hand, a microphone; glasses
HAIR = 2
SEAT = 3.34  # a detector's box is so many times the inner points' spread (root mean square) wide


@dataclass(frozen=True)
class Labels:
    """What a renderer knows of a frame of the truth.

    Attributes:
        swap: (H, W), 1 where the donor's face is seen, 0 elsewhere.
        kinds: (H, W), of each pixel: 0 background, 1 skin, 2 hair, 3 cloth, 4 eyes, 5 inside of
            the mouth, 6 something before the face, 7 glasses.
    """

    swap: NDArray[np.uint8]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True)
class Shown:
    """A face as a frame of the film shows it; all images are of the host's clip's size.

    Attributes:
        face: the host's, as it was cut out of the clip.
        film: the frame (H, W, 3).
        host: the same frame of the host's clip.
        truth: the same frame of the true film, where there is one.
        mark: the part of the frame that holds a label, and counts for nothing.
        others: the other faces that are swapped in the same frame.
        labels: what is known of the true frame's pixels, where it was rendered.
    """

    face: Face
    film: Image
    host: Image
    truth: Image | None = None
    mark: Region | None = None
    others: tuple[Face, ...] = ()
    labels: Labels | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frame."""
        return self.film.shape[1], self.film.shape[0]

    @cached_property
    def mask(self) -> Mask:
        """What was to be swapped, in the frame (H, W), the mark not taken off."""
        return self._laid(self.face)

    @cached_property
    def elsewhere(self) -> Mask:
        """1 in the frame (H, W) where another face is swapped, 0 outside of their masks."""
        taken = np.zeros(self.film.shape[:2], np.float32)
        for other in self.others:
            np.maximum(taken, self._laid(other) > 0.5, out=taken)
        return taken

    def _laid(self, face: Face) -> Mask:
        return laid(to_mask(decode(face.mask)), face.affine, self.size)

    def clear(self, margin: int = 0) -> Mask:
        """1 in the frame (H, W), 0 on the mark and so many pixels around it."""
        whole = np.ones(self.film.shape[:2], np.float32)
        if self.mark is not None:
            left, top, right, bottom = self.mark
            near = max(top - margin, 0), max(left - margin, 0)
            whole[near[0] : bottom + margin, near[1] : right + margin] = 0
        return whole

    def window(self, margin: int) -> Window:
        """Rows and columns that hold the mask, and so many pixels around it, within the frame."""
        rows, columns = (np.flatnonzero(self.mask.any(axis=axis)) for axis in (1, 0))
        return _stretch(rows, margin), _stretch(columns, margin)

    @cached_property
    def steady(self) -> Floats:
        """Luma of the film's face where the host's crop holds it still, (S, S) in 0..255."""
        return self._steady(self.film)

    @cached_property
    def steady_truth(self) -> Floats | None:
        """The same of the true film, where there is one."""
        return None if self.truth is None else self._steady(self.truth)

    def _steady(self, image: Image) -> Floats:
        return luma(cut(image.astype(np.float32), self.face.affine, len(self.steady_mask)))

    @cached_property
    def steady_clear(self) -> Mask:
        """1 in the crop (S, S), 0 on the mark."""
        return cut(self.clear(), self.face.affine, len(self.steady_mask))

    @cached_property
    def steady_mask(self) -> Mask:
        """What was to be swapped, in the crop (S, S)."""
        return to_mask(decode(self.face.mask))


def _stretch(there: NDArray[np.intp], margin: int) -> slice:
    if not len(there):
        return slice(0, 0)
    return slice(max(int(there[0]) - margin, 0), int(there[-1]) + 1 + margin)


@dataclass(frozen=True)
class Moment:
    """A face now, with what several metrics need to judge it, found when first asked for.

    Attributes:
        now: the face in its frame.
        before: the same track one frame before, where it was there.
        after: the same one frame later.
        landmarker: what finds landmarks in boxes.
        host: the host's portrait, where it is known.
        donor: the donor's portrait, where it is known.
        judged: by judge, the host's and the donor's portrait as that network has them.
    """

    now: Shown
    before: Shown | None
    after: Shown | None
    landmarker: Landmarker
    host: NDArray[np.floating] | None = None
    donor: NDArray[np.floating] | None = None
    judged: Mapping[str, Portraits] = field(default_factory=dict)

    @cached_property
    def film_landmarks(self) -> Points:
        """The landmarks (68, 2) of the film's face, sought where the host's are."""
        return self._landmarks(self.now.film)

    @cached_property
    def host_landmarks(self) -> Points:
        """The landmarks (68, 2) of the host's face, sought just as the film's."""
        return self._landmarks(self.now.host)

    @cached_property
    def truth_landmarks(self) -> Points | None:
        """The landmarks (68, 2) of the true face, sought just as the film's; none without truth."""
        return None if self.now.truth is None else self._landmarks(self.now.truth)

    def _landmarks(self, image: Image) -> Points:
        found: Points = self.landmarker(image, seat(self.now.face.points)[None])[0]
        return found


def seat(landmarks: Points) -> Box:
    """The box that a detector would put around a face with these landmarks (68, 2).

    A square about the middle of the inner points, as dlib's detectors draw it and landmarkers are
    trained on. On the actors' clips points found in it are .006 (of the outer eye distance) from
    those found in the detector's own box; in the box that holds the landmarks, up to .3.
    """
    inner = landmarks[list(INNER)]
    middle = inner.mean(axis=0)
    half = SEAT / 2 * np.sqrt(np.square(inner - middle).sum(axis=1).mean())
    return np.concatenate([middle - half, middle + half])
