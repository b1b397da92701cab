"""Two people's tables of a few faces, and trainings on them that take a second."""

from pathlib import Path
from typing import Any

from faceloom.rows.augmented import Augmented
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.settings import Train
from faceloom.stages.train import train
from faceloom.tables import write
from faces import ANNA, EMI, kept, row, shot

FACES = {
    person: [
        row(shot(n, turn=5 * n - 10, skin=skin), n, clip=f"{person}_learn", person=person)
        for n in range(5)
    ]
    for person, skin in (("anna", ANNA), ("emi", EMI))
}
LEFT_OUT = row(shot(9, skin=(20, 220, 20)), 9, clip="anna_learn")  # green
GRAFTS = [
    Augmented(
        clip="anna_learn",
        person="emi",
        frame=frame,
        track=0,
        parts="mouth",
        other_clip="emi_learn",
        other_frame=0,
        quality=1.0,
        kept=good,
        mask=FACES["anna"][frame].mask,
        image=FACES["anna"][frame].image,
    )
    for frame, good in ((1, True), (2, False))
]


def small(**changes: Any) -> Train:
    """Settings of the smallest network, learning for a moment."""
    said: dict[str, Any] = {
        "model": {"kind": "small", "width": 8, "latent": 16},
        "steps": 30,
        "batch": 2,
        "warmup": 5,
        "threads": 1,
        "precision": "fp32",
        "save": 7,
        "preview": 10,
    }
    return Train.model_validate(said | changes)


def tables(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Faces and choices of both, and what augment has made of anna's."""
    faces = {person: folder / f"{person}.parquet" for person in FACES}
    choices = {person: folder / f"{person}.choices.parquet" for person in FACES}
    for person, rows in FACES.items():
        extra = [LEFT_OUT] if person == "anna" else []
        write(faces[person], [*rows, *extra], Face)
        left = [Choice(*face.key, False, "blurred") for face in extra]
        write(choices[person], [*kept(*rows), *left], Choice)
    write(folder / "augmented.parquet", GRAFTS, Augmented)
    return {
        "faces": tuple(faces.values()),
        "choices": tuple(choices.values()),
        "augmented": (folder / "augmented.parquet",),
        "people": ("anna", "emi"),
    }


def outputs(folder: Path, name: str) -> dict[str, Path]:
    """What a training makes."""
    endings = {
        "generator": "pt", "history": "history.parquet", "previews": "previews.mp4",
        "varied": "varied.png",
    }  # fmt: skip
    return {kind: folder / f"{name}.{ending}" for kind, ending in endings.items()}


def trained(
    folder: Path, name: str = "anna+emi", *, weights: tuple[Path, ...] = (), **settings: Any
) -> dict[str, Path]:
    """Train, on tables that are made if they are not there."""
    given = tables(folder)
    made = outputs(folder, name)
    train(**given, **made, settings=small(**settings), weights=weights)
    return made
