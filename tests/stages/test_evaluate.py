"""evaluate: film, clip and truth side by side, the hosts' faces scored and nobody else's."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from faceloom.errors import FaceloomError
from faceloom.geometry.landmarks import CANONICAL, aligned
from faceloom.geometry.similarity import apply
from faceloom.images import encode_png, save_picture
from faceloom.media import pictures
from faceloom.pixels.masks import hull
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.rows.facts import Measured
from faceloom.rows.scores import Score
from faceloom.settings import Evaluate, Identity
from faceloom.stages.evaluate import casting, evaluate
from faceloom.stages.measure import measure
from faceloom.tables import read, write

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data/demo"
NAMES = ("dlib_face_recognition_resnet_model_v1.dat", "face_landmarker.task")
WEIGHTS = tuple(ROOT / "resources/weights" / name for name in NAMES)
needs_weights = pytest.mark.skipif(
    not all(path.exists() for path in WEIGHTS), reason="the weights are not there"
)

SIZE = (97, 81)  # odd
PIXELS = Evaluate(metrics=({"kind": "sharpness"}, {"kind": "flicker"}, {"kind": "truth"}))
LOOKS = {"anna": 0, "emi": 1}


def frames(count: int = 5, seed: int = 0) -> list[np.ndarray]:
    draw = np.random.default_rng(seed)
    return [draw.integers(30, 200, (SIZE[1], SIZE[0], 3), dtype=np.uint8) for _ in range(count)]


def clip(folder: Path, images: Sequence[np.ndarray]) -> Path:
    folder.mkdir()
    for number, image in enumerate(images):
        save_picture(folder / f"{number:03}.png", image)
    return folder


def face(frame: int, track: int = 0, left: int = 30, **changes: Any) -> Face:
    """A face whose crop is 40 pixels of the frame, all of it mask but a rim."""
    mask = np.zeros((40, 40), np.uint8)
    mask[8:32, 8:32] = 255
    said = {
        "clip": "walk",
        "person": "anna",
        "frame": frame,
        "track": track,
        "bridged": False,
        "width": SIZE[0],
        "height": SIZE[1],
        "landmarks": (CANONICAL * 24 + (left + 8, 28)).ravel().tolist(),
        "matrix": [1.0, 0, -left, 0, 1, -20],
        "mask": encode_png(mask),
        "image": encode_png(np.zeros((40, 40, 3), np.uint8)),
    }
    return Face(**said | changes)


def known(face: Face, look: str) -> Measured:
    values = np.eye(128)[LOOKS[look]].tolist()
    return Measured("identity", face.clip, face.person, face.frame, face.track, values)


class Case:
    """A film of a clip and its truth, and what is known about its faces."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.film = self.clip = self.truth = frames()
        self.faces = [face(number) for number in range(5)]
        self.looks = {0: "anna"}
        self.pairs: tuple[str, ...] = ("anna=emi",)
        self.sidecar: dict[str, Any] = {}

    def written(self) -> dict[str, Any]:
        write(self.folder / "faces.parquet", self.faces, Face)
        own = [known(face, self.looks[face.track]) for face in self.faces]
        write(self.folder / "own.parquet", own, Measured)
        learnt = [known(face(0, clip=f"{who}_learn", person=who), who) for who in LOOKS]
        learnt += [Measured("pose", "walk", "anna", 0, 0, [0.0, 0.0, 0.0])]
        write(self.folder / "learn.parquet", learnt, Measured)
        told = self.folder / "sidecar.json"
        told.write_text(json.dumps(self.sidecar))
        names = ("film", "clip", "truth")
        paths = {name: clip(self.folder / name, getattr(self, name)) for name in names}
        return paths | {
            "faces": self.folder / "faces.parquet",
            "facts": (self.folder / "own.parquet", self.folder / "learn.parquet"),
            "pairs": self.pairs,
            "truth": (paths["truth"],),
            "sidecar": (told,) if self.sidecar else (),
        }

    def scores(self, settings: Evaluate = PIXELS) -> list[Score]:
        out = self.folder / "scores.parquet"
        evaluate(**self.written(), scores=out, settings=settings)
        return read(out, Score)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def of(scores: list[Score], metric: str) -> dict[tuple[int, int], float]:
    return {(s.frame, s.track): s.value for s in scores if s.metric == metric}


def test_the_truth_itself_scores_the_highest_in_every_frame(case: Case) -> None:
    scores = case.scores()
    assert of(scores, "truth_psnr_face") == {(frame, 0): 99 for frame in range(5)}
    assert set(of(scores, "truth_ssim_face").values()) == {1}
    assert list(of(scores, "flicker")) == [(1, 0), (2, 0), (3, 0)]
    assert len(of(scores, "sharpness")) == 5
    assert [s.frame for s in scores] == sorted(s.frame for s in scores)


def test_frames_are_held_side_by_side(case: Case) -> None:
    case.truth = frames()
    case.truth[3] = case.truth[3] + np.uint8(10)
    found = of(case.scores(), "truth_psnr_face")
    assert found.pop((3, 0)) == pytest.approx(20 * np.log10(25.5))
    assert set(found.values()) == {99}


def test_only_the_hosts_faces_are_scored(case: Case) -> None:
    both = {"person": "anna+emi"}
    case.faces = [
        face(frame, track, left, **both) for frame in range(5) for track, left in ((0, 5), (7, 50))
    ]
    case.looks = {0: "emi", 7: "anna"}
    assert {s.track for s in case.scores()} == {7}


def test_flicker_takes_three_frames_of_the_same_track(case: Case) -> None:
    case.faces = [face(0), face(1), face(3), face(4), face(2, track=1)]
    case.faces.sort(key=lambda each: each.frame)
    case.looks = {0: "anna", 1: "anna"}
    assert of(case.scores(), "flicker") == {}


def test_bridged_faces_are_scored_by_their_pixels(case: Case) -> None:
    case.faces = [face(frame, bridged=True) for frame in range(5)]
    assert len(of(case.scores(), "truth_psnr_face")) == 5


def test_a_face_that_has_left_the_frame_is_not_scored(case: Case) -> None:
    case.faces = [face(0), face(1, left=500), face(2)]
    assert set(of(case.scores(), "sharpness")) == {(0, 0), (2, 0)}


def test_no_faces_no_scores(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    case.faces = []
    with caplog.at_level(logging.INFO):
        assert case.scores() == []
    assert "0 scores of 0 tracks" in caplog.text and "nobody" in caplog.text


def test_a_padded_row_and_column_are_cut_off(case: Case) -> None:
    case.film = [np.pad(image, ((0, 1), (0, 1), (0, 0)), "edge") for image in case.film]
    assert set(of(case.scores(), "truth_psnr_outside").values()) == {99}


def test_the_result_of_a_layout_is_found_and_its_label_left_out(case: Case) -> None:
    width, height = SIZE
    film = []
    for host, new in zip(frames(seed=1), case.film, strict=True):
        marked = new.copy()
        marked[5:20, 60:90] = 255
        film.append(np.hstack([host, marked, host]))
    case.film = film
    case.sidecar = {
        "layout": "with_mask",
        "region": [width, 0, 2 * width, height],
        "mark": [width + 60, 5, width + 90, 20],
    }
    scores = case.scores()
    assert set(of(scores, "truth_psnr_outside").values()) == {99}
    assert set(of(scores, "truth_psnr_face").values()) == {99}


def test_without_a_mark_nothing_is_left_out(case: Case) -> None:
    case.film = [image.copy() for image in case.film]
    for image in case.film:
        image[0, 0] = 255
    case.sidecar = {"layout": "result", "region": [0, 0, *SIZE], "mark": None}
    assert max(of(case.scores(), "truth_psnr_outside").values()) < 99


def test_a_film_of_another_length_is_refused(case: Case) -> None:
    case.film = frames(4)
    with pytest.raises(FaceloomError, match=r"clip has 5, .*film has 4, .*truth has 5"):
        case.scores()
    assert not (case.folder / "scores.parquet").exists()


def test_a_film_of_another_size_is_refused(case: Case) -> None:
    case.film = [image[:, :-1] for image in case.film]
    with pytest.raises(FaceloomError, match="96x81 pixels, but the clip has 97x81"):
        case.scores()


def test_pairs_are_pairs(case: Case) -> None:
    case.pairs = ("anna",)
    with pytest.raises(FaceloomError, match="host=donor"):
        case.scores()


def test_without_truth_and_sidecar_as_a_command(case: Case) -> None:
    given, out = case.written(), case.folder / "scores.parquet"
    line = [sys.executable, "-m", "faceloom.cli", "evaluate"]
    line += ["--film", str(given["film"]), "--sidecar", "--clip", str(given["clip"]), "--truth"]
    line += ["--faces", str(given["faces"]), "--facts", *map(str, given["facts"]), "--weights"]
    line += ["--pairs", *given["pairs"], "--scores", str(out)]
    line += ["--settings", PIXELS.model_dump_json(exclude_none=True)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines()[-1] == "evaluate: 8 scores of 1 tracks of faces"
    assert {score.metric for score in read(out, Score)} == {"sharpness", "flicker"}


@pytest.fixture(scope="module")
def actors(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Tables of some of the demo's faces, by their true landmarks."""
    folder = tmp_path_factory.mktemp("actors")

    @cache
    def table(name: str, person: str) -> Path:
        told = json.loads((DEMO / f"{name}.json").read_text())["per_frame"]
        rows = []
        for picture in pictures(DEMO / f"{name}.mp4"):
            if picture.frame % 20:
                continue
            points = np.array(told[picture.frame]["lm68"]) - 0.5
            matrix = aligned(points, 256, 0.8)
            mask = hull(apply(matrix, points), (256, 256))
            rows.append(
                face(
                    picture.frame,
                    clip=name,
                    person=person,
                    landmarks=points.ravel().tolist(),
                    matrix=matrix.ravel().tolist(),
                    mask=encode_png(np.rint(mask * 255).astype(np.uint8)),
                    image=encode_png(cut(picture.image, matrix, 256)),
                )
            )
        write(folder / f"{name}.parquet", rows, Face)
        return folder / f"{name}.parquet"

    return table


def test_portraits_of_a_judge_are_of_its_own_descriptors_and_of_other_clips(case: Case) -> None:
    """As dlib's are: a judge never sees another's numbers, nor the host's judged clip."""
    given = case.written()
    rows = [row for path in given["facts"] for row in read(path, Measured)]
    judged = [replace(row, kind="sface", values=np.eye(128)[3 + i].tolist())
              for i, row in enumerate(rows) if row.kind == "identity"]  # fmt: skip
    write(case.folder / "sface.parquet", judged, Measured)
    cast = casting(
        given["faces"], (*given["facts"], case.folder / "sface.parquet"), {"anna": "emi"}
    )
    host, donor = cast.portraits("anna")["sface"]
    learnt = {row.person: row.values for row in judged if row.clip != "walk"}
    assert host is not None and donor is not None
    assert (host.tolist(), donor.tolist()) == (learnt["anna"], learnt["emi"])
    assert cast.portraits("anna")["facenet"] == (None, None)


@needs_weights
def test_controls_of_the_demo(actors: Callable[[str, str], Path], tmp_path: Path) -> None:
    """The host's own clip is the host, the truth is the donor."""
    facts = []
    for name, person in (("boris", "boris"), ("boris_learn", "boris"), ("chen_learn", "chen")):
        facts.append(tmp_path / f"{name}.identity.parquet")
        measure(actors(name, person), WEIGHTS, facts[-1], Identity())
    found = {}
    for film in ("boris", "boris_as_chen"):
        evaluate(
            film=DEMO / f"{film}.mp4",
            clip=DEMO / "boris.mp4",
            faces=actors("boris", "boris"),
            facts=tuple(facts),
            scores=tmp_path / "scores.parquet",
            settings=Evaluate(),
            pairs=("boris=chen",),
            truth=(DEMO / "boris_as_chen.mp4",),
            weights=WEIGHTS,
        )
        scores = read(tmp_path / "scores.parquet", Score)
        found[film] = {
            name: np.mean(list(of(scores, name).values())) for name in {s.metric for s in scores}
        }
    own, twin = found["boris"], found["boris_as_chen"]
    assert (own["nearer_donor"], twin["nearer_donor"]) == (0, 1)
    assert own["host_distance"] < 0.3 < 0.6 < own["donor_distance"]
    assert 0.2 < twin["donor_distance"] < 0.4 and twin["host_distance"] > 0.6
    assert own["pose_error"] == own["landmark_error"] == 0
    assert 0 < twin["landmark_error"] < 0.06 and 0 < twin["pose_error"] < 4
    assert own["truth_psnr_face"] < 30 < own["truth_psnr_outside"]
    assert twin["truth_psnr_face"] == 99
