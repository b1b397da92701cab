"""A trained generator as a file, and all that may lie there instead."""

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.parts import build
from faceloom.settings import Train
from faceloom.training.checkpoint import SCHEMA, Checkpoint, load
from faceloom.training.trained import restored

SETTINGS = Train.model_validate({"model": {"kind": "small", "width": 8, "latent": 16}})


def example(**changes: Any) -> Checkpoint:
    network = build(SETTINGS.model, people=("anna", "emi"))
    made = Checkpoint(
        settings=SETTINGS.model_dump_json(exclude_none=True),
        people=["anna", "emi"],
        colours={"": ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])},
        precision="fp32",
        weights=network.state_dict(),
    )
    return replace(made, **changes)


def told(**changes: Any) -> str:
    """The settings, some of them said otherwise."""
    return json.dumps(json.loads(example().settings) | changes)


def one_line(path: Path) -> str:
    with pytest.raises(FaceloomError) as refused:
        load(path)
    said = str(refused.value)
    assert said.startswith(f"{path}: ") and "\n" not in said and "; " in said
    return said


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    made = example()
    made.save(tmp_path / "x.pt")
    again = load(tmp_path / "x.pt")
    assert (again.settings, again.people, again.colours) == (
        made.settings,
        made.people,
        made.colours,
    )
    weights = restored(again).network.state_dict()
    assert all(torch.equal(weights[name], each) for name, each in made.weights.items())


def test_what_is_not_there(tmp_path: Path) -> None:
    assert "no such checkpoint; train it first" in one_line(tmp_path / "x.pt")


class Foreign:
    """Something that is not to be unpickled."""


FOREIGN = {
    "weights alone": {"layer.weight": torch.zeros(3)},
    "a list": [1, 2, 3],
    "a tensor": torch.zeros(3),
    "more": {"schema": 1, "model": {}},
    "no number": {"schema": "one"},
    "an object": {"schema": 1, "settings": Foreign()},
    "settings of another sort": {
        "schema": 1, "settings": 3, "people": ["anna"], "colours": {}, "precision": "fp32",
        "weights": {},
    },
    "people of another sort": {
        "schema": 1, "settings": "{}", "people": "anna", "colours": {}, "precision": "fp32",
        "weights": {},
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", FOREIGN)
def test_somebody_elses(tmp_path: Path, kind: str) -> None:
    torch.save(FOREIGN[kind], tmp_path / "x.pt")
    assert "no checkpoint of Faceloom" in one_line(tmp_path / "x.pt")


@pytest.mark.parametrize(
    "content", [b"", b"words\n", pickle.dumps({"schema": 1}, 2), b"PK\x03\x04.."]
)
def test_what_is_no_checkpoint(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pt").write_bytes(content)
    assert "no checkpoint of Faceloom, or a broken one" in one_line(tmp_path / "x.pt")


def test_half_of_one(tmp_path: Path) -> None:
    example().save(tmp_path / "x.pt")
    data = (tmp_path / "x.pt").read_bytes()
    (tmp_path / "x.pt").write_bytes(data[: len(data) // 2])
    assert "a broken one; remove it and train again" in one_line(tmp_path / "x.pt")


def test_a_folder(tmp_path: Path) -> None:
    assert "no checkpoint" in one_line(tmp_path)


def test_of_a_newer_faceloom(tmp_path: Path) -> None:
    torch.save({"schema": SCHEMA + 1, "something": "new"}, tmp_path / "x.pt")
    assert f"made by a newer Faceloom (schema {SCHEMA + 1}); update" in one_line(tmp_path / "x.pt")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"settings": told(gone=1)}, r"the generator of anna\+emi: .*\(gone: extra inputs"),
        ({"settings": told(steps=-1)}, r"other settings .*\(steps: input should be greater"),
        ({"settings": told(model={"kind": "huge"})}, r"other settings .*\(model: "),
        ({"settings": "rate: 3"}, "other settings .*invalid json"),
        (
            {"settings": told(model={"kind": "small", "width": 16, "latent": 16})},
            r"weights are not of the network that its settings name \(small\); remove it",
        ),
        ({"weights": {}}, "weights are not of the network"),
    ],
)
def test_of_other_settings(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FaceloomError, match=said) as refused:
        restored(example(**changes))
    assert "\n" not in str(refused.value)
