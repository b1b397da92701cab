"""check: what is wrong, and what a run would take, before the night is spent on it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from ..errors import FaceloomError
from ..people import Person, Use, consent
from ..plan import Plan
from ..projects import dvc, weaving
from ..projects.outlook import Outlook, spoken, tally
from ..projects.place import WEIGHTS, config, inside, sheet_path
from ..sheets import sheet
from ..variants import Variants
from ..weights import proven, sha256
from .rename import NOTE

SOON = timedelta(days=7)
PROOF = re.compile(r"(\S+) sha256:([0-9a-f]{64})")


def check(*, directory: Path = Path()) -> None:
    """Look for all that would stop a run, and tell how many jobs, hours and gigabytes it takes.

    Args:
        directory: the project.
    """
    with inside(directory):
        wrong = list(faults())
        if not wrong:
            project = Plan(config())
            wrong += lost(project)
            print("\n".join(summary(project)))
            if not wrong:
                wrong += refusal(lambda: [print(line) for line in outlook(project)])
    for line in wrong:
        print(f"wrong    {line}")
    if wrong:
        raise FaceloomError(
            f"{len(wrong)} thing{'s' * (len(wrong) > 1)} to be put right before a run"
        )


# --- what is wrong ---


def faults() -> Iterator[str]:
    """What is wrong with config, sheets and leave, as far as they can be told apart."""
    said = config()
    refused: list[str] = []

    def gate(people: Mapping[str, Person], uses: Iterable[tuple[str, Use]], today: date) -> None:
        for use in dict.fromkeys(uses):
            refused.extend(refusal(partial(consent, people, [use], today)))

    lines = refusal(lambda: Variants(said.get("variants") or {})) or refusal(
        lambda: Plan(said, gate=gate)
    )
    yield from [*lines, *refused]
    people = sheet_path("people", said)
    if not refusal(lambda: sheet(people, Person)):
        yield from forged(sheet(people, Person))
    if NOTE.exists():
        asked = " ".join(json.loads(NOTE.read_text(encoding="utf-8"))["asked"])
        yield f"rename {asked} was broken off; say it again"


def refusal(attempt: Callable[[], object]) -> list[str]:
    """The line that an attempt ends with; none where it succeeds."""
    try:
        attempt()
    except FaceloomError as error:
        return [str(error)]
    return []


def forged(people: Mapping[str, Person]) -> Iterator[str]:
    """Evidence that is missing, or is not what was recorded."""
    for name, person in people.items():
        told = PROOF.search(person.evidence)
        if person.withdrawn or not told:
            continue
        if not Path(told[1]).is_file():
            yield f"people: the evidence of {name}, {told[1]}, is missing; put it back"
        elif sha256(Path(told[1])) != told[2]:
            yield f"people: the evidence of {name}, {told[1]}, is not what was recorded"


def lost(project: Plan) -> Iterator[str]:
    """Clips that are not there, and weights that are others."""
    for clip in project.clips.values():
        path = Path(clip.path)
        if not path.exists():
            told = "dvc pull fetches it" if dvc.pointer(path).exists() else "is the path right?"
            yield f"clips: {clip.clip}: {path} is not there; {told}"
        elif path.is_file() and not path.stat().st_size:
            yield f"clips: {clip.clip}: {path} is empty; copy it again"
    for name in project.needed():
        file = WEIGHTS / name
        if file.exists():
            yield from refusal(partial(proven, file, project.known[name]))
    if on_research(project) and not dvc.withheld():
        yield (
            f"dvc.yaml: results of {', '.join(on_research(project))}, on research terms, would be "
            "pushed; give them push: false"
        )


def on_research(project: Plan) -> list[str]:
    """The people of swaps who are there on research terms only."""
    used = {person for swap in project.swaps.values() for person in swap.people}
    return sorted(name for name in used if project.people[name].basis == "research")


# --- what there is, and what is to come ---


def summary(project: Plan) -> Iterator[str]:
    """What the project is."""
    yield f"config   {len(project.swaps)} swaps in {len(list(project))} variants"
    yield f"clips    {len(project.clips)}"
    yield f"people   {'; '.join(map(leave, project.people.values()))}"
    missing = [name for name in project.needed() if not (WEIGHTS / name).exists()]
    fetched = f"; to be fetched, by the network: {', '.join(missing)}" if missing else ""
    yield f"weights  {len(project.needed()) - len(missing)} there{fetched}"


def leave(person: Person) -> str:
    """By what leave somebody is in it."""
    if person.withdrawn:
        return f"{person.person} withdrawn {person.withdrawn}"
    ends = f" until {person.expires}" if person.expires else ""
    soon = " (soon!)" if person.expires and person.expires - date.today() < SOON else ""
    bare = ", no evidence" if person.basis == "licensed" and not person.evidence else ""
    stays = ", films stay on this machine" if person.basis == "research" else ""
    return f"{person.person} {person.basis}{ends}{soon}{bare}{stays}"


def outlook(project: Plan) -> Iterator[str]:
    """Jobs, hours and gigabytes; FaceloomError where there is no room for them."""
    jobs = weaving.jobs()
    if not jobs:
        yield "jobs     none: all is done"
        return
    ahead = Outlook(project)
    yield f"jobs     {len(jobs)}: {', '.join(tally(job.rule for job in jobs))}"
    times = [(job.rule, ahead.seconds(job)) for job in jobs]
    told = [time for _, time in times if time is not None]
    blind = [rule for rule, time in times if time is None]
    unknown = f"; nothing is known of {len(blind)}: {', '.join(tally(blind))}" if blind else ""
    yield f"time     {spoken(sum(told))} for {len(told)} of them, one after the other{unknown}"
    needed = sum(map(ahead.bytes, jobs))
    free = shutil.disk_usage(Path()).free
    yield f"disk     {needed / 1e9:.1f} GB by a rule of thumb, of {free / 1e9:.1f} GB free"
    if needed > free:
        raise FaceloomError(f"disk: {(needed - free) / 1e9:.1f} GB too little; make room first")
