"""One step of a training: one pass of the generator serves both players."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from ..models.generator import Painted
from . import examiners
from .adversary import Rules
from .augmentation import Augmentation, augmented
from .batch import Batch
from .faces import Bank, Sample
from .options import Losses, Options
from .precision import autocast
from .run import Run
from .schedule import Phase, current, rate
from .together import average_slopes, averaged, share
from .trips import Trip, judged, returned, tripped

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lesson:
    """What is learnt and how; it stays the same from the first step to the last."""

    banks: Mapping[str, Bank]
    augmentation: Augmentation
    options: Options
    phases: tuple[Phase, ...]
    own: Mapping[str, Augmentation] = field(default_factory=dict)
    """Whose faces vary otherwise."""

    def varied(self, person: str) -> Augmentation:
        """How much a person's faces vary."""
        return self.own.get(person, self.augmentation)


def learn(run: Run, lesson: Lesson) -> None:
    """One step of faces drawn and varied."""
    taught(run, lesson, drawn(run, lesson))


def taught(run: Run, lesson: Lesson, batches: Mapping[str, Batch]) -> None:
    """One step of these faces; left out and noted where a loss or a gradient is not finite."""
    phase = current(lesson.phases, run.step)
    if phase.turn and run.step == phase.start:
        run.turn()
    moves = run.generator_moves()
    with torch.set_grad_enabled(moves), autocast(run.device, lesson.options.precision):
        painted, trips = _painted(run, batches, phase)
    # whom the discriminators judge: everybody's own faces, or others' as they become them
    shown, shows = batches, painted
    if run.adversary is not None and run.adversary.swapped:
        shown, shows = judged(batches, trips), {each.donor: each.there for each in trips}
    with torch.set_grad_enabled(moves):
        total, parts = weighed(batches, painted, phase.losses)
        home = {each.host: each.back for each in trips}
        more, rest = weighed(returned(batches, trips), home, phase.trips)
        total, wishes = _against(run, total + more, shown, shows, phase, lesson.options)
        total, secrets = _hidden(run, total, painted, phase)
    lengths = [_slope(run.optimiser, run.generator, total, lesson.options.clip)] if moves else []
    told, verdicts = _judged(run, shown, shows, lesson.options)
    heard, found = _examined(run, painted, lesson.options)
    parts |= {**rest, **wishes, **secrets, **verdicts, **found}
    values = _numbers([*lengths, *told, *heard], {"total": total, **parts})
    if values is None:
        _skip(run)
    else:
        _move(run, phase, lesson.options, moves)
        run.tally.add(values)
    run.step += 1


def _painted(
    run: Run, batches: Mapping[str, Batch], phase: Phase
) -> tuple[dict[str, Painted], list[Trip]]:
    """Everybody as themselves, and as others and back; neither where nothing asks for it."""
    swapped = run.adversary is not None and run.adversary.swapped
    back = any(weight for weight, _ in phase.trips.values())
    own = any(weight for weight, _ in phase.losses.values())
    painted = {}
    if own or run.examiners or (run.adversary is not None and not swapped):
        painted = run.generator.joint({name: each.seen for name, each in batches.items()})
    if not (swapped or back):
        return painted, []
    return painted, tripped(run.generator, batches, run.step, back=back)


def weighed(
    batches: Mapping[str, Batch], painted: Mapping[str, Painted], losses: Losses
) -> tuple[Tensor, dict[str, Tensor]]:
    """The sum of all weighted losses, and each loss of each person as it is."""
    parts = {
        (name, person): loss(batches[person], painted[person])
        for name, (weight, loss) in losses.items()
        for person in batches
        if weight
    }
    every = [losses[name][0] * value for (name, _), value in parts.items()]
    total = torch.stack(every).sum() if every else torch.zeros(())
    return total, {f"{name}.{person}": value.detach() for (name, person), value in parts.items()}


def _against(
    run: Run,
    total: Tensor,
    batches: Mapping[str, Batch],
    painted: Mapping[str, Painted],
    phase: Phase,
    options: Options,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The generator's total with its wish against the discriminators, and that by itself."""
    if run.adversary is None or not phase.adversarial:
        return total, {}
    wishes = run.adversary.wishes(batches, painted, Rules(options.precision, run.draws))
    wanted = phase.adversarial * torch.stack(list(wishes.values())).sum()
    return total + wanted, {f"adversarial.{name}": each.detach() for name, each in wishes.items()}


def _judged(
    run: Run, batches: Mapping[str, Batch], painted: Mapping[str, Painted], options: Options
) -> tuple[list[Tensor], dict[str, Tensor]]:
    """The discriminators' gradients made; how long they are, and what each makes small."""
    if run.adversary is None or run.opponent is None:
        return [], {}
    verdicts = run.adversary.judgements(batches, painted, Rules(options.precision, run.draws))
    total = torch.stack(list(verdicts.values())).sum()
    length = _slope(run.opponent, run.adversary.networks, total, options.clip)
    return [length], {f"discriminator.{name}": each.detach() for name, each in verdicts.items()}


def _hidden(
    run: Run, total: Tensor, painted: Mapping[str, Painted], phase: Phase
) -> tuple[Tensor, dict[str, Tensor]]:
    """The generator's total with its encoder's wishes against the examiners, and those alone."""
    wishes = examiners.wishes(run.examiners, painted, run.draws)
    for name, wish in wishes.items():
        total = total + phase.examiners.get(name, 0.0) * wish
    return total, {f"{name}.encoder": each.detach() for name, each in wishes.items()}


def _examined(
    run: Run, painted: Mapping[str, Painted], options: Options
) -> tuple[list[Tensor], dict[str, Tensor]]:
    """The examiners' gradients made; how long they are, and what each makes small."""
    verdicts = examiners.judgements(run.examiners, painted, run.draws)
    lengths = [
        _slope(run.examining[name], run.examiners[name].critic.network, verdict, options.clip)
        for name, verdict in verdicts.items()
    ]
    return lengths, {f"{name}.critic": each.detach() for name, each in verdicts.items()}


def _slope(optimiser: torch.optim.Adam, network: nn.Module, total: Tensor, clip: float) -> Tensor:
    """The gradient made, and cut; its length before."""
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    average_slopes(network)
    return clip_grad_norm_(network.parameters(), clip)


def _numbers(lengths: list[Tensor], losses: Mapping[str, Tensor]) -> dict[str, float] | None:
    """The losses as numbers, fetched in one go; None where one, or a gradient, is not finite."""
    every = torch.stack([*lengths, *(each.detach() for each in losses.values())])
    values = averaged(every).tolist()
    if not all(map(isfinite, values)):
        return None
    return dict(zip(losses, values[len(lengths) :], strict=True))


def _move(run: Run, phase: Phase, options: Options, moves: bool) -> None:
    """The optimisers' step, at this step's rates."""
    players = [(run.optimiser, options.rate)] if moves else []
    if run.opponent is not None and run.adversary is not None:
        players.append((run.opponent, run.adversary.rate))
    players += [(run.examining[name], each.rate) for name, each in run.examiners.items()]
    for optimiser, peak in players:
        for group in optimiser.param_groups:
            along = rate(run.step, options.steps, peak, options.warmup, options.flat)
            group["lr"] = along * phase.rate
        optimiser.step()
    if run.average is not None and moves:
        run.average.follow(run.generator)


def drawn(run: Run, lesson: Lesson) -> dict[str, Batch]:
    """Faces of everybody, and as they are varied; colours may be taken from anybody else's."""
    count = lesson.options.batch
    samples = {
        person: bank.sample(count, run.draws).to(run.device)
        for person, bank in lesson.banks.items()
    }
    return {
        person: share(
            augmented(
                sample,
                lesson.varied(person),
                run.generator.size,
                run.draws,
                others(samples, person) if lesson.varied(person).match else None,
            )
        )
        for person, sample in samples.items()
    }


def others(samples: Mapping[str, Sample], person: str) -> Tensor | None:
    """All faces drawn that are not this person's."""
    theirs = [sample.pixels for other, sample in samples.items() if other != person]
    return torch.cat(theirs) if theirs else None


def _skip(run: Run) -> None:
    """Note a step that could not be made."""
    run.tally.skipped.append(run.step + 1)
    log.warning("step %d left out: a loss or gradient is not finite", run.step + 1)


@contextmanager
def looked_at(run: Run) -> Iterator[None]:
    """The generator for showing: averaged, not learning, and no draws of ours used up."""
    run.generator.eval()
    with torch.random.fork_rng(), torch.no_grad():
        if run.average is None:
            yield
        else:
            with run.average.worn(run.generator):
                yield
    run.generator.train()
