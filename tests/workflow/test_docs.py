"""What the documents promise is so."""

import re
import shlex
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
import yaml

from faceloom import cli
from faceloom.refiners.touched import Touched
from faceloom.settings import VERBS
from faceloom.variants import pipelines, unfold
from workflow.loom import PROJECT, Loom

DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def blocks(document: str, language: str) -> list[str]:
    text = (PROJECT / document).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
        assert "://" in link or (document.parent / link).exists(), link


def test_every_verb_is_in_the_glossary() -> None:
    words = (PROJECT / "docs/glossary.md").read_text()
    for verb in (*VERBS, "compare", "weights"):
        assert f"\n| {verb} |" in words


def test_the_readmes_experiments_can_be() -> None:
    (config,) = (yaml.safe_load(block) for block in blocks("README.md", "yaml"))
    made = pipelines(unfold(config["variants"]))
    assert {"both", "rates_0.0003", "rates_0.001", "again_seed1", "again_seed2"} <= set(made)
    assert made["both"].blend == made["poisson"].blend


def test_the_readme_names_commands_and_files_that_exist() -> None:
    text = (PROJECT / "README.md").read_text()
    for line in re.findall(r"\./run faceloom [^`\n]*", text):
        word = shlex.split(line)[2]
        assert word.startswith("-") or word in (*cli.COMMANDS, *cli.FOR_PEOPLE)
    for path in re.findall(r"`((?:src|docs|data|workflow|profiles)/[\w./]+)`", text):
        assert (PROJECT / path).exists(), path


def test_a_part_is_added_as_it_is_told(loom: Loom) -> None:
    module, form = blocks("docs/adding-a-part.md", "python")
    loom.write("src/faceloom/refiners/denoise.py", module)
    new, union = form.split("\n\n\n")
    old = union.strip().removesuffix(" | Denoise")
    loom.edit(
        "src/faceloom/settings/refiners.py",
        lambda text: text.replace(old, f"{new}\n\n\n{union.strip()}"),
    )
    assert loom.todo() == {}
    loom.configure(quiet={"why": "Less noise?", "refine": ["denoise"]})
    assert loom.todo() == {"refine": 2, "blend": 2, "evaluate": 2, "compare": 1}


def test_the_part_of_the_document_works(tmp_path: Path) -> None:
    file = PROJECT / "src/faceloom/refiners/denoise.py"
    code = compile(blocks("docs/adding-a-part.md", "python")[0], str(file), "exec")
    spec = spec_from_file_location("faceloom.refiners.denoise", file)
    denoise = module_from_spec(spec)
    exec(code, denoise.__dict__)
    noise = np.random.default_rng(0).normal(128, 4, (32, 32, 3)).astype(np.uint8)
    (face,) = denoise.make(strength=30.0)(iter([touched(noise)]))
    assert face.image.std() < 0.7 * noise.std()


def touched(image: np.ndarray) -> Touched:
    """A face of which nothing but the picture matters."""
    given = dict.fromkeys(Touched.__dataclass_fields__)
    return Touched(**{**given, "image": image})
