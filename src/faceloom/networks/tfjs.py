"""The numbers in a model of TensorFlow.js: its model.json, and all shards behind it, in one file.

What is said of them (`weightsManifest`) is read; what the network does with them is written down
in torch.
"""

import json
from json import JSONDecodeError
from math import prod
from typing import Any

import numpy as np

from faceloom.networks.flatbuffer import Foreign, within
from faceloom.networks.stored import Stored

NAMED = 1_000_000  # bytes within which model.json ends


def numbers(data: bytes) -> Stored:
    """All arrays, which are of single precision, by their names.

    Raises:
        Foreign: the bytes are no such file.
    """
    found, place = {}, 0
    told, values = parted(data)
    try:
        for each in (array for group in told["weightsManifest"] for array in group["weights"]):
            if each["dtype"] != "float32" or "quantization" in each:
                raise Foreign(f"{each['name']}: not of single precision")
            size = 4 * prod(each["shape"])
            within(values, place, size)
            array = np.frombuffer(values[place : place + size], "<f4")
            found[str(each["name"])] = array.reshape(each["shape"])
            place += size
    except (KeyError, TypeError):
        raise Foreign("no model of TensorFlow.js") from None
    if place != len(values):
        raise Foreign(f"{len(values) - place} bytes too many")
    return Stored(found)


def parted(data: bytes) -> tuple[Any, bytes]:
    """What model.json says, and the bytes behind it."""
    text = data[:NAMED].decode("latin-1")  # a character a byte, so that its end is found
    try:
        told, end = json.JSONDecoder().raw_decode(text)
    except JSONDecodeError:
        raise Foreign("no model of TensorFlow.js") from None
    return told, data[end:]
