"""tflite: weights come back in the order they are used; anything else is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from faceloom.networks.flatbuffer import Foreign
from faceloom.networks.protobuf import fields
from faceloom.networks.tflite import CONV, DEPTHWISE, DEQUANTIZE, PRELU, taught, weights
from flatmade import network

random = np.random.default_rng(0)
KERNEL = random.random((5, 1, 2, 3), np.float32)  # outputs, rows, columns, inputs
BIAS = random.random(5, np.float32).astype(np.float16)
SLOPES = random.random((1, 1, 5), np.float32)
EACH = random.random((1, 3, 3, 5), np.float32)  # one, rows, columns, channels
PAD = np.array([[0, 1]], np.int32)
# tensors: 0 the picture, then constants, 6 the bias in 32 bits, 7.. what is computed
CONSTANTS = [None, KERNEL, BIAS, SLOPES, EACH, PAD, None, None, None]
OPERATORS = [
    (DEQUANTIZE, [2], [6]),
    (34, [0, 5], [7]),  # a pad: its numbers are no weights
    (DEPTHWISE, [7, 4, -1], [8]),
    (CONV, [8, 1, 6], [7]),
    (PRELU, [7, 3], [8]),
]
LITTLE = network(CONSTANTS, OPERATORS)


def test_weights_are_in_the_order_of_their_use_and_laid_out_as_in_torch() -> None:
    each, kernel, bias, slopes = weights(LITTLE)
    assert np.array_equal(each, EACH[0].transpose(2, 0, 1)[:, None])
    assert np.array_equal(kernel, KERNEL.transpose(0, 3, 1, 2))
    assert np.array_equal(bias, BIAS.astype(np.float32)) and bias.dtype == np.float32
    assert np.array_equal(slopes, SLOPES[0, 0])


@given(st.integers(0, len(LITTLE) - 1))
def test_a_network_cut_short_is_refused_or_has_fewer_weights(length: int) -> None:
    try:
        found = weights(LITTLE[:length])
    except Foreign:
        return
    assert length > 0.9 * len(LITTLE)  # what is left out was no weight
    assert len(found) == 4


@given(st.integers(8, len(LITTLE) - 1), st.integers(0, 255))
def test_a_damaged_network_is_refused_or_read_and_nothing_else(place: int, byte: int) -> None:
    damaged = bytearray(LITTLE)
    damaged[place] = byte
    try:
        found = weights(bytes(damaged))
    except Foreign:
        return
    assert all(each.dtype == np.float32 for each in found)


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Foreign):
        weights(data)


def test_a_network_is_taught_in_order_and_not_to_be_learnt() -> None:
    layers = nn.Sequential(nn.Conv2d(3, 5, (1, 2)), nn.PReLU(5))
    _, *stored = weights(LITTLE)
    taught(layers, stored)
    assert torch.equal(layers[0].weight, torch.from_numpy(KERNEL).permute(0, 3, 1, 2))
    assert not any(each.requires_grad for each in layers.parameters())
    with pytest.raises(Foreign, match="4 weights instead of 3"):
        taught(layers, weights(LITTLE))
    with pytest.raises(Foreign, match="instead of"):
        taught(nn.Sequential(nn.Conv2d(2, 5, (1, 2)), nn.PReLU(5)), stored)


def test_fields_of_a_message_by_hand() -> None:
    # {1: 150, 2: "testing"} as protobuf.dev's "encoding" shows it, then {3: 0.5} as a float
    data = b"\x08\x96\x01\x12\x07testing\x1d\x00\x00\x00\x3f"
    assert list(fields(data)) == [(1, 150), (2, b"testing"), (3, 0.5)]


@pytest.mark.parametrize("data", [b"\x08", b"\x12\x07test", b"\x1d\x00", b"\x0b", b"\xff" * 11])
def test_a_broken_message_is_refused(data: bytes) -> None:
    with pytest.raises(Foreign):
        list(fields(data))
