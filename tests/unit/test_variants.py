"""Variants laid over one another."""

from faceloom.variants import pipelines


def test_the_baseline_too_is_laid_over_the_defaults() -> None:
    said = {"train": {"model": {"mask": "alpha"}, "losses": {"mask": {}}}}
    (baseline,) = pipelines({"baseline": said}).values()
    assert (baseline.train.model.kind, baseline.train.model.mask) == ("small", "alpha")
