import pytest

from faceloom.training.schedule import rate


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
