"""evaluate: from a film to what every metric says of it, face by face."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, pairwise, zip_longest
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..errors import FaceloomError
from ..identity import Portraits, assigned, portraits
from ..media import pictures, times
from ..metrics.moment import Moment, Shown
from ..parts import build
from ..pixels.warps import Region
from ..rows.faces import Face
from ..rows.facts import Measured
from ..rows.scores import Score
from ..settings import Evaluate
from ..tables import column, read, scan, write

log = logging.getLogger(__name__)

Image = np.ndarray
Metric = Callable[[Moment], dict[str, float]]


def evaluate(
    film: Path,
    clip: Path,
    faces: Path,
    facts: tuple[Path, ...],
    scores: Path,
    settings: Evaluate,
    pairs: tuple[str, ...],
    truth: tuple[Path, ...] = (),
    sidecar: tuple[Path, ...] = (),
    weights: tuple[Path, ...] = (),
) -> None:
    """Score a film.

    Args:
        film: the film, or a clip that is taken for one.
        clip: the host's clip, which the film was made from.
        faces: the faces of that clip.
        facts: identities measured in that clip, and in clips that show how its people look.
        scores: where the scores go.
        settings: the metrics, as JSON.
        pairs: whose faces became whose, as host=donor.
        truth: the clip that shows what the film should be, where there is one.
        sidecar: what is written beside the film, where there is something.
        weights: the files of weights that the metrics need.
    """
    cast = casting(column(faces, "clip"), facts, pairs)
    layout = Layout.read(sidecar)
    shown = frames(film, clip, truth, layout)
    wanted = (face for face in scan(faces, Face) if face.track in cast.hosts)
    every = moments(joined(shown, wanted, layout), cast, landmarker(settings, weights))
    count = write(scores, scored(every, metrics(settings, weights)), Score)
    log.info("evaluate: %d scores of %d tracks of %s", count, len(cast.hosts), film.name)
