"""Every knob, verb by verb in the order the data flows, and what each verb reads.

Light to import: the workflow reads this before any job runs, so no torch in here.
What can be off is off by default: then a form added later changes nobody's settings.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from .faces import BlazeFace, Crop, Detect, DlibMmod, Extract, Hog, Mesh, Mmod, Points68, Track
from .films import Blend, Composite, Evaluate, Generated, Transfer
from .forms import Chosen, Part, Settings
from .learning import Train
from .people import (
    ActionUnits,
    Augment,
    Bisenet,
    Curate,
    DlibMap,
    FaceNet,
    FaceNetMap,
    Gaze,
    Identity,
    Match,
    Measures,
    MeshHulls,
    MeshPose,
    Mouth,
    Parsing,
    Pose,
    Quality,
    ResNet50Map,
    SFace,
    SFaceMap,
    Unet,
    Vgg16Map,
)
from .refiners import Refine

Measure = Annotated[
    Identity
    | SFace
    | FaceNet
    | SFaceMap
    | FaceNetMap
    | DlibMap
    | Vgg16Map
    | ResNet50Map
    | Pose
    | MeshPose
    | Quality
    | ActionUnits
    | Gaze
    | Mouth
    | Unet
    | MeshHulls
    | Bisenet,
    *Chosen,
]
Convert = Annotated[Generated | Composite | Transfer, *Chosen]


class Pipeline(Settings):
    """One variant, fully spelled out; the order of the fields is the order of the verbs."""

    extract: Extract = Extract()
    detect: Detect = Detect()
    track: Track = Track()
    crop: Crop = Crop()
    measure: Measures = Measures()
    curate: Curate = Curate()
    match: Match = Match()
    augment: Augment | None = None
    train: Train = Train()
    convert: Convert = Generated()
    refine: Refine | None = None
    blend: Blend = Blend()
    evaluate: Evaluate = Evaluate()

    @model_validator(mode="after")
    def _losses_look_at_the_crops_there_are(self) -> Self:
        said = self.train.losses
        for loss in (said.perceptual, said.identity):
            if loss is not None and loss.coverage != self.crop.coverage:
                raise ValueError(
                    f"train.losses.{loss.kind}.coverage is {loss.coverage}, but crop.coverage is "
                    f"{self.crop.coverage}: say the same for both"
                )
        return self


VERBS = tuple(Pipeline.model_fields)

__all__ = [
    "VERBS",
    "ActionUnits",
    "Augment",
    "Bisenet",
    "BlazeFace",
    "Blend",
    "Composite",
    "Convert",
    "Crop",
    "Curate",
    "Detect",
    "DlibMap",
    "DlibMmod",
    "Evaluate",
    "Extract",
    "FaceNet",
    "FaceNetMap",
    "Gaze",
    "Generated",
    "Hog",
    "Identity",
    "Match",
    "Measure",
    "Measures",
    "Mesh",
    "MeshHulls",
    "MeshPose",
    "Mmod",
    "Mouth",
    "Parsing",
    "Part",
    "Pipeline",
    "Points68",
    "Pose",
    "Quality",
    "Refine",
    "ResNet50Map",
    "SFace",
    "SFaceMap",
    "Settings",
    "Track",
    "Train",
    "Transfer",
    "Unet",
    "Vgg16Map",
]
