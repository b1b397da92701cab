"""adain, wct, gatys, patches: what each does with the host's look, by networks that know nothing.

Random weights have statistics and patches as taught ones have; what the published ones make of
faces is looked at in docs/refinement.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from faceloom.errors import FaceloomError
from faceloom.images import decode
from faceloom.networks.vgg import Decoder, Vgg, layers
from faceloom.networks.vgg_files import vgg19
from faceloom.parts import build
from faceloom.pixels.parsing import LABELS
from faceloom.pixels.semantics import told
from faceloom.refiners.touched import Touched
from faceloom.refiners.wct import matched
from faceloom.settings import Refine
from faceloom.styles.gram import apart, correlations
from faceloom.styles.pictures import LUMA, to_tensor
from faces import EMI, row, shot

ALL = np.ones((64, 64), np.float32)
SHALLOW = {"content": {"relu2_1": 1.0}, "style": {"relu1_1": 1.0, "relu2_1": 1.0}, "steps": 8}
PATCHY = {**SHALLOW, "style": {"relu2_1": 1.0}, "phases": 2, "refresh": 4}
KINDS: dict[str, dict[str, Any]] = {"adain": {}, "wct": {}, "gatys": SHALLOW, "patches": PATCHY}
Make = Callable[..., Callable[[Iterator[Touched]], Iterator[Touched]]]


def face(frame: int = 0) -> Touched:
    new, host = row(shot(1, skin=EMI)), row(shot(2))
    points = shot(1).points
    images = decode(new.image), decode(host.image)
    shown = told(np.full((64, 64), LABELS.index("skin"), np.uint8), at := (points - 50) / 1.6 + 32)
    return Touched(0, frame, *images, ALL, at, (shown, shown))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files as they are published, of networks that have learnt nothing."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(1)
    network = Vgg(19, "relu4_1", "max")
    for each in network.convolutions:
        torch.nn.init.kaiming_normal_(each.weight, nonlinearity="relu")
    torch.save(network.state_dict(), folder / "vgg_normalized.pth")
    back = Decoder()
    last = back.convolutions[-1]
    last.weight.data *= 0.3
    last.bias.data += 0.5  # a picture that is neither black nor white
    torch.save(back.state_dict(), folder / "adain_decoder.pth")
    return sorted(folder.iterdir())


@pytest.fixture
def make(weights: list[Path]) -> Make:
    def make(kind: str, **knobs: Any) -> Callable[[Iterator[Touched]], Iterator[Touched]]:
        (part,) = Refine.model_validate([{"kind": kind, **KINDS[kind], **knobs}]).by
        made: Callable[[Iterator[Touched]], Iterator[Touched]] = build(part, weights)
        return made

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_a_face_is_changed_and_nothing_else(make: Make, kind: str) -> None:
    old = face()
    (new,) = make(kind)(iter([old]))
    assert (new.image.shape, new.image.dtype) == (old.image.shape, np.uint8)
    assert not np.array_equal(new.image, old.image)
    assert replace(new, image=old.image) == old
    (again,) = make(kind)(iter([old]))
    assert np.array_equal(again.image, new.image)


@pytest.mark.parametrize("kind", KINDS)
def test_colours_are_kept_where_asked(make: Make, kind: str) -> None:
    old = face()
    (new,) = make(kind, colours=True)(iter([old]))
    change = new.image.astype(float) - old.image
    inside = ((new.image > 1) & (new.image < 254)).all(axis=2)
    assert np.ptp(change[inside], axis=1).max() <= 1  # as much of red as of green and of blue
    (free,) = make(kind, colours=False)(iter([old]))
    assert np.ptp(free.image.astype(float) - old.image, axis=2).mean() > 1


@pytest.mark.parametrize("kind", ["gatys", "patches"])
def test_a_descent_starts_from_what_was_carried(make: Make, kind: str) -> None:
    """With steadiness the second frame goes on from the first, and so lies further on."""
    two = [face(0), face(1)]
    free = [each.image.astype(float) for each in make(kind, steady=0.0)(iter(two))]
    steady = [each.image.astype(float) for each in make(kind, steady=0.5)(iter(two))]
    assert np.array_equal(free[0], free[1])
    assert np.array_equal(steady[0], free[0])
    assert not np.array_equal(steady[1], free[1])


def test_a_steady_gatys_goes_on_as_if_it_had_not_been_stopped(make: Make) -> None:
    """What is remembered of frames that are done already is found out again."""
    many = [replace(face(n), host=face().host // (n + 1)) for n in range(3)]
    whole = [each.image for each in make("gatys", steady=0.5, steps=4)(iter(many))]
    begun = [replace(one, done=image) for one, image in zip(many[:2], whole, strict=False)]
    again = list(make("gatys", steady=0.5, steps=4)(iter([*begun, many[2]])))
    assert np.array_equal(again[2].image, whole[2])


@pytest.mark.parametrize("knobs", [{}, {"by": "adam"}, {"chained": True}, {"shift": -1.0}])
def test_gatys_comes_nearer_to_the_hosts_style(
    make: Make, weights: list[Path], knobs: dict[str, Any]
) -> None:
    old = face()
    said = {"ratio": 0.01, "smooth": 0.0, "colours": False, "steps": 20, **knobs}
    (new,) = make("gatys", **said)(iter([old]))
    network = vgg19(weights[1], "relu2_1")
    seen = {"shift": said.get("shift", 0.0), "chained": said.get("chained", False)}

    def styles(image: np.ndarray) -> list[torch.Tensor]:
        found = network(to_tensor([image], torch.device("cpu")), ["relu1_1", "relu2_1"])
        return correlations(found, **seen)

    with torch.no_grad():
        goal = styles(old.host)
        shares = [1.0] * len(goal)
        before, after = (apart(styles(each.image), goal, shares) for each in (old, new))
    assert after < 0.7 * before


def test_gatys_from_noise_is_seeded(make: Make) -> None:
    one, two, three = (
        next(make("gatys", start="noise", seed=seed)(iter([face()]))).image for seed in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, three)


def test_no_style_is_the_decoders_own_picture(make: Make) -> None:
    """With alpha 0 the host does not matter."""
    old = face()
    for kind in ("adain", "wct"):
        images = [
            next(make(kind, alpha=0.0)(iter([replace(old, host=host)]))).image
            for host in (old.host, 255 - old.host)
        ]
        assert np.array_equal(*images)


def test_faces_at_once_or_one_by_one(make: Make) -> None:
    many = [face(n) for n in range(3)]
    at_once, alone = (list(make("adain", batch=n)(iter(many))) for n in (3, 1))
    for one, other in zip(at_once, alone, strict=True):
        assert np.abs(one.image.astype(int) - other.image).max() <= 1


def test_swapped_patches_are_the_styles_own() -> None:
    """In its own style a picture stays; in another's it is another than by covariance alone."""
    drawn = torch.Generator().manual_seed(4)
    own, other = torch.randn(2, 8, 16, 16, generator=drawn)
    assert torch.allclose(matched(own, own, 1e-5, swap=False), own, atol=1e-3)
    made = matched(own, other, 1e-5, swap=True)
    assert (made - matched(own, other, 1e-5, swap=False)).abs().mean() > 0.1
    flat = torch.full_like(other, 2.0)
    assert torch.allclose(matched(own, flat, 1e-5, swap=True), flat, atol=1e-4)


def test_patches_go_to_their_own_label(make: Make) -> None:
    """Other labels, another picture; how it is matched, test_quilt tells."""
    old = replace(face(), painted=True)
    left, right = np.zeros((64, 64), np.int32), np.zeros((64, 64), np.int32)
    left[:, :32] = right[:, 32:] = 7
    made = [
        next(make("patches", semantic=much)(iter([replace(old, maps=maps)]))).image
        for much, maps in ((50.0, (left, right)), (50.0, (left, left)), (0.0, None))
    ]
    assert len({image.tobytes() for image in made}) == 3


def test_patches_without_a_map_say_so(make: Make) -> None:
    with pytest.raises(FaceloomError, match="give their table --parsed"):
        next(make("patches")(iter([replace(face(), maps=None)])))


def test_a_cascade_goes_through_its_levels(weights: list[Path], tmp_path: Path) -> None:
    torch.manual_seed(3)
    files = {name: tmp_path / f"{name}.pt" for name in ("relu1_1", "relu3_1")}
    for layer, file in files.items():
        taught = Decoder(layer).state_dict()
        torch.save({"layer": layer, "weights": taught}, file)
    made = {}
    for levels in (("relu3_1",), ("relu1_1",), ("relu3_1", "relu1_1"), ("relu3_1", "relu4_1")):
        (part,) = Refine.model_validate([{"kind": "wct", "alpha": 1, "levels": levels}]).by
        decoders = tuple(files[name] for name in part.decoders)
        refiner = build(part, weights, decoders=decoders)
        made[levels] = next(refiner(iter([face()]))).image.tobytes()
    assert len(set(made.values())) == 4
    with pytest.raises(FaceloomError, match="no decoder of relu3_1"):
        build(part, weights)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"levels": ["relu2_2"]}, "no decoder of relu2_2"),
        ({"levels": ["relu2_1"], "swap": True}, "too many patches in relu2_1"),
    ],
)
def test_levels_that_cannot_be_are_refused(knobs: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Refine.model_validate([{"kind": "wct", **knobs}])


def test_luma_is_whole() -> None:
    assert abs(sum(LUMA) - 1) < 1e-9
    assert layers(19)[0] == "relu1_1"
