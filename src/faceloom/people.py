"""Who is in which clip, who wears whose face, and by whose leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from .errors import FaceloomError
from .sheets import NAME, Row, checked

Use = Literal["host", "donor", "training"]
Basis = Literal["self", "licensed", "research", "synthetic"]
JOINT = "+"  # joins people to a cast

Words = BeforeValidator(lambda text: text.replace(",", " ").split())
Joined = BeforeValidator(lambda text: text.split(JOINT))
Day = BeforeValidator(lambda text: text or None)


class Clip(Row):
    """A piece of film and who is in it."""

    clip: str
    path: str
    people: Annotated[tuple[str, ...], Joined]
    use: Literal["learn", "judge", "truth"]
    origin: str = ""


class Person(Row):
    """By whose leave a face is used, for what, and until when."""

    person: str
    basis: Basis
    scope: Annotated[tuple[Use, ...], Words]
    expires: Annotated[date | None, Day] = None
    evidence: str = ""
    withdrawn: Annotated[date | None, Day] = None


class Swap(Row):
    """A clip, whose faces in it become whose, and the clip that shows the truth, if any."""

    clip: str
    faces: Mapping[str, str]
    truth: str | None = None
    use: Literal["choose"] | None = None
    """It is not made and judged: trainings choose their weights by it."""

    @property
    def pairs(self) -> list[str]:
        """Every host and donor, as a job is told them."""
        return [f"{host}={donor}" for host, donor in self.faces.items()]

    @property
    def people(self) -> set[str]:
        """Everybody whose face is used."""
        return {*self.faces, *self.faces.values()}


def swaps(written: Mapping[str, Any], clips: Mapping[str, Clip]) -> Iterator[tuple[str, Swap]]:
    """The swaps by name, one for each of ``clips``; a bare donor is for a clip's only person."""
    for name, said in written.items():
        if not isinstance(said, Mapping):
            raise FaceloomError(f"config: swap {name}: say its clip and its faces")
        many: dict[str, Mapping[str, Any]] = {
            f"{name}_{clip}": {**said, "clip": clip} for clip in said.get("clips") or ()
        }
        for each, one in (many or {name: said}).items():
            if not NAME.fullmatch(each):
                raise FaceloomError(f"config: swap {each}: a name has only a-z, 0-9 and _")
            yield (
                each,
                swap(each, {key: value for key, value in one.items() if key != "clips"}, clips),
            )


def swap(name: str, said: Mapping[str, Any], clips: Mapping[str, Clip]) -> Swap:
    """One swap, its clip and people looked up."""
    clip = clips.get(said.get("clip", ""))
    if clip is None:
        raise FaceloomError(f"config: swap {name}: there is no clip {said.get('clip')}")
    if isinstance(said.get("faces"), str):
        if len(clip.people) > 1:
            raise FaceloomError(
                f"config: swap {name}: {clip.clip} shows {' and '.join(clip.people)}; "
                "say who becomes whom"
            )
        said = {**said, "faces": {clip.people[0]: said["faces"]}}
    made = checked(f"config: swap {name}", said, Swap)
    for host in made.faces:
        if host not in clip.people:
            raise FaceloomError(f"config: swap {name}: {host} is not in {clip.clip}")
    if made.truth and (made.truth not in clips or clips[made.truth].use != "truth"):
        raise FaceloomError(
            f"config: swap {name}: there is no clip {made.truth} whose use is truth"
        )
    if made.use == "choose" and not made.truth:
        raise FaceloomError(f"config: swap {name}: weights are chosen by its truth; say truth")
    return made


def painted_map(clip: Path) -> str | None:
    """The semantic map that a person has painted of a clip, if one lies beside it.

    NAME_sem.png for a picture; for a film NAME_sem.zip with one for each frame.
    """
    beside = [clip.with_name(f"{clip.stem}_sem{ending}") for ending in (".png", ".zip")]
    return next((str(path) for path in beside if path.exists()), None)


def couple(host: str, donor: str) -> str:
    """The cast of two, the same whichever way they swap."""
    return JOINT.join(sorted({host, donor}))


@dataclass(frozen=True)
class Cast:
    """Who one generator learns: people with decoders of their own, and a crowd that shares one."""

    people: tuple[str, ...]
    crowd: tuple[str, ...] = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """All of them."""
        return self.people + self.crowd


def as_cast(name: str, said: Any) -> Cast:
    """A cast by name, as the config has it: a list of people, or `people` and a `crowd`."""
    if not NAME.fullmatch(name):
        raise FaceloomError(f"config: casts: {name}: a name has only a-z, 0-9 and _")
    told = said if isinstance(said, Mapping) else {"people": said}
    if unknown := set(told) - {"people", "crowd"}:
        raise FaceloomError(
            f"config: casts: {name}: {', '.join(sorted(unknown))}: no such entry; "
            "there are people and crowd"
        )
    people, crowd = (told.get(each) or [] for each in ("people", "crowd"))
    if not isinstance(people, list) or len(people) < (1 if crowd else 2):
        raise FaceloomError(
            f"config: casts: {name}: list two people or more, or some people and a crowd"
        )
    everybody = [*people, *crowd]
    if twice := sorted({each for each in everybody if everybody.count(each) > 1}):
        raise FaceloomError(f"config: casts: {name}: {', '.join(twice)}: named twice")
    return Cast(tuple(people), tuple(crowd))


def consent(people: Mapping[str, Person], uses: Iterable[tuple[str, Use]], today: date) -> None:
    """Refuse what somebody has not given leave to.

    Raises:
        FaceloomError: nobody on record, leave withdrawn or ended, or not given for this.
    """
    for person, use in uses:
        leave = people.get(person)
        if leave is None:
            raise FaceloomError(
                f"people: nothing on record for {person}, wanted as {use}; add a row, with evidence"
            )
        if leave.withdrawn:
            raise FaceloomError(
                f"people: {person} has withdrawn on {leave.withdrawn}; "
                f"take {person} out of the config"
            )
        if use not in leave.scope:
            raise FaceloomError(
                f"people: {person} gave leave for {', '.join(leave.scope)}, not for {use}"
            )
        if leave.expires and leave.expires < today:
            raise FaceloomError(
                f"people: the leave of {person} ended on {leave.expires}; "
                f"renew it or take {person} out"
            )
