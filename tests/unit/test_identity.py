"""identity: portraits shrug off strangers, and tracks go to whom they look like."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom import identity
from faceloom.identity import assigned, portrait, portraits
from faceloom.rows.facts import Measured

NOISE = np.random.default_rng(5)


def look(axis: int, length: float = 1.0) -> np.ndarray:
    """A descriptor; any two on different axes are 1.41 apart."""
    return np.eye(128)[axis] * length


def faces_like(face: np.ndarray, count: int, spread: float = 0.2) -> np.ndarray:
    """Descriptors as far from a face as the spread says."""
    away = NOISE.normal(size=(count, 128))
    return face + spread * away / np.linalg.norm(away, axis=1, keepdims=True)


def facts(
    person: str, track: int, frames: range, face: np.ndarray, clip: str = "c", spread: float = 0.2
) -> list[Measured]:
    rows = zip(frames, faces_like(face, len(frames), spread), strict=True)
    return [Measured("identity", clip, person, f, track, v.tolist()) for f, v in rows]


def test_a_portrait_is_the_mean_of_those_near_the_middle_of_all() -> None:
    own, strangers = faces_like(look(0), 12), faces_like(look(1), 5)
    found = portrait(np.concatenate([strangers, own]))
    assert np.allclose(found, own.mean(axis=0))


def test_one_face_is_its_own_portrait() -> None:
    assert np.array_equal(portrait(look(3)[None]), look(3))


def test_many_faces_are_sampled_for_their_middle_but_all_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = faces_like(look(0), 300)
    whole = portrait(own)
    monkeypatch.setattr(identity, "SAMPLE", 7)
    assert np.allclose(portrait(own), whole) and np.allclose(whole, own.mean(axis=0))


@given(st.permutations(range(9)))
def test_the_order_of_faces_does_not_matter(order: list[int]) -> None:
    every = np.concatenate([faces_like(look(0), 6, 0.1), np.stack([look(1), look(2), look(3)])])
    assert np.allclose(portrait(every[order]), every[:6].mean(axis=0))


def test_distances_are_euclidean() -> None:
    ones, others = NOISE.normal(size=(4, 128)), NOISE.normal(size=(3, 128))
    brute = [[np.linalg.norm(a - b) for b in others] for a in ones]
    assert np.allclose(identity._distances(ones, others), brute)


def test_only_who_is_alone_in_a_clip_has_a_portrait() -> None:
    rows = facts("anna", 0, range(5), look(0)) + facts("anna+emi", 0, range(5), look(1), "both")
    rows += facts("anna", 0, range(5), look(0), "later")
    found = portraits(rows)
    assert found.keys() == {"anna"}
    own = [row.values for row in rows if row.person == "anna"]
    assert np.allclose(found["anna"], np.mean(own, axis=0))


KNOWN = {"anna": look(0), "emi": look(1), "zoe": look(2)}


def test_tracks_go_to_whom_they_look_like_and_strangers_to_nobody() -> None:
    rows = facts("anna+emi", 4, range(5), look(1)) + facts("anna+emi", 2, range(5), look(0))
    rows += facts("anna+emi", 9, range(5), look(7)) + facts("anna+emi", 5, range(8, 10), look(1))
    assert assigned(rows, KNOWN, ("anna", "emi")) == {2: "anna", 4: "emi", 5: "emi"}


def test_only_whom_one_asks_about_but_the_others_keep_their_own() -> None:
    between = (look(0) + 1.02 * look(1)) / 2  # .7 from both, a little nearer to emi
    rows = facts("anna+emi", 1, range(5), between, spread=0)
    assert assigned(rows, KNOWN, ("anna",)) == {}
    assert assigned(rows, KNOWN, ("emi",)) == {1: "emi"}


def test_who_is_not_in_the_clip_gets_nothing() -> None:
    rows = facts("anna", 1, range(5), look(2))
    assert assigned(rows, KNOWN, ("anna", "zoe")) == {}


def test_nobody_is_twice_in_a_frame() -> None:
    near = facts("anna+emi", 1, range(10), look(0), spread=0.1)
    less = facts("anna+emi", 0, range(9, 15), look(0), spread=0.5)
    after = facts("anna+emi", 2, range(10, 15), look(0), spread=0.3)
    assert assigned(near + less + after, KNOWN, ("anna", "emi")) == {1: "anna", 2: "anna"}


def test_alike_people_side_by_side_are_told_apart_by_who_is_nearer() -> None:
    twin = look(0) + look(5, 0.4)
    known = {"anna": look(0), "emi": twin}
    one = facts("anna+emi", 0, range(5), look(0) + look(5, 0.35), spread=0)
    two = facts("anna+emi", 1, range(5), look(0) + look(5, 0.25), spread=0)
    assert assigned(one + two, known, ("anna", "emi")) == {0: "emi", 1: "anna"}


@pytest.mark.parametrize(("distance", "taken"), [(0.74, True), (0.76, False)])
def test_how_far_a_track_may_be(distance: float, taken: bool) -> None:
    rows = facts("anna", 3, range(4), look(0) + look(9, distance), spread=0)
    assert assigned(rows, {"anna": look(0)}, ("anna",)) == ({3: "anna"} if taken else {})


def test_the_only_person_of_a_clip_is_on_its_longest_track_and_on_what_looks_like_it() -> None:
    rows = facts("anna", 1, range(4), look(1)) + facts("anna", 2, range(4, 20), look(0))
    rows += facts("anna", 6, range(30, 33), look(0))
    assert assigned(rows, {}, ("anna",)) == {2: "anna", 6: "anna"}
    assert assigned(rows, {"emi": look(1)}, ("anna",)) == {2: "anna", 6: "anna"}


def test_of_several_people_nobody_is_known_without_portraits() -> None:
    assert assigned(facts("anna+emi", 0, range(5), look(0)), {}, ("anna",)) == {}


def test_no_faces_no_people() -> None:
    assert assigned([], KNOWN, ("anna",)) == {} and portraits([]) == {}
