"""Google's face_landmarker.task: three networks and a mesh in a zip, read without its software."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from faceloom.errors import FaceloomError
from faceloom.networks.blazeface import BlazeFace
from faceloom.networks.blendshapes import Blendshapes
from faceloom.networks.face_mesh import FaceMesh
from faceloom.networks.flatbuffer import Foreign
from faceloom.networks.protobuf import Value, fields
from faceloom.networks.tflite import taught, weights

DETECTOR = "face_detector.tflite"
LANDMARKS = "face_landmarks_detector.tflite"
BLENDSHAPES = "face_blendshapes.tflite"
GEOMETRY = "geometry_pipeline_metadata_landmarks.binarypb"

MESH, STEADY = 1, 2  # fields of the geometry's metadata
VERTICES, INDICES = 3, 4  # fields of a mesh
VERTEX, WEIGHT = 1, 2  # fields of a steady vertex

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class CanonicalMesh:
    """The mean face as a mesh; the first 468 points of `FaceMesh` are its vertices.

    points: (468, 3) in cm; x to the picture's right, y up, z towards the camera; uv: (468, 2),
    where a vertex lies on a flat face, in [0, 1]; triangles: (898, 3) numbers of vertices; steady:
    (468,) how much a vertex counts for where the head is, 0 for most.
    """

    points: NDArray[np.float64]
    uv: NDArray[np.float64]
    triangles: NDArray[np.int64]
    steady: NDArray[np.float64]


@dataclass(frozen=True)
class FaceLandmarker:
    """What is in the file, each part read when it is asked for."""

    path: Path

    @cached_property
    def detector(self) -> BlazeFace:
        """Where faces are in a picture."""
        return self.network(DETECTOR, BlazeFace)

    @cached_property
    def landmarks(self) -> FaceMesh:
        """478 points of a face."""
        return self.network(LANDMARKS, FaceMesh)

    @cached_property
    def blendshapes(self) -> Blendshapes:
        """52 expressions of such points."""
        return self.network(BLENDSHAPES, Blendshapes)

    @cached_property
    def canonical(self) -> CanonicalMesh:
        """The mean face."""
        try:
            return mesh(self.member(GEOMETRY))
        except Foreign as reason:
            raise self.refused(f"{GEOMETRY}: {reason}") from None

    def network(self, name: str, untaught: Callable[[], Network]) -> Network:
        """The network, with the weights of that member; gradients may flow through it.

        Raises:
            FaceloomError: the file is another, or damaged.
        """
        with torch.inference_mode(False):
            network = untaught()
            try:
                taught(network, weights(self.member(name)))
            except Foreign as reason:
                raise self.refused(f"{name}: {reason}") from None
        return network

    def member(self, name: str) -> bytes:
        """A file of the zip; FaceloomError where it cannot be had."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(name)
        except (zipfile.BadZipFile, KeyError) as reason:
            raise self.refused(str(reason.args[0])) from None

    def refused(self, reason: str) -> FaceloomError:
        """What to say of a file that is another, or damaged."""
        return FaceloomError(
            f"{self.path}: not Google's face_landmarker.task ({reason}); "
            "delete it and fetch it again with faceloom weights"
        )


def mesh(data: bytes) -> CanonicalMesh:
    """The mean face of the geometry's metadata; Foreign where it is not there."""
    said = list(fields(data))
    vertices, indices = [], []
    for field, value in fields(message([value for field, value in said if field == MESH])):
        if field == VERTICES:
            vertices.append(value)
        elif field == INDICES:
            indices.append(value)
    if len(vertices) != 468 * 5 or len(indices) != 898 * 3:
        raise Foreign(f"a mesh of {len(vertices)} and {len(indices)} numbers")
    points = np.array(vertices, np.float64).reshape(468, 5)
    steady = np.zeros(468)
    for field, value in said:
        if field == STEADY:
            told = dict(fields(message([value])))
            steady[int(told.get(VERTEX, 0))] = told.get(WEIGHT, 0)
    return CanonicalMesh(
        points[:, :3], points[:, 3:], np.array(indices, np.int64).reshape(898, 3), steady
    )


def message(values: list[Value]) -> bytes:
    """The bytes of a field that is there just once."""
    if len(values) != 1 or not isinstance(values[0], bytes):
        raise Foreign("no such message")
    return values[0]
