"""Which file is whose, by its folder and its name; and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faceloom.report.comparison import Comparison

Owned = Mapping[tuple[str, str], Path]
"""By owner (the folder) and subject (the name without its endings)."""


@dataclass(frozen=True)
class Files:
    """All there is to compare.

    Attributes:
        scores: by owner and swap.
        controls: by control and swap.
        films: by owner and swap.
        clips: by the clip's name.
        histories: by owner and cast.
        previews: by owner and cast.
        sheets: by owner and subject, a person or a person and another.
        refined: tables of touched up faces, by owner and swap.
        swapped: of the faces that they were made of, likewise.
        seconds: what that took, likewise.
        crops: of the hosts' own faces, by owner and clip.
        parsed: what these show, likewise.
    """

    scores: Owned
    controls: Owned
    films: Owned
    clips: Mapping[str, Path]
    histories: Owned
    previews: Owned
    sheets: Owned
    refined: Owned = field(default_factory=dict)
    swapped: Owned = field(default_factory=dict)
    seconds: Owned = field(default_factory=dict)
    crops: Owned = field(default_factory=dict)
    parsed: Owned = field(default_factory=dict)


def owned(paths: Iterable[Path], ending: str) -> Owned:
    """These paths by owner and subject."""
    return {(path.parent.name, path.name.removesuffix(ending)): path for path in paths}


def controlled(paths: Iterable[Path]) -> Owned:
    """The scores of controls (SWAP.CONTROL.parquet) by control and swap."""
    named = {path: path.name.removesuffix(".parquet").rpartition(".") for path in paths}
    return {(control, swap): path for path, (swap, _, control) in named.items()}


def by_name(told: Mapping[str, str], paths: tuple[Path, ...]) -> Mapping[str, Path]:
    """Those of the clips that are there, by name."""
    return {name: Path(path) for name, path in told.items() if Path(path) in paths}


@dataclass(frozen=True)
class Gap:
    """Something that was asked for and is not there."""

    variant: str
    swap: str
    what: str


def missing(told: Comparison, files: Files) -> list[Gap]:
    """What a whole comparison would have, and this one has not."""
    return [*missing_films(told, files), *missing_controls(told, files), *untrained(told, files)]


def missing_films(told: Comparison, files: Files) -> Iterator[Gap]:
    """Variants and swaps without a film, without scores, or without both."""
    for variant in told.variants:
        for swap in told.swaps:
            film = (told.owner("blend", variant), swap) in files.films
            scores = (told.owner("evaluate", variant), swap) in files.scores
            if not (film and scores):
                lacking = [
                    what for what, there in (("film", film), ("scores", scores)) if not there
                ]
                yield Gap(variant, swap, " and ".join(lacking))


def missing_controls(told: Comparison, files: Files) -> Iterator[Gap]:
    """Swaps without the scores or the clips that the others are read between."""
    for name, swap in told.swaps.items():
        for control, clip in (("untouched", swap.clip), ("twin", swap.truth)):
            if clip and (control, name) not in files.controls:
                yield Gap(f"control: {control}", name, "scores")
            if clip and clip not in files.clips:
                yield Gap(f"control: {control}", name, f"clip {clip}")


def untrained(told: Comparison, files: Files) -> Iterator[Gap]:
    """Trainings that left no history."""
    there = {owner for owner, _ in files.histories}
    for owner in told.makers("train"):
        if owner not in there:
            yield Gap(owner, "", "history of its training")
