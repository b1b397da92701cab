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
    "adversarial.PERSON" and "discriminator.PERSON", what each player wants; "held.SCORE" of faces
    held out; "skipped", how many steps were left out since the row before; "diverged", after which
    step it led nowhere; "kept", the step whose weights are; in order of steps;
    skipped: steps that were left out because a loss or gradient was not finite;
    precision: what the networks were computed in; kept: the step whose weights are kept;
    why: what ended it early, if anything did.
    """

    rows: tuple[Row, ...]
    skipped: tuple[int, ...]
    precision: str
    kept: int = 0
    why: str = ""


@dataclass
class Tally:
    """Losses being added up, of plain types so that it can be saved in the middle."""

    rows: list[Row] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    sums: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    untrained: float | None = None
    """L1 over all people before anything was learnt, where it is looked at at all."""

    def add(self, losses: dict[str, float]) -> None:
        """Note the losses of one step."""
        if self.untrained is None and (far := [v for n, v in losses.items() if n[:3] == "l1."]):
            self.untrained = sum(far) / len(far)
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
            self.counts[name] = self.counts.get(name, 0) + 1

    def close(self, step: int) -> dict[str, float]:
        """Write the means since the last row and begin anew."""
        means = {name: total / self.counts[name] for name, total in self.sums.items()}
        self.rows += [Row(step, name, value) for name, value in means.items()]
        since = max((row.step for row in self.rows if row.loss == "skipped"), default=0)
        if count := sum(1 for each in self.skipped if each > since):
            self.rows.append(Row(step, "skipped", float(count)))
        self.sums, self.counts = {}, {}
        return means
