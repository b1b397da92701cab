"""v2: the generator of faceswap-GAN of early 2018: v1, whose decoders paint a mask as well."""

from . import v1
from .generator import Generator


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    width: int = 64,
    latent: int = 1024,
    mask: bool = True,
    landmarks: bool = False,
    variational: bool = False,
) -> Generator:
    """As `v1.make`; without a mask it is v1."""
    return v1.make(
        people=people,
        size=size,
        width=width,
        latent=latent,
        mask=mask,
        landmarks=landmarks,
        variational=variational,
    )
