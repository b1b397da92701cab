"""New faces, each with what the host's crop shows there."""

from collections.abc import Iterable, Iterator

from .errors import FaceloomError
from .images import decode
from .pixels.parsing import Labels
from .rows.faces import Face
from .rows.parsed import Parsed


def labelled(faces: Iterable[Face], parsed: Iterable[Parsed]) -> Iterator[tuple[Face, Labels]]:
    """Each face with the labels (S, S) of its crop.

    Args:
        faces: new faces, in order of time.
        parsed: what the hosts' crops show, in the same order; some may have no new face.

    Raises:
        FaceloomError: where a face is not parsed, or its crop is of another size.
    """
    rest = iter(parsed)
    for face in faces:
        found = next((each for each in rest if each.key == face.key), None)
        if found is None:
            raise FaceloomError(
                f"{face.clip}: no parsing of track {face.track} in frame {face.frame}; "
                "is it of the same crops?"
            )
        labels, side = decode(found.labels), len(decode(face.mask))
        if labels.shape != (side, side):
            raise FaceloomError(
                f"{face.clip}: parsed at {labels.shape[1]} pixels, but the new face has "
                f"{side}; is it of the same crops?"
            )
        yield face, labels
