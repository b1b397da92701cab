"""add: a clip looked over and taken in, with who is in it and by whose leave."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from ..errors import FaceloomError
from ..people import JOINT, Basis, Clip, Person
from ..projects import dvc, edits
from ..projects.arrivals import arriving, fit, suffix
from ..projects.footage import Footage, faceless, footage, remarks
from ..projects.leave import leave, record, recorded
from ..projects.place import RECORDS, config, inside, sheet_path
from ..runs import alone
from ..sheets import NAME, sheet, text
from ..tables import write_text
from ..weights import sha256

log = logging.getLogger(__name__)

CLIPS = Path("data/clips")


def add(
    clip: Path,
    /,
    *,
    person: str,
    basis: Basis | None = None,
    evidence: Path | None = None,
    expires: date | None = None,
    scope: str | None = None,
    name: str | None = None,
    use: Literal["learn", "judge", "truth"] = "learn",
    renew: bool = False,
    link: bool = False,
    anyway: bool = False,
    directory: Path = Path(),
) -> None:
    """Look a clip over, take it into a project, and record who is in it and by whose leave.

    Args:
        clip: a video, or a folder or zip of pictures, or a single picture.
        person: who is in it, by a name of a-z, 0-9 and _; several people joined by +.
        basis: by what right the face is used; may be left out for who is on record already.
        evidence: the release form or what else shows it; a copy is kept, in no git and no DVC.
        expires: the last day of the leave, as 2027-12-31.
        scope: what the leave is for, of host, donor and training; all of them if not said.
        name: what the clip is called from now on; its file's name if not said.
        use: learn from it, judge by it and never learn from it, or the truth of a swap.
        renew: replace what is on record of the person.
        link: take the file in as a hard link, not as a copy, where it is on the same disk.
        anyway: take it even if no face is found in it.
        directory: the project.
    """
    clip = clip.absolute()
    evidence = evidence.absolute() if evidence else None
    with inside(directory), alone(RECORDS / "sheets", wait=True):
        said = config()
        clips, people = sheet_path("clips", said), sheet_path("people", said)
        called = named(name or fit(clip.stem if clip.is_file() else clip.name), clip, clips)
        told = leave(basis, scope, expires)
        rows = {each: recorded(each, told, evidence, renew, people) for each in whom(person)}
        seen = looked_over(clip, anyway)
        taken = take(clip, CLIPS / f"{called}{suffix(clip)}", link)
        for each, row in rows.items():
            record(each, row, evidence, people)
        line = {"clip": called, "path": str(taken), "people": person, "use": use}
        origin = {"origin": edits.clean(clip.name)}
        write_text(clips, edits.appended(text(clips), {**line, **origin}))
        say(called, seen, remarks(seen, len(rows), use))
        keep(taken, sheet(people, Person), whom(person))


# --- names ---


def whom(person: str) -> list[str]:
    """The people in a clip."""
    people = person.split(JOINT)
    if strange := [each for each in people if not NAME.fullmatch(each)]:
        raise FaceloomError(
            f"--person {person}: {strange[0]!r}: a name has only a-z, 0-9 and _; "
            f"several are joined by {JOINT}"
        )
    return people


def named(name: str, clip: Path, clips: Path) -> str:
    """A name for a clip that is fit, and nobody else's."""
    if not NAME.fullmatch(name):
        raise FaceloomError(
            f"{clip.name}: {name!r}: a clip's name has only a-z, 0-9 and _; say --name"
        )
    if name in sheet(clips, Clip):
        raise FaceloomError(f"{clips}: there is a clip {name} already; say another --name")
    return name


# --- the clip ---


def looked_over(clip: Path, anyway: bool) -> Footage:
    """What the clip is worth; FaceloomError where it cannot be read, or nobody is in it."""
    logging.getLogger("faceloom.media").setLevel(logging.ERROR)  # the remarks say it, once
    seen = footage(clip)
    if (why := faceless(seen)) and not anyway:
        raise FaceloomError(f"{clip.name}: {why} Say --anyway to take it nevertheless")
    return seen


def take(clip: Path, place: Path, link: bool) -> Path:
    """Have the clip among the project's own, if it is not there yet.

    Raises:
        FaceloomError: another one is in its place.
    """
    if clip.resolve() == place.resolve():
        return place
    if place.exists() and not (place.is_file() and sha256(place) == sha256(clip)):
        raise FaceloomError(f"{place}: another file is there; say another --name, or remove it")
    place.parent.mkdir(parents=True, exist_ok=True)
    with arriving(place) as part:
        if clip.is_dir():
            shutil.copytree(clip, part)
        elif link:
            linked(clip, part)
        else:
            shutil.copyfile(clip, part)
    return place


def linked(clip: Path, part: Path) -> None:
    """The same file under another name."""
    try:
        os.link(clip, part)
    except OSError as error:
        raise FaceloomError(
            f"{clip}: cannot be linked ({error.strerror}); leave --link out to copy it"
        ) from None


def keep(taken: Path, people: Mapping[str, Person], whose: list[str]) -> None:
    """Have DVC keep the clip, and never push what is on research terms."""
    private = any(people[each].basis == "research" for each in whose)
    if private and dvc.withhold_results():
        log.info("dvc.yaml: results are not pushed from now on, for research terms do not allow it")
    if not dvc.in_use():
        log.info("no DVC here, so %s is kept by nobody else; dvc init, dvc add change that", taken)
        return
    try:
        dvc.keep(taken, private=private)
    except FaceloomError as error:
        log.warning("%s; the clip is recorded all the same, dvc add %s is left", error, taken)


def say(name: str, seen: Footage, words: Iterator[str]) -> None:
    """What was found."""
    known = seen.facts
    log.info(
        "%s: %d frames of %dx%d, %.1f s%s",
        name, seen.frames, known.width, known.height, seen.seconds,
        "" if known.sound else ", no sound",
    )  # fmt: skip
    for word in words:
        log.warning("%s: %s", name, word)
