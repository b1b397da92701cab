"""Read and write clips: a video, a folder or zip of pictures, or one picture."""

from faceloom.media.facts import Facts, facts
from faceloom.media.pictures import Moment, Picture
from faceloom.media.reading import Reading, frame_at, pictures, times
from faceloom.media.writing import Film

__all__ = [
    "Facts",
    "Film",
    "Moment",
    "Picture",
    "Reading",
    "facts",
    "frame_at",
    "pictures",
    "times",
]
