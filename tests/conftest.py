"""What all tests share: properties are tried without a clock, for other work may slow them."""

import os

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones: whoever is through early takes over short ones, not waits."""
    items.sort(key=lambda item: "workflow" not in item.path.parts)
