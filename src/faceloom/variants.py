"""What each variant says, laid over what its parent says, and whose files serve it.

A variant says how it differs from another.  What it does not change it does not make
again: ``owner`` names the ancestor whose files are the ones it would make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from . import sorts
from .errors import FaceloomError, mistakes
from .settings import Pipeline, Settings
from .sources import digest

Tree = Mapping[str, Any]

ROOT = "baseline"
ABOUT = {"like", "why", "vary", "seeds", "repeats"}  # what is said of a variant, not to a verb
NAME = re.compile(r"[a-z0-9][a-z0-9_.]*")


class Variants:
    """Every variant by name, its settings complete.

    A stage is a verb, or a verb and a kind where kinds are jobs of their own: ``measure.identity``.
    """

    def __init__(self, written: Mapping[str, Tree]) -> None:
        """Take the variants as the config has them; FaceloomError where one cannot be."""
        self.said = unfold({ROOT: {}, **written})
        self.parents = parents(self.said)
        self.pipelines: dict[str, Pipeline] = pipelines(self.said)
        self.repeats = {name: each.get("repeats", name) for name, each in self.said.items()}
        self.why = {name: each.get("why", "") for name, each in self.said.items()}

    def __iter__(self) -> Iterator[str]:
        """The variants' names."""
        return iter(self.pipelines)

    @cache
    def form(self, stage: str, variant: str) -> Settings | None:
        """The form a variant fills in for a stage, if the stage is on."""
        form: Settings | None = attrgetter(stage)(self.pipelines[variant])
        return form

    @cache
    def settings(self, stage: str, variant: str) -> str:
        """What a stage is told, as JSON: equal text, equal work."""
        form = self.form(stage, variant)
        return form.model_dump_json(exclude_none=True) if form else "null"

    @cache
    def code(self, stage: str, variant: str) -> str:
        """A digest of the code a stage runs for a variant, its chosen parts included."""
        form = self.form(stage, variant)
        parts = form.parts() if form else ()
        return digest(f"faceloom.stages.{verb(stage)}", *(part.module for part in parts))

    @cache
    def weights(self, stage: str, variant: str) -> tuple[str, ...]:
        """The published weights that the parts chosen for a stage need."""
        form = self.form(stage, variant)
        parts = form.parts() if form else ()
        return tuple(dict.fromkeys(name for part in parts for name in part.weights))

    @cache
    def reads(self, stage: str, variant: str) -> tuple[str, ...]:
        """The stages that a stage reads, if it is on: what its form and those in it name."""
        form = self.form(stage, variant)
        if form is None:
            return ()
        named = (read for each in form.forms() for read in each.reads)
        return tuple(read for read in dict.fromkeys(named) if self.form(read, variant))

    @cache
    def told(self, stage: str, variant: str) -> Mapping[str, str]:
        """What a stage and all behind it are told, however far back: equal told, equal files."""
        behind: dict[str, str] = {}
        for read in self.reads(stage, variant):
            behind.update(self.told(read, variant))
        return {**behind, stage: self.settings(stage, variant)}

    @cache
    def owner(self, stage: str, variant: str) -> str:
        """The furthest ancestor whose files serve the variant, with none between that differs."""
        parent = self.parents.get(variant)
        if parent is None or self.told(stage, parent) != self.told(stage, variant):
            return variant
        return self.owner(stage, parent)

    def owners(self, stage: str) -> list[str]:
        """Everybody who owns files of a stage that some variant uses."""
        using = [name for name in self if stage in self.told("evaluate", name)]
        return list(dict.fromkeys(self.owner(stage, name) for name in using))

    def trains(self, variant: str) -> bool:
        """Whether its films come from a generator that it, or an ancestor, trains."""
        return "train" in self.told("evaluate", variant)

    def judges(self, variant: str) -> tuple[str, ...]:
        """The published weights that say whom a variant's films show."""
        form = self.pipelines[variant].evaluate
        asked = (*form.metrics, *(form.judges or ()))
        return tuple(dict.fromkeys(name for each in asked for name in each.weights))


def unfold(written: Mapping[str, Tree]) -> dict[str, Tree]:
    """Variants one by one: ``vary`` and ``seeds`` written out.

    A repeat with another seed says whom it ``repeats``.
    """
    every: dict[str, Tree] = {}
    for name, said in sorts.entries("variants", written):
        sorts.variant(name, said)
        if "repeats" in (said or {}):
            raise FaceloomError(f"config: variant {name}: repeats: write seeds: 2, or more")
        told = {k: v for k, v in (said or {}).items() if v is not None or k not in ABOUT}
        for each, tree in [two for one in varied(name, told) for two in seeded(*one)]:
            if not NAME.fullmatch(each):
                raise FaceloomError(
                    f"config: variant {each}: a name has a-z, 0-9, _ and dots between"
                )
            if each in every:
                raise FaceloomError(f"config: variant {each} is there twice")
            every[each] = tree
    return {name: together(tree, every) for name, tree in every.items()}


def together(said: Tree, every: Mapping[str, Tree]) -> Tree:
    """A repeat, but like its parent's repeat with the same seed where there is one.

    It comes to the same settings, and what its parent trains with that seed serves it too.
    """
    if "repeats" not in said:
        return said
    first = every[said["repeats"]]
    parent = first.get("like", ROOT if said["repeats"] != ROOT else "")
    twin = f"{parent}_seed{said['train']['seed']}"
    if every.get(twin, {}).get("repeats") != parent:
        return said
    return {**merge(first, said), "like": twin}


def varied(name: str, said: Tree) -> Iterator[tuple[str, Tree]]:
    """One variant for every combination of the values in ``vary``, named by the values."""
    axes = [
        [(path, label, value) for label, value in labelled(values)]
        for path, values in said.get("vary", {}).items()
    ]
    for choice in product(*axes):
        tree = {key: value for key, value in said.items() if key != "vary"}
        for path, _, value in choice:
            tree = merge(tree, nested(path, value))
        yield "_".join([name, *(label for _, label, _ in choice)]), tree


def labelled(values: list[Any] | Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Values with the names they are given, or else their own text."""
    if isinstance(values, Mapping):
        return [(str(label), value) for label, value in values.items()]
    return [(re.sub(r"[^a-z0-9.]+", "_", str(value).lower()).strip("_"), value) for value in values]


def seeded(name: str, said: Tree) -> Iterator[tuple[str, Tree]]:
    """The variant, and itself again with other seeds."""
    yield name, {key: value for key, value in said.items() if key != "seeds"}
    for seed in range(1, said.get("seeds", 1)):
        yield (
            f"{name}_seed{seed}",
            {
                "like": name,
                "why": said.get("why", ""),
                "repeats": name,
                "train": {"seed": seed},
            },
        )


def parents(variants: Mapping[str, Tree]) -> dict[str, str]:
    """Who each variant is like; nobody is like themselves, however far round."""
    like = {name: said.get("like", ROOT) for name, said in variants.items() if name != ROOT}
    for name in like:
        line = [name]
        while (above := like.get(line[-1])) and above not in line:
            line.append(above)
        if above:
            raise FaceloomError(
                f"config: variants like one another in a ring: {' > '.join([*line, above])}"
            )
        if line[-1] not in variants:
            raise FaceloomError(
                f"config: variant {line[-2]} is like {line[-1]}, which there is not"
            )
    return like


def pipelines(variants: Mapping[str, Tree]) -> dict[str, Pipeline]:
    """The settings of every variant, complete."""
    like = parents(variants)
    done: dict[str, Pipeline] = {}

    def pipeline(name: str) -> Pipeline:
        if name not in done:
            above = pipeline(like[name]) if name in like else Pipeline()
            said = {key: value for key, value in variants[name].items() if key not in ABOUT}
            done[name] = checked(name, merge(above.model_dump(), said))
        return done[name]

    return {name: pipeline(name) for name in variants}


def checked(name: str, told: Tree) -> Pipeline:
    """The settings as forms, or what is wrong with them in one line."""
    try:
        return Pipeline.model_validate(told)
    except ValidationError as bad:
        raise FaceloomError(f"config: variant {name}: {'; '.join(mistakes(bad))}") from None


def merge(under: Tree, over: Tree) -> dict[str, Any]:
    """One tree laid over another; lists and scalars replace, another ``kind`` starts afresh."""
    if over.get("kind", under.get("kind")) != under.get("kind"):
        return dict(over)
    both = {
        key: merge(under[key], value)
        for key, value in over.items()
        if isinstance(value, Mapping) and isinstance(under.get(key), Mapping)
    }
    return {**under, **over, **both}


def nested(path: str, value: Any) -> dict[str, Any]:
    """A dotted path as mappings in one another."""
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def verb(stage: str) -> str:
    """The verb of a stage."""
    return stage.partition(".")[0]
