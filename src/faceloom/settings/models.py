"""Who learns: generators."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .forms import Chosen, Part, Settings

Alpha = Literal["alpha"]
Norm = Literal["none", "batch", "instance", "layer", "group"]


class Model(Part):
    """A generator: a shared encoder and a decoder for each person."""

    family = "models"


class Landmarks(Settings):
    """A further input channel, in which the landmarks are drawn as lines (notes 6)."""

    dropout: float = Field(0.3, ge=0, le=1)
    """How often a face that is learnt comes without them."""


class Coded(Model):
    """A generator whose people share a code of what a face does."""

    landmarks: Landmarks | None = None
    variational: Literal[True] | None = None
    """Codes are drawn about what the encoder says, as widely as it says (a VAE's)."""

    def options(self) -> dict[str, Any]:
        """What the module's `make` is told; how often landmarks are left out, faces are."""
        return super().options() | {
            "landmarks": self.landmarks is not None,
            "variational": bool(self.variational),
        }


class Small(Coded):
    """Four million parameters, for two minutes on two cores: space-to-depth in, sub-pixels out."""

    kind: Literal["small"] = "small"
    size: Literal[64, 96, 128] = 64
    width: int = Field(32, ge=8, le=128)
    latent: int = Field(256, ge=16)
    mask: Alpha | None = None
    """Whether it also paints where the face is."""


class Autoencoder(Coded):
    """The first deepfakes' network of 82 million parameters, at 64 pixels."""

    kind: Literal["autoencoder"] = "autoencoder"
    size: Literal[64] = 64
    latent: int = Field(1024, ge=16)
    mask: Alpha | None = None
    """Whether it also paints where the face is."""


class V1(Coded):
    """faceswap-GAN of December 2017: 71 million parameters at 64 pixels."""

    kind: Literal["v1"] = "v1"
    size: Literal[64, 128] = 64
    width: int = Field(64, ge=4, le=128)
    """Channels of the first layer."""
    latent: int = Field(1024, ge=16)
    mask: Alpha | None = None
    """Whether it also paints where the face is."""


class V2(Coded):
    """faceswap-GAN v2: v1 that paints a mask too."""

    kind: Literal["v2"] = "v2"
    size: Literal[64, 128] = 64
    width: int = Field(64, ge=4, le=128)
    """Channels of the first layer."""
    latent: int = Field(1024, ge=16)
    mask: Alpha = "alpha"


class V21(Coded):
    """faceswap-GAN v2.1: of what is painted by, half is everybody's and half each one's own."""

    kind: Literal["v21"] = "v21"
    size: Literal[64, 128] = 64
    width: int = Field(64, ge=4, le=128)
    """Channels of the first layer."""
    mask: Alpha = "alpha"


class V22(Coded):
    """faceswap-GAN v2.2: with self-attention and norms, and smaller pictures on the way."""

    kind: Literal["v22"] = "v22"
    size: Literal[64, 128, 256] = 64
    capacity: Literal["standard", "lite"] = "standard"
    """lite: half the channels, a quarter of the deepest, and pixels repeated to grow."""
    norm: Norm = "instance"
    attention: bool = True
    bottleneck: Literal["dense", "conv"] = "dense"
    """Two dense layers, or strided convolutions to one pixel and one back to 4x4 (notes 3)."""
    width: int = Field(64, ge=4, le=128)
    """Channels of the first layer, at standard capacity."""
    mask: Alpha = "alpha"


class CycleGan(Model):
    """CycleGAN: for each person a network of its own from anybody's face (Zhu et al. 2017)."""

    kind: Literal["cyclegan"] = "cyclegan"
    size: Literal[64, 128, 256] = 64
    width: int = Field(64, ge=4, le=128)
    """Channels of the first layer."""
    blocks: int = Field(6, ge=1, le=12)
    mask: Alpha | None = None
    """Whether it also paints a mask, by which new faces are laid over what was seen."""


Models = Annotated[Small | Autoencoder | V1 | V2 | V21 | V22 | CycleGan, *Chosen]
