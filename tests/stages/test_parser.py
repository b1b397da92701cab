"""parser: labelled shots in, a network out that can be asked."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from commands import answered, refused
from drawn import draw_clip
from faceloom.networks.face_parser import load
from faceloom.parsers import Parser as Asked
from faceloom.pixels.masks import hull
from faceloom.pixels.parsing import LABELS
from faceloom.rows.sightings import Sighting
from faceloom.rows.steps import Step
from faceloom.settings.parser import Parser
from faceloom.stages.parser import parser
from faceloom.tables import read, write
from faces import shot

SETTINGS = Parser(steps=3, batch=2, save=1)


def shots(folder: Path, frames: int = 2) -> dict[str, Any]:
    """Two shots of drawn heads; of their rows, only the landmarks are wanted."""
    given: dict[str, Any] = {"films": (), "rows": (), "masks": ()}
    for name in ("one", "two"):
        seen = [shot(n, (64 + n, 60), 70, size=(128, 128)) for n in range(frames)]
        draw_clip(folder / f"{name}.mp4", [each.image for each in seen])
        soft = np.stack([hull(each.points, (128, 128)) for each in seen])
        labels = (soft > 0.5).astype(np.uint8) * LABELS.index("skin")
        np.savez(folder / f"{name}.npz", seg=labels, soft=(soft * 255).astype(np.uint8))
        rows = (
            Sighting(n, 0, [0.0, 0, 1, 1], np.float32(each.points).ravel().tolist(), False)
            for n, each in enumerate(seen)
        )
        write(folder / f"{name}.parquet", rows, Sighting)
        given["films"] += (folder / f"{name}.mp4",)
        given["rows"] += (folder / f"{name}.parquet",)
        given["masks"] += (folder / f"{name}.npz",)
    return given | {"network": folder / "net.pt", "history": folder / "net.history.parquet"}


def test_a_network_that_can_be_asked(tmp_path: Path) -> None:
    given = shots(tmp_path)
    parser(**given, settings=SETTINGS)
    network = load(given["network"])
    seen = shot(5, (64, 60), 70, size=(128, 128))
    (found,) = Asked(network).all([(seen.image, seen.points)])
    assert found.labels.shape == found.face.shape == (128, 128)
    assert {row.loss for row in read(given["history"], Step)} == {
        "total", "labels", "face", "overlap"
    }  # fmt: skip
    assert given["network"].stat().st_size < 3 << 20
    assert not list(tmp_path.glob("*resume*"))


def test_it_goes_on_from_another(tmp_path: Path) -> None:
    given = shots(tmp_path)
    parser(**given, settings=SETTINGS)
    still = Parser(steps=1, batch=2, rate=1e-9)
    more = given | {"network": tmp_path / "more.pt", "begin": (given["network"],)}
    parser(**more, settings=still)
    one, two = (torch.load(tmp_path / name, weights_only=True) for name in ("net.pt", "more.pt"))
    for name in ("stem.0.0.weight", "head.weight"):
        assert torch.allclose(one["weights"][name].float(), two["weights"][name].float(), atol=1e-3)


def test_the_same_again_is_the_same(tmp_path: Path) -> None:
    given = shots(tmp_path)
    parser(**given, settings=SETTINGS)
    parser(**given | {"network": tmp_path / "again.pt"}, settings=SETTINGS)
    one, two = (torch.load(tmp_path / name, weights_only=True) for name in ("net.pt", "again.pt"))
    assert all(torch.equal(each, two["weights"][name]) for name, each in one["weights"].items())


@pytest.mark.parametrize(
    ("damage", "because"),
    [
        (lambda folder: (folder / "one.npz").write_bytes(b"PK"), "no labels of a shot"),
        (lambda folder: np.savez(folder / "one.npz", seg=np.zeros(3)), "no labels of a shot"),
        (
            lambda folder: write(folder / "two.parquet", [], Sighting),
            "two.mp4: 2 frames, but 0 rows and 2 labels; render the shot again",
        ),
    ],
)
def test_what_does_not_belong_together_is_told(tmp_path: Path, damage: Any, because: str) -> None:
    given = shots(tmp_path)
    damage(tmp_path)
    refused(answered("parser", **given, settings=SETTINGS), because, given["network"])
