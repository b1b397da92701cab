"""A video file's pictures: every one that a player would show, with its exact time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from faceloom.errors import FaceloomError
from faceloom.media.clock import Clock
from faceloom.media.colour import Look, turn
from faceloom.media.decoding import frames, opened, pictured, undecoded
from faceloom.media.pictures import Notes, Shot
from faceloom.media.torn import torn

STRANGEST_ASPECT = 4
# A header's duration is not always exact; less than this many seconds is not a cut.
SHORTAGE = Fraction(1, 2)
# Containers whose header has one duration for all that is in them.
ONE_DURATION = {"flv", "matroska,webm"}
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Header:
    """What a video file says about its pictures.

    Attributes:
        timebase: seconds in a tick.
        rate: pictures a second.
        aspect: width of a stored pixel by its height; 1 where nothing sensible is said.
        codec: FFmpeg's name for it.
        end: when the last picture ends, in seconds; 0 where nothing reliable is said.
        timeless: whether it only says when pictures are decoded (AVI), not when they are shown
            and for how long.
        torn: whether the file ends in the middle of something.
    """

    timebase: Fraction
    rate: Fraction
    aspect: Fraction
    codec: str
    end: Fraction
    timeless: bool
    torn: bool = False

    @property
    def usual(self) -> int:
        """Ticks that a picture normally stays, at least one."""
        return max(1, round(1 / (self.rate * self.timebase)))


def header(path: Path, notes: Notes) -> Header:
    """What a video file says about its pictures.

    Raises:
        FaceloomError: if it has none.
    """
    with opened(path) as container:
        stream = pictured(container, path)
        return Header(
            timebase=stream.time_base or Fraction(1, 1000),
            rate=stream.average_rate or stream.guessed_rate or Fraction(25),
            aspect=believable(stream.sample_aspect_ratio, notes),
            codec=stream.codec_context.codec.canonical_name,
            end=end(stream, container),
            timeless=container.format.name == "avi",
            torn=torn(path, container.format.name),
        )


def believable(aspect: Fraction | None, notes: Notes) -> Fraction:
    """The aspect of a pixel, if any camera could have made it."""
    if not aspect:
        return Fraction(1)
    if not Fraction(1, STRANGEST_ASPECT) <= aspect <= STRANGEST_ASPECT:
        notes.warn(f"pixels {aspect} times as wide as high are not believed; taken as square")
        return Fraction(1)
    return aspect


def end(stream: VideoStream, container: InputContainer) -> Fraction:
    """When the pictures end by what the header says, in seconds; 0 where it does not say.

    Where the header counts pictures it does not matter: the count tells better. Where it has one
    duration for everything, it is the pictures' if there is nothing else.
    """
    timebase = stream.time_base or Fraction(0)
    told = re.fullmatch(r"(\d+):(\d+):(\d+\.?\d*)", stream.metadata.get("DURATION", ""))
    if told:
        hours, minutes, seconds = (Fraction(part) for part in told.groups())
        return hours * 3600 + minutes * 60 + seconds
    if container.format.name == "avi":
        return stream.frames * timebase
    if container.format.name in ONE_DURATION:
        told_one = container.duration if len(container.streams) == 1 else None
        return Fraction(told_one or 0, MICROSECONDS)
    if stream.frames or not stream.duration:
        return Fraction(0)
    return ((stream.start_time or 0) + stream.duration) * timebase


def look(told: Header, first: VideoFrame, notes: Notes) -> Look:
    """How to see the frames of this clip, from its first frame.

    Pixels that are not square are made so by scaling the width; the height stays. If the size
    changes on the way, later frames are scaled to the first one's size.
    """
    width = max(1, round(first.width * told.aspect))
    return Look((first.width, first.height), (width, first.height), turn(first, notes), notes)


def shots(path: Path, notes: Notes) -> Iterator[Shot]:
    """The video's pictures in the order of showing; what is no video is refused at once."""
    return played(path, header(path, notes), notes)


def played(path: Path, told: Header, notes: Notes) -> Iterator[Shot]:
    """The shots of a video file whose header was read."""
    clock = Clock(told.timebase, told.usual, notes)
    eye: Look | None = None
    ticks, ended = 0, Fraction(0)
    for frame in frames(path, notes):
        eye = eye or look(told, frame, notes)
        notes.damaged += frame.is_corrupt
        stamp = frame.dts if told.timeless or frame.pts is None else frame.pts
        before, ticks = ticks, clock.place(stamp)
        length = ticks - before if told.timeless else frame.duration
        ended = (ticks + length) * told.timebase
        whole = bool(frame.key_frame)
        if frame.interlaced_frame:
            notes.warn(
                "interlaced: each picture is two moments, a line of each in turn, and is taken as "
                "one; what moves looks combed, so deinterlace it first"
            )
        yield Shot(ticks, length or told.usual, told.timebase, whole, partial(eye.picture, frame))
    if eye is None:
        raise FaceloomError(f"{path}: {undecoded(path)}")
    clock.report()
    summarise(ended, told, notes)


def summarise(ended: Fraction, told: Header, notes: Notes) -> None:
    """Note what was missing in a clip that was read to its end."""
    if ended + max(SHORTAGE, 2 / told.rate) < told.end:
        notes.warn(
            f"cut off or damaged: its pictures end after {float(ended):.2f} s of "
            f"{float(told.end):.2f} s; copy it again"
        )
    elif told.torn:
        notes.warn("cut off: it ends in the middle of a picture or of sound; copy it again")
    if notes.damaged:
        notes.warn(f"{notes.damaged} pictures are damaged: shown as well as they can be, or lost")
