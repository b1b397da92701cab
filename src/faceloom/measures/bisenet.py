"""What each pixel of a crop shows, by BiSeNet for faces; what it takes for no face hides one."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.images import decode, to_mask, to_planes
from faceloom.networks.bisenet import PARTS, SIZE, load, normalised
from faceloom.pixels.arrays import Mask
from faceloom.pixels.parsing import LABELS, Labels, Parse
from faceloom.rows.faces import Face
from faceloom.training.precision import fastest, keep_allocator

FACE = (
    *("skin", "left brow", "right brow", "left eye", "right eye"),
    *("glasses", "nose", "mouth", "upper lip", "lower lip"),
)
OTHERS = {  # what is called otherwise here; all else that is of the face is skin
    "background": "background",
    "hair": "hair",
    "hat": "hair",
    "cloth": "cloth",
    "necklace": "cloth",
    "earring": "cloth",
    "left eye": "eyes",
    "right eye": "eyes",
    "mouth": "mouth",
    "glasses": "glasses",
}
NUMBERS = np.array([LABELS.index(OTHERS.get(part, "skin")) for part in PARTS], np.uint8)
HIDING = [PARTS.index(name) for name in ("background", "hat", "necklace", "cloth")]
ROOM = 0.3  # of the crop, around it: the network was taught on whole heads


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[Parse]]:
    """What gives each face labels, and where it is seen.

    It knows nothing that hides a face; where cloth, hats or what is behind a head seem to be inside
    of the crop's mask, something does.

    Args:
        weights: 79999_iter.pth.
    """
    keep_allocator()
    device = fastest()
    network = load(weights[0]).to(device)

    @torch.inference_mode()
    def values(faces: Iterable[Face]) -> Iterator[Parse]:
        for face in faces:
            image, mask = decode(face.image), to_mask(decode(face.mask))
            pictures = torch.from_numpy(to_planes(with_room(image)[None])).to(device)
            scores = network(normalised(pictures))[0].cpu().numpy()
            yield parse(without_room(scores, len(image)), mask)

    return values


def with_room(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A crop (S, S, 3) as the network wants it, its border repeated around it."""
    more = round(ROOM * len(image))
    wide = cv2.copyMakeBorder(image, more, more, more, more, cv2.BORDER_REPLICATE)
    how = cv2.INTER_CUBIC if len(wide) < SIZE else cv2.INTER_AREA
    return np.asarray(cv2.resize(wide, (SIZE, SIZE), interpolation=how), np.uint8)


def without_room(scores: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Scores (19, SIZE, SIZE) of that, as those of the crop alone (19, size, size)."""
    more = round(ROOM * size)
    wide = size + 2 * more
    planes = (cv2.resize(plane, (wide, wide)) for plane in scores)
    return np.stack([plane[more : more + size, more : more + size] for plane in planes])


def parse(scores: NDArray[np.float32], mask: Mask) -> Parse:
    """What scores (19, S, S) say, where the landmarks' hull (S, S) is the face's place."""
    parts: Labels = scores.argmax(axis=0).astype(np.uint8)
    labels = NUMBERS[parts]
    labels[np.isin(parts, HIDING) & (mask > 0.5)] = LABELS.index("occluder")
    face = np.isin(parts, [PARTS.index(name) for name in FACE])
    return Parse(labels, (face * mask).astype(np.float32))
