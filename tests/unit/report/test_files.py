from pathlib import Path

from faceloom.report.comparison import Comparison
from faceloom.report.files import Files, by_name, controlled, missing, owned

BASE = dict.fromkeys(("train", "blend", "evaluate"), "baseline")
OWN = {**BASE, "blend": "again_0.5", "evaluate": "again_0.5"}
TOLD = Comparison.model_validate(
    {
        "variants": {"baseline": {"owners": BASE}, "again_0.5": {"owners": OWN}},
        "swaps": {"s": {"clip": "c", "faces": {"x": "y"}, "truth": "c_as_y"}},
    }
)


def none(**more):
    empty = dict.fromkeys(
        ("scores", "controls", "films", "clips", "histories", "previews", "sheets"), {}
    )
    return Files(**{**empty, **more})


def test_folder_and_name_say_whose_it_is():
    path = Path("results/train/again_0.5/x+y.history.parquet")
    assert owned([path], ".history.parquet") == {("again_0.5", "x+y"): path}
    twin = Path("results/evaluate/baseline/s.twin.parquet")
    assert controlled([twin]) == {("twin", "s"): twin}


def test_clips_may_be_called_anything_and_some_may_be_missing():
    told = {"c": "data/IMG_1.mp4", "d": "data/IMG_2.mp4"}
    one, two = Path("data/IMG_1.mp4"), Path("data/IMG_2.mp4")
    assert by_name(told, (two, one)) == {"c": one, "d": two}
    assert by_name(told, (two,)) == {"d": two}


def test_all_that_is_not_there_is_named():
    gaps = {(gap.variant, gap.swap, gap.what) for gap in missing(TOLD, none())}
    assert gaps == {
        ("baseline", "s", "film and scores"),
        ("again_0.5", "s", "film and scores"),
        ("control: untouched", "s", "scores"),
        ("control: untouched", "s", "clip c"),
        ("control: twin", "s", "scores"),
        ("control: twin", "s", "clip c_as_y"),
        ("baseline", "", "history of its training"),
    }


def test_a_film_of_an_ancestor_does_not_serve_who_has_its_own():
    there = none(films={("baseline", "s"): Path("x")}, scores={("baseline", "s"): Path("x")})
    assert {g.variant for g in missing(TOLD, there) if g.what == "film and scores"} == {"again_0.5"}
