"""Who becomes whom, as a job is told."""

from collections.abc import Iterable

from .errors import FaceloomError


def donors(pairs: Iterable[str]) -> dict[str, str]:
    """Every host's donor, from words like boris=chen.

    Raises:
        FaceloomError: where a word is none.
    """
    found = {}
    for pair in pairs:
        host, equals, donor = pair.partition("=")
        if not (host and equals and donor):
            raise FaceloomError(f"--pairs {pair}: say who becomes whom, as host=donor")
        found[host] = donor
    return found
