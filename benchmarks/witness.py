"""Another reader of clips, to hold ours against: the ffmpeg program that moviepy brings along.

It is a program and a build of its own, and shares no line with `faceloom.media`: it finds the
stream, obeys the display matrix, squares the pixels and converts the colours by itself. Three
things it has to be told. Where a clip does not say its colour matrix, players guess it by the
height, which ffmpeg does not. Where it does not say where between its pixels the colours lie, they
lie at the left (H.264, E.2.1), in JPEG's range amid; ffmpeg puts all amid. And of its two decoders
of VP8 and VP9 only one knows transparency.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import imageio_ffmpeg  # type: ignore[import-untyped]
import numpy as np

Image = np.ndarray

RATE = 25  # pictures a second of what has no times
HIGH_DEFINITION = 720
SHOWN = re.compile(
    r"Parsed_showinfo.* n: *\d+ .*?pts_time:(\S+) .*?duration_time:(\S+) .*?"
    r"sar:(\d+)/(\d+) s:(\d+)x(\d+)"
)
ERROR = re.compile(r"\[(?:error|fatal)\] (.*)")
EXACT = "accurate_rnd+full_chroma_inp+full_chroma_int"
TRANSPARENT = re.compile(r" alpha_mode *: 1")  # what WebM says where transparency is beside it
DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


@dataclass
class Told:
    """What the other reader says of a clip.

    Attributes:
        seconds: when each picture is shown; none where it says nothing.
        lengths: how long each stays.
        size: width and height of the pictures, upright and with square pixels.
        aspect: width of a stored pixel by its height.
        tags: of the first picture: its colour range and matrix, among others.
        complaints: what it calls errors.
        members: the pictures of a folder; else the clip itself.
        decoder: the one that is to be asked for, if not its first choice.
    """

    seconds: list[float | None] = field(default_factory=list)
    lengths: list[float | None] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    aspect: float = 1.0
    tags: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    members: list[Path] = field(default_factory=list)
    decoder: str = ""

    @property
    def matrix(self) -> str:
        """The matrix to convert by: what is tagged, or what the height makes players guess."""
        tagged = self.tags.get("color_space", "unknown")
        high = self.size[1] >= HIGH_DEFINITION
        return "auto" if tagged != "unknown" else ("bt709" if high else "bt601")


def told(clip: Path) -> Told:
    """What ffmpeg says of a clip; a folder is its pictures, in order, at 25 a second."""
    if not clip.is_dir():
        return of_file(clip)
    members = sorted(path for path in clip.iterdir() if path.suffix == ".jpg")
    if not members:
        return Told(complaints=["no pictures"])
    each = of_file(members[0])
    each.members = members
    each.seconds = [number / RATE for number in range(len(members))]
    each.lengths = [1 / RATE] * len(members)
    return each


def of_file(clip: Path, decoder: str = "") -> Told:
    """What it says of one file."""
    said = ran(clip, decoder, "showinfo=checksum=0", "null").stderr.decode(errors="replace")
    stream = re.search(r"Stream #.*: Video: (\w+)", said)
    if stream and not decoder and TRANSPARENT.search(said):
        return of_file(clip, DECODERS[stream[1]])
    found = Told(decoder=decoder, members=[clip])
    for line in said.splitlines():
        if shown := SHOWN.search(line):
            seconds, length, across, down, width, height = shown.groups()
            found.seconds.append(number(seconds))
            found.lengths.append(number(length))
            found.aspect = int(across) / int(down) if int(across) else 1.0
            found.size = round(int(width) * found.aspect), int(height)
        elif tags := re.findall(r"(color_\w+):(\w+)", line):
            found.tags = found.tags or dict(tags)
        elif (error := ERROR.search(line)) and "muxer" not in line:
            found.complaints.append(error[1])
    return found


def number(word: str) -> float | None:
    """A number, if it is one; NOPTS is none."""
    try:
        return float(word)
    except ValueError:
        return None


def images(clip: Told) -> Iterator[Image]:
    """The pictures of a clip: RGB uint8 (H, W, 3), laid over black where transparent."""
    return chain.from_iterable(of_member(clip, member) for member in clip.members)


def of_member(clip: Told, member: Path) -> Iterator[Image]:
    """The pictures of one file."""
    width, height = clip.size
    lie = "center" if clip.tags.get("color_range") == "pc" else "left"
    told = f"in_color_matrix={clip.matrix}:in_chroma_loc={lie}"
    how = "bilinear" if clip.aspect == 1 else "bicubic"
    square = f"scale={width}:{height}:{told}:flags={how}+{EXACT}"
    done = started(member, clip.decoder, f"{square},format=gbrap,premultiply=inplace=1", "rawvideo")
    assert done.stdout is not None
    while data := done.stdout.read(3 * width * height):
        yield np.frombuffer(data, np.uint8).reshape(height, width, 3)
    done.wait()


def sounding(clip: Path) -> float:
    """How many seconds of sound can be decoded; 0 where there is none."""
    line = [*program(clip, ""), "-map", "0:a:0", "-f", "s16le", "-ac", "1", "-ar", "8000", "-"]
    return len(subprocess.run(line, capture_output=True, check=False).stdout) / 16000


def program(clip: Path, decoder: str) -> list[str]:
    """The beginning of every call."""
    chosen = ["-c:v", decoder] if decoder else []
    quiet = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info", "-threads", "1"]
    return [imageio_ffmpeg.get_ffmpeg_exe(), *quiet, *chosen, "-copyts", "-i", f"file:{clip}"]


def call(clip: Path, decoder: str, filters: str, form: str) -> list[str]:
    """The call that sends the first video, if it is no cover, through filters."""
    stream = ["-map", "0:V:0", "-fps_mode", "passthrough", "-vf", filters]
    return [*program(clip, decoder), *stream, "-f", form, "-pix_fmt", "rgb24", "-"]


def ran(clip: Path, decoder: str, filters: str, form: str) -> subprocess.CompletedProcess[bytes]:
    """That call, when it has ended."""
    return subprocess.run(call(clip, decoder, filters, form), capture_output=True, check=False)


def started(clip: Path, decoder: str, filters: str, form: str) -> subprocess.Popen[bytes]:
    """That call, its pictures to be read."""
    line = call(clip, decoder, filters, form)
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
