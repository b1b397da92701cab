"""What a person does in front of a camera: scripts drawn by a seed, sampled at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from faceloom.actors.units import UNITS

Draws = np.random.Generator
Curve = Callable[[float], float]

# Faces that people make, as expression units at full strength; both sides unless one is named.
FACES: Mapping[str, Mapping[str, float]] = {
    "smile": {"mouthSmile": 0.9, "cheekSquint": 0.6, "eyeSquint": 0.35},
    "laugh": {"mouthSmile": 1.0, "jawOpen": 0.35, "cheekSquint": 0.8, "eyeSquint": 0.5},
    "surprise": {"browInnerUp": 0.9, "browOuterUp": 0.9, "eyeWide": 0.8, "jawOpen": 0.4},
    "anger": {"browDown": 1.0, "noseSneer": 0.5, "mouthPress": 0.6, "eyeSquint": 0.3},
    "disgust": {"noseSneer": 0.9, "browDown": 0.5, "mouthUpperUp": 0.6, "eyeSquint": 0.4},
    "sadness": {"browInnerUp": 0.9, "mouthFrown": 0.8, "mouthShrugLower": 0.4},
    "kiss": {"mouthPucker": 1.0},
    "smirk": {"mouthSmileLeft": 0.7, "mouthDimpleLeft": 0.5, "browOuterUpRight": 0.4},
    "puff": {"cheekPuff": 0.7, "mouthClose": 0.1},
    "doubt": {"browDownLeft": 0.7, "browOuterUpRight": 0.8, "mouthFrown": 0.3},
}
SOUNDS: tuple[Mapping[str, float], ...] = (
    {"jawOpen": 0.42},
    {"jawOpen": 0.28, "mouthStretch": 0.35},
    {"jawOpen": 0.18, "mouthSmile": 0.3, "mouthLowerDown": 0.3},
    {"jawOpen": 0.22, "mouthFunnel": 0.55},
    {"jawOpen": 0.08, "mouthPucker": 0.7},
    {"mouthPress": 0.4, "mouthRollLower": 0.25},
    {"jawOpen": 0.1, "mouthUpperUp": 0.25, "mouthLowerDown": 0.35},
)
LOOK = 30.0  # degrees of gaze at which a unit of looking is at its full
BLINK = 0.11  # seconds that lids take to close, or to open


@dataclass(frozen=True)
class Moment:
    """One instant.

    Attributes:
        pose: yaw, pitch and roll that the head is asked for, in degrees.
        shift: of the whole person, in decimetres.
        units: expression units by their ARKit names, 0..1; what is absent is 0.
        gaze: yaw and pitch of the eyes in the head, in degrees.
    """

    pose: tuple[float, float, float]
    shift: tuple[float, float, float]
    units: dict[str, float]
    gaze: tuple[float, float]


class Script:
    """A person's doings over some seconds, the same for the same draws."""

    def __init__(self, draws: Draws, seconds: float, lively: float = 1.0) -> None:
        """Draw what happens in so many seconds; `lively` scales how far the head turns."""
        self.yaw = wandering(draws, seconds, 30 * lively, 1.1)
        self.pitch = wandering(draws, seconds, 11 * lively, 0.9)
        self.roll = wandering(draws, seconds, 9 * lively, 1.2)
        self.shift = [wandering(draws, seconds, reach, 1.6) for reach in (0.18, 0.06, 0.25)]
        self.eyes = [glancing(draws, seconds, reach) for reach in (14.0, 7.0)]
        self.faces = events(draws, seconds, list(FACES.values()), 1.3, (0.35, 0.9))
        self.sounds = speech(draws, seconds)
        self.blinks = blinking(draws, seconds)

    def at(self, time: float) -> Moment:
        """What is to be seen at a time in seconds."""
        yaw, pitch, roll = self.yaw(time), self.pitch(time), self.roll(time)
        # Eyes stay behind when the head turns, and go back to where they looked.
        across = float(np.clip(self.eyes[0](time) - 0.3 * yaw, -28, 28))
        down = float(np.clip(self.eyes[1](time) - 0.3 * pitch, -16, 16))
        units = dict.fromkeys(UNITS, 0.0)
        for strength, face in (*self.faces(time), *self.sounds(time)):
            for name, weight in spread(face).items():
                units[name] += strength * weight
        for name, weight in looking(across, down).items():
            units[name] += weight
        closed = self.blinks(time)
        for side in ("Left", "Right"):
            units[f"eyeBlink{side}"] = max(units[f"eyeBlink{side}"], closed)
            units[f"eyeSquint{side}"] *= 1 - closed
            units[f"eyeWide{side}"] *= 1 - closed
        shift = tuple(curve(time) for curve in self.shift)
        return Moment(
            (yaw, pitch, roll), (shift[0], shift[1], shift[2]), bounded(units), (across, down)
        )


def bounded(units: dict[str, float]) -> dict[str, float]:
    """Units within what a face can do; jaws further open push the tongue through the chin."""
    cut = {name: float(np.clip(weight, 0, 1)) for name, weight in units.items()}
    cut["jawOpen"] = min(cut["jawOpen"], 0.65)
    cut["mouthClose"] = min(cut["mouthClose"], cut["jawOpen"])
    return {name: weight for name, weight in cut.items() if weight > 1e-4}


def spread(face: Mapping[str, float]) -> dict[str, float]:
    """Units by their full names: what is no unit as it stands is meant for both sides."""
    found: dict[str, float] = {}
    for name, weight in face.items():
        for full in (name,) if name in UNITS else (f"{name}Left", f"{name}Right"):
            found[full] = weight
    return found


def looking(across: float, down: float) -> dict[str, float]:
    """The lids' units for a gaze in degrees; the picture's right is the person's left."""
    left, right = max(across, 0) / LOOK, max(-across, 0) / LOOK
    low, high = max(down, 0) / LOOK, max(-down, 0) / LOOK
    return {
        "eyeLookOutLeft": left,
        "eyeLookInRight": left,
        "eyeLookInLeft": right,
        "eyeLookOutRight": right,
        **{f"eyeLookDown{side}": low for side in ("Left", "Right")},
        **{f"eyeLookUp{side}": high for side in ("Left", "Right")},
    }


def wandering(draws: Draws, seconds: float, reach: float, pause: float) -> Curve:
    """A smooth way between places drawn within ±reach, one about every `pause` seconds."""
    times = [-pause]
    while times[-1] < seconds + 2 * pause:
        times.append(times[-1] + pause * draws.uniform(0.5, 1.5))
    places = reach * np.clip(draws.normal(0, 0.55, len(times)), -1.15, 1.15)
    swing, phase = 0.06 * reach * draws.uniform(0.5, 1), draws.uniform(0, 2 * np.pi)

    def curve(time: float) -> float:
        place = min(max(int(np.searchsorted(times, time)), 1), len(times) - 1)
        share = eased((time - times[place - 1]) / (times[place] - times[place - 1]))
        main = places[place - 1] + share * (places[place] - places[place - 1])
        return float(main + swing * np.sin(5.1 * time + phase))

    return curve


def glancing(draws: Draws, seconds: float, reach: float) -> Curve:
    """Jumps between places, as eyes do: 40 ms each, held for a while."""
    times = [-1.0]
    while times[-1] < seconds + 1:
        times.append(times[-1] + draws.uniform(0.35, 1.6))
    places = reach * np.clip(draws.normal(0, 0.5, len(times)), -1, 1)

    def curve(time: float) -> float:
        place = min(max(int(np.searchsorted(times, time)) - 1, 1), len(times) - 1)
        share = eased((time - times[place]) / 0.04)
        return float(places[place - 1] + share * (places[place] - places[place - 1]))

    return curve


def events(
    draws: Draws,
    seconds: float,
    kinds: list[Mapping[str, float]],
    pause: float,
    lengths: tuple[float, float],
) -> Callable[[float], list[tuple[float, Mapping[str, float]]]]:
    """Kinds of faces that come and go, each with its strength at a time."""
    drawn: list[tuple[float, float, float, Mapping[str, float]]] = []
    time = draws.uniform(-0.5, 0.8)
    while time < seconds:
        length = draws.uniform(*lengths)
        kind = kinds[int(draws.integers(len(kinds)))]
        drawn.append((time, length, draws.uniform(0.4, 1), kind))
        time += length + draws.exponential(pause)

    def strengths(at: float) -> list[tuple[float, Mapping[str, float]]]:
        return [
            (top * eased((at - start) / 0.25) * (1 - eased((at - start - length) / 0.3)), kind)
            for start, length, top, kind in drawn
            if start < at < start + length + 0.3
        ]

    return strengths


def speech(
    draws: Draws, seconds: float
) -> Callable[[float], list[tuple[float, Mapping[str, float]]]]:
    """Sounds one after the other, some four a second, with silences between phrases."""
    drawn: list[tuple[float, float, Mapping[str, float]]] = []
    time, talks = draws.uniform(-0.3, 0.5), bool(draws.random() < 0.75)
    while time < seconds and talks:
        for _ in range(int(draws.integers(3, 12))):
            drawn.append((time, draws.uniform(0.4, 1), SOUNDS[int(draws.integers(len(SOUNDS)))]))
            time += draws.uniform(0.17, 0.32)
        time += draws.exponential(0.6)

    def strengths(at: float) -> list[tuple[float, Mapping[str, float]]]:
        return [
            (top * float(np.exp(-(((at - middle) / 0.11) ** 2))), sound)
            for middle, top, sound in drawn
            if abs(at - middle) < 0.4
        ]

    return strengths


def blinking(draws: Draws, seconds: float) -> Curve:
    """How far lids are closed, 0..1; a blink about every two seconds and a half."""
    times: list[float] = []
    time = float(draws.uniform(0, 2))
    while time < seconds + 1:
        times.append(time)
        time += 0.5 + float(draws.exponential(2))

    def closed(at: float) -> float:
        return min(1.0, 1.25 * max((max(0.0, 1 - abs(at - t) / BLINK) for t in times), default=0))

    return closed


def eased(share: float) -> float:
    """0 to 1 with a soft start and end."""
    inside = min(max(share, 0.0), 1.0)
    return inside * inside * (3 - 2 * inside)
