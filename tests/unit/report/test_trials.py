"""The bootstrap over casts, clips and seeds: by hand, and by simulation."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy.stats import t as student

from faceloom.report.statistics import DRAWS, Estimate
from faceloom.report.trials import Design, drawn, half, order, together, weights, whole

Means = Mapping[str, Sequence[float]]


def certain(mean: float) -> Estimate:
    """A trial whose frames leave no doubt."""
    return Estimate(mean, mean, mean, 50, np.full(DRAWS, mean))


def recipe(means: Means) -> dict[str, list[Estimate]]:
    return {clip: [certain(mean) for mean in each] for clip, each in means.items()}


def test_each_cast_counts_the_same_then_each_clip_then_each_seed() -> None:
    trials = recipe({"a": [1, 3], "b": [4, 4], "c": [9, 9]})
    assert whole(trials, [["a", "b"], ["c"]]) == pytest.approx(((2 + 4) / 2 + 9) / 2)


def test_clips_that_share_a_person_are_of_one_cast() -> None:
    people = {"ab": "ab", "ba": "ab", "cd": "cd", "ef": "ef", "fb": "fb"}
    assert together(people) == [["ab", "ba", "ef", "fb"], ["cd"]]


@pytest.mark.parametrize(
    ("casts", "seeds", "unit", "count"),
    [
        ([["a"], ["b"], ["c"]], 2, "casts", 3),
        ([["a", "b"]], 4, "seeds", 4),
        ([["a", "b"]], 1, "clips", 2),
        ([["a"]], 1, "", 1),
    ],
)
def test_intervals_speak_of_what_was_drawn_more_than_once(
    casts: list[list[str]], seeds: int, unit: str, count: int
) -> None:
    design = Design(casts, {"x": seeds, "untrained": 1})
    assert (design.unit, design.count) == (unit, count)


def test_of_one_clip_and_one_training_nothing_is_said() -> None:
    assert order({"x": recipe({"a": [1]}), "y": recipe({"a": [2]})}, [["a"]]) is None


def test_draws_of_casts_are_as_wide_as_theory_says() -> None:
    """Of n values the mean of n draws has their variance (with n below) by n."""
    values = [1.0, 2.0, 4.0, 9.0]
    losses = {"x": recipe({str(n): [value] for n, value in enumerate(values)})}
    design = Design([[str(n)] for n in range(4)], {"x": 1})
    found = drawn(losses, design)["x"]
    assert found.mean() == pytest.approx(np.mean(values), abs=4 * np.std(values) / 2 / DRAWS**0.5)
    assert found.std() == pytest.approx(np.std(values) / 2, rel=0.07)
    assert half(found, 4) == pytest.approx(
        student.ppf(0.975, 3) * np.std(values, ddof=1) / 2, rel=0.07
    )


def test_draws_take_seeds_and_clips_as_well() -> None:
    """One cast: the variance of the mean is that of seeds by their number, and that of clips."""
    losses = {"x": recipe({"a": [0, 2, 4], "b": [10, 12, 14]})}
    found = drawn(losses, Design([["a", "b"]], {"x": 3}))["x"]
    assert found.var() == pytest.approx(np.var([0, 2, 4]) / 3 + np.var([0, 10]) / 2, rel=0.1)


def test_frames_are_drawn_too() -> None:
    draws = np.random.default_rng(0).normal(5, 2, DRAWS)
    sure = {"a": [certain(5)], "b": [certain(5)]}
    shaky = {"a": [Estimate(5, 1, 9, 50, draws)], "b": [certain(5)]}
    casts = [["a"], ["b"]]
    assert drawn({"x": sure}, Design(casts, {"x": 1}))["x"].std() == pytest.approx(0)
    assert drawn({"x": shaky}, Design(casts, {"x": 1}))["x"].std() > 1


def test_weights_are_shares_of_draws_with_replacement() -> None:
    found = weights(np.random.default_rng(0), 5)
    assert found.shape == (5, DRAWS)
    assert found.sum(axis=0) == pytest.approx(np.ones(DRAWS))
    assert set(np.round(found.ravel() * 5).astype(int)) <= set(range(6))


CASTS = [[f"{cast}{way}" for way in "ab"] for cast in range(6)]


def trials(shift: float, people: Sequence[float], wobble: Sequence[float]) -> Means:
    return {
        clip: [people[cast] + shift + wobble[2 * cast], people[cast] + shift + wobble[2 * cast + 1]]
        for cast, clips in enumerate(CASTS)
        for clip in clips
    }


def test_a_difference_is_clear_where_people_differ_much_more() -> None:
    """Everybody is harder or easier for both recipes: in pairs that does not matter."""
    people = [0, 10, 20, 30, 40, 50]
    near = recipe(trials(0, people, [0.1, -0.1] * 6))
    far = recipe(trials(1, people, [-0.2, 0.1] * 6))
    found = order({"far": far, "near": near}, CASTS)
    assert found is not None
    assert [place.recipe for place in found.places] == ["near", "far"]
    assert found.best == "near" and not found.rivals
    assert found.places[0].high > found.places[1].low  # though each alone is unsure
    assert found.places[1].behind == pytest.approx(0.95)


def test_a_tie_is_named_a_tie() -> None:
    wobble = np.random.default_rng(1).normal(0, 1, (2, 12))
    one = recipe(trials(0, [0] * 6, list(wobble[0])))
    two = recipe(trials(0.1, [0] * 6, list(wobble[1])))
    found = order({"one": one, "two": two}, CASTS)
    assert found is not None and found.best == ""
    assert len(found.rivals) == 1


def test_two_casts_alone_name_a_winner_only_where_they_all_but_agree() -> None:
    clips = [["a"], ["b"]]
    said = order({"x": recipe({"a": [0], "b": [0]}), "y": recipe({"a": [1], "b": [2]})}, clips)
    assert said is not None and said.best == ""
    said = order({"x": recipe({"a": [0], "b": [0]}), "y": recipe({"a": [1], "b": [1.1]})}, clips)
    assert said is not None and said.best == "x"


def test_a_recipe_that_learns_nothing_has_no_seeds() -> None:
    trained = recipe({"a": [1, 2], "b": [2, 1]})
    found = order({"trained": trained, "flat": recipe({"a": [9], "b": [9.2]})}, [["a"], ["b"]])
    assert found is not None and found.places[0].recipe == "trained"


def test_intervals_hold_what_they_promise() -> None:
    """Of recipes that are equally good, at most some five in a hundred pairs are told apart.

    Recipes are drawn anew each time for three casts of two clips and two seeds; people matter to
    one recipe more than to the other (1), and so do clips (0.5) and trainings (0.5).
    """
    random = np.random.default_rng(3)
    wrong, rounds = 0, 300
    casts = CASTS[:3]
    for _ in range(rounds):
        both = {}
        for name in ("x", "y"):
            means = {}
            for cast in casts:
                person, runs = random.normal(), random.normal(0, 0.5, 2)
                for clip in cast:
                    means[clip] = list(person + random.normal(0, 0.5) + runs)
            both[name] = recipe(means)
        found = order(both, casts)
        wrong += found is not None and found.best != ""
    assert wrong / rounds <= 0.06


def test_it_finds_what_is_there() -> None:
    """The same with a difference of four spreads: nearly always told."""
    random = np.random.default_rng(4)
    right, rounds = 0, 100
    for _ in range(rounds):
        both = {}
        for name, shift in (("x", 0.0), ("y", 4.0)):
            people = random.normal(shift, 1, 6)
            both[name] = recipe(trials(0, people, random.normal(0, 0.5, 12)))
        found = order(both, CASTS)
        right += found is not None and found.best == "x"
    assert right / rounds >= 0.9
