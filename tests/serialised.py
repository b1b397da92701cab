"""Networks as dlib would write them, with as few and as small weights as a test likes."""

import math
from dataclasses import dataclass, field

import numpy as np

MEANS = (122.5, 117.25, 104.125)


def whole(number: int) -> bytes:
    """A whole number: how many bytes and whether negative, then the bytes."""
    size = abs(number)
    length = max(1, (size.bit_length() + 7) // 8)
    return bytes([length | (0x80 if number < 0 else 0)]) + size.to_bytes(length, "little")


def real(number: float) -> bytes:
    """A float: mantissa and exponent."""
    for exponent, same in {32000: number == math.inf, 32001: number == -math.inf}.items():
        if same:
            return whole(0) + whole(exponent)
    mantissa, exponent = math.frexp(number)
    return whole(int(mantissa * 2**53)) + whole(exponent - 53)


def word(text: str) -> bytes:
    """A text."""
    return whole(len(text)) + text.encode()


def wholes(*numbers: int) -> bytes:
    """Whole numbers."""
    return b"".join(map(whole, numbers))


def reals(*numbers: float) -> bytes:
    """Floats."""
    return b"".join(map(real, numbers))


def tensor(values: np.ndarray) -> bytes:
    """A tensor of four sizes."""
    return wholes(2, *values.shape) + values.astype("<f4").tobytes()


EMPTY = tensor(np.empty((0, 0, 0, 0)))


def flat(*parts: np.ndarray) -> bytes:
    """Several tensors in one."""
    joined = np.concatenate([part.ravel() for part in parts])
    return tensor(joined.reshape(-1, 1, 1, 1))


def alias(*shape: int) -> bytes:
    """The shape of a part of a tensor."""
    return wholes(1, *shape)


@dataclass
class Written:
    """Layers from the input to the output: the bytes of each, and the weights in them."""

    random: np.random.Generator
    channels: int = 3
    layers: list[tuple[int, bytes]] = field(default_factory=list)
    weights: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def draw(self, *shape: int) -> np.ndarray:
        """Weights; the first of a layer's shape is its outputs."""
        size = 1 / math.sqrt(math.prod(shape[1:]) or 1)
        return self.random.normal(0, size, shape).astype(np.float32)

    def add(self, name: str, said: bytes = b"") -> "Written":
        """A layer, with what training left behind."""
        first = not self.layers
        end = whole(1) if first else b""
        version = 3 if first else 2
        self.layers.append((version, word(name) + said + b"110" + EMPTY * 3 + end))
        return self

    def wrap(self, *_: str) -> "Written":
        """A tag or a skip."""
        self.layers.append((1, b""))
        return self

    def con(self, outputs: int, kernel: int, stride: int = 1) -> "Written":
        """A convolution, padded as dlib does."""
        weight, bias = self.draw(outputs, self.channels, kernel, kernel), self.draw(outputs)
        padding = kernel // 2 if stride == 1 else 0
        self.weights.append((weight, bias))
        shape = alias(*weight.shape) + alias(1, outputs, 1, 1)
        sizes = wholes(outputs, kernel, kernel, stride, stride, padding, padding)
        self.channels = outputs
        return self.add("con_4", flat(weight, bias) + sizes + shape + reals(1, 1, 1, 0))

    def affine(self) -> "Written":
        """A scale and a shift for each channel."""
        scale, shift = 1 + self.draw(self.channels), self.draw(self.channels)
        self.weights.append((scale, shift))
        shape = alias(1, self.channels, 1, 1)
        return self.add("affine_", flat(scale, shift) + shape * 2 + whole(0))

    def bn(self) -> "Written":
        """Batch normalisation as it is in training."""
        scale, shift, mean = (self.draw(self.channels) for _ in range(3))
        variance = 0.5 + np.abs(self.draw(self.channels))
        self.weights.append((scale, shift, mean, variance))
        shape = alias(1, self.channels, 1, 1)
        seen = EMPTY * 2 + flat(mean) + flat(variance) + wholes(9, 5)
        said = flat(scale, shift) + shape * 2 + seen + reals(1, 1, 1, 0, 1e-4)
        return self.add("bn_con2", said)

    def pool(self, name: str) -> "Written":
        """Pooling; of what size is known."""
        return self.add(name, wholes(2, 2, 2, 2, 0, 0))

    def fc(self, outputs: int) -> "Written":
        """A dense layer without a bias."""
        weight = self.draw(self.channels, outputs)
        self.weights.append((weight,))
        shape = alias(*weight.shape, 1, 1) + alias(0, 0, 0, 0)
        said = wholes(outputs, self.channels) + flat(weight) + shape + whole(1)
        return self.add("fc_2", said + reals(1, 1, 1, 0))

    def network(self, entry: bytes) -> bytes:
        """All versions from the output to the input, the input, and the layers."""
        versions = wholes(*(version for version, _ in reversed(self.layers)))
        return versions + entry + b"".join(said for _, said in self.layers)


def mmod(width: int = 2, seed: int = 0, window: int = 80) -> tuple[bytes, Written]:
    """The detector with so many filters a layer."""
    written = Written(np.random.default_rng(seed))
    for stride in (2, 2, 2, 1, 1, 1):
        written.con(width, 5, stride).bn().add("relu_")
    written.con(1, 9)
    options = wholes(1, window, window) + reals(1, 1, 0.5, 0.25, 0.75, 0.5, 1)
    entry = word("input_rgb_image_pyramid") + reals(*MEANS)
    return whole(1) + word("loss_mmod_") + options + written.network(entry), written


def resnet(width: int = 1, seed: int = 0) -> tuple[bytes, Written]:
    """The descriptor with so many filters in its first layers, twice as many at each halving."""
    written = Written(np.random.default_rng(seed))
    written.con(width, 7, 2).affine().add("relu_").pool("max_pool_2")
    for times, down in (
        ((1, 0),) * 3
        + ((2, 1),)
        + ((2, 0),) * 3
        + ((4, 1),)
        + ((4, 0),) * 2
        + (
            (8, 1),
            (8, 0),
            (8, 0),
            (8, 1),
        )
    ):
        written.wrap().con(times * width, 3, 1 + down).affine().add("relu_")
        written.con(times * width, 3).affine()
        if down:
            written.wrap().wrap().pool("avg_pool_2")
        written.add("add_prev_").add("relu_")
    written.pool("avg_pool_2").fc(128)
    entry = word("input_rgb_image_sized") + reals(*MEANS) + wholes(150, 150)
    return whole(1) + word("loss_metric_2") + reals(0.04, 0.6) + written.network(entry), written
