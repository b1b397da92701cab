"""Who wears whose face, and by whose leave."""

from datetime import date
from typing import Any

import pytest

from faceloom.errors import FaceloomError
from faceloom.people import Clip, Person, consent, couple, swaps

CLIPS = {
    clip: Clip.model_validate({"clip": clip, "path": "", "people": people, "use": use})
    for clip, people, use in [
        ("talk", "hana", "judge"),
        ("walk", "hana", "judge"),
        ("duet", "hana+emi", "judge"),
        ("true", "hana", "truth"),
    ]
}


def test_a_couple_is_one_cast_either_way() -> None:
    assert couple("chen", "boris") == couple("boris", "chen") == "boris+chen"


def test_a_bare_donor_is_for_the_clips_only_person() -> None:
    said = {"one": {"clip": "talk", "faces": "emi", "truth": "true"}}
    (name, swap), *_ = swaps(said, CLIPS)
    assert (name, swap.pairs, swap.truth) == ("one", ["hana=emi"], "true")


def test_two_hosts_in_a_clip_may_swap() -> None:
    ((_, swap),) = swaps({"it": {"clip": "duet", "faces": {"hana": "emi", "emi": "hana"}}}, CLIPS)
    assert swap.pairs == ["hana=emi", "emi=hana"]
    assert swap.people == {"hana", "emi"}


def test_many_clips_are_many_swaps() -> None:
    made = dict(swaps({"all": {"clips": ["talk", "walk"], "faces": "emi"}}, CLIPS))
    assert {name: swap.clip for name, swap in made.items()} == {
        "all_talk": "talk",
        "all_walk": "walk",
    }


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"clip": "tall", "faces": "emi"}, "swap it: there is no clip tall"),
        ({"clip": "duet", "faces": "emi"}, "duet shows hana and emi; say who becomes whom"),
        ({"clip": "talk", "faces": {"emi": "hana"}}, "emi is not in talk"),
        ({"clip": "talk", "faces": "emi", "truth": "walk"}, "no clip walk whose use is truth"),
        ({"clip": "talk", "faces": "emi", "use": "choose"}, "chosen by its truth; say truth"),
        ({"clip": "talk", "faces": "emi", "why": "x"}, "swap it: why: extra inputs"),
        ({"clip": "talk"}, "swap it: faces: field required"),
        ("talk", "swap it: say its clip and its faces"),
    ],
)
def test_a_swap_that_cannot_be_is_named(said: Any, message: str) -> None:
    with pytest.raises(FaceloomError, match=message):
        list(swaps({"it": said}, CLIPS))


def leave(**changes: Any) -> dict[str, Person]:
    row = {
        "person": "emi",
        "basis": "licensed",
        "scope": "donor, training",
        "expires": "2030-01-01",
    }
    return {"emi": Person.model_validate({**row, **changes})}


@pytest.mark.parametrize(
    ("people", "use", "message"),
    [
        ({}, "donor", "nothing on record for emi"),
        (leave(), "host", "emi gave leave for donor, training, not for host"),
        (leave(expires="2026-01-01"), "donor", "ended on 2026-01-01"),
        (leave(withdrawn="2026-05-05"), "donor", "emi has withdrawn on 2026-05-05"),
    ],
)
def test_who_gave_no_leave_is_refused(people: dict[str, Person], use: Any, message: str) -> None:
    with pytest.raises(FaceloomError, match=message):
        consent(people, [("emi", use)], date(2026, 6, 1))


def test_leave_lasts_through_its_last_day_or_for_ever() -> None:
    consent(leave(), [("emi", "donor"), ("emi", "training")], date(2030, 1, 1))
    consent(leave(expires=""), [("emi", "donor")], date(2999, 1, 1))
