"""Who it is, for a judge that nothing is taught by: SFace's 128 numbers (Zhong et al. 2021)."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.judges import Describer
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face its descriptor, from its crop.

    Args:
        weights: sface.onnx.
    """
    return Describer("sface", weights[0]).of_crops
