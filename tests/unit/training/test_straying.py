import pytest

from faceloom.training.history import Tally
from faceloom.training.straying import sound, strayed


def course(far: list[float]) -> Tally:
    """A training that was so far off at each step."""
    tally = Tally()
    for step, value in enumerate(far, 1):
        tally.add({"total": 9.0, "l1.anna": value - 0.1, "l1.emi": value + 0.1})
        if step % 10 == 0:
            tally.close(step)
    return tally


def test_what_gets_better_goes_on() -> None:
    tally = course([1.0] * 20 + [0.5] * 60)
    assert strayed(tally, 80) is None
    assert sound(tally, 80)


@pytest.mark.parametrize(("bad", "ends"), [(40, False), (50, True), (70, True)])
def test_what_is_worse_than_untrained_for_long_does_not(bad: int, ends: bool) -> None:
    tally = course([1.0] + [0.5] * 29 + [1.6] * bad)
    assert not sound(tally, 30 + bad)
    why = strayed(tally, 30 + bad)
    assert (why is not None) is ends
    if why:
        assert why.endswith(f"since step {30 + bad - 50}")


def test_steps_since_the_last_row_count_too() -> None:
    tally = course([1.0] * 12 + [4.0] * 4)
    assert not sound(tally, 16)
    assert sound(course([1.0] * 16), 16)


def test_who_is_not_told_of_l1_looks_at_gradients_alone() -> None:
    tally = Tally()
    for step in range(1, 101):
        tally.add({"total": float(step)})
        if step % 10 == 0:
            tally.close(step)
    assert strayed(tally, 100) is None
    assert sound(tally, 100)
    tally.skipped = list(range(80, 101))
    assert strayed(tally, 100) == "no finite gradient since step 79"
    assert strayed(tally, 101) is None
    assert not sound(tally, 100)
