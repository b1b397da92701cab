"""A shot: who, where, in which light, seen by which camera; every draw from one seed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.body import angles, held, skinned, turn
from faceloom.actors.camera import LOOKED_AT, Camera, towards
from faceloom.actors.figure import Figure
from faceloom.actors.formats import Positions
from faceloom.actors.labels import FACE, NAMES
from faceloom.actors.light import COURSES, SET_UPS, Lamps, Light
from faceloom.actors.motion import Draws, Moment, Script, wandering
from faceloom.actors.occluders import hand, microphone
from faceloom.actors.paint import creased
from faceloom.actors.pieces import Held, Piece, backdrop
from faceloom.actors.scenery import SCENERY
from faceloom.actors.scenery import backdrop as scenery
from faceloom.rows.acted import UNITS, Acted
from faceloom.settings.actors import Actors

FRAMED = 1.85  # half of what is seen at the face's distance, in decimetres
LANDMARKS = (  # of the base mesh, for the 68 points; found by agreement of dlib over four people
    5760, 5625, 5762, 738, 895, 1001, 3695, 993, 5296, 11898, 11901, 7695, 7691, 7458, 11815,
    7038, 12357, 254, 207, 204, 180, 209, 6984, 6956, 6979, 6982, 7023, 132, 131, 164, 294, 286,
    313, 317, 7076, 7108, 6780, 6757, 1073, 6765, 47, 6776, 6856, 7765, 13353, 7755, 13372, 6831,
    3736, 5351, 456, 466, 7215, 7207, 7182, 7239, 7241, 492, 486, 406, 433, 462, 474, 7221, 7178,
    7242, 493, 517,
)  # fmt: skip
MOVES = ("still", "handheld", "push", "pan")


class Doings(Protocol):
    """What somebody does."""

    def at(self, time: float) -> Moment:
        """At a time in seconds."""


@dataclass(frozen=True)
class Drawn:
    """What the seed decided."""

    scenery: str
    light: str
    course: str
    move: str
    distance: float
    occluder: str


class Shot:
    """Everything but the people: the same for a clip and its twin."""

    def __init__(self, settings: Actors, seed: int, frames: int) -> None:
        """Draw what the settings leave open."""
        self.settings, self.frames = settings, frames
        self.seconds = max(frames * settings.every / settings.rate, 1.0)
        # A stream a subject: that one is settled must not change another.
        streams = np.random.SeedSequence([seed, 5]).spawn(6)
        choose, scene, lamps, camera, script = map(np.random.default_rng, streams[:5])
        occluder = streams[5]
        drawn = Drawn(
            scenery=said(settings.scenery, choose, list(SCENERY)),
            light=said(settings.light, choose, list(SET_UPS)),
            course=said(settings.course, choose, list(COURSES)),
            move=said(settings.move, choose, list(MOVES)),
            distance=settings.distance or float(choose.uniform(8, 25)),
            occluder=said(settings.occluder, choose, ["none", "hand", "microphone"]),
        )
        self.drawn, self.occluder_seed = drawn, occluder
        self.picture = scenery(drawn.scenery, scene)
        self.behind = float(scene.uniform(7, 16))
        self.lamps = Lamps(lamps, drawn.light, drawn.course, self.seconds)  # type: ignore[arg-type]
        self.operator = Operator(camera, drawn, self.seconds)
        self.script: Doings = Script(script, self.seconds, settings.lively)

    def time(self, frame: int) -> float:
        """Seconds since the script's beginning."""
        return frame * self.settings.every / self.settings.rate

    def backdrop(self) -> Piece:
        """The scenery, as wide as any camera's move needs it."""
        wide = FRAMED / self.drawn.distance * (self.drawn.distance + self.behind)
        return backdrop(self.behind, 1.25 * wide + 0.6, "scenery.png")

    def occluders(self, figure: Figure) -> list[Piece]:
        """What passes before the face; the same for a clip and its twin."""
        draws = np.random.default_rng(self.occluder_seed)
        if self.drawn.occluder == "hand":
            return hand(draws, self.seconds, figure.body, figure.host_shape, "skin.png")
        return microphone(draws, self.seconds) if self.drawn.occluder == "microphone" else []


class Operator:
    """Who holds the camera."""

    def __init__(self, draws: Draws, drawn: Drawn, seconds: float) -> None:
        """Draw the move."""
        shaky = 1.0 if drawn.move == "handheld" else 0.0
        self.drawn, self.seconds = drawn, seconds
        self.sway = [wandering(draws, seconds, reach * shaky, 0.7) for reach in (0.14, 0.1, 0.12)]
        self.tilt = wandering(draws, seconds, 1.6 * shaky, 0.9)
        self.aim = [wandering(draws, seconds, 0.1 * shaky, 0.8) for _ in range(2)]
        self.sign = float(draws.choice([-1, 1]))
        self.wide = float(draws.uniform(0.92, 1.12))

    def at(self, time: float) -> Camera:
        """The camera at a time in seconds."""
        share = time / self.seconds - 0.5
        distance, across, wide = self.drawn.distance, 0.0, self.wide
        half = wide * FRAMED / distance
        if self.drawn.move == "push":
            distance *= 1 + 0.16 * self.sign * share
        if self.drawn.move == "pan":
            across = 1.1 * self.sign * share
        x, y, z = (sway(time) for sway in self.sway)
        place = LOOKED_AT + (across * distance / 15 + x, y, distance + z)
        position = (float(place[0]), float(place[1]), float(place[2]))
        aim = LOOKED_AT + (0.5 * across + self.aim[0](time), self.aim[1](time), 0)
        yaw, pitch = towards(position, aim)
        return Camera(position, (yaw, pitch, self.tilt(time)), half)


def said(choice: str, draws: Draws, among: list[str]) -> str:
    """The choice, or one of them if it is open; drawn in either case, so that streams stay."""
    drawn = among[int(draws.integers(len(among)))]
    return drawn if choice == "any" else choice


class Take:
    """A shot with a figure in it: what Blender is given, and what is known of each frame."""

    def __init__(self, shot: Shot, figure: Figure) -> None:
        """Put the figure before the camera."""
        self.shot, self.figure = shot, figure
        self.pieces = [*figure.pieces(), shot.backdrop(), *shot.occluders(figure)]
        self.textures = {**figure.textures, "scenery.png": shot.picture}

    def told(self) -> dict[str, Any]:
        """What Blender is told once."""
        settings = self.shot.settings
        return {
            "size": settings.size,
            "samples": settings.samples,
            "threads": settings.threads,
            "shutter": settings.shutter,
            "labels": len(NAMES),
            "faced": list(FACE),
            "pieces": [piece.told() for piece in self.pieces],
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What does not change from frame to frame."""
        return {name: array for piece in self.pieces for name, array in piece.stored().items()}

    def held(self, time: float) -> Held:
        """How the figure is held at a time in seconds."""
        moment = self.shot.script.at(time)
        bones = held(self.figure.body, self.figure.rest, moment.pose, moment.shift)
        return Held(self.figure.at(moment.units), bones, moment.gaze, time)

    def moves(self, frame: int) -> dict[str, NDArray[Any]]:
        """What Blender is told of a frame."""
        shot, settings = self.shot, self.shot.settings
        time = shot.time(frame)
        span = settings.shutter / settings.rate / 2
        times = (time - span, time + span) if span else (time,)
        holds = [self.held(at) for at in times]
        placed = {
            piece.name: np.stack([piece.at(each) for each in holds]).astype(np.float32)
            for piece in self.pieces
        }
        told = {
            "camera": self.seen_by(time),
            "light": asdict(shot.lamps.at(time)),
            "wrinkles": creased(shot.script.at(time).units, self.figure.face.skin.wrinkles),
        }
        return {**placed, "told": np.array(json.dumps(told))}

    def seen_by(self, time: float) -> dict[str, Any]:
        """The camera, as Blender is told of it."""
        shot = self.shot
        camera = shot.operator.at(time)
        away = float(np.linalg.norm(np.array(camera.position) - LOOKED_AT))
        return {
            "position": list(camera.position),
            "rotation": camera.rotation.tolist(),
            "half": camera.half,
            "aperture": opened(shot.settings.aperture, camera.half),
            "focus": away - 0.6 + shot.settings.focus,
        }

    def row(self, frame: int) -> Acted:
        """What is known of a frame."""
        shot, time = self.shot, self.shot.time(frame)
        moment: Moment = shot.script.at(time)
        light: Light = shot.lamps.at(time)
        camera = shot.operator.at(time)
        now = self.held(time)
        yaw, pitch, roll = angles(camera.from_here(now.bones[3, :3, :3]))
        seen = camera.seen(self.landmarks(now), shot.settings.size)
        return Acted(
            frame=frame,
            yaw=yaw,
            pitch=pitch,
            roll=roll,
            gaze_yaw=moment.gaze[0],
            gaze_pitch=moment.gaze[1],
            landmarks=seen.ravel().tolist(),
            light=shot.drawn.light,
            key=light.key,
            azimuth=light.azimuth,
            **{unit: moment.units.get(unit, 0.0) for unit in UNITS},
        )

    def landmarks(self, now: Held) -> Positions:
        """The 68 points in the world: (68, 3)."""
        chosen = np.array(LANDMARKS)
        return skinned(now.body[chosen], self.figure.body.weights[chosen], now.bones)


def opened(aperture: float, half: float) -> float:
    """An f-number as Cycles counts it: of a lens as long as the sensor's 36 mm make it."""
    return aperture * (36 / (2 * half)) / 50 if aperture else 0.0


__all__ = ["Drawn", "Shot", "Take", "turn"]
