"""Who becomes whom, as a job is told."""

from collections.abc import Iterable

from .errors import FaceloomError


def donors(pairs: Iterable[str]) -> dict[str, str]:
    """Every host's donor, from words like boris=chen.

    Raises:
        FaceloomError: where a word is none, or a host is there twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        host, equals, donor = pair.partition("=")
        if not (host and equals and donor):
            raise FaceloomError(f"--pairs {pair}: say who becomes whom, as host=donor")
        if host in found:
            raise FaceloomError(f"--pairs {pair}: {host} is there twice; nobody becomes two people")
        found[host] = donor
    return found
