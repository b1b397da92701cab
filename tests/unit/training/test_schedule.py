import pytest

from faceloom.training.schedule import common, rate


def test_it_rises_stays_and_falls() -> None:
    rates = [rate(step, 1000, 2.0, 10, 0.5) for step in range(1000)]
    assert rates[:10] == pytest.approx([0.2 * step for step in range(1, 11)])
    assert set(rates[9:501]) == {2.0}
    assert rates[750] == pytest.approx(1.0)
    assert all(before > after > 0 for before, after in zip(rates[500:], rates[501:], strict=False))
    assert rates[-1] < 1e-4


def test_it_may_fall_at_once_or_never() -> None:
    assert rate(50, 100, 1.0, 0, 0.0) == pytest.approx(0.5)
    assert [rate(step, 100, 1.0, 0, 1.0) for step in (0, 50, 99)] == [1.0] * 3


@pytest.mark.parametrize("steps", [1, 7, 20, 33, 1000])
@pytest.mark.parametrize("flat", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("starts", [(), (0.0, 0.4), (0.2, 0.9)])
def test_steps_that_are_common_to_any_greater_number(
    steps: int, flat: float, starts: tuple[float, ...]
) -> None:
    shared = common(steps, flat, starts)
    for more in (steps + 1, 2 * steps, 10 * steps + 3):
        begin = [[round(start * all_) for start in starts] for all_ in (steps, more)]
        for step in range(shared):
            assert rate(step, steps, 1.0, 5, flat) == rate(step, more, 1.0, 5, flat)
            begun = [sum(each <= step for each in begins) for begins in begin]
            assert begun[0] == begun[1]
    assert shared == steps or shared <= max(1, round(flat * steps) + 1)
    if flat == 1.0 and not starts:
        assert shared == steps
