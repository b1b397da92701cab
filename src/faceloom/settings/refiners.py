"""Refiners: last touches on new faces, one after the other."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from .forms import Chosen, Part, Settings


class Refiner(Part):
    """A last touch on a swapped face."""

    family = "refiners"
    slow: ClassVar[bool] = False
    """Whether what it has made of each face is kept until it is through, should it be stopped."""
    decoders: ClassVar[tuple[str, ...]] = ()
    """The layers whose decoders it needs that nobody publishes: `decoder` teaches them."""


class Nothing(Refiner):
    """The faces as they are: what every other refiner is to beat."""

    kind: Literal["none"] = "none"


class Sharpen(Refiner):
    """Edges lifted by an unsharp mask."""

    kind: Literal["sharpen"] = "sharpen"
    amount: float = Field(0.6, ge=0)
    radius: float = Field(1.5, gt=0)
    """Standard deviation of the blur that is taken off, in pixels of the crop."""


MESHES = {
    None: ("face_landmarker.task",),
    "tddfa": (
        "mb1_120x120.pth",
        "bfm_noneck_v3.pkl",
        "bfm_tri.pkl",
        "param_mean_std_62d_120x120.pkl",
        "BFM_UV.mat",
        "bfm_indices.npy",
    ),
    "prnet": ("prnet.npz", "face_ind.txt", "uv_kpt_ind.txt"),
}
"""The files that a mesh is fitted by."""


class Texture(Refiner):
    """The new face's texture on the host's own mesh (Feng et al. 2018): pose and mouth the host's.

    The texture lies as the mesh's own UV has it.
    """

    kind: Literal["texture"] = "texture"
    part: Literal["face", "eyes", "mouth"] = "face"
    """What is laid anew; the rest of the new face stays."""
    shape: Literal["donor", "host"] = "donor"
    """The new face's own shape with the host's motion, or the host's shape as well."""
    size: int = Field(256, ge=32, le=2048)
    """Texels a side."""
    steady: float = Field(1.0, ge=0)
    """Each texture is an average over time: standard deviation in frames; 0: each for itself."""
    least: float = Field(0.5, ge=0, le=1)
    """How sure the network must be of a face, or the new one stays as it is."""
    covered: float = Field(0.05, ge=0, le=1)
    """The share of a face that may be behind something, as `measure.parsing` sees it, or the new
    one stays as it is: a hand before it would be laid out flat. 1: nobody looks."""
    batch: int = Field(8, ge=1)
    threads: int = Field(1, ge=1)
    mesh: Literal["tddfa", "prnet"] | None = None
    """Google's of 478 points; or the Basel Face Model by 3DDFA_V2; or PRNet's, if you have it."""

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """The mesh's."""
        return MESHES[self.mesh]

    @property
    def reads(self) -> tuple[str, ...]:  # type: ignore[override]
        """What the crops show, where that counts."""
        return ("measure.parsing",) if self.covered < 1 else ()


class RealEsrgan(Refiner):
    """Made smaller, and enlarged again by a network (Wang et al. 2021): detail is made up."""

    kind: Literal["realesrgan"] = "realesrgan"
    network: Literal["compact", "dense"] = "compact"
    """The small one, or ESRGAN's own, some fifteen times slower."""
    seen: float = Field(0.25, gt=0, le=1)
    """At what share of its size the network sees a crop: about as the model has painted it."""
    amount: float = Field(1.0, ge=0, le=1)
    """How much of what it makes is taken."""
    batch: int = Field(4, ge=1)
    threads: int = Field(1, ge=1)

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """The network's."""
        return ("RealESR_Gx4.pth" if self.network == "compact" else "realesrgan-x4plus.bin",)


class Restyled(Refiner):
    """A refiner that takes the new face for content, and the face that was there for style."""

    colours: bool = True
    """Whether the new face's colours are kept: then light and shade alone are changed."""
    steady: float = Field(0.0, ge=0, le=1)
    """How much of a change is the frame before's, carried along by optical flow."""
    threads: int = Field(1, ge=1)


class Adain(Restyled):
    """Means and spreads of VGG19's features as the host has them (Huang and Belongie 2017)."""

    weights = ("vgg_normalized.pth", "adain_decoder.pth")
    kind: Literal["adain"] = "adain"
    alpha: float = Field(0.5, ge=0, le=1)
    """How much of the style."""
    batch: int = Field(4, ge=1)
    """Faces at once, where nothing is carried from one to the next."""


FIRST = re.compile(r"relu[1-5]_1")
PUBLISHED = "relu4_1"  # the layer whose decoder is AdaIN's
COARSE = ("relu3_1", "relu4_1", "relu5_1")  # few enough patches to compare all of them


class Wct(Restyled):
    """The covariance of VGG19's features as the host has it, layer after layer (Li et al. 2017)."""

    kind: Literal["wct"] = "wct"
    alpha: float = Field(0.5, ge=0, le=1)
    """How much of the style."""
    cut: float = Field(1e-5, ge=0)
    """Directions of features with less variance are left out."""
    swap: bool = False
    """White features become the style's nearest patches first (Chen and Schmidt 2016)."""
    levels: tuple[str, ...] = Field((PUBLISHED,), min_length=1)
    """One layer, or a cascade in this order: [relu5_1, relu4_1, relu3_1, relu2_1, relu1_1]."""

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """The encoder, and the one decoder that is published, where it is needed."""
        return ("vgg_normalized.pth", *(["adain_decoder.pth"] if PUBLISHED in self.levels else []))

    @property
    def decoders(self) -> tuple[str, ...]:  # type: ignore[override]
        """The layers of all others."""
        return tuple(name for name in dict.fromkeys(self.levels) if name != PUBLISHED)

    @model_validator(mode="after")
    def _decoded(self) -> Wct:
        if wrong := [name for name in self.levels if not FIRST.fullmatch(name)]:
            raise ValueError(
                f"levels: no decoder of {', '.join(wrong)}; relu1_1 to relu5_1 have one"
            )
        if self.swap and (fine := [name for name in self.levels if name not in COARSE]):
            raise ValueError(f"swap: too many patches in {', '.join(fine)}; relu3_1 is the finest")
        return self


Layers = dict[str, float]
"""Layers of a network, relu1_1 to relu5_4, each with its weight."""
LAYER = re.compile(r"relu(1_[12]|2_[12]|[345]_[1234])")


def layered(layers: Layers) -> Layers:
    """The layers, if there are such."""
    if wrong := [name for name in layers if not LAYER.fullmatch(name)]:
        raise ValueError(f"no layer {', '.join(wrong)}; they are relu1_1 to relu5_4")
    return layers


Stay = Annotated[Layers, AfterValidator(layered)]
Alike = Annotated[Layers, Field(min_length=1), AfterValidator(layered)]


class Gatys(Restyled):
    """Correlations of features as the host has them, by descent (Gatys et al. 2015): slow."""

    slow = True
    kind: Literal["gatys"] = "gatys"
    network: Literal["vgg16", "vgg19"] = "vgg19"
    pooling: Literal["max", "average"] = "max"
    content: Stay = {"relu4_2": 1.0}
    style: Alike = dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"), 1.0)
    ratio: float = Field(0.25, ge=0)
    """Weight of content over that of style; each counts as a share of what is wanted."""
    smooth: float = Field(0.01, ge=0)
    """Weight of total variation."""
    shift: float = 0.0
    """Added to features before they are correlated; -1 in Novak and Nikulin 2016."""
    chained: bool = False
    """Correlations of each layer with the next (Novak and Nikulin 2016)."""
    start: Literal["content", "noise"] = "content"
    by: Literal["lbfgs", "adam"] = "lbfgs"
    steps: int = Field(60, ge=1)
    """Evaluations of the loss."""
    rate: float = Field(0.02, gt=0)
    """Adam's at first; L-BFGS finds its own."""
    seed: int = 0

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """The network's."""
        return ("lpips_vgg16.ckpt" if self.network == "vgg16" else "vgg_normalized.pth",)

    @model_validator(mode="after")
    def _there(self) -> Gatys:
        named = {*self.content, *self.style}
        if self.network == "vgg16" and (more := [n for n in named if n.endswith("_4")]):
            raise ValueError(f"vgg16 has no {', '.join(sorted(more))}")
        if self.chained and len(self.style) < 2:
            raise ValueError("chained: two layers of style or more")
        return self


Shown = Literal[
    "background",
    "skin",
    "hair",
    "cloth",
    "eyes",
    "mouth",
    "occluder",
    "glasses",
    "brows",
    "nose",
    "lips",
]
"""What a pixel of a face can show; the mouth is its inside."""
ALONE: tuple[Shown, ...] = (
    "background",
    "skin",
    "hair",
    "cloth",
    "eyes",
    "mouth",
    "brows",
    "nose",
    "lips",
)


class Patches(Restyled):
    """Patches of the host's, like to like (Li and Wand 2016, Champandard 2016): slow."""

    slow = True
    weights = ("vgg_normalized.pth",)
    kind: Literal["patches"] = "patches"
    pooling: Literal["max", "average"] = "average"
    content: Stay = {"relu4_2": 1.0}
    style: Alike = {"relu3_1": 1.0, "relu4_1": 1.0}
    ratio: float = Field(5.0, ge=0)
    """Weight of content over that of style; at 1 and less the new face becomes the host's again."""
    semantic: float = Field(1.0, ge=0)
    """How much it counts that patches are of the same label; 0: Li and Wand."""
    labels: tuple[Annotated[tuple[Shown, ...], Field(min_length=1)], ...] = (
        *((name,) for name in ALONE),
        ("occluder", "glasses"),
    )
    """What counts as the same: ten labels, or any other number; the rest together is one more."""
    smooth: float = Field(0.01, ge=0)
    """Weight of total variation."""
    quilted: float = Field(0.15, ge=0, le=1)
    """The share of what is begun with that is the host's pixels, patch by patch; 0: the new face.
    The more, the sooner it is done, and the less of the new face stays."""
    phases: int = Field(1, ge=1, le=5)
    """Sizes, coarse to fine, each twice the one before."""
    steps: int = Field(20, ge=1)
    """Evaluations of the loss at each size."""
    refresh: int = Field(10, ge=1)
    """After so many of them patches are matched anew."""
    by: Literal["lbfgs", "adam"] = "lbfgs"
    rate: float = Field(0.02, gt=0)
    """Adam's at first; L-BFGS finds its own."""

    @property
    def reads(self) -> tuple[str, ...]:  # type: ignore[override]
        """What the crops show, where that counts."""
        return ("measure.parsing",) if self.semantic else ()

    @model_validator(mode="after")
    def _once(self) -> Patches:
        named = [name for group in self.labels for name in group]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"labels: {', '.join(twice)} in two of them")
        return self


Touch = Nothing | Sharpen | Texture | RealEsrgan | Adain | Wct | Gatys | Patches


class Refine(Settings):
    """One refiner after the other, written as a bare list."""

    reads = ("convert",)
    by: tuple[Annotated[Touch, *Chosen], ...]

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, said: Any) -> Any:
        return {"by": said} if isinstance(said, list | tuple) else said
