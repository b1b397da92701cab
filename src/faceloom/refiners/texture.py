"""The new face's texture laid onto the host's own mesh: pose, mouth and lids are the host's again.

As PRNet's texture editing does it (Feng et al. 2018, 1803.07835), by Google's mesh of 478 points
and the UV of its mean face, or by another mesh that has a UV.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import torch
from torch import Tensor

from ..pixels.semantics import SHOWN
from ..surfaces.atlas import CLEAR, GRAZING, Atlas, facing
from ..surfaces.fitted import Fitter
from ..surfaces.mesh478 import Mesh478
from ..surfaces.prnet import Prnet
from ..surfaces.rasteriser import rasterised
from ..surfaces.regions import region
from ..surfaces.steady import Flat, steadied
from ..surfaces.tddfa import Tddfa
from .touched import Touched

SHAPE = 6.0  # frames over which the new face's shape is told from its motion

FITTERS: dict[str | None, Callable[[tuple[Path, ...]], Fitter]] = {
    None: Mesh478,
    "tddfa": Tddfa,
    "prnet": Prnet,
}

log = logging.getLogger(__name__)

Each = TypeVar("Each")


@dataclass(frozen=True)
class Seen(Flat):
    """A new face's texture, and what is needed to lay it back.

    host: float32 (V, 3), the mesh of the face that was there, in pixels of the crop; offset:
    from it to the new face's; sure: whether a face was seen in both.
    """

    face: Touched
    host: Tensor
    sure: bool


def make(
    *,
    part: Literal["face", "eyes", "mouth"],
    shape: Literal["donor", "host"],
    size: int,
    steady: float,
    least: float,
    covered: float,
    batch: int,
    threads: int,
    weights: tuple[Path, ...],
    mesh: Literal["tddfa", "prnet"] | None = None,
) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time.

    Args:
        part: what is laid; the rest of the new face stays.
        shape: the new face's own, by its mean offset from the host's mesh over some frames, or
            the host's.
        size: texels a side.
        steady: standard deviation in frames of the average over time.
        least: how sure the network must be that there is a face, in 0..1; otherwise the new face
            stays as it is.
        covered: the share of the mask that may lie behind something, where that is known;
            otherwise likewise: what is before a face has no place on its mesh.
        batch: faces at once.
        threads: of torch.
        weights: the mesh's, in the order that the form has them.
        mesh: whose; None is Google's.
    """
    torch.set_num_threads(threads)
    layer = Layer(FITTERS[mesh](weights), part, size, least, covered, own=shape == "donor")

    def refined(faces: Iterator[Touched]) -> Iterator[Touched]:
        unsure = count = 0
        textured = (each for group in groups(faces, batch) for each in layer.unwrapped(group))
        for group in groups(steadied(textured, steady, SHAPE), batch):
            count += len(group)
            unsure += sum(not each.sure for each in group)
            yield from layer.laid(group)
        if unsure:
            log.warning("texture: %d of %d faces left alone, covered or none", unsure, count)

    return refined


class Layer:
    """What unwraps new faces and lays them onto hosts."""

    def __init__(
        self,
        fitter: Fitter,
        part: str,
        size: int,
        least: float,
        covered: float,
        own: bool,
    ) -> None:
        """Draw the atlas, and where in it the part is."""
        self.fitter, self.least, self.covered, self.own = fitter, least, covered, own
        flat = fitter.flat
        self.atlas = Atlas(flat, size, fitter.device)
        inner = {"face": None, "eyes": flat.eyes, "mouth": flat.mouth}[part]
        belongs = torch.from_numpy(region(inner, flat.triangles, len(flat.uv), flat.finer))
        self.part = self.atlas.spread(belongs.to(fitter.device)[None, :, None])

    @torch.inference_mode()
    def unwrapped(self, faces: list[Touched]) -> list[Seen]:
        """The textures of new faces, each with the mesh of its host."""
        hosts, before = self.fitter.found([(each.host, each.points) for each in faces])
        points, now = self.fitter.found([(each.image, each.points) for each in faces])
        textures, seen = self.atlas.unwrapped(self.pictures([f.image for f in faces]), points)
        return [
            Seen(
                track=face.track,
                frame=face.frame,
                texture=textures[n],
                seen=seen[n],
                offset=points[n] - hosts[n],
                face=face,
                host=hosts[n],
                sure=min(before[n], now[n]) >= self.least and self.clear(face),
            )
            for n, face in enumerate(faces)
        ]

    @torch.inference_mode()
    def laid(self, seen: list[Seen]) -> Iterator[Touched]:
        """New faces with these textures on their hosts."""
        hosts = torch.stack([each.host + self.own * each.offset for each in seen])
        textures = torch.stack([each.texture for each in seen])
        clear = (self.atlas.spread(facing(hosts, self.atlas.triangles)[..., None]) - GRAZING) / (
            CLEAR - GRAZING
        )
        known = torch.stack([each.seen for each in seen])
        sheer = self.part * clear.clamp(0, 1) * known
        images = self.pictures([each.face.image for each in seen])
        raster = rasterised(hosts, self.atlas.triangles, (images.shape[2], images.shape[3]))
        shown = self.atlas.rendered(torch.cat([textures, sheer], dim=1), raster)
        colours, cover = shown[:, :3], shown[:, 3:]
        whole = (images + cover * (colours - images)).clamp(0, 255).round()
        made = whole.byte().permute(0, 2, 3, 1).cpu().numpy()
        for each, image in zip(seen, made, strict=True):
            yield replace(each.face, image=image) if each.sure else each.face

    def clear(self, face: Touched) -> bool:
        """Whether little enough is before the host's face, as far as anybody knows."""
        return hidden(face) <= self.covered

    def pictures(self, images: list[np.ndarray]) -> Tensor:
        """Crops as float32 (B, 3, S, S) in 0..255."""
        planes = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)
        return planes.to(self.fitter.device).float()


def hidden(face: Touched) -> float:
    """The share of the mask that lies behind something; 0 where nobody has looked.

    A map that a person has painted says which parts are alike, not what they are.
    """
    if face.maps is None or face.painted:
        return 0.0
    _, shown = face.maps
    weight = float(face.mask.sum())
    return float(face.mask[shown == SHOWN.index("occluder")].sum()) / weight if weight else 0.0


def groups(many: Iterator[Each], size: int) -> Iterator[list[Each]]:
    """Lists of so many, in order."""
    while group := list(islice(many, size)):
        yield group
