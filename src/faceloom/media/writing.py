"""Write a film: H.264 in MP4, every picture at its exact time, with the clip's sound."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import av
import numpy as np
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream

from faceloom.errors import FaceloomError, writable
from faceloom.media.colour import to_yuv
from faceloom.media.pictures import Image
from faceloom.media.sound import Sound

NOTHING: Mapping[str, str] = MappingProxyType({})
# The MP4 muxer wants at least so many ticks a second; it multiplies by two until it has them.
LEAST_TICKS = 10_000


class Film:
    """A film being written; to be used in a `with` statement.

    H.264 high profile, yuv420p, bt709 of limited range, tagged so; its index comes first in the
    file. Ticks and lengths read back as they were given, the last length too: there are no
    B-frames, because with them MP4 cannot say how long the last picture stays. If an exception
    leaves the `with` statement, no file is left. Equal calls with equal `threads` write equal
    bytes.

    Attributes:
        padding: columns and rows added on the right and below, because yuv420p needs even sides.
        shift: seconds by which everything is moved on because the first picture came before 0.
        sound: after the film is closed, what became of the sound: "none", "copied" (AAC and MP3,
            which browsers play in MP4) or "encoded aac". It starts where it started, and is not
            cut where it is longer than the picture.
    """

    def __init__(
        self,
        path: Path,
        *,
        size: tuple[int, int],
        timebase: Fraction,
        rate: Fraction,
        sound_from: Path | None = None,
        metadata: Mapping[str, str] = NOTHING,
        crf: int = 18,
        preset: str = "veryfast",
        threads: int = 1,
    ) -> None:
        """Begin a film.

        Args:
            path: where it goes; its name may end as it likes.
            size: (width, height) of the pictures to come.
            timebase: seconds in a tick.
            rate: pictures a second on average, for the encoder's planning only.
            sound_from: the clip whose sound it gets, in the time of that clip.
            metadata: title, comment and whatever else is to be written into the file.
            crf: x264's quality; less is better.
            preset: x264's speed.
            threads: of the encoder; they change the bytes.
        """
        width, height = size
        self.path, self.size, self.timebase = path, size, timebase
        self.padding = (width % 2, height % 2)
        self.shift = Fraction(0)
        self.lengths: dict[int, int] = {}
        self.last: int | None = None
        self.offset = 0
        self.reformatter = VideoReformatter()
        self.container = av.open(
            f"file:{path.resolve()}", "w", format="mp4", container_options=muxing(timebase)
        )
        self.container.metadata.update(metadata)
        self.stream = self.add_stream(rate, crf, preset, threads)
        self.carried = Sound(sound_from, self.container)
        with writable(path):
            path.touch()

    @property
    def sound(self) -> str:
        """What became of the sound: "none", "copied" or "encoded aac"."""
        return self.carried.done

    def add_stream(self, rate: Fraction, crf: int, preset: str, threads: int) -> VideoStream:
        """The stream of pictures, with its encoder set."""
        stream = self.container.add_stream(
            "libx264",
            rate=max(rate.limit_denominator(LEAST_TICKS), Fraction(1, LEAST_TICKS)),
            options={"crf": str(crf), "preset": preset, "profile": "high", "bf": "0"},
            width=self.size[0] + self.padding[0],
            height=self.size[1] + self.padding[1],
            time_base=self.timebase,
        )
        context = stream.codec_context
        context.pix_fmt = "yuv420p"
        context.thread_count = threads
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return stream

    def add(self, image: Image, ticks: int, length: int) -> None:
        """Add a picture, RGB uint8 (H, W, 3), to be shown at `ticks` for `length` ticks."""
        if image.shape != (self.size[1], self.size[0], 3):
            raise ValueError(f"a picture of shape {image.shape} in a film of size {self.size}")
        if self.last is None:
            self.offset = max(0, -ticks)
            self.shift = self.carried.late = self.offset * self.timebase
        elif ticks <= self.last:
            raise ValueError(f"a picture at tick {ticks} after one at tick {self.last}")
        self.last = ticks
        frame = to_yuv(self.padded(image), self.reformatter)
        frame.pts, frame.time_base = ticks + self.offset, self.timebase
        self.lengths[frame.pts] = length
        self.write(self.stream.encode(frame))

    def padded(self, image: Image) -> Image:
        """The picture with even sides: its last column and row twice, where it needs them."""
        right, below = self.padding
        if not (right or below):
            return image
        return np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")

    def write(self, packets: "list[Packet[VideoStream]]") -> None:
        """Write encoded pictures, each after the sound that is heard before it."""
        for packet in packets:
            ticks = packet.pts or 0
            packet.duration = self.lengths.pop(ticks)
            self.write_sound(until=ticks * self.timebase)
            with writable(self.path):
                self.container.mux_one(packet)

    def write_sound(self, until: Fraction | None) -> None:
        """Write the sound that is heard before that time, or all of it."""
        for packet in self.carried.until(until):
            with writable(self.path):
                self.container.mux_one(packet)

    def finish(self) -> None:
        """Write what is still to be written and close the file."""
        if self.last is None:
            raise FaceloomError(f"{self.path}: no picture was given for it; is the clip empty?")
        self.write(self.stream.encode(None))
        self.write_sound(until=None)
        with writable(self.path):
            self.container.close()

    def __enter__(self) -> Self:
        """The film itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the film, or leave nothing if something went wrong."""
        done = False
        try:
            if kind is None:
                self.finish()
                done = True
        finally:
            self.carried.close()
            if not done:
                self.abandon()

    def abandon(self) -> None:
        """Close everything and take the file away."""
        try:
            self.container.close()
        finally:
            self.path.unlink(missing_ok=True)


def muxing(timebase: Fraction) -> dict[str, str]:
    """The muxer's options: exact times, index first, all metadata, no version or date."""
    ticks = timebase.denominator
    while ticks < LEAST_TICKS:
        ticks *= 2
    return {
        "movflags": "+faststart+use_metadata_tags",
        "video_track_timescale": str(ticks),
        "movie_timescale": str(ticks),
        "fflags": "+bitexact",
    }
