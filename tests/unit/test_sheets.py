"""Sheets as people's editors leave them."""

from pathlib import Path

import pytest

from faceloom.errors import FaceloomError
from faceloom.sheets import Row, sheet


class Fruit(Row):
    """A line of a sheet of fruit."""

    name: str
    weight: int
    note: str = ""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "fruit.tsv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_rows_by_their_first_column(tmp_path: Path) -> None:
    rows = sheet(written(tmp_path, "name\tweight\tnote\npear\t3\tripe\nfig\t1\n"), Fruit)
    assert rows == {
        "pear": Fruit(name="pear", weight=3, note="ripe"),
        "fig": Fruit(name="fig", weight=1),
    }


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfname\tweight\nfig\t1\n",
        "name\tweight\r\nfig\t1\r\n",
        "\n# of fruit\nname\tweight\n\n# small\nfig\t1\n\n",
        "weight\tname\n1\tfig\n",
        "name\tweight\tnote\nfig\t1\t\n",
    ],
)
def test_what_editors_do_does_no_harm(tmp_path: Path, text: str | bytes) -> None:
    assert list(sheet(written(tmp_path, text), Fruit)) == ["fig"]


def test_quotes_are_letters_like_others(tmp_path: Path) -> None:
    rows = sheet(written(tmp_path, 'name\tweight\tnote\nfig\t1\t"sweet\n'), Fruit)
    assert rows["fig"].note == '"sweet'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,weight\nfig,1\n", "no column name, weight among name,weight; columns are separated"),
        ("name\tweight\tcolour\nfig\t1\tred\n", "row 2: colour: extra inputs"),
        ("name\tweight\nfig\tlight\n", "row 2: weight: input should be a valid integer"),
        ("name\tweight\nfig\t1\nfig\t2\n", "row 3: fig is there twice"),
        ("name\tweight\nA Fig\t1\n", "row 2: 'A Fig': a name has only"),
        ("name\tweight\nfig\t1\t\t\n", "row 2: more values than columns"),
        ("", "no column name, weight among none"),
        (b"name\tweight\nf\xefg\t1\n", "not UTF-8 text"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(FaceloomError, match=message) as refused:
        sheet(written(tmp_path, text), Fruit)
    assert str(refused.value).startswith(str(tmp_path / "fruit.tsv"))
    assert "\n" not in str(refused.value)


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="there is no such file"):
        sheet(tmp_path / "none.tsv", Fruit)
