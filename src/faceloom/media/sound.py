"""A clip's sound, carried over into a film."""

import logging
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from faceloom.media import decoding
from faceloom.media.kinds import kind

log = logging.getLogger(__name__)

Samples = npt.NDArray[np.float32]  # (channels, samples)

# What browsers, Safari too, play from an MP4 file without doubt.
COPIED = {"aac", "mp3", "mp3float"}
BITS_A_CHANNEL = 96_000
# AAC knows few rates; other ones become this one.
AAC_RATES = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000}
USUAL_RATE = 48_000
AAC_FRAME = 1024
# Smaller holes and overlaps in the sound are left as they are.
TOLERATED = Fraction(1, 25)
LONGEST_SILENCE = 600


class Sound:
    """The sound of one clip on its way into a film.

    Attributes:
        done: "none", "copied" or "encoded aac".
    """

    def __init__(self, path: Path | None, film: OutputContainer) -> None:
        """Add the sound's stream to the film; to be done before its first packet is written."""
        self.done = "none"
        self.late = Fraction(0)
        self.container: InputContainer | None = None
        self.packets: Iterator[Packet[AudioStream]] = iter(())
        if path is not None and kind(path) == "video":
            self.begin(path, film)
        self.next = next(self.packets, None)
        if self.next is None:
            self.done = "none"

    def begin(self, path: Path, film: OutputContainer) -> None:
        """Open the clip and decide what to do with its sound."""
        self.container = decoding.opened(path)
        stream = self.container.streams.best("audio")
        if not isinstance(stream, AudioStream):
            return
        decoding.alone(self.container, stream)
        if stream.codec_context is None:
            log.warning("%s: its sound is in an unknown codec and is left out", path)
            return
        if len(self.container.streams.audio) > 1:
            log.warning("%s: of its sound tracks, number %d is kept", path, stream.index)
        if stream.codec_context.codec.name in COPIED:
            self.done, self.packets = "copied", copied(self.container, stream, film)
        else:
            self.done, self.packets = "encoded aac", encoded(self.container, stream, film)

    def until(self, seconds: Fraction | None) -> "Iterator[Packet[AudioStream]]":
        """The packets that are heard before that time (all that are left, without one)."""
        while self.next is not None:
            packet = self.next
            if seconds is not None and starts(packet) + self.late > seconds:
                return
            if self.late:
                moved = round(self.late / packet.time_base)
                packet.pts, packet.dts = (packet.pts or 0) + moved, (packet.dts or 0) + moved
            yield packet
            self.next = next(self.packets, None)

    def close(self) -> None:
        """Close the clip that the sound comes from."""
        if self.container is not None:
            self.container.close()


def starts(packet: "Packet[AudioStream]") -> Fraction:
    """When a packet is to be heard, in seconds."""
    return (packet.pts or 0) * packet.time_base


def readable(container: InputContainer, stream: AudioStream) -> "Iterator[Packet[AudioStream]]":
    """All packets that can be read from a file, and the empty one at the end."""
    try:
        yield from container.demux(stream)
    except av.FFmpegError as error:
        log.warning("%s: its sound ends early (%s)", container.name, error.strerror)


def copied(
    container: InputContainer, stream: AudioStream, film: OutputContainer
) -> "Iterator[Packet[AudioStream]]":
    """The packets as they are; ones that are not later than the one before are left out."""
    kept: AudioStream | None = None
    last: int | None = None
    left_out = 0
    for packet in readable(container, stream):
        if not packet.size or packet.pts is None or packet.dts is None:
            continue
        if last is not None and packet.dts <= last:
            left_out += 1
            continue
        last = packet.dts
        kept = kept or film.add_stream_from_template(stream)
        packet.stream = kept
        yield packet
    if left_out:
        log.warning(
            "%s: %d pieces of its sound come twice or too early and are left out",
            container.name,
            left_out,
        )


def encoded(
    container: InputContainer, stream: AudioStream, film: OutputContainer
) -> "Iterator[Packet[AudioStream]]":
    """The sound decoded and encoded as AAC, mono or stereo, starting at the same moment."""
    rate = stream.rate if stream.rate in AAC_RATES else USUAL_RATE
    layout = "mono" if stream.channels == 1 else "stereo"
    out: AudioStream | None = None
    for frame in blocks(resampled(container, stream, rate, layout), rate, layout):
        if out is None:
            bits = BITS_A_CHANNEL * (1 if layout == "mono" else 2)
            out = film.add_stream("aac", rate=rate, bit_rate=bits, layout=layout)
        yield from out.encode(frame)
    if out is not None:
        yield from out.encode(None)


def resampled(
    container: InputContainer, stream: AudioStream, rate: int, layout: str
) -> Iterator[tuple[int, Samples]]:
    """What can be decoded: when it starts, in samples from the clip's time 0, and the samples."""
    resampler: AudioResampler | None = None
    at = 0
    for packet in readable(container, stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            if frame.pts is None or frame.time_base is None:
                continue
            resampler = resampler or AudioResampler("fltp", layout, rate)
            at = round(frame.pts * frame.time_base * rate)
            for piece in resampler.resample(frame):
                yield at, np.asarray(piece.to_ndarray(), np.float32)
                at += piece.samples
    if resampler is not None:
        for piece in resampler.resample(None):
            yield at, np.asarray(piece.to_ndarray(), np.float32)


def blocks(pieces: Iterator[tuple[int, Samples]], rate: int, layout: str) -> Iterator[AudioFrame]:
    """The sound in frames of the encoder's size, without holes or overlaps."""
    held: Samples | None = None
    at = 0
    for start, samples in pieces:
        if held is None:
            held, at = samples, start
        else:
            held = np.concatenate([held, fitted(samples, start - at - held.shape[1], rate)], axis=1)
        while held.shape[1] >= AAC_FRAME:
            yield block(held[:, :AAC_FRAME], at, rate, layout)
            held, at = held[:, AAC_FRAME:], at + AAC_FRAME
    if held is not None and held.shape[1]:
        yield block(held, at, rate, layout)


def fitted(samples: Samples, hole: int, rate: int) -> Samples:
    """The samples with silence before them, or without those that come too early."""
    if abs(hole) <= TOLERATED * rate or hole > LONGEST_SILENCE * rate:
        return samples
    if hole < 0:
        return samples[:, -hole:]
    return np.concatenate([np.zeros((len(samples), hole), np.float32), samples], axis=1)


def block(samples: Samples, at: int, rate: int, layout: str) -> AudioFrame:
    """Samples as the encoder takes them."""
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout)
    frame.sample_rate = rate
    frame.pts = at
    frame.time_base = Fraction(1, rate)
    return frame
