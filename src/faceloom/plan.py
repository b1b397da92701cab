"""What is to be made: which experiments, whose files serve them, and who is in them.

The variants themselves are in `variants`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from . import sorts, twins
from .errors import FaceloomError, mistakes
from .people import JOINT, Clip, Person, Swap, Use, as_cast, consent, couple, swaps
from .settings import Measures, Settings
from .settings.actors import Actors
from .settings.decoder import Decoder
from .settings.parser import Parser
from .settings.refiners import Refiner
from .sheets import sheet
from .variants import Tree, Variants
from .weights import FILE, Weights

Gate = Callable[[Mapping[str, Person], Iterable[tuple[str, Use]], date], None]
WRITTEN = ("clips", "people", "swaps")  # or drawn, by a benchmark
BESIDE = {"actors", "decoder", "parser"}  # forms of their own, beside the variants
KNOWN = {*BESIDE, "weights", "licences", "casts", "variants", "twins", *WRITTEN}
RENDERED = "{take}/{shot}.mp4"
ACCEPTED = ["CC0-1.0", "MIT", "BSD-3-Clause", "Apache-2.0", "own"]
Form = TypeVar("Form", bound=Settings)


class Plan(Variants):
    """The variants, and the clips and people they are tried on."""

    def __init__(
        self,
        config: Mapping[str, Any],
        today: date | None = None,
        gate: Gate = consent,
        rendered: str = RENDERED,
    ) -> None:
        """Take the whole config; FaceloomError where it cannot be, or the gate refuses a use.

        `rendered` is where clips lie that a benchmark renders, by `{take}` and `{shot}`.
        """
        if unknown := set(config) - KNOWN:
            raise FaceloomError(
                f"config: {', '.join(sorted(unknown))}: no such entry; "
                f"there are {', '.join(sorted(KNOWN))}"
            )
        sorts.whole(config)
        config = {name: said for name, said in config.items() if said is not None}
        if not config.get("swaps") and "twins" not in config:
            raise FaceloomError("config: no swaps; say at least one, with its clip and its faces")
        super().__init__(config.get("variants") or {})
        self.actors = filled("actors", Actors, config.get("actors"))
        self.parser = filled("parser", Parser, config.get("parser"))
        self.decoder = filled("decoder", Decoder, config.get("decoder"))
        self.takes: dict[int, Actors] = {}
        self.choosing: list[Swap] = []
        if "twins" in config:
            self.draw(config, rendered)
        else:
            self.clips = sheet(Path(config.get("clips", "data/clips.tsv")), Clip)
            self.people = sheet(Path(config.get("people", "data/people.tsv")), Person)
            every = dict(swaps(config["swaps"], self.clips))
            self.swaps = {name: swap for name, swap in every.items() if not swap.use}
            self.choosing = [swap for swap in every.values() if swap.use]
            if not self.swaps:
                raise FaceloomError("config: no swaps but those to choose by; say one to be made")
            self.apart(self.choosing)
        self.named = {
            name: as_cast(name, said) for name, said in (config.get("casts") or {}).items()
        }
        gate(self.people, self.uses(), today or date.today())
        self.known = sheet(Path(config.get("weights", "workflow/weights.tsv")), Weights, FILE)
        self.accept(config.get("licences", ACCEPTED))
        self.fair()

    def draw(self, config: Mapping[str, Any], rendered: str) -> None:
        """Take the clips, people and swaps of a benchmark, and how its shots are filmed."""
        if both := [name for name in WRITTEN if name in config]:
            raise FaceloomError(
                f"config: twins draws clips, people and swaps; take out {', '.join(both)}"
            )
        drawn = twins.told(config["twins"], self.actors)
        self.clips = twins.clips(drawn, rendered)
        self.people = twins.people(drawn)
        self.swaps = twins.swaps(drawn)
        self.takes = twins.settings(drawn, self.actors)

    def apart(self, choosing: Iterable[Swap]) -> None:
        """Refuse to choose weights by what judges them."""
        judged = {swap.clip for swap in self.swaps.values()}
        for swap in choosing:
            if swap.clip in judged:
                raise FaceloomError(
                    f"config: swaps: weights are chosen by {swap.clip}, which judges them too; "
                    "say another clip"
                )

    def chosen_by(self, variant: str, cast: str) -> list[Swap]:
        """The swaps by which a training of this cast chooses its weights, if it chooses any."""
        form = self.pipelines[variant].train
        if not (form and form.best and form.best.truth):
            return []
        return [
            swap
            for swap in self.choosing
            if set(swap.faces) <= set(self.members(cast))
            and set(swap.faces.values()) <= set(self.painted(cast))
        ]

    def filmed(self, take: int) -> str:
        """How a shot is filmed, by its seed, as JSON."""
        return self.takes.get(take, self.actors).model_dump_json()

    def accept(self, licences: list[str]) -> None:
        """Refuse weights under terms that the config does not accept."""
        self.licences = licences
        for name, where in self.needed().items():
            weights = self.known.get(name)
            if weights is None:
                raise FaceloomError(
                    f"weights: {name}, which {where} needs, is not in the sheet of weights"
                )
            for terms in (weights.licence, weights.terms):
                if terms not in licences:
                    raise FaceloomError(
                        f"config: {where} needs {name}, whose terms are {terms}; "
                        f"add {terms} to licences if that is right for you, or choose another part"
                    )

    def fair(self) -> None:
        """Refuse judges who have taught the model themselves, or that nobody else judges it."""
        for variant in filter(self.trains, self):
            said, taught = self.pipelines[variant], set(self.weights("train", variant))
            judges = said.evaluate.judges or ()
            if own := [each.kind for each in judges if taught & set(each.weights)]:
                raise FaceloomError(
                    f"config: variant {variant}: train.losses teach it by {own[0]}, which is one "
                    f"of its judges; say evaluate: {{judges: …}} without {own[0]}"
                )
            teacher, asked = said.train.losses.identity, self.judges(variant)
            if teacher and asked and set(asked) <= taught:
                raise FaceloomError(
                    f"config: variant {variant}: train.losses.identity teaches it by "
                    f"{teacher.network}, which alone judges it; add evaluate: {{judges: [sface]}}"
                )

    def needed(self) -> dict[str, str]:
        """The weights that some variant needs, each with the first who does."""
        found: dict[str, str] = {}
        for variant in self:
            for stage in self.told("evaluate", variant):
                for name in self.weights(stage, variant):
                    found.setdefault(name, f"{stage} of variant {variant}")
        return found

    def clips_of(self, person: str) -> list[str]:
        """The clips a person is learnt from."""
        return [
            clip.clip
            for clip in self.clips.values()
            if clip.use == "learn" and clip.people == (person,)
        ]

    def known_by(self, names: set[str]) -> list[str]:
        """The clips that show how each of these people looks."""
        return [clip for person in sorted(names) for clip in self.clips_of(person)]

    def judged(self, person: str) -> str:
        """Whether a person is judged by clips of its own, or by the end of those learnt from."""
        clips = self.clips.values()
        return (
            "elsewhere" if any(c.use == "judge" and person in c.people for c in clips) else "here"
        )

    def casts_of(self, variant: str, swap: str) -> list[str]:
        """The casts whose generators make a swap: one by name, or one for each host and donor."""
        faces = self.swaps[swap].faces
        named = self.pipelines[variant].train.cast
        if named is None:
            return sorted({couple(host, donor) for host, donor in faces.items()})
        if strangers := set(faces.values()) - set(self.painted(named)):
            raise FaceloomError(
                f"config: variant {variant}: the cast {named} has no {', '.join(sorted(strangers))}"
                + (" among its people" if strangers & set(self.crowd(named)) else "")
            )
        return [named]

    def casts(self) -> list[str]:
        """Every cast that some variant trains."""
        training = [name for name in self if self.trains(name)]
        return sorted(
            {cast for name in training for swap in self.swaps for cast in self.casts_of(name, swap)}
        )

    def members(self, cast: str) -> tuple[str, ...]:
        """Everybody in a cast."""
        return self.painted(cast) + self.crowd(cast)

    def painted(self, cast: str) -> tuple[str, ...]:
        """The people of a cast whom its generator paints, each by a decoder of their own."""
        return self.named[cast].people if cast in self.named else tuple(cast.split(JOINT))

    def crowd(self, cast: str) -> tuple[str, ...]:
        """The people of a cast who are only hosts; one decoder learns them all."""
        return self.named[cast].crowd if cast in self.named else ()

    def pairs(self, cast: str) -> list[tuple[str, str]]:
        """Who may be given the features of whom else: everybody painted, with everybody's faces."""
        return [(p, o) for p in self.painted(cast) for o in self.members(cast) if p != o]

    def kinds(self) -> tuple[str, ...]:
        """The kinds of measures there are."""
        return tuple(Measures.model_fields)

    def uses(self) -> Iterator[tuple[str, Use]]:
        """Everything somebody's face is to be used for."""
        for swap in [*self.swaps.values(), *self.choosing]:
            for host, donor in swap.faces.items():
                yield host, "host"
                yield donor, "donor"
        for cast in self.casts():
            for person in self.members(cast):
                yield person, "training"

        if self.decoders():
            for person in self.everybody():
                yield person, "training"

    def refined(self, variant: str) -> list[dict[str, Any]]:
        """A variant's refiners, as they are set."""
        form = self.form("refine", variant)
        return [part.model_dump(mode="json") for part in form.parts()] if form else []

    def decoders(self) -> list[str]:
        """The layers whose decoders some variant needs taught."""
        forms = (self.form("refine", name) for name in self)
        parts = (part for form in forms if form for part in form.parts())
        named = (part.decoders for part in parts if isinstance(part, Refiner))
        return sorted({layer for layers in named for layer in layers})

    def everybody(self) -> set[str]:
        """All people of all swaps."""
        return {person for swap in self.swaps.values() for person in swap.people}

    def bases(self, swap: str) -> list[str]:
        """By what right the people of a swap are in it."""
        return sorted({self.people[person].basis for person in self.swaps[swap].people})

    def lineage(self, variant: str, swap: str) -> str:
        """What a film's sidecar says of how it is made, as JSON."""
        told = self.told("blend", variant)
        return json.dumps(
            {
                "swap": {"name": swap, **self.swaps[swap].model_dump(exclude_none=True)},
                "consent": {
                    name: self.people[name].basis for name in sorted(self.swaps[swap].people)
                },
                "settings": {stage: json.loads(text) for stage, text in told.items()},
                "code": {stage: self.code(stage, variant) for stage in told},
                "weights": {
                    name: self.known[name].sha256 for name in self.weights_behind(told, variant)
                },
            }
        )

    def weights_behind(self, stages: Mapping[str, str], variant: str) -> list[str]:
        """The weights that these stages need."""
        return sorted({name for stage in stages for name in self.weights(stage, variant)})

    def experiments(self) -> str:
        """What the comparison is told of every variant and swap, as JSON."""
        told = {
            name: {
                "why": self.why[name],
                "like": self.parents.get(name, ""),
                "repeats": self.repeats[name],
                "says": changes(self.said[name]),
                "owners": {stage: self.owner(stage, name) for stage in self.told("evaluate", name)},
                "taught_by": self.weights("train", name) if self.trains(name) else (),
                "judged_by": self.judges(name),
                "refined": self.refined(name),
            }
            for name in self
        }
        swaps = {
            name: {**swap.model_dump(exclude_none=True), "bases": self.bases(name)}
            for name, swap in self.swaps.items()
        }
        shown = {clip: self.clips[clip].path for clip in self.shown()}
        terms = {name: self.known[name].terms for name in self.needed()}
        return json.dumps({"variants": told, "swaps": swaps, "clips": shown, "weights": terms})

    def shown(self) -> list[str]:
        """The clips that a report shows beside the films: the hosts' own, and the truths."""
        both = [clip for swap in self.swaps.values() for clip in (swap.clip, swap.truth) if clip]
        return list(dict.fromkeys(both))


def changes(said: Tree, path: str = "") -> dict[str, str]:
    """What a variant says of its own, each setting by its dotted path."""
    flat: dict[str, str] = {}
    for key, value in said.items():
        if not path and key in ("why", "like", "repeats"):
            continue
        if isinstance(value, Mapping) and value:
            flat.update(changes(value, f"{path}{key}."))
        else:
            flat[f"{path}{key}"] = json.dumps(value)
    return flat


def filled(name: str, form: type[Form], said: Any) -> Form:
    """The form of an entry beside the variants; FaceloomError where the config has it wrong."""
    try:
        return form.model_validate(said or {})
    except ValidationError as bad:
        raise FaceloomError(f"config: {name}: {'; '.join(mistakes(bad))}") from None
