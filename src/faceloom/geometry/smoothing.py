"""Steadier values over time. Columns are smoothed alike; a row is one frame."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Values = NDArray[np.float64]

_STEP = np.array([[1.0, 1.0], [0.0, 1.0]])  # place += speed, speed stays
_PUSH = np.array([[0.25, 0.5], [0.5, 1.0]])  # what a constant push during one frame adds
_UNKNOWN = 1e8  # variance of place and speed before anything was seen


def ema(values: Values, memory: float) -> Values:
    """Exponential moving average: each row is `memory` of the last and the rest of the new.

    Only the past is used, so what moves is late by memory / (1 - memory) frames.

    Args:
        values: (T, D); rows with NaN are first filled by straight lines in time.
        memory: 0 (nothing is smoothed) to less than 1.
    """
    if not 0 <= memory < 1:
        raise ValueError(f"memory {memory} is not in 0 <= memory < 1")
    whole = _filled(np.asarray(values, np.float64))
    smooth, _ = lfilter([1 - memory], [1, -memory], whole, axis=0, zi=memory * whole[:1])
    return np.asarray(smooth, np.float64)


def kalman(values: Values, process: float, measurement: float) -> Values:
    """The likeliest path behind noisy places: a Kalman filter and a backward pass.

    Each column moves at constant speed, pushed by a random acceleration that is constant during
    a frame; Rauch, Tung and Striebel's backward pass (1965) lets every row use all the others,
    so nothing is late. All columns share the same gains.

    Args:
        values: (T, D) in pixels; a row with a NaN was not measured and comes out bridged.
        process: variance of the acceleration, px² / frame⁴. Small is stiff.
        measurement: standard deviation of a measured place, px. Large is smooth. Only
            process / measurement² matters for the result.
    """
    if process <= 0 or measurement <= 0:
        raise ValueError("process and measurement must be more than 0")
    places = np.asarray(values, np.float64)
    states, spreads, guesses, guessed = _forward(places, process, measurement**2)
    for row in range(len(places) - 2, -1, -1):
        gain = spreads[row] @ _STEP.T @ np.linalg.inv(guessed[row + 1])
        states[row] += gain @ (states[row + 1] - guesses[row + 1])
    return states[:, 0]


def _forward(places: Values, process: float, noise: float) -> tuple[Values, Values, Values, Values]:
    """States (T, 2, D) and covariances (T, 2, 2) after each row, and as guessed before it."""
    frames, columns = places.shape
    state = np.zeros((2, columns))
    state[0] = places[_measured(places)][0]
    spread = _UNKNOWN * np.eye(2)
    states, guesses = np.empty((frames, 2, columns)), np.empty((frames, 2, columns))
    spreads, guessed = np.empty((frames, 2, 2)), np.empty((frames, 2, 2))
    for row, seen in enumerate(_measured(places)):
        if row:
            state, spread = _STEP @ state, _STEP @ spread @ _STEP.T + process * _PUSH
        guesses[row], guessed[row] = state, spread
        if seen:
            gain = spread[:, 0] / (spread[0, 0] + noise)
            state = state + gain[:, None] * (places[row] - state[0])
            spread = spread - np.outer(gain, spread[0])
        states[row], spreads[row] = state, spread
    return states, spreads, guesses, guessed


def _filled(values: Values) -> Values:
    """Rows without a measurement on straight lines between their neighbours."""
    seen = np.flatnonzero(_measured(values))
    rows = np.arange(len(values))
    columns = [np.interp(rows, seen, column[seen]) for column in values.T]
    return np.column_stack(columns)


def _measured(values: Values) -> NDArray[np.bool_]:
    """Which rows hold numbers; raises ValueError where none does."""
    seen = np.asarray(~np.isnan(values).any(axis=1))
    if not seen.any():
        raise ValueError("no row was measured")
    return seen
