"""dlib's two networks for faces, read from its own files without dlib.

A file says: the loss and its options; the version of every layer from the output to the input; the
input; then from the input to the output what each layer is made of. Versions do not name layers,
so which layers there are is written down here, as dlib's examples define them
(dnn_mmod_face_detection_ex.cpp and dnn_face_recognition_ex.cpp).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from faceloom.errors import FaceloomError
from faceloom.networks.dlib_layers import (
    FIRST,
    LAYER,
    Affine,
    Convolution,
    Dense,
    Layer,
    folded,
    layer,
    remains,
)
from faceloom.networks.dlib_stream import Foreign, Stream

Read = TypeVar("Read")

WRAPPER = 1  # the version of losses, tags and skips

MMOD = ("con", "affine", "relu") * 6 + ("con",)
BLOCK = ("tag", "con", "affine", "relu", "con", "affine")
SAME = (*BLOCK, "add_prev", "relu")
DOWN = (*BLOCK, "tag", "skip", "avg_pool", "add_prev", "relu")
RESNET = (
    *("con", "affine", "relu", "max_pool"),
    *(SAME * 3 + DOWN + SAME * 3 + DOWN + SAME * 2 + DOWN + SAME * 2 + DOWN),
    *("avg_pool", "fc"),
)


@dataclass(frozen=True)
class Network:
    """What the input is like, and the layers from it to the output.

    means: of red, green and blue, taken off before all is divided by 256.
    """

    means: tuple[float, ...]
    layers: tuple[Layer, ...]

    def convolutions(self) -> list[Convolution]:
        """The convolutions, each with the affine layer behind it laid into its weights."""
        following = (*self.layers[1:], None)
        return [
            folded(layer, after) if isinstance(after, Affine) else layer
            for layer, after in zip(self.layers, following, strict=True)
            if isinstance(layer, Convolution)
        ]

    def dense(self) -> Dense:
        """The one dense layer."""
        (layer,) = (layer for layer in self.layers if isinstance(layer, Dense))
        return layer


@dataclass(frozen=True)
class Windows:
    """The face detector: its network, the box that it scores, and which boxes rule out others.

    window: width and height of the box in pixels; overlap: a box is ruled out that shares more
    with a better one, as a share of the box around both; covered: or more of its own area.
    """

    network: Network
    window: tuple[int, int]
    overlap: float
    covered: float


def read_mmod(path: Path) -> Windows:
    """The face detector of mmod_human_face_detector.dat.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    return read(path, "dlib's convolutional face detector", mmod)


def read_resnet(path: Path) -> Network:
    """The descriptor network of dlib_face_recognition_resnet_model_v1.dat.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    return read(path, "dlib's face descriptor", resnet)


def read(path: Path, what: str, parse: Callable[[Stream], Read]) -> Read:
    """The file parsed to its last byte."""
    stream = Stream(path.read_bytes())
    try:
        parsed = parse(stream)
        stream.end()
    except Foreign as reason:
        raise FaceloomError(
            f"{path}: not {what} as dlib writes it ({reason}, at byte {stream.place}); "
            "delete it and fetch it again with faceloom weights"
        ) from None
    return parsed


def mmod(stream: Stream) -> Windows:
    """The detector: loss_mmod_ with one size of window over `MMOD` on a pyramid."""
    stream.version(WRAPPER)
    stream.expected(stream.word(), "loss", "loss_mmod_")
    stream.version(1)  # of the options: a later one has several windows
    window = stream.pair()
    stream.reals(3)  # for training: two losses and when a box is right
    overlap, covered = stream.reals(2)
    stream.reals(2)  # which boxes training ignores
    return Windows(network(stream, MMOD, "input_rgb_image_pyramid"), window, overlap, covered)


def resnet(stream: Stream) -> Network:
    """The descriptor: loss_metric_2 over `RESNET` on pictures of 150x150."""
    stream.version(WRAPPER)
    stream.expected(stream.word(), "loss", "loss_metric_2")
    stream.reals(2)  # for training: a margin and how far apart faces of one person may be
    return network(stream, RESNET, "input_rgb_image_sized")


def network(stream: Stream, kinds: tuple[str, ...], entry: str) -> Network:
    """The layers of those kinds, named from the input to the output."""
    versions = [stream.version(WRAPPER, LAYER, FIRST) for _ in kinds][::-1]
    stream.expected(stream.word(), "input", entry)
    means = stream.reals(3)
    if entry == "input_rgb_image_sized":
        stream.pair()
    return Network(means, tuple(layers(stream, kinds, versions)))


def layers(stream: Stream, kinds: tuple[str, ...], versions: list[int]) -> Iterator[Layer]:
    """Each layer's weights; tags and skips say nothing but their version."""
    for kind, version in zip(kinds, versions, strict=True):
        if kind in ("tag", "skip"):
            stream.expected(version, f"version of a {kind}", WRAPPER)
            yield None
        else:
            yield layer(stream, kind)
            remains(stream, version)
