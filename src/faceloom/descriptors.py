"""dlib's face descriptor: 128 numbers that are near each other for pictures of one person.

King 2017, "High quality face recognition with deep metric learning" (blog.dlib.net). The network
looks at a chip: the face upright on 150x150 pixels. dlib cuts it by landmarks in whole pixels, and
bilinearly; here they stay as they are, and pixels are cubic. On the demo's clips that moves a
descriptor by .03 (at most .04; cutting from a crop instead of the frame: .01), where two faces of
one person are .3 apart and those of two persons .7.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry import similarity
from faceloom.geometry.arrays import Matrix, Points
from faceloom.networks.dlib_resnet import BATCH, SIZE, Descriptors
from faceloom.pixels.warps import cut
from faceloom.training.precision import fastest, keep_allocator

PADDING = 0.25

Image = NDArray[np.uint8]
Descriptor = NDArray[np.float64]

# The landmarks that dlib lays a chip by, and where they lie on a chip of size 1 without padding;
# measured on dlib 20 itself (get_face_chip_details of faces with one point far from the others).
PLACES = {
    27: (0.490127, 0.203352),
    28: (0.490127, 0.307009),
    29: (0.490127, 0.409805),
    30: (0.490127, 0.515625),
    31: (0.366880, 0.587326),
    32: (0.426036, 0.609345),
    33: (0.490127, 0.628106),
    34: (0.554217, 0.609345),
    35: (0.613373, 0.587326),
    36: (0.121737, 0.216423),
    37: (0.187122, 0.178758),
    38: (0.265825, 0.179852),
    39: (0.334606, 0.231733),
    40: (0.260918, 0.245099),
    41: (0.182743, 0.244077),
    42: (0.645647, 0.231733),
    43: (0.714428, 0.179852),
    44: (0.793132, 0.178758),
    45: (0.858516, 0.216423),
    46: (0.797510, 0.244077),
    47: (0.719335, 0.245099),
    48: (0.254149, 0.780233),
    49: (0.340985, 0.745405),
    50: (0.428858, 0.727388),
    51: (0.490127, 0.742578),
    52: (0.551395, 0.727388),
    53: (0.639268, 0.745405),
    54: (0.726104, 0.780233),
    60: (0.290379, 0.784792),
    61: (0.428096, 0.778746),
    62: (0.490127, 0.785343),
    63: (0.552157, 0.778746),
    64: (0.689874, 0.784792),
}
_LAID = list(PLACES)
_ON_CHIP = (np.array(list(PLACES.values())) + PADDING) / (1 + 2 * PADDING) * SIZE - 0.5


def chip_matrix(landmarks: Points) -> Matrix:
    """The (2, 3) map from the picture of these landmarks (68, 2) to dlib's chip.

    As dlib does, the similarity is the one that fits best in the picture, not on the chip.
    """
    return similarity.inverse(similarity.umeyama(_ON_CHIP, landmarks[_LAID]))


def chip(image: Image, landmarks: Points) -> Image:
    """The face with these landmarks (68, 2) in an image (H, W, 3), as the network sees it."""
    return cut(image, chip_matrix(landmarks), SIZE)


class Describer:
    """The network, its weights loaded: ours, whose numbers are dlib's."""

    def __init__(self, weights: Path) -> None:
        """Load dlib_face_recognition_resnet_model_v1.dat."""
        keep_allocator()
        self.described = Descriptors(weights, device=fastest())

    def __call__(self, image: Image, landmarks: Points) -> Descriptor:
        """The descriptor (128,) of the face with these landmarks (68, 2) in an image (H, W, 3)."""
        return next(self.all([(image, landmarks)]))

    def all(self, faces: Iterable[tuple[Image, Points]]) -> Iterator[Descriptor]:
        """The descriptor of each of many faces, several at a time: twice as fast as one by one."""
        chips = (chip(image, landmarks) for image, landmarks in faces)
        while batch := list(islice(chips, BATCH)):
            yield from self.described(np.stack(batch))
