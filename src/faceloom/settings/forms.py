"""What every form has: closed, unchanging, and it says what its stage reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Settings(BaseModel):
    """A form that takes no unknown field and does not change once filled in."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, serialize_by_alias=True
    )
    reads: ClassVar[tuple[str, ...]] = ()

    def forms(self) -> Iterator[Settings]:
        """This form and all that are filled in within it, however deep."""
        yield self
        for name in type(self).model_fields:
            value = getattr(self, name)
            for form in value if isinstance(value, tuple) else (value,):
                if isinstance(form, Settings):
                    yield from form.forms()

    def parts(self) -> Iterator[Part]:
        """The exchangeable parts chosen in here, however deep, this form included."""
        return (form for form in self.forms() if isinstance(form, Part))


class Part(Settings):
    """A choice among many: ``kind`` is a module in the family's folder."""

    family: ClassVar[str]
    weights: ClassVar[tuple[str, ...]] = ()
    aside: ClassVar[frozenset[str]] = frozenset()
    """Fields that are for whoever chooses the part, not for the part itself."""
    kind: str

    @property
    def module(self) -> str:
        """The module that makes this part."""
        return f"faceloom.{self.family}.{self.kind}"

    def options(self) -> dict[str, Any]:
        """What the module's ``make`` is told."""
        return self.model_dump(exclude={"kind", *self.aside})


def named(said: Any) -> Any:
    """A part by its name alone takes the defaults."""
    return {"kind": said} if isinstance(said, str) else said


Chosen = Field(discriminator="kind"), BeforeValidator(named)
