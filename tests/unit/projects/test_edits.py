"""One place is changed, all else stays to the letter."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from faceloom.errors import FaceloomError
from faceloom.people import Clip, Person
from faceloom.projects import edits
from faceloom.sheets import sheet

HEAD = "\ufeff# who, and by whose leave\r\nperson\tbasis\tscope\r\n"
PEOPLE = HEAD + "\r\nanna\tself\thost\r\nben\tself\tdonor"


def rows(tmp_path, text):
    (tmp_path / "sheet.tsv").write_text(text, encoding="utf-8", newline="")
    return sheet(tmp_path / "sheet.tsv", Person)


def test_a_row_more(tmp_path) -> None:
    text = edits.appended(PEOPLE, {"person": "carl", "basis": "self", "scope": "host, donor"})
    assert text == PEOPLE + "\r\ncarl\tself\thost, donor\r\n"
    assert rows(tmp_path, text)["carl"].scope == ("host", "donor")


def test_a_row_with_a_column_that_was_not_there(tmp_path) -> None:
    text = edits.appended(
        PEOPLE, {"person": "carl", "basis": "self", "scope": "host", "expires": "2030-01-01"}
    )
    assert "person\tbasis\tscope\texpires\r\n" in text
    found = rows(tmp_path, text)
    assert (found["anna"].expires, str(found["carl"].expires)) == (None, "2030-01-01")


def test_no_column_is_made_for_nothing() -> None:
    text = edits.appended(PEOPLE, {"person": "carl", "basis": "self", "expires": ""})
    assert edits.columns(text) == ["person", "basis", "scope"]


def test_another_value_in_a_row(tmp_path) -> None:
    text = edits.replaced(PEOPLE, "anna", {"withdrawn": "2026-01-02", "scope": "donor"})
    assert text == PEOPLE.replace("basis\tscope", "basis\tscope\twithdrawn").replace(
        "anna\tself\thost", "anna\tself\tdonor\t2026-01-02"
    )
    assert str(rows(tmp_path, text)["anna"].withdrawn) == "2026-01-02"


def test_a_row_less() -> None:
    assert edits.without(PEOPLE, {"anna", "nobody"}) == PEOPLE.replace("anna\tself\thost\r\n", "")
    assert edits.without("person\nperson\n", {"person"}) == "person\n"


def test_a_value_cannot_break_the_sheet() -> None:
    assert edits.appended("clip\n", {"clip": "a\tb\nc"}) == "clip\na b c\n"


cell = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=5)


@given(st.lists(st.tuples(st.from_regex(r"[a-z0-9_]+", fullmatch=True), cell), max_size=5))
def test_what_is_written_is_read(tmp_path_factory, said) -> None:
    text = "\t".join(Clip.model_fields) + "\n"
    told = {name: origin for name, origin in said}
    for name, origin in told.items():
        line = {"clip": name, "path": "x", "people": "anna", "use": "learn", "origin": origin}
        text = edits.appended(text, line)
    path = tmp_path_factory.mktemp("sheet") / "clips.tsv"
    path.write_text(text, encoding="utf-8")
    assert {name: row.origin for name, row in sheet(path, Clip).items()} == told


CONFIG = """\
# gan is what all this is about
variants:
  gan:   {why: "gan, plain", train: {rate: 1}}   # gan
  "more":                # said by gan
    like: 'gan'
    why: like gan
  even_more: {like: more}
swaps:
  gan: {clip: gan, like: gan}
"""


def test_a_variant_is_renamed_where_it_is_meant() -> None:
    text = edits.renamed(CONFIG, {"gan": "adversary", "more": "1.5"})
    assert text == CONFIG.replace("  gan:   {why", "  adversary:   {why").replace(
        "like: 'gan'", "like: 'adversary'"
    ).replace('"more"', '"1.5"').replace("like: more", 'like: "1.5"')
    assert yaml.safe_load(text)["variants"]["even_more"]["like"] == "1.5"


def test_where_something_is_said() -> None:
    assert edits.line_of(CONFIG, "variants", "more") == 4
    assert edits.line_of(CONFIG, "swaps", "gan") == 9
    with pytest.raises(FaceloomError, match="no even among its variants"):
        edits.line_of(CONFIG, "variants", "even")
