"""Faces that nobody learns from, swapped every now and then: is it the donor, posed as the host?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ..images import decode, encode_png
from ..metrics.pose import apart
from ..models.generator import Generator
from ..rows.faces import Face
from .banks import CROWD
from .faces import Pixels
from .views import resized

Told = Callable[[Iterable[Face]], Iterator[list[float]]]
"""What a measure says of each face, from its crop."""
DEGREES = 90.0  # that count as much as the longest way from one person to another


@dataclass(frozen=True)
class Held:
    """A person's faces that were held out, and some of those that are learnt from.

    pixels: (N, S, S, 3) uint8, the faces held out in the colours that are learnt; rows: the same
    faces as crop found them; known: faces to know the person by.
    """

    pixels: Pixels
    rows: tuple[Face, ...]
    known: tuple[Face, ...]


@dataclass(frozen=True)
class Shown:
    """A host's faces and what each should become, as a training sees them.

    pixels, truth: (N, S, S, 3) uint8, in the colours that are learnt; inside: (N, S, S) bool, where
    the face is.
    """

    donor: str
    pixels: Pixels
    truth: Pixels
    inside: NDArray[np.bool_]

    def apart(self, painted: Pixels) -> float:
        """How far faces are from the truth in the face, 0 to 1, a mean over pixels and colours."""
        off = np.abs(painted.astype(np.float64) - self.truth).mean(-1)
        return float(off[self.inside].mean()) / 255


class Judged:
    """How well everybody's held-out faces become everybody else's; the less the better."""

    def __init__(
        self,
        held: Mapping[str, Held],
        identity: Told,
        pose: Told | None,
        weights: Mapping[str, float],
        truths: tuple[Shown, ...] = (),
    ) -> None:
        """identity, pose: measures; weights: in the score, by name; truths: what is known."""
        self.held, self.identity, self.pose, self.weights = held, identity, pose, weights
        self.truths = truths
        self.portraits = {
            person: unit(np.mean([unit(each) for each in self.said(identity, one.known)], axis=0))
            for person, one in held.items()
        }

    def __call__(self, generator: Generator) -> dict[str, float]:
        """`identity`: a half of 1 less the cosine of what is painted and of the donor's portrait;
        `pose`: how far it is turned from the host, in units of 90 degrees; `truth`: how far faces
        are from what they should become, where that is known; `score`: the weighted sum.
        """
        swaps = [
            (donor, one.rows, swapped(generator, one, donor))
            for host, one in self.held.items()
            for donor in self.held
            if donor not in (host, CROWD)
        ]
        found = {"identity": float(np.mean([self.far(donor, new) for donor, _, new in swaps]))}
        if self.pose is not None:
            found["pose"] = float(np.mean([self.turned(old, new) for _, old, new in swaps]))
        if self.truths:
            apart = [one.apart(laid(generator, one.pixels, one.donor)) for one in self.truths]
            found["truth"] = float(np.mean(apart))
        return {
            **found,
            "score": sum(self.weights[name] * value for name, value in found.items()),
        }

    def far(self, donor: str, new: list[Face]) -> float:
        """How far new faces are from the donor, 0 to 1."""
        likeness = [unit(each) @ self.portraits[donor] for each in self.said(self.identity, new)]
        return float((1 - np.mean(likeness)) / 2)

    def turned(self, old: Iterable[Face], new: Iterable[Face]) -> float:
        """How far new faces are turned from the old ones, 1 at 90 degrees."""
        assert self.pose is not None
        pairs = zip(self.said(self.pose, old), self.said(self.pose, new), strict=True)
        return float(np.mean([apart(one, two) for one, two in pairs])) / DEGREES

    def said(self, measure: Told, faces: Iterable[Face]) -> NDArray[np.float64]:
        """What a measure says, (N, numbers)."""
        return np.array(list(measure(faces)), np.float64)


def swapped(generator: Generator, held: Held, donor: str) -> list[Face]:
    """A host's faces painted as the donor, laid over themselves, at the size they were cut in."""
    images = laid(generator, held.pixels, donor)
    return [
        replace(row, image=encode_png(as_large(image, len(decode(row.image)))))
        for row, image in zip(held.rows, images, strict=True)
    ]


def laid(generator: Generator, faces: Pixels, donor: str) -> Pixels:
    """Faces (N, S, S, 3) painted as the donor and laid over themselves, at the generator's size."""
    device = next(generator.parameters()).device
    pixels = torch.from_numpy(np.ascontiguousarray(faces)).permute(0, 3, 1, 2).float()
    given = (resized(pixels, generator.size) / 127.5 - 1).to(device)
    made = generator(given, donor).laid(given).clamp(-1, 1)
    shown: Pixels = ((made + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return shown


def as_large(image: Pixels, size: int) -> Pixels:
    """A picture at the size of a crop."""
    return np.asarray(cv2.resize(image, (size, size), interpolation=cv2.INTER_CUBIC), np.uint8)


def unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vector, of length 1."""
    long: NDArray[np.float64] = vector / np.linalg.norm(vector)
    return long
