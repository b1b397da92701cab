"""kl: how far codes are from a normal distribution (VAE, Kingma and Welling 2014, appendix B)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch
from .needed import code_of


def make() -> Callable[[Batch, Painted], Tensor]:
    """The Kullback-Leibler divergence of each number of a code, a mean over numbers and faces.

    FaceloomError where the model's codes are no distributions.
    """

    def loss(_batch: Batch, painted: Painted) -> Tensor:
        mean, spread = code_of(painted)
        return (mean.square() + spread.exp() - spread - 1).mean() / 2

    return loss
