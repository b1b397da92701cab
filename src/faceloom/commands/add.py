"""add: a clip looked over and taken in, with who is in it and by whose leave."""

from __future__ import annotations

import logging
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal

from .. import dvc, edits
from ..errors import FaceloomError
from ..footage import Footage, faceless, footage, remarks
from ..people import JOINT, Basis, Clip, Person
from ..projects import RECORDS, config, inside, sheet_path
from ..runs import alone
from ..sheets import NAME, checked, sheet, text
from ..tables import write_text
from ..weights import sha256

log = logging.getLogger(__name__)

CLIPS = Path("data/clips")
EVIDENCE = Path("data/evidence")


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


def fit(stem: str) -> str:
    """A file's name as a name for wildcards."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "_", plain).strip("_")


def suffix(clip: Path) -> str:
    """What a clip's name ends in; nothing for a folder."""
    return clip.suffix.lower() if clip.is_file() else ""


def named(name: str, clip: Path, clips: Path) -> str:
    """A name for a clip that is fit, and nobody else's."""
    if not NAME.fullmatch(name):
        raise FaceloomError(
            f"{clip.name}: {name!r}: a clip's name has only a-z, 0-9 and _; say --name"
        )
    if name in sheet(clips, Clip):
        raise FaceloomError(f"{clips}: there is a clip {name} already; say another --name")
    return name


# --- leave ---


def leave(basis: Basis | None, scope: str | None, expires: date | None) -> dict[str, str]:
    """What is said of a person's leave, as a row has it; what is not said is not there."""
    said = {"basis": basis, "scope": scope, "expires": expires.isoformat() if expires else None}
    if expires and expires < date.today():
        raise FaceloomError(f"--expires {expires}: that leave has ended; nothing is taken in")
    return {key: value for key, value in said.items() if value}


def recorded(
    person: str, told: Mapping[str, str], evidence: Path | None, renew: bool, people: Path
) -> dict[str, str]:
    """The new values of a person's row; none where what is on record stays as it is.

    Raises:
        FaceloomError: nothing on record and nothing said, or something else than what is said.
    """
    known = sheet(people, Person).get(person)
    if evidence and not evidence.is_file():
        raise FaceloomError(f"{evidence}: there is no such file; name the form that was signed")
    if known is None or renew:
        if known is None and "basis" not in told:
            raise FaceloomError(
                f"{people}: nothing on record for {person}; say --basis self, licensed, research "
                "or synthetic, and give the --evidence"
            )
        row = {"scope": "host, donor, training", **(joined(known) if known else {}), **told}
        checked(f"--person {person}", {"person": person, **row}, Person)
        return {**row, "scope": ", ".join(row["scope"].replace(",", " ").split()), "withdrawn": ""}
    if known.withdrawn:
        raise FaceloomError(
            f"{people}: {person} has withdrawn on {known.withdrawn}; "
            "a new leave, with new evidence, is recorded by --renew"
        )
    if other := differing(known, told, evidence):
        raise FaceloomError(
            f"{people}: {person} is on record with {other}; leave that out, or say --renew"
        )
    return {}


def differing(known: Person, told: Mapping[str, str], evidence: Path | None) -> str:
    """What is on record otherwise than is said; nothing where they agree."""
    same = checked("--scope", {"person": known.person, **joined(known), **told}, Person)
    for field in ("basis", "expires"):
        if getattr(same, field) != getattr(known, field):
            return f"{field} {getattr(known, field) or 'not said'}"
    if set(same.scope) != set(known.scope):
        return f"scope {', '.join(known.scope)}"
    if evidence and sha256(evidence) not in known.evidence:
        return f"other evidence ({known.evidence or 'none'})"
    return ""


def joined(known: Person) -> dict[str, str]:
    """A row's values that a sheet has as words."""
    return {
        "basis": known.basis,
        "scope": " ".join(known.scope),
        "expires": str(known.expires or ""),
        "withdrawn": str(known.withdrawn or ""),
    }


def record(person: str, row: dict[str, str], evidence: Path | None, people: Path) -> None:
    """Write a person's row, and keep a copy of the evidence."""
    if not row:
        return
    proof = {"evidence": kept_evidence(person, evidence)} if evidence else {}
    before = text(people)
    if person in sheet(people, Person):
        write_text(people, edits.replaced(before, person, {**row, **proof}))
    else:
        write_text(people, edits.appended(before, {"person": person, **row, **proof}))
    if row["basis"] == "licensed" and not proof:
        log.warning("%s: licensed, but without --evidence that anybody could check", person)


def kept_evidence(person: str, evidence: Path) -> str:
    """A copy of the evidence in the project, and its checksum: what the row says of it."""
    mark = sha256(evidence)
    copy = EVIDENCE / f"{person}-{fit(evidence.stem) or 'form'}-{mark[:8]}{suffix(evidence)}"
    copy.parent.mkdir(parents=True, exist_ok=True)
    with arriving(copy) as part:
        shutil.copyfile(evidence, part)
    return f"{copy} sha256:{mark}"


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


@contextmanager
def arriving(place: Path) -> Iterator[Path]:
    """A name to copy to; it gets its real one when all of it is there."""
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(place)
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)


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
