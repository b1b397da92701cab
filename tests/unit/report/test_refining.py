"""Refined faces in the report: who stands beside whom, which strips there are, and the numbers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compared import BASE, TOLD, called, tree
from faceloom.images import decode, encode_png, open_picture
from faceloom.pixels.parsing import LABELS
from faceloom.report import refining
from faceloom.report.comparison import Comparison
from faceloom.report.files import Files, owned
from faceloom.rows.faces import Face
from faceloom.rows.parsed import Parsed
from faceloom.stages.compare import compare
from faceloom.tables import write
from faces import row, shot

FACES = [row(shot(n), n, clip="a") for n in range(6)]
STEPS = {"few": 5, "many": 40, "some": 10}


def variant(name: str, **knobs: Any) -> dict[str, Any]:
    owners = {
        **BASE,
        "refine": name,
        "blend": name,
        "evaluate": name,
        "measure.parsing": "baseline",
    }
    part = {"kind": "gatys", "steps": 60, "ratio": 0.25, "steady": 0.0, **knobs}
    return {"why": name, "like": "baseline", "owners": owners, "refined": [part]}


SAID: dict[str, Any] = {
    **TOLD,
    "variants": {
        "baseline": TOLD["variants"]["baseline"],
        **{name: variant(name, steps=steps) for name, steps in STEPS.items()},
        "calm": variant("calm", steady=0.5),
    },
}


def lighter(faces: list[Face], by: int) -> list[Face]:
    images = [
        np.minimum(decode(face.image).astype(int) + by, 255).astype(np.uint8) for face in faces
    ]
    return [replace(f, image=encode_png(image)) for f, image in zip(faces, images, strict=True)]


def tables(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The tables as a run leaves them: of the swap a_b alone."""
    results = folder / "results"
    labels = np.full((64, 64), LABELS.index("hair"), np.uint8)
    there: dict[str, tuple[Path, ...]] = {
        "crops": (results / "crop/baseline/a.parquet",),
        "swapped": (results / "convert/baseline/a_b.parquet",),
        "parsed": (results / "measure/baseline/a.parsing.parquet",),
        "refined": tuple(results / f"refine/{name}/a_b.parquet" for name in (*STEPS, "calm")),
        "seconds": tuple(results / f"refine/{name}/a_b.seconds.json" for name in (*STEPS, "calm")),
    }
    write(there["crops"][0], FACES, Face)
    write(there["swapped"][0], lighter(FACES, 20), Face)
    rows = [Parsed("unet", "a", "a", f.frame, 0, encode_png(labels), b"") for f in FACES]
    write(there["parsed"][0], rows, Parsed)
    for number, (table, spent) in enumerate(zip(there["refined"], there["seconds"], strict=True)):
        write(table, lighter(FACES, 40 + 20 * number), Face)
        spent.write_text(json.dumps({"faces": 6, "seconds": [3.0 * (number + 1)]}))
    return there


@pytest.fixture
def files(tmp_path: Path) -> Files:
    there = tables(tmp_path)
    return Files(
        {}, {}, {}, {}, {}, {}, {},
        refined=owned(there["refined"], ".parquet"),
        swapped=owned(there["swapped"], ".parquet"),
        seconds=owned(there["seconds"], ".seconds.json"),
        crops=owned(there["crops"], ".parquet"),
        parsed=owned(there["parsed"], ".parsing.parquet"),
    )  # fmt: skip


def test_the_rows_are_host_content_map_and_every_variant(files: Files) -> None:
    told = Comparison.model_validate(SAID)
    rows, heads = refining.gallery(told, files, "a_b")
    assert list(rows) == ["host, for style", "new face of baseline", "map", *STEPS, "calm"]
    assert {len(images) for images in rows.values()} == {len(heads)} == {5}
    assert heads == [f"frame {n}" for n in (0, 1, 3, 4, 5)]
    levels = [np.mean(rows[name]) for name in ("host, for style", "new face of baseline", "few")]
    assert levels == sorted(levels)
    assert (rows["map"][0] == refining.PAINTS[LABELS.index("hair")]).all()
    assert refining.gallery(told, files, "b_a") == ({}, [])


def test_a_strip_turns_one_knob_and_no_other(files: Files) -> None:
    told = Comparison.model_validate(SAID)
    (strip,) = refining.strips(told, files)
    assert (strip.swap, strip.knob) == ("a_b", "steps")
    assert strip.variants == (("few", 5), ("some", 10), ("many", 40))


def test_the_page_shows_them_with_their_numbers(tmp_path: Path) -> None:
    tree(tmp_path, {**SAID, "variants": {"baseline": SAID["variants"]["baseline"]}})
    said = called(tmp_path, SAID)
    compare(**said, **tables(tmp_path))
    page = said["report"].read_text()
    part = page[page.index('id="refined"') : page.index('id="training"')]
    assert part.count("<figure>") == 2
    assert "gatys, steady 0.5" in part
    assert "<td>0.5</td>" in part  # 3 seconds for 6 faces
    for name in ("a_b.refined.png", "a_b.steps.few.png"):
        assert f"pictures/{name}" in part
        assert open_picture(said["pictures"] / name).shape[1] > 300


def test_without_refiners_there_is_no_such_part(tmp_path: Path) -> None:
    said = tree(tmp_path)
    compare(**said)
    assert 'id="refined"' not in said["report"].read_text()
