"""Swaps that a training may choose its weights by, because what they should look like is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import FaceloomError
from ..images import decode, encode_png
from ..media import pictures
from ..pixels.warps import cut
from ..rows.faces import Face
from ..tables import scan
from .banks import resized
from .checkpoint import Colours
from .faces import Pixels
from .heldout import Shown
from .holding import tinted


@dataclass(frozen=True)
class Chosen:
    """A swap by which weights are chosen: who in which clip becomes whom, and the film of that."""

    clip: str
    host: str
    donor: str
    truth: Path

    @classmethod
    def told(cls, said: str, truth: Path) -> Chosen:
        """What `CLIP:HOST=DONOR` says."""
        clip, _, pair = said.partition(":")
        host, _, donor = pair.partition("=")
        if not (clip and host and donor):
            raise FaceloomError(f"--become {said}: expected CLIP:HOST=DONOR")
        return cls(clip, host, donor, truth)


def shown(
    swaps: Sequence[Chosen], tables: Sequence[Path], count: int, size: int, colours: Colours
) -> Iterator[Shown]:
    """At most so many faces of each swap, evenly out of its film, at so many pixels a side.

    Raises:
        FaceloomError: nobody is seen, or the truth is shorter than the clip.
    """
    for swap in swaps:
        faces = [face for path in tables for face in scan(path, Face) if seen(face, swap)]
        if not faces:
            raise FaceloomError(f"{swap.clip}: {swap.host} is not seen, to choose weights by")
        places = np.linspace(0, len(faces) - 1, min(count, len(faces))).round().astype(int)
        hosts = [faces[place] for place in places]
        yield Shown(
            swap.donor,
            stacked(tinted(hosts, colours), size),
            stacked(tinted(as_it_should_be(hosts, swap.truth), colours), size),
            np.stack([resized(decode(face.mask), size) > 127 for face in hosts]),
        )


def seen(face: Face, swap: Chosen) -> bool:
    """Whether it is a face of the swap's host that was found, not made up between two."""
    return face.clip == swap.clip and face.person == swap.host and not face.bridged


def as_it_should_be(faces: Sequence[Face], film: Path) -> list[Face]:
    """The same faces, cut out of the film of the truth."""
    wanted = {face.frame for face in faces}
    frames = {}
    for number, picture in enumerate(pictures(film)):
        if number in wanted:
            frames[number] = np.asarray(picture.image)
        if number == max(wanted):
            break
    if missing := wanted - set(frames):
        raise FaceloomError(f"{film}: has no frame {min(missing)}, which its clip has")
    return [
        replace(
            face,
            image=encode_png(cut(frames[face.frame], face.affine, len(decode(face.image)))),
        )
        for face in faces
    ]


def stacked(faces: Sequence[Face], size: int) -> Pixels:
    """Their pictures, (N, size, size, 3) uint8."""
    return np.stack([resized(decode(face.image), size) for face in faces])
