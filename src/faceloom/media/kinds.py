"""What lies at a path: a video, a folder or zip of pictures, an animation, or one picture."""

from pathlib import Path
from typing import Literal
from zipfile import is_zipfile

from PIL import Image, UnidentifiedImageError

from faceloom.errors import FaceloomError
from faceloom.images import DAMAGE

Kind = Literal["video", "animation", "folder", "zip", "picture"]

# What the first bytes tell for sure; Pillow knows more formats, but also takes videos for them.
STILL = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM", "JPEG2000")
MOVING = {"PNG", "WEBP", "AVIF"}
STREAMS_OF_STILLS = {".mjpeg", ".mjpg"}


def kind(path: Path) -> Kind:
    """What lies at the path, by its content and not by its name.

    Raises:
        FaceloomError: if there is nothing, or nothing in it.
    """
    if path.is_dir():
        return "folder"
    if not path.exists():
        raise FaceloomError(f"{path}: there is no such file; check the name")
    if not path.is_file():
        raise FaceloomError(f"{path}: neither a file nor a folder; name a video file")
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except PermissionError:
        raise FaceloomError(f"{path}: may not be read; change its permissions") from None
    if not start:
        raise FaceloomError(f"{path}: an empty file; copy it again")
    if start[:2] == b"PK" and is_zipfile(path):
        return "zip"
    return still_or_moving(path)


def still_or_moving(path: Path) -> Kind:
    """The kind of a file that is no zip."""
    if path.suffix.lower() in STREAMS_OF_STILLS:
        return "video"
    try:
        with Image.open(path, formats=STILL) as image:
            if image.format == "GIF":
                return "video"
            moving = image.format in MOVING and getattr(image, "n_frames", 1) > 1
            return "animation" if moving else "picture"
    except UnidentifiedImageError:
        return "video"
    except DAMAGE:
        return "picture"
