"""An average of weights over the last steps, which often paints better than the last ones do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class Average:
    """An exponential moving average of a network's weights (Polyak and Juditsky 1992).

    Early on it forgets faster, so that the beginning does not stay in it.
    """

    def __init__(self, network: nn.Module, keep: float) -> None:
        """Begin at the weights as they are; keep: the share of it that each step leaves."""
        self.keep = keep
        self.moves = 0
        self.weights = {name: each.detach().clone() for name, each in network.named_parameters()}

    def follow(self, network: nn.Module) -> None:
        """Take in the weights after a step."""
        keep = min(self.keep, (1 + self.moves) / (10 + self.moves))
        now = [each.detach() for _, each in network.named_parameters()]
        torch._foreach_lerp_(list(self.weights.values()), now, 1 - keep)
        self.moves += 1

    @contextmanager
    def worn(self, network: nn.Module) -> Iterator[None]:
        """The network has the averaged weights inside, its own again after."""
        self._exchange(network)
        try:
            yield
        finally:
            self._exchange(network)

    def wear(self, network: nn.Module) -> None:
        """The network has the averaged weights from now on."""
        with torch.no_grad():
            for name, each in network.named_parameters():
                each.copy_(self.weights[name])

    def state(self) -> dict[str, Any]:
        """All of it, to be saved."""
        return {"moves": self.moves, "weights": dict(self.weights)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        self.moves = state["moves"]
        for name, each in self.weights.items():
            each.copy_(state["weights"][name])

    def _exchange(self, network: nn.Module) -> None:
        for name, each in network.named_parameters():
            own: Tensor = each.data
            each.data, self.weights[name] = self.weights[name], own
