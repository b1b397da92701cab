"""BiSeNet for faces: which of 19 parts each pixel shows.

Yu et al. 2018, "BiSeNet: Bilateral Segmentation Network for Real-time Semantic Segmentation" (arXiv
1808.00897), as face-parsing.PyTorch (zllrunning) has it: ResNet-18 (He et al. 2015) gives the
context, and its features at an eighth of the size take the place of the spatial path. Taught on
CelebAMask-HQ, whose pictures are for research only. Layers are named as in its file.
"""

from pathlib import Path
from pickle import UnpicklingError

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from faceloom.errors import FaceloomError

SIZE = 512
"""Width and height of the pictures that it was taught on."""

PARTS = (
    *("background", "skin", "left brow", "right brow", "left eye", "right eye", "glasses"),
    *("left ear", "right ear", "earring", "nose", "mouth", "upper lip", "lower lip", "neck"),
    *("necklace", "cloth", "hair", "hat"),
)
MEANS, SPREADS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet: red, green, blue

ASIDE = ("conv_out16.", "conv_out32.")  # two heads that only helped to teach it

# what torch raises over bytes that are no such network
BROKEN = (AttributeError, EOFError, KeyError, OSError, RuntimeError, TypeError, UnpicklingError)


class BiSeNet(nn.Module):
    """Scores of 19 parts (B, 19, H, W), of pictures that are `normalised`."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.cp = Context()
        self.ffm = Fusion(256, 256)
        self.conv_out = Output(256, 256, len(PARTS))

    def forward(self, pictures: Tensor) -> Tensor:
        """pictures: (B, 3, H, W)."""
        fine, coarse = self.cp(pictures)
        scores: Tensor = self.conv_out(self.ffm(fine, coarse))
        return F.interpolate(scores, pictures.shape[2:], mode="bilinear", align_corners=True)


class Unit(nn.Module):
    """A convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3) -> None:
        """kernel: pixels a side, odd."""
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, features: Tensor) -> Tensor:
        """Of the same size."""
        return F.relu(self.bn(self.conv(features)))


class Refinement(nn.Module):
    """Channels weighed by what the whole picture shows (section 3.2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Both are numbers of channels."""
        super().__init__()
        self.conv = Unit(inputs, outputs)
        self.conv_atten = nn.Conv2d(outputs, outputs, 1, bias=False)
        self.bn_atten = nn.BatchNorm2d(outputs)

    def forward(self, features: Tensor) -> Tensor:
        """Of the same size."""
        found: Tensor = self.conv(features)
        return found * torch.sigmoid(self.bn_atten(self.conv_atten(whole(found))))


class Context(nn.Module):
    """What is where, from far away: features at an eighth of the size, fine and coarse."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.resnet = ResNet18()
        self.arm16 = Refinement(256, 128)
        self.arm32 = Refinement(512, 128)
        self.conv_head32 = Unit(128, 128)
        self.conv_head16 = Unit(128, 128)
        self.conv_avg = Unit(512, 128, 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Both (B, 128, H/8, W/8)."""
        eighth, sixteenth, last = self.resnet(pictures)
        seen = self.arm32(last) + self.conv_avg(whole(last))
        seen = self.conv_head32(F.interpolate(seen, sixteenth.shape[2:], mode="nearest"))
        seen = self.arm16(sixteenth) + seen
        seen = self.conv_head16(F.interpolate(seen, eighth.shape[2:], mode="nearest"))
        return eighth, seen


class Fusion(nn.Module):
    """Fine and coarse features as one (section 3.2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """inputs: channels of both together."""
        super().__init__()
        self.convblk = Unit(inputs, outputs, 1)
        self.conv1 = nn.Conv2d(outputs, outputs // 4, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs // 4, outputs, 1, bias=False)

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Both of one size."""
        both: Tensor = self.convblk(torch.cat([fine, coarse], 1))
        weights = torch.sigmoid(self.conv2(F.relu(self.conv1(whole(both)))))
        return both + both * weights


class Output(nn.Module):
    """Scores."""

    def __init__(self, inputs: int, middle: int, outputs: int) -> None:
        """Numbers of channels."""
        super().__init__()
        self.conv = Unit(inputs, middle)
        self.conv_out = nn.Conv2d(middle, outputs, 1, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """Of the same size."""
        scores: Tensor = self.conv_out(self.conv(features))
        return scores


class ResNet18(nn.Module):
    """He et al. 2015 (arXiv 1512.03385), table 1, without its last layer."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(Residual(64, 64, 1), Residual(64, 64, 1))
        self.layer2 = nn.Sequential(Residual(64, 128, 2), Residual(128, 128, 1))
        self.layer3 = nn.Sequential(Residual(128, 256, 2), Residual(256, 256, 1))
        self.layer4 = nn.Sequential(Residual(256, 512, 2), Residual(512, 512, 1))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Features at 1/8, 1/16 and 1/32 of the size."""
        features = F.relu(self.bn1(self.conv1(pictures)))
        features = self.layer1(F.max_pool2d(features, 3, 2, 1))
        eighth = self.layer2(features)
        sixteenth = self.layer3(eighth)
        return eighth, sixteenth, self.layer4(sixteenth)


class Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        """stride: of the first."""
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        shortcut = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
        )
        self.downsample = shortcut if stride > 1 else None

    def forward(self, features: Tensor) -> Tensor:
        """Smaller by the stride."""
        found = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(features)))))
        return F.relu(found + (self.downsample(features) if self.downsample else features))


def whole(features: Tensor) -> Tensor:
    """The mean of each channel (B, C, 1, 1)."""
    return features.mean((2, 3), keepdim=True)


def normalised(pictures: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) in [-1, 1], RGB, as the network wants them."""
    means, spreads = (pictures.new_tensor(each)[:, None, None] for each in (MEANS, SPREADS))
    return (pictures / 2 + 0.5 - means) / spreads


def load(path: Path) -> BiSeNet:
    """The network in the file 79999_iter.pth, ready to be asked; gradients may flow through it.

    Raises:
        FaceloomError: another file, or a damaged one.
    """
    network = BiSeNet()
    try:
        said = torch.load(path, map_location="cpu", weights_only=True)
        kept = {name: each for name, each in said.items() if not name.startswith(ASIDE)}
        network.load_state_dict(kept)
    except BROKEN:
        raise FaceloomError(
            f"{path}: not BiSeNet's weights for faces, or damaged; "
            "delete it and fetch it again with faceloom weights"
        ) from None
    return network.eval().requires_grad_(False)
