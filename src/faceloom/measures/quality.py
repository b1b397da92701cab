"""What a picture is worth: how sharp it is, how bright, and how much of it is clipped."""

from collections.abc import Callable, Iterable, Iterator

from faceloom.images import decode, to_mask
from faceloom.pixels.sharpness import exposure, sobel
from faceloom.rows.faces import Face


def make() -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face three numbers about its crop, inside the mask.

    Root of the mean squared Sobel gradient of luma, mean luma (both in grey levels), and the share
    of pixels as good as black or white. All are nan where the mask is empty.
    """

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        for face in faces:
            image, mask = decode(face.image), to_mask(decode(face.mask))
            yield [sobel(image, mask), *exposure(image, mask)]

    return values
