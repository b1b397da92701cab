"""The project in little, with the real commands: four clips of 16 frames, two variants."""

import shutil
from pathlib import Path

import av
import yaml

from workflow.loom import PROJECT, Loom, copied

FRAMES = 16
CLIPS = """\
clip	path	people	use	origin
boris_learn	data/boris_learn.mp4	boris	learn	rendered
chen_learn	data/chen_learn.mp4	chen	learn	rendered
boris	data/boris.mp4	boris	judge	rendered
boris_as_chen	data/boris_as_chen.mp4	boris	truth	rendered
"""
QUICK = {"steps": 20, "batch": 4, "warmup": 2, "save": 10, "preview": 10, "threads": 1}
CONFIG = {
    "licences": ["CC0-1.0", "Apache-2.0"],
    "swaps": {"boris_chen": {"clip": "boris", "faces": "chen", "truth": "boris_as_chen"}},
    "variants": {
        "baseline": {"why": "The whole way, in little.", "train": QUICK},
        "composite": {
            "why": "The way without training.",
            "convert": {"kind": "composite"},
            "refine": ["sharpen"],
            "blend": {"by": "poisson"},
        },
    },
}


def cut(clip: Path, short: Path) -> None:
    """The first frames of a clip as a clip of their own."""
    with av.open(clip) as whole, av.open(short, "w") as part:
        stream = whole.streams.video[0]
        new = part.add_stream("libx264", rate=stream.average_rate, options={"crf": "12"})
        new.width, new.height, new.pix_fmt = stream.width, stream.height, "yuv420p"
        for _, frame in zip(range(FRAMES), whole.decode(stream), strict=False):
            part.mux(new.encode(frame))
        part.mux(new.encode(None))


def small(folder: Path) -> Loom:
    """A new working copy, where nothing has run."""
    loom = copied(folder)
    shutil.rmtree(loom.folder / "stand_in")
    shutil.copy(PROJECT / "workflow/weights.tsv", loom.folder / "workflow/weights.tsv")
    for row in CLIPS.splitlines()[1:]:
        name = Path(row.split("\t")[1]).name
        cut(PROJECT / "data/demo" / name, loom.folder / "data" / name)
    loom.write("data/clips.tsv", CLIPS)
    loom.write("config.yaml", yaml.safe_dump(CONFIG, sort_keys=False))
    (loom.folder / "resources").mkdir()
    (loom.folder / "resources/weights").symlink_to(PROJECT / "resources/weights")
    return loom
