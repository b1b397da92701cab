"""Who says a setting."""

import pytest

from faceloom.commands.show import known, leaves, origin
from faceloom.errors import FaceloomError
from faceloom.variants import Variants

VARIANTS = {
    "baseline": {"blend": {"colour": "lab"}, "train": {"losses": {"dssim": {}}}},
    "slow": {"train": {"rate": 1e-5, "losses": {"dssim": {"weight": 0.3}}}},
    "slower": {"like": "slow", "train": {"rate": 1e-6}},
    "sharp": {"like": "slow", "refine": ["none", {"kind": "sharpen", "amount": 1.0}]},
    "soft": {"like": "sharp", "blend": {"by": "poisson"}},
    "wide": {"like": "soft", "blend": {"by": {"kind": "feather", "width": 0.2}}},
    "narrow": {"like": "wide", "blend": {"by": {"kind": "feather"}}},
    "sheer": {"convert": {"kind": "composite", "hold": 0.3}},
    "tight": {"like": "sheer", "convert": {"kind": "composite"}, "blend": {"colour": "none"}},
}


@pytest.mark.parametrize(
    ("stage", "variant", "path", "who"),
    [
        ("train", "slower", ("rate",), "slower"),
        ("train", "slower", ("losses", "dssim", "weight"), "slow"),
        ("train", "slower", ("losses", "l1", "weight"), "default"),
        ("train", "baseline", ("rate",), "default"),
        ("blend", "slower", ("colour",), "baseline"),
        ("blend", "tight", ("colour",), "tight"),
        ("refine", "sharp", ("by", 1, "amount"), "sharp"),
        ("refine", "soft", ("by", 1, "amount"), "sharp"),
        ("refine", "soft", ("by", 1, "radius"), "default, since sharp chose the part"),
        ("refine", "soft", ("by", 0, "kind"), "sharp"),
        ("blend", "soft", ("by", "kind"), "soft"),
        ("blend", "wide", ("by", "width"), "wide"),
        ("blend", "narrow", ("by", "width"), "wide"),  # the same kind again keeps what was said
        ("blend", "baseline", ("by", "width"), "default"),
        ("convert", "sheer", ("hold",), "sheer"),
        ("convert", "sheer", ("mouth",), "default, since sheer chose the part"),
        ("convert", "tight", ("hold",), "sheer"),
    ],
)
def test_who_says_a_setting(
    stage: str, variant: str, path: tuple[str | int, ...], who: str
) -> None:
    variants = Variants(VARIANTS)
    form = variants.form(stage, variant)
    assert form is not None
    assert path in dict(leaves(form.model_dump(exclude_none=True)))
    assert origin(variants, stage, variant, path) == who


def test_whoever_is_named_says_that_value() -> None:
    """What a variant is named for is in what it, by itself, was told to be."""
    variants = Variants(VARIANTS)
    for variant in variants:
        for stage in ("train", "convert", "blend"):
            form = variants.form(stage, variant)
            assert form is not None
            for path, _ in leaves(form.model_dump(exclude_none=True)):
                who = origin(variants, stage, variant, path)
                if who in VARIANTS:
                    assert path[-1] in str(VARIANTS[who]) or path[-1] == "kind"


def test_a_slip_is_told() -> None:
    with pytest.raises(FaceloomError, match=r"^slwo: no such variant; did you mean slow\?$"):
        known("slwo", list(VARIANTS), "variant")
    with pytest.raises(FaceloomError, match="^zzz: no such verb; there are train, blend$"):
        known("zzz", ["train", "blend"], "verb")
