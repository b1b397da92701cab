"""Between a decoder's frames and upright RGB pictures with square pixels."""

from dataclasses import dataclass, field
from math import atan2, cos, degrees, radians, sin

import cv2
import numpy as np
from av import VideoFrame
from av.sidedata.sidedata import Type
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from faceloom.media.pictures import Image, Notes

# Without ACCURATE_RND swscale's fast path is about one level too dark. Planar RGB as the target
# makes the exact path as fast as it gets (2 ms for 1280x720 against 8 ms for packed RGB).
EXACT = Interpolation.ACCURATE_RND | Interpolation.BITEXACT
SAME_SIZE = Interpolation.BILINEAR | EXACT
RESIZED = Interpolation.BICUBIC | EXACT
TO_CHROMA = Interpolation.BILINEAR | Interpolation.FULL_CHR_H_INP | EXACT

# ITU-T H.273, MatrixCoefficients -> what swscale calls it.
MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
RGB, UNSPECIFIED = 0, 2
HIGH_DYNAMIC_RANGE = {16: "PQ", 18: "HLG"}
HIGH_DEFINITION = 720


@dataclass(frozen=True)
class Turn:
    """How a stored picture is turned and mirrored to stand upright.

    x' = a x + c y and y' = b x + d y, with each of a, b, c, d one of -1, 0, 1.
    """

    a: int = 1
    b: int = 0
    c: int = 0
    d: int = 1

    @property
    def sideways(self) -> bool:
        """Whether width and height change places."""
        return self.a == 0

    @property
    def mirrored(self) -> bool:
        """Whether left and right change places, beside the rotation."""
        return self.a * self.d - self.b * self.c < 0

    @property
    def rotation(self) -> int:
        """Degrees clockwise: 0, 90, 180 or 270."""
        return round(degrees(atan2(-self.c, self.d))) % 360

    def apply(self, image: Image) -> Image:
        """The picture upright."""
        if self.sideways:
            image = image.transpose(1, 0, 2)
        rows = -1 if (self.b if self.sideways else self.d) < 0 else 1
        columns = -1 if (self.c if self.sideways else self.a) < 0 else 1
        return np.ascontiguousarray(image[::rows, ::columns])


def turn(frame: VideoFrame, notes: Notes) -> Turn:
    """What the frame's display matrix asks for, to the nearest right angle."""
    a, b, c, d = display_matrix(frame)
    if a == b == c == d == 0:
        return Turn()
    if min(abs(a), abs(b)) > 0.02 * max(abs(a), abs(b)):
        notes.warn("its rotation is not a right angle; it is shown turned to the nearest one")
    if abs(b) > abs(a):
        return Turn(0, sign(b), sign(c), 0)
    return Turn(sign(a), 0, 0, sign(d))


def display_matrix(frame: VideoFrame) -> tuple[float, float, float, float]:
    """a, b, c, d of the frame's display matrix, in any scale; all 0 where it has none."""
    try:
        matrix = frame.side_data.get(Type.DISPLAYMATRIX)  # type: ignore[call-overload]
    except ValueError:  # PyAV 18.1 cannot list side data that it does not know, EXIF for one
        angle = radians(-frame.rotation)
        return cos(angle), sin(angle), -sin(angle), cos(angle)
    if matrix is None:
        return 0, 0, 0, 0
    a, b, _, c, d, *_ = (int(value) for value in np.frombuffer(bytes(matrix), np.int32))
    return a, b, c, d


def sign(value: float) -> int:
    """-1 below zero, else 1."""
    return -1 if value < 0 else 1


@dataclass
class Look:
    """Turns frames of one clip into pictures of one size.

    Attributes:
        stored: width and height of the first frame.
        square: the same with square pixels, before it is turned.
        turn: what makes it upright.
        notes: where doubts go.
    """

    stored: tuple[int, int]
    square: tuple[int, int]
    turn: Turn
    notes: Notes
    reformatter: VideoReformatter = field(default_factory=VideoReformatter)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        width, height = self.square
        return (height, width) if self.turn.sideways else (width, height)

    def picture(self, frame: VideoFrame) -> Image:
        """The frame as an upright RGB picture."""
        size = (frame.width, frame.height)
        if size != self.stored:
            self.notes.warn("its pictures change their size; all are scaled to the first one's")
        transparent = frame.format.has_palette or any(c.is_alpha for c in frame.format.components)
        planar = self.reformatter.reformat(
            frame,
            width=self.square[0],
            height=self.square[1],
            format="gbrap" if transparent else "gbrp",
            src_colorspace=self.matrix(frame),
            src_color_range=span(frame),
            dst_color_range=ColorRange.JPEG,
            interpolation=SAME_SIZE if size == self.square else RESIZED,
            threads=1,
        )
        return self.turn.apply(packed(planar))

    def matrix(self, frame: VideoFrame) -> Colorspace | None:
        """The frame's YCbCr matrix: as tagged, or else as players guess it from the height."""
        if frame.color_trc in HIGH_DYNAMIC_RANGE:
            kind = HIGH_DYNAMIC_RANGE[frame.color_trc]
            self.notes.warn(f"high dynamic range ({kind}) is not tone-mapped; colours look pale")
        if frame.format.is_rgb or frame.format.has_palette:
            return None
        if frame.colorspace in MATRICES:
            return MATRICES[frame.colorspace]
        if frame.colorspace not in (RGB, UNSPECIFIED):
            self.notes.warn(f"colour matrix {frame.colorspace} is not known; colours may be wrong")
        high = frame.height >= HIGH_DEFINITION
        return Colorspace.ITU709 if high else Colorspace.ITU601


def span(frame: VideoFrame) -> ColorRange:
    """Whether the frame's values are of full or of limited range."""
    tagged = ColorRange(frame.color_range)
    if tagged != ColorRange.UNSPECIFIED:
        return tagged
    name = frame.format.name
    full = frame.format.is_rgb or name.startswith(("yuvj", "gray", "ya", "pal", "mono"))
    return ColorRange.JPEG if full else ColorRange.MPEG


def packed(planar: VideoFrame) -> Image:
    """Planar (A)RGB as one array (H, W, 3), laid over black where it is transparent."""
    green, blue, red, *alpha = (
        np.frombuffer(memoryview(plane), np.uint8).reshape(planar.height, plane.line_size)[
            :, : planar.width
        ]
        for plane in planar.planes
    )
    image = cv2.merge([red, green, blue])
    if alpha and alpha[0].min() < 255:
        image = cv2.multiply(image, cv2.merge([alpha[0]] * 3), scale=1 / 255)
    return np.asarray(image, np.uint8)


def to_yuv(image: Image, reformatter: VideoReformatter) -> VideoFrame:
    """An RGB picture with even sides as yuv420p, bt709, limited range."""
    return reformatter.reformat(
        VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24"),
        format="yuv420p",
        src_color_range=ColorRange.JPEG,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=TO_CHROMA,
        threads=1,
    )
