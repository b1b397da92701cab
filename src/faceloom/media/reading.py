"""Read a clip picture by picture, whatever it is stored as."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

from faceloom.errors import FaceloomError
from faceloom.media import stills, video
from faceloom.media.kinds import kind
from faceloom.media.pictures import Moment, Notes, Picture, Shot

USUAL_RATE = Fraction(25)


class Reading(Iterator[Picture]):
    """The pictures of a clip, one after another, and what was wrong with it.

    Attributes:
        damaged: how many pictures were damaged so far: concealed by the decoder, or lost.
        warnings: sentences about what a person should know; complete after the last picture.
    """

    def __init__(self, path: Path, rate: Fraction) -> None:
        """Open the clip at `path`; `rate` is for pictures that have no times."""
        self.notes = Notes(str(path))
        self.pictures = developed(timed(shots(path, rate, self.notes)))

    @property
    def damaged(self) -> int:
        """How many pictures were damaged so far: concealed by the decoder, or lost."""
        return self.notes.damaged

    @property
    def warnings(self) -> list[str]:
        """Sentences about what a person should know; complete after the last picture."""
        return self.notes.warnings

    def __next__(self) -> Picture:
        """The next picture."""
        return next(self.pictures)


def pictures(path: Path, *, rate: Fraction = USUAL_RATE) -> Reading:
    """The pictures of a clip in the order of showing: upright, RGB, with square pixels.

    A clip is a video file, a folder or zip of pictures in natural order (img2 before img10), an
    animated picture, or one picture. Times are exact and those of the file; `rate`, in pictures a
    second, is for folders, zips and single pictures only. What an edit list hides is left out.

    Raises:
        FaceloomError: if there is nothing to read; while reading, if not one picture can be
            decoded, or pictures of a folder differ in size.
    """
    return Reading(path, exact(rate))


def exact(rate: Fraction) -> Fraction:
    """The rate as a fraction that containers can hold: 29.97 is 2997/100."""
    return Fraction(rate).limit_denominator(100_000)


def times(path: Path, *, rate: Fraction = USUAL_RATE) -> list[Moment]:
    """When each picture is shown, without their pixels: decoded, not converted."""
    return [moment for moment, _ in timed(shots(path, exact(rate), Notes(str(path))))]


def frame_at(path: Path, frame: int, *, rate: Fraction = USUAL_RATE) -> Picture:
    """The picture with that number; those before it are decoded, not converted."""
    numbered = timed(shots(path, exact(rate), Notes(str(path))))
    for picture in developed(islice(numbered, frame, None)):
        return picture
    raise FaceloomError(f"{path}: no frame {frame} in it; it has fewer")


def shots(path: Path, rate: Fraction, notes: Notes) -> Iterator[Shot]:
    """The clip's pictures with their times, not yet looked at."""
    match kind(path):
        case "video":
            return video.shots(path, notes)
        case "animation":
            return stills.animation(path, notes)
        case "folder":
            return stills.shots(stills.in_folder(path), rate, notes)
        case "zip":
            return stills.shots(stills.in_zip(path), rate, notes)
        case "picture":
            return stills.shots(stills.alone(path), rate, notes)


def timed(found: Iterator[Shot]) -> Iterator[tuple[Moment, Shot]]:
    """Each shot with its number and length: up to the next one, the last one's as it says."""
    shot = next(found, None)
    number = 0
    while shot is not None:
        following = next(found, None)
        length = shot.length if following is None else following.ticks - shot.ticks
        yield Moment(number, shot.ticks, length, shot.timebase, shot.keyframe), shot
        shot, number = following, number + 1


def developed(numbered: Iterator[tuple[Moment, Shot]]) -> Iterator[Picture]:
    """The shots, looked at."""
    for moment, shot in numbered:
        yield Picture(
            frame=moment.frame,
            image=shot.look(),
            ticks=moment.ticks,
            length=moment.length,
            timebase=moment.timebase,
            keyframe=moment.keyframe,
        )
