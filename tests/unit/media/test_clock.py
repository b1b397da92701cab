"""Times only go forward."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from faceloom.media.clock import Clock
from faceloom.media.pictures import Notes


def placed(told: list[int | None], usual: int = 10) -> tuple[list[int], Notes]:
    notes = Notes("clip")
    clock = Clock(Fraction(1, 250), usual, notes)
    ticks = [clock.place(at) for at in told]
    clock.report()
    return ticks, notes


@given(some.lists(some.none() | some.integers(-100_000, 100_000)), some.integers(1, 50))
def test_ticks_grow_strictly_whatever_is_told(told: list[int | None], usual: int) -> None:
    ticks, _ = placed(told, usual)
    assert all(later > earlier for earlier, later in zip(ticks, ticks[1:], strict=False))


@given(some.lists(some.integers(-100_000, 100_000), unique=True))
def test_growing_times_are_kept(told: list[int]) -> None:
    ticks, notes = placed(sorted(told))
    assert ticks == sorted(told)
    assert notes.warnings == []


def test_without_times_all_are_evenly_spaced() -> None:
    assert placed([None] * 4)[0] == [0, 10, 20, 30]


def test_without_times_at_the_end_the_last_distance_goes_on() -> None:
    assert placed([0, 25, 50, None, None])[0] == [0, 25, 50, 75, 100]


def test_twice_the_same_time() -> None:
    ticks, notes = placed([0, 10, 10, 20])
    assert ticks == [0, 10, 11, 20]
    assert "1 pictures" in notes.warnings[0]


def test_joined_recordings_go_on() -> None:
    ticks, notes = placed([1000, 1010, 1020, 0, 10, 30])
    assert ticks == [1000, 1010, 1020, 1030, 1040, 1060]
    assert "jump back after 4.080 s" in notes.warnings[0]
