"""Generators that have learnt nothing yet, as checkpoints, and what they would paint."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from faceloom.converters.host import Host
from faceloom.geometry.similarity import apply
from faceloom.images import decode, to_mask
from faceloom.models.layers import Head, biased
from faceloom.parts import build
from faceloom.pixels.colour import moved
from faceloom.settings import Train
from faceloom.training.checkpoint import Checkpoint
from faceloom.training.seeds import seeded
from faceloom.training.trained import restored
from faces import ANNA, EMI, row, shot

COLOURS: dict[str, tuple[list[float], list[float]]] = {
    "anna": ([65.0, 17.0, 24.0], [12.0, 8.0, 9.0]),
    "emi": ([47.0, 14.0, -20.0], [9.0, 6.0, 7.0]),
    "": ([56.0, 15.5, 2.0], [10.0, 7.0, 8.0]),
}

FORCE = 200.0  # what has learnt nothing paints hardly more than a colour


def checkpoint(
    people: tuple[str, ...] = ("anna", "emi"), seed: int = 0, *, colours: bool = True, **model: Any
) -> Checkpoint:
    """The smallest network; it paints a colour of the decoder's own, and noise of the face's."""
    form = {"kind": "small", "width": 8, "latent": 16} | model
    said: dict[str, Any] = {"model": form, "threads": 1, "precision": "fp32"}
    if "mask" in model:
        said["losses"] = {"mask": {}}
    settings = Train.model_validate(said)
    with seeded(seed):
        made = build(settings.model, people=people)
        means = {person: torch.rand(3).sub(0.5).tolist() for person in people}
    biased(made, means)
    for head in (each for each in made.modules() if isinstance(each, Head)):
        head.image.weight.data.mul_(FORCE)
    known = {name: COLOURS[name] for name in (*people, "") if name in COLOURS} if colours else {}
    told = settings.model_dump_json(exclude_none=True)
    return Checkpoint(told, list(people), known, "fp32", made.state_dict())


def host(person: str, donor: str, number: int = 0, size: int = 64) -> Host:
    skin = ANNA if person == "anna" else EMI
    face = row(shot(number, turn=4 * number, skin=skin), size=size)
    points = apply(face.affine, face.points)
    return Host(person, donor, 0, decode(face.image), to_mask(decode(face.mask)), points)


def saved(path: Path, checkpoint: Checkpoint) -> Path:
    checkpoint.save(path)
    return path


def painted(checkpoint: Checkpoint, host: Host) -> np.ndarray:
    """What a checkpoint makes of one face, float RGB, step by step and in no batch."""
    network = restored(checkpoint).network.eval()
    image = host.image
    if checkpoint.colours:
        own, common = (tuple(map(np.array, checkpoint.colours[name])) for name in (host.host, ""))
        image = moved(image, own, common)
    small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)
    given = torch.from_numpy(small).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.inference_mode():
        new = network(given, host.donor).image[0].permute(1, 2, 0).numpy()
    size = (host.image.shape[1], host.image.shape[0])
    large = cv2.resize((new + 1) * 127.5, size, interpolation=cv2.INTER_CUBIC)
    whole = np.rint(large.clip(0, 255)).astype(np.uint8)
    return (moved(whole, common, own) if checkpoint.colours else whole).astype(float)
