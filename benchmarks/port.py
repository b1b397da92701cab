"""The family's training step, written anew and plainly: eager, fp32, one person after the other.

As faceswap-GAN's four training functions, in PyTorch: each person's discriminator on what the
generator paints, then each person's generator (the shared encoder and the person's decoder) on what
it paints again; an Adam for each, with its defaults of today; weights as PyTorch lays them out.
Networks, losses and batches are ours, so that nothing but the step differs, and how attention is
computed: whole, as the paper writes it.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from faceloom.models.attention import plainly
from faceloom.models.blocks import Attention
from faceloom.models.generator import Generator
from faceloom.training.adversary import Adversary
from faceloom.training.batch import Batch
from faceloom.training.options import Losses


class Port:
    """A training step to call again and again."""

    def __init__(
        self,
        generator: Generator,
        losses: Losses,
        batches: Mapping[str, Batch],
        adversary: Adversary | None = None,
    ) -> None:
        """Optimisers begun."""
        self.generator, self.losses, self.batches = generator.train(), losses, batches
        self.adversary = adversary
        for network in filter(None, (generator, adversary and adversary.networks)):
            plain(network)
        self.painters = {
            person: torch.optim.Adam(
                [
                    *generator.encoder.parameters(),
                    *generator.unfold.parameters(),
                    *generator.decoder(person).parameters(),
                ],
                lr=1e-4,
                betas=(0.5, 0.999),
            )
            for person in batches
        }
        self.judges = {
            person: torch.optim.Adam(self.judge(person).parameters(), lr=2e-4, betas=(0.5, 0.999))
            for person in batches
            if adversary
        }
        self.draws = torch.Generator().manual_seed(0)

    def judge(self, person: str) -> nn.Module:
        """The person's discriminator."""
        assert self.adversary is not None
        return self.adversary.networks[f"of_{person}"]

    def __call__(self) -> None:
        """One step of everybody."""
        for person in self.judges:
            self.judged(person)
        for person in self.painters:
            self.painted(person)

    def judged(self, person: str) -> None:
        """A discriminator's move: what is painted, and that laid over what was seen."""
        assert self.adversary is not None
        batch, judge = self.batches[person], self.judge(person)
        with torch.no_grad():
            painted = self.generator(batch.warped, person)
        total = torch.zeros(())
        for fake in (painted.laid(batch.warped), painted.image):
            total = total + self.adversary.objective.discriminator(
                lambda faces: judge(faces, batch.warped), batch.target, fake, self.draws
            )
        self.judges[person].zero_grad()
        total.backward()
        self.judges[person].step()

    def painted(self, person: str) -> None:
        """A generator's move."""
        batch = self.batches[person]
        painted = self.generator(batch.warped, person)
        total = torch.zeros(())
        for weight, loss in self.losses.values():
            total = total + weight * loss(batch, painted)
        if self.adversary is not None:
            judge = self.judge(person).requires_grad_(False)
            for fake in (painted.laid(batch.warped), painted.image):
                total = total + self.adversary.weight * self.adversary.objective.generator(
                    lambda faces: judge(faces, batch.warped), batch.target, fake, self.draws
                )
            judge.requires_grad_(True)
        self.painters[person].zero_grad()
        total.backward()
        self.painters[person].step()


def plain(network: nn.Module) -> None:
    """Weights laid out as PyTorch does by itself, and attention as the paper writes it."""
    for weight in network.parameters():
        weight.data = weight.data.contiguous()
    for layer in network.modules():
        if isinstance(layer, Attention):
            layer.__class__ = AsWritten


class AsWritten(Attention):
    """With the whole table of shares (Zhang et al. 2019, equations 1 to 3)."""

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        query, key, value = (
            part(features).flatten(2) for part in (self.query, self.key, self.value)
        )
        seen: Tensor = features + self.gain * plainly(query, key, value).view_as(features)
        return seen
