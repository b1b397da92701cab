"""How many pictures a clip has, without decoding any."""

from contextlib import suppress
from pathlib import Path

import av

from faceloom.media import decoding, stills
from faceloom.media.kinds import kind


def counted(path: Path) -> int:
    """The pictures that a clip holds by its packets or files; damage is not seen.

    Raises:
        FaceloomError: if it cannot be read at all.
    """
    match kind(path):
        case "video":
            return packets(path)
        case "folder":
            return len(stills.in_folder(path))
        case "zip":
            return len(stills.in_zip(path))
        case "picture" | "animation":
            return 1


def packets(path: Path) -> int:
    """The packets of a video that hold something to be shown."""
    count = 0
    with decoding.opened(path) as container, suppress(av.FFmpegError):
        stream = decoding.pictured(container, path)
        decoding.alone(container, stream)
        for packet in container.demux(stream):
            count += packet.size > 0 and not packet.is_discard
    return count
