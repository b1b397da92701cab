"""PRNet's surface: places of the skin on a map of 256x256, as Feng et al. 2018 lay it out."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..errors import FaceloomError
from ..geometry.arrays import Matrix, Points
from ..geometry.boxes import centre, enclosing
from ..networks.prnet import SIZE, read_prnet
from ..networks.vgg import frozen
from ..training.precision import fastest
from .fitted import Flat, Seen
from .tddfa import EYES, MOUTH, seen, square, to_frame

EVERY = 2  # so manieth row and column of the map is a row and column of the mesh
WIDE = 1.6  # the picture's side, in mean sides of the landmarks' box (the seed's own api.py)
FINER = 4.0


class Prnet:
    """A fitter. It is always sure: it does not tell whether there is a face."""

    def __init__(self, weights: tuple[Path, ...]) -> None:
        """Load the network, face_ind.txt (the face's places) and uv_kpt_ind.txt (landmarks)."""
        self.device = fastest()
        self.network = frozen(read_prnet(weights[0]), self.device)
        there, landmarks = numbers(weights[1]), numbers(weights[2])
        if len(landmarks) != 2 * 68 or not len(there):
            raise FaceloomError(f"{weights[2]}: not the places of 68 landmarks; is it PRNet's?")
        mesh = gridded(there)
        self.places = torch.from_numpy(mesh.places).to(self.device)
        nearest = mesh.nearest(landmarks.reshape(2, 68))
        self.flat = Flat(mesh.triangles, mesh.uv, nearest[EYES], nearest[MOUTH], finer=FINER)

    @torch.inference_mode()
    def found(self, faces: list[Seen]) -> tuple[Tensor, list[float]]:
        """Meshes (B, V, 3), all of them sure."""
        matrices = [framed(points) for _, points in faces]
        pictures = seen(faces, matrices, SIZE).to(self.device)
        maps = self.network(pictures).flatten(2)[:, :, self.places]
        away = maps.permute(0, 2, 1) * maps.new_tensor([1, 1, -1])
        return to_frame(away, matrices), [1.0] * len(faces)


class Grid:
    """A mesh over some places of the map.

    places: int64 (V,), row times 256 plus column of each vertex; triangles: int64 (F, 3); uv:
    float32 (V, 2).
    """

    def __init__(self, places: NDArray[np.int64], triangles: NDArray[np.int64]) -> None:
        """Of these."""
        self.places, self.triangles = places, triangles
        rows, columns = np.divmod(places, SIZE)
        self.uv = (np.column_stack([columns, rows]).astype(np.float32) + 0.5) / SIZE

    def nearest(self, marks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The vertices nearest to columns and rows (2, N)."""
        wanted = (marks.T[:, None] + 0.5) / SIZE
        away = np.square(self.uv - wanted).sum(axis=2)
        return np.asarray(away.argmin(axis=1), np.int64)


def gridded(there: NDArray[np.int64]) -> Grid:
    """The mesh over those places of the map that are the face's: two triangles a square."""
    held = np.zeros(SIZE * SIZE, bool)
    held[there] = True
    kept = held.reshape(SIZE, SIZE)[::EVERY, ::EVERY]
    vertex = np.full(kept.shape, -1)
    vertex[kept] = np.arange(kept.sum())
    one, two = vertex[:-1, :-1], vertex[:-1, 1:]
    three, four = vertex[1:, :-1], vertex[1:, 1:]
    both = [np.stack([one, three, two], -1), np.stack([two, three, four], -1)]
    triangles = np.concatenate([each.reshape(-1, 3) for each in both])
    triangles = triangles[(triangles >= 0).all(axis=1)]
    rows, columns = np.nonzero(kept)
    return Grid((rows * SIZE + columns) * EVERY, triangles)


def framed(points: Points) -> Matrix:
    """The matrix (2, 3) of what the network sees, by 68 landmarks."""
    box = enclosing(points)
    return square(centre(box), float((box[2:] - box[:2]).mean()) * WIDE, SIZE)


def numbers(path: Path) -> NDArray[np.int64]:
    """The whole numbers of a text; FaceloomError where it has others."""
    try:
        return np.loadtxt(path).astype(np.int64).ravel()
    except ValueError as reason:
        raise FaceloomError(f"{path}: not numbers alone ({reason}); is it PRNet's?") from None
