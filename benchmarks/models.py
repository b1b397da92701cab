"""What every model weighs and costs: the tables of docs/models.md.

    python benchmarks/models.py            prints them
    python benchmarks/models.py --write    puts them into docs/models.md, and draws docs/models.svg

Counted by torch's own counter on tensors that have a shape and no memory, so it takes a second and
is no matter of the machine. A multiply-add is two of the counter's operations; what is no matrix
product or convolution (activations, norms, softmax) is not counted.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from faceloom.discriminators.discriminator import Discriminator
from faceloom.models.generator import Generator
from faceloom.parts import build
from faceloom.settings.adversarial import V1Discriminator, V22Discriminator
from faceloom.settings.models import V1, V2, V21, V22, Autoencoder, CycleGan, Small

sys.path.insert(0, str(Path(__file__).parent))
from drawing import drawing

PAGE = Path(__file__).parents[1] / "docs/models.md"
PICTURE = PAGE.with_suffix(".svg")
COUPLE = ("anna", "emi")
GENERATORS: list[Any] = [
    Small(),
    Autoencoder(),
    V1(),
    V2(),
    V21(),
    V22(capacity="lite"),
    V22(),
    V22(bottleneck="conv"),
    V22(attention=False),
    V22(size=128, capacity="lite"),
    V22(size=128),
    V22(size=256, capacity="lite"),
    V22(size=256),
    CycleGan(),
    CycleGan(size=128, mask="alpha"),
    CycleGan(size=256, blocks=9),
]
DISCRIMINATORS: list[tuple[Any, int]] = [
    (V1Discriminator(pairs=False), 64),
    (V1Discriminator(), 64),
    (V22Discriminator(), 64),
    (V22Discriminator(), 128),
    (V22Discriminator(), 256),
]


def weights(network: nn.Module) -> int:
    """How many numbers are learnt."""
    return sum(each.numel() for each in network.parameters())


def products(network: nn.Module, *given: Any) -> int:
    """Multiply-adds of one pass."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(*given)
    return int(counter.get_total_flops()) // 2


def said(form: Any) -> str:
    """A form as a variant writes it, what is as by default left out."""
    every = form.model_dump(exclude_defaults=True) | {"kind": form.kind}
    knobs = [f"{name}: {value}" for name, value in every.items() if name != "kind"]
    return f"`{', '.join([every['kind'], *knobs])}`".replace("True", "true").replace(
        "False", "false"
    )


def generators() -> Iterator[str]:
    """A row for each generator of two people."""
    yield "| model | size | parameters | the encoder's | each decoder's | multiply-adds a face |"
    yield "|---|---|---|---|---|---|"
    for form in GENERATORS:
        with torch.device("meta"):
            made: Generator = build(form, people=COUPLE)
            face = torch.empty(1, 3, form.size, form.size)
        shared = weights(made.encoder) + weights(made.unfold)
        every = [weights(made), shared, weights(made.decoder("anna"))]
        counts = " | ".join(f"{each / 1e6:.2f} M" for each in every)
        cost = products(made.eval(), face, "anna") / 1e9
        yield f"| {said(form)} | {form.size} | {counts} | {cost:.2f} G |"


def discriminators() -> Iterator[str]:
    """A row for each discriminator; every person has one."""
    yield "| discriminator | size | parameters | multiply-adds a face |"
    yield "|---|---|---|---|"
    for form, size in DISCRIMINATORS:
        with torch.device("meta"):
            made: Discriminator = build(form, size=size)
            face = torch.empty(1, 3, size, size)
        cost = products(made.eval(), face, face) / 1e9
        yield f"| {said(form)} | {size} | {weights(made) / 1e6:.2f} M | {cost:.2f} G |"


def drawn() -> str:
    """A drawing of each kind."""
    shown = (
        Small(),
        Autoencoder(),
        V1(),
        V22(capacity="lite"),
        V22(),
        V22(bottleneck="conv"),
        V22(size=128),
        CycleGan(),
    )
    return drawing((f"{said(form).strip('`')}, {form.size} pixels", form) for form in shown)


def written(page: str) -> str:
    """The page with its tables as they are now."""
    for name, rows in (("generators", generators()), ("discriminators", discriminators())):
        table = "\n".join([f"<!-- {name} -->", *rows, f"<!-- /{name} -->"])
        before, _, rest = page.partition(f"<!-- {name} -->")
        page = before + table + rest.partition(f"<!-- /{name} -->")[2]
    return page


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text()))
        PICTURE.write_text(drawn())
    else:
        print("\n".join([*generators(), "", *discriminators()]))
