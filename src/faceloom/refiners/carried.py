"""What a refiner has changed in one frame, carried to the next by optical flow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from ..pixels.flow import brought, flow
from .touched import Touched


@dataclass(frozen=True)
class Carried:
    """What the frame before tells of a face.

    change: float32 (S, S, 3) in grey levels; trust: float32 (S, S, 1) in 0..1.
    """

    change: np.ndarray
    trust: np.ndarray


Refined = Callable[[list[Touched], list[Carried | None]], list[np.ndarray]]


def one_after_the_other(
    faces: Iterator[Touched],
    refined: Refined,
    *,
    steady: float,
    batch: int = 1,
    passed: Callable[[Touched], object] = lambda _: None,
) -> Iterator[Touched]:
    """Faces in order of time, refined, those that are done already as they are.

    Args:
        faces: the new faces.
        refined: what makes images (S, S, 3) of faces; it is told what was carried to them, where
            there is something and they come one by one.
        steady: how much of a change is the one of the frame before, carried along, in 0..1.
        batch: faces at once.
        passed: told of every face that is done already.
    """
    before: dict[int, tuple[Touched, np.ndarray]] = {}

    def carried(face: Touched) -> Carried | None:
        last = before.get(face.track)
        if not steady or last is None:
            return None
        where, trust = flow(face.image, last[0].image)
        return Carried(brought(last[1], where), trust[..., None])

    while group := list(islice(faces, batch)):
        guesses = [carried(face) for face in group] if batch == 1 else [None] * len(group)
        new = [face for face in group if face.done is None]
        for face in group:
            if face.done is not None:
                passed(face)
        given = [guess for face, guess in zip(group, guesses, strict=True) if face.done is None]
        made = iter(refined(new, given) if new else [])
        for face in group:
            image = next(made) if face.done is None else face.done
            if face.done is None and (guess := carried(face)) is not None:
                image = mixed(face, image, guess, steady)
            if steady:
                before[face.track] = face, image.astype(np.float32) - face.image
            yield replace(face, image=image, done=None)


def mixed(face: Touched, image: np.ndarray, guess: Carried, steady: float) -> np.ndarray:
    """The image whose change is in part the one that was carried to it."""
    change = image.astype(np.float32) - face.image
    share = steady * guess.trust
    whole = face.image + change + share * (guess.change - change)
    return np.asarray(np.clip(np.rint(whole), 0, 255), np.uint8)


def begun(picture: Tensor, guess: Carried | None) -> Tensor:
    """The new face (1, 3, S, S) in [-1, 1], with what was carried to it: a start for a descent."""
    if guess is None:
        return picture
    change = torch.from_numpy(guess.trust * guess.change / 127.5).permute(2, 0, 1)
    return (picture + change[None].to(picture)).clamp(-1, 1)
