"""decoder: faces in, a network out that paints them by what a layer sees."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from commands import command, refused
from faceloom.errors import FaceloomError
from faceloom.images import decode
from faceloom.networks.vgg import Vgg
from faceloom.networks.vgg_files import taught_decoder, vgg19
from faceloom.rows.faces import Face
from faceloom.rows.steps import Step
from faceloom.settings.decoder import Decoder
from faceloom.stages.decoder import decoder
from faceloom.styles.pictures import to_tensor
from faceloom.tables import read, write
from faces import row, shot

FACES = [row(shot(n), n) for n in range(3)]
SETTINGS = Decoder(steps=120, batch=2, size=32, rate=1e-2, save=40)


def given(folder: Path, faces: list[Face] = FACES, layer: str = "relu2_1") -> dict[str, Any]:
    write(folder / "faces.parquet", faces, Face)
    torch.manual_seed(0)
    torch.save(Vgg(19, layer, "max").state_dict(), folder / "vgg_normalized.pth")
    out = {"network": folder / "net.pt", "history": folder / "net.history.parquet"}
    weights = (folder / "vgg_normalized.pth",)
    return {"faces": (folder / "faces.parquet",), "layer": layer, "weights": weights, **out}


def left_out(said: dict[str, Any]) -> float:
    """Of a face's variance, by a decoder that has been taught."""
    layer, network = taught_decoder(said["network"])
    assert layer == said["layer"]
    shown = to_tensor([decode(FACES[0].image)], torch.device("cpu"))
    with torch.no_grad():
        made = network(vgg19(*said["weights"], layer)(shown, [layer])[layer])
    grey = (shown - shown.mean()).square().mean()
    return float((made - shown).square().mean() / grey)


def test_the_first_layer_is_solved(tmp_path: Path) -> None:
    """Its decoder is one convolution: least squares give the picture back."""
    said = given(tmp_path, layer="relu1_1")
    decoder(**said, settings=SETTINGS)
    assert left_out(said) < 0.005


def test_it_paints_what_the_layer_sees(tmp_path: Path) -> None:
    said = given(tmp_path)
    decoder(**said, settings=SETTINGS)
    assert left_out(said) < 0.45
    rows = read(said["history"], Step)
    assert {each.loss for each in rows} == {"total", "pixels", "features"}
    totals = [each.value for each in rows if each.loss == "total"]
    assert totals[-1] < 0.5 * totals[0]
    assert not list(tmp_path.glob("*resume*"))


def test_stopped_and_resumed_is_undisturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = SETTINGS.model_copy(update={"steps": 6, "save": 2})
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
    whole, parts = given(tmp_path / "whole"), given(tmp_path / "parts")
    decoder(**whole, settings=short)
    from faceloom.training import decoder as training

    drawn, count = training.pieces, 0

    def stopped(*said: Any) -> list[np.ndarray]:
        nonlocal count
        count += 1
        if count == 4:
            raise KeyboardInterrupt
        return drawn(*said)

    monkeypatch.setattr(training, "pieces", stopped)
    with pytest.raises(KeyboardInterrupt):
        decoder(**parts, settings=short)
    assert not parts["network"].exists()
    decoder(**parts, settings=short)
    assert count == 4 + 4  # from step 2 on
    assert parts["network"].read_bytes() == whole["network"].read_bytes()


@pytest.mark.parametrize(
    ("faces", "said"),
    [([], "no face to learn from"), (FACES, "128 pixels, but faces have 64")],
)
def test_what_cannot_be_learnt_from_is_told(tmp_path: Path, faces: list[Face], said: str) -> None:
    with pytest.raises(FaceloomError, match=said):
        decoder(**given(tmp_path, faces), settings=Decoder())


def test_as_a_command(tmp_path: Path) -> None:
    said = given(tmp_path, [replace(FACES[0], frame=0)])
    said["weights"][0].write_bytes(b"no network")
    done = command("decoder", **said, settings=SETTINGS)
    refused(done, "not AdaIN's vgg_normalized.pth", said["network"])
