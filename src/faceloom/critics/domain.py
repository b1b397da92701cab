"""domain: whose face a code is of, which codes should not tell (Ganin et al. 2016; XGAN).

The classifier makes its cross-entropy small and the encoder makes it large: to both, that is the
reversed gradient of the paper's section 3.2. Royer et al. 2017 (XGAN) ask it of faces of two kinds.
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from .critic import Codes, Critic, Dense, directed


def make(*, codes: Codes, width: int = 256) -> Critic:
    """Layers of width, a half and an eighth of it, as in faceswap-GAN v2.1, then one per person."""
    network = Dense(codes.length, (width, width // 2, width // 8), len(codes.people))

    def told_apart(given: Mapping[str, Tensor], _rng: torch.Generator) -> Tensor:
        answers = network(directed(torch.cat([given[person] for person in codes.people])))
        counts = [len(given[person]) for person in codes.people]
        whose = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
        return functional.cross_entropy(answers, whose.to(answers.device))

    def hidden(given: Mapping[str, Tensor], rng: torch.Generator) -> Tensor:
        return -told_apart(given, rng)

    return Critic(network, told_apart, hidden)
