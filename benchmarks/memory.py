"""How much memory a training needs of its own, with few faces and with many.

A table of faces drawn at random, with choices, is written out; a process of its own trains the
small network on it for a few steps, as the rule would. What counts is the most anonymous resident
memory (RssAnon) that it ever had; faces are in a file that is mapped, and may leave memory.

    python benchmarks/memory.py           a thousand faces and a hundred thousand
    python benchmarks/memory.py --quick   a thousand and ten thousand
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from faceloom.images import encode_png
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.settings import Train
from faceloom.tables import write

PEOPLE = ("anna", "emi")
SIZE = 32  # pixels of a crop
STATUS = Path("/proc/self/status")
SETTINGS = Train.model_validate(
    {
        "model": {"kind": "small", "size": 64, "width": 8, "latent": 32},
        "colours": "own",  # moving them takes long and no memory of its own
        "steps": 20,
        "threads": 1,
        "precision": "fp32",
        "preview": 10,
        "save": 10,
    }
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="ten thousand faces at most")
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.train:
        print(trained(told.train))
        return
    counts = (1_000, 10_000 if told.quick else 100_000)
    peaks = {count: measured(count) for count in counts}
    for count, peak in peaks.items():
        print(f"{count:>7} faces {peak / 1024:7.0f} MB")
    few, many = (peaks[count] for count in counts)
    print(f"memory_ratio: {many / few:.3f}")


def measured(count: int) -> int:
    """The most that a training with so many faces had, in kB."""
    with tempfile.TemporaryDirectory() as folder:
        drawn(Path(folder), count)
        line = [sys.executable, __file__, "--train", folder]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        return int(done.stdout)


def drawn(folder: Path, count: int) -> None:
    """The tables of so many faces, half of them each person's."""
    for person in PEOPLE:
        write(folder / f"{person}.parquet", faces(person, count // len(PEOPLE)), Face)
        kept = (Choice(f"{person}_learn", n, 0, True, "kept") for n in range(count // len(PEOPLE)))
        write(folder / f"{person}.choices.parquet", kept, Choice)


def faces(person: str, count: int) -> Iterator[Face]:
    """Faces of a few pictures, again and again."""
    random = np.random.default_rng(PEOPLE.index(person))
    images = [encode_png(random.integers(0, 256, (SIZE, SIZE, 3), np.uint8)) for _ in range(16)]
    mask = encode_png(np.full((SIZE, SIZE), 255, np.uint8))
    points = random.uniform(8, 24, 136).tolist()
    for number in range(count):
        yield Face(
            clip=f"{person}_learn", person=person, frame=number, track=0, bridged=False,
            width=SIZE, height=SIZE, landmarks=points, matrix=[1.0, 0, 0, 0, 1.0, 0],
            mask=mask, image=images[number % len(images)],
        )  # fmt: skip


def trained(folder: Path) -> int:
    """Train on these tables; the most anonymous memory on the way, in kB."""
    from faceloom.stages.train import train

    most = Most()
    most.start()
    train(
        faces=tuple(folder / f"{person}.parquet" for person in PEOPLE),
        choices=tuple(folder / f"{person}.choices.parquet" for person in PEOPLE),
        people=PEOPLE,
        generator=folder / "made.pt",
        history=folder / "made.history.parquet",
        previews=folder / "made.previews.mp4",
        varied=folder / "made.varied.png",
        settings=SETTINGS,
    )
    return most.found


class Most(threading.Thread):
    """Looks at this process's memory again and again."""

    def __init__(self) -> None:
        """A thread that ends with the process."""
        super().__init__(daemon=True)
        self.found = 0

    def run(self) -> None:
        """Look, and look again."""
        while True:
            self.found = max(self.found, anonymous())
            time.sleep(0.02)


def anonymous() -> int:
    """RssAnon now, in kB."""
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1])


if __name__ == "__main__":
    main()
