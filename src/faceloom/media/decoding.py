"""From a video file to a decoder's frames, nothing lost that can be had."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from faceloom.errors import FaceloomError
from faceloom.media.pictures import Notes

COVERS = Disposition.attached_pic | Disposition.timed_thumbnails
# Text files that FFmpeg would play: lists of other files, and letters drawn on a screen.
NOT_VIDEO = {"concat", "hls", "tty", "dash", "ffmetadata", "sdp"}
# Not every packet of these is a picture to be shown, so packets cannot be counted as pictures.
UNCOUNTABLE = {"vp8"}
# WebM has transparency beside the picture, where only these decoders look for it.
TRANSPARENT = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
# More frames than a decoder with many threads holds back.
TAIL = 128


def opened(path: Path) -> InputContainer:
    """The container in a file, with nothing fetched from anywhere else.

    Raises:
        FaceloomError: if it is no video file.
    """
    try:
        container = av.open(
            f"file:{path.resolve()}",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file"},
        )
    except av.FFmpegError:
        raise FaceloomError(f"{path}: {wrong_with(path)}") from None
    if container.format.name in NOT_VIDEO or not len(container.streams):
        container.close()
        raise FaceloomError(f"{path}: {wrong_with(path)}")
    return container


def wrong_with(path: Path) -> str:
    """Why a file cannot be read as a video, and what to try."""
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the video itself; run git lfs pull"
    if words(start):
        return "a text file, not a video; name a video file"
    if start[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return "cut off or damaged: the index of its pictures is missing; copy it again in full"
    return "not a video that can be read; convert it to MP4"


def undecoded(path: Path) -> str:
    """Why nothing of a file can be seen that by its name or its beginning is a video."""
    with path.open("rb") as file:
        text = words(file.read(1024))
    return wrong_with(path) if text else "not one picture in it can be decoded; copy it again"


def words(start: bytes) -> bool:
    """Whether these bytes are text, perhaps cut off in its last letter."""
    if re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(start) - 3
    return True


def pictured(container: InputContainer, path: Path) -> VideoStream:
    """The stream with the clip's pictures; cover art and thumbnails are none.

    Raises:
        FaceloomError: if there is no such stream.
    """
    streams = [s for s in container.streams.video if not s.disposition & COVERS]
    if not streams:
        raise FaceloomError(f"{path}: no video in it, {other(container)}; name a video file")
    best = container.streams.best("video")
    stream = best if isinstance(best, VideoStream) and best in streams else streams[0]
    if stream.codec_context is None:
        raise FaceloomError(f"{path}: its video codec is not known; convert it to H.264")
    counted = stream.codec_context.codec.canonical_name not in UNCOUNTABLE
    stream.thread_type = "AUTO" if counted else "SLICE"
    return stream


def decoder(stream: VideoStream) -> VideoCodecContext:
    """What decodes the stream; one of its own where the usual one would leave something out."""
    usual = stream.codec_context
    name = TRANSPARENT.get(usual.codec.canonical_name)
    if name is None or stream.metadata.get("alpha_mode") != "1":
        return usual
    own = av.CodecContext.create(name, "r")
    assert isinstance(own, VideoCodecContext)
    own.thread_count = usual.thread_count
    return own


def alone(container: InputContainer, wanted: Stream) -> None:
    """Leave all other streams unread: faster, and what is broken in them does no harm."""
    for stream in container.streams:
        if stream is not wanted:
            stream.discard = Discard.all


def other(container: InputContainer) -> str:
    """What a file without moving pictures has instead."""
    if container.streams.audio:
        return "only sound"
    return "only a still picture" if container.streams.video else "nothing to see"


@dataclass
class Tally:
    """What went into a decoder and what came out.

    Attributes:
        read: packets in the file.
        sent: those of them that an edit list does not hide.
        shown: frames that came out.
        refused: packets that the decoder made an error of.
        awaited: times of the last packets sent.
        arrived: times of the last frames shown.
    """

    read: int = 0
    sent: int = 0
    shown: int = 0
    refused: int = 0
    awaited: deque[int | None] = field(default_factory=lambda: deque(maxlen=TAIL))
    arrived: deque[int | None] = field(default_factory=lambda: deque(maxlen=2 * TAIL))

    @property
    def lost(self) -> int:
        """Pictures that went in and never came out."""
        return max(self.sent - self.shown, 0)

    @property
    def tail_is_missing(self) -> bool:
        """Whether some of the last pictures never came out."""
        if None in self.awaited:
            return self.lost > 0
        return not set(self.awaited) <= set(self.arrived)


def decoded(
    container: InputContainer, stream: VideoStream, tally: Tally, notes: Notes
) -> Iterator[VideoFrame]:
    """The frames of an open stream, as far as the decoder gives them."""
    alone(container, stream)
    context = decoder(stream)
    try:
        for packet in container.demux(stream):
            tally.read += packet.size > 0
            if packet.size and not packet.is_discard:
                tally.sent += 1
                tally.awaited.append(packet.pts)
            try:
                frames = context.decode(packet)
            except av.FFmpegError:
                tally.refused += 1
                continue
            for frame in frames:
                tally.shown += 1
                tally.arrived.append(frame.pts)
                yield frame
    except av.FFmpegError as error:
        notes.warn(f"reading stopped before the end ({error.strerror})")


def frames(path: Path, notes: Notes) -> Iterator[VideoFrame]:
    """All frames of a video file that can be decoded; the others are counted in the notes.

    Decoders work ahead in threads. From the first damaged frame on, what they conceal then differs
    from run to run, and PyAV cannot get at frames behind an error in the last ones. So when there
    is any damage, the file is decoded once more in a single thread, and goes on from there.
    """
    tally, given = Tally(), 0
    with opened(path) as container:
        stream = pictured(container, path)
        countable = stream.codec_context.codec.canonical_name not in UNCOUNTABLE
        announced = stream.frames if container.format.name.startswith("mov") else 0
        for frame in decoded(container, stream, tally, notes):
            if frame.is_corrupt or tally.refused:
                break
            given += 1
            yield frame
    if tally.shown > given or tally.refused or (countable and tally.tail_is_missing):
        tally = Tally()
        with opened(path) as container:
            stream = pictured(container, path)
            stream.thread_type, stream.thread_count = "NONE", 1
            yield from islice(decoded(container, stream, tally, notes), given, None)
    notes.damaged += tally.lost if countable else tally.refused
    if announced > tally.read:
        notes.damaged += announced - tally.read
        notes.warn(
            f"cut off or damaged: {tally.read} of {announced} pictures are in it; copy it again"
        )
