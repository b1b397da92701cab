"""Decode a video file: every picture that a player would show, with its exact time."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from faceloom.errors import FaceloomError
from faceloom.media.clock import Clock
from faceloom.media.colour import Look, turn
from faceloom.media.pictures import Notes, Shot

COVERS = Disposition.attached_pic | Disposition.timed_thumbnails
# Text files that FFmpeg would play: lists of other files, and letters drawn on a screen.
NOT_VIDEO = {"concat", "hls", "tty", "dash", "ffmetadata", "sdp"}
STRANGEST_ASPECT = 4


def opened(path: Path) -> InputContainer:
    """The container in a file, with nothing fetched from anywhere else."""
    try:
        container = av.open(
            f"file:{path.resolve()}",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file"},
        )
    except av.FFmpegError:
        raise FaceloomError(f"{path}: {wrong_with(path)}") from None
    if container.format.name in NOT_VIDEO:
        container.close()
        raise FaceloomError(f"{path}: {wrong_with(path)}")
    return container


def wrong_with(path: Path) -> str:
    """Why a file cannot be read as a video, and what to try."""
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the video itself; run git lfs pull"
    if start[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return "cut off or damaged: the index of its pictures is missing; copy it again in full"
    if b"\0" not in start and start.decode("utf-8", "ignore").isprintable():
        return "a text file, not a video; name a video file"
    if b"\0" not in start and not re.search(rb"[\x01-\x08\x0e-\x1f\x7f-\xff]", start):
        return "a text file, not a video; name a video file"
    return "not a video that can be read; convert it to MP4"


def pictured(container: InputContainer, path: Path) -> VideoStream:
    """The stream with the clip's pictures; cover art and thumbnails are none."""
    streams = [s for s in container.streams.video if not s.disposition & COVERS]
    if not streams:
        raise FaceloomError(f"{path}: no video in it, {other(container)}; name a video file")
    best = container.streams.best("video")
    stream = best if best in streams else streams[0]
    if stream.codec_context is None:
        raise FaceloomError(f"{path}: its video codec is not known; convert it to H.264")
    stream.thread_type = "AUTO"
    return stream


def other(container: InputContainer) -> str:
    """What a file without video has instead."""
    if container.streams.audio:
        return "only sound"
    return "only a still picture" if container.streams.video else "nothing to see or hear"


def frames(container: InputContainer, stream: VideoStream, notes: Notes) -> Iterator[av.VideoFrame]:
    """All frames that can be decoded; the ones that cannot are counted."""
    sent = 0
    try:
        for packet in container.demux(stream):
            sent += packet.size > 0
            try:
                decoded = packet.decode()
            except av.FFmpegError:
                notes.damaged += 1
                continue
            yield from decoded
    except av.FFmpegError as error:
        notes.warn(f"reading stopped before the end ({error.strerror})")
    if stream.frames > sent + 1:
        notes.warn(
            f"cut off or damaged: {sent} of {stream.frames} pictures are in it; copy it again"
        )


def aspect(stream: VideoStream, notes: Notes) -> Fraction:
    """Width of a stored pixel by its height; 1 where nothing sensible is said."""
    told = stream.sample_aspect_ratio
    if not told:
        return Fraction(1)
    if not Fraction(1, STRANGEST_ASPECT) <= told <= STRANGEST_ASPECT:
        notes.warn(f"pixels {told} times as wide as high are not believed; taken as square")
        return Fraction(1)
    return told


def look(stream: VideoStream, first: av.VideoFrame, notes: Notes) -> Look:
    """How to see the frames of this clip, from its first frame.

    Pixels that are not square are made so by scaling the width; the height stays.
    """
    width = max(1, round(first.width * aspect(stream, notes)))
    return Look(width, first.height, turn(first, notes), notes)


def usual_rate(stream: VideoStream) -> Fraction:
    """Frames a second, as the container says or FFmpeg guesses."""
    return stream.average_rate or stream.guessed_rate or Fraction(25)


def shots(path: Path, notes: Notes) -> Iterator[Shot]:
    """The video's pictures in the order of showing; opens the file at once."""
    container = opened(path)
    try:
        stream = pictured(container, path)
    except FaceloomError:
        container.close()
        raise
    return played(container, stream, path, notes)


def played(
    container: InputContainer, stream: VideoStream, path: Path, notes: Notes
) -> Iterator[Shot]:
    """The shots of an open stream; closes the container at the end."""
    timebase = stream.time_base or Fraction(1, 1000)
    usual = max(1, round(1 / (usual_rate(stream) * timebase)))
    clock = Clock(timebase, usual, notes)
    eye: Look | None = None
    with container:
        for frame in frames(container, stream, notes):
            eye = eye or look(stream, frame, notes)
            notes.damaged += frame.is_corrupt
            length = frame.duration or usual
            ticks = clock.place(frame.pts)
            yield Shot(ticks, length, timebase, bool(frame.key_frame), partial(eye.picture, frame))
    clock.report()
    if eye is None:
        raise FaceloomError(f"{path}: not one picture in it can be decoded; copy it again")
    if notes.damaged:
        notes.warn(f"{notes.damaged} damaged pictures, shown as well as they can be or left out")
