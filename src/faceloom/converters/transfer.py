"""The host's picture in the style of the donor's: one photo, one style picture, maps for both.

Champandard (2016, 1603.01768), by whichever refiner by style: the host is the content, the donor's
view nearest in pose the style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import tee
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..errors import FaceloomError
from ..kept import Refiner, kept
from ..pixels.semantics import numbered
from ..refiners import adain, gatys, patches, wct
from ..refiners.touched import Touched
from .composite import Views, distances
from .host import Host, New

STYLES: Mapping[str, Callable[..., Refiner]] = {
    "adain": adain.make,
    "gatys": gatys.make,
    "patches": patches.make,
    "wct": wct.make,
}
MOUTH, SHAPE = 40.0, 100.0  # degrees that an open mouth and bent features are worth


def make(
    *,
    by: Mapping[str, Any],
    mask: Literal["hull", "crop"],
    weights: tuple[Path, ...],
    folder: Path | None = None,
) -> Callable[[Iterable[Host], Mapping[str, Views]], Iterator[New]]:
    """A converter: hosts in order of time, and every donor's views, to new faces.

    Args:
        by: a refiner by style: its kind and its options.
        mask: where the picture is taken: inside the host's landmarks, or all of the crop.
        weights: the refiner's.
        folder: where new faces are put down until all of them are there, for a slow refiner.
    """
    options = {name: value for name, value in by.items() if name != "kind"}
    restyled = STYLES[by["kind"]](**options, weights=weights)

    def converted(hosts: Iterable[Host], views: Mapping[str, Views]) -> Iterator[New]:
        given, content = tee(hosts)
        chosen: dict[int, int] = {}
        touched = (beside(host, views, chosen, number) for number, host in enumerate(given))
        new = kept(restyled, touched, folder) if folder else restyled(touched)
        for host, made in zip(content, new, strict=True):
            where = host.mask if mask == "hull" else np.ones_like(host.mask)
            yield New(made.image, where)

    return converted


def beside(host: Host, views: Mapping[str, Views], chosen: dict[int, int], number: int) -> Touched:
    """A host with the donor's view that is its style: the same for all of a track.

    Raises:
        FaceloomError: where the donor has none.
    """
    own = views.get(host.donor)
    if own is None:
        raise FaceloomError(f"{host.donor}: no picture to take the style of; add one to learn from")
    if host.track not in chosen:
        chosen[host.track] = int(distances(host, own, MOUTH, SHAPE).argmin())
    view = chosen[host.track]
    return Touched(
        track=host.track,
        frame=number,
        image=host.image,
        host=own.images[view],
        mask=host.mask,
        points=host.points,
        maps=None if host.map is None else (host.map, numbered(own.maps[view])),
        painted=host.painted,
    )
