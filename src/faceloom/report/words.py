"""Who was swapped, by whose leave, and what a variant is, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby

from faceloom.report.comparison import Comparison, Swap, Variant
from faceloom.report.verdict import listed, plural
from faceloom.rows.steps import Step
from faceloom.settings import Pipeline

ORDER = tuple(Pipeline.model_fields)
LEAVE = {
    "self": "people who swap their own faces",
    "licensed": "people who gave leave on record",
    "research": "people from a research collection",
    "synthetic": "rendered actors: no real person is shown",
}


def swapped(swap: Swap) -> str:
    """Who wears whose face."""
    return listed([f"{host} wears {owning(donor)} face" for host, donor in swap.faces.items()])


def owning(name: str) -> str:
    """The name in the genitive."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def leave(bases: Sequence[str]) -> str:
    """By what right the faces are used."""
    return "; ".join(f"{LEAVE.get(basis, basis)} (basis: {basis})" for basis in bases)


def confined(told: Comparison) -> list[str]:
    """The swaps that must not leave the machine."""
    return [name for name, swap in told.swaps.items() if "research" in swap.bases]


def restricted(told: Comparison) -> list[str]:
    """The weights whose terms allow research alone."""
    return sorted(name for name, terms in told.weights.items() if terms == "research")


def unfairly(told: Comparison) -> list[str]:
    """The variants that nobody judges but who has taught them."""
    return [
        name
        for name, said in told.variants.items()
        if said.taught_by and said.judged_by and set(said.judged_by) <= set(said.taught_by)
    ]


def settings(variant: Variant) -> list[tuple[str, str]]:
    """What a variant changes, each setting's path and value."""
    return [(path, plain(value)) for path, value in variant.says.items()]


def plain(value: str) -> str:
    """A JSON value as one would say it."""
    said = json.loads(value)
    if said == {}:
        return "on"
    if said is None:
        return "off"
    if isinstance(said, str):
        return said
    if isinstance(said, list) and all(isinstance(one, str) for one in said):
        return ", ".join(said) or "none"
    return value


def shares(name: str, variant: Variant) -> list[str]:
    """Whose files a variant uses, stage by stage in the order of work."""
    told = []
    stages = ordered(variant.owners)
    for owner, run in groupby(stages, key=lambda stage: variant.owners[stage]):
        if owner != name:
            told.append(f"{through(list(run))} by {owner}")
    return told


def ordered(owners: Mapping[str, str]) -> list[str]:
    """The stages in the order of work; kinds of measures as one where one owner has them all."""
    stages = sorted(owners, key=lambda stage: ORDER.index(stage.partition(".")[0]))
    kept: list[str] = []
    for stage in stages:
        before = kept[-1] if kept else ""
        same = before.partition(".")[0] == stage.partition(".")[0]
        if not (same and owners[before] == owners[stage]):
            kept.append(stage)
    return kept


def through(stages: Sequence[str]) -> str:
    """A run of stages, from the first to the last."""
    verbs = list(dict.fromkeys(stage.partition(".")[0] for stage in stages))
    return verbs[0] if len(verbs) == 1 else f"{verbs[0]} to {verbs[-1]}"


def trained(name: str, variant: Variant) -> str:
    """Where a variant's generator comes from."""
    owner = variant.owners.get("train")
    if owner is None:
        return "no training"
    return "trained for itself" if owner == name else f"trained by {owner}"


def course(history: Sequence[Step]) -> str:
    """What was unusual about a training, in sentences; nothing where nothing was."""
    said = {row.loss: round(row.value) for row in history if row.loss in ("diverged", "kept")}
    sentences = []
    if (left := round(sum(row.value for row in history if row.loss == "skipped"))) > 0:
        many = plural(left, "step")
        sentences.append(f"{left} {many} left out: a loss or gradient was not finite.")
    if "diverged" in said:
        sentences.append(f"It diverged and was stopped after step {said['diverged']}.")
    if "kept" in said:
        last = max(row.step for row in history)
        held = any(row.loss.startswith("held.") for row in history)
        why = ", the best by faces that were held out" if held else ""
        sentences.append(
            f"Its last step was {last}; the weights are those of step {said['kept']}{why}."
        )
    return " ".join(sentences)


def count(told: Comparison) -> str:
    """How much is compared."""
    many, swaps = len(told.variants), len(told.swaps)
    return f"{many} {plural(many, 'variant')}, {swaps} {plural(swaps, 'swap')}"
