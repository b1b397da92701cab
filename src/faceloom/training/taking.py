"""A new generator with what another has learnt."""

from pathlib import Path

from ..errors import FaceloomError
from ..models.generator import Generator
from .checkpoint import Checkpoint


def taken_over(made: Generator, told: Checkpoint, path: Path) -> list[str]:
    """Give it the checkpoint's weights; who it paints and the checkpoint does not.

    They begin with the decoder of the checkpoint's first person: any face's is nearer to theirs
    than none's.

    Raises:
        FaceloomError: the checkpoint is of another network.
    """
    weights = dict(told.weights)
    strangers = [person for person in made.people if person not in told.people]
    for person in strangers:
        before, after = (f"decoders.of_{each}." for each in (told.people[0], person))
        weights |= {
            after + name.removeprefix(before): each
            for name, each in told.weights.items()
            if name.startswith(before)
        }
    own = made.state_dict()
    if any(name not in weights or weights[name].shape != own[name].shape for name in own):
        raise FaceloomError(
            f"{path}: its network is not the one of train.model; say there what it was trained "
            "with, or take train.from away"
        )
    made.load_state_dict({name: weights[name] for name in own})
    return strangers
