"""People drawn by a seed: shapes, colours and what they wear; nobody tuned on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from faceloom.actors.motion import Draws
from faceloom.actors.person import OF_PIECES, Beard, Glasses, Hair, Person, Skin

# How far details go, as the standard deviation of their weight; one is cut at two of these.
SPREAD: Mapping[str, float] = {
    "head/head-scale-horiz-incr": 0.15,
    "head/head-scale-vert-incr": 0.15,
    "head/head-fat-incr": 0.25,
    "forehead/forehead-scale-vert-incr": 0.25,
    "forehead/forehead-temple-incr": 0.3,
    "forehead/forehead-nubian-incr": 0.15,
    "eyebrows/eyebrows-trans-up": 0.3,
    "eyebrows/eyebrows-angle-up": 0.3,
    "eyes/lr-eye-scale-incr": 0.22,
    "eyes/lr-eye-trans-out": 0.22,
    "eyes/lr-eye-trans-up": 0.15,
    "eyes/lr-eye-corner1-up": 0.25,
    "eyes/lr-eye-corner2-up": 0.35,
    "eyes/lr-eye-eyefold-up": 0.25,
    "eyes/lr-eye-bag-incr": 0.25,
    "nose/nose-scale-vert-incr": 0.3,
    "nose/nose-scale-horiz-incr": 0.3,
    "nose/nose-scale-depth-incr": 0.3,
    "nose/nose-hump-incr": 0.35,
    "nose/nose-curve-convex": 0.3,
    "nose/nose-point-up": 0.3,
    "nose/nose-point-width-incr": 0.3,
    "nose/nose-width1-incr": 0.3,
    "nose/nose-width3-incr": 0.3,
    "nose/nose-flaring-incr": 0.3,
    "nose/nose-volume-incr": 0.25,
    "mouth/mouth-scale-horiz-incr": 0.3,
    "mouth/mouth-scale-vert-incr": 0.2,
    "mouth/mouth-trans-up": 0.15,
    "mouth/mouth-upperlip-volume-incr": 0.4,
    "mouth/mouth-lowerlip-volume-incr": 0.4,
    "mouth/mouth-cupidsbow-incr": 0.3,
    "mouth/mouth-angles-up": 0.25,
    "cheek/lr-cheek-bones-incr": 0.4,
    "cheek/lr-cheek-volume-incr": 0.35,
    "cheek/lr-cheek-inner-incr": 0.25,
    "chin/chin-width-incr": 0.35,
    "chin/chin-height-incr": 0.3,
    "chin/chin-prominent-incr": 0.35,
    "chin/chin-jaw-drop-incr": 0.3,
    "chin/chin-bones-incr": 0.3,
    "neck/neck-scale-horiz-incr": 0.2,
    "ears/lr-ear-scale-incr": 0.25,
    "ears/lr-ear-wing-incr": 0.25,
}
Ancestry = Literal["african", "asian", "caucasian"]
HEADS = ("oval", "round", "square", "rectangular", "diamond", "triangular", "invertedtriangular")
SKINS: Mapping[str, tuple[str, ...]] = {
    "female": ("young_lightskinned_female_diffuse3",),
    "male": ("young_lightskinned_male_diffuse", "young_lightskinned_male_diffuse3"),
    "dark": ("middleage_darkskinned_male_diffuse",),
}
HAIR_COLOURS = (  # linear light: black, browns, auburn, blonds, grey
    (0.012, 0.010, 0.009),
    (0.030, 0.018, 0.011),
    (0.070, 0.038, 0.020),
    (0.130, 0.045, 0.018),
    (0.250, 0.150, 0.070),
    (0.420, 0.300, 0.160),
    (0.280, 0.270, 0.260),
)
CUTS: Mapping[str, tuple[str, ...]] = {
    "female": ("bob", "long", "waves", "parted", "swept", "short04", "curls"),
    "male": ("crop", "swept", "parted", "buzz", "crop", "short02", "short04", "curls"),
    "curly": ("buzz", "afro", "curls", "buzz", "crop"),
}
EYES = ("brownlight_eye", "green_eye", "blue_eye")
BROWS = ("eyebrow001", "eyebrow008", "eyebrow009", "eyebrow012")
CLOTHES: Mapping[str, tuple[str, ...]] = {
    "female": ("female_elegantsuit01", "male_casualsuit02", "male_casualsuit06"),
    "male": ("male_casualsuit02", "male_casualsuit03", "male_casualsuit06"),
}


def somebody(draws: Draws, glasses: bool = True) -> Person:
    """A person, who may wear glasses; who would is otherwise the same without."""
    gender: Literal["female", "male"] = "female" if draws.random() < 0.5 else "male"
    ancestry = mixture(draws)
    african = ancestry.get("african", 0.0)
    age = float(np.clip(draws.gamma(1.6, 0.13), 0, 0.75))
    colour = haired(draws, age, african, ancestry.get("asian", 0.0))
    return Person(
        gender=gender,
        ancestry=ancestry,
        age=round(age, 3),
        weight=round(float(np.clip(draws.normal(0, 0.35), -0.8, 0.9)), 3),
        muscle=round(float(np.clip(draws.normal(0, 0.3), -0.8, 0.8)), 3),
        details=shape(draws),
        skin=skinned(draws, gender, african, age),
        eyes=eyed(draws, african + ancestry.get("asian", 0.0)),
        brows=pick(draws, BROWS),
        brow_colour=darker(colour, 0.6),
        lashes="eyelashes03" if gender == "female" else "eyelashes01",
        hair=styled(draws, colour, gender, age, african),
        clothes=pick(draws, CLOTHES[gender]),
        clothes_tint=tuple(draws.uniform(0.35, 1.2, 3).round(3).tolist()),
        beard=bearded(draws, colour) if gender == "male" else None,
        glasses=bespectacled(draws) if glasses else None,
    )


def pick(draws: Draws, among: tuple[Any, ...]) -> Any:
    """One of them."""
    return among[int(draws.integers(len(among)))]


def mixture(draws: Draws) -> dict[Ancestry, float]:
    """Shares of ancestry: mostly of one, which is whoever is drawn."""
    names: tuple[Ancestry, ...] = ("african", "asian", "caucasian")
    shares = draws.dirichlet([0.25] * 3).round(2)
    shares[int(np.argmax(shares))] += 1 - shares.sum()
    return {name: round(float(share), 2) for name, share in zip(names, shares, strict=True)}


def shape(draws: Draws) -> dict[str, float]:
    """Details of head and face."""
    details = {
        name: round(float(spread * np.clip(draws.normal(), -2, 2)), 3)
        for name, spread in SPREAD.items()
    }
    details[f"head/head-{pick(draws, HEADS)}"] = round(float(draws.uniform(0.1, 0.7)), 3)
    return details


def skinned(draws: Draws, gender: str, african: float, age: float) -> Skin:
    """A skin whose tone goes with ancestry, and which is nobody else's."""
    dark = african > 0.5
    texture = pick(draws, SKINS["dark" if dark else gender])
    level = draws.uniform(0.75, 1.9) if dark else draws.uniform(0.62, 1.08) - 0.3 * african
    warm, red = draws.normal(0, 0.05), draws.normal(0, 0.03)
    tint = (level * (1 + red + warm / 2), level, level * (1 - warm))
    freckled = draws.random() < (0.05 if dark else 0.25)
    return Skin(
        texture=texture,
        tint=(round(tint[0], 3), round(tint[1], 3), round(tint[2], 3)),
        freckles=round(float(draws.uniform(0.2, 0.9)), 2) if freckled else 0.0,
        blemishes=round(float(np.clip(draws.normal(0.2, 0.2), 0, 1)), 2),
        lips=round(float(draws.uniform(0, 0.8)), 2) if gender == "female" else 0.0,
        wrinkles=round(float(np.clip(0.2 + 1.2 * age + draws.normal(0, 0.1), 0, 1)), 2),
    )


def haired(draws: Draws, age: float, african: float, asian: float) -> tuple[float, float, float]:
    """A colour of hair: dark where ancestors' was, grey with age."""
    if draws.random() < 1.3 * age - 0.2:
        return HAIR_COLOURS[-1]
    fair = 2 if african + asian > 0.5 else len(HAIR_COLOURS) - 1
    base = HAIR_COLOURS[int(draws.integers(fair))]
    level = draws.uniform(0.75, 1.3)
    return (level * base[0], level * base[1], level * base[2])


def darker(colour: tuple[float, float, float], share: float) -> tuple[float, float, float]:
    """A colour with less light."""
    return (share * colour[0], share * colour[1], share * colour[2])


def styled(
    draws: Draws, colour: tuple[float, float, float], gender: str, age: float, african: float
) -> Hair:
    """A haircut; bald men grow older."""
    if gender == "male" and draws.random() < 0.08 + 0.5 * age:
        style = pick(draws, ("receding", "fringe_of_hair", "buzz", None))
    elif african > 0.5:
        style = pick(draws, CUTS["curly"])
    else:
        style = pick(draws, CUTS[gender])
    if style in OF_PIECES:
        red, green, blue = (min(value / OF_PIECES[style], 1.0) for value in colour)
        return Hair(style=style, colour=(red, green, blue))
    return Hair(style=style, colour=colour)


def eyed(draws: Draws, dark: float) -> str:
    """Eyes, mostly brown where ancestors' were."""
    return "brownlight_eye" if draws.random() < 0.9 * dark else str(pick(draws, EYES))


def bearded(draws: Draws, colour: tuple[float, float, float]) -> Beard | None:
    """A beard on some."""
    style = pick(draws, (None, None, "stubble", "moustache", "goatee", "full"))
    length = round(float(draws.uniform(0.04, 0.10)), 3)
    return Beard(style=style, colour=darker(colour, 0.8), length=length) if style else None


def bespectacled(draws: Draws) -> Glasses | None:
    """Glasses on some."""
    style = pick(draws, (None,) * 7 + ("round", "square", "aviator"))
    colour = pick(
        draws, ((0.02, 0.02, 0.02), (0.12, 0.05, 0.02), (0.35, 0.3, 0.2), (0.3, 0.3, 0.32))
    )
    return Glasses(style=style, colour=colour) if style else None
