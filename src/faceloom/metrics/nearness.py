"""How near a descriptor is to the portraits of donor and host."""

import numpy as np
from numpy.typing import NDArray

Descriptor = NDArray[np.floating]
Portraits = tuple[Descriptor | None, Descriptor | None]
"""The host's and the donor's, where they are known."""


def nearness(look: Descriptor, portraits: Portraits, judge: str = "") -> dict[str, float]:
    """`donor_distance` and `host_distance`, Euclidean, and `nearer_donor`: 1 if that is nearer.

    Whose portrait is not known has no distance; the judge's name stands before these.
    """
    named = dict(zip(("host_distance", "donor_distance"), portraits, strict=True))
    found = {
        name: float(np.linalg.norm(look - face)) for name, face in named.items() if face is not None
    }
    if len(found) == 2:
        found["nearer_donor"] = float(found["donor_distance"] < found["host_distance"])
    return {f"{judge}_{name}" if judge else name: value for name, value in found.items()}
