"""match: every face's look-alikes among another person's, exactly."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from sklearn.neighbors import NearestNeighbors

from ..errors import FaceloomError
from ..images import decode, to_mask
from ..rows.choices import Choice
from ..rows.faces import Face
from ..rows.facts import Measured
from ..rows.lookalikes import Lookalike
from ..settings import Match
from ..tables import read, scan, write

log = logging.getLogger(__name__)

Key = tuple[str, int, int]


def match(
    faces: tuple[Path, ...],
    facts: tuple[Path, ...],
    choices: Path,
    others: Path,
    lookalikes: Path,
    settings: Match,
) -> None:
    """Find every face's nearest look-alikes among another person's faces.

    Args:
        faces: the faces of both people.
        facts: who is on them.
        choices: which of the person's faces are kept.
        others: which of the other's are.
        lookalikes: where the pairs go, the nearest first.
        settings: by what faces are alike, and how many are wanted, as JSON.
    """
    features = features_of(faces, facts, settings)
    mine, theirs = kept(choices, features), kept(others, features)
    count = min(settings.neighbours, len(theirs))
    index = NearestNeighbors(n_neighbors=count, algorithm="brute")
    index.fit(np.array([features[key] for key in theirs]))
    distances, places = index.kneighbors(np.array([features[key] for key in mine]))
    rows = (
        Lookalike(clip, frame, track, rank, *theirs[int(place)], float(distance))
        for (clip, frame, track), near, far in zip(mine, places, distances, strict=True)
        for rank, (place, distance) in enumerate(zip(near, far, strict=True))
    )
    log.info("%d pairs", write(lookalikes, rows, Lookalike))


def features_of(
    faces: tuple[Path, ...], facts: tuple[Path, ...], settings: Match
) -> dict[Key, np.ndarray]:
    """What faces are compared by: descriptor, features, or the picture averaged down."""
    if settings.features or settings.by == "descriptor":
        kind = settings.features.kind if settings.features else "identity"
        known = (fact for path in facts for fact in read(path, Measured))
        return {fact.key: np.array(fact.values) for fact in known if fact.kind == kind}
    return dict(averaged(faces, settings.size))


def averaged(faces: tuple[Path, ...], size: int) -> Iterator[tuple[Key, np.ndarray]]:
    """Each face's luma inside its mask at so many pixels a side, without its mean brightness."""
    for path in faces:
        for face in scan(path, Face):
            luma = cv2.cvtColor(decode(face.image), cv2.COLOR_RGB2GRAY).astype(np.float32)
            mask = to_mask(decode(face.mask))
            inside = mask * (luma - float(np.average(luma, weights=mask + 1e-9)))
            yield face.key, cv2.resize(inside, (size, size), interpolation=cv2.INTER_AREA).ravel()


def kept(choices: Path, features: dict[Key, np.ndarray]) -> list[Key]:
    """The faces that are kept and can be compared, in order.

    Raises:
        FaceloomError: where there is none.
    """
    found = [row.key for row in read(choices, Choice) if row.kept and row.key in features]
    if not found:
        raise FaceloomError(
            f"{choices}: no face that is kept in it can be compared; "
            "are its faces among those given, and measured?"
        )
    return found
