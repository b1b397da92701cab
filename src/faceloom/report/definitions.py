"""What each metric means, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Better = Literal["low", "high", "truth"]


@dataclass(frozen=True)
class Definition:
    """A metric in words.

    Attributes:
        name: as in the tables.
        label: as in headings.
        better: lower, higher, or nearer to the truth (to the host's own clip where no truth is).
        unit: behind a number, or nothing.
        sentence: what it measures.
        digits: after the point.
    """

    name: str
    label: str
    better: Better
    unit: str
    sentence: str
    digits: int

    @property
    def spoken(self) -> str:
        """The label as within a sentence."""
        return self.label[0].lower() + self.label[1:]

    @property
    def arrow(self) -> str:
        """The direction as a sign."""
        return {"low": "↓", "high": "↑", "truth": "≈"}[self.better]

    @property
    def direction(self) -> str:
        """The direction in words."""
        return {
            "low": "lower is better",
            "high": "higher is better",
            "truth": "nearest to the truth is best",
        }[self.better]

    def number(self, value: float) -> str:
        """The value with as many digits as it deserves."""
        text = f"{value:.{self.digits}f}"
        return text.removeprefix("-") if not float(text) else text.replace("-", "−")

    def span(self, low: float, high: float) -> str:
        """An interval."""
        joint = "–" if low >= 0 else " to "
        return f"{self.number(low)}{joint}{self.number(high)}"


BASIC = (
    Definition(
        "donor_distance", "Donor distance", "low", "",
        "How far the face is from the donor: distance of its descriptor (a published network for "
        "recognising faces) to the mean of the donor's own clips; strangers are about 0.6 apart "
        "or more.", 3,
    ),
    Definition(
        "host_distance", "Host distance", "high", "",
        "The same distance to the host: how much of the host's identity is gone.", 3,
    ),
    Definition(
        "nearer_donor", "Nearer donor", "high", "of frames",
        "Share of frames in which the face is nearer to the donor than to the host.", 2,
    ),
    Definition(
        "truth_psnr_face", "Face PSNR", "high", "dB",
        "How near the pixels of the face are to those of the true film (peak signal-to-noise "
        "ratio); 3 dB more is half the squared error.", 1,
    ),
    Definition(
        "truth_ssim_face", "Face SSIM", "high", "",
        "Structural similarity (SSIM) of the face and the true film's: 1 is the same.", 3,
    ),
    Definition(
        "truth_psnr_seam", "Seam PSNR", "high", "dB",
        "The same as for the face, in the ring round it where new pixels meet old ones.", 1,
    ),
    Definition(
        "truth_psnr_outside", "Outside PSNR", "high", "dB",
        "The same where nothing should change: what encoding the film again costs.", 1,
    ),
    Definition(
        "truth_distance", "Distance to truth", "low", "",
        "Distance of the descriptor of the face to that of the true film’s face in the same frame.",
        3,
    ),
    Definition(
        "truth_landmark_error", "Landmarks to truth", "low", "",
        "How far eyes, nose and mouth are from the true film’s, in units of the distance between "
        "the outer corners of the eyes.", 4,
    ),
    Definition(
        "truth_pose_error", "Pose to truth", "low", "°",
        "How far the head’s direction is from the true film’s: mean difference of three angles.",
        2,
    ),
    Definition(
        "truth_drift", "Drift", "low", "",
        "How much the error against the true film changes from frame to frame (root mean square "
        "in the face, grey levels): a constant error does not drift, flicker and lag do.", 2,
    ),
    *(
        Definition(
            f"labelled_{measure}_{region}", f"{label}, {name}", "high", unit,
            f"The {label} of film and truth {where}, by the renderer’s labels.", digits,
        )
        for region, name, where in (
            ("face", "face", "where the donor’s face is seen"),
            ("seam", "seam", "along the edge of the donor’s face"),
            ("occluder", "occluder", "on a hand, a microphone or glasses before the face"),
            ("outside", "outside", "beyond the seam, without hair"),
        )
        for measure, label, unit, digits in (("psnr", "PSNR", "dB", 1), ("ssim", "SSIM", "", 3))
    ),
    Definition(
        "sharpness", "Sharpness", "truth", "",
        "Strength of edges inside the face (root mean square of the brightness gradient); "
        "less than the truth is blur, more is noise.", 1,
    ),
    Definition(
        "pose_error", "Pose error", "low", "°",
        "How far the head's direction is from the host's: mean difference of three angles.", 2,
    ),
    Definition(
        "landmark_error", "Landmark error", "low", "",
        "How far eyes, nose and mouth are from the host's, in units of the distance between the "
        "outer corners of the eyes.", 4,
    ),
    Definition(
        "flicker", "Flicker", "truth", "",
        "How much the face's pixels jump from frame to frame (second difference over time, in "
        "grey levels); more than the truth is flicker, less is a face too still or blurred.",
        2,
    ),
)  # fmt: skip

JUDGES = {"sface": "SFace", "facenet": "FaceNet"}
"""Networks that say who it is, and that nothing is taught by."""


def judged(judge: str, name: str) -> tuple[Definition, ...]:
    """A judge's metrics."""
    return (
        Definition(
            f"{judge}_donor_distance", f"Donor distance ({name})", "low", "",
            f"How far the face is from the donor for {name}, a network that no model is taught by; "
            "strangers are about 1.1 apart or more.", 3,
        ),
        Definition(
            f"{judge}_host_distance", f"Host distance ({name})", "high", "",
            f"The same distance to the host, for {name}.", 3,
        ),
        Definition(
            f"{judge}_nearer_donor", f"Nearer donor ({name})", "high", "of frames",
            f"Share of frames in which {name} finds the face nearer to the donor than to the host.",
            2,
        ),
    )  # fmt: skip


KNOWN = (*BASIC[:3], *(each for pair in JUDGES.items() for each in judged(*pair)), *BASIC[3:])

KEY = (
    "donor_distance",
    *(f"{judge}_donor_distance" for judge in JUDGES),
    "nearer_donor",
    "truth_psnr_face",
    "truth_ssim_face",
    "truth_psnr_seam",
    "sharpness",
    "pose_error",
    "landmark_error",
    "flicker",
)
"""What the main table shows; the others are further down."""


def describe(metric: str) -> Definition:
    """What a metric means; one that is not known by name is shown with plain defaults."""
    for definition in KNOWN:
        if definition.name == metric:
            return definition
    label = metric.replace("_", " ").capitalize()
    return Definition(metric, label, "low", "", "A metric without a description here.", 3)


def in_order(metrics: set[str]) -> list[str]:
    """The metrics in the order in which they are shown: the known ones first."""
    known = [definition.name for definition in KNOWN]
    return [name for name in known if name in metrics] + sorted(metrics - set(known))
