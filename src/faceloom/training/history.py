"""What training recorded: mean losses every so many steps."""

from dataclasses import dataclass, field
from typing import NamedTuple

EVERY = 10  # steps to a row


class Row(NamedTuple):
    """The mean of one loss over the steps since the row before; the step counts from 1."""

    step: int
    loss: str
    value: float


@dataclass(frozen=True)
class History:
    """The course of a training.

    rows: "total" (weighted), "LOSS.PERSON" (not weighted), and with an adversary
    "adversarial.PERSON" and "discriminator.PERSON", what each player wants; in order of steps;
    skipped: steps that were left out because a loss or gradient was not finite;
    precision: what the networks were computed in.
    """

    rows: tuple[Row, ...]
    skipped: tuple[int, ...]
    precision: str


@dataclass
class Tally:
    """Losses being added up, of plain types so that it can be saved in the middle."""

    rows: list[Row] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    sums: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, losses: dict[str, float]) -> None:
        """Note the losses of one step."""
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
            self.counts[name] = self.counts.get(name, 0) + 1

    def close(self, step: int) -> dict[str, float]:
        """Write the means since the last row and begin anew."""
        means = {name: total / self.counts[name] for name, total in self.sums.items()}
        self.rows += [Row(step, name, value) for name, value in means.items()]
        self.sums, self.counts = {}, {}
        return means
