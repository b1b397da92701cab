"""Who somebody is: what a cast sheet says of a person."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from faceloom.settings.forms import Settings

Share = Annotated[float, Field(ge=0, le=1)]
Colour = tuple[Share, Share, Share]
"""Linear RGB."""

OF_PIECES = {"short02": 0.06, "short04": 0.08}  # mean linear light of hair in the archive
OPPOSITES = {
    "incr": "decr",
    "up": "down",
    "out": "in",
    "forward": "backward",
    "convex": "concave",
}


class Beard(Settings):
    """Hair on cheeks, lip and chin."""

    style: Literal["stubble", "moustache", "goatee", "full"] = "stubble"
    colour: Colour = (0.03, 0.02, 0.012)
    length: float = Field(0.06, gt=0, le=1)
    """Decimetres."""


class Glasses(Settings):
    """Frames on the nose."""

    style: Literal["round", "square", "aviator"] = "round"
    colour: Colour = (0.02, 0.02, 0.02)
    thickness: float = Field(0.03, gt=0, le=0.2)
    """Of the rims, in decimetres."""


class Hair(Settings):
    """What grows on the head."""

    style: str | None = None
    """A piece of the archive's, a style of strands, or none."""
    colour: Colour = (1.0, 1.0, 1.0)
    """By which a piece's own colour is multiplied; of strands the colour itself."""
    scale: float = Field(1.025, gt=0.5, lt=2)
    """How far it is pushed out from the skull, so that no scalp shows."""


class Skin(Settings):
    """Colour and pattern of the skin."""

    texture: str = "young_lightskinned_male_diffuse"
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """By which the texture is multiplied, in linear light."""
    freckles: Share = 0.0
    blemishes: Share = 0.0
    lips: Share = 0.0
    """How much redder than they are."""
    wrinkles: Share = 0.3


class Person(Settings):
    """Somebody of the cast.

    Targets are MakeHuman's by their names, as `nose/nose-scale-horiz-incr`; a weight below 0 means
    its opposite; `l-` and `r-` in one are said as `lr-`.
    """

    gender: Literal["female", "male"] = "male"
    ancestry: dict[Literal["african", "asian", "caucasian"], Share] = {"caucasian": 1.0}
    age: Share = 0.0
    """0 is twenty-five, 1 is ninety."""
    weight: float = Field(0.0, ge=-1, le=1)
    muscle: float = Field(0.0, ge=-1, le=1)
    details: dict[str, float] = {}
    skin: Skin = Skin()
    eyes: str = "brownlight_eye"
    brows: str = "eyebrow001"
    brow_colour: Colour = (0.05, 0.03, 0.02)
    lashes: str = "eyelashes01"
    hair: Hair = Hair()
    clothes: str = "male_casualsuit02"
    clothes_tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    beard: Beard | None = None
    glasses: Glasses | None = None

    @model_validator(mode="after")
    def _whole(self) -> Person:
        if abs(sum(self.ancestry.values()) - 1) > 1e-6:
            raise ValueError("the shares of ancestry make 1 in all")
        return self

    def targets(self) -> dict[str, float]:
        """Targets by name with their weights, macros and details alike."""
        found: dict[str, float] = {}
        for age, by_age in (("young", 1 - self.age), ("old", self.age)):
            for ancestry, share in self.ancestry.items():
                name = f"macrodetails/{ancestry}-{self.gender}-{age}"
                found[name] = share * by_age
            for build, by_build in self.builds().items():
                name = f"macrodetails/universal-{self.gender}-{age}-{build}"
                found[name] = by_age * by_build
        for said, weight in self.details.items():
            for name in sides(opposite(said) if weight < 0 else said):
                found[name] = found.get(name, 0) + abs(weight)
        return found

    def roots(self) -> Colour:
        """The colour of the hair's roots: of a piece from the archive about its texture's."""
        if self.hair.style in OF_PIECES:
            own = OF_PIECES[self.hair.style]
            red, green, blue = self.hair.colour
            return (own * red, own * green, own * blue)
        return self.hair.colour

    def builds(self) -> dict[str, float]:
        """Muscle and weight, each between average and its least or most."""
        return {
            f"{muscle}muscle-{weight}weight": by_muscle * by_weight
            for muscle, by_muscle in between(self.muscle)
            for weight, by_weight in between(self.weight)
        }


def between(value: float) -> list[tuple[str, float]]:
    """Shares of average and of the end that a value in -1..1 goes towards."""
    return [("average", 1 - abs(value)), ("min" if value < 0 else "max", abs(value))]


def opposite(name: str) -> str:
    """The target that does the contrary."""
    stem, _, last = name.rpartition("-")
    return f"{stem}-{OPPOSITES[last]}"


def sides(name: str) -> tuple[str, ...]:
    """A target, or those of both sides."""
    folder, _, rest = name.partition("/")
    if not rest.startswith("lr-"):
        return (name,)
    return tuple(f"{folder}/{side}{rest[2:]}" for side in "lr")
