"""New faces that stay behind what was before the old ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .images import decode, encode_png, from_mask, to_mask
from .labels import labelled
from .pixels.parsing import covered, lowered
from .rows.faces import Face
from .rows.parsed import Parsed


def uncovered(
    faces: Iterable[Face], parsed: Iterable[Parsed], covers: Sequence[str], grow: float
) -> Iterator[Face]:
    """The faces, their masks lowered where one of these labels lies over them.

    Args:
        faces: new faces, in order of time.
        parsed: what the hosts' crops show, in the same order; some may have no new face.
        covers: labels.
        grow: how far beyond it the mask is lowered, as a share of the crop.

    Raises:
        FaceloomError: where a face is not parsed, or its crop is of another size.
    """
    for face, labels in labelled(faces, parsed):
        mask = to_mask(decode(face.mask))
        left = lowered(mask, covered(labels, covers), round(grow * len(mask)))
        yield replace(face, mask=encode_png(from_mask(left)))
