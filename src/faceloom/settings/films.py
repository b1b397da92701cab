"""From faces to films and scores: convert, refine, blend, evaluate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .faces import Landmarker, Mesh
from .forms import Chosen, Part, Settings
from .refiners import Adain, Gatys, Patches, Wct


class Lookalikes(Part):
    """What is painted leans on the donor's faces that do most nearly the same (notes 8)."""

    family = "converters"
    reads = ("crop", "curate")
    kind: Literal["lookalikes"] = "lookalikes"
    k: int = Field(5, ge=1)
    """How many of them."""
    share: float = Field(0.5, gt=0, le=1)
    """Their share of the code, or of the picture, that the donor is painted by."""
    of: Literal["codes", "pictures"] = "codes"


class Generated(Part):
    """The trained generator paints the donor's face as the host holds it."""

    family = "converters"
    reads = ("crop", "measure.identity", "train")
    kind: Literal["generated"] = "generated"
    mask: Literal["hull", "painted"] = "hull"
    """Where the new face is taken: inside the host's landmarks, or where the model paints one."""
    batch: int = Field(16, ge=1)
    threads: int = Field(1, ge=1)
    lookalikes: Lookalikes | None = None
    """Mixed with the nearest of the donor's faces; off, the host's code is taken as it is."""
    repeat: int | None = Field(None, ge=1)
    """How often what was painted is painted again (notes 7)."""
    landmarks: Literal["withheld"] | None = None
    """A model that takes landmarks is given none; off, it is given the host's (notes 6)."""


class Composite(Part):
    """The donor's view nearest in pose, warped onto the host's landmarks triangle by triangle."""

    family = "converters"
    reads = ("crop", "curate", "measure.identity", "measure.pose")
    kind: Literal["composite"] = "composite"
    hold: float = Field(0.15, ge=0)
    """A view is kept until another is nearer by this share: less flicker."""
    mouth: float = Field(40.0, ge=0)
    """How many degrees of pose an opening of the mouth by its own width is worth."""
    shape: float = Field(100.0, ge=0)
    """How many degrees it is worth that landmarks are off by the outer eye distance, on average."""


class Transfer(Part):
    """The host's picture in the style of the donor's (Champandard 2016); no training at all."""

    family = "converters"
    reads = ("crop", "curate", "measure.identity", "measure.pose")
    kind: Literal["transfer"] = "transfer"
    by: Annotated[Patches | Gatys | Adain | Wct, *Chosen] = Patches(
        semantic=10.0, ratio=0.8, quilted=0.3, phases=3, steps=40, colours=False
    )
    """How; the host is the content, the donor's view nearest in pose the style."""
    mask: Literal["hull", "crop"] = "hull"
    """Where the picture is taken: inside the host's landmarks, or all of the crop."""

    @property
    def weights(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of what it is done by."""
        return self.by.weights

    @property
    def slow(self) -> bool:
        """Whether each new face is put down when it is done, so that nothing is made twice."""
        return self.by.slow

    @model_validator(mode="after")
    def _published(self) -> Transfer:
        if self.by.decoders:
            raise ValueError(
                f"by.levels: {', '.join(self.by.decoders)}: here relu4_1 alone will do"
            )
        return self


class Feather(Part):
    """The face laid over the frame, fading out at the mask's edge."""

    family = "blenders"
    kind: Literal["feather"] = "feather"
    width: float = Field(0.015, ge=0, le=0.5)
    """Standard deviation of the fade, as a share of the crop."""


class Pyramid(Part):
    """Coarse structure over a wide seam, fine over a narrow one (Burt and Adelson 1983)."""

    family = "blenders"
    kind: Literal["pyramid"] = "pyramid"
    levels: int = Field(4, ge=1, le=8)


class Poisson(Part):
    """The face's gradients with the frame's colours at the edge (Perez et al. 2003)."""

    family = "blenders"
    kind: Literal["poisson"] = "poisson"


class Occlusion(Settings):
    """The mask lowered where `measure.parsing` sees something before the face."""

    reads = ("measure.parsing",)
    covers: tuple[Literal["occluder", "hair", "glasses"], ...] = ("occluder",)
    """What stays as the host has it."""
    grow: float = Field(0.005, ge=0, lt=0.2)
    """How far beyond that the mask is lowered, as a share of the crop."""


class Blend(Settings):
    """The new faces laid into the clip, as a film."""

    reads = ("extract", "convert", "refine")
    by: Annotated[Feather | Pyramid | Poisson, *Chosen] = Feather()
    colour: Literal["none", "lab", "histogram"] = "lab"
    """Mean and spread in Lab (Reinhard et al. 2001), or histograms, moved to the host's."""
    erode: float = Field(0.01, ge=0, lt=0.5)
    """How far the mask shrinks before it is used, as a share of the crop."""
    occlusion: Occlusion | None = None
    """Hands, microphones and the like stay before the new face."""
    layout: Literal["result", "side_by_side", "with_mask"] = "result"
    mark: Literal["visible", "metadata"] = "visible"
    """A small label in the picture besides the container's metadata, or the metadata alone."""
    quality: int = Field(16, ge=0, le=51)
    """x264's constant rate factor: lower is better and larger."""
    preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"] = (
        "veryfast"
    )
    threads: int = Field(1, ge=1)
    """The encoder's bits depend on it."""


class Metric(Part):
    """A question to a film, answered face by face."""

    family = "metrics"


class Likeness(Metric):
    """Is it the donor? Distances of descriptors to the means of people's clips to learn from."""

    reads = ("measure.identity",)
    weights = ("dlib_face_recognition_resnet_model_v1.dat",)
    kind: Literal["identity"] = "identity"


class Sharpness(Metric):
    """Root of the mean squared Sobel gradient of luma inside the mask, eroded by 3 px."""

    kind: Literal["sharpness"] = "sharpness"


class PoseKept(Metric):
    """Does the head point where the host's does? Mean difference of three angles, in degrees."""

    kind: Literal["pose"] = "pose"


class LandmarksKept(Metric):
    """Are the inner points where the host's are? In shares of the outer eye distance."""

    kind: Literal["landmarks"] = "landmarks"


class Flicker(Metric):
    """How much a pixel of the face jumps: second difference over time, in grey levels."""

    kind: Literal["flicker"] = "flicker"


class Truth(Metric):
    """How near the film is to the true one: PSNR and SSIM in the face, the seam and outside."""

    kind: Literal["truth"] = "truth"
    seam: int = Field(8, ge=1)
    """Half the width of the ring round the mask, in pixels of the frame."""


class Regions(Metric):
    """The same by a renderer's labels: PSNR and SSIM of face, seam, occluder and outside."""

    kind: Literal["regions"] = "regions"
    seam: int = Field(8, ge=1)
    """Half the width of the ring round the face, in pixels of the frame."""


class TrueLikeness(Metric):
    """Descriptor, landmarks and pose of the film's face against the true one's, frame by frame."""

    weights = ("dlib_face_recognition_resnet_model_v1.dat",)
    kind: Literal["likeness"] = "likeness"


class Drift(Metric):
    """How much the difference of film and truth changes from frame to frame, in grey levels."""

    kind: Literal["drift"] = "drift"


Question = Annotated[
    Likeness
    | Sharpness
    | PoseKept
    | LandmarksKept
    | Flicker
    | Truth
    | Regions
    | TrueLikeness
    | Drift,
    *Chosen,
]


class SFaceLikeness(Metric):
    """Is it the donor to SFace? Nothing is taught by that network."""

    reads = ("measure.sface",)
    weights = ("sface.onnx",)
    kind: Literal["sface"] = "sface"


class FaceNetLikeness(Metric):
    """Is it the donor to FaceNet? Nothing is taught by that network."""

    reads = ("measure.facenet",)
    weights = ("facenet_20180402.pb",)
    kind: Literal["facenet"] = "facenet"


class Evaluate(Settings):
    """All metrics of a film in one job."""

    reads = ("crop", "measure.identity", "blend")
    landmarks: Landmarker = Mesh()
    """What finds the points of a film's faces, and of the host's to compare them with."""
    metrics: tuple[Question, ...] = (
        Likeness(),
        Sharpness(),
        PoseKept(),
        LandmarksKept(),
        Flicker(),
        Truth(),
        Regions(),
        TrueLikeness(),
        Drift(),
    )
    judges: tuple[Annotated[SFaceLikeness | FaceNetLikeness, *Chosen], ...] | None = None
    """Networks that say who it is beside dlib's, which a model may have been taught by."""
