"""The truth is true: twins are the donor, labels are where dlib sees them, scores lie between.

On the demo's committed clips; on fresh renders under `pytest -m truth`.
"""

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from actors import places, with_renderer
from faceloom.actors import labels
from faceloom.descriptors import Describer
from faceloom.geometry.landmarks import INNER, aligned, outer_eye_distance
from faceloom.geometry.similarity import apply
from faceloom.images import encode_png, save_picture
from faceloom.landmarkers import points68
from faceloom.media import pictures
from faceloom.metrics.moment import seat
from faceloom.pixels.masks import dilated, hull
from faceloom.pixels.warps import cut
from faceloom.report.definitions import describe
from faceloom.rows.faces import Face
from faceloom.rows.scores import Score
from faceloom.settings import Evaluate, Identity
from faceloom.settings.actors import Actors
from faceloom.stages.actors import actors
from faceloom.stages.evaluate import evaluate
from faceloom.stages.measure import measure
from faceloom.tables import read, write

PROJECT = Path(__file__).parents[2]
DEMO = PROJECT / "data/demo"
WEIGHTS = PROJECT / "resources/weights"
DESCRIPTOR = WEIGHTS / "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKER = WEIGHTS / "face_landmarker.task"
POINTS = WEIGHTS / "shape_predictor_68_face_landmarks.dat"
with_descriptor = pytest.mark.skipif(not DESCRIPTOR.exists(), reason="weights are not there")
with_landmarker = pytest.mark.skipif(not LANDMARKER.exists(), reason="weights are not there")
with_points = pytest.mark.skipif(not POINTS.exists(), reason="weights for research are not there")
TWINS = [("boris", "chen"), ("chen", "boris")]
EVERY = [pytest.param(10, id="some"), pytest.param(1, marks=pytest.mark.truth, id="all")]

FRONTAL, NEARLY = 15.0, (0.031, 0.039)  # degrees; of the outer eye distance, frontal and all
JUDGED = 4  # frames that the demo's films are scored over
REACH = 6  # pixels of 256 beyond the mask where light of the new face may still fall


def labelled(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The landmarks (T, 68, 2), pixel centres at whole numbers, and the yaws (T,) of a clip."""
    if (folder / f"{name}.parquet").exists():
        shot = labels.shot(folder, name)
        return shot.points.astype(np.float64), np.array([row.yaw for row in shot.frames])
    told = json.loads((folder / f"{name}.json").read_text())["per_frame"]
    points = np.array([each["lm68"] for each in told]) - 0.5
    return points, np.array([each["head_pose_deg"]["yaw"] for each in told])


@cache
def described() -> Describer:
    return Describer(DESCRIPTOR)


def looks(folder: Path, name: str, every: int) -> np.ndarray:
    """Descriptors of every so manieth frame, the face cut out by the labels."""
    points, _ = labelled(folder, name)
    chosen = [p for p in pictures(folder / f"{name}.mp4") if p.frame % every == 0]
    return np.stack(list(described().all((p.image, points[p.frame]) for p in chosen)))


@cache
def portrait(name: str) -> np.ndarray:
    """How somebody of the demo looks, by the clip that is learnt from."""
    mean: np.ndarray = looks(DEMO, f"{name}_learn", 10).mean(axis=0)
    return mean


@with_descriptor
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize(("host", "donor"), TWINS)
def test_a_twin_is_nearer_to_the_donor_in_every_frame(host: str, donor: str, every: int) -> None:
    twin, own = looks(DEMO, f"{host}_as_{donor}", every), looks(DEMO, host, every)

    def far(faces: np.ndarray, who: str) -> np.ndarray:
        distance: np.ndarray = np.linalg.norm(faces - portrait(who), axis=1)
        return distance

    assert (far(twin, donor) < far(twin, host)).all()
    assert (far(own, host) < far(own, donor)).all()
    assert far(twin, donor).mean() < 0.45 and far(own, donor).mean() > 0.6


@with_points
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("name", ["boris", "chen", "boris_as_chen", "chen_as_boris"])
def test_labels_are_where_dlib_sees_landmarks(name: str, every: int) -> None:
    """Within the figures of the renderer's recipe, for the clip's mean and for frontal frames."""
    near = points68.make(weights=(POINTS,), finer=2)
    inner, (points, yaws) = list(INNER), labelled(DEMO, name)
    errors = {}
    for picture in pictures(DEMO / f"{name}.mp4"):
        if picture.frame % every == 0:
            true = points[picture.frame]
            (found,) = near(picture.image, seat(true)[None])
            off = np.linalg.norm((found - true)[inner], axis=1).mean()
            errors[picture.frame] = off / outer_eye_distance(true)
    frontal = [error for frame, error in errors.items() if abs(yaws[frame]) < FRONTAL]
    assert np.mean(list(errors.values())) <= NEARLY[1]
    assert np.mean(frontal) <= NEARLY[0]


def faces(name: str, folder: Path) -> Path:
    """The demo's faces of a few frames that follow each other, by their labels."""
    points, _ = labelled(DEMO, name)
    rows = []
    for picture in islice(pictures(DEMO / f"{name}.mp4"), JUDGED):
        there = points[picture.frame]
        matrix = aligned(there, 256, 0.8)
        mask = np.rint(hull(apply(matrix, there), (256, 256)) * 255).astype(np.uint8)
        rows.append(
            Face(
                clip=name,
                person=name.partition("_")[0],
                frame=picture.frame,
                track=0,
                bridged=False,
                width=256,
                height=256,
                landmarks=there.ravel().tolist(),
                matrix=matrix.ravel().tolist(),
                mask=encode_png(mask),
                image=encode_png(cut(picture.image, matrix, 256)),
            )
        )
    write(folder / f"{name}.parquet", rows, Face)
    return folder / f"{name}.parquet"


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Means of all metrics of the host's own clip, of the truth, and of one half between."""
    folder = tmp_path_factory.mktemp("scores")
    both = [pictures(DEMO / f"{name}.mp4") for name in ("boris", "boris_as_chen")]
    (folder / "half").mkdir()
    for own, true in zip(*both, strict=True):
        half = np.rint((own.image.astype(float) + true.image) / 2).astype(np.uint8)
        save_picture(folder / "half" / f"{own.frame:03}.png", half)
    facts = []
    for name in ("boris", "boris_learn", "chen_learn"):
        facts.append(folder / f"{name}.identity.parquet")
        measure(faces(name, folder), (DESCRIPTOR,), facts[-1], Identity())
    films = {name: DEMO / f"{name}.mp4" for name in ("boris", "boris_as_chen")}
    found = {}
    for name, film in {**films, "half": folder / "half"}.items():
        out = folder / f"{name}.scores.parquet"
        evaluate(
            film=film,
            clip=films["boris"],
            faces=folder / "boris.parquet",
            facts=tuple(facts),
            scores=out,
            settings=Evaluate(),
            pairs=("boris=chen",),
            truth=(films["boris_as_chen"],),
            labels=(DEMO / "boris_as_chen.npz",),
            weights=(DESCRIPTOR, LANDMARKER),
        )
        rows = read(out, Score)
        names = {row.metric for row in rows}
        found[name] = {m: float(np.mean([r.value for r in rows if r.metric == m])) for m in names}
    return found


@with_descriptor
@with_landmarker
def test_untouched_and_twin_bracket_every_metric(scores: dict[str, dict[str, float]]) -> None:
    """What is half host and half truth is between the two wherever the truth is the measure."""
    own, half, true = (scores[name] for name in ("boris", "half", "boris_as_chen"))
    assert set(own) == set(half) == set(true)
    directions = {name: describe(name).better for name in own}
    told = {m for m in own if m.startswith(("truth_", "labelled_"))}
    assert len(told) >= 14
    for metric in told | {"donor_distance", "host_distance"}:
        ends = own[metric], half[metric], true[metric]
        assert list(ends) == sorted(ends, reverse=directions[metric] == "low"), metric
        assert own[metric] != true[metric], metric
    for metric in told - {"truth_distance"}:
        perfect = {"psnr": 99.0, "ssim": 1.0}.get(metric.split("_")[1], 0.0)
        assert true[metric] == pytest.approx(perfect, abs=1e-6), metric
    assert (own["nearer_donor"], true["nearer_donor"]) == (0, 1)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip and its twin as they were before compression, of two people drawn anew."""
    folder: Path = tmp_path_factory.mktemp("rendered")
    told = Actors(frames=3, every=10, samples=4, pictures=True)
    actors(folder, seed=11, settings=told, **places())
    return folder


@pytest.mark.truth
@with_renderer
def test_nothing_but_the_face_changes(rendered: Path) -> None:
    """Hair is left out: it hangs against the other cheek."""
    (clip, twin), both = shots(rendered), {}
    for shot in (clip, twin):
        with np.load(rendered / f"{shot.name}.pictures.npz") as arrays:
            both[shot.name] = arrays["pictures"].astype(np.float64)
    apart = np.abs(both[clip.name] - both[twin.name]).mean(axis=-1)
    for kind, most in ((labels.BACKGROUND, 0.1), (labels.SKIN, 1.0)):
        where = (clip.seg == kind) & (twin.seg == kind) & ~reached(clip, twin)
        assert where.sum() > 500
        assert apart[where].mean() <= most, labels.NAMES[kind]
    assert apart[(clip.swap & twin.swap) > 0].mean() > 3


@pytest.mark.truth
@with_renderer
@with_descriptor
def test_a_fresh_twin_is_nearer_to_the_donor(rendered: Path, tmp_path: Path) -> None:
    """The donor's own clip is another shot."""
    clip, twin = shots(rendered)
    told = Actors(frames=3, every=10, samples=4)
    actors(tmp_path, cast=twin.name.rpartition("_as_")[2], seed=12, settings=told, **places())
    (donor,) = labels.shots(tmp_path)
    known = looks(tmp_path, donor, 1).mean(axis=0)
    host = looks(rendered, clip.name, 1)
    for look, own in zip(looks(rendered, twin.name, 1), host, strict=True):
        assert np.linalg.norm(look - known) < np.linalg.norm(look - own)


def shots(folder: Path) -> Iterator[labels.Shot]:
    """The clip and the twin of a folder."""
    clip, twin = sorted(labels.shots(folder), key=len)
    yield labels.shot(folder, clip)
    yield labels.shot(folder, twin)


def reached(clip: labels.Shot, twin: labels.Shot) -> np.ndarray:
    """Where the new face is, and its surroundings: (T, H, W)."""
    pixels = round(REACH * clip.seg.shape[-1] / 256)
    masks = [dilated(mask.astype(np.float32), pixels) for mask in clip.swap | twin.swap]
    return np.stack(masks) > 0
