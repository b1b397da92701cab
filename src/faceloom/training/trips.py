"""Faces painted as somebody else, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from ..models.generator import Generator, Painted
from .batch import Batch


@dataclass(frozen=True)
class Trip:
    """Faces of a host painted as a donor, and back.

    there: as the donor paints them; swapped: that laid over what was seen, float32 (B, 3, S, S);
    back: as the host paints the swap.
    """

    host: str
    donor: str
    there: Painted
    swapped: Tensor
    back: Painted


def tripped(
    generator: Generator, batches: Mapping[str, Batch], step: int, *, back: bool
) -> list[Trip]:
    """Everybody as one of the others, in turn: one donor for each host, one host for each donor.

    back: whether it is needed; otherwise it is `there`.
    """
    people = list(batches)
    far = 1 + step % (len(people) - 1)
    become = {host: people[(n + far) % len(people)] for n, host in enumerate(people)}
    there = generator.joint({name: each.seen for name, each in batches.items()}, become)
    swapped = {host: painted.laid(batches[host].warped) for host, painted in there.items()}
    home = there
    if back:
        # who is painted holds their head as the host does, so the landmarks are the host's
        seen = {host: replace(batches[host], warped=faces).seen for host, faces in swapped.items()}
        home = generator.joint(seen)
    return [
        Trip(host, donor, there[host], swapped[host], home[host]) for host, donor in become.items()
    ]


def returned(batches: Mapping[str, Batch], trips: list[Trip]) -> dict[str, Batch]:
    """Each host's faces, seen as they were when they set out for home."""
    return {
        each.host: replace(batches[each.host], warped=each.swapped, code=each.there.code)
        for each in trips
    }


def judged(batches: Mapping[str, Batch], trips: list[Trip]) -> dict[str, Batch]:
    """For each donor real faces, and of the host whatever the donor was painted over."""
    return {
        each.donor: replace(batches[each.donor], warped=batches[each.host].warped) for each in trips
    }
