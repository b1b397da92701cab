"""Source archives from an index: found among its links, taken as they are."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from faceloom import indexes
from faceloom.errors import FaceloomError

PAGE = """<html><body>
<a href="../../files/my_net-0.1.4.tar.gz#sha256=00">my_net-0.1.4.tar.gz</a>
<a href="../../files/my_net-0.1.5-py3-none-any.whl">my_net-0.1.5-py3-none-any.whl</a>
<a data-requires-python="&gt;=3" href="../../files/my_net-0.1.5.tar.gz#sha256=11">one</a>
</body></html>"""


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, and no words about it."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An index of one package, served; pip is told of it."""
    (tmp_path / "simple/my-net").mkdir(parents=True)
    (tmp_path / "simple/my-net/index.html").write_text(PAGE)
    (tmp_path / "files").mkdir()
    (tmp_path / "files/my_net-0.1.5.tar.gz").write_bytes(b"an archive")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        yield tmp_path
        server.shutdown()


@pytest.mark.parametrize("name", ["My_Net", "my.net", "my-net"])
def test_the_archive_of_that_version(index: Path, tmp_path: Path, name: str) -> None:
    file = indexes.archive(f"{name}==0.1.5", tmp_path)
    assert (file.name, file.read_bytes()) == ("my_net-0.1.5.tar.gz", b"an archive")


def test_a_version_without_one_is_one_line(index: Path, tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match=r"my-net==0\.1\.6: the index has no source archive"):
        indexes.archive("my-net==0.1.6", tmp_path)


@pytest.mark.parametrize("pinned", ["my-net==0.1.4", "other==1"])
def test_what_is_not_there_is_one_line(index: Path, tmp_path: Path, pinned: str) -> None:
    with pytest.raises(FaceloomError, match=f"{pinned}: could not be fetched"):
        indexes.archive(pinned, tmp_path)


def test_without_a_word_it_is_pips_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    assert indexes.index().startswith("http")
