"""Pairs, as words of the command line."""

import pytest

from faceloom.errors import FaceloomError
from faceloom.swaps import donors


def test_every_host_has_a_donor() -> None:
    assert donors(["boris=chen", "chen=boris"]) == {"boris": "chen", "chen": "boris"}
    assert donors([]) == {}


@pytest.mark.parametrize("word", ["boris", "boris=", "=chen", "=", ""])
def test_what_is_no_pair_is_told(word: str) -> None:
    with pytest.raises(FaceloomError, match=f"--pairs {word}: say who becomes whom"):
        donors(["anna=emi", word])


def test_nobody_becomes_two_people() -> None:
    with pytest.raises(FaceloomError, match="boris is there twice"):
        donors(["boris=chen", "boris=dana"])
