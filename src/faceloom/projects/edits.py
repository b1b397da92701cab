"""Sheets and config changed in one place, all else left to the letter as people wrote it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import yaml

from ..errors import FaceloomError


def appended(sheet: str, row: Mapping[str, str]) -> str:
    """A sheet with another row; its columns stay as they are, those that it lacks are added."""
    sheet = widened(sheet, [name for name, value in row.items() if value])
    end = newline(sheet)
    line = "\t".join(clean(row.get(name, "")) for name in columns(sheet))
    return sheet + ("" if sheet.endswith("\n") else end) + line + end


def replaced(sheet: str, name: str, values: Mapping[str, str]) -> str:
    """A sheet where the row of that name has other values in these columns."""
    sheet = widened(sheet, list(values))
    titles = columns(sheet)

    def change(line: str) -> str:
        cells = line.split("\t")
        cells += [""] * (len(titles) - len(cells))
        for title, value in values.items():
            cells[titles.index(title)] = clean(value)
        return "\t".join(cells)

    return "".join(
        change(line) + end if is_row and line.split("\t")[0] == name else line + end
        for line, end, is_row in lines(sheet)
    )


def without(sheet: str, names: Collection[str]) -> str:
    """A sheet without the rows of these names."""
    return "".join(
        line + end
        for line, end, is_row in lines(sheet)
        if not (is_row and line.split("\t")[0] in names)
    )


def widened(sheet: str, wanted: Collection[str]) -> str:
    """A sheet whose header has these columns; rows may be shorter than the header."""
    missing = [name for name in wanted if name not in columns(sheet)]
    head = True
    out = []
    for line, end, is_row in lines(sheet):
        if head and not is_row and filled(line):
            line = "\t".join([line, *missing])
            head = False
        out.append(line + end)
    return "".join(out)


def columns(sheet: str) -> list[str]:
    """The names of a sheet's columns."""
    head = next((line for line, _, is_row in lines(sheet) if not is_row and filled(line)), "")
    return head.removeprefix("\ufeff").split("\t")


def lines(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """A sheet's lines: text, line end, and whether it is a row, not the header or a remark."""
    header = True
    for each in sheet.splitlines(keepends=True):
        line = each.rstrip("\r\n")
        yield line, each[len(line) :], not header and filled(line)
        header = header and not filled(line)


def filled(line: str) -> bool:
    """Whether a line says something, and is no remark."""
    return bool(line.strip("\ufeff \t")) and not line.removeprefix("\ufeff").startswith("#")


def newline(sheet: str) -> str:
    """How lines end in a sheet."""
    return "\r\n" if "\r\n" in sheet else "\n"


def clean(value: str) -> str:
    """A value that fits into a cell."""
    return " ".join(value.split())


def renamed(config: str, names: Mapping[str, str]) -> str:
    """A config where variants bear other names, in what others are like as well."""
    found = [(node, names[node.value]) for node in mentions(config) if node.value in names]
    spans = {(node.start_mark.index, node.end_mark.index): new for node, new in found}
    for (start, end), new in sorted(spans.items(), reverse=True):
        quote = config[start] if config[start] in "'\"" else plain(new)
        config = f"{config[:start]}{quote}{new}{quote}{config[end:]}"
    return config


def plain(name: str) -> str:
    """The quotes that a name needs so as not to be a number or a truth value."""
    return "" if yaml.safe_load(name) == name else '"'


def mentions(config: str) -> Iterator[yaml.ScalarNode]:
    """Where a config names variants: as they are defined, and after `like`."""
    for name, said in entries(yaml.compose(config), "variants"):
        yield name
        for key, value in pairs(said):
            if key.value == "like" and isinstance(value, yaml.ScalarNode):
                yield value


def entries(config: yaml.Node | None, section: str) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The names in a section of a config, each with what is said of it."""
    for key, value in pairs(config):
        if key.value == section:
            yield from pairs(value)


def pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys of a mapping, each with its value; none where it is no mapping."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key, value


def line_of(config: str, section: str, name: str) -> int:
    """The line that a name in a section begins in, from 1."""
    for key, _ in entries(yaml.compose(config), section):
        if key.value == name:
            return int(key.start_mark.line) + 1
    raise FaceloomError(f"config: no {name} among its {section}")
