"""Losses over networks: what they see lies right, layers are their own, gradients flow."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional

from faceloom.descriptors import chip
from faceloom.errors import FaceloomError
from faceloom.geometry.landmarks import CANONICAL, aligned
from faceloom.geometry.similarity import apply, inverse
from faceloom.judges import boxed
from faceloom.losses import identity, perceptual
from faceloom.losses.features import STAGES, Features, tight
from faceloom.models.generator import Painted
from faceloom.networks.lightcnn import LightCnn, read_lightcnn, smaller
from faceloom.pixels.warps import cut
from faceloom.settings.losses import FILES, Perceptual
from faceloom.training.batch import Batch
from serialised import resnet

COVERAGE = 0.8


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    path = tmp_path_factory.mktemp("weights") / "tiny.dat"
    path.write_bytes(resnet(width=2)[0])
    return (path,)


def faces(seed: int = 0, size: int = 64) -> torch.Tensor:
    return torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def example() -> tuple[Batch, Painted]:
    batch = Batch(faces(1), faces(2), torch.ones(2, 1, 64, 64))
    mask = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(9))
    return batch, Painted(faces(3), mask)


def test_a_chip_out_of_a_crop_is_the_chip_out_of_the_frame(weights: tuple[Path, ...]) -> None:
    random = np.random.default_rng(0)
    frame = cv2.GaussianBlur(random.integers(0, 256, (300, 300, 3)).astype(np.uint8), (0, 0), 4)
    frame = cv2.normalize(frame, None, 0, 255, cv2.NORM_MINMAX)
    points = (CANONICAL - 0.5) * 180 + 150  # a mean face, as the chip of any crop is laid
    matrix = aligned(points, 256, COVERAGE)
    assert apply(matrix, points) == pytest.approx((CANONICAL - 0.5) * COVERAGE * 256 + 127.5)
    crop = torch.from_numpy(cut(frame, matrix, 256)).permute(2, 0, 1)[None] / 127.5 - 1
    found = Features("dlib", weights[0], COVERAGE).views(crop)[0]
    wanted = torch.from_numpy(chip(frame, points)).permute(2, 0, 1) / 127.5 - 1
    assert (found - wanted).abs().mean() < 0.01
    assert (found.roll(1, 2) - wanted).abs().mean() > 0.03


def test_layers_lead_to_the_networks_own_descriptor(weights: tuple[Path, ...]) -> None:
    features = Features("dlib", weights[0], COVERAGE)
    layers = features.layers(faces())
    assert [layer.shape[1] for layer in layers] == [2, 4, 8, 16]
    network = features.network
    rest = network.blocks[STAGES[-1] + 1 :]
    ended = rest(layers[-1]).mean((2, 3)) @ network.dense
    assert not any(weight.requires_grad for weight in network.parameters())
    torch.testing.assert_close(ended, features.descriptors(faces()))


def test_perceptual_by_the_formula(weights: tuple[Path, ...]) -> None:
    batch, painted = example()
    features = Features("dlib", weights[0], COVERAGE)
    expected = 0.0
    scales = (0.5, 0.0, 2.0, 1.0)
    for scale, one, other in zip(
        scales, features.layers(painted.image), features.layers(batch.target), strict=True
    ):
        levelled = [
            (seen - seen.mean((2, 3), keepdim=True))
            / (seen.var((2, 3), correction=0, keepdim=True) + 1e-5).sqrt()
            for seen in (one, other)
        ]
        expected += scale * float((levelled[0] - levelled[1]).square().mean())
    loss = perceptual.make(weights=weights, layers=scales, coverage=COVERAGE)
    assert loss(batch, painted).item() == pytest.approx(expected, rel=1e-4)
    plain = perceptual.make(
        weights=weights, layers=(0, 1, 0, 0), normalised=False, coverage=COVERAGE
    )
    one, other = features.layers(painted.image)[1], features.layers(batch.target)[1]
    found = plain(batch, painted).item()
    assert found == pytest.approx(float((one - other).square().mean()), rel=1e-4)


def test_identity_by_the_formula(weights: tuple[Path, ...]) -> None:
    batch, painted = example()
    features = Features("dlib", weights[0], COVERAGE)
    shown = painted.laid(batch.warped)
    one, other = (features.descriptors(each).double() for each in (shown, batch.target))
    cosine = (one * other).sum(1) / (one.norm(dim=1) * other.norm(dim=1))
    loss = identity.make(weights=weights, of="laid", coverage=COVERAGE)
    assert loss(batch, painted).item() == pytest.approx(float(1 - cosine.mean()), abs=1e-6)
    same = loss(batch, Painted(batch.target))
    assert same.item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("loss", [perceptual, identity])
def test_gradients_reach_picture_and_mask_alone(loss: object, weights: tuple[Path, ...]) -> None:
    batch, painted = example()
    assert painted.mask is not None
    raw, mask = painted.image.clone().requires_grad_(), painted.mask.clone().requires_grad_()
    made = loss.make(weights=weights, of="laid")  # type: ignore[attr-defined]
    made(batch, Painted(raw, mask)).backward()
    for each in (raw, mask):
        assert each.grad is not None
        assert each.grad.isfinite().all()
        assert each.grad.abs().sum() > 0


def there(name: str) -> Path:
    path = Path(__file__).parents[3] / "resources/weights" / FILES[name]
    if not path.exists():
        pytest.skip(f"{FILES[name]} is not there; fetch it with faceloom weights")
    return path


HEAVY = [pytest.param(name, marks=pytest.mark.slow) for name in ("facenet", "vgg19")]


@pytest.fixture(scope="module", params=["sface", "lightcnn", "vgg16", *HEAVY])
def published(request: pytest.FixtureRequest) -> tuple[str, Path]:
    return str(request.param), there(str(request.param))


def test_every_network_sees_the_face_as_its_judge_cuts_it(published: tuple[str, Path]) -> None:
    kind, path = published
    random = np.random.default_rng(0)
    crop = cv2.GaussianBlur(random.integers(0, 256, (256, 256, 3)).astype(np.uint8), (0, 0), 4)
    crop = cv2.normalize(crop, None, 0, 255, cv2.NORM_MINMAX)
    features = Features(kind, path, COVERAGE)
    given = torch.from_numpy(crop).permute(2, 0, 1)[None] / 127.5 - 1
    found = features.views(given)[0]
    laid = features.kind.laid
    if laid is None:  # VGGs know pictures, not faces
        assert torch.equal(found, given[0])
        return
    points = (CANONICAL - 0.5) * COVERAGE * 256 + 127.5
    view = cut(crop, laid(points), features.kind.size)
    wanted = torch.from_numpy(view).permute(2, 0, 1) / 127.5 - 1
    # of crops larger than the view, `cut` takes means and the loss does not
    assert (found - wanted).abs().mean() < 0.03
    assert (found.roll(3, 2) - wanted).abs().mean() > 0.1


def test_lightcnn_sees_facenets_box_without_its_margin() -> None:
    points = (CANONICAL - 0.5) * 200 + 128
    corners = np.array([(15.5, 15.5), (143.5, 143.5)])
    outer = apply(inverse(boxed(points)), corners)
    assert apply(tight(points), outer) == pytest.approx(np.array([(-0.5, -0.5), (127.5, 127.5)]))


def test_stages_and_slopes_of_every_network(published: tuple[str, Path]) -> None:
    kind, path = published
    batch, painted = example()
    raw = painted.image[:1].clone().requires_grad_()
    one = Batch(batch.warped[:1], batch.target[:1], batch.mask[:1])
    if kind == "sface":
        with pytest.raises(ValueError, match="which of this network's features"):
            Features(kind, path, COVERAGE).layers(raw)
    else:
        made = perceptual.make(weights=(path,), network=kind, coverage=COVERAGE)  # type: ignore[arg-type]
        made(one, Painted(raw)).backward()  # type: ignore[no-untyped-call]
        assert raw.grad is not None and raw.grad.isfinite().all() and raw.grad.abs().sum() > 0
        assert made(one, Painted(one.target)).item() == pytest.approx(0, abs=1e-4)
        layers = Features(kind, path, COVERAGE).layers(one.target)
        sides = [each.shape[-1] for each in layers]
        assert sides == sorted(sides, reverse=True)
        assert len(layers) == (5 if kind.startswith("vgg") else 4)
    if not kind.startswith("vgg"):
        alike = identity.make(weights=(path,), network=kind, coverage=COVERAGE)  # type: ignore[arg-type]
        raw.grad = None
        alike(one, Painted(raw)).backward()  # type: ignore[no-untyped-call]
        assert raw.grad is not None and raw.grad.abs().sum() > 0
        assert alike(one, Painted(one.target)).item() == pytest.approx(0, abs=1e-5)


def test_lightcnn_by_its_own_definition(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = LightCnn()
    held = {f"{n}": each.detach() for n, each in enumerate(made.parameters())}
    torch.save({"epoch": 1, "state_dict": held}, tmp_path / "l.tar")
    face = faces(5, 128)[:1]
    network = read_lightcnn(tmp_path / "l.tar")
    assert torch.equal(network(face), made(face))
    assert network(face).norm().item() == pytest.approx(1, abs=1e-5)
    first = functional.conv2d((face.flip(1) + 1) / 2, held["0"], held["1"], padding=1)
    kept = torch.maximum(first[:, :48], first[:, 48:])
    wanted = functional.max_pool2d(kept, 2) + functional.avg_pool2d(kept, 2)
    torch.testing.assert_close(smaller(network.begin((face.flip(1) + 1) / 2)), wanted)
    assert sum(weight.numel() for weight in made.parameters()) == 10_345_600
    torch.save({"state_dict": dict(list(held.items())[:-1])}, tmp_path / "short.tar")
    for bad in ("short.tar", "none.tar"):
        (tmp_path / "none.tar").write_bytes(b"no weights")
        with pytest.raises(FaceloomError, match="not LightCNN's V4 checkpoint"):
            read_lightcnn(tmp_path / bad)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"network": "vgg16", "layers": [1, 1, 1, 1]}, "vgg16 has 5 stages, not 4"),
        ({"layers": [1, 1, 1, 1, 1]}, "dlib has 4 stages, not 5"),
    ],
)
def test_a_weight_for_each_stage(said: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Perceptual.model_validate(said)
    assert Perceptual.model_validate(said | {"layers": None}).weights == (
        FILES[said.get("network", "dlib")],
    )
