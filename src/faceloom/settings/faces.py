"""From a clip to its faces: extract, detect, track, crop."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .forms import Chosen, Part, Settings


class Extract(Settings):
    """The frames of a clip: when they are shown and what they are like."""

    rate: float = Field(25.0, gt=0)
    """Pictures per second, where a clip is a folder, a zip or a single picture."""
    cut: float = Field(0.45, gt=0, le=1)
    """A new scene begins where so much of the colour histogram changes between two frames."""
    same: float = Field(0.0, ge=0)
    """A frame is a duplicate where it differs by no more grey levels from the last that is none."""


class Hog(Part):
    """dlib's frontal faces by gradient histograms (Dalal and Triggs 2005): fast, near frontal."""

    family = "detectors"
    kind: Literal["hog"] = "hog"
    upsample: int = Field(0, ge=0, le=3)
    """How often the picture is doubled first: 0 finds faces from 80 px, 1 from 40 px."""
    threshold: float = 0.0
    """The least score; below 0 finds more, and more that is no face."""


class Video(Settings):
    """Faces sought near where they were, at about their sizes, on three levels of the pyramid.

    All of a frame is searched where a scene begins, where no face is known or one is lost, and now
    and then.
    """

    every: int = Field(8, ge=1)
    """Frames from one search all over to the next: a face that comes is found so late at worst."""


class Mmod(Part):
    """dlib's convolutional network by max-margin object detection (King 2015): all ways."""

    family = "detectors"
    weights = ("mmod_human_face_detector.dat",)
    kind: Literal["mmod"] = "mmod"
    upsample: int = Field(0, ge=0, le=3)
    """How often the picture is doubled first: 0 finds faces from 80 px, 1 from 40 px."""
    threshold: float = Field(0.0, ge=0)
    """The least score; the network itself finds nothing below 0."""
    precision: Literal["fp32", "bf16"] = "fp32"
    """bf16 moves boxes a little, and is faster where the machine has units for it."""
    video: Video | None = None
    """Frames are moments of one clip; without it, each is searched as if it were alone."""


class DlibMmod(Part):
    """The same network computed by dlib itself, twenty times slower: the reference."""

    family = "detectors"
    weights = ("mmod_human_face_detector.dat",)
    kind: Literal["dlib_mmod"] = "dlib_mmod"
    upsample: int = Field(0, ge=0, le=3)
    """How often the picture is doubled first: 0 finds faces from 80 px, 1 from 40 px."""
    threshold: float = Field(0.0, ge=0)
    """The least score; the network itself finds nothing below 0."""


class BlazeFace(Part):
    """Google's small network (Bazarevsky et al. 2019): faces of a fifth of the picture or more."""

    family = "detectors"
    weights = ("face_landmarker.task",)
    kind: Literal["blazeface"] = "blazeface"
    threshold: float = Field(0.5, gt=0, le=1)
    """The least score."""


class Mesh(Part):
    """68 points by a fixed table of vertices of Google's mesh of 478."""

    family = "landmarkers"
    weights = ("face_landmarker.task",)
    kind: Literal["mesh"] = "mesh"
    passes: int = Field(2, ge=1, le=4)
    """Each looks where the one before has found the face; the first, in the detector's box."""


class Points68(Part):
    """dlib's own, by regression trees (Kazemi and Sullivan 2014); learnt from 300-W: research."""

    family = "landmarkers"
    weights = ("shape_predictor_68_face_landmarks.dat",)
    kind: Literal["points68"] = "points68"
    finer: int = Field(4, ge=1, le=8)
    """The face is enlarged so many times first: the predictor gives whole pixels of that."""


Landmarker = Annotated[Mesh | Points68, *Chosen]


class Detect(Settings):
    """Where the faces are in every frame, each with landmarks of its own."""

    reads = ("extract",)
    detector: Annotated[Hog | Mmod | DlibMmod | BlazeFace, *Chosen] = Hog()
    landmarks: Landmarker = Mesh()


class Raw(Part):
    """No smoothing."""

    family = "smoothers"
    kind: Literal["raw"] = "raw"


class Ema(Part):
    """An exponential moving average, forwards and backwards so that it does not lag."""

    family = "smoothers"
    kind: Literal["ema"] = "ema"
    memory: float = Field(0.65, ge=0, lt=1)
    """The share of the frame before in every frame (faceswap-GAN has 0.65)."""


class Kalman(Part):
    """A constant-velocity Kalman filter with its backward pass (Rauch, Tung and Striebel 1965)."""

    family = "smoothers"
    kind: Literal["kalman"] = "kalman"
    process: float = Field(0.004, gt=0)
    """Standard deviation of a point's acceleration, in face widths per frame squared."""
    measurement: float = Field(0.008, gt=0)
    """Standard deviation of a detected point, in face widths: dlib's jitter by about 0.008."""


Smoother = Annotated[Raw | Ema | Kalman, *Chosen]


class Track(Settings):
    """Who is who from frame to frame, in a steadied box and steadied landmarks."""

    reads = ("detect", "extract")
    overlap: float = Field(0.3, gt=0, lt=1)
    """Two boxes are one face where they share so much of their union."""
    gap: int = Field(12, ge=0)
    """A face may be missing for so many frames; they are bridged, and marked."""
    shortest: int = Field(3, ge=1)
    """A face seen in fewer frames is none, but in clips that are shorter themselves."""
    box: Smoother = Kalman()
    landmarks: Smoother = Kalman()


class Crop(Settings):
    """Faces cut out of a clip, with the mask of what is to be swapped."""

    reads = ("track",)
    kind: Literal["aligned", "box"] = "aligned"
    """Turned and scaled so that landmarks meet a mean face (Umeyama 1991), or the box as it is."""
    size: int = Field(256, ge=32, le=2048)
    """Width and height of a crop in pixels."""
    coverage: float = Field(0.9, gt=0.1, le=1)
    """How much of the crop's width the mean face, or the box, takes."""
    forehead: float = Field(0.2, ge=0, le=1)
    """How far the mask reaches above the brows, as a share of the height from chin to brows."""
