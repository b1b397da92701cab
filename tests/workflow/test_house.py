"""Who may know what: rooms, rules and commands, held against the code as it stands."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from faceloom import schema
from faceloom.sources import PACKAGE, imports

PROJECT = Path(__file__).parents[2]
FAMILIES = {
    "augmenters",
    "blenders",
    "converters",
    "critics",
    "detectors",
    "discriminators",
    "landmarkers",
    "losses",
    "measures",
    "metrics",
    "models",
    "objectives",
    "refiners",
    "smoothers",
}
FILES = ("faceloom.tables", "faceloom.media", "pyarrow", "av", "moviepy", "pandas")
LIGHT = ("cli", "people", "plan", "settings", "sheets", "sources", "variants", "weights")


def module(file: Path) -> str:
    name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {module(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def imported(name: str) -> set[str]:
    """All that a module imports, those within the package in full."""
    return set(imports(name, ast.parse(MODULES[name].read_text())))


def among(names: set[str], roots: tuple[str, ...]) -> set[str]:
    return {name for name in names if any(name == r or name.startswith(f"{r}.") for r in roots)}


def room(name: str) -> str:
    """The folder of a module, within the package."""
    return name.removeprefix("faceloom.").partition(".")[0]


@pytest.mark.parametrize("name", MODULES)
def test_nobody_knows_snakemake(name: str) -> None:
    assert not among(imported(name), ("snakemake",))


@pytest.mark.parametrize("name", [name for name in MODULES if room(name) == "stages"])
def test_a_stage_knows_no_other(name: str) -> None:
    assert not among(imported(name), ("faceloom.stages",)) - {"faceloom.stages", name}


@pytest.mark.parametrize("name", [name for name in MODULES if room(name) in FAMILIES])
def test_a_part_knows_neither_forms_nor_files(name: str) -> None:
    assert not among(imported(name), ("faceloom.settings", "faceloom.stages", *FILES))
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called != "open", ast.unparse(node)
            assert not re.search(r"\.(write_|read_text|imread|imwrite|open)", called), called


@pytest.mark.parametrize("name", [n for n in MODULES if room(n) in ("geometry", "pixels")])
def test_geometry_and_pixels_know_numbers(name: str) -> None:
    ours = {each for each in imported(name) if each.startswith("faceloom")}
    rooms = ("faceloom.geometry", "faceloom.pixels", "faceloom.errors")
    assert ours - among(ours, rooms) <= {"faceloom"}
    roots = {each.partition(".")[0] for each in imported(name)} - sys.stdlib_module_names
    assert roots <= {"faceloom", "numpy", "scipy", "cv2"}


@pytest.mark.parametrize(
    "name", [n for n in MODULES if room(n) not in ("stages", "cli", "__main__")]
)
def test_below_the_stages_nobody_knows_them(name: str) -> None:
    assert not among(imported(name), ("faceloom.stages", "faceloom.cli"))


def test_every_folder_is_a_room_that_is_known() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    known = {
        "actors",
        "commands",
        "projects",
        "geometry",
        "media",
        "networks",
        "pixels",
        "report",
        "rows",
        "settings",
        "stages",
        "styles",
        "surfaces",
    }
    assert rooms <= FAMILIES | known | {"training"}


def test_the_plan_is_light() -> None:
    heavy = "{'torch', 'pandas', 'cv2', 'scipy', 'sklearn', 'pyarrow', 'matplotlib', 'numpy'}"
    lines = "".join(f"import faceloom.{name}; " for name in LIGHT)
    line = f"import sys; {lines}print({heavy} & set(sys.modules) or 'light')"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout == "light\n"


NO_RULES = ("common", "inputs")
RULES = sorted(f for f in PROJECT.glob("rules/*.smk") if f.stem not in NO_RULES)
CALL = re.compile(r"^\s+faceloom (\w+) \\\n((?:\s+--\w+ .*\n)+)", re.MULTILINE)


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_a_rule_gives_its_command_just_the_flags_it_has(file: Path) -> None:
    calls = CALL.findall(file.read_text())
    assert len(calls) == 1
    for verb, flags in calls:
        assert verb == file.stem
        body = ast.parse((PACKAGE / f"stages/{verb}.py").read_text()).body
        (stage,) = [d for d in body if isinstance(d, ast.FunctionDef) and d.name == verb]
        needed = len(stage.args.args) - len(stage.args.defaults)
        names = [each.arg for each in stage.args.args]
        given = re.findall(r"--(\w+)", flags)
        assert set(names[:needed]) <= set(given) <= set(names)
        assert len(given) == len(set(given))


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_a_rule_file_opens_with_what_it_is_for(file: Path) -> None:
    said = file.read_text()
    assert said.startswith(f'"""{file.stem}: ')
    head = said.split('"""')[1]
    assert "\nNeeds   " in head
    assert "\nMakes   " in head


def test_every_caption_is_there() -> None:
    named = {
        (file.parent / path).resolve()
        for file in (*RULES, PROJECT / "Snakefile")
        for path in re.findall(r'(?:caption=|^report: )"([^"]+)"', file.read_text(), re.MULTILINE)
    }
    assert named == set((PROJECT / "workflow/report").glob("*.rst"))


def test_the_schema_is_in_step_with_the_forms() -> None:
    kept = json.loads((PROJECT / "workflow/config.schema.json").read_text())
    assert kept == json.loads(json.dumps(schema.schema())), "make schema"


def test_the_config_fits_its_schema() -> None:
    Draft202012Validator.check_schema(schema.schema())
    config = yaml.safe_load((PROJECT / "config.yaml").read_text())
    Draft202012Validator(schema.schema()).validate(config)


@pytest.mark.parametrize(
    "variant",
    [
        {"trane": {}},
        {"train": {"stepps": 1}},
        {"train": {"steps": 0}},
        {"blend": {"by": "glue"}},
        {"refine": ["polish"]},
        {"why": 1},
    ],
)
def test_the_schema_knows_a_slip(variant: dict[str, object]) -> None:
    config = {"swaps": {}, "variants": {"new": variant}}
    assert list(Draft202012Validator(schema.schema()).iter_errors(config))


@pytest.mark.parametrize(
    "variant",
    [
        None,
        {"blend": {"by": "poisson"}, "refine": ["sharpen", {"kind": "none"}]},
        {"refine": {"by": ["sharpen"]}},
        {"convert": {"kind": "composite", "hold": 0.3}},
        {"vary": {"train.rate": [0.1], "refine": {"once": ["sharpen"]}}, "seeds": 2},
    ],
)
def test_the_schema_takes_what_the_plan_takes(variant: dict[str, object] | None) -> None:
    Draft202012Validator(schema.schema()).validate({"swaps": {}, "variants": {"new": variant}})


def test_snakemake_finds_no_lint(tmp_path: Path) -> None:
    done = subprocess.run(
        ["snakemake", "--lint"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Congratulations" in done.stdout + done.stderr
