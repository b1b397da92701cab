from faceloom.report.comparison import Comparison, Swap, Variant
from faceloom.report.words import (
    confined,
    course,
    plain,
    restricted,
    shares,
    swapped,
    trained,
    unfairly,
)
from faceloom.rows.steps import Step


def test_who_wears_whose_face():
    assert swapped(Swap(clip="c", faces={"a": "b"})) == "a wears b’s face"
    two = Swap(clip="c", faces={"a": "b", "b": "boris"})
    assert swapped(two) == "a wears b’s face and b wears boris’ face"


def test_values_as_one_would_say_them():
    assert [plain(one) for one in ('"poisson"', "{}", "null", '["a", "b"]', "[]", "0.3")] == [
        "poisson", "on", "off", "a, b", "none", "0.3",
    ]  # fmt: skip


def test_shared_files_are_told_in_order_of_work():
    base = dict.fromkeys(("crop", "extract", "measure.pose", "measure.identity"), "baseline")
    owners = {"blend": "x", "convert": "y", **base, "evaluate": "x"}
    assert shares("x", Variant(owners=owners)) == ["extract to measure by baseline", "convert by y"]


def test_where_a_generator_comes_from():
    assert trained("x", Variant(owners={"train": "y"})) == "trained by y"
    assert trained("x", Variant(owners={"train": "x"})) == "trained for itself"
    assert trained("x", Variant(owners={})) == "no training"


def test_research_is_noticed():
    told = Comparison(
        variants={},
        swaps={
            "s": Swap(clip="c", faces={}, bases=("research", "self")),
            "t": Swap(clip="c", faces={}),
        },
        weights={"one.dat": "research", "two.dat": "CC0-1.0"},
    )
    assert confined(told) == ["s"] and restricted(told) == ["one.dat"]


def test_who_is_judged_by_the_teacher_alone_is_noticed():
    def judged(taught, *judges):
        return Variant(owners={}, taught_by=taught, judged_by=judges)

    told = Comparison(
        variants={
            "alone": judged(("dlib.dat",), "dlib.dat"),
            "beside": judged(("dlib.dat",), "dlib.dat", "sface.onnx"),
            "untaught": judged((), "dlib.dat"),
            "unjudged": judged(("dlib.dat",)),
        },
        swaps={},
    )
    assert unfairly(told) == ["alone"]


def test_what_was_unusual_about_a_training():
    plain_one = [Step(10, "total", 1.0), Step(20, "total", 0.5)]
    assert course(plain_one) == ""
    bad = [*plain_one, Step(20, "skipped", 3.0), Step(30, "diverged", 30.0), Step(30, "kept", 15.0)]
    assert course(bad) == (
        "3 steps left out: a loss or gradient was not finite. It diverged and was stopped after "
        "step 30. Its last step was 30; the weights are those of step 15."
    )
    best = [*plain_one, Step(20, "held.score", 0.4), Step(20, "kept", 10.0)]
    assert course(best).endswith("step 10, the best by faces that were held out.")
