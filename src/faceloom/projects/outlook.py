"""What a run will take: how long by earlier jobs, and how much room by a rule of thumb."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

import pyarrow.parquet as pq

from ..errors import FaceloomError
from ..media.counting import counted
from ..plan import Plan
from ..settings import Train
from .weaving import Job

BENCHMARKS = Path("logs/benchmarks")

# The rule of thumb.  A face of 256 pixels is 0.07 MB as a PNG where the picture is clean and 0.12
# where it is noisy; a training leaves its generator, and while it runs a state three times as
# large; a film is up to twice as large as its clip; the index of a frame is nothing beside these.
FACE = 0.12e6
TRAINING = 0.25e9
FILM = 2.0
FRAME = 2e3


@dataclass(frozen=True)
class Subject:
    """What a job is about: its verb, its variant, and the clip, person, cast or swap."""

    verb: str
    variant: str
    name: str


def subject(path: str) -> Subject:
    """What a file of results, or a benchmark of one, is about."""
    parts = Path(path).parts
    at = 2 if parts[:2] == BENCHMARKS.parts else 1
    if len(parts) < at + 3:
        return Subject(parts[-1], "", "")
    return Subject(parts[at], parts[at + 1], parts[-1].split(".")[0])


class Outlook:
    """What jobs of a plan take."""

    def __init__(self, plan: Plan) -> None:
        """Of the project that is worked in."""
        self.plan = plan
        self.past = {path: seconds(path) for path in sorted(BENCHMARKS.rglob("*.tsv"))}
        self.frames = cache(self._frames)

    def _frames(self, clip: str) -> int:
        """The frames of a clip, as they were listed, or as its file says."""
        for index in Path("results/extract").glob(f"*/{clip}.parquet"):
            try:
                return int(pq.ParquetFile(index).metadata.num_rows)
            except (OSError, ValueError):
                continue
        known = self.plan.clips.get(clip)
        try:
            return counted(Path(known.path)) if known else 0
        except FaceloomError:
            return 0

    def clips(self, about: Subject) -> list[str]:
        """The clips whose length tells how much a job has to do."""
        if about.name in self.plan.swaps:
            return [self.plan.swaps[about.name].clip]
        if about.name in self.plan.clips:
            return [about.name]
        return self.plan.known_by({each for each in about.name.split("-")})

    def work(self, about: Subject) -> float:
        """How much a job has to do: steps of a training, else frames."""
        if about.verb == "train":
            form = self.plan.form("train", about.variant) if about.variant in self.plan else None
            return float(form.steps) if isinstance(form, Train) else 1.0
        return float(sum(map(self.frames, self.clips(about))) or 1)

    def seconds(self, job: Job) -> float | None:
        """How long a job may take, by what those like it took; None where there is none."""
        about = subject(job.benchmark or job.outputs[0])
        paces: dict[Subject, float] = {
            each: took / self.work(each)
            for path, took in self.past.items()
            if (each := subject(str(path))).verb == about.verb
        }
        if not paces:
            return None
        same = [pace for each, pace in paces.items() if each.variant == about.variant]
        return self.work(about) * median(same or paces.values())

    def bytes(self, job: Job) -> float:
        """How much room a job's results take, by the rule of thumb."""
        about = subject(job.outputs[0])
        clips = self.clips(about)
        frames = sum(map(self.frames, clips))
        if about.verb in ("crop", "convert", "refine", "augment"):
            faces = [self.frames(clip) * len(self.plan.clips[clip].people) for clip in clips]
            return FACE * sum(faces)
        if about.verb == "train":
            return TRAINING
        if about.verb == "blend":
            return FILM * sum(weight(Path(self.plan.clips[clip].path)) for clip in clips)
        return FRAME * frames


def seconds(benchmark: Path) -> float:
    """How long a job took, as Snakemake has noted it."""
    with benchmark.open(encoding="utf-8", newline="") as file:
        times = [float(row["s"]) for row in csv.DictReader(file, delimiter="\t") if row.get("s")]
    return median(times) if times else 0.0


def weight(path: Path) -> int:
    """The bytes of a file, or of all in a folder."""
    files: Iterable[Path] = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def spoken(time: float) -> str:
    """A time for people: "40 s", "12 min", "3 h 20 min"."""
    if time < 90:
        return f"{time:.0f} s"
    minutes = round(time / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def tally(rules: Iterable[str]) -> Iterator[str]:
    """Rules with how often each is there, in the order in which they first are."""
    counts: dict[str, int] = {}
    for rule in rules:
        counts[rule] = counts.get(rule, 0) + 1
    yield from (f"{rule} {count}" for rule, count in counts.items())
