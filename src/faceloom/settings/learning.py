"""What is learnt and how: train."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from .forms import Chosen, Settings
from .losses import Dssim, Losses
from .models import Coded, Models, Small
from .people import FaceNet, Identity, MeshPose, SFace


class Augmentation(Settings):
    """How a batch is varied before it is learnt."""

    rotation: float = Field(3.0, ge=0, le=180)
    """Degrees, either way."""
    zoom: float = Field(0.015, ge=0, lt=1)
    shift: float = Field(0.015, ge=0, lt=1)
    """A share of the crop."""
    warp: float = Field(0.015, ge=0, lt=0.2)
    """Standard deviation of the warp grid's knots, as a share of the crop."""
    flip: float = Field(0.0, ge=0, le=1)
    """How often a face is mirrored."""
    brightness: float = Field(0.03, ge=0, lt=1)
    """A share of the range, either way; the same light on what is seen and what is painted."""
    contrast: float = Field(0.1, ge=0, lt=1)
    colour: float = Field(0.03, ge=0, lt=1)
    """How much each of red, green and blue is scaled, either way."""
    shade: float = Field(0.15, ge=0, lt=1)
    """How much brighter one edge may be than the middle, from any side."""
    backdrop: float = Field(0.7, ge=0, le=1)
    """How often random colours are put behind the face that is seen, so that it alone counts."""
    match: float | None = Field(None, ge=0, le=1)
    """How often a face takes another person's colours, more or less; faceswap-GAN has 0.5."""
    channels: float | None = Field(None, ge=0, lt=1)
    """How far red, green and blue are shifted, each by itself: a share of the range, either way."""
    coarse: float | None = Field(None, ge=0, le=1)
    """How often what is seen has few pixels, down to a quarter of the size."""
    motion: float | None = Field(None, ge=0, le=1)
    """How often a face is blurred as by motion; faceswap-GAN has 0.25 for films."""
    compression: float | None = Field(None, ge=0, le=1)
    """How often what is seen has been through JPEG, at a quality of 20 to 90."""
    mixup: float | None = Field(None, gt=0, le=1)
    """Two faces of a person over one another, by shares of a Beta distribution of this width."""


class Phase(Settings):
    """What is different from some step on; phases add up."""

    start: float = Field(ge=0, lt=1)
    """The share of all steps after which it begins."""
    losses: dict[str, dict[str, Any]] = {}
    """Other knobs for terms that are named from the start, `weight: 0` among them."""
    rate: float = Field(1.0, gt=0)
    """A factor to both players' rates, in this phase alone."""
    turn: bool = False
    """Everybody gets the next one's decoder as it begins."""


class Best(Settings):
    """What is kept is what does best with faces that were held out, not what comes last."""

    share: float = Field(0.1, gt=0, lt=0.5)
    """Of everybody's faces: the last of them are held out."""
    faces: int = Field(6, ge=1)
    """So many of each person's are swapped to look at them, evenly out of those."""
    every: int = Field(200, ge=1)
    """Steps from one look to the next."""
    patience: int | None = Field(None, ge=1)
    """So many looks in a row that are no better end the training."""
    identity: Annotated[Identity | SFace | FaceNet, *Chosen] = Identity()
    """Whose numbers tell how far what is painted is from the donor: not those that judge alone."""
    pose: Annotated[MeshPose, *Chosen] = MeshPose()
    """What tells how far it is turned away from the host."""
    weights: tuple[float, float] = (1.0, 1.0)
    """How much each of the two counts: half of 1 less the cosine, and turns by 90 degrees."""
    truth: float = Field(5.0, ge=0)
    """How much it counts how far faces are from the truth, black to white, where that is known: of
    swaps whose use is to choose."""


class Train(Settings):
    """A generator that knows everybody in its cast."""

    reads = ("crop", "curate", "augment")
    cast: str | None = None
    """A cast by name; otherwise the host and the donor."""
    begin: str | None = Field(None, alias="from")
    """A trained generator to begin with, as models/boris+chen.pt; otherwise it is new."""
    model: Models = Small()
    losses: Losses = Losses(dssim=Dssim())
    augmentation: Augmentation = Augmentation()
    few: Augmentation | None = None
    """How the faces of those who are painted vary, where a cast has a crowd besides (notes 10)."""
    colours: Literal["common", "own"] = "common"
    """Everybody's colours moved to the cast's mean before, and back after; or left as they are."""
    steps: int = Field(2000, ge=1)
    batch: int = Field(16, ge=1)
    """Faces of each person in a step."""
    rate: float = Field(7e-4, gt=0)
    betas: tuple[float, float] = (0.9, 0.99)
    """How long Adam remembers slopes and their squares; faceswap-GAN has 0.5 and 0.999."""
    decay: float | None = Field(None, ge=0)
    """So many times the weights' squares are added to the loss; faceswap-GAN v2 has 1e-4."""
    average: float | None = Field(None, ge=0, lt=1)
    """What is kept is an average of the weights; the share of it that each step leaves."""
    schedule: tuple[Phase, ...] | None = None
    """Phases in which other losses and rates hold."""
    warmup: int = Field(50, ge=0)
    flat: float = Field(0.5, ge=0, le=1)
    """The share of the steps before the rate begins to fall along a cosine."""
    clip: float = Field(1.0, gt=0)
    """The longest gradient."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """auto: bf16 where the processor computes in it."""
    compile: Literal["networks"] | None = None
    """Through torch.compile: pays on GPUs at best; minutes go by before the first step."""
    threads: int = Field(2, ge=1)
    """Sums depend on it, so it is no matter of the machine."""
    processes: int | None = Field(None, ge=2)
    """So many share each batch, a GPU each where there are as many; on one machine, by torchrun."""
    seed: int = Field(0, ge=0)
    save: int = Field(200, ge=1)
    """Steps from one checkpoint to the next."""
    best: Best | None = None
    """What is kept is the best by faces held out; otherwise the last."""
    keep: Literal["state", "nothing"] = "state"
    """state: what a training with more `steps` can go on from stays, some three times its size."""
    preview: int = Field(200, ge=1)
    """Steps from one picture of the previews' film to the next."""

    @model_validator(mode="after")
    def _mask_is_taught(self) -> Self:
        paints, of_masks = self.model.mask is not None, self.losses.of_masks()
        if of_masks and not paints:
            raise ValueError(f"losses.{of_masks[0].kind} needs a mask: set model.mask: alpha")
        if paints and not self.losses.teach_masks():
            raise ValueError("nothing teaches the mask that model.mask paints: set losses.mask")
        return self

    @model_validator(mode="after")
    def _translators_meet_others(self) -> Self:
        said = self.losses.adversarial
        if self.model.kind == "cyclegan" and not (self.losses.cyclic and said and said.swapped):
            raise ValueError(
                "cyclegan shares no encoder: set losses.cyclic and losses.adversarial.swapped: true"
            )
        return self

    @model_validator(mode="after")
    def _codes_are_there(self) -> Self:
        said = self.losses
        of_codes = [each.kind for each in (said.semantic, said.kl, *said.examiners()) if each]
        if of_codes and not isinstance(self.model, Coded):
            raise ValueError(
                f"losses.{of_codes[0]} is about a code, and {self.model.kind} has none"
            )
        drawn = isinstance(self.model, Coded) and self.model.variational
        if said.kl and not drawn:
            raise ValueError("losses.kl is about codes that are drawn: set model.variational: true")
        if drawn and not (said.kl or said.prior):
            raise ValueError("nothing keeps variational codes apart: set losses.kl or losses.prior")
        return self

    @model_validator(mode="after")
    def _phases_follow_one_another(self) -> Self:
        starts = [phase.start for phase, _ in self.phases()]
        if starts != sorted(set(starts)):
            raise ValueError("schedule: each phase begins later than the one before")
        return self

    def withheld(self) -> float | None:
        """How often faces come without landmarks; None where the model takes none."""
        said = self.model.landmarks if isinstance(self.model, Coded) else None
        return None if said is None else said.dropout

    def phases(self) -> list[tuple[Phase, Losses]]:
        """The phases, each with all losses as they then are."""
        losses = self.losses
        every = []
        for phase in self.schedule or ():
            losses = losses.laid_over(phase.losses)
            every.append((phase, losses))
        return every
