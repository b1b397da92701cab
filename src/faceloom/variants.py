"""What each variant says, laid over what its parent says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from pydantic import ValidationError

from . import sorts
from .errors import FaceloomError, mistakes
from .settings import Pipeline

Tree = Mapping[str, Any]

ROOT = "baseline"
ABOUT = {"like", "why", "vary", "seeds", "repeats"}  # what is said of a variant, not to a verb
NAME = re.compile(r"[a-z0-9][a-z0-9_.]*")


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
