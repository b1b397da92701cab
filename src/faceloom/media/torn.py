"""Whether a file was cut off, for kinds of files that do not say how many pictures they have."""

from pathlib import Path

# A transport stream is a row of packets of one of these sizes.
TS_PACKETS = (188, 192, 204)
# FLV is a row of tags (sound, pictures, words), each with this many bytes before its content.
FLV_TAGS = (8, 9, 18)
FLV_HEAD = 11
GIF_ENDS = b";"
FEW = 16  # bytes


def torn(path: Path, container: str) -> bool:
    """Whether the file ends in the middle of something; FFmpeg's name of its kind is known."""
    size = path.stat().st_size
    if container == "mpegts":
        return all(size % packet for packet in TS_PACKETS)
    if container == "gif":
        return not part(path, size - FEW, FEW).rstrip(b"\0").endswith(GIF_ENDS)
    return container == "flv" and not ends_with_a_tag(path, size)


def ends_with_a_tag(path: Path, size: int) -> bool:
    """Whether the last four bytes of an FLV file tell how long the tag before them is."""
    length = int.from_bytes(part(path, size - 4, 4))
    start = size - 4 - length
    if length < FLV_HEAD or start < 0:
        return False
    head = part(path, start, 4)
    return head[0] & 0x1F in FLV_TAGS and int.from_bytes(head[1:]) == length - FLV_HEAD


def part(path: Path, start: int, length: int) -> bytes:
    """Some bytes of a file."""
    with path.open("rb") as file:
        file.seek(max(0, start))
        return file.read(length)
