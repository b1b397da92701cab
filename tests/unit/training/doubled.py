"""Trains in float64 without statistics of batches; run as a program by test_together.py.

usage: doubled.py FILE   Alone, or as one of those that torchrun started; the first leaves in FILE
the weights after twenty steps, both players', and the mean losses.
"""

import os
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parent))
from tiny import PEOPLE, banks

from faceloom.models.generator import Generator, Painted
from faceloom.objectives import lsgan
from faceloom.training.adversary import Adversary, judges
from faceloom.training.augmentation import Augmentation
from faceloom.training.batch import Batch
from faceloom.training.loop import train
from faceloom.training.options import Options
from faceloom.training.together import count, first, together

STEPS, WHOLE = 20, 8  # steps, and faces of each person in all processes together


class Encoder(nn.Sequential):
    def forward(self, faces: Tensor) -> Tensor:
        return super().forward(faces.double())


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.ConvTranspose2d(6, 3, 4, 2, 1), nn.Tanh())

    def forward(self, codes: Tensor) -> Painted:
        return Painted(self.layers(codes))


class Judge(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Conv2d(6, 1, 4, 2)

    def forward(self, faces: Tensor, seen: Tensor) -> Tensor:
        return self.layers(torch.cat([faces.double(), seen.double()], 1))


def far(batch: Batch, painted: Painted) -> Tensor:
    return (painted.image - batch.target.double()).abs().mean()


def main(out: Path) -> None:
    torch.manual_seed(0)
    encoder = Encoder(nn.Conv2d(3, 6, 4, 2, 1), nn.LeakyReLU(0.1))
    decoders = {person: Decoder() for person in PEOPLE}
    made = Generator(people=PEOPLE, size=32, encoder=encoder, decoders=decoders).double()
    networks = judges(PEOPLE, Judge).double()
    with together():
        history = train(
            made,
            banks(),
            {"far": (1.0, far)},
            Augmentation(match=0.5, mixup=0.2),
            Options(
                steps=STEPS, batch=WHOLE, rate=1e-2, average=0.9, clip=0.05, warmup=5, threads=1,
                precision="fp32", save_every=5,
            ),
            resume=out.with_suffix(".resume"),
            fingerprint="doubled",
            adversary=Adversary(networks, lsgan.make()),
        )  # fmt: skip
        if first():
            said = {**made.state_dict(), **networks.state_dict()}
            torch.save(
                {"count": count(), "weights": said, "rows": [tuple(r) for r in history.rows]}, out
            )


if __name__ == "__main__":
    assert int(os.environ.get("WORLD_SIZE", "1")) in (1, 2)
    main(Path(sys.argv[1]))
