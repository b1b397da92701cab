"""Clips drawn for tests: every frame known, every oddity made on purpose."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from zipfile import ZipFile

import av
import numpy as np
from PIL import Image

RATE = 25


def scene(number: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    """A smooth picture of which no two numbers and no two corners are alike: RGB uint8."""
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    wave = np.sin(2 * np.pi * (across + number / 20))
    red = 40 + 150 * across
    green = 60 + 120 * down
    blue = 120 + 50 * wave * (1 - down) + 40 * (across - down)
    return np.rint(np.stack([red, green, blue], axis=-1)).clip(0, 255).astype(np.uint8)


def scenes(count: int, size: tuple[int, int] = (64, 48)) -> list[np.ndarray]:
    """The first pictures of that kind."""
    return [scene(number, size) for number in range(count)]


def draw_clip(
    path: Path,
    frames: int | Sequence[np.ndarray] = 10,
    size: tuple[int, int] = (64, 48),
    *,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    rate: Fraction | int = RATE,
    timebase: Fraction | None = None,
    ticks: Sequence[int] | None = None,
    rotation: int = 0,
    mirrored: bool = False,
    aspect: Fraction | None = None,
    sound: str | None = None,
    sound_seconds: float = 1.0,
    sound_start: float = 0.0,
    pictured: bool = True,
    spoil: Callable[[int, bytes], bytes] | None = None,
    options: dict[str, str] | None = None,
    muxing: dict[str, str] | None = None,
) -> list[np.ndarray]:
    """Write a clip with PyAV and give back its pictures as they were before encoding.

    Args:
        path: its name's ending chooses the container.
        frames: how many `scene` pictures, or the pictures themselves.
        size: (width, height) of the scenes.
        codec: of the pictures; lossless or nearly so by default.
        pixel_format: of the encoder.
        rate: frames a second.
        timebase: seconds in a tick; by default 1 / rate.
        ticks: when each frame is shown; by default 0, 1, 2, …
        rotation: degrees counter-clockwise that players are told to turn the pictures.
        mirrored: whether players are told to mirror them first.
        aspect: of a pixel.
        sound: codec of a 440 Hz tone, mono, if there is to be one.
        sound_seconds: how long it is.
        sound_start: when it starts.
        pictured: whether there are pictures at all.
        spoil: gets each packet's number and bytes, and gives the bytes that are written.
        options: of the encoder.
        muxing: of the container.
    """
    pictures = scenes(frames, size) if isinstance(frames, int) else list(frames)
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w", container_options=muxing or {}) as container:
        stream = None
        if pictured:
            usual = {"crf": "4", "preset": "ultrafast"} if codec == "libx264" else {}
            stream = container.add_stream(codec, rate=rate, options=usual | (options or {}))
            stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
            stream.thread_count = 1
            stream.codec_context.time_base = timebase or 1 / Fraction(rate)
            if aspect:
                stream.codec_context.sample_aspect_ratio = aspect
            if rotation or mirrored:
                stream.set_display_rotation(rotation, hflip=mirrored)
        pitch = 48000 if sound == "libopus" else 44100
        heard = container.add_stream(sound, rate=pitch, layout="mono") if sound else None
        if heard:
            for packet in tone(heard, sound_seconds, sound_start, pitch):
                container.mux(packet)
        if stream:
            shown = ticks if ticks is not None else range(len(pictures))
            for number, packet in enumerate(encoded(stream, pictures, shown)):
                container.mux(packet if spoil is None else spoiled(packet, number, spoil))
    return pictures


def encoded(stream, pictures, ticks):
    """The packets of these pictures."""
    for picture, at in zip(pictures, ticks, strict=True):
        kind = {2: "gray", 3: "rgb24", 4: "rgba"}[2 if picture.ndim == 2 else picture.shape[2]]
        frame = av.VideoFrame.from_ndarray(picture, format=kind)
        frame.pts, frame.time_base = at, stream.codec_context.time_base
        yield from stream.encode(frame)
    yield from stream.encode(None)


def spoiled(packet, number: int, spoil: Callable[[int, bytes], bytes]):
    """The packet with other bytes in it."""
    other = av.Packet(spoil(number, bytes(packet)))
    other.stream, other.time_base = packet.stream, packet.time_base
    other.pts, other.dts, other.duration = packet.pts, packet.dts, packet.duration
    other.is_keyframe = packet.is_keyframe
    return other


def garbage(*numbers: int) -> Callable[[int, bytes], bytes]:
    """Spoils the packets with these numbers wholly."""
    generator = np.random.default_rng(1)
    return lambda number, data: generator.bytes(len(data)) if number in numbers else data


def tone(stream, seconds: float, start: float = 0.0, rate: int = 44100):
    """The packets of a 440 Hz tone at half volume."""
    times = np.arange(round(seconds * rate)) / rate
    samples = (0.5 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    offset = round(start * rate)
    for at in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], "fltp", "mono")
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), offset + at
        yield from stream.encode(frame)
    yield from stream.encode(None)


def draw_pictures(folder: Path, names: Sequence[str], size: tuple[int, int] = (64, 48)) -> None:
    """Write `scene` pictures into a folder under these names, in this order."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        Image.fromarray(scene(number, size)).save(folder / name)


def draw_zip(path: Path, folder: Path) -> None:
    """Zip what lies in a folder."""
    with ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))


def draw_animation(path: Path, lengths: Sequence[int], size: tuple[int, int] = (64, 48)) -> None:
    """Write an animated GIF, WebP or PNG of `scene` pictures with these lengths in ms."""
    first, *others = (Image.fromarray(picture) for picture in scenes(len(lengths), size))
    extra = {"lossless": True} if path.suffix == ".webp" else {}
    first.save(path, save_all=True, append_images=others, duration=list(lengths), loop=0, **extra)


def cut(path: Path, share: float) -> None:
    """Keep only that share of a file, from its beginning."""
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
