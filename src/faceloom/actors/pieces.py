"""What stands before the camera: meshes with their labels and materials, and how each moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.formats import Mesh, Positions
from faceloom.actors.labels import BACKGROUND

Exchanged = Literal["whole", "none"] | NDArray[np.float64]
CUT = 5.6  # what of the body lies lower is never in the picture


@dataclass(frozen=True)
class Held:
    """How everything is held at an instant.

    Attributes:
        body: (V, 3) the base mesh with this expression, at rest.
        bones: (5, 4, 4) of neck, head and trunk.
        gaze: yaw and pitch of the eyes, in degrees.
        time: seconds since the script began.
    """

    body: Positions
    bones: NDArray[np.float64]
    gaze: tuple[float, float]
    time: float


@dataclass(frozen=True)
class Piece:
    """A mesh, or strands, of one label and one material.

    Attributes:
        name: its own.
        label: of all that shows it.
        material: what Blender is told.
        faces: each face's vertices; for strands none.
        uv: (corners, 2) in the faces' order.
        at: its vertices at an instant; None for what never moves, which has `fixed`.
        exchanged: `whole`, `none`, or how much of each vertex is the donor's.
        arrays: further values of vertices.
        backdrop: whether it neither lights nor shades anything.
    """

    name: str
    label: int
    material: dict[str, Any]
    faces: list[list[int]]
    uv: NDArray[np.float64] | None
    at: Callable[[Held], Positions]
    exchanged: Exchanged = "none"
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    subdivide: int = 0
    backdrop: bool = False
    smooth: bool = True

    def told(self) -> dict[str, Any]:
        """What Blender reads of it besides its arrays."""
        return {
            "name": self.name,
            "label": self.label,
            "material": self.material,
            "subdivide": self.subdivide,
            "backdrop": self.backdrop,
            "smooth": self.smooth,
            "exchanged": self.exchanged if isinstance(self.exchanged, str) else "vertices",
        }

    def stored(self) -> dict[str, NDArray[Any]]:
        """Its arrays by name."""
        arrays = dict(self.arrays)
        if self.faces:
            arrays["sizes"] = np.array([len(face) for face in self.faces], np.int32)
            arrays["faces"] = np.concatenate([np.array(face, np.int32) for face in self.faces])
        if self.uv is not None:
            arrays["uv"] = self.uv.astype(np.float32)
        if not isinstance(self.exchanged, str):
            arrays["exchanged"] = self.exchanged.astype(np.float32)
        return {f"{self.name}.{name}": values for name, values in arrays.items()}


@dataclass(frozen=True)
class Cut:
    """Some faces of a mesh: `used` (N,) says which vertices of the whole are left."""

    used: NDArray[np.int64]
    faces: list[list[int]]
    uv: NDArray[np.float64]


def cut(mesh: Mesh, keep: Callable[[int, list[int]], bool]) -> Cut:
    """The faces that are kept, told by their number and vertices; what is no face is dropped."""
    faces, corners = [], []
    for number, (face, of) in enumerate(zip(mesh.faces, mesh.corners, strict=True)):
        pairs = {vertex: corner for vertex, corner in reversed(list(zip(face, of, strict=True)))}
        once = [vertex for vertex in dict.fromkeys(face)]
        if len(once) > 2 and keep(number, face):
            faces.append(once)
            corners += [pairs[vertex] for vertex in once]
    used = np.unique(np.concatenate([np.array(face) for face in faces]))
    place = {int(vertex): number for number, vertex in enumerate(used)}
    return Cut(used, [[place[v] for v in face] for face in faces], mesh.uv[corners])


def surface(
    colour: tuple[float, float, float] = (1, 1, 1),
    texture: str | None = None,
    roughness: float = 0.6,
    specular: float = 0.3,
    metallic: float = 0.0,
) -> dict[str, Any]:
    """An opaque surface."""
    return shading("surface", colour, texture, roughness, specular) | {"metallic": metallic}


def cards(
    texture: str,
    colour: tuple[float, float, float] = (1, 1, 1),
    roughness: float = 0.55,
    specular: float = 0.22,
    flat: bool = False,
) -> dict[str, Any]:
    """A texture with holes; where flat, of one colour."""
    return shading("cards", colour, texture, roughness, specular) | {"flat": flat}


def shading(
    kind: str,
    colour: tuple[float, float, float],
    texture: str | None,
    roughness: float,
    specular: float,
) -> dict[str, Any]:
    """What every material says."""
    return {
        "kind": kind,
        "colour": list(colour),
        "texture": texture,
        "roughness": roughness,
        "specular": specular,
        "metallic": 0.0,
    }


def backdrop(distance: float, half: float, texture: str, strength: float = 0.75) -> Piece:
    """A picture behind everything, `distance` behind the face, `half` as wide and high."""
    x = np.array([-half, half, half, -half])
    y = np.array([-half, -half, half, half]) + 8.05
    corners = np.stack([x, y, np.full(4, -distance)], -1)
    return Piece(
        name="backdrop",
        label=BACKGROUND,
        material=shading("glow", (1, 1, 1), texture, 1, 0) | {"strength": strength},
        faces=[[0, 1, 2, 3]],
        uv=np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float),
        at=lambda _: corners,
        backdrop=True,
        smooth=False,
    )
