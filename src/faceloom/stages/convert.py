"""convert: from a host's faces to the donor's in their place, crop by crop.

What a slow transfer has made of each face is kept beside the output until it is through: a job that
was broken off goes on where it was.
"""

from __future__ import annotations

import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from .. import colours as tints
from ..album import Album
from ..converters.host import Host
from ..errors import FaceloomError
from ..geometry.similarity import apply
from ..identity import assigned, portraits
from ..images import decode, encode_png, from_mask, to_mask
from ..maps import Maps
from ..marks import mark
from ..parts import build
from ..pixels.semantics import pictured
from ..rows.choices import Choice
from ..rows.faces import Face
from ..rows.facts import Measured
from ..settings import Convert
from ..settings.films import Transfer
from ..sources import digest
from ..swaps import donors
from ..tables import column, own_folder, read, scan, write

log = logging.getLogger(__name__)

POSES = ("pose", "mesh_pose")  # kinds of facts that say where a head points


def convert(
    faces: Path,
    facts: tuple[Path, ...],
    pairs: tuple[str, ...],
    swapped: Path,
    settings: Convert,
    generators: tuple[Path, ...] = (),
    views: tuple[Path, ...] = (),
    choices: tuple[Path, ...] = (),
    weights: tuple[Path, ...] = (),
    parsed: tuple[Path, ...] = (),
    painted: tuple[str, ...] = (),
) -> None:
    """Put the donor's face in the place of the host's.

    Args:
        faces: the faces of the clip.
        facts: who is on them, and on the clips that show how its people look.
        pairs: who becomes whom, as host=donor.
        swapped: where the new faces go.
        settings: which converter, as JSON.
        generators: trained generators, for a converter that paints.
        views: faces of the donors, for a converter that shows them.
        choices: which of those are worth showing.
        weights: the files of weights that the converter needs.
        parsed: what the crops of the clip and of the donors' show, for a converter that asks.
        painted: the same as a person has painted it, as clip=file; it counts more.
    """
    become = donors(pairs)
    known = [fact for path in facts for fact in read(path, Measured)]
    who = cast_of(faces, known)
    poses = {fact.key: np.array(fact.values) for fact in known if fact.kind in POSES}
    chosen = [face for face in bare(faces) if who.get(face.track) in become]
    there = {host: donor for host, donor in become.items() if host in who.values()}
    maps = Maps(parsed, painted)
    every = partial(hosts, faces, who, there, poses, maps)
    folder = swapped.with_suffix(".faces")
    given: dict[str, Any] = {}
    if isinstance(settings, Transfer) and settings.slow:
        read_from = [faces, *facts, *views, *choices, *weights, *parsed, *drawn_files(painted)]
        given["folder"] = own_folder(folder, fingerprint(read_from, pairs, settings)) / "0"
    converter = build(settings, weights, **given)
    if not generators:
        new = converter(every(), shown(views, choices, poses, maps))
    else:
        new = converter(every(), checkpoints(generators, there, every), portrayed(views, choices))
    rows = (
        replace(
            face,
            person=who[face.track],
            image=encode_png(each.image),
            mask=encode_png(from_mask(each.mask)),
        )
        for face, each in zip(
            chosen, tqdm(new, faces.stem, len(chosen), disable=None, unit="face"), strict=True
        )
    )
    count = write(swapped, rows, Face)
    shutil.rmtree(folder, ignore_errors=True)
    log.info("%d of %d faces replaced", count, len(column(faces, "frame")))


def fingerprint(inputs: Iterable[Path], pairs: tuple[str, ...], settings: Convert) -> str:
    """What new faces depend on: settings, code, who becomes whom, and the files themselves."""
    code = digest("faceloom.stages.convert", *(part.module for part in settings.parts()))
    return mark([settings.model_dump_json(), code, *pairs], inputs)


def drawn_files(painted: tuple[str, ...]) -> list[Path]:
    """The maps that a person has painted."""
    return [Path(said.partition("=")[2]) for said in painted]


def cast_of(faces: Path, known: list[Measured]) -> dict[int, str]:
    """Who is on each track of the clip, as far as anybody is."""
    clip = next(scan(faces, Face), None)
    if clip is None:
        raise FaceloomError(f"{faces}: no face in it; see what crop says")
    facts = [fact for fact in known if fact.kind == "identity"]
    own = [fact for fact in facts if fact.clip == clip.clip]
    others = [fact for fact in facts if fact.clip != clip.clip]
    return assigned(own, portraits(others), tuple(clip.person.split("+")))


def bare(faces: Path) -> Iterator[Face]:
    """The faces without their pictures."""
    yield from (replace(face, image=b"", mask=b"") for face in scan(faces, Face))


def hosts(
    faces: Path,
    who: dict[int, str],
    become: dict[str, str],
    poses: dict[tuple[str, int, int], np.ndarray],
    maps: Maps,
) -> Iterator[Host]:
    """The faces that are to be replaced, in order of time."""
    chosen = (face for face in scan(faces, Face) if who.get(face.track, "") in become)
    for face, shown in maps.along(chosen):
        yield Host(
            host=who[face.track],
            donor=become[who[face.track]],
            track=face.track,
            image=decode(face.image),
            mask=to_mask(decode(face.mask)),
            points=apply(face.affine, face.points),
            pose=poses.get(face.key),
            map=shown,
            painted=bool(maps.painted),
        )


def checkpoints(
    generators: tuple[Path, ...], become: dict[str, str], every: Callable[[], Iterator[Host]]
) -> list[Any]:
    """The trained generators; they are told the colours of a host that they have never seen."""
    from ..training.checkpoint import load  # torch, which a composite does not need

    loaded = [load(path) for path in generators]
    for host, donor in become.items():
        able = [each for each in loaded if donor in each.people and each.colours]
        if able and not any(host in each.colours for each in able):
            looks = tints.measured((f.image, f.mask) for f in every() if f.host == host)
            for each in able:
                each.colours[host] = looks
    return loaded


def shown(
    views: tuple[Path, ...],
    choices: tuple[Path, ...],
    poses: dict[tuple[str, int, int], np.ndarray],
    maps: Maps,
) -> dict[str, Any]:
    """Every donor's views that are worth showing."""
    from ..converters.composite import Views

    found: dict[str, list[Face]] = {}
    albums: dict[str, Album] = defaultdict(Album)
    labels: dict[str, Album] = defaultdict(Album)
    for face, own in maps.along(chosen_of(views, choices)):
        found.setdefault(face.person, []).append(replace(face, image=b"", mask=b""))
        albums[face.person].add(face.image)
        if own is not None:
            labels[face.person].add(encode_png(pictured(own)))
    return {
        person: Views(
            albums[person],
            np.array([apply(face.affine, face.points) for face in faces]),
            np.array([pose_of(face, poses) for face in faces]),
            labels[person],
        )
        for person, faces in found.items()
    }


def portrayed(views: tuple[Path, ...], choices: tuple[Path, ...]) -> dict[str, Album]:
    """Pictures of every donor that are worth showing."""
    albums: dict[str, Album] = {}
    for face in chosen_of(views, choices):
        albums.setdefault(face.person, Album()).add(face.image)
    return albums


def chosen_of(views: tuple[Path, ...], choices: tuple[Path, ...]) -> Iterator[Face]:
    """The faces that are kept."""
    kept = {row.key for path in choices for row in read(path, Choice) if row.kept}
    for path in views:
        yield from (face for face in scan(path, Face) if face.key in kept)


def pose_of(face: Face, poses: dict[tuple[str, int, int], np.ndarray]) -> np.ndarray:
    """Where a face looks.

    Raises:
        FaceloomError: where nobody has measured it.
    """
    if face.key not in poses:
        raise FaceloomError(
            f"{face.clip}: no pose of frame {face.frame}; give its table with --facts"
        )
    return poses[face.key]
