"""Every kind of model as it is: a box for each layer, out of one pass of the network itself.

`python benchmarks/models.py --write` makes docs/models.svg of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2
from typing import Any

import torch
from torch import Tensor, nn

from faceloom.models.blocks import Attention, Residual
from faceloom.models.cyclegan import Mirrored
from faceloom.models.generator import Generator
from faceloom.models.layers import Head
from faceloom.parts import build

KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.Linear: "dense",
    nn.PixelShuffle: "larger",
    nn.Upsample: "larger",
    nn.ConvTranspose2d: "larger",
    Residual: "residual",
    Mirrored: "residual",
    Attention: "attention",
    Head: "painted",
}
WHOLE = (Residual, Mirrored, Attention, Head)  # drawn as one
COLOURS = {
    "convolution": "#7aa6d6",
    "dense": "#e0a458",
    "larger": "#6fbfa8",
    "residual": "#a58bc9",
    "attention": "#c7798b",
    "painted": "#555555",
}
ROW, LEFT, GAP, LETTER = 112, 12, 5, 9  # pixels


@dataclass(frozen=True)
class Box:
    """What a layer says of a face: so many channels of so many pixels a side; where it belongs."""

    kind: str
    channels: int
    side: int
    part: str

    @property
    def wide(self) -> float:
        """Pixels across: the more the more channels."""
        return 3 + 1.6 * log2(self.channels)

    @property
    def tall(self) -> float:
        """Pixels down: the more the more pixels a side."""
        return 8 + 9 * log2(self.side)


def boxes(form: Any) -> list[Box]:
    """The layers of a face's way through a generator, in the order they are used."""
    with torch.device("meta"):
        made: Generator = build(form, people=("anna", "emi"))
        face = torch.empty(1, 3, made.size, made.size)
    found: list[Box] = []
    for part, network in (
        ("encoder", made.encoder),
        ("shared", made.unfold),
        ("decoder", made.decoder("anna")),
    ):
        for kind, layer in layers(network):
            layer.register_forward_hook(noted(found, kind, part))
    with torch.no_grad():
        made.eval()(face, "anna")
    # a convolution before a shuffle is the shuffle's, one behind repeated pixels theirs
    return [
        box
        for box, after in zip(found, [*found[1:], None], strict=True)
        if not (after and after.kind == "larger" and box.channels == 4 * after.channels)
    ]


def layers(network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The layers that are drawn, nothing within those that are drawn as one."""
    for kind, name in KINDS.items():
        if isinstance(network, kind):
            yield name, network
            return
    for child in network.children():
        yield from layers(child)


def noted(found: list[Box], kind: str, part: str) -> Any:
    """What notes a layer's answer."""

    def hook(_layer: nn.Module, _given: Any, said: Any) -> None:
        features: Tensor = said if isinstance(said, Tensor) else said.image
        side = features.shape[3] if features.dim() == 4 else 1
        found.append(Box(kind, features.shape[1], side, part))

    return hook


def drawing(forms: Iterable[tuple[str, Any]]) -> str:
    """All of them below each other, as SVG; each with the name it is called by."""
    rows = [
        row(name, boxes(form), LETTER + place * ROW) for place, (name, form) in enumerate(forms)
    ]
    width = max(wide for _, wide in rows) + LEFT
    height = ROW * len(rows) + 3 * LETTER
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
    style = "text{font:7px sans-serif;fill:#333;text-anchor:middle}"
    style += ".n{font-size:9px}.l{text-anchor:start}"
    ground = '<rect width="100%" height="100%" fill="white"/>'
    body = [line for lines, _ in rows for line in lines] + legend(height - LETTER)
    return "\n".join([f"{head}>", f"<style>{style}</style>", ground, *body, "</svg>", ""])


def row(name: str, every: list[Box], top: int) -> tuple[list[str], float]:
    """A model's boxes, and how far they reach."""
    middle = top + ROW / 2 + LETTER
    lines = [f'<text class="n l" x="{LEFT}" y="{top + LETTER}">{name}</text>']
    across, part = float(LEFT), "encoder"
    for box in every:
        if box.part != part and box.part == "decoder":
            across += GAP
            lines.append(bar(across, middle))
            across += 2 * GAP
        part = box.part
        lines += drawn(box, across, middle)
        across += max(box.wide, 14.0) + GAP
    return lines, across


def drawn(box: Box, across: float, middle: float) -> list[str]:
    """A box, its channels above and its pixels a side below."""
    centre, half = across + max(box.wide, 14.0) / 2, box.tall / 2
    place = f'x="{centre - box.wide / 2:.1f}" y="{middle - half:.1f}"'
    size = f'width="{box.wide:.1f}" height="{box.tall:.1f}"'
    return [
        f'<rect {place} {size} fill="{COLOURS[box.kind]}" rx="1"/>',
        f'<text x="{centre:.1f}" y="{middle - half - 2:.1f}">{box.channels}</text>',
        f'<text x="{centre:.1f}" y="{middle + half + 7:.1f}">{box.side}</text>',
    ]


def bar(across: float, middle: float) -> str:
    """Where decoders begin."""
    ends = f'x1="{across:.1f}" x2="{across:.1f}" y1="{middle - 36:.1f}" y2="{middle + 36:.1f}"'
    return f'<line {ends} stroke="#333" stroke-dasharray="2 2"/>'


def legend(down: float) -> list[str]:
    """What the colours are."""
    said = []
    for place, (kind, colour) in enumerate(COLOURS.items()):
        across = LEFT + 70 * place
        said.append(f'<rect x="{across}" y="{down - 7}" width="8" height="8" fill="{colour}"/>')
        said.append(f'<text class="l" x="{across + 11}" y="{down}">{kind}</text>')
    return said
