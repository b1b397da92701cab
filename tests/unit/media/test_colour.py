"""Colours, against the arithmetic of ITU-R BT.601, BT.709 and BT.2020 done by hand."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from drawn import scene
from faceloom.media import pictures
from faceloom.media.colour import to_yuv

# Weights of red and blue in luma.
WEIGHTS = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}
TAGS = {"bt601": 6, "bt709": 1, "bt2020": 9}


def ycbcr(image: np.ndarray, matrix: str, full: bool, bits: int = 8) -> list[np.ndarray]:
    """The planes Y, Cb, Cr of an RGB picture."""
    red_weight, blue_weight = WEIGHTS[matrix]
    red, green, blue = np.moveaxis(image / 255, -1, 0)
    luma = red_weight * red + (1 - red_weight - blue_weight) * green + blue_weight * blue
    chroma = [
        (blue - luma) / (2 * (1 - blue_weight)),
        (red - luma) / (2 * (1 - red_weight)),
    ]
    scale = 2 ** (bits - 8)
    most = 2**bits - 1
    planes = [luma * most] + [c * most + 128 * scale for c in chroma]
    if not full:
        planes = [(16 + 219 * luma) * scale] + [(128 + 224 * c) * scale for c in chroma]
    return [np.rint(p).clip(0, most).astype(np.uint16 if bits > 8 else np.uint8) for p in planes]


def filled(planes: list[np.ndarray], kind: str) -> av.VideoFrame:
    """A frame with these planes."""
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, kind)
    for plane, values in zip(frame.planes, planes, strict=True):
        rows = np.zeros((height, plane.line_size), np.uint8)
        data = np.ascontiguousarray(values).view(np.uint8)
        rows[:, : data.shape[1]] = data
        plane.update(rows.tobytes())
    return frame


def write(
    path: Path,
    planes: list[np.ndarray],
    bits: int,
    tag: int,
    full: bool | None,
    transfer: int = 2,
) -> None:
    """A lossless clip of one frame with these planes."""
    kind = "yuv444p" if bits == 8 else f"yuv444p{bits}le"
    height, width = planes[0].shape
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, kind
        stream.codec_context.colorspace = tag
        stream.codec_context.color_trc = transfer
        stream.codec_context.color_range = 0 if full is None else 2 if full else 1
        frame = filled(planes, kind)
        frame.colorspace, frame.color_range = tag, stream.codec_context.color_range
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def worst(path: Path, image: np.ndarray) -> int:
    return int(np.abs(next(pictures(path)).image.astype(int) - image).max())


@pytest.mark.parametrize("matrix", ["bt601", "bt709", "bt2020"])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("bits", [8, 10])
def test_tagged_colours(tmp_path: Path, matrix: str, full: bool, bits: int) -> None:
    image = scene(3)
    write(tmp_path / "clip.mkv", ycbcr(image, matrix, full, bits), bits, TAGS[matrix], full)
    assert worst(tmp_path / "clip.mkv", image) <= 3


@pytest.mark.parametrize(("height", "matrix"), [(576, "bt601"), (718, "bt601"), (720, "bt709")])
def test_untagged_colours_are_guessed_by_height(tmp_path: Path, height: int, matrix: str) -> None:
    image = scene(3, (32, height))
    write(tmp_path / "clip.mkv", ycbcr(image, matrix, False), 8, 2, None)
    assert worst(tmp_path / "clip.mkv", image) <= 3


@pytest.mark.parametrize("tag", [8, 14])
def test_unknown_colours_are_told(tmp_path: Path, tag: int) -> None:
    write(tmp_path / "clip.mkv", ycbcr(scene(0), "bt601", False), 8, tag, False)
    reading = pictures(tmp_path / "clip.mkv")
    assert len(list(reading)) == 1
    assert f"matrix {tag}" in reading.warnings[0]


@pytest.mark.parametrize(("transfer", "kind"), [(16, "PQ"), (18, "HLG"), (1, None)])
def test_high_dynamic_range_is_told(tmp_path: Path, transfer: int, kind: str | None) -> None:
    planes = ycbcr(scene(0), "bt2020", full=False, bits=10)
    write(tmp_path / "clip.mkv", planes, 10, TAGS["bt2020"], False, transfer)
    reading = pictures(tmp_path / "clip.mkv")
    assert len(list(reading)) == 1
    said = [f"high dynamic range ({kind}) is not tone-mapped; colours look pale"]
    assert reading.warnings == (said if kind else [])


def test_written_colours_are_bt709_of_limited_range() -> None:
    image = scene(3, (128, 64))
    frame = to_yuv(image, VideoReformatter())
    planes = frame.to_ndarray()
    luma, blue, _ = ycbcr(image, "bt709", full=False)
    assert (frame.colorspace, frame.color_range, frame.format.name) == (1, 1, "yuv420p")
    assert np.abs(planes[:64].astype(int) - luma).max() <= 1
    halved = blue.reshape(32, 2, 64, 2).mean(axis=(1, 3))
    assert np.abs(planes[64:80].reshape(32, 64) - halved).max() <= 3
