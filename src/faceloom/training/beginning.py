"""From settings to all that a training begins with: faces, players, phases, who looks on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import torch

from ..critics.critic import Codes
from ..errors import FaceloomError
from ..models.generator import Generator
from ..parts import build
from ..settings import Train
from ..settings.learning import Augmentation as Form
from ..settings.learning import Phase as Beginning
from .adversary import Adversary, judges
from .augmentation import Augmentation
from .banks import CROWD, Tables, banked, common_colours, recoloured
from .checkpoint import Colours, load
from .examiners import Examiner
from .faces import Bank
from .heldout import Judged, Shown
from .holding import Split, split
from .options import Options
from .pool import Pool
from .precision import fastest
from .schedule import Phase
from .taking import taken_over
from .truths import Chosen, shown
from .views import FINER
from .watch import Watch

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cast:
    """Who is painted as themselves, and who by one decoder as one: `crowd`."""

    people: tuple[str, ...]
    crowd: tuple[str, ...] = ()

    @property
    def painted(self) -> tuple[str, ...]:
        """Everybody who has a decoder."""
        return (*self.people, CROWD) if self.crowd else self.people

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Whose faces each decoder learns."""
        own = {person: (person,) for person in self.people}
        return own | ({CROWD: self.crowd} if self.crowd else {})

    @property
    def marks(self) -> tuple[str, ...]:
        """What names it in a fingerprint."""
        return (*self.people, *(f"+{each}" for each in self.crowd))


@dataclass(frozen=True)
class Learnt:
    """Everybody's faces as they are learnt, in the colours of `colours`, and those held out."""

    banks: dict[str, Bank]
    colours: Colours
    apart: Split | None


def learnt_from(tables: Tables, cast: Cast, settings: Train) -> Learnt:
    """Everybody's faces, decoded once; where the best is kept, some of them are held out."""
    said = settings.best
    apart = split(tables, cast.groups, said.share, said.faces) if said else None
    banks, skins = banked(
        apart.learnt if apart else tables,
        cast.groups,
        FINER * settings.model.size,
        eyes=settings.losses.eyes is not None,
        landmarks=settings.withheld() is not None,
    )
    colours = common_colours(banks, skins, cast.groups) if settings.colours == "common" else {}
    for name in colours and cast.painted:
        recoloured(banks[name], skins[name], colours)
    return Learnt(banks, colours, apart)


def needs_others(people: tuple[str, ...], settings: Train) -> None:
    """Refuse to swap the faces of somebody who is alone, or to tell them from nobody.

    Raises:
        FaceloomError: something is about others, and there are none.
    """
    losses, against = settings.losses, settings.losses.adversarial
    about = [f"losses.{each.kind}" for each in losses.on() if each.trip]
    about += ["losses.domain"] if losses.domain else []
    about += ["losses.adversarial.swapped"] if against and against.swapped else []
    if len(people) < 2 and about:
        raise FaceloomError(
            f"--people {' '.join(people)}: {about[0]} is about other people too; "
            "name two people or more, or a crowd"
        )
    if settings.few and CROWD not in people:
        raise FaceloomError(
            "train.few: is for a cast with a crowd; name one in casts, or say train.augmentation"
        )


def variations(settings: Train, cast: Cast) -> tuple[Augmentation, dict[str, Augmentation]]:
    """How much everybody's faces may vary, and how much those of who is no crowd do."""

    def variation(how: Form) -> Augmentation:
        return Augmentation(**how.model_dump(), withheld=settings.withheld() or 0.0)

    few = settings.few or settings.augmentation
    return variation(settings.augmentation), dict.fromkeys(cast.people, variation(few))


def watch(
    faces: Learnt, settings: Train, weights: tuple[Path, ...], known: Known | None = None
) -> Watch | None:
    """Who looks at the faces that were held out, and at those whose truth is known."""
    said = settings.best
    if said is None or faces.apart is None:
        return None
    judged = Judged(
        faces.apart.shown(settings.model.size, faces.colours),
        build(said.identity, weights),
        build(said.pose, weights) if said.weights[1] else None,
        {"identity": said.weights[0], "pose": said.weights[1], "truth": said.truth},
        known.shown(said.faces, settings.model.size, faces.colours) if known else (),
    )
    return Watch(judged, said.every, said.patience)


@dataclass(frozen=True)
class Known:
    """Swaps that are not judged, whose truth is known; faces: the tables of their clips."""

    swaps: tuple[Chosen, ...]
    faces: tuple[Path, ...]

    @property
    def paths(self) -> list[Path]:
        """All files that it is read from."""
        return [*self.faces, *(swap.truth for swap in self.swaps)]

    def shown(self, count: int, size: int, colours: Colours) -> tuple[Shown, ...]:
        """So many faces of each, as they are learnt."""
        return tuple(shown(self.swaps, self.faces, count, size, colours))


def examiners(settings: Train, made: Generator) -> dict[str, Examiner]:
    """Who looks at the codes of this generator, having learnt nothing."""
    said = settings.losses.examiners()
    if not said:
        return {}
    faces = torch.zeros(1, 3, made.size, made.size, device=fastest())
    with torch.no_grad():
        length = made.eval().code(faces).flat.shape[1]
    built = {each.kind: build(each, codes=Codes(made.people, length)) for each in said}
    for each in built.values():
        each.network.to(fastest())
    return {each.kind: Examiner(built[each.kind], each.rate, each.betas) for each in said}


def begun(
    settings: Train, people: tuple[str, ...], banks: dict[str, Bank], begin: tuple[Path, ...] = ()
) -> Generator:
    """A generator drawn by the seed, or with what another has learnt; on a GPU where there is one.

    Raises:
        FaceloomError: what it is to begin with is of another kind.
    """
    from ..models.layers import biased

    torch.manual_seed(settings.seed)
    made: Generator = build(settings.model, people=people)
    biased(made, {person: bank.colour() for person, bank in banks.items()})
    for path in begin:
        strangers = taken_over(made, load(path), path)
        new = f"; {', '.join(strangers)} new to it" if strangers else ""
        log.info("beginning with %s%s", path, new)
    return made.to(fastest())


def adversary(settings: Train, people: tuple[str, ...]) -> Adversary | None:
    """Who is taught against the generator, having learnt nothing."""
    said = settings.losses.adversarial
    if said is None:
        return None
    size = settings.model.size
    plain = said.discriminator.model_copy(update={"pairs": False})
    networks = judges(
        people,
        lambda: build(said.discriminator, size=size),
        (lambda: build(plain, size=size)) if said.apart else None,
    )
    return Adversary(
        networks.to(fastest()),
        build(said.objective),
        weight=said.weight,
        shown=said.of,
        rate=said.rate,
        betas=said.betas,
        every=said.every,
        swapped=bool(said.swapped),
        pools={person: Pool(said.pool) for person in people} if said.pool else {},
        features=said.features.weight if said.features else 0.0,
        margin=said.features.margin if said.features else 0.0,
    )


def phases(settings: Train, weights: tuple[Path, ...]) -> Iterator[Phase]:
    """What holds from the start on, and from each later phase on; a network is loaded once."""
    made = cache(partial(build, weights=weights))
    for phase, losses in [(Beginning(start=0), settings.losses), *settings.phases()]:
        against = losses.adversarial
        own, trips = (
            {
                loss.kind: (loss.weight, made(loss.model_copy(update={"weight": 1.0})))
                for loss in losses.on()
                if loss.trip is trip
            }
            for trip in (False, True)
        )
        yield Phase(
            start=round(phase.start * settings.steps),
            losses=own,
            adversarial=against.weight if against else 0.0,
            rate=phase.rate,
            turn=phase.turn,
            trips=trips,
            examiners={each.kind: each.weight for each in losses.examiners()},
        )


def options(settings: Train) -> Options:
    """The loop's options, as the settings have them."""
    return Options(
        steps=settings.steps,
        batch=settings.batch,
        rate=settings.rate,
        betas=settings.betas,
        clip=settings.clip,
        decay=settings.decay,
        average=settings.average,
        warmup=settings.warmup,
        flat=settings.flat,
        seed=settings.seed,
        threads=settings.threads,
        precision=settings.precision,
        save_every=settings.save,
        preview_every=settings.preview,
    )
