"""The trained generator paints the donor's face as the host holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

import cv2
import numpy as np
import torch

from .. import colours as tints
from ..errors import FaceloomError
from ..models.generator import Painted
from ..pixels import lines
from ..pixels.colour import moved
from ..training.checkpoint import Checkpoint
from ..training.precision import autocast, fastest
from ..training.trained import restored
from ..training.views import FINER, resized
from . import lookalikes
from .host import Host, New
from .lookalikes import Known, Lookalikes

Hosts = Iterable[Host]
Faces = Mapping[str, Sequence[np.ndarray]]
Converter = Callable[..., Iterator[New]]


def make(
    *,
    mask: str,
    batch: int,
    threads: int,
    lookalikes: Mapping[str, Any] | None = None,
    repeat: int | None = None,
    landmarks: Literal["withheld"] | None = None,
) -> Converter:
    """A converter: hosts in any order, and the checkpoints of all their casts, to new faces.

    Where a checkpoint moves colours, it knows those of every host that is its own. lookalikes:
    the options of `lookalikes.make`; then donors' faces are to be given too, RGB uint8 by donor.
    repeat: how often what was painted is painted again; landmarks: whether a network that takes
    them is given none.
    """
    asked = None if lookalikes is None else as_asked(lookalikes)
    blind = landmarks == "withheld"

    def converted(
        hosts: Hosts, checkpoints: Sequence[Checkpoint], donors: Faces | None = None
    ) -> Iterator[New]:
        torch.set_num_threads(threads)
        painters = [
            Painter(each, mask, repeat or 0, asked, donors or {}, batch, blind)
            for each in checkpoints
        ]
        rest = iter(hosts)
        while group := list(islice(rest, batch)):
            yield from painted(group, painters)

    return converted


def as_asked(options: Mapping[str, Any]) -> Lookalikes:
    """Lookalikes as a form's options say."""
    return lookalikes.make(**{name: each for name, each in options.items() if name != "kind"})


def painted(hosts: list[Host], painters: list[Painter]) -> Iterator[New]:
    """New faces for a batch, each donor's in one pass of the network."""
    done: dict[int, New] = {}
    for pair in {(each.host, each.donor) for each in hosts}:
        places = [n for n, each in enumerate(hosts) if (each.host, each.donor) == pair]
        group = [hosts[place] for place in places]
        done.update(zip(places, fitting(painters, *pair).paint(group), strict=True))
    yield from (done[place] for place in range(len(hosts)))


def fitting(painters: list[Painter], host: str, donor: str) -> Painter:
    """The generator that knows the donor, and the host as well where one does."""
    able = [each for each in painters if donor in each.people]
    if not able:
        raise FaceloomError(f"no generator given has learnt {donor}; is the cast right?")
    return max(able, key=lambda each: host in each.people)


class Painter:
    """A checkpoint as a network that paints."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        mask: str,
        repeat: int = 0,
        asked: Lookalikes | None = None,
        donors: Faces | None = None,
        batch: int = 16,
        blind: bool = False,
    ) -> None:
        """Build the network the checkpoint's settings name and give it the weights."""
        trained = restored(checkpoint)
        if mask == "painted" and not trained.masks:
            raise FaceloomError(
                "convert.mask: painted, but the model paints none; train with model.mask: alpha"
            )
        if blind and not trained.network.landmarks:
            raise FaceloomError(
                "convert.landmarks: withheld, but the model takes none; "
                "train with model.landmarks: {}, or leave this out"
            )
        self.mask, self.blind = mask, blind
        self.people = tuple(checkpoint.people)
        self.colours = checkpoint.colours
        self.precision = trained.precision
        self.device = fastest()
        self.network = trained.network.eval().to(self.device)
        self.repeat, self.asked, self.donors, self.batch = repeat, asked, donors or {}, batch
        self.met: dict[str, Known] = {}

    @torch.inference_mode()
    def paint(self, hosts: list[Host]) -> Iterator[New]:
        """The donor's face for hosts of one person and one donor."""
        tint, donor = self.tint(hosts[0].host), hosts[0].donor
        faces = self.given([each.image for each in hosts], tint)
        drawn = self.drawn(hosts)
        new = self.new(faces, drawn, donor)
        for _ in range(self.repeat):
            faces = new.laid(faces)
            new = self.new(faces, drawn, donor)
        images = (new.image.float() + 1) * 127.5
        masks = [None] * len(hosts) if new.mask is None else new.mask.float().cpu().numpy()[:, 0]
        for host, image, mask in zip(
            hosts, images.permute(0, 2, 3, 1).cpu().numpy(), masks, strict=True
        ):
            yield self.laid(host, image, mask, tint)

    def given(self, images: Sequence[np.ndarray], tint: Tint | None) -> torch.Tensor:
        """Faces as the network is given them, (B, 3, S, S) in [-1, 1]."""
        shown = [moved(each, *tint) if tint else each for each in images]
        pixels = torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2).float().to(self.device)
        return resized(pixels, self.network.size) / 127.5 - 1

    def drawn(self, hosts: Sequence[Host]) -> torch.Tensor:
        """The hosts' landmarks as the network is given them, (B, 1, S, S); (B, 0, S, S) if none."""
        size = self.network.size
        if self.blind or not self.network.landmarks:
            return torch.empty(len(hosts), 0, size, size, device=self.device)
        fine = FINER * size  # as they are drawn for training
        shares = [fine / len(each.image) for each in hosts]
        points = [(e.points + 0.5) * share - 0.5 for e, share in zip(hosts, shares, strict=True)]
        planes = torch.from_numpy(np.stack([lines.drawn(each, fine) for each in points]))
        return resized(planes[:, None].float().to(self.device), size) / 255

    def new(self, faces: torch.Tensor, drawn: torch.Tensor, donor: str) -> Painted:
        """The donor's face for each."""

        def seen(pictures: torch.Tensor) -> torch.Tensor:
            return torch.cat([pictures, drawn], 1)

        with autocast(self.device, self.precision):
            if self.asked is None:
                painted: Painted = self.network(seen(faces), donor)
                return painted
            codes, known = self.network.encode(seen(faces)), self.known(donor)
            if self.asked.of == "codes":
                codes = known.mixed(codes, codes)
            else:
                codes = self.network.encode(seen(known.mixed(faces, codes)))
            laid: Painted = self.network.decoder(donor)(codes)
            return laid

    def known(self, donor: str) -> Known:
        """The donor's faces as the generator knows them."""
        if donor not in self.met:
            assert self.asked is not None
            images = self.donors.get(donor, ())
            if not len(images):
                raise FaceloomError(f"{donor}: no face to look alike; add a clip to learn from")
            count = min(len(images), lookalikes.MOST)
            places = np.linspace(0, len(images) - 1, count).round().astype(int).tolist()
            tint = self.tint(donor)
            groups = (places[n : n + self.batch] for n in range(0, count, self.batch))
            pictures = (self.given([images[n] for n in group], tint) for group in groups)
            self.met[donor] = self.asked.among(pictures, self.network.encode)
        return self.met[donor]

    def laid(
        self, host: Host, image: np.ndarray, mask: np.ndarray | None, tint: Tint | None
    ) -> New:
        """What was painted, at the crop's size, in the host's colours."""
        side = (host.image.shape[1], host.image.shape[0])
        large = np.clip(cv2.resize(image, side, interpolation=cv2.INTER_CUBIC), 0, 255)
        whole = np.rint(large).astype(np.uint8)
        if tint:
            whole = moved(whole, tint[1], tint[0])
        if mask is None or self.mask == "hull":
            return New(whole, host.mask)
        return New(whole, np.clip(cv2.resize(mask, side, interpolation=cv2.INTER_LINEAR), 0, 1))

    def tint(self, host: str) -> Tint | None:
        """The host's colours, and what the network is used to; None where they are left alone."""
        if not self.colours:
            return None
        return tints.as_moments(self.colours[host]), tints.as_moments(self.colours[""])


Tint = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
