"""A training under way: all that changes from step to step, to be saved and gone on from."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from ..models.generator import Generator
from . import together
from .adversary import Adversary
from .average import Average
from .examiners import Examiners
from .history import Row, Tally
from .options import Options
from .precision import chosen
from .state import State
from .watch import Best


@dataclass
class Run:
    """Both players, their optimisers, draws and history. What is off is None."""

    generator: Generator
    optimiser: torch.optim.Adam
    draws: torch.Generator
    adversary: Adversary | None = None
    opponent: torch.optim.Adam | None = None
    """The discriminators' optimiser."""
    average: Average | None = None
    examiners: Examiners = field(default_factory=dict)
    examining: dict[str, torch.optim.Adam] = field(default_factory=dict)
    """The examiners' optimisers."""
    best: Best | None = None
    tally: Tally = field(default_factory=Tally)
    step: int = 0

    @property
    def device(self) -> torch.device:
        """Where the networks are."""
        return next(self.generator.parameters()).device

    def generator_moves(self) -> bool:
        """Whether this step is one of the generator's too."""
        return self.adversary is None or (self.step + 1) % self.adversary.every == 0

    def state(self, fingerprint: str) -> State:
        """All of it, to be saved."""
        return State(
            fingerprint=fingerprint,
            step=self.step,
            generator=self.generator.state_dict(),
            optimiser=self.optimiser.state_dict(),
            rngs=self._rngs(),
            tally=asdict(self.tally) | {"rows": [tuple(row) for row in self.tally.rows]},
            others=self._others(),
        )

    def restore(self, state: State) -> None:
        """Go on from there."""
        self.generator.load_state_dict(state.generator)
        self.optimiser.load_state_dict(state.optimiser)
        if self.adversary is not None and self.opponent is not None:
            self.adversary.networks.load_state_dict(state.others["discriminators"])
            self.opponent.load_state_dict(state.others["opponent"])
            own = state.others["pools"][together.place()]
            for person, pool in self.adversary.pools.items():
                pool.faces = [each.to(self.device) for each in own[person]]
        if self.average is not None:
            self.average.restore(state.others["average"])
        for name, each in self.examiners.items():
            each.critic.network.load_state_dict(state.others["critics"][name])
            self.examining[name].load_state_dict(state.others["examining"][name])
        if "best" in state.others:
            self.best = Best(**state.others["best"])
        self.draws.set_state(state.rngs["draws"])
        torch.set_rng_state(state.rngs["torch"])
        if "cuda" in state.rngs and torch.cuda.is_available():
            torch.cuda.set_rng_state(state.rngs["cuda"])
        self.tally = Tally(**state.tally)
        self.tally.rows = [Row(*row) for row in self.tally.rows]
        self.step = state.step

    def turn(self) -> None:
        """Everybody gets the decoder of the next, with all that is known of its weights.

        faceswap-GAN v2.2 swaps the decoders of its two people late in training.
        """
        decoders = [self.generator.decoder(person) for person in self.generator.people]
        for same in zip(*(list(each.parameters()) for each in decoders), strict=True):
            turned([each.data for each in same])
            known = [self.optimiser.state.get(each, {}) for each in same]
            for name in known[0]:
                turned([each[name] for each in known])
        for same in zip(*(list(each.buffers()) for each in decoders), strict=True):
            turned(list(same))
        if self.average is not None:
            own = {id(each): name for name, each in self.generator.named_parameters()}
            for same in zip(*(list(each.parameters()) for each in decoders), strict=True):
                turned([self.average.weights[own[id(each)]] for each in same])

    def _others(self) -> dict[str, Any]:
        others: dict[str, Any] = {}
        if self.adversary is not None and self.opponent is not None:
            others["discriminators"] = self.adversary.networks.state_dict()
            others["opponent"] = self.opponent.state_dict()
            pools = {name: pool.faces for name, pool in self.adversary.pools.items()}
            others["pools"] = together.everybodys(pools)
        if self.average is not None:
            others["average"] = self.average.state()
        if self.examiners:
            others["critics"] = {
                name: each.critic.network.state_dict() for name, each in self.examiners.items()
            }
            others["examining"] = {name: each.state_dict() for name, each in self.examining.items()}
        if self.best is not None:
            others["best"] = vars(self.best)
        return others

    def _rngs(self) -> dict[str, Tensor]:
        rngs = {"draws": self.draws.get_state(), "torch": torch.get_rng_state()}
        if self.device.type == "cuda":
            rngs["cuda"] = torch.cuda.get_rng_state()
        return rngs


def new(
    generator: Generator,
    adversary: Adversary | None,
    options: Options,
    examiners: Examiners | None = None,
) -> Run:
    """A run that has not begun."""
    laid_out(generator)
    opponent = None
    if adversary is not None:
        networks = adversary.networks.train()
        opponent = adam(networks, adversary.rate, adversary.betas, options.decay)
    return Run(
        generator.train(),
        adam(generator, options.rate, options.betas, options.decay),
        torch.Generator().manual_seed(options.seed),
        adversary,
        opponent,
        None if options.average is None else Average(generator, options.average),
        examiners or {},
        {
            name: adam(each.critic.network.train(), each.rate, each.betas, options.decay)
            for name, each in (examiners or {}).items()
        },
    )


def laid_out(generator: Generator) -> None:
    """Weights laid out anew where the model's way is slow: the same numbers.

    Channels last is for bf16, and for float32 where MKL has no AVX-512 (AMD's fifth generation).
    With AVX2 alone, on AMD's third generation, a step of v2.2 took 1.1 to 1.3 times as long by it.
    """
    device = next(generator.parameters()).device
    if device.type == "cpu" and chosen(device, "auto") == "fp32":
        for weight in generator.parameters():
            weight.data = weight.data.contiguous()


def adam(
    network: nn.Module, rate: float, betas: tuple[float, float], decay: float | None
) -> torch.optim.Adam:
    """Adam (Kingma and Ba 2015); decay is for weights with more than one axis."""
    weights: Iterable[Any] = network.parameters()
    if decay is not None:
        every = list(weights)
        weights = [
            # the slope of decay times the square is twice that times the weight
            {"params": [each for each in every if each.dim() > 1], "weight_decay": 2 * decay},
            {"params": [each for each in every if each.dim() <= 1]},
        ]
    return torch.optim.Adam(weights, lr=rate, betas=betas, fused=True)


def turned(same: Sequence[Tensor]) -> None:
    """Each tensor gets the values of the next, the last those of the first."""
    values = [each.clone() for each in same]
    for place, each in enumerate(same):
        each.copy_(values[(place + 1) % len(same)])
