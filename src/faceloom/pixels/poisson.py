"""A face's gradients in a frame's colours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from faceloom.pixels.arrays import Floats, Image, Mask

_STEP = 1e-2  # grey levels: when no pixel moves more, it is done (and errs by less)
_ITERATIONS = 200

Planes = NDArray[np.float32]  # (channels, H, W)


def blend(face: Image, frame: Image, mask: Mask) -> Floats:
    """The face in the frame by Poisson's equation on the mask (Perez et al. 2003, eq. 7-8).

    Inside the mask (above .5) the result has the face's gradients, outside it is the frame. What
    is solved for is the correction to the frame, which is 0 outside: conjugate gradients,
    preconditioned by the exact solution on a rectangle around the mask, which is two sine
    transforms. Pixels on the frame's border stay the frame's. An empty mask gives the frame.

    Args:
        face: (H, W, 3), laid out in the frame; one pixel around the mask counts too.
        frame: (H, W, 3).
        mask: (H, W).
    """
    result = np.array(frame, np.float32)
    inside = np.zeros(mask.shape, bool)
    inside[1:-1, 1:-1] = mask[1:-1, 1:-1] > 0.5
    if not inside.any():
        return result
    rows, columns = _span(inside, 1), _span(inside, 0)
    window = (slice(rows.start - 1, rows.stop + 1), slice(columns.start - 1, columns.stop + 1))
    difference = np.asarray(face[window], np.float32) - result[window]
    wanted = _laplacian(np.ascontiguousarray(difference.transpose(2, 0, 1)))
    correction = _solved(wanted, inside[rows, columns])
    result[rows, columns] += correction.transpose(1, 2, 0)
    return np.clip(result, 0, 255)


def _span(inside: NDArray[np.bool_], across: int) -> slice:
    where = np.flatnonzero(inside.any(axis=across))
    return slice(int(where[0]), int(where[-1]) + 1)


def _laplacian(planes: Planes) -> Planes:
    """Four times each inner pixel, less its neighbours."""
    whole: Planes = 4 * planes[:, 1:-1, 1:-1]
    whole -= planes[:, :-2, 1:-1]
    whole -= planes[:, 2:, 1:-1]
    whole -= planes[:, 1:-1, :-2]
    whole -= planes[:, 1:-1, 2:]
    return whole


def _solved(wanted: Planes, inside: NDArray[np.bool_]) -> Planes:
    """Planes that are 0 outside and whose Laplacian is the wanted one inside."""
    eigenvalues = _eigenvalues(*inside.shape)
    weights = inside.astype(np.float32)
    solution = np.zeros_like(wanted)
    rest = wanted * weights
    hint = _on_rectangle(rest, eigenvalues) * weights
    direction, reach = hint.copy(), _dots(rest, hint)
    for _ in range(_ITERATIONS):
        image = _laplacian(np.pad(direction, ((0, 0), (1, 1), (1, 1)))) * weights
        length = reach / np.maximum(_dots(direction, image), 1e-20)
        step = length * direction
        solution += step
        if np.abs(step).max() < _STEP:
            break
        rest -= length * image
        hint = _on_rectangle(rest, eigenvalues) * weights
        before, reach = reach, _dots(rest, hint)
        direction = hint + reach / np.maximum(before, 1e-20) * direction
    return solution


def _dots(ones: Planes, others: Planes) -> Planes:
    return np.asarray((ones * others).sum(axis=(1, 2), keepdims=True), np.float32)


def _eigenvalues(height: int, width: int) -> Planes:
    """Of the Laplacian on a rectangle at least so large, of a size that transforms fast."""
    down, across = (fft.next_fast_len(n + 1, real=True) for n in (height, width))
    rows = 2 - 2 * np.cos(np.pi * np.arange(1, down) / down)
    columns = 2 - 2 * np.cos(np.pi * np.arange(1, across) / across)
    return np.asarray(rows[:, None] + columns, np.float32)


def _on_rectangle(planes: Planes, eigenvalues: Planes) -> Planes:
    """The exact solution on the rectangle, 0 around it, by type I sine transforms."""
    _, height, width = planes.shape
    options: dict[str, Any] = {"type": 1, "axes": (1, 2), "overwrite_x": True}
    extra = (0, eigenvalues.shape[0] - height), (0, eigenvalues.shape[1] - width)
    waves = fft.dstn(np.pad(planes, ((0, 0), *extra)), **options)
    waves /= eigenvalues
    solved: Planes = fft.idstn(waves, **options)
    return solved[:, :height, :width]
