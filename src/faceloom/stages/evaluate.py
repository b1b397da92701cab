"""evaluate: from a film to what every metric says of it, face by face.

Film, clip and truth are read side by side, three frames in memory at a time.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from math import isnan
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from tqdm import tqdm

from ..errors import FaceloomError
from ..identity import JUDGES, SAME, Descriptor, Portraits, assigned, portraits
from ..media import pictures, times
from ..metrics.moment import Image, Labels, Landmarker, Moment, Shown
from ..parts import build
from ..pixels.warps import Region
from ..rows.faces import Face
from ..rows.facts import Measured
from ..rows.scores import Score
from ..settings import Evaluate
from ..swaps import donors
from ..tables import column, read, scan, write

log = logging.getLogger(__name__)


def evaluate(
    film: Path,
    clip: Path,
    faces: Path,
    facts: tuple[Path, ...],
    scores: Path,
    settings: Evaluate,
    pairs: tuple[str, ...],
    truth: tuple[Path, ...] = (),
    labels: tuple[Path, ...] = (),
    sidecar: tuple[Path, ...] = (),
    weights: tuple[Path, ...] = (),
) -> None:
    """Score a film.

    Args:
        film: the film, or a clip that is taken for one.
        clip: the host's clip, which the film was made from.
        faces: the faces of that clip.
        facts: who is on them, and on the clips that show how its people look.
        scores: where the scores go.
        settings: the metrics, as JSON.
        pairs: whose faces became whose, as host=donor.
        truth: the clip that shows what the film should be, where there is one.
        labels: what is known of every pixel of the truth, where it was rendered.
        sidecar: what is written beside the film, where there is something.
        weights: the files of weights that the metrics need.
    """
    cast = casting(faces, facts, donors(pairs))
    layout = laid_out(sidecar)
    asked = (*settings.metrics, *(settings.judges or ()))
    metrics = [build(metric, weights) for metric in asked]
    landmarker = when_asked(lambda: build(settings.landmarks, weights))
    wanted = (face for face in scan(faces, Face) if face.track in cast.hosts)
    frames = side_by_side(film, clip, truth, layout.region)
    shown = joined(frames, wanted, layout.mark, labelled(labels))
    count = write(scores, scored(moments(shown, cast, landmarker), metrics), Score)
    log.info("%d scores of %d tracks of faces", count, len(cast.hosts))


@dataclass(frozen=True)
class Cast:
    """Who is on which track, who they became, and how everybody looks."""

    hosts: dict[int, str]
    donors: dict[str, str]
    known: Portraits
    judged: dict[str, Portraits]

    def portraits(self, host: str) -> dict[str, tuple[Descriptor | None, Descriptor | None]]:
        """How a host and who they became look to each judge."""
        donor = self.donors[host]
        return {judge: (known.get(host), known.get(donor)) for judge, known in self.judged.items()}


def casting(faces: Path, facts: tuple[Path, ...], become: dict[str, str]) -> Cast:
    """The hosts found in the clip; their portraits come from other clips, where there are any."""
    clip = next(iter(column(faces, "clip")), None)
    every = [each for path in facts for each in read(path, Measured)]
    known = [each for each in every if each.kind == "identity"]
    own = [fact for fact in known if fact.clip == clip]
    elsewhere = portraits(fact for fact in known if fact.clip != clip)
    hosts = assigned(own, elsewhere, become.keys())
    judged = {judge: looks(every, judge, clip, strange) for judge, strange in JUDGES.items()}
    cast = Cast(hosts, become, looks(every, "identity", clip), judged)
    for host in sorted(become.keys() - set(hosts.values())):
        log.warning("nobody in %s is %s: no scores of that face", clip, host)
    for donor in sorted(set(become.values()) - cast.known.keys()):
        log.warning("no clip shows %s alone: no distances to that face", donor)
    return cast


def looks(
    facts: Iterable[Measured], kind: str, clip: str | None, strange: float = SAME
) -> Portraits:
    """Everybody's portrait by a kind of descriptor: from other clips than this, where there are."""
    known = [fact for fact in facts if fact.kind == kind]
    own = portraits((fact for fact in known if fact.clip == clip), strange)
    return own | portraits((fact for fact in known if fact.clip != clip), strange)


@dataclass(frozen=True)
class Layout:
    """Which part of the film is the result (none: all of it), and which of that is a label."""

    region: Region | None = None
    mark: Region | None = None


def laid_out(sidecar: tuple[Path, ...]) -> Layout:
    """The layout that the sidecar tells."""
    if not sidecar:
        return Layout()
    told = json.loads(sidecar[0].read_text())
    region, mark = told["region"], told["mark"]
    if mark:
        mark = [edge - region[axis] for edge, axis in zip(mark, (0, 1, 0, 1), strict=True)]
    return Layout(tuple(region), tuple(mark) if mark else None)


def side_by_side(
    film: Path, clip: Path, truth: tuple[Path, ...], region: Region | None
) -> Iterator[tuple[Image, Image, Image | None]]:
    """The frames of film, clip and truth, all of the clip's size."""
    paths = (clip, film, *truth)
    together = zip_longest(*(pictures(path) for path in paths))
    for each in tqdm(together, film.name, disable=None, unit="frame"):
        if None in each:
            has = ", ".join(f"{path} has {len(times(path))}" for path in paths)
            raise FaceloomError(f"{film}: other frames than its clip: {has}; make the film again")
        host, new, *true = (picture.image for picture in each)
        if region is not None:
            left, top, right, bottom = region
            new = new[top:bottom, left:right]
        trues = [fitted(image, host, path) for image, path in zip(true, truth, strict=True)]
        yield fitted(new, host, film), host, next(iter(trues), None)


def fitted(image: Image, host: Image, path: Path) -> Image:
    """The frame without the row and column that an encoder adds to odd sizes."""
    height, width = host.shape[:2]
    if not (0 <= image.shape[0] - height <= 1 and 0 <= image.shape[1] - width <= 1):
        raise FaceloomError(
            f"{path}: {image.shape[1]}x{image.shape[0]} pixels, but the clip has {width}x{height}; "
            "is it of this clip?"
        )
    return image[:height, :width]


def labelled(paths: tuple[Path, ...]) -> list[Labels] | None:
    """What is known of every frame of the truth, if anything is.

    Raises:
        FaceloomError: where the file is none of a renderer's.
    """
    if not paths:
        return None
    try:
        with np.load(paths[0]) as arrays:
            return [Labels(*both) for both in zip(arrays["swap"], arrays["seg"], strict=True)]
    except (KeyError, ValueError, OSError, BadZipFile) as error:
        raise FaceloomError(
            f"{paths[0]}: no labels of a rendered clip ({error}); "
            "render it again, or take the file away"
        ) from None


def joined(
    frames: Iterable[tuple[Image, Image, Image | None]],
    faces: Iterable[Face],
    mark: Region | None,
    labels: list[Labels] | None = None,
) -> Iterator[dict[int, Shown]]:
    """The faces of each frame by track, those left out whose mask is wholly outside of it."""
    rest = iter(faces)
    ahead = next(rest, None)
    for number, (film, host, true) in enumerate(frames):
        there = []
        while ahead is not None and ahead.frame == number:
            there.append(ahead)
            ahead = next(rest, None)
        known = label_of(labels, number, host) if labels is not None else None
        shown = {
            face.track: Shown(
                face, film, host, true, mark, tuple(o for o in there if o is not face), known
            )
            for face in there
        }
        yield {track: each for track, each in shown.items() if each.mask.any()}


def label_of(labels: list[Labels], number: int, host: Image) -> Labels:
    """The labels of a frame; FaceloomError where they are of another clip."""
    if number >= len(labels) or labels[number].kinds.shape != host.shape[:2]:
        raise FaceloomError(
            f"the labels of the truth do not reach frame {number} of {host.shape[1]}x"
            f"{host.shape[0]} pixels; are they of this clip?"
        )
    return labels[number]


def moments(
    shown: Iterable[dict[int, Shown]], cast: Cast, landmarker: Landmarker
) -> Iterator[Moment]:
    """Every face with itself one frame before and after."""
    near: deque[dict[int, Shown]] = deque([{}], maxlen=3)
    for each in chain(shown, [{}]):
        near.append(each)
        if len(near) < 3:
            continue
        before, now, after = near
        for track, face in now.items():
            host = cast.hosts[track]
            yield Moment(
                now=face,
                before=before.get(track),
                after=after.get(track),
                landmarker=landmarker,
                host=cast.known.get(host),
                donor=cast.known.get(cast.donors[host]),
                judged=cast.portraits(host),
            )


def scored(
    every: Iterable[Moment], metrics: Iterable[Callable[[Moment], dict[str, float]]]
) -> Iterator[Score]:
    """What the metrics say, as far as they can say something."""
    for moment in every:
        face = moment.now.face
        for metric in metrics:
            for name, value in metric(moment).items():
                if not isnan(value):
                    yield Score(face.frame, face.track, name, value)


def when_asked(make: Callable[[], Landmarker]) -> Landmarker:
    """A landmarker that is made when it is first used, for not every metric needs one."""
    made = cache(make)

    def landmarks(image: Image, boxes: np.ndarray) -> np.ndarray:
        return made()(image, boxes)

    return landmarks
