"""One photo in the style of another, from two pictures of rendered actors to a film of a frame."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from faceloom.images import decode, save_picture
from faceloom.media import frame_at, pictures
from faceloom.rows.faces import Face
from faceloom.tables import read
from workflow.little import CONFIG, PROJECT, small
from workflow.loom import Loom

COLOURS = np.array(
    [(0, 0, 0), (200, 90, 9), (9, 200, 90), (90, 9, 200), (250, 250, 0), (250, 0, 250)]
)
CLIPS = """\
clip	path	people	use	origin
man	data/man.png	boris	judge	rendered
creature	data/creature.png	chen	learn	rendered
"""
FEW = {"kind": "patches", "phases": 1, "steps": 4, "colours": False}
VGG = PROJECT / "resources/weights/vgg_normalized.pth"


def photographed(folder: Path, name: str, clip: str) -> None:
    """A frame of the demo as a picture, its labels as a painted map beside it."""
    demo = PROJECT / "data/demo"
    save_picture(folder / f"{name}.png", frame_at(demo / f"{clip}.mp4", 0).image)
    with np.load(demo / f"{clip}.npz") as labels:
        save_picture(folder / f"{name}_sem.png", COLOURS[labels["seg"][0]].astype(np.uint8))


@pytest.fixture
def two(tmp_path: Path) -> Loom:
    loom = small(tmp_path / "loom")
    loom.write("data/clips.tsv", CLIPS)
    for name, clip in (("man", "boris"), ("creature", "chen")):
        photographed(loom.folder / "data", name, clip)
    said = {
        "licences": [*CONFIG["licences"], "MIT", "own", "imagenet"],
        "swaps": {"man_creature": {"clip": "man", "faces": "chen"}},
        "variants": {"baseline": {"convert": {"kind": "transfer", "by": FEW}}},
    }
    loom.write("config.yaml", yaml.safe_dump(said))
    return loom


@pytest.mark.slow
@pytest.mark.skipif(not VGG.exists(), reason=f"no {VGG.name}; faceloom weights fetches it")
def test_two_pictures_make_a_swap_of_one_frame(two: Loom) -> None:
    film = "results/blend/baseline/man_creature.mp4"
    table = "results/convert/baseline/man_creature.parquet"
    two.snakemake(film)
    assert sum(1 for _ in pictures(two.folder / film)) == 1
    (painted,) = read(two.folder / table, Face)
    (host,) = read(two.folder / "results/crop/baseline/man.parquet", Face)
    before, after = (decode(face.image).astype(float) for face in (host, painted))
    assert np.abs(after - before).mean() > 1
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.8
    for name in ("man", "creature"):  # without paintings, by parsing
        (two.folder / f"data/{name}_sem.png").unlink()
    assert two.todo(film)["convert"] == 1
    two.snakemake(film)
    (parsed,) = read(two.folder / table, Face)
    assert parsed.image != painted.image
