"""The second player: a discriminator, and what each of the two wants."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .forms import Chosen, Part, Settings
from .models import Norm


class Discriminator(Part):
    """Who tells painted faces from real ones; each person has one of their own."""

    family = "discriminators"


class V1Discriminator(Discriminator):
    """Three halvings, as in faceswap-GAN v1 and v2."""

    kind: Literal["v1"] = "v1"
    width: int = Field(64, ge=4, le=256)
    pairs: bool = True
    """Whether it sees what the generator saw, as v2's does."""
    bounded: bool = False
    """Whether answers end in a sigmoid, as v1's do; for lsgan and mixup only."""


class V22Discriminator(Discriminator):
    """Halvings down to 8x8 with self-attention, as in faceswap-GAN v2.2."""

    kind: Literal["v22"] = "v22"
    width: int = Field(64, ge=4, le=256)
    norm: Norm = "instance"
    attention: bool = True
    pairs: bool = True
    """Whether it sees what the generator saw."""


class Objective(Part):
    """What each of the two players wants."""

    family = "objectives"


class Lsgan(Objective):
    """Least squares (Mao et al. 2017)."""

    kind: Literal["lsgan"] = "lsgan"


class Mixup(Objective):
    """Least squares on mixtures of real and painted faces (Zhang et al. 2018)."""

    kind: Literal["mixup"] = "mixup"
    sharpness: float = Field(0.2, gt=0, le=1)
    """Both parameters of the Beta distribution of the shares; v1 has 0.1."""
    inverted: bool = False
    """The generator wants the opposite on mixtures, as in v1, not 1 for what it paints."""


class Relativistic(Objective):
    """Least squares, relative to the other faces' mean (Jolicoeur-Martineau 2018)."""

    kind: Literal["relativistic"] = "relativistic"


class Hinge(Objective):
    """Answers beyond 1 and -1 are good enough (Miyato et al. 2018)."""

    kind: Literal["hinge"] = "hinge"


class WganGp(Objective):
    """Wasserstein distance with gradient penalty (Gulrajani et al. 2017)."""

    kind: Literal["wgan_gp"] = "wgan_gp"
    penalty: float = Field(10.0, ge=0)


class Examiner(Part):
    """A small network that looks at codes, taught beside the generator and against its encoder."""

    family = "critics"
    aside = frozenset({"weight", "rate", "betas"})
    weight: float = Field(0.1, ge=0)
    """Of the encoder's wish, beside the other losses; the critic learns even at 0."""
    width: int = Field(256, ge=8)
    """Of its first layer."""
    rate: float = Field(2e-4, gt=0)
    """The critic's; it runs along the same course as the generator's."""
    betas: tuple[float, float] = (0.5, 0.999)


class Domain(Examiner):
    """Codes should not tell whose face it is (Ganin et al. 2016; XGAN, notes 10)."""

    kind: Literal["domain"] = "domain"


class Prior(Examiner):
    """Codes should be like draws from a normal distribution (alphaGAN, Rosca et al. 2017)."""

    kind: Literal["prior"] = "prior"


class Features(Settings):
    """What is painted should have the features of the real face, for who judges it (v2.1)."""

    weight: float = Field(1.0, gt=0)
    margin: float = Field(0.65, ge=0)
    """How far apart the discriminator wants them (Wang et al. 2018)."""


class Adversarial(Settings):
    """A discriminator for each person, taught beside the generator and against it."""

    weight: float = Field(0.1, ge=0)
    """Of the generator's wish, beside the other losses; the discriminator learns even at 0."""
    objective: Annotated[Lsgan | Mixup | Relativistic | Hinge | WganGp, *Chosen] = Mixup()
    discriminator: Annotated[V1Discriminator | V22Discriminator, *Chosen] = V1Discriminator()
    of: Literal["both", "image", "laid"] = "both"
    """What it is shown: what is painted, that laid over the input by its mask, or each."""
    rate: float = Field(2e-4, gt=0)
    """The discriminator's; it runs along the same course as the generator's."""
    betas: tuple[float, float] = (0.5, 0.999)
    every: int = Field(1, ge=1)
    """The generator moves once for so many moves of the discriminator; wgan_gp wants 5."""
    swapped: Literal[True] | None = None
    """It is shown others' faces painted as the person, in place of the person's own."""
    pool: int | None = Field(None, ge=1)
    """Half of what it is shown was painted earlier, out of so many faces; CycleGAN has 50."""
    apart: Literal[True] | None = None
    """What is painted has a second discriminator, which does not see what the generator saw."""
    features: Features | None = None

    @model_validator(mode="after")
    def _answers_may_be_large(self) -> Self:
        bounded = isinstance(self.discriminator, V1Discriminator) and self.discriminator.bounded
        if bounded and not isinstance(self.objective, Lsgan | Mixup):
            raise ValueError(f"{self.objective.kind} wants discriminator.bounded: false")
        return self

    @model_validator(mode="after")
    def _has_what_to_compare(self) -> Self:
        if self.apart and self.of != "both":
            raise ValueError("apart wants of: both")
        if self.features and (self.swapped or self.pool):
            raise ValueError("features are compared with those of the same face: no swapped, pool")
        return self

    @model_validator(mode="after")
    def _pairs_belong_together(self) -> Self:
        if (self.swapped or self.pool) and self.discriminator.pairs:
            name = "swapped" if self.swapped else "pool"
            raise ValueError(f"{name} wants discriminator.pairs: false")
        return self
