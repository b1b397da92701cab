"""lookalikes: what is painted leans on the donor's faces that do most nearly the same.

After faceswap-GAN's notes (8): the host's code, or picture, is mixed with the mean of those of its
nearest neighbours among the faces that the donor was learnt from. Who is near, the generator's own
codes say, in place of another network's features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

MOST = 2000  # faces of a donor, so that their codes fit into memory


@dataclass(frozen=True)
class Lookalikes:
    """How many neighbours are asked, and what share of the result is theirs.

    of: whether codes are mixed, or the pictures that codes are made of.
    """

    k: int
    share: float
    of: Literal["codes", "pictures"]

    def among(self, pictures: Iterable[Tensor], encode: Callable[[Tensor], Tensor]) -> Known:
        """The donor's faces in batches (B, 3, S, S), as the network is given them, got to know."""
        faces = list(pictures)
        codes = [encode(each).float() for each in faces]
        values = torch.cat(codes if self.of == "codes" else faces)
        return Known(self, directions(torch.cat(codes)), values)


@dataclass(frozen=True)
class Known:
    """A donor's faces: directions (N, D) of their codes, and values (N, ...) to be mixed in."""

    asked: Lookalikes
    directions: Tensor
    values: Tensor

    def nearest(self, codes: Tensor) -> Tensor:
        """Places of the neighbours of codes (B, ...), the nearest first: (B, k)."""
        alike = directions(codes) @ self.directions.T
        return alike.topk(min(self.asked.k, len(self.values)), dim=1).indices

    def mixed(self, given: Tensor, codes: Tensor) -> Tensor:
        """Values (B, ...) with the share of their neighbours; codes: of the same faces."""
        theirs = self.values[self.nearest(codes)].mean(1)
        return torch.lerp(given.float(), theirs, self.asked.share)


def make(*, k: int, share: float, of: Literal["codes", "pictures"]) -> Lookalikes:
    """As the form says."""
    return Lookalikes(k, share, of)


def directions(codes: Tensor) -> Tensor:
    """Codes (B, ...) as vectors of length 1: (B, D)."""
    return functional.normalize(codes.float().flatten(1), dim=1)
