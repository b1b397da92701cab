"""Skins: textures tinted and patterned, and a host's with a donor's inside the mask."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from faceloom.actors.assets import Assets
from faceloom.actors.body import Body
from faceloom.actors.person import Person, Skin

Texture = NDArray[np.float32]
SIDE = 1024  # of a texture, in pixels
COARSE = 128  # of what is only smooth
CALM = 1.3  # times lighter: up to there a skin keeps all of its contrast
WHOLE = 0.95  # of the mask, from here on
MARGIN = 0.15  # how much the tone of the seam may differ from that of the face


class Atlas:
    """What lies where in a skin's texture: values of vertices, spread over it."""

    def __init__(self, body: Body) -> None:
        """Take the skin's corners, those of the head."""
        mesh = body.mesh
        pairs = {
            (corner, vertex)
            for face, corners, group in zip(mesh.faces, mesh.corners, mesh.groups, strict=True)
            if group == "body"
            for vertex, corner in zip(face, corners, strict=True)
        }
        ordered = np.array(sorted(pairs))
        self.uv, self.vertices = mesh.uv[ordered[:, 0]], ordered[:, 1]
        self.places = body.centred(mesh.positions)

    def spread(self, values: NDArray[np.float64], side: int) -> Texture:
        """Values of vertices (V,) or (V, C) over the texture; 0 where there is no skin."""
        across = (np.arange(side) + 0.5) / side
        u, v = np.meshgrid(across, 1 - across)
        between = LinearNDInterpolator(self.uv, values[self.vertices], fill_value=0)
        found: Texture = between(u, v).astype(np.float32)
        return found

    @cached_property
    def positions(self) -> Texture:
        """Where each pixel lies on the base body, decimetres: (512, 512, 3)."""
        return self.spread(self.places, 512)

    def island(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The part of a mask over the texture (H, W) that hangs together with the nose's tip.

        So not the mouth nor the sockets, which have islands of their own.
        """
        ahead = cv2.resize(self.positions[..., 2], mask.shape[::-1])
        _, islands = cv2.connectedComponents(mask.astype(np.uint8))
        tip = np.argmax(np.where(mask, ahead, -np.inf))
        found: NDArray[np.bool_] = islands == islands.ravel()[tip]
        return found


def decoded(data: bytes, side: int | None = None) -> NDArray[np.uint8]:
    """A picture, RGB or RGBA uint8 (H, W, C), brought to a side."""
    read = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED))
    if side is not None and read.shape[0] != side:
        read = cv2.resize(read, (side, side), interpolation=cv2.INTER_AREA)
    order = cv2.COLOR_BGRA2RGBA if read.shape[-1] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(read, order), np.uint8)


def linear(picture: NDArray[np.uint8]) -> Texture:
    """A picture as light, 0..1."""
    light: Texture = ((picture / 255) ** 2.2).astype(np.float32)
    return light


def encoded(light: Texture) -> NDArray[np.uint8]:
    """Light as a picture."""
    picture: NDArray[np.uint8] = np.rint(255 * np.clip(light, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    return picture


def textured(assets: Assets, person: Person) -> Texture:
    """Somebody's skin as linear light: (SIDE, SIDE, 3)."""
    skin: Skin = person.skin
    light = linear(decoded(assets.texture(f"skins/textures/{skin.texture}"), SIDE))
    tinted: Texture = np.clip(light * np.array(skin.tint, np.float32), 0, 1)
    return tinted


def exchanged_skin(
    host: Texture, donor: Texture, share: Texture, visible: NDArray[np.bool_], matched: bool
) -> Texture:
    """The host's skin with the donor's inside the mask, where matched in the host's tone.

    Two gains in linear light: one for the whole face, the ratio of medians where the mask is
    whole and skin is `visible`, for mouth and eye sockets are in the mask too and are redder; and
    one that varies smoothly, from the ring where both meet, cut to ±15 %, so that the seam closes
    without tinting the face.
    """
    taken = cv2.resize(share, host.shape[1::-1], interpolation=cv2.INTER_LINEAR)[..., None]
    if not matched:
        return np.clip(host * (1 - taken) + donor * taken, 0, 1).astype(np.float32)
    small = [
        cv2.resize(each, (COARSE, COARSE), interpolation=cv2.INTER_AREA)
        for each in (host, donor, share)
    ]
    hosts, donors, shares = (np.asarray(each, np.float32) for each in small)
    face = (shares > WHOLE) & (cv2.resize(visible.astype(np.uint8), shares.shape[::-1]) > 0)
    whole = np.median(hosts[face], 0) / np.median(donors[face], 0)
    # A dark skin made light keeps its relative contrast, which is more than light skins have.
    middle = np.median(donors[face], 0)
    plain = float(np.clip(CALM / whole.mean(), 0.4, 1))
    donor, donors = (middle * (each / middle) ** plain for each in (donor, donors))
    ring = (shares * (1 - shares))[..., None]
    over, under = np.zeros_like(hosts), np.zeros_like(hosts)
    for spread, weight in ((5, 1.0), (12, 0.3), (40, 0.05)):
        over += weight * cv2.GaussianBlur(hosts * ring, (0, 0), spread)
        under += weight * cv2.GaussianBlur(donors * whole * ring, (0, 0), spread)
    gain = np.clip(over / (under + 1e-7), 1 - MARGIN, 1 + MARGIN)
    smooth = cv2.GaussianBlur(gain.astype(np.float32), (0, 0), 3)
    size = host.shape[1::-1]
    gains = whole * cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR)
    return np.clip(host * (1 - taken) + donor * gains * taken, 0, 1).astype(np.float32)
