"""What a clip is, before anything is done with it."""

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from faceloom import images
from faceloom.errors import FaceloomError
from faceloom.media import decoding, stills, video
from faceloom.media.kinds import kind
from faceloom.media.pictures import Notes
from faceloom.media.reading import USUAL_RATE, times

# Times of many containers are rounded to a millisecond: less is not a change of rate.
ROUNDING = Fraction(1, 1000)
EXIF_ORIENTATION = 0x0112
EXIF_TURNS = {  # degrees clockwise, mirrored
    2: (0, True),
    3: (180, False),
    4: (180, True),
    5: (270, True),
    6: (90, False),
    7: (90, True),
    8: (270, False),
}


@dataclass(frozen=True)
class Facts:
    """What a clip is.

    Attributes:
        width: of its pictures as read: upright, with square pixels.
        height: of the same.
        stored_width: of its pictures as stored.
        stored_height: of the same.
        rotation: degrees clockwise that stored pictures are turned by: 0, 90, 180 or 270.
        mirrored: whether they are mirrored as well.
        aspect: width of a stored pixel by its height.
        rate: pictures a second, on average.
        variable: whether they come at uneven intervals.
        sound: the codec of its sound, or None.
        kind: "video" (animated pictures included), "folder", "zip" or "picture".
        codec: of its pictures.
        pixel_format: FFmpeg's name for it, or Pillow's mode.
    """

    width: int
    height: int
    stored_width: int
    stored_height: int
    rotation: int
    mirrored: bool
    aspect: Fraction
    rate: Fraction
    variable: bool
    sound: str | None
    kind: str
    codec: str
    pixel_format: str


def facts(path: Path, *, rate: Fraction = USUAL_RATE) -> Facts:
    """What a clip is; decodes its first picture and reads the times of all.

    Raises:
        FaceloomError: if there is nothing to read.
    """
    match kind(path):
        case "video":
            return of_video(path)
        case "folder":
            return of_stills(stills.in_folder(path)[0], "folder", rate)
        case "zip":
            return of_stills(stills.in_zip(path)[0], "zip", rate)
        case "picture":
            return of_stills(stills.alone(path)[0], "picture", rate)
        case "animation":
            return of_animation(path)


def of_video(path: Path) -> Facts:
    """The facts of a video file."""
    notes = Notes(str(path))
    told = video.header(path, notes)
    first = next(decoding.frames(path, notes), None)
    if first is None:
        raise FaceloomError(f"{path}: {decoding.undecoded(path)}")
    look = video.look(told, first, notes)
    rate, variable = pace(path, told)
    width, height = look.shown
    return Facts(
        width=width,
        height=height,
        stored_width=first.width,
        stored_height=first.height,
        rotation=look.turn.rotation,
        mirrored=look.turn.mirrored,
        aspect=told.aspect,
        rate=rate,
        variable=variable,
        sound=sound_codec(path),
        kind="video",
        codec=told.codec,
        pixel_format=first.format.name,
    )


def sound_codec(path: Path) -> str | None:
    """The name of the sound's codec, if there is sound."""
    with decoding.opened(path) as container:
        stream = container.streams.best("audio")
        if stream is None:
            return None
        return str(stream.codec_context.codec.canonical_name) if stream.codec_context else "unknown"


def pace(path: Path, told: video.Header) -> tuple[Fraction, bool]:
    """Pictures a second on average, and whether they come unevenly; by packets, not decoded."""
    stamps: set[int] = set()
    with decoding.opened(path) as container, suppress(av.FFmpegError):
        stream = decoding.pictured(container, path)
        decoding.alone(container, stream)
        for packet in container.demux(stream):
            stamp = packet.dts if told.timeless else packet.pts
            if packet.size and not packet.is_discard and stamp is not None:
                stamps.add(stamp)
    if len(stamps) < 2:
        return told.rate, False
    measured = (len(stamps) - 1) / ((max(stamps) - min(stamps)) * told.timebase)
    if uneven(sorted(stamps), told.timebase):
        return measured, True
    return (told.rate if abs(told.rate / measured - 1) < Fraction(1, 100) else measured), False


def uneven(stamps: list[int], timebase: Fraction) -> bool:
    """Whether any time is farther from an even beat than rounding explains."""
    beat = Fraction(stamps[-1] - stamps[0], len(stamps) - 1)
    allowed = max(Fraction(1), ROUNDING / timebase)
    return any(abs(at - stamps[0] - beat * i) > allowed for i, at in enumerate(stamps))


def of_stills(member: stills.Member, kind: str, rate: Fraction, variable: bool = False) -> Facts:
    """The facts of pictures of which this is the first."""
    height, width = member.read().shape[:2]
    with member.open() as file, images.opened(file, member.name) as stored:
        rotation, mirrored = EXIF_TURNS.get(stored.getexif().get(EXIF_ORIENTATION, 1), (0, False))
        return Facts(
            width=width,
            height=height,
            stored_width=stored.width,
            stored_height=stored.height,
            rotation=rotation,
            mirrored=mirrored,
            aspect=Fraction(1),
            rate=Fraction(rate),
            variable=variable,
            sound=None,
            kind=kind,
            codec=str(stored.format).lower(),
            pixel_format=stored.mode,
        )


def of_animation(path: Path) -> Facts:
    """The facts of an animated picture that Pillow decodes."""
    moments = times(path)
    seconds = sum((moment.duration for moment in moments), Fraction(0))
    variable = len({moment.length for moment in moments}) > 1
    return of_stills(stills.alone(path)[0], "video", len(moments) / seconds, variable)
