"""From a form to the thing: a module's make, told the form's fields and nothing else."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from faceloom import parts
from faceloom.errors import FaceloomError
from faceloom.parts import build, lying
from faceloom.settings import Identity
from faceloom.settings.faces import Ema, Mmod, Raw
from faceloom.settings.learning import Dssim, Small


def test_a_part_is_made_by_its_module_with_its_options() -> None:
    values = np.array([[0.0], [1.0]])
    assert build(Raw())(values, 1.0).tolist() == [[0.0], [1.0]]
    assert build(Ema(memory=0.0))(values, 1.0).tolist() == [[0.0], [1.0]]
    assert build(Ema(memory=0.9))(values, 1.0).tolist() != [[0.0], [1.0]]


def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the next module's make is given, and whose make that is."""
    seen: dict[str, object] = {}

    def module(name: str) -> SimpleNamespace:
        seen["module"] = name
        return SimpleNamespace(make=lambda **options: seen.update(options))

    monkeypatch.setattr(parts, "import_module", module)
    return seen


def test_fields_for_whoever_chooses_a_part_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = told(monkeypatch)
    build(Dssim(weight=3))
    assert seen["module"] == "faceloom.losses.dssim"
    assert "weight" not in seen and "kind" not in seen


def test_what_else_is_given_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = told(monkeypatch)
    build(Small(width=16), people=("anna",))
    assert (seen["module"], seen["width"], seen["people"]) == (
        "faceloom.models.small",
        16,
        ("anna",),
    )


def test_weights_are_found_by_name_among_those_given(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = told(monkeypatch)
    files = [Path("a/other.dat"), Path("b/mmod_human_face_detector.dat")]
    build(Mmod(), iter(files))
    assert seen["weights"] == (files[1],)
    with pytest.raises(FaceloomError, match="dlib_face_recognition.*give them with --weights"):
        build(Identity(), files)


def test_lying() -> None:
    assert lying([Path("x/a"), Path("y/b")], "b") == Path("y/b")
    with pytest.raises(FaceloomError, match="c: these weights are needed"):
        lying([Path("x/a")], "c")
