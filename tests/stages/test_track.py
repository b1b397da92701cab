"""track: who is who from frame to frame, however detections come; every path steadied alone."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from commands import answered, command, refused
from faceloom.geometry.landmarks import CANONICAL
from faceloom.rows.detections import Detection
from faceloom.rows.frames import Frame
from faceloom.rows.sightings import Sighting
from faceloom.settings import Track
from faceloom.stages.track import track
from faceloom.tables import read, write

RAW = {"box": "raw", "landmarks": "raw"}
Tracked = Callable[..., list[Sighting]]


def seen(frame: int, x: float, y: float = 50.0, wide: float = 40.0) -> Detection:
    """A face with its middle there."""
    corner = np.array([x - wide / 2, y - wide / 2])
    points = CANONICAL * wide + corner
    box = [*corner.tolist(), *(corner + wide).tolist()]
    return Detection(frame, box, 1.0, points.ravel().tolist())


def index(scenes: Iterable[int]) -> Iterator[Frame]:
    for number, scene in enumerate(scenes):
        yield Frame(number, number, 1, "1/25", number / 25, 0.04, False, 1.0, scene, False)


@pytest.fixture
def tracked(tmp_path: Path) -> Tracked:
    """What track makes of detections, in a clip of so many frames or of these scenes."""

    def tracked(
        found: Iterable[Detection], scenes: int | list[int] = 40, **settings: object
    ) -> list[Sighting]:
        frames, faces, out = (tmp_path / f"{n}.parquet" for n in ("frames", "faces", "out"))
        write(frames, index([0] * scenes if isinstance(scenes, int) else scenes), Frame)
        write(faces, found, Detection)
        track(frames, faces, out, Track(**(RAW | settings)))
        return read(out, Sighting)

    return tracked


def middles(rows: list[Sighting], number: int) -> dict[int, float]:
    """Where a track's box has its middle from left to right, by frame."""
    return {r.frame: (r.box[0] + r.box[2]) / 2 for r in rows if r.track == number}


def test_people_side_by_side_are_two_tracks_in_whatever_order_they_come(tracked: Tracked) -> None:
    draws = np.random.default_rng(3)
    found = []
    for frame in range(20):
        both = [seen(frame, 60 + frame), seen(frame, 105 - frame / 4)]
        found += [both[place] for place in draws.permutation(2)]
    rows = tracked(found)
    assert middles(rows, 0) == pytest.approx({frame: 60 + frame for frame in range(20)})
    assert middles(rows, 1) == pytest.approx({frame: 105 - frame / 4 for frame in range(20)})
    assert [(r.frame, r.track) for r in rows] == [(f, t) for f in range(20) for t in (0, 1)]


@pytest.mark.parametrize("speed", [2, 5, 9])
def test_people_who_cross_keep_their_tracks(tracked: Tracked, speed: float) -> None:
    right, left = ({f: 100 + way * speed * (f - 10.3) for f in range(21)} for way in (1, -1))
    found = [seen(frame, path[frame]) for frame in range(21) for path in (right, left)]
    rows = tracked(found)
    assert middles(rows, 0) == pytest.approx(right, abs=1e-4)
    assert middles(rows, 1) == pytest.approx(left, abs=1e-4)


@pytest.mark.parametrize("speed", [3, 6])
@pytest.mark.parametrize("pace", [0, -1, 1])
def test_who_is_hidden_behind_another_comes_out_as_before(
    tracked: Tracked, speed: float, pace: float
) -> None:
    draws = np.random.default_rng(8)
    front = {f: 100 + speed * (f - 10) + draws.normal(0, 0.5) for f in range(21)}
    behind = {f: 100 + pace * (f - 10) + draws.normal(0, 0.5) for f in range(21)}
    found = [seen(frame, x) for frame, x in front.items()]
    found += [seen(f, x) for f, x in behind.items() if abs(x - front[f]) > 11]
    rows = tracked(found)
    assert middles(rows, 0) == pytest.approx(front, abs=1e-4)
    hidden = {r.frame for r in rows if r.bridged}
    assert hidden and {r.track for r in rows if r.bridged} == {1}
    shown = {f: x for f, x in middles(rows, 1).items() if f not in hidden}
    assert shown == pytest.approx({f: x for f, x in behind.items() if f not in hidden}, abs=1e-4)


def test_a_pair_that_overlaps_too_little_takes_nobody_from_another(tracked: Tracked) -> None:
    # overlaps of 0.36 and 0 the one way, of 0.28 and 0.14 the other: more, but both too little
    before = [seen(0, 100), seen(0, 149)]
    after = [seen(1, 119), seen(1, 77.5)]
    rows = tracked(before + after, 2, shortest=1)
    assert {frozenset(middles(rows, number).items()) for number in range(3)} == {
        frozenset({(0, 100.0), (1, 119.0)}),
        frozenset({(0, 149.0)}),
        frozenset({(1, 77.5)}),
    }


def test_a_face_that_turns_back_while_it_is_missed_is_still_the_same(tracked: Tracked) -> None:
    going = [seen(frame, 50 + 6 * frame) for frame in range(6)]
    rows = tracked([*going, *(seen(frame, 80) for frame in range(14, 20))])
    assert {row.track for row in rows} == {0} and len(rows) == 20


def test_a_gap_is_bridged_along_the_way_and_marked(tracked: Tracked) -> None:
    found = [seen(f, 60 + 2 * f) for f in range(20) if not 5 <= f <= 9]
    rows = tracked(found, gap=5)
    assert [row.frame for row in rows if row.bridged] == [5, 6, 7, 8, 9]
    assert {row.track for row in rows} == {0}
    assert middles(rows, 0) == pytest.approx({f: 60 + 2 * f for f in range(20)}, abs=1e-4)
    points = np.array(rows[7].landmarks).reshape(68, 2)
    assert np.allclose(points, CANONICAL * 40 + (74 - 20, 30), atol=1e-3)


def test_a_gap_that_is_too_long_ends_a_track(tracked: Tracked) -> None:
    rows = tracked([seen(f, 60) for f in range(20) if not 5 <= f <= 9], gap=4)
    assert [(row.frame, row.track) for row in rows] == [
        *((frame, 0) for frame in range(5)),
        *((frame, 1) for frame in range(10, 20)),
    ]
    assert not any(row.bridged for row in rows)


def test_a_track_ends_where_a_scene_does(tracked: Tracked) -> None:
    rows = tracked([seen(f, 60) for f in range(10) if f not in (3, 4)], [0] * 6 + [1] * 4)
    assert [row.track for row in rows] == [0] * 6 + [1] * 4
    assert [row.frame for row in rows if row.bridged] == [3, 4]


def test_what_is_too_short_is_no_face(tracked: Tracked) -> None:
    found = [seen(f, 60) for f in range(10)] + [seen(f, 160) for f in (2, 3, 5)]
    assert {row.track for row in tracked(found, shortest=4)} == {0}
    assert {row.track for row in tracked(found, shortest=3)} == {0, 1}


def test_a_clip_of_one_frame_keeps_its_faces(tracked: Tracked) -> None:
    rows = tracked([seen(0, 60), seen(0, 120)], 1, shortest=3, box="kalman", landmarks="kalman")
    assert middles(rows, 0) == {0: 60} and middles(rows, 1) == {0: 120}


def test_no_faces_no_rows(tracked: Tracked) -> None:
    assert tracked([]) == []


@pytest.mark.parametrize("kind", ["kalman", "ema"])
def test_every_track_is_steadied_alone(tracked: Tracked, kind: str) -> None:
    draws = np.random.default_rng(5)
    one = [seen(f, 60 + draws.normal(), 50 + draws.normal()) for f in range(20)]
    two = [seen(f, 140 - f + draws.normal(), 60, 60) for f in range(3, 20)]
    together = tracked(one + two, box=kind, landmarks=kind)
    assert [r for r in together if r.track == 0] == tracked(one, box=kind, landmarks=kind)
    alone = tracked(two, box=kind, landmarks=kind)
    assert [(r.frame, r.box, r.landmarks) for r in together if r.track == 1] == [
        (r.frame, r.box, r.landmarks) for r in alone
    ]


def jitter(rows: list[Sighting]) -> float:
    """How far landmarks stray from their mean over time, in pixels."""
    return float(np.array([row.landmarks for row in rows]).std(axis=0).mean())


def shaken(count: int = 40, speed: float = 0.0, noise: float = 0.4) -> list[Detection]:
    """A face that moves evenly, each landmark found with noise of its own."""
    draws = np.random.default_rng(9)
    still = [seen(f, 60 + speed * f) for f in range(count)]
    return [
        Detection(d.frame, d.box, 1.0, (d.landmarks + draws.normal(0, noise, 136)).tolist())
        for d in still
    ]


@pytest.mark.parametrize("kind", ["kalman", "ema"])
def test_a_still_face_is_steadied(tracked: Tracked, kind: str) -> None:
    assert jitter(tracked(shaken(), landmarks="raw")) == pytest.approx(0.4, rel=0.1)
    assert jitter(tracked(shaken(), landmarks=kind)) < 0.6 * 0.4


@pytest.mark.parametrize("kind", ["kalman", "ema"])
def test_a_face_in_even_motion_is_not_behind(tracked: Tracked, kind: str) -> None:
    rows = tracked(shaken(speed=3.0), landmarks=kind)
    true = np.array([seen(f, 60 + 3.0 * f).landmarks for f in range(40)])
    behind = (np.array([row.landmarks for row in rows]) - true)[8:-8, ::2].mean()
    assert abs(behind) < 0.05  # frames of 3 px


def test_how_noisy_landmarks_are_can_be_told(tracked: Tracked) -> None:
    believed, doubted = (
        tracked(shaken(), landmarks={"kind": "kalman", "measurement": noise})
        for noise in (0.001, 0.05)
    )
    assert jitter(doubted) < 0.5 * jitter(believed)
    assert all(row.box == other.box for row, other in zip(believed, doubted, strict=True))


def test_noise_is_in_shares_of_the_face(tracked: Tracked) -> None:
    small = shaken(20)
    large = [
        Detection(
            d.frame, (3 * np.array(d.box)).tolist(), 1.0, (3 * np.array(d.landmarks)).tolist()
        )
        for d in small
    ]
    one, two = (tracked(each, landmarks="kalman") for each in (small, large))
    ours, theirs = (np.array([row.landmarks for row in rows]) for rows in (one, two))
    assert np.allclose(3 * ours, theirs, atol=1e-3)


def test_as_a_command(tmp_path: Path) -> None:
    frames, faces, out = (tmp_path / f"{name}.parquet" for name in ("frames", "faces", "out"))
    write(frames, index([0] * 6), Frame)
    write(faces, [*(seen(f, 60) for f in range(5)), seen(2, 200)], Detection)
    done = command("track", frames=frames, detections=faces, sightings=out, settings=Track())
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["track: 1 kept, 1 too short"]
    assert len(read(out, Sighting)) == 5


def test_a_table_of_something_else_is_one_line(tmp_path: Path) -> None:
    frames, out = tmp_path / "frames.parquet", tmp_path / "out.parquet"
    write(frames, index([0]), Frame)
    done = answered("track", frames=frames, detections=frames, sightings=out, settings=Track())
    refused(done, "frames.parquet: no table of Detection rows", out)
