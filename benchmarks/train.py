"""How fast generators learn: our step against the eager fp32 port of the same network.

Two threads, both in one process, turn by turn; seconds of a step, the middle of several rounds.
Before that both paint the same faces and their losses are compared, so that it is the same work.
The port (port.py) is measured with memory kept by the process, as ours is, and once more in a
process of its own as it comes. Where the processor has units for bf16, ours computes in it;
`share_of_peak` is of the machine's matrix rate in the precision that ours uses.

    python benchmarks/train.py           all networks, some ten minutes on two quiet cores
    python benchmarks/train.py --quick   the small network, and v2.2 at 64 pixels in one round
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from detect import cpu
from port import Port
from torch.utils.flop_counter import FlopCounterMode

from faceloom.discriminators import v22 as judge
from faceloom.losses import edge, l1, mask_hinge, mask_l1, mask_tv, sides
from faceloom.models import autoencoder, small, v22
from faceloom.objectives import mixup
from faceloom.training.adversary import Adversary, judges
from faceloom.training.augmentation import Augmentation
from faceloom.training.batch import Batch
from faceloom.training.options import Losses, Options
from faceloom.training.precision import chosen, keep_allocator
from faceloom.training.run import new
from faceloom.training.schedule import Phase
from faceloom.training.seeds import seeded
from faceloom.training.step import Lesson, taught

PEOPLE = ("boris", "chen")
MATRIX = 2048  # rows and columns
PLAIN: Losses = {"l1": (1.0, l1.make(background=1.0))}
FULL: Losses = {
    **PLAIN,
    "edge": (0.1, edge.make()),
    "mask_hinge": (0.1, mask_hinge.make(least=0.5)),
    "mask_l1": (0.01, mask_l1.make()),
    "mask_tv": (0.1, mask_tv.make()),
}


class Case(NamedTuple):
    """A network, and what it is taught by."""

    make: Callable[[], Any]
    size: int
    batch: int
    losses: Losses
    against: bool = False


CASES = {
    "small": Case(lambda: small.make(people=PEOPLE), 64, 16, PLAIN),
    "ae": Case(lambda: autoencoder.make(people=PEOPLE), 64, 16, PLAIN),
    "v22_64": Case(lambda: v22.make(people=PEOPLE), 64, 8, FULL, against=True),
    "v22_128": Case(
        lambda: v22.make(people=PEOPLE, size=128), 128, 8,
        {**FULL, "sides": (1.0, sides.make())}, against=True,
    ),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two networks, few rounds")
    parser.add_argument("--only", choices=[*CASES], help="one network")
    parser.add_argument("--as-it-comes", choices=[*CASES], help=argparse.SUPPRESS)
    told = parser.parse_args()
    torch.set_num_threads(2)
    if told.as_it_comes:
        port, _ = players(CASES[told.as_it_comes])
        print(middle({"port": port}, 3)["port"])
        return
    if not (told.quick or told.only):
        one_by_one()
        return
    keep_allocator()
    rates = {kind: rate(kind) for kind in (torch.float32, torch.bfloat16)}
    ours = chosen("cpu", "auto")
    peak = rates[torch.bfloat16 if ours == "bf16" else torch.float32]
    print(f"{cpu()}, {ours}, 2 threads; matrices: " + ", ".join(
        f"{str(kind).partition('.')[2]} {each / 1e9:.0f} GFLOP/s" for kind, each in rates.items()
    ))  # fmt: skip
    names = [told.only] if told.only else ["small", "v22_64"]
    lines = {}
    for name in names:
        rounds = 7 if name == "small" else 1 if told.quick else 5
        lines |= measured(name, rounds, peak, alone=not told.quick)
    for line, value in lines.items():
        print(f"{line}: {value:.3g}")


def one_by_one() -> None:
    """Each network in a process of its own, so that none finds its memory taken by another's."""
    figures = []
    for name in CASES:
        line = [sys.executable, __file__, "--only", name]
        done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
        table, last = done.stdout.rstrip().split(f"\n{name}_ratio: ", 1)
        print(table, flush=True)
        figures.append(f"{name}_ratio: {last}")
    print("\n".join(figures))


def measured(name: str, rounds: int, peak: float, *, alone: bool) -> dict[str, float]:
    """A network's figures, and a table of what they are made of."""
    case = CASES[name]
    seconds = {}
    if alone:  # first: its memory and ours would not fit beside each other
        line = [sys.executable, __file__, "--as-it-comes", name]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        seconds["port, as it comes"] = float(done.stdout)
    port, ours = players(case)
    seconds |= middle({"port": port, "ours": ours}, rounds)
    work = {who: operations(task) for who, task in (("port", port), ("ours", ours))}
    for who, spent in seconds.items():
        cost = work["ours" if who == "ours" else "port"]
        faces = case.batch * len(PEOPLE) / spent
        print(
            f"{name:<8} {who:<18} {spent * 1e3:8.0f} ms {faces:7.1f} faces/s "
            f"{cost / 1e9:6.0f} GFLOP {cost / spent / peak:6.2f} of peak",
            flush=True,
        )
    found = {
        f"{name}_ratio": seconds["port"] / seconds["ours"],
        f"{name}_share_of_peak": work["ours"] / seconds["ours"] / peak,
    }
    if alone:
        found[f"{name}_ratio_as_it_comes"] = seconds["port, as it comes"] / seconds["ours"]
    return found


def players(case: Case) -> tuple[Callable[[], None], Callable[[], None]]:
    """The port's step and ours, on the same faces, having begun with the same weights."""
    rng = torch.Generator().manual_seed(0)
    batches = {}
    for person in PEOPLE:
        face = torch.rand(case.batch, 3, 8, 8, generator=rng) * 2 - 1
        face = torch.nn.functional.interpolate(face, case.size, mode="bilinear")
        batches[person] = Batch(face, face.flip(-1), torch.ones(case.batch, 1, *face.shape[2:]))
    port = Port(begun(case), case.losses, batches, opponent(case))
    options = Options(rate=1e-4, betas=(0.5, 0.999), threads=2)
    adversary = opponent(case)
    run = new(begun(case), adversary, options)
    phase = Phase(0, case.losses, adversary.weight if adversary else 0.0)
    lesson = Lesson({}, Augmentation(), options, (phase,))
    same(port, run.generator, batches, case)
    return port, lambda: taught(run, lesson, batches)


def begun(case: Case) -> Any:
    """The generator, having learnt nothing."""
    with seeded(0):
        return case.make()


def opponent(case: Case) -> Adversary | None:
    """Its discriminators, if it has any."""
    if not case.against:
        return None
    with seeded(1):
        networks = judges(PEOPLE, lambda: judge.make(size=case.size))
    return Adversary(networks, mixup.make())


@torch.no_grad()
def same(port: Port, ours: Any, batches: dict[str, Batch], case: Case) -> None:
    """Stop unless both paint and weigh alike."""
    painted = ours.joint({person: batch.warped for person, batch in batches.items()})
    for person, batch in batches.items():
        other = port.generator(batch.warped, person)
        for name, (_, loss) in case.losses.items():
            one, two = (float(loss(batch, each)) for each in (painted[person], other))
            if abs(one - two) > 1e-4 * (1 + abs(one)):
                raise SystemExit(f"train: {name} of {person} is {one} here and {two} in the port")


def middle(tasks: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Seconds of each task, the middle of so many rounds, turn by turn."""
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            spent[name].append(time.perf_counter() - started)
    return {name: float(np.median(each)) for name, each in spent.items()}


def operations(task: Callable[[], None]) -> float:
    """Multiplications and additions of one step, in matrix products and convolutions."""
    with FlopCounterMode(display=False) as counter:
        task()
    return float(counter.get_total_flops())


def rate(kind: torch.dtype) -> float:
    """Operations a second in a product of two matrices; bf16 only where there are units for it."""
    if kind == torch.bfloat16 and chosen("cpu", "auto") != "bf16":
        return 0.0
    one = torch.randn(MATRIX, MATRIX).to(kind)
    return 2 * MATRIX**3 / middle({"matrix": lambda: one @ one}, 5)["matrix"]


if __name__ == "__main__":
    main()
