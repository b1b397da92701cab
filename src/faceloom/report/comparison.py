"""What the comparison is told: every variant and swap, as ``Plan.experiments`` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """A form that takes no unknown field and does not change once filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(Told):
    """An experiment: why it is there, what it changes, and whose files serve it."""

    why: str = ""
    like: str = ""
    repeats: str = ""
    """Whom it repeats with another seed; itself where it is the first."""
    says: Mapping[str, str] = {}
    """Each setting of its own by its dotted path, the value as JSON."""
    owners: Mapping[str, str]
    """For each stage the variant whose files it uses."""
    taught_by: tuple[str, ...] = ()
    """The published weights that its generator was taught by."""
    judged_by: tuple[str, ...] = ()
    """Those that say whom its films show."""

    refined: tuple[Mapping[str, Any], ...] = ()
    """Its refiners, one after the other, as they are set."""

    def owner(self, stage: str, otherwise: str) -> str:
        """Whose files of a stage serve it."""
        return self.owners.get(stage, otherwise)


class Swap(Told):
    """A clip, whose faces in it become whose, the clip of the truth, and by what right."""

    clip: str
    faces: Mapping[str, str]
    truth: str | None = None
    bases: tuple[str, ...] = ()


class Comparison(Told):
    """All that is compared, and the terms of the published weights that took part."""

    variants: Mapping[str, Variant]
    swaps: Mapping[str, Swap]
    clips: Mapping[str, str] = {}
    """The path of every clip that is to be shown, by its name."""
    weights: Mapping[str, str] = {}

    def owner(self, stage: str, variant: str) -> str:
        """Whose files of a stage serve a variant."""
        return self.variants[variant].owner(stage, variant)

    def makers(self, stage: str) -> list[str]:
        """Everybody who owns files of a stage that some variant uses."""
        owners = [one.owners[stage] for one in self.variants.values() if stage in one.owners]
        return list(dict.fromkeys(owners))
