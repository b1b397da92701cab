"""What a generator is taught by: the terms of its loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .adversarial import Adversarial, Domain, Examiner, Prior
from .forms import Part, Settings

FILES = {  # of the networks that know faces or pictures
    "dlib": "dlib_face_recognition_resnet_model_v1.dat",
    "sface": "sface.onnx",
    "facenet": "facenet_20180402.pb",
    "lightcnn": "lightcnn_v4.pth.tar",
    "vgg16": "lpips_vgg16.ckpt",
    "vgg19": "vgg_normalized.pth",
}


class Loss(Part):
    """A term of the loss; not named, it is off."""

    family = "losses"
    aside = frozenset({"weight"})
    trip: ClassVar[bool] = False
    """Whether it is about faces that were painted as somebody else and back."""
    weight: float = Field(1.0, ge=0)


class L1(Loss):
    """Mean absolute difference of the pictures."""

    kind: Literal["l1"] = "l1"
    background: float = Field(0.1, ge=0, le=1)
    """What a pixel outside the face counts."""


class Dssim(Loss):
    """Structural dissimilarity (Wang et al. 2004)."""

    kind: Literal["dssim"] = "dssim"
    weight: float = Field(0.8, ge=0)
    background: float = Field(0.1, ge=0, le=1)
    """What a pixel outside the face counts."""


class MsSsim(Loss):
    """Structural dissimilarity at several sizes (Wang, Simoncelli and Bovik 2003)."""

    kind: Literal["ms_ssim"] = "ms_ssim"
    weight: float = Field(0.8, ge=0)
    window: Literal["box", "gaussian"] = "gaussian"
    size: int = Field(11, ge=3)
    """Pixels a side of the window, an odd number."""
    scales: int = Field(3, ge=1, le=5)


class Edge(Loss):
    """Mean absolute difference of neighbouring pixels' differences."""

    kind: Literal["edge"] = "edge"
    weight: float = Field(0.1, ge=0)


class Eyes(Loss):
    """Mean absolute difference about the eyes, and of the edges there (faceswap-GAN v2.2)."""

    kind: Literal["eyes"] = "eyes"
    weight: float = Field(30.0, ge=0)
    edges: float = Field(1.0, ge=0)
    """What edges count beside colours."""


class Tv(Loss):
    """Total variation of the picture (Rudin, Osher and Fatemi 1992)."""

    kind: Literal["tv"] = "tv"
    weight: float = Field(0.01, ge=0)


class Sides(Loss):
    """Mean absolute difference of the smaller pictures painted on the way (faceswap-GAN v2.2)."""

    kind: Literal["sides"] = "sides"


class Cyclic(Loss):
    """Mean absolute difference of faces painted as somebody else and back (Zhu et al. 2017)."""

    trip = True
    kind: Literal["cyclic"] = "cyclic"
    weight: float = Field(10.0, ge=0)
    mask: float = Field(0.0, ge=0)
    """What the size of the mask on the way back counts; faceswap-GAN v2.2 has 0.1."""


class Semantic(Loss):
    """How unlike the code becomes where a face is painted as somebody else (XGAN)."""

    trip = True
    kind: Literal["semantic"] = "semantic"


class Kl(Loss):
    """How far codes are from a normal distribution, where they are drawn (VAE)."""

    kind: Literal["kl"] = "kl"
    weight: float = Field(0.01, ge=0)


class Mask(Loss):
    """Mean absolute difference of the painted mask from the face's."""

    kind: Literal["mask"] = "mask"
    weight: float = Field(0.2, ge=0)


class MaskHinge(Loss):
    """How far the painted mask stays below a level (faceswap-GAN v2)."""

    kind: Literal["mask_hinge"] = "mask_hinge"
    weight: float = Field(0.1, ge=0)
    least: float = Field(0.5, ge=0, le=1)
    """The level."""


class MaskL1(Loss):
    """How large the painted mask is (faceswap-GAN v2)."""

    kind: Literal["mask_l1"] = "mask_l1"
    weight: float = Field(0.01, ge=0)


class MaskTv(Loss):
    """Total variation of the painted mask (faceswap-GAN v2)."""

    kind: Literal["mask_tv"] = "mask_tv"
    weight: float = Field(0.1, ge=0)


class Perceptual(Loss):
    """Difference of features in a network that knows pictures (after Johnson et al. 2016)."""

    kind: Literal["perceptual"] = "perceptual"
    network: Literal["dlib", "facenet", "lightcnn", "vgg16", "vgg19"] = "dlib"
    """dlib's descriptors are free for any use; the others' terms are in weights.tsv."""
    layers: tuple[float, ...] | None = None
    """Weights of its four stages, or a VGG's five, the finest first; off, faceswap-GAN's."""
    normalised: bool = True
    """By mean and variance of each channel first, so that light and colour do not count."""
    of: Literal["image", "laid"] = "image"
    """What is painted, or that laid over the input by its mask."""
    coverage: float = Field(0.9, gt=0.1, le=1)
    """As `crop.coverage`: how much of a crop's width the mean face takes."""

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """The network's."""
        return (FILES[self.network],)

    @model_validator(mode="after")
    def _a_weight_for_each_stage(self) -> Self:
        stages = 5 if self.network.startswith("vgg") else 4
        if self.layers is not None and len(self.layers) != stages:
            raise ValueError(
                f"losses.perceptual.layers: {self.network} has {stages} stages, not "
                f"{len(self.layers)}"
            )
        return self


class Identity(Loss):
    """How unlike the person it looks to a network, which then must not be the only judge."""

    kind: Literal["identity"] = "identity"
    network: Literal["dlib", "sface", "facenet", "lightcnn"] = "dlib"
    of: Literal["image", "laid"] = "image"
    """What is painted, or that laid over the input by its mask."""
    coverage: float = Field(0.9, gt=0.1, le=1)
    """As `crop.coverage`: how much of a crop's width the mean face takes."""

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """The network's."""
        return (FILES[self.network],)


class Losses(Settings):
    """The terms of the loss."""

    l1: L1 = L1()
    dssim: Dssim | None = None
    ms_ssim: MsSsim | None = None
    edge: Edge | None = None
    eyes: Eyes | None = None
    tv: Tv | None = None
    sides: Sides | None = None
    cyclic: Cyclic | None = None
    semantic: Semantic | None = None
    kl: Kl | None = None
    mask: Mask | None = None
    mask_hinge: MaskHinge | None = None
    mask_l1: MaskL1 | None = None
    mask_tv: MaskTv | None = None
    perceptual: Perceptual | None = None
    identity: Identity | None = None
    adversarial: Adversarial | None = None
    domain: Domain | None = None
    prior: Prior | None = None

    def examiners(self) -> tuple[Examiner, ...]:
        """Who looks at codes."""
        return tuple(each for each in (self.domain, self.prior) if each)

    def on(self) -> tuple[Loss, ...]:
        """The terms that are on, in order."""
        every = (getattr(self, name) for name in type(self).model_fields)
        return tuple(each for each in every if isinstance(each, Loss))

    def of_masks(self) -> tuple[Loss, ...]:
        """The terms that need a painted mask."""
        return tuple(each for each in self.on() if each.kind.startswith("mask"))

    def teach_masks(self) -> bool:
        """Whether something says where the mask should be, not only that it be small or smooth."""
        networks = [each for each in (self.perceptual, self.identity) if each]
        laid = any(each.of == "laid" for each in networks)
        judged = self.adversarial is not None and self.adversarial.of != "image"
        return bool(self.mask or self.mask_hinge or laid or judged)

    def laid_over(self, said: Mapping[str, Mapping[str, Any]]) -> Losses:
        """The same with other knobs, by term; ValueError where one is off or is no such knob."""
        told = self.model_dump(exclude_none=True)
        for term, knobs in said.items():
            if term not in told:
                raise ValueError(f"losses.{term} is off from the start; name it, with weight: 0")
            player = term in ("adversarial", "domain", "prior")
            closed = set(told[term]) - {"weight"} if player else {"kind"}
            if shut := closed & set(knobs):
                raise ValueError(f"losses.{term}.{min(shut)} stays the same from phase to phase")
            told[term] |= knobs
        return Losses.model_validate(told)
