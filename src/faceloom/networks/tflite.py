"""The numbers that a network in TensorFlow Lite's format was taught (tensorflow/lite/schema).

Only these are read. What the network does with them is written down in torch, one module for each
network; `taught` lays the numbers into it, one after the other in the order they are used.
"""

from collections.abc import Iterator
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from faceloom.networks.flatbuffer import Foreign, Table, chosen, root

Numbers = NDArray[np.float32]

# fields of the schema's tables, by their number
CODES, GRAPHS, BUFFERS = 1, 2, 4  # of a Model
OLD_CODE, CODE = 0, 3  # of an OperatorCode: up to 126, and beyond
TENSORS, OPERATORS = 0, 3  # of a SubGraph
SHAPE, TYPE, BUFFER = 0, 1, 2  # of a Tensor
OPCODE, INPUTS, OUTPUTS = 0, 1, 2  # of an Operator
DATA = 0  # of a Buffer

TYPES = {0: "<f4", 1: "<f2"}  # of the schema's TensorType; others are no weights

CONCATENATION, CONV, DEPTHWISE, DEQUANTIZE, MUL, PRELU = 2, 3, 4, 6, 18, 54  # BuiltinOperator
TAUGHT = {CONCATENATION, CONV, DEPTHWISE, MUL, PRELU}


def weights(data: bytes) -> list[Numbers]:
    """All weights of a network, in the order they are used, laid out as torch has them.

    Raises:
        Foreign: the bytes are no such network.
    """
    model = root(data, b"TFL3")
    codes = [max(code.number(OLD_CODE, "b"), code.number(CODE, "<i")) for code in model.tables(1)]
    graphs = model.tables(GRAPHS)
    if len(graphs) != 1:
        raise Foreign(f"{len(graphs)} networks in one")
    tensors, buffers = graphs[0].tables(TENSORS), model.tables(BUFFERS)
    found: list[Numbers] = []
    widened: dict[int, int] = {}  # what 16 bits became 32: which tensor it was before
    for operator in graphs[0].tables(OPERATORS):
        code = codes[index(operator.number(OPCODE, "<I"), codes)]
        inputs = [widened.get(number, number) for number in operator.numbers(INPUTS).tolist()]
        if code == DEQUANTIZE:
            widened[only(operator.numbers(OUTPUTS).tolist())] = only(inputs)
        elif code in TAUGHT:
            kept = chosen(tensors, np.array([number for number in inputs if number >= 0], int))
            found += [laid_out(each, code) for each in constants(kept, buffers)]
    return found


def only(numbers: list[int]) -> int:
    """The one number there is."""
    if len(numbers) != 1:
        raise Foreign(f"{len(numbers)} tensors where one is widened")
    return numbers[0]


def index(number: int, listed: list[int]) -> int:
    """The number, if something of it is listed."""
    if number >= len(listed):
        raise Foreign(f"no operator {number}")
    return number


def constants(tensors: Iterator[Table], buffers: list[Table]) -> Iterator[Numbers]:
    """Those of the tensors that the file has numbers for."""
    for tensor in tensors:
        kind = TYPES.get(tensor.number(TYPE, "b"))
        (buffer,) = chosen(buffers, np.array([tensor.number(BUFFER, "<I")]))
        if kind and buffer.numbers(DATA, "u1").size:
            shape = tensor.numbers(SHAPE).tolist()
            stored = buffer.numbers(DATA, "u1").tobytes()
            if min(shape, default=0) < 0 or len(stored) != prod(shape) * np.dtype(kind).itemsize:
                raise Foreign("a tensor of another size than its shape")
            yield np.frombuffer(stored, kind).reshape(shape).astype(np.float32)


def laid_out(values: Numbers, code: int) -> Numbers:
    """A convolution's kernel (outputs, rows, columns, inputs) with inputs second; slopes flat."""
    if code in (CONV, DEPTHWISE) and values.ndim == 4:
        return values.transpose(3, 0, 1, 2) if code == DEPTHWISE else values.transpose(0, 3, 1, 2)
    return values.ravel() if code == PRELU else values


def taught(network: nn.Module, stored: list[Numbers]) -> None:
    """Lay weights into a network whose parameters are in the order they are used.

    They are not to be learnt any more.

    Raises:
        Foreign: they are another network's.
    """
    parameters = list(network.parameters())
    if len(parameters) != len(stored):
        raise Foreign(f"{len(stored)} weights instead of {len(parameters)}")
    for parameter, values in zip(parameters, stored, strict=True):
        squeezed = [side for side in values.shape if side != 1]
        if squeezed != [side for side in parameter.shape if side != 1]:
            raise Foreign(f"weights of {values.shape} instead of {tuple(parameter.shape)}")
        laid = torch.from_numpy(values.reshape(parameter.shape).copy())
        # as CPUs are fast at
        flat = laid.ndim != 4
        parameter.data = laid if flat else laid.contiguous(memory_format=torch.channels_last)
    network.eval().requires_grad_(False)
