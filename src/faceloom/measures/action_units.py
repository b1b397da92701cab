"""What a face does, as FACEGAN is driven by it (Tripathy et al. 2021, arXiv 2011.04439).

17 action units as OpenFace has them, 0 to 5, and the three angles of the head. No network for
action units is to be had on free terms: each unit is a weighted sum of those of ARKit's expressions
that are named for the same movement. The weights are ours, fixed, and fitted to nothing. Not all
units are told alike: docs/benchmarks.md has each against rendered people, and AU06 and AU09 hardly
are. A person's calm face is not taken off.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.geometry.pose import euler
from faceloom.meshes import Mesher
from faceloom.networks.blendshape_names import NAMES
from faceloom.rows.faces import Face

STRONGEST = 5.0  # of an action unit; an expression's share is at most 1

# A name without a side is the mean of its left and right. Google's network finds next to no
# cheekSquint in anybody, so what a raised cheek does to the eye and the mouth counts too.
UNITS: dict[str, dict[str, float]] = {
    "AU01 inner brow raiser": {"browInnerUp": 1},
    "AU02 outer brow raiser": {"browOuterUp": 1},
    "AU04 brow lowerer": {"browDown": 1},
    "AU05 upper lid raiser": {"eyeWide": 1},
    "AU06 cheek raiser": {"cheekSquint": 0.4, "eyeSquint": 0.3, "mouthSmile": 0.3},
    "AU07 lid tightener": {"eyeSquint": 1},
    "AU09 nose wrinkler": {"noseSneer": 1},
    "AU10 upper lip raiser": {"mouthUpperUp": 1},
    "AU12 lip corner puller": {"mouthSmile": 1},
    "AU14 dimpler": {"mouthDimple": 1},
    "AU15 lip corner depressor": {"mouthFrown": 1},
    "AU17 chin raiser": {"mouthShrugLower": 1},
    "AU20 lip stretcher": {"mouthStretch": 1},
    "AU23 lip tightener": {"mouthPress": 0.5, "mouthRollLower": 0.25, "mouthRollUpper": 0.25},
    "AU25 lips part": {"jawOpen": 0.5, "mouthLowerDown": 0.25, "mouthUpperUp": 0.25},
    "AU26 jaw drop": {"jawOpen": 1},
    "AU45 blink": {"eyeBlink": 1},
}


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 17 intensities in the order of `UNITS`, then yaw, pitch and roll.

    Args:
        weights: face_landmarker.task.
    """
    mesher = Mesher(weights[0])
    network = mesher.file.blendshapes.to(mesher.device)
    units = linear()

    @torch.inference_mode()
    def intensities(mesh: NDArray[np.float64]) -> NDArray[np.float64]:
        points = torch.from_numpy(mesh[None, :, :2]).float().to(mesher.device)
        found: NDArray[np.float64] = units @ network(points)[0].cpu().numpy().astype(float)
        return found

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        for face, mesh in mesher.of_crops(faces):
            angles = euler(mesher.turn(mesh, (face.width, face.height)))
            yield [*intensities(mesh).tolist(), *angles.tolist()]

    return values


def linear() -> NDArray[np.float64]:
    """The map (17, 52) from shares of expressions to intensities."""
    rows = np.zeros((len(UNITS), len(NAMES)))
    for row, expressions in zip(rows, UNITS.values(), strict=True):
        for name, weight in expressions.items():
            sides = [each for each in (name, f"{name}Left", f"{name}Right") if each in NAMES]
            for each in sides:
                row[NAMES.index(each)] += STRONGEST * weight / len(sides)
    return rows
