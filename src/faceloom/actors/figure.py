"""A person ready to be rendered: a body that moves, and all that is on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.assets import MAKEHUMAN, WORN, Assets
from faceloom.actors.body import SKIN as SKIN_VERTICES
from faceloom.actors.body import Body, skinned, turn
from faceloom.actors.formats import Positions, Worn
from faceloom.actors.glasses import glasses
from faceloom.actors.labels import CLOTH, EYES, HAIR, MOUTH, SKIN
from faceloom.actors.paint import painted, wrinkles
from faceloom.actors.person import Person
from faceloom.actors.pieces import CUT, Held, Piece, cards, cut, shading, surface
from faceloom.actors.skin import WHOLE, Atlas, decoded, encoded, exchanged_skin, textured
from faceloom.actors.strands import STYLES, Ground, beard, bearded, hair
from faceloom.actors.twin import exchanged, joined, laid_on

SKULL = np.array([0.0, 8.45, 0.35])  # what hair is pushed away from
LASH_COLOUR = (0.010, 0.008, 0.006)
LOOSE = 0.4  # dm further down that clothes are kept than the body


class Studio:
    """What is the same for everybody: read and computed once."""

    def __init__(self, assets: Assets) -> None:
        """Read the base mesh."""
        self.assets = assets
        self.body = Body(assets)
        self.atlas = Atlas(self.body)
        self.share = exchanged(self.body)

    @cached_property
    def ground(self) -> Ground:
        """Where hair can grow."""
        return Ground(self.body)

    @cached_property
    def share_of_skin(self) -> NDArray[np.float32]:
        """The mask over the skin's texture: (1024, 1024)."""
        return np.clip(self.atlas.spread(self.share, 1024), 0, 1)

    @cached_property
    def face_of_skin(self) -> NDArray[np.bool_]:
        """Where in that texture the mask is whole on the outside of the face: (1024, 1024)."""
        return self.atlas.island(self.share_of_skin > WHOLE)


class Figure:
    """A host, with a donor's face or the own one."""

    def __init__(self, studio: Studio, host: Person, donor: Person | None, tone: str) -> None:
        """Shape both, and lay the donor's face on the host."""
        self.studio, self.host, self.face = studio, host, donor or host
        self.body, self.assets = studio.body, studio.assets
        self.textures: dict[str, NDArray[np.uint8]] = {}
        self.host_shape = self.body.shaped(host)
        self.face_shape = self.body.shaped(donor) if donor else None
        self.tone = tone
        if self.face_shape is not None:
            head = self.body.weights[:, 3]
            self.lay = laid_on(self.host_shape, self.face_shape, studio.share, head)
        self.rest = self.at({})

    def at(self, units: Mapping[str, float]) -> Positions:
        """The body with an expression, not yet posed: (V, 3)."""
        host = self.body.express(self.host_shape, units)
        if self.face_shape is None:
            return host
        donor = self.lay(self.body.express(self.face_shape, units))
        return joined(host, donor, self.studio.share)

    def pieces(self) -> list[Piece]:
        """All that is on the person, and the person."""
        worn = self.host.glasses
        return [
            self.skin(),
            self.eyes(),
            *self.mouth(),
            *self.brows(),
            *self.hair(),
            *self.beards(),
            *(glasses(worn, self.body, self.host_shape) if worn else []),
            self.clothes(),
        ]

    def texture(self, name: str, picture: NDArray[np.uint8]) -> str:
        """A picture to be written for Blender; its file's name."""
        self.textures[f"{name}.png"] = picture
        return f"{name}.png"

    def skin(self) -> Piece:
        """Head, neck and shoulders, where no clothes hide them."""
        hidden = np.zeros(len(self.rest), bool)
        hidden[self.worn(f"clothes/{self.host.clothes}").hides] = True
        groups, height = self.body.mesh.groups, self.rest[:, 1]
        part = cut(
            self.body.mesh,
            lambda number, face: (
                groups[number] == "body" and height[face].min() > CUT and not hidden[face].all()
            ),
        )
        material = shading("skin", (1, 1, 1), self.skin_texture(), 0.48, 0.38)
        return Piece(
            name="skin",
            label=SKIN,
            material=material | {"subsurface": 0.25, "relief": self.relief()},
            faces=part.faces,
            uv=part.uv,
            at=self.follow(lambda body: body[part.used], self.body.weights[part.used]),
            exchanged=self.studio.share[part.used],
            subdivide=1,
        )

    def skin_texture(self) -> str:
        """The skin's colours, the donor's inside the mask."""
        places = self.studio.atlas.positions
        own = painted(textured(self.assets, self.host), self.host, places)
        if self.face_shape is not None:
            donor = painted(textured(self.assets, self.face), self.face, places)
            studio, matched = self.studio, self.tone == "match"
            own = exchanged_skin(own, donor, studio.share_of_skin, studio.face_of_skin, matched)
        return self.texture("skin", encoded(own))

    def relief(self) -> str:
        """Where wrinkles are."""
        return self.texture("wrinkles", wrinkles(self.studio.atlas.positions))

    def follow(
        self, fit: Callable[[Positions], Positions], weights: NDArray[np.float64]
    ) -> Callable[[Held], Positions]:
        """What is fitted to the body and goes with neck and head."""
        return lambda held: skinned(fit(held.body), weights, held.bones)

    def worn(self, name: str) -> Worn:
        """A piece of the archive's, as it hangs on a body."""
        folder, _, own = name.partition("/")
        return self.assets.worn(f"{WORN.removeprefix('assets/')}/{folder}/{own}/{own}")

    def piece(
        self,
        name: str,
        path: str,
        label: int,
        material: dict[str, Any],
        *,
        outwards: float = 1.0,
        low: float = -np.inf,
        **more: Any,
    ) -> Piece:
        """A piece of the archive's, pushed away from the skull by a factor."""
        worn = self.worn(path)
        folder, _, own = path.partition("/")
        mesh = self.assets.mesh(f"{WORN.removeprefix('assets/')}/{folder}/{own}/{own}")

        def fitted(body: Positions) -> Positions:
            pushed: Positions = SKULL + outwards * (worn.fitted(body) - SKULL)
            return pushed

        height = fitted(self.rest)[:, 1]
        part = cut(mesh, lambda _, face: height[face].min() > low)
        return Piece(
            name=name,
            label=label,
            material=material,
            faces=part.faces,
            uv=part.uv,
            at=self.follow(
                lambda body: fitted(body)[part.used], worn.weights(self.body.weights)[part.used]
            ),
            **more,
        )

    def eyes(self) -> Piece:
        """Both eyeballs, turned where they look."""
        name = f"{MAKEHUMAN.removeprefix('assets/')}/eyes/high-poly/high-poly"
        mesh, worn = self.assets.mesh(name), self.assets.worn(name)
        part = cut(mesh, lambda *_: True)
        colour = self.texture(
            "iris", decoded(self.assets.texture(f"eyes/materials/{self.face.eyes}"))
        )
        head = np.tile([0.0, 0.0, 0.0, 1.0], (len(part.used), 1))

        def looking(held: Held) -> Positions:
            balls = worn.fitted(held.body)[part.used]
            # A yaw to the picture's right; the eye's own axis points at us as the head's does.
            rotation = turn(*held.gaze, 0)
            for side, sign in (("l", 1), ("r", -1)):
                middle = self.body.eye(held.body, side)
                mine = balls[:, 0] * sign > 0
                balls[mine] = (balls[mine] - middle) @ rotation.T + middle
            return skinned(balls, head, held.bones)

        material = cards(colour, roughness=0.08, specular=0.5)
        return Piece("eyes", EYES, material, part.faces, part.uv, looking, "whole")

    def mouth(self) -> list[Piece]:
        """Teeth and tongue."""
        teeth = self.texture(
            "teeth", decoded(self.assets.texture("teeth/materials/teeth"))[..., :3]
        )
        tongue = decoded(self.assets.texture("tongue/tongue01/tongue01_diffuse"))
        flesh = surface(texture=self.texture("tongue", tongue), roughness=0.35)
        enamel = surface(texture=teeth, roughness=0.25)
        return [
            self.piece("teeth", "teeth/teeth_base", MOUTH, enamel, exchanged="whole"),
            self.piece("tongue", "tongue/tongue01", MOUTH, flesh, exchanged="whole"),
        ]

    def brows(self) -> list[Piece]:
        """Brows and lashes, the face's own."""
        made = []
        for name, kind, file, colour, label in (
            ("brows", "eyebrows", self.face.brows, self.face.brow_colour, SKIN),
            ("lashes", "eyelashes", self.face.lashes, LASH_COLOUR, EYES),
        ):
            shape = self.texture(name, decoded(self.assets.texture(f"{kind}/{file}/{file}")))
            material = cards(shape, colour, 0.7, 0.15, flat=True)
            made.append(self.piece(name, f"{kind}/{file}", label, material, exchanged="whole"))
        return made

    def hair(self) -> list[Piece]:
        """What grows on the host's head."""
        style, colour = self.host.hair.style, self.host.hair.colour
        if style is None:
            return []
        if style in STYLES:
            cut = STYLES[style]
            return [
                hair(cut, colour, self.body, self.studio.ground, self.host_shape, self.draws(1))
            ]
        look = decoded(self.assets.texture(f"hair/{style}/{style}_diffuse"))
        material = cards(self.texture("hair", look), colour)
        outwards = self.host.hair.scale
        return [self.piece("hair", f"hair/{style}", HAIR, material, outwards=outwards)]

    def beards(self) -> list[Piece]:
        """The face's beard inside the mask, the host's outside it, where any of it grows there."""
        share = self.studio.share
        everywhere = np.ones_like(share)
        if self.face is self.host:
            grown = [("beard", self.host.beard, everywhere)]
        else:
            grown = [("beard", self.host.beard, 1 - share), ("new_beard", self.face.beard, share)]
        ground = self.studio.ground
        return [
            beard(told, self.body, ground, self.rest, self.draws(2 + n), grows, share, name)
            for n, (name, told, grows) in enumerate(grown)
            if told and ground.bears(bearded(told.style), grows)
        ]

    def draws(self, stream: int) -> np.random.Generator:
        """Draws of the host's hair, the same in a clip and its twin."""
        return np.random.default_rng([stream, *map(int, 1e3 * np.abs(self.host_shape[100:104, 0]))])

    def clothes(self) -> Piece:
        """What the host wears."""
        name = self.host.clothes
        look = decoded(self.assets.texture(f"clothes/{name}/{name}_diffuse"))
        red, green, blue = self.host.clothes_tint
        cloth = surface((red, green, blue), self.texture("clothes", look), 0.85, 0.1)
        low = CUT - LOOSE
        return self.piece("clothes", f"clothes/{name}", CLOTH, cloth, low=low, subdivide=1)

    def face_vertices(self) -> NDArray[np.bool_]:
        """Skin vertices that are the donor's, or would be."""
        return (self.studio.share > 0.5) & (np.arange(len(self.rest)) < SKIN_VERTICES)
