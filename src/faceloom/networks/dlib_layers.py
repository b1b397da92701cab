"""The layers of dlib's networks, each as dlib/dnn/layers.h writes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from faceloom.networks.dlib_stream import Stream

Floats = NDArray[np.float32]

LAYER, FIRST = 2, 3  # the versions of layers, and of the one on the input


@dataclass(frozen=True)
class Convolution:
    """A correlation: weight (outputs, inputs, rows, columns), bias (outputs,)."""

    weight: Floats
    bias: Floats
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True)
class Affine:
    """Every channel times its scale, plus its shift."""

    scale: Floats
    shift: Floats


@dataclass(frozen=True)
class Dense:
    """Inputs times weight (inputs, outputs)."""

    weight: Floats


Layer = Convolution | Affine | Dense | None
"""None where a layer has no weights."""


def folded(convolution: Convolution, affine: Affine) -> Convolution:
    """One convolution that does what both do."""
    scale = affine.scale.astype(np.float64)
    weight = convolution.weight * scale[:, None, None, None]
    bias = convolution.bias * scale + affine.shift
    return replace(convolution, weight=weight.astype(np.float32), bias=bias.astype(np.float32))


def layer(stream: Stream, kind: str) -> Layer:
    """What a layer of that kind is made of."""
    found, weights = KINDS[stream.expected(stream.word(), "layer", *KINDS)]
    stream.expected(found, "layer", kind)
    return weights(stream)


def remains(stream: Stream, version: int) -> None:
    """What training left behind: three flags and three tensors, all empty in a cleaned network."""
    for _ in range(3):
        stream.flag()
    for _ in range(3 if version >= LAYER else 2):
        stream.tensor()
    if version == FIRST:
        stream.whole()  # how many samples a picture becomes


def convolution(stream: Stream) -> Convolution:
    """con_4: filters, then biases."""
    values = stream.tensor()
    stream.whole()  # number of filters
    stream.pair()  # their size
    stride, padding = stream.pair(), stream.pair()
    weight, bias = stream.parts(values, stream.alias(), stream.alias())
    stream.reals(4)  # rates of learning and of decay
    return Convolution(weight, bias.ravel(), stride, padding)


def affine(stream: Stream) -> Affine:
    """affine_: scales, then shifts."""
    values = stream.tensor()
    scale, shift = stream.parts(values, stream.alias(), stream.alias())
    stream.expected(stream.whole(), "mode", 0)  # a scale for each channel
    return Affine(scale.ravel(), shift.ravel())


def batch_norm(stream: Stream) -> Affine:
    """bn_con2, as the affine layer that it is once trained (Ioffe and Szegedy 2015)."""
    values = stream.tensor()
    gamma, beta = stream.parts(values, stream.alias(), stream.alias())
    stream.tensor()  # mean and deviation of the last batch
    stream.tensor()
    mean, variance = stream.tensor().ravel(), stream.tensor().ravel()
    stream.pair()  # number of updates, and over how many they are averaged
    stream.reals(4)  # rates of learning and of decay
    scale = gamma.ravel() / np.sqrt(variance + np.float32(stream.real()))
    return Affine(scale, beta.ravel() - scale * mean)


def dense(stream: Stream) -> Dense:
    """fc_2, without a bias."""
    stream.pair()  # numbers of outputs and of inputs
    values = stream.tensor()
    (weight,) = stream.parts(values, stream.alias())
    stream.alias()  # of the bias
    stream.expected(stream.whole(), "bias", 1)  # none
    stream.reals(4)  # rates of learning and of decay
    return Dense(weight.reshape(weight.shape[0], -1))


def pool(stream: Stream) -> None:
    """max_pool_2 and avg_pool_2: window, stride and padding, which are known."""
    for _ in range(3):
        stream.pair()


def nothing(stream: Stream) -> None:  # noqa: ARG001
    """relu_ and add_prev_ have no more to say."""


KINDS: dict[str, tuple[str, Callable[[Stream], Layer]]] = {
    "con_4": ("con", convolution),
    "affine_": ("affine", affine),
    "bn_con2": ("affine", batch_norm),
    "relu_": ("relu", nothing),
    "max_pool_2": ("max_pool", pool),
    "avg_pool_2": ("avg_pool", pool),
    "add_prev_": ("add_prev", nothing),
    "fc_2": ("fc", dense),
}
