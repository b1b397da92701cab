"""What all tests share: properties are tried without a clock, for other work may slow them."""

import os

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "here")


LONGEST = ("end_to_end", "your_own_footage", "dvc", "growth", "faults_for_real", "rename")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones: whoever is through early takes over short ones, not waits."""
    items.sort(key=length)


def length(item: pytest.Item) -> int:
    """0 for a file of the longest tests, more for shorter ones."""
    if "workflow" not in item.path.parts:
        return len(LONGEST) + 1
    name = item.path.stem.removeprefix("test_")
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)
