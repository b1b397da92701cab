"""What is on a skin besides its texture: roots of hair, freckles, redness of lips, wrinkles."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.actors.formats import Positions
from faceloom.actors.person import Person
from faceloom.actors.skin import SIDE, Texture
from faceloom.actors.strands import STYLES, bearded, scalp

MOUTH = (0.0, 7.535)  # the middle of the closed lips on the base mesh, and their half extents:
LIPS = (0.265, 0.105)


def painted(light: Texture, person: Person, places: Texture) -> Texture:
    """A skin (SIDE, SIDE, 3) in linear light with a person's patterns.

    `places` (S, S, 3) says where on the base mesh each pixel lies, 0 where there is no skin.
    """
    draws = np.random.default_rng([int(1e6 * value) for value in person.skin.tint])
    made = light.copy()
    made *= mottled(person.skin.blemishes, draws)
    made *= reddened(person.skin.lips, places)
    if person.skin.freckles:
        made *= freckled(person.skin.freckles, places, draws)
    for shade, colour in hairy(person, places, draws):
        made += shade[..., None] * (np.array(colour, np.float32) - made)
    return np.clip(made, 0, 1).astype(np.float32)


def over(places: Texture, density: NDArray[np.float64]) -> Texture:
    """A density of each of the places (flat), as a texture of the full side."""
    flat = density.reshape(places.shape[:2]).astype(np.float32)
    flat[places[..., 1] < 1] = 0
    return np.asarray(cv2.resize(flat, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)


def flat(places: Texture) -> Positions:
    """The places one by one: (S * S, 3)."""
    return places.reshape(-1, 3).astype(np.float64)


def hairy(
    person: Person, places: Texture, draws: np.random.Generator
) -> list[tuple[Texture, tuple[float, float, float]]]:
    """How much skin shows the roots of hair and beard, so that none shines through bald."""
    made = []
    speckle = np.clip(draws.normal(0.85, 0.12, (SIDE, SIDE)), 0, 1).astype(np.float32)
    style = person.hair.style
    if style is not None:
        told = STYLES.get(style)
        dense = (
            scalp(told.back, told.top)(flat(places)) if told else scalp(0.06, True)(flat(places))
        )
        shade = cv2.GaussianBlur(over(places, dense), (0, 0), 3)
        made.append((0.8 * np.asarray(shade, np.float32) * speckle, person.roots()))
    if person.beard:
        shade = cv2.GaussianBlur(over(places, bearded(person.beard.style)(flat(places))), (0, 0), 5)
        strength = 0.22 if person.beard.style == "stubble" else 0.3
        made.append((strength * np.asarray(shade, np.float32) * speckle, person.beard.colour))
    return made


def mottled(strength: float, draws: np.random.Generator) -> Texture:
    """Skin is nowhere of one colour: soft redness, coarse and fine."""
    red = np.zeros((SIDE, SIDE), np.float32)
    for cells, share in ((14, 0.5), (40, 0.35), (130, 0.25)):
        coarse = draws.normal(0, share, (cells, cells)).astype(np.float32)
        red += cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    gains: Texture = 1 + strength * red[..., None] * np.array([0.05, -0.07, -0.06], np.float32)
    return gains


def reddened(strength: float, places: Texture) -> Texture:
    """Lips redder than they are."""
    x, y = (places[..., axis] - middle for axis, middle in enumerate(MOUTH))
    inside = np.clip((1.1 - np.hypot(x / LIPS[0], y / LIPS[1])) / 0.3, 0, 1)
    inside = np.where((places[..., 2] > 1.2), inside, 0).astype(np.float32)
    shade = cv2.resize(inside, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    gains: Texture = 1 - strength * np.asarray(shade)[..., None] * np.array([0.12, 0.5, 0.42])
    return gains.astype(np.float32)


def freckled(strength: float, places: Texture, draws: np.random.Generator) -> Texture:
    """Freckles on nose and cheeks."""
    x, y, z = (places[..., axis] for axis in range(3))
    dense = np.exp(-(((y - 7.98) / 0.28) ** 2) - (x / 0.55) ** 2) * (z > 0.9)
    chance = dense.ravel() / dense.sum()
    count = round(900 * strength)
    scale = SIDE / places.shape[0]
    spots = np.zeros((SIDE, SIDE), np.float32)
    for place in draws.choice(chance.size, count, p=chance):
        row, column = divmod(int(place), places.shape[1])
        middle = (scale * (np.array([column, row]) + draws.random(2)) * 16).astype(int)
        size = int(16 * draws.uniform(0.7, 2.0))
        cv2.circle(spots, middle.tolist(), size, float(draws.uniform(0.3, 1)), -1, cv2.LINE_AA, 4)
    soft = np.asarray(cv2.GaussianBlur(spots, (0, 0), 0.8), np.float32)
    gains: Texture = 1 - 0.6 * strength * soft[..., None] * np.array([0.45, 0.68, 0.8], np.float32)
    return gains


def wrinkles(places: Texture) -> NDArray[np.uint8]:
    """Relief of wrinkles: red on the forehead, green at the eyes, blue beside nose and mouth.

    (SIDE, SIDE, 3) RGB uint8; bright is up, and 0 is flat. How deep each is says the frame.
    """
    x, y, z = (np.asarray(cv2.resize(places[..., k], (SIDE, SIDE))) for k in range(3))
    front = z > 0.6
    brow = np.exp(-((x / 0.42) ** 4) - ((y - 8.68) / 0.16) ** 4)
    lines = (0.5 + 0.5 * np.cos(2 * np.pi * (y + 0.02 * np.cos(5 * x)) / 0.082)) ** 3
    outwards = np.hypot(np.abs(x) - 0.44, y - 8.21)
    turn = np.arctan2(y - 8.21, np.abs(x) - 0.44)
    feet = np.exp(-(((outwards - 0.13) / 0.06) ** 2)) * (np.abs(turn) < 0.9)
    rays = (0.5 + 0.5 * np.cos(2 * np.pi * turn / 0.42)) ** 3
    fold = np.interp(y, [7.45, 7.6, 7.75, 7.85], [0.36, 0.345, 0.27, 0.19])
    beside = np.exp(-(((np.abs(x) - fold) / 0.018) ** 2)) * np.clip((y - 7.42) / 0.06, 0, 1)
    beside = beside * np.clip((7.87 - y) / 0.06, 0, 1)
    planes = [brow * lines, feet * rays, beside]
    made = np.stack([plane * front for plane in planes], -1)
    picture: NDArray[np.uint8] = np.rint(255 * np.clip(made, 0, 1)).astype(np.uint8)
    return picture


def creased(units: dict[str, float], own: float) -> list[float]:
    """How deep the three kinds of wrinkles are in a frame; `own` is what age gives, 0..1."""
    raised = max(units.get(f"brow{part}", 0) for part in ("InnerUp", "OuterUpLeft", "OuterUpRight"))
    narrowed = max(
        units.get(f"{kind}{side}", 0)
        for kind in ("cheekSquint", "eyeSquint", "mouthSmile")
        for side in ("Left", "Right")
    )
    pulled = max(
        units.get(f"{kind}{side}", 0)
        for kind in ("mouthSmile", "noseSneer", "mouthUpperUp")
        for side in ("Left", "Right")
    )
    base = 0.35 * own
    return [base + (0.4 + 0.6 * own) * share for share in (raised, narrowed, pulled)]
