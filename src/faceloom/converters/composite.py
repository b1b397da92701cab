"""The classical composite: the donor's view nearest in pose, bent onto the host's landmarks.

After CS294-26's baseline (Delaunay triangulation, a warp for each triangle) and what every
face swapper did before networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import FaceloomError
from ..geometry.delaunay import triangles, warp, with_border
from ..geometry.landmarks import outer_eye_distance
from .host import Host, New

Hosts = Iterable[Host]


@dataclass(frozen=True)
class Views:
    """A donor's faces: N RGB uint8 crops, points (N, 68, 2) in them, poses (N, 3) in degrees.

    maps: what they show, where that is asked for: its numbers as colours, RGB uint8 (S, S, 3).
    """

    images: Sequence[np.ndarray]
    points: np.ndarray
    poses: np.ndarray
    maps: Sequence[np.ndarray] = ()


def make(
    *, hold: float, mouth: float, shape: float
) -> Callable[[Hosts, Mapping[str, Views]], Iterator[New]]:
    """A converter: hosts in order of time, and every donor's views, to new faces."""

    def converted(hosts: Hosts, views: Mapping[str, Views]) -> Iterator[New]:
        shown: dict[int, int] = {}
        for host in hosts:
            if host.donor not in views:
                raise FaceloomError(f"{host.donor}: no face to show; add a clip to learn from")
            own = views[host.donor]
            far = distances(host, own, mouth, shape)
            best = int(far.argmin())
            before = shown.get(host.track)
            if before is not None and far[best] > (1 - hold) * far[before]:
                best = before
            shown[host.track] = best
            yield bent(host, own.images[best], own.points[best])

    return converted


def distances(host: Host, views: Views, mouth: float, shape: float) -> np.ndarray:
    """How unlike each view is to the host's, in degrees: pose, open mouth, and bending."""
    if host.pose is None:
        raise FaceloomError(
            f"{host.host}: a composite needs the poses of the clip's faces; give them with --facts"
        )
    turned = np.linalg.norm(views.poses - host.pose, axis=1)
    opened = np.abs(opening(views.points) - opening(host.points[None]))
    off = np.linalg.norm(views.points - host.points, axis=2).mean(axis=1)
    bending = off / outer_eye_distance(host.points)
    far: np.ndarray = np.sqrt(turned**2 + (mouth * opened) ** 2 + (shape * bending) ** 2)
    return far


def opening(points: np.ndarray) -> np.ndarray:
    """How far mouths (N, 68, 2) are open, in their own widths."""
    height = np.linalg.norm(points[:, 66] - points[:, 62], axis=1)
    width = np.linalg.norm(points[:, 64] - points[:, 60], axis=1)
    share: np.ndarray = height / np.maximum(width, 1e-6)
    return share


def bent(host: Host, view: np.ndarray, points: np.ndarray) -> New:
    """A view with its landmarks on the host's."""
    size = (host.image.shape[1], host.image.shape[0])
    targets = with_border(host.points, size)
    places = with_border(points, (view.shape[1], view.shape[0]))
    return New(warp(view, places, targets, triangles(targets), size), host.mask)
