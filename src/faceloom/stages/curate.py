"""curate: from all faces of a person to those worth learning from.

Every face that is left out has its reason: it is somebody else's, bridged, held out, blurred,
clipped, a duplicate, or more than its clip's share.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from ..errors import FaceloomError
from ..identity import portrait
from ..images import decode, encode_png
from ..pixels.sheets import sheet as contact_sheet
from ..rows.choices import Choice
from ..rows.faces import Face
from ..rows.facts import Measured
from ..settings import Curate
from ..tables import read, scan, whole, write

log = logging.getLogger(__name__)

THUMB = 32  # pixels a side, to tell duplicates
SHOWN = 40  # faces on the sheet, kept and left out


def curate(
    faces: tuple[Path, ...],
    facts: tuple[Path, ...],
    person: str,
    judged: Literal["here", "elsewhere"],
    choices: Path,
    sheet: Path,
    settings: Curate,
) -> None:
    """Choose the faces worth learning from, and say why the others are not.

    Args:
        faces: the faces of every clip that the person is learnt from.
        facts: who is on them, and what the pictures are worth.
        person: the person.
        judged: elsewhere, where the person has clips of its own to be judged by; else here.
        choices: where the choices go.
        sheet: where the contact sheet goes.
        settings: what is left out, as JSON.
    """
    if not faces:
        raise FaceloomError(
            f"{person}: no clip to learn from; add one to the sheet of clips, with use learn "
            f"and {person} alone in it"
        )
    seen = [each for path in faces for each in seen_in(path)]
    if not seen:
        raise FaceloomError(
            f"{person}: no face in {', '.join(map(str, faces))}; see what crop says"
        )
    known = {(fact.kind, *fact.key): fact.values for path in facts for fact in read(path, Measured)}
    reasons = Reasons(seen, known, settings)
    if judged == "here":
        reasons.hold_out()
    reasons.judge()
    if not any(reason == "" for reason in reasons.of):
        why = ", ".join(f"{count} {reason}" for reason, count in Counter(reasons.of).items())
        raise FaceloomError(f"{person}: no face left to learn from: {why}; see curate's settings")
    rows = [
        Choice(*face.key, reason == "", reason or "kept")
        for (face, _), reason in zip(seen, reasons.of, strict=True)
    ]
    write(choices, rows, Choice)
    with whole(sheet) as part:
        part.write_bytes(encode_png(pictured(faces, rows)))
    log.info("%s", ", ".join(f"{n} {r}" for r, n in Counter(r.reason for r in rows).items()))


def seen_in(path: Path) -> list[tuple[Face, np.ndarray]]:
    """The faces of a clip without their pictures, each with a thumbnail."""
    light = []
    for face in scan(path, Face):
        thumb = cv2.resize(decode(face.image), (THUMB, THUMB), interpolation=cv2.INTER_AREA)
        light.append((replace(face, mask=b"", image=b""), cv2.cvtColor(thumb, cv2.COLOR_RGB2GRAY)))
    return light


class Reasons:
    """Why each face is left out; an empty word where it is not."""

    def __init__(
        self,
        seen: list[tuple[Face, np.ndarray]],
        known: dict[tuple[str, str, int, int], list[float]],
        settings: Curate,
    ) -> None:
        """Faces in order of clips and time, facts by kind and face."""
        self.seen = seen
        self.known = known
        self.settings = settings
        self.of = ["bridged" if face.bridged else "" for face, _ in seen]

    def hold_out(self) -> None:
        """Keep the last part of every clip away from learning, as a block of time."""
        for clip in {face.clip for face, _ in self.seen}:
            frames = [face.frame for face, _ in self.seen if face.clip == clip]
            start = min(frames) + (1 - self.settings.held) * (max(frames) + 1 - min(frames))
            self.leave("held out", [f.clip == clip and f.frame >= start for f, _ in self.seen])

    def judge(self) -> None:
        """Everything else, the gravest reason first."""
        identity, quality = self.measured("identity"), self.measured("quality")
        distance = np.linalg.norm(identity - portrait(identity), axis=1)
        self.leave("somebody else", distance > self.settings.stranger)
        sharpness = quality[:, 0]  # nan where a mask is empty
        usual = np.nanmedian(sharpness[self.left()])
        self.leave("blurred", ~(sharpness >= self.settings.blurred * usual))
        self.leave("too dark or bright", quality[:, 2] > self.settings.clipped)
        self.leave("duplicate", duplicates([thumb for _, thumb in self.seen], self))
        self.leave("more than its clip's share", self.beyond_share())
        self.leave("more than enough", ~spread(self.left(), self.settings.most))

    def measured(self, kind: str) -> np.ndarray:
        """What is known of every face, a row each."""
        for face, _ in self.seen:
            if (kind, *face.key) not in self.known:
                raise FaceloomError(
                    f"{face.clip}: no {kind} of frame {face.frame}; give its table with --facts"
                )
        return np.array([self.known[kind, *face.key] for face, _ in self.seen])

    def left(self) -> np.ndarray:
        """Which faces nothing speaks against, so far; all if there are none."""
        free = np.array([reason == "" for reason in self.of])
        return free if free.any() else np.ones(len(free), bool)

    def leave(self, reason: str, where: list[bool] | np.ndarray) -> None:
        """Note a reason for those that have none yet."""
        self.of = [old or (reason if out else "") for old, out in zip(self.of, where, strict=True)]

    def beyond_share(self) -> np.ndarray:
        """The faces by which a clip is over its share, evenly over time."""
        clips = np.array([face.clip for face, _ in self.seen])
        left = np.array([reason == "" for reason in self.of])
        counts = Counter(clips[left].tolist())
        cap = largest_cap(list(counts.values()), self.settings.share)
        over = np.zeros(len(clips), bool)
        for clip in counts:
            mine = left & (clips == clip)
            over |= mine & ~spread(mine, cap)
        return over


def duplicates(thumbs: list[np.ndarray], reasons: Reasons) -> np.ndarray:
    """Which faces look like one that is kept before them.

    Sums over blocks differ by no more than the pixels in them do: where they already differ too
    much, pixels need no look, which is nearly always.
    """
    pixels = np.array(thumbs, np.int16).reshape(-1, THUMB * THUMB)
    blocks = pixels.reshape(-1, 4, THUMB // 4, 4, THUMB // 4).sum(axis=(2, 4), dtype=np.int32)
    sums = blocks.reshape(-1, 16)
    limit = reasons.settings.twin * THUMB * THUMB
    same = np.zeros(len(thumbs), bool)
    places, known = np.zeros(len(thumbs), int), np.zeros_like(sums)
    count = 0
    for number in range(len(thumbs)):
        if reasons.of[number]:
            continue
        near = places[:count][np.abs(known[:count] - sums[number]).sum(axis=1) < limit]
        same[number] = (np.abs(pixels[near] - pixels[number]).sum(axis=1) < limit).any()
        if not same[number]:
            places[count], known[count] = number, sums[number]
            count += 1
    return same


def largest_cap(counts: list[int], share: float) -> int:
    """How many faces a clip may give so that none gives more than its share of all.

    Where there are too few clips for that, all give as many as the smallest.
    """
    fitting = [
        cap
        for cap in range(1, max(counts, default=0) + 1)
        if min(max(counts), cap) <= share * sum(min(count, cap) for count in counts)
    ]
    return max(fitting, default=min(counts, default=0))


def spread(where: np.ndarray, most: int) -> np.ndarray:
    """At most so many of those, evenly over their order."""
    places = np.flatnonzero(where)
    if len(places) > most:
        places = places[np.linspace(0, len(places) - 1, most).round().astype(int)]
    chosen = np.zeros(len(where), bool)
    chosen[places] = True
    return chosen


def pictured(faces: tuple[Path, ...], rows: list[Choice]) -> np.ndarray:
    """A contact sheet: half of it kept faces, half of it others, each with its reason."""
    kept = np.array([row.kept for row in rows])
    shown = spread(kept, SHOWN // 2) | spread(~kept, SHOWN // 2)
    wanted = {(r.clip, r.frame, r.track): r for r, show in zip(rows, shown, strict=True) if show}
    cells = [
        (decode(face.image), wanted[face.key])
        for path in faces
        for face in scan(path, Face)
        if face.key in wanted
    ]
    cells.sort(key=lambda cell: not cell[1].kept)
    captions = [f"{row.clip} {row.frame}: {row.reason}" for _, row in cells]
    return contact_sheet([image for image, _ in cells], 8, 128, captions)
