"""From faces to what a model learns: measure, curate, match, augment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .forms import Chosen, Part, Settings


class Measure(Part):
    """One kind of fact about faces, made by a job of its own."""

    family = "measures"
    reads = ("crop",)


class Identity(Measure):
    """Who it is: dlib's 128 numbers, the same person where they lie within 0.6 (King 2017)."""

    weights = ("dlib_face_recognition_resnet_model_v1.dat",)
    kind: Literal["identity"] = "identity"


class SFace(Measure):
    """The same, for judges that nothing is taught by: SFace's 128 numbers (Zhong et al. 2021)."""

    weights = ("sface.onnx",)
    kind: Literal["sface"] = "sface"


class FaceNet(Measure):
    """The same, for judges that nothing is taught by: FaceNet's 512 (Schroff et al. 2015)."""

    weights = ("facenet_20180402.pb",)
    kind: Literal["facenet"] = "facenet"


class SFaceMap(Measure):
    """What it looks like to SFace: its last map of features, averaged over places."""

    weights = ("sface.onnx",)
    kind: Literal["sface_map"] = "sface_map"


class FaceNetMap(Measure):
    """What it looks like to FaceNet: its last map of features, averaged over places."""

    weights = ("facenet_20180402.pb",)
    kind: Literal["facenet_map"] = "facenet_map"


class DlibMap(Measure):
    """What it looks like to dlib's network: its last map of features, averaged over places."""

    weights = ("dlib_face_recognition_resnet_model_v1.dat",)
    kind: Literal["dlib_map"] = "dlib_map"


class Vgg16Map(Measure):
    """What it looks like to VGG16: its last map of features, averaged over places."""

    weights = ("lpips_vgg16.ckpt",)
    kind: Literal["vgg16_map"] = "vgg16_map"


class ResNet50Map(Measure):
    """What it looks like to ResNet50: its last map of features, averaged over places."""

    weights = ("resnet50.tfjs",)
    kind: Literal["resnet50_map"] = "resnet50_map"


class Pose(Measure):
    """Where the head points: yaw, pitch and roll in degrees."""

    kind: Literal["pose"] = "pose"


class MeshPose(Measure):
    """The same, by the mean face fitted to the 478-point mesh: steadier, not the same zero."""

    weights = ("face_landmarker.task",)
    kind: Literal["mesh_pose"] = "mesh_pose"


class ActionUnits(Measure):
    """What the face does: FACEGAN's 17 action units, 0 to 5, and yaw, pitch and roll."""

    weights = ("face_landmarker.task",)
    kind: Literal["action_units"] = "action_units"


class Gaze(Measure):
    """Where the eyes look, relative to the head: yaw and pitch in degrees."""

    weights = ("face_landmarker.task",)
    kind: Literal["gaze"] = "gaze"


class Mouth(Measure):
    """How far the lips are apart, and how wide the mouth is, in outer eye distances."""

    weights = ("face_landmarker.task",)
    kind: Literal["mouth"] = "mouth"


class Quality(Measure):
    """What the picture is worth: sharpness, mean luma, and the share of clipped pixels."""

    kind: Literal["quality"] = "quality"


class Parsing(Measure):
    """What each pixel of a crop shows, and which of them are the face as far as it is seen."""


class MeshHulls(Parsing):
    """Outlines of the 478-point mesh: a face, its eyes, its mouth; it sees nothing before them."""

    weights = ("face_landmarker.task",)
    kind: Literal["mesh_hulls"] = "mesh_hulls"


class Unet(Parsing):
    """A small network of ours, taught on rendered people: hands and microphones too."""

    weights = ("face_parser.pt",)
    kind: Literal["unet"] = "unet"


class Bisenet(Parsing):
    """BiSeNet (Yu et al. 2018), taught on CelebAMask-HQ, which is for research only."""

    weights = ("79999_iter.pth",)
    kind: Literal["bisenet"] = "bisenet"


class Measures(Settings):
    """The kinds there are; what nobody reads is not made."""

    identity: Identity = Identity()
    pose: Annotated[Pose | MeshPose, *Chosen] = Pose()
    quality: Quality = Quality()
    action_units: ActionUnits = ActionUnits()
    gaze: Gaze = Gaze()
    mouth: Mouth = Mouth()
    sface: SFace = SFace()
    facenet: FaceNet = FaceNet()
    sface_map: SFaceMap = SFaceMap()
    facenet_map: FaceNetMap = FaceNetMap()
    dlib_map: DlibMap = DlibMap()
    vgg16_map: Vgg16Map = Vgg16Map()
    resnet50_map: ResNet50Map = ResNet50Map()
    parsing: Annotated[Unet | MeshHulls | Bisenet, *Chosen] = Unet()


class Curate(Settings):
    """A person's faces worth learning from, and why the others are not."""

    reads = ("crop", "measure.identity", "measure.quality")
    stranger: float = Field(0.6, gt=0)
    """A face whose descriptor is farther from the person's is somebody else's."""
    blurred: float = Field(0.35, ge=0, le=1)
    """A face with less than this share of the median sharpness is left out."""
    clipped: float = Field(0.5, ge=0, le=1)
    """A face with more than this share of black or white pixels is left out."""
    twin: float = Field(0.5, ge=0)
    """A face that differs from one already kept by fewer grey levels, at 32 pixels, is left out."""
    share: float = Field(1.0, gt=0, le=1)
    """What one clip may contribute at most (faceswap-GAN, note 4)."""
    held: float = Field(0.2, ge=0, lt=1)
    """The last part of each clip that is held out, where the person has no clip to be judged by."""
    most: int = Field(20_000, ge=1)
    """The most faces that are kept, evenly over time."""


class SFaceFeatures(SFaceMap):
    """What is measured by sface_map."""

    reads = ("measure.sface_map",)


class FaceNetFeatures(FaceNetMap):
    """What is measured by facenet_map."""

    reads = ("measure.facenet_map",)


class DlibFeatures(DlibMap):
    """What is measured by dlib_map."""

    reads = ("measure.dlib_map",)


class Vgg16Features(Vgg16Map):
    """What is measured by vgg16_map."""

    reads = ("measure.vgg16_map",)


class ResNet50Features(ResNet50Map):
    """What is measured by resnet50_map."""

    reads = ("measure.resnet50_map",)


Features = SFaceFeatures | FaceNetFeatures | DlibFeatures | Vgg16Features | ResNet50Features


class Match(Settings):
    """Every face's look-alikes among another person's."""

    reads = ("crop", "measure.identity", "curate")
    by: Literal["descriptor", "picture"] = "picture"
    """Nearest in identity, or in the averaged picture, which is about pose and light."""
    features: Annotated[Features, *Chosen] | None = None
    """Instead: nearest in the averaged features of a network (faceswap-GAN, notes 8 and 11)."""
    neighbours: int = Field(5, ge=1)
    size: int = Field(16, ge=4, le=64)
    """The picture is averaged down to so many pixels."""


class Parts(Part):
    """Mouth, nose or eyes of the look-alike put in (faceswap-GAN, note 11)."""

    family = "augmenters"
    kind: Literal["parts"] = "parts"
    take: tuple[Literal["mouth", "nose", "eyes"], ...] = ("mouth", "nose", "eyes")
    grow: float = Field(0.35, ge=0)
    """How much larger than its landmarks a part is taken."""


class Augment(Settings):
    """A person's faces with the features of another's look-alikes."""

    reads = ("crop", "curate", "match")
    by: Annotated[Parts, *Chosen] = Parts()
    gate: float | None = Field(None, gt=0)
    """A sample whose seam is so many times as strong as the face's own edges is dropped."""
    share: float = Field(0.5, gt=0, le=1)
    """How many faces are made, for each that there is."""
    seed: int = Field(0, ge=0)
