"""Rendered faces with exact labels, varied far beyond what was rendered."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ..geometry import similarity
from ..geometry.arrays import Matrix, Points
from ..geometry.landmarks import aligned
from ..images import to_planes
from ..networks.face_parser import COVERAGE, SIZE
from ..pixels.arrays import Floats, Mask
from ..pixels.occluders import drawn, noise
from ..pixels.parsing import LABELS, Labels
from ..pixels.warps import cut

BACKGROUND, SKIN, HAIR, CLOTH, _, _, OCCLUDER, _ = range(len(LABELS))


@dataclass(frozen=True)
class Example:
    """A frame (H, W, 3) uint8, its labels (H, W), the face in it (H, W) 0..1, and 68 landmarks."""

    image: NDArray[np.uint8]
    labels: Labels
    face: Mask
    points: Points


@dataclass(frozen=True)
class Variation:
    """How far examples are varied.

    rotation: degrees; zoom, shift: shares of the crop; all three standard deviations.
    occluders, backdrop, recolour, damage: how often something is drawn before the face, put
    behind the head, hair and cloth and skin get other colours, and the camera's faults are added.
    """

    rotation: float = 6.0
    zoom: float = 0.06
    shift: float = 0.03
    occluders: float = 0.6
    backdrop: float = 0.5
    recolour: float = 0.6
    damage: float = 0.7


@dataclass(frozen=True)
class Batch:
    """pictures: (B, 3, S, S) in [-1, 1]; labels: (B, S, S) int64; face: (B, S, S) in [0, 1]."""

    pictures: Tensor
    labels: Tensor
    face: Tensor


def batch(examples: Sequence[Example], count: int, options: Variation, rng: Generator) -> Batch:
    """So many examples by chance, varied."""
    numbers = [int(rng.integers(len(examples))) for _ in range(count)]
    chosen = [varied(examples, number, options, rng) for number in numbers]
    pictures, labels, faces = zip(*chosen, strict=True)
    return Batch(
        torch.from_numpy(to_planes(np.stack(pictures))),
        torch.from_numpy(np.stack(labels).astype(np.int64)),
        torch.from_numpy(np.stack(faces)),
    )


def varied(
    examples: Sequence[Example], number: int, options: Variation, rng: Generator
) -> tuple[NDArray[np.uint8], Labels, Mask]:
    """One of the examples as it might have been: its crop, labels and face."""
    example = examples[number]
    image, labels, face = seen(example, moved(example.points, options, rng))
    if rng.random() < 0.5:
        image, labels, face = image[:, ::-1], labels[:, ::-1], face[:, ::-1]
    shown = image.astype(np.float32)
    if rng.random() < options.recolour:
        shown = recoloured(shown, labels, rng)
    if rng.random() < options.backdrop:
        shown = before(behind(examples, rng), shown, softened(labels != BACKGROUND))
    while rng.random() < options.occluders:
        shown, labels, face = covered(examples, shown, labels, face, rng)
        if rng.random() < 0.6:
            break
    shown = lit(shown, rng)
    if rng.random() < options.damage:
        shown = damaged(shown, rng)
    return np.clip(np.rint(shown), 0, 255).astype(np.uint8), labels, face


def moved(points: Points, options: Variation, rng: Generator) -> Matrix:
    """The matrix of a crop that is not quite where it should be."""
    turn = np.radians(rng.normal(0, options.rotation))
    times = float(np.exp(rng.normal(0, options.zoom)))
    linear = times * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.full(2, (SIZE - 1) / 2)
    shift = middle - linear @ middle + rng.normal(0, options.shift, 2) * SIZE
    return similarity.compose(np.column_stack([linear, shift]), aligned(points, SIZE, COVERAGE))


def seen(example: Example, matrix: Matrix) -> tuple[NDArray[np.uint8], Labels, Mask]:
    """The example's crop, its labels and its face there."""
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    labels = cv2.warpAffine(
        example.labels, similarity.inverse(matrix), (SIZE, SIZE), flags=flags,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    face = cut(example.face, matrix, SIZE)
    return cut(example.image, matrix, SIZE), labels.astype(np.uint8), face


def softened(where: NDArray[np.bool_]) -> Mask:
    """Where something is, with an edge of about a pixel."""
    return np.asarray(cv2.GaussianBlur(where.astype(np.float32), (0, 0), 0.7), np.float32)


def before(ground: Floats, shown: Floats, alpha: Mask) -> Floats:
    """A picture laid over another."""
    return ground + (shown - ground) * alpha[..., None]


def behind(examples: Sequence[Example], rng: Generator) -> Floats:
    """What may be behind a head: colours by chance, or a piece of any other picture."""
    if rng.random() < 0.5:
        other = examples[int(rng.integers(len(examples)))].image
        side = int(rng.integers(16, min(other.shape[:2])))
        top, left = (int(rng.integers(0, length - side + 1)) for length in other.shape[:2])
        piece = other[top : top + side, left : left + side]
        turned = np.rot90(piece, int(rng.integers(4)))
        return cv2.resize(np.ascontiguousarray(turned), (SIZE, SIZE)).astype(np.float32)
    plain = rng.uniform(0, 255, 3).astype(np.float32)
    coarse = noise(SIZE, float(rng.uniform(2, SIZE)), rng) * rng.uniform(0, 70)
    return np.clip(plain + coarse, 0, 255).astype(np.float32)


def recoloured(shown: Floats, labels: Labels, rng: Generator) -> Floats:
    """Hair and cloth in any colour; skin somewhat paler, darker, redder."""
    for label, strength in ((HAIR, 0.9), (CLOTH, 1.5), (SKIN, 0.25)):
        alpha = softened(labels == label)
        gains = np.exp(rng.normal(0, strength * 0.6) + rng.normal(0, strength * 0.25, 3))
        shift = rng.uniform(0, 60 if label != SKIN else 8) * rng.uniform(0, 1, 3)
        shown = before(shown, shown * gains.astype(np.float32) + shift.astype(np.float32), alpha)
    return np.clip(shown, 0, 255).astype(np.float32)


def covered(
    examples: Sequence[Example], shown: Floats, labels: Labels, face: Mask, rng: Generator
) -> tuple[Floats, Labels, Mask]:
    """Something before the face: drawn, or taken from another picture that has it."""
    skin = shown[labels == SKIN]
    tone = skin.mean(axis=0) if len(skin) else np.full(3, 128.0)
    found = taken(examples, rng) if rng.random() < 0.5 else None
    picture, alpha = found if found is not None else drawn(SIZE, tone, rng)
    if rng.random() < 0.15:  # it hides little more than the light
        picture = 0.5 * picture + 0.5 * behind(examples, rng)
    if rng.random() < 0.6:
        offset = rng.normal(0, 0.03 * SIZE, 2)
        move = np.array([[1, 0, offset[0]], [0, 1, offset[1]]])
        shadow = cv2.warpAffine(alpha, move, (SIZE, SIZE))
        shadow = cv2.GaussianBlur(shadow, (0, 0), float(rng.uniform(0.01, 0.06) * SIZE))
        shown = shown * (1 - rng.uniform(0.1, 0.6) * shadow[..., None])
    sharp = np.asarray(cv2.GaussianBlur(alpha, (0, 0), float(rng.uniform(0.3, 1.5))), np.float32)
    there = np.asarray(before(shown, picture, sharp), np.float32)
    labels = np.where(sharp > 0.5, OCCLUDER, labels).astype(np.uint8)
    return there, labels, np.asarray(face * (1 - sharp), np.float32)


def taken(examples: Sequence[Example], rng: Generator) -> tuple[Floats, Mask] | None:
    """The occluder of another picture, at another place; None where the one drawn has none."""
    other = examples[int(rng.integers(len(examples)))]
    where = (other.labels == OCCLUDER).astype(np.float32)
    if where.mean() < 0.005:
        return None
    matrix = moved(other.points, Variation(rotation=40, zoom=0.25, shift=0.15), rng)
    picture = cut(other.image, matrix, SIZE).astype(np.float32)
    gain = np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.08, 3)).astype(np.float32)
    return np.clip(picture * gain, 0, 255), cut(where, matrix, SIZE)


def lit(shown: Floats, rng: Generator) -> Floats:
    """Other light: gamma, contrast, colours, and one side brighter than the other."""
    values = np.clip(shown / 255, 0, 1) ** float(np.exp(rng.normal(0, 0.25)))
    values = (values - 0.5) * float(np.exp(rng.normal(0, 0.2))) + 0.5 + rng.normal(0, 0.06)
    values = values * (1 + rng.normal(0, 0.08, 3))
    angle = rng.uniform(0, 2 * np.pi)
    down, across = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    slope = rng.normal(0, 0.2) * (np.cos(angle) * across + np.sin(angle) * down)
    values = values * (1 + slope[..., None])
    if rng.random() < 0.06:
        values = np.repeat(values.mean(axis=-1, keepdims=True), 3, axis=-1)
    return np.clip(values * 255, 0, 255).astype(np.float32)


def damaged(shown: Floats, rng: Generator) -> Floats:
    """A camera's faults: few pixels, blur, noise, compression."""
    if rng.random() < 0.35:
        small = int(SIZE * rng.uniform(0.3, 0.9))
        less = cv2.resize(shown, (small, small), interpolation=cv2.INTER_AREA)
        shown = np.asarray(cv2.resize(less, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR))
    if rng.random() < 0.3:
        shown = np.asarray(cv2.GaussianBlur(shown, (0, 0), float(rng.uniform(0.4, 1.8))))
    if rng.random() < 0.15:
        shown = np.asarray(cv2.filter2D(shown, -1, streak(rng)))
    if rng.random() < 0.5:
        shown = shown + rng.normal(0, rng.uniform(1, 14), shown.shape).astype(np.float32)
    if rng.random() < 0.5:
        shown = compressed(shown, int(rng.integers(20, 95)))
    return shown


def compressed(shown: Floats, quality: int) -> Floats:
    """What JPEG of that quality leaves of a picture."""
    whole = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(whole).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file), np.float32)


def streak(rng: Generator) -> Floats:
    """What a moving camera does to a point."""
    length = int(rng.integers(3, 9))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = (length - 1) / 2
    ends = [
        (round(middle + way * middle * np.cos(angle)), round(middle + way * middle * np.sin(angle)))
        for way in (-1, 1)
    ]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(kernel / kernel.sum(), np.float32)
