"""v1, v2, v2.2 and CycleGAN: shapes, ranges, counted weights, gradients everywhere.

And of all models the first picture on record.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from faceloom.models import autoencoder, cyclegan, small, v1, v2, v21, v22
from faceloom.models.generator import Generator

GOLDEN = Path(__file__).parents[2] / "golden" / "first_pictures.json"
PEOPLE = ("boris", "keys")
Make = Callable[..., Generator]
CASES: list[tuple[Make, dict[str, Any]]] = [
    (v1.make, {"width": 4, "latent": 16}),
    (v1.make, {"width": 4, "latent": 16, "size": 128, "mask": True}),
    (v2.make, {"width": 4, "latent": 16}),
    (v21.make, {"width": 4}),
    (v21.make, {"width": 4, "size": 128, "mask": False}),
    (v22.make, {"width": 8}),
    (v22.make, {"width": 8, "norm": "none", "attention": False}),
    (v22.make, {"width": 8, "norm": "batch", "bottleneck": "conv"}),
    (v22.make, {"width": 8, "norm": "layer", "capacity": "lite"}),
    (v22.make, {"width": 8, "norm": "group", "capacity": "lite", "bottleneck": "conv"}),
    (v22.make, {"width": 8, "size": 128, "capacity": "lite"}),
    (v22.make, {"width": 4, "size": 256, "attention": False}),
    (cyclegan.make, {"width": 4, "blocks": 1}),
    (cyclegan.make, {"width": 4, "blocks": 2, "size": 128, "mask": True}),
]


def named(value: object) -> str:
    if isinstance(value, dict):
        return "-".join(str(each) for each in value.values())
    return str(getattr(value, "__module__", value)).rpartition(".")[2]


def made(make: Make, options: dict[str, Any]) -> Generator:
    torch.manual_seed(0)
    return make(people=PEOPLE, **options)


def faces(count: int, size: int = 64) -> torch.Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(count)) * 2 - 1


@pytest.mark.parametrize(("make", "options"), CASES, ids=named)
def test_faces_of_its_size_in_range_and_gradients_to_every_weight(
    make: Make, options: dict[str, Any]
) -> None:
    generator = made(make, options)
    for name, weight in generator.named_parameters():
        if name.endswith("gain"):  # attention begins switched off
            torch.nn.init.constant_(weight, 0.5)
    size = options.get("size", 64)
    painted = generator.joint({person: faces(2, size) for person in PEOPLE})
    total = torch.zeros(())
    for each in painted.values():
        assert each.image.shape == (2, 3, size, size)
        assert -1 <= each.image.min() < each.image.max() <= 1
        smaller = range((size // 64).bit_length() - 1) if make is v22.make else ()
        assert [side.shape[-1] for side in each.sides] == [64 << step for step in smaller]
        total = total + (each.image * faces(1, size)).mean()
        total = total + sum(side.square().mean() for side in each.sides)
        if options.get("mask", make in (v2.make, v21.make, v22.make)):
            assert each.mask is not None
            assert each.mask.shape == (2, 1, size, size)
            assert 0 <= each.mask.min() < each.mask.max() <= 1
            total = total + (each.mask * faces(1, size)[:, :1]).mean()
        else:
            assert each.mask is None
    total.backward()  # type: ignore[no-untyped-call]
    for name, weight in generator.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.isfinite().all(), name
        assert weight.grad.abs().max() > 0, name


def conv(kernel: int, inputs: int, outputs: int, bias: bool = False) -> int:
    return kernel**2 * inputs * outputs + (outputs if bias else 0)


def dense(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def attention(channels: int) -> int:
    few = channels // 8
    return (channels * few + few) + channels * few + (channels * channels + channels) + 1


def weights(generator: Generator) -> int:
    return sum(weight.numel() for weight in generator.parameters())


HALVED = [(64, 128), (128, 256), (256, 512), (512, 1024)]
CODE = dense(1024 * 16, 1024) + dense(1024, 1024 * 16)


def test_v1_has_the_weights_that_its_layers_add_up_to() -> None:
    encoder = conv(5, 3, 64) + sum(conv(3, *pair) for pair in HALVED) + CODE
    encoder += conv(3, 1024, 4 * 512)
    decoder = conv(3, 512, 4 * 256) + conv(3, 256, 4 * 128) + conv(3, 128, 4 * 64)
    decoder += 4 * conv(3, 64, 64) + conv(5, 64, 3, bias=True)
    with torch.device("meta"):
        assert weights(v1.make(people=PEOPLE)) == encoder + 2 * decoder == 71_408_710
        masked = weights(v2.make(people=PEOPLE))
    assert masked == 71_408_710 + 2 * conv(5, 64, 1, bias=True)


def test_v21_has_the_weights_that_its_layers_add_up_to() -> None:
    encoder = conv(5, 3, 64) + sum(conv(3, *pair) for pair in HALVED)
    head = dense(1024 * 16, 1024) + 2 * 1024 + dense(1024, 1024) + dense(1024, 512 * 16)
    decoder = sum(conv(3, 2 * n, 4 * n) for n in (512, 256, 128, 64))
    decoder += 4 * conv(3, 64, 64) + conv(5, 64, 4, bias=True)
    with torch.device("meta"):
        assert weights(v21.make(people=PEOPLE)) == encoder + head + 2 * (head + decoder)


def test_of_v21_what_is_painted_depends_on_everybodys_head_and_ones_own() -> None:
    generator = made(v21.make, {"width": 4}).eval()
    seen = faces(2)
    before = {person: generator(seen, person).image.detach() for person in PEOPLE}
    own = dict(generator.decoder("boris").named_parameters())["head.layers.1.weight"]
    shared = dict(generator.unfold.named_parameters())["head.layers.1.weight"]
    for weight, moved in ((own, {"boris"}), (shared, set(PEOPLE))):
        torch.nn.init.normal_(weight)
        now = {person: generator(seen, person).image.detach() for person in PEOPLE}
        assert {person for person in PEOPLE if not now[person].equal(before[person])} == moved
        before = now


def test_v22_has_the_weights_that_its_layers_add_up_to() -> None:
    encoder = conv(5, 3, 64) + sum(conv(3, *pair) for pair in HALVED) + CODE
    encoder += attention(256) + attention(512) + conv(3, 1024, 4 * 512, bias=True)
    encoder += 2 * (256 + 512 + 1024 + 4 * 512)  # norms
    decoder = attention(128) + attention(64) + 2 * conv(3, 64, 64)
    for before, after in ((512, 256), (256, 128), (128, 64)):
        decoder += conv(3, before, 4 * after, bias=True) + 2 * 4 * after
    decoder += conv(5, 64, 4, bias=True)
    with torch.device("meta"):
        assert weights(v22.make(people=PEOPLE)) == encoder + 2 * decoder
        octave = conv(5, 64, 3, bias=True) + conv(3, 64, 4 * 64, bias=True) + 2 * 4 * 64
        octave += conv(3, 64, 64)
        larger = weights(v22.make(people=PEOPLE, size=128))
        assert larger == encoder + 2 * decoder + conv(3, 1024, 1024) + 2 * 1024 + 2 * octave


def test_lite_has_the_weights_that_its_layers_add_up_to() -> None:
    encoder = conv(5, 3, 32) + sum(conv(3, *pair) for pair in ((32, 64), (64, 128), (128, 256)))
    encoder += conv(3, 256, 256) + attention(128) + attention(256)
    encoder += dense(256 * 16, 1024) + dense(1024, 256 * 16) + conv(3, 256, 256, bias=True)
    encoder += 2 * (128 + 256 + 256 + 256)
    decoder = attention(64) + attention(32) + 2 * conv(3, 32, 32) + conv(5, 32, 4, bias=True)
    for before, after in ((256, 128), (128, 64), (64, 32)):
        decoder += conv(3, before, after, bias=True) + 2 * after
    with torch.device("meta"):
        assert weights(v22.make(people=PEOPLE, capacity="lite")) == encoder + 2 * decoder


@pytest.mark.parametrize("make", [v1.make, v2.make, v22.make])
def test_a_size_that_does_not_go_is_refused(make: Make) -> None:
    with pytest.raises(ValueError, match="size 72"):
        make(people=PEOPLE, size=72)


def test_a_generator_that_has_learnt_nothing_lets_the_signal_through() -> None:
    for make, options in ((v1.make, {"width": 16}), (v22.make, {"width": 16})):
        generator = made(make, options)
        codes = generator.encode(faces(8))
        assert codes.isfinite().all()
        assert codes.std(0).mean() > 1e-4
        assert generator(faces(8), "boris").image.std(0).mean() > 1e-4


def test_cyclegan_has_the_weights_of_the_paper() -> None:
    generator = cyclegan.make(people=("boris",), blocks=9)
    body = conv(7, 3, 64) + conv(3, 64, 128) + conv(3, 128, 256) + 18 * conv(3, 256, 256)
    body += conv(3, 256, 128) + conv(3, 128, 64)
    assert weights(generator) == body + conv(7, 64, 3, bias=True)


def test_cyclegans_people_share_nothing() -> None:
    generator = made(cyclegan.make, {"width": 4, "blocks": 1})
    generator(faces(1), "boris").image.sum().backward()  # type: ignore[no-untyped-call]
    for name, weight in generator.named_parameters():
        assert (weight.grad is None) is ("of_keys" in name)


@torch.no_grad()
def first_picture(make: Make, options: dict[str, Any]) -> dict[str, float]:
    """What a model that has learnt nothing says of two faces and paints, in a few numbers."""
    generator = made(make, options)
    torch.manual_seed(1)  # of codes that are drawn
    painted = generator.joint({person: faces(1) for person in PEOPLE})["boris"]
    assert painted.code is not None
    said = {
        "code": painted.code.flat.std(),
        "image": painted.image.std(),
        "l1": (painted.image - faces(1)).abs().mean(),
    }
    if painted.mask is not None:
        said["mask"] = painted.mask.std()
    return {name: float(f"{float(each):.5g}") for name, each in said.items()}


def test_the_first_picture_of_each_model_is_that_on_record() -> None:
    """FACELOOM_GOLDEN=write makes the record anew."""
    small_one = {"width": 8, "latent": 16}
    cases = [
        (small.make, small_one),
        (small.make, {**small_one, "landmarks": True, "variational": True}),
        (autoencoder.make, {"latent": 16}),
        *(case for case in CASES if case[1].get("size", 64) == 64),
    ]
    found = {f"{named(make)} {options}": first_picture(make, options) for make, options in cases}
    if os.environ.get("FACELOOM_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps({"said": found, "relative_tolerance": 1e-3}, indent=1) + "\n")
    golden = json.loads(GOLDEN.read_text())
    assert found.keys() == golden["said"].keys()
    for name, values in found.items():
        wanted = golden["said"][name]
        assert values == pytest.approx(wanted, rel=golden["relative_tolerance"]), name


def test_small_has_the_weights_that_its_layers_add_up_to() -> None:
    encoder = (
        conv(3, 48, 64, bias=True) + conv(3, 64, 128, bias=True) + conv(3, 128, 128, bias=True)
    )
    encoder += dense(128 * 16, 256) + dense(256, 128 * 64)
    decoder = conv(3, 128, 4 * 64, bias=True) + conv(3, 64, 4 * 32, bias=True)
    decoder += conv(3, 32, 3 * 4, bias=True)
    with torch.device("meta"):
        assert weights(small.make(people=PEOPLE)) == encoder + 2 * decoder
        told = weights(small.make(people=PEOPLE, landmarks=True, variational=True))
    assert told == encoder + 2 * decoder + 9 * 16 * 64 + dense(128 * 16, 256)
