"""What a training is shown: a few faces, varied in each way by itself and in all at once."""

from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np
import torch

from ..pixels.sheets import Page, sheet
from .augmentation import Augmentation, augmented
from .faces import Bank, Pixels, Sample
from .step import others

FACES = 8  # on a page, of all people together
CELL = 96  # pixels a face

STILL = Augmentation(
    rotation=0, zoom=0, shift=0, warp=0, brightness=0, contrast=0, colour=0, shade=0, backdrop=0
)


def pictured(banks: Mapping[str, Bank], told: Augmentation, size: int, seed: int) -> Page:
    """A contact sheet, uint8: faces as they are, a row for each kind that is on, and all of them.

    size: pixels a side that the network sees; seed: of the draws.
    """
    count = max(2, FACES // len(banks))
    samples = {person: some(bank, count) for person, bank in banks.items()}
    rows = {"as they are": shown(samples, STILL, size, seed)[0]}
    for kind, value in asdict(told).items():
        if value and kind != "withheld":
            alone = replace(STILL, **{kind: value})
            rows[f"{kind} {value:g}"] = shown(samples, alone, size, seed)[0]
    rows["all: what is seen"], rows["all: to be painted"] = shown(samples, told, size, seed)
    images = [image for row in rows.values() for image in row]
    captions = [
        name if place == 0 else "" for name, row in rows.items() for place in range(len(row))
    ]
    return sheet(images, len(rows["as they are"]), CELL, captions)


def some(bank: Bank, count: int) -> Sample:
    """Faces of a bank, evenly."""
    places = np.linspace(0, len(bank) - 1, count).round().astype(int)
    return Sample(torch.from_numpy(bank.pixels[places]))


def shown(
    samples: Mapping[str, Sample], told: Augmentation, size: int, seed: int
) -> tuple[list[Pixels], list[Pixels]]:
    """What of everybody's faces is seen, and what is to be painted."""
    draws = torch.Generator().manual_seed(seed)
    seen, wanted = [], []
    for person, sample in samples.items():
        batch = augmented(sample, told, size, draws, others(samples, person))
        seen += pictures(batch.warped)
        wanted += pictures(batch.target)
    return seen, wanted


def pictures(faces: torch.Tensor) -> list[Pixels]:
    """Faces (B, 3, S, S) in [-1, 1] as pictures."""
    every = ((faces.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)
    return [np.asarray(each) for each in every.numpy()]
