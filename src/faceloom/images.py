"""Pictures as bytes, files and arrays: RGB uint8 outside, float -1…1 in planes inside networks."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from faceloom.errors import FaceloomError

Bytes = npt.NDArray[np.uint8]
Reals = npt.NDArray[np.float32]

# Pillow also knows formats that it hands to other programs or cannot really read (EPS, WMF,
# stubs) and some that match almost any bytes; a picture of a face is in one of these.
FORMATS = (
    "PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "DIB", "TIFF", "PPM", "JPEG2000", "TGA",
    "ICO", "PCX", "SGI",
)  # fmt: skip
# What Pillow raises where a file is damaged.
DAMAGE = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


def encode_png(image: Bytes) -> bytes:
    """A picture (H, W, 3) or mask (H, W), uint8, as the bytes of a PNG file."""
    if image.dtype != np.uint8:
        raise TypeError(f"a PNG is made from uint8, not from {image.dtype}")
    swapped = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".png", swapped, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not done:
        raise ValueError(f"no PNG can be made from an array of shape {image.shape}")
    return data.tobytes()


def decode(data: bytes) -> Bytes:
    """The picture in these bytes: (H, W) where it is plain greyscale, else RGB (H, W, 3)."""
    with opened(BytesIO(data), "picture") as image:
        if image.mode == "L" and "transparency" not in image.info:
            return np.array(image)
        return rgb(image, "picture")


def open_picture(path: Path) -> Bytes:
    """The picture in a file, upright and opaque: RGB uint8 (H, W, 3).

    EXIF orientation is applied; transparency is laid over black; 16-bit greyscale is scaled to
    8 bits; CMYK goes through its own colour profile where it has one. Of several pages or frames
    it is the first.
    """
    try:
        with path.open("rb") as file:
            return read_picture(file, str(path))
    except FileNotFoundError:
        raise FaceloomError(f"{path}: there is no such file; check the name") from None
    except IsADirectoryError:
        raise FaceloomError(f"{path}: a folder, not a picture; name a file in it") from None


def read_picture(file: BinaryIO, name: str) -> Bytes:
    """As `open_picture`, from an open file; `name` is what errors call it."""
    with opened(file, name) as image:
        return rgb(image, name)


def save_picture(path: Path, image: Bytes) -> None:
    """Write RGB (H, W, 3) or greyscale (H, W) in the format that the file's name asks for."""
    Image.fromarray(image).save(path)


def opened(file: BinaryIO, name: str) -> Image.Image:
    """Pillow's picture, its pixels not yet read.

    Raises:
        FaceloomError: if this is no picture.
    """
    try:
        return Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise FaceloomError(f"{name}: {wrong_with(file)}") from None
    except DAMAGE as error:
        raise FaceloomError(f"{name}: {broken(error)}") from None


def wrong_with(file: BinaryIO) -> str:
    """Why a file that is no picture is none, and what to try."""
    file.seek(0)
    if not file.read(1):
        return "an empty file; copy it again"
    return "not a picture that can be read; save it as PNG or JPEG"


def broken(error: Exception) -> str:
    """What Pillow said about a picture that it could not read, in one line."""
    said = " ".join(str(error).split()) or type(error).__name__
    return f"this picture is damaged or cut off ({said}); copy it again or leave it out"


def rgb(image: Image.Image, name: str) -> Bytes:
    """An open picture's pixels: upright, opaque, RGB uint8 (H, W, 3)."""
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
        return np.array(opaque(eight_bits(upright, name)))
    except DAMAGE as error:
        raise FaceloomError(f"{name}: {broken(error)}") from None


def eight_bits(image: Image.Image, name: str) -> Image.Image:
    """The same picture with 8 bits a channel; greyscale of 16 or 32 bits is scaled."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image).astype(np.float64)
    lowest, highest = float(values.min()), float(values.max())
    whole = 1.0 if image.mode == "F" else 65535.0
    if lowest < 0 or highest > whole:
        raise FaceloomError(
            f"{name}: its values run from {lowest:g} to {highest:g}, not from 0 to {whole:g}; "
            "save it with 8 or 16 bits a channel"
        )
    return Image.fromarray(np.rint(values * (255 / whole)).astype(np.uint8))


def opaque(image: Image.Image) -> Image.Image:
    """The same picture in RGB, laid over black where it is transparent."""
    if image.mode in ("CMYK", "LAB"):
        return by_profile(image)
    if image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        black = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return Image.alpha_composite(black, with_alpha).convert("RGB")
    return image.convert("RGB")


def by_profile(image: Image.Image) -> Image.Image:
    """CMYK or Lab as sRGB, through the profile that came with it, or else by plain arithmetic."""
    srgb = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return shown(ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB"))
    stored = image.info.get("icc_profile")
    if not stored:
        return image.convert("RGB")
    try:
        ink = ImageCms.ImageCmsProfile(BytesIO(stored))
        return shown(ImageCms.profileToProfile(image, ink, srgb, outputMode="RGB"))
    except ImageCms.PyCMSError:
        return image.convert("RGB")


def shown(image: Image.Image | None) -> Image.Image:
    """The converted picture (in place there would be none)."""
    assert image is not None
    return image


def to_planes(images: Bytes) -> Reals:
    """Pictures (..., H, W, 3) uint8 as planes (..., 3, H, W) float32 in [-1, 1]."""
    planes = np.moveaxis(images, -1, -3).astype(np.float32)
    return np.ascontiguousarray(planes / np.float32(127.5) - np.float32(1))


def from_planes(planes: Reals) -> Bytes:
    """Planes (..., 3, H, W) float in [-1, 1] as pictures (..., H, W, 3) uint8, rounded."""
    values = np.clip(np.rint((np.moveaxis(planes, -3, -1) + 1) * 127.5), 0, 255)
    return np.ascontiguousarray(values.astype(np.uint8))


def to_mask(stored: Bytes) -> Reals:
    """A mask as on disk (uint8) as in memory: float32 in [0, 1]."""
    return stored.astype(np.float32) / np.float32(255)


def from_mask(mask: Reals) -> Bytes:
    """A mask as in memory (float in [0, 1]) as on disk: uint8, rounded."""
    return np.clip(np.rint(mask * 255), 0, 255).astype(np.uint8)
