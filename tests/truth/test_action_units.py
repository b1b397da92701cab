"""Action units of a rendered face that does one thing at a time: those that the network tells."""

from pathlib import Path

import numpy as np
import pytest
import torch

from actors import places, studio, with_renderer
from faceloom.actors import labels
from faceloom.actors.figure import Figure
from faceloom.actors.motion import Moment, bounded, spread
from faceloom.actors.shot import Shot, Take
from faceloom.actors.units import UNITS as EXPRESSIONS
from faceloom.geometry.boxes import enclosing
from faceloom.measures.action_units import UNITS, linear
from faceloom.media import pictures
from faceloom.meshes import Mesher
from faceloom.settings.actors import Actors
from faceloom.stages.actors import Agency, render

TASK = Path(__file__).parents[2] / "resources/weights/face_landmarker.task"
DONE = {  # what is done with full strength, a frame each, and whose intensity has to rise
    "browOuterUp": "AU02 outer brow raiser",
    "browDown": "AU04 brow lowerer",
    "mouthUpperUp": "AU10 upper lip raiser",
    "mouthSmile": "AU12 lip corner puller",
    "mouthFrown": "AU15 lip corner depressor",
    "mouthShrugLower": "AU17 chin raiser",
    "jawOpen": "AU26 jaw drop",
    "eyeBlink": "AU45 blink",
}


class OneByOne:
    """First nothing, then one expression a frame."""

    def at(self, time: float) -> Moment:
        """The moment of a time in seconds."""
        units = dict.fromkeys(EXPRESSIONS, 0.0)
        if number := round(time * 25):
            units |= spread({list(DONE)[number - 1]: 1.0})
        return Moment((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), bounded(units), (0.0, 0.0))


@pytest.mark.truth
@with_renderer
@pytest.mark.skipif(not TASK.exists(), reason="weights are not there")
def test_what_a_face_does_alone_raises_its_own_unit(tmp_path: Path) -> None:
    """Of AU06 and AU09 the network tells next to nothing: see docs/benchmarks.md."""
    given = places()
    agency = Agency(
        studio(), given["sheet"], tmp_path, given["python"], given["descriptor"], picky=False
    )
    shot = Shot(Actors(size=160, samples=2, course="steady", move="still"), 0, 1 + len(DONE))
    shot.script = OneByOne()
    shot.operator.wide = 0.62  # nearer than else
    figure = Figure(studio(), agency.person("s4000p0"), None, "match")
    render(tmp_path, "alone", Take(shot, figure), 0, 1, given["python"])
    points = labels.shot(tmp_path, "alone").points.astype(float)
    shown = [np.asarray(each.image) for each in pictures(tmp_path / "alone.mp4")]
    mesher = Mesher(TASK)
    meshes = np.array(list(mesher.all(zip(shown, map(enclosing, points), strict=True))))
    with torch.inference_mode():
        shares = mesher.file.blendshapes(torch.from_numpy(meshes[..., :2]).float()).numpy()
    rest, *done = shares @ linear().T
    for found, unit in zip(done, DONE.values(), strict=True):
        number = list(UNITS).index(unit)
        assert found[number] - rest[number] > 0.5, unit
