"""Every bad clip and picture through the real commands: python benchmarks/hostile.py [--quick]

Each file goes through extract, detect, track and crop, and, where there is a face, through blend,
which lays each face's own crop back into its clip: nobody is swapped with anybody. A command is a
process of its own, with a limit of time, forked from one that has imported everything, so that a
hundred files take minutes. What comes out is held against ffmpeg (see witness.py): number of
frames, times, size, aspect, rotation, colours and their range, sound, and the film's pixels.

Prints a table for docs/benchmarks.md, what was wrong, and four numbers. `--real DIR` says where the
files are; all that is made of them goes into a temporary folder and away with it. `--quick` takes
every fourth file, `--only WORD` those whose name has the word.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import rightly
from rightly import Found

from faceloom import cli

PROJECT = Path(__file__).parents[1]
REAL = PROJECT.parent / "shared/data/real"
FOLDERS = ("hard_video_shared", "hard_image_shared")
LANDMARKS = PROJECT / "resources/weights/face_landmarker.task"
IMPORTED = (
    "stages.extract", "stages.detect", "stages.track", "stages.crop", "stages.blend",
    "detectors.hog", "landmarkers.mesh", "smoothers.kalman", "blenders.feather",
)  # fmt: skip
LIMIT = 180.0  # seconds for a command
PUT_RIGHT = 2  # the status that says: a person can put this right
LINEAGE = {
    "swap": {"name": "itself", "faces": {"somebody": "somebody"}},
    "consent": {"somebody": "research"},
}
FINER = {"detector": {"kind": "hog", "upsample": 1}}
NOBODY = "no face in any frame"  # what crop says; it also says to try FINER
FILM = {"mark": "metadata", "quality": 4}
HEAD = (
    "file", "frames", "seconds", "picture", "faces", "cut out", "film: face, rest, dB", "said",
)  # fmt: skip
DAMAGE = ("damaged", "cut off", "stopped before the end")


Command = tuple[str, list[str], str]


@dataclass
class Tried:
    """What became of a file."""

    name: str
    said: list[str] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    tracebacks: int = 0
    hangs: int = 0

    @property
    def line(self) -> str:
        """A row of the table."""
        found = self.found
        alike = f"{found.face:.0f}, {found.rest:.0f}" if found.face else ""
        across = "x".join(map(str, found.size)) if found.frames else ""
        faces = f"{found.detections} on {found.tracks}" if found.detections else ""
        cells = (
            f"`{self.name}`", found.frames or "", f"{found.seconds:.2f}" if found.frames else "",
            across, faces, found.crops or "", alike, "; ".join(self.said),
        )  # fmt: skip
        return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--real", type=Path, default=REAL, help="where the files are")
    asked.add_argument("--quick", action="store_true", help="every fourth file")
    asked.add_argument("--only", default="", help="files whose name has this in it")
    given = asked.parse_args()
    every = [path for path in inputs(given.real) if given.only in path.name]
    if not every:
        print(f"no bad clips in {given.real}; name their folder with --real")
        return
    cv2.setNumThreads(1)
    ready()
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    outcomes = []
    for path in every[:: 4 if given.quick else 1]:
        outcomes.append(tried(path))
        print(outcomes[-1].line, flush=True)
    wrong = [(each.name, what) for each in outcomes for what in each.found.wrong]
    print("", *(f"wrong: {name}: {what}" for name, what in wrong), sep="\n")
    print(f"inputs: {len(outcomes)}")
    print(f"tracebacks: {sum(each.tracebacks for each in outcomes)}")
    print(f"hangs: {sum(each.hangs for each in outcomes)}")
    print(f"wrong_answers: {len(wrong)}")


def ready() -> None:
    """Have all that the commands import in memory once for all."""
    for name in IMPORTED:
        import_module(f"faceloom.{name}")


def inputs(real: Path) -> list[Path]:
    """The files, and the folders that stand for clips."""
    return [path for name in FOLDERS if (real / name).is_dir() for path in entries(real / name)]


def entries(folder: Path) -> Iterator[Path]:
    """What lies in a folder, in order."""
    yield from sorted(folder.iterdir(), key=lambda path: path.name.lower())


def tried(clip: Path) -> Tried:
    """A file through all commands, as far as they go, and what came of it."""
    outcome = Tried(clip.name)
    with tempfile.TemporaryDirectory(prefix="faceloom-hostile-") as name:
        folder = Path(name)
        if walked(outcome, folder, commands(clip, folder, {})) and NOBODY in outcome.said[-1]:
            last = outcome.said.pop()
            finer = islice(commands(clip, folder, FINER), 1, None)
            if not walked(outcome, folder, finer):
                outcome.said.append("no face without upsample: 1")
            elif NOBODY in outcome.said[-1]:
                outcome.said[-1] = last.partition(";")[0]
        wrong = outcome.found.wrong
        damaged = any(word in line for line in outcome.said for word in DAMAGE)
        status, said = apart(held, (clip, folder, damaged), folder)
        if status == 0:
            outcome.found = Found(**json.loads((folder / "found.json").read_text()))
        else:
            wrong.append(f"not to be checked: {said[-1:]}")
        outcome.found.wrong += wrong
    return outcome


def walked(outcome: Tried, folder: Path, todo: Iterable[Command]) -> bool:
    """Whether one of the commands did not go on; none is tried after that."""
    for verb, words, made in todo:
        status, said = apart(answered, [verb, *words], folder)
        outcome.hangs += status is None
        traced = any("Traceback" in line for line in said)
        outcome.tracebacks += traced or status not in (0, PUT_RIGHT, None)
        remember(outcome, verb, said, status)
        if status != 0:
            left = [path.name for path in folder.iterdir() if path.name.startswith(made)]
            outcome.found.expect(not left, f"{verb} failed and left {', '.join(left)}")
            return True
    return False


def commands(clip: Path, folder: Path, detecting: dict[str, Any]) -> Iterator[Command]:
    """The commands with their words, and how the names of what they make begin."""
    frames, detections = folder / "frames.parquet", folder / "detections.parquet"
    sightings, faces = folder / "sightings.parquet", folder / "faces.parquet"
    film = {"film": folder / "film.mp4", "sidecar": folder / "film.json"}
    seen = {"clip": clip, "frames": frames}
    cropped = {"clip": clip, "sightings": sightings, "name": "clip", "people": "somebody"}
    blended = {**seen, "faces": faces, "lineage": json.dumps(LINEAGE), **film}
    found = {"weights": LANDMARKS, "detections": detections, "settings": json.dumps(detecting)}
    followed = {"frames": frames, "detections": detections, "sightings": sightings}
    yield "extract", flags(clip=clip, frames=frames), "frames"
    yield "detect", flags(**seen, **found), "detections"
    yield "track", flags(**followed), "sightings"
    yield "crop", flags(**cropped, faces=faces), "faces"
    yield "blend", flags(**blended, settings=json.dumps(FILM)), "film"


def flags(**given: object) -> list[str]:
    """Words of a command line."""
    said = {"settings": "{}", **given}
    return [word for name, value in said.items() for word in (f"--{name}", str(value))]


def remember(outcome: Tried, verb: str, said: list[str], status: int | None) -> None:
    """What a command said of the clip: its warnings once, and why it did not go on."""
    for line in said:
        words = plain(line, outcome.name)
        if f"{outcome.name}: " in line and not any(words in each for each in outcome.said):
            outcome.said.append(f"{verb}: {words}" if status and line == said[-1] else words)
    if status == PUT_RIGHT:
        about = bool(said) and said[-1].startswith(f"{verb}: ") and outcome.name in said[-1]
        outcome.found.expect(about, f"{verb} ends: {said[-1:]}")
    elif status is None:
        outcome.said.append(f"{verb}: no end after {LIMIT:.0f} s")
    elif status:
        outcome.said.append(f"{verb}: {said[-1] if said else f'status {status}'}")


def plain(line: str, name: str) -> str:
    """A line without the command's name and the path of the clip, fit for a table."""
    return re.sub(rf"^\w+: (\S.*/)?{re.escape(name)}: ", "", line).replace("|", "/")


def apart(
    job: Callable[..., None], told: Any, folder: Path, limit: float = LIMIT
) -> tuple[int | None, list[str]]:
    """A job's status, none if it did not end in time, and what it said, in a process of its own."""
    log = folder / "said"
    process = multiprocessing.get_context("fork").Process(target=alone, args=(job, told, log))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
        return None, []
    said = log.read_text(errors="replace").replace("\r", "\n")
    return process.exitcode, [line for line in said.splitlines() if line.strip()]


def alone(job: Callable[..., None], told: Any, log: Path) -> None:
    """The job, what it says kept in a file."""
    with log.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        job(told)
    except Exception:
        traceback.print_exc()
        sys.exit(1)


def answered(words: list[str]) -> None:
    """A command of the program, as from a shell."""
    sys.exit(cli.answer(words))


def held(told: tuple[Path, Path, bool]) -> None:
    """What was made, held against the other reader."""
    found = rightly.checked(*told)
    (told[1] / "found.json").write_text(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
