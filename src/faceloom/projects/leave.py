"""A person's leave as it is put on record, with its evidence."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ..errors import FaceloomError
from ..people import Basis, Person
from ..sheets import checked, sheet, text
from ..tables import write_text
from ..weights import sha256
from . import edits
from .arrivals import arriving, fit, suffix

log = logging.getLogger(__name__)

EVIDENCE = Path("data/evidence")


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
