"""Whether what the config says is of the sort that it has to be, before sense is read into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from .errors import FaceloomError

Sort = Literal["text", "list", "names", "number"]
SORTS: dict[Sort, tuple[type, ...]] = {
    "text": (str,),
    "list": (list, tuple),
    "names": (Mapping,),
    "number": (int,),
}
WORDS: dict[Sort, str] = {
    "text": "a text",
    "list": "a list, as [a, b]",
    "names": "names with what belongs to each, as {a: ..., b: ...}",
    "number": "a whole number",
}


def expect(place: str, value: Any, *sorts: Sort) -> None:
    """Refuse a value of the config that is of none of these sorts; what is left empty is fine.

    Raises:
        FaceloomError: names the place, the value and what is expected there.
    """
    fits = any(isinstance(value, kind) for sort in sorts for kind in SORTS[sort])
    if value is not None and (not fits or isinstance(value, bool)):
        expected = " or ".join(WORDS[sort] for sort in sorts)
        raise FaceloomError(f"config: {place}: {value!r} is there; write {expected}")


def entries(place: str, said: Any) -> Iterator[tuple[str, Any]]:
    """Names and what belongs to each; FaceloomError where they are none."""
    expect(place, said, "names")
    for name, value in (said or {}).items():
        if not isinstance(name, str):
            raise FaceloomError(
                f"config: {place}: the name {name!r} is read as {type(name).__name__}; "
                "write it in quotes"
            )
        yield name, value


def texts(place: str, said: Any) -> None:
    """Refuse what is no list of texts."""
    expect(place, said, "list")
    for each in said or ():
        expect(place, each, "text")


def whole(config: Mapping[str, Any]) -> None:
    """Refuse a config whose entries are of other sorts than they have to be."""
    for name in ("clips", "people", "weights"):
        expect(name, config.get(name), "text")
    texts("licences", config.get("licences"))
    expect("twins", config.get("twins"), "names")
    expect("variants", config.get("variants"), "names")
    for name, said in entries("casts", config.get("casts")):
        expect(f"cast {name}", said, "list", "names")
        if isinstance(said, Mapping):
            texts(f"cast {name}: people", said.get("people"))
            texts(f"cast {name}: crowd", said.get("crowd"))
    for name, said in entries("swaps", config.get("swaps")):
        if isinstance(said, Mapping):
            expect(f"swap {name}: clip", said.get("clip"), "text")
            texts(f"swap {name}: clips", said.get("clips"))


def variant(name: str, said: Any) -> None:
    """Refuse a variant that speaks of itself in other sorts than it has to."""
    place = f"variant {name}"
    expect(place, said, "names")
    about = said or {}
    for key in ("why", "like"):
        expect(f"{place}: {key}", about.get(key), "text")
    expect(f"{place}: seeds", about.get("seeds"), "number")
    for path, values in entries(f"{place}: vary", about.get("vary")):
        expect(f"{place}: vary: {path}", values, "list", "names")
