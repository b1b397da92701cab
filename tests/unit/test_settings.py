"""Forms: what can be off is off, and every part has a module that takes just its options."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import faceloom
from faceloom.settings import VERBS, Part, Pipeline, Settings

PACKAGE = Path(faceloom.__file__).parent


def forms(form: type[Settings]) -> Iterator[type[Settings]]:
    yield form
    for under in form.__subclasses__():
        yield from forms(under)


FORMS = [form for form in forms(Settings) if form.__module__.startswith("faceloom.")]
PARTS = [form for form in FORMS if issubclass(form, Part) and "kind" in form.__annotations__]
PARTS.remove(Part)
# what a part is told besides its options
BY_THE_STAGE = {"models": {"people"}, "discriminators": {"size"}, "critics": {"codes"}}


def of_class(form: type[Settings]) -> str:
    return form.__name__


@pytest.mark.parametrize("form", FORMS, ids=of_class)
def test_what_can_be_off_is_off_by_default(form: type[Settings]) -> None:
    for name, field in form.model_fields.items():
        if type(None) in get_args(field.annotation):
            # else a null in the config would be lost on the way to the job
            assert field.default is None, name


@pytest.mark.parametrize("form", FORMS, ids=of_class)
def test_every_form_says_what_it_is(form: type[Settings]) -> None:
    assert form.__doc__
    assert form.__doc__ != (form.__mro__[1].__doc__ or "")


@pytest.mark.parametrize("form", PARTS, ids=of_class)
def test_a_part_is_a_module_that_takes_its_options(form: type[Part]) -> None:
    kind = form.model_fields["kind"].default
    make = function(PACKAGE / form.family / f"{kind}.py", "make")
    options = set(form.model_fields) - {"kind"} - form.aside
    if form.weights:
        options.add("weights")
    takes = [each.arg for each in make.args.kwonlyargs]
    free = {name for name, default in zip(takes, make.args.kw_defaults, strict=True) if default}
    assert options <= set(takes)
    assert set(takes) - free <= options | BY_THE_STAGE.get(form.family, set())
    assert not make.args.args
    assert not make.args.kwarg


def function(file: Path, name: str) -> ast.FunctionDef:
    """A function of a module that is read, not imported."""
    body = ast.parse(file.read_text()).body
    (found,) = [each for each in body if isinstance(each, ast.FunctionDef) and each.name == name]
    return found


def test_a_part_for_every_module_of_a_family() -> None:
    known = {(form.family, form.model_fields["kind"].default) for form in PARTS}
    made = {
        (family, file.stem)
        for family, _ in known
        for file in (PACKAGE / family).glob("*.py")
        if any(
            isinstance(each, ast.FunctionDef) and each.name == "make"
            for each in ast.parse(file.read_text()).body
        )
    }
    assert made == known


def test_every_verb_has_its_stage_rule_and_form() -> None:
    for verb in VERBS:
        assert (PACKAGE / f"stages/{verb}.py").exists()
        assert (PACKAGE.parents[1] / f"rules/{verb}.smk").exists()
    assert list(Pipeline().model_dump()) == list(VERBS)


def test_a_bare_name_is_a_part_with_its_defaults() -> None:
    bare = Pipeline.model_validate({"refine": ["sharpen"], "blend": {"by": "poisson"}})
    full = {"refine": {"by": [{"kind": "sharpen"}]}, "blend": {"by": {"kind": "poisson"}}}
    assert bare == Pipeline.model_validate(full)


def test_forms_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Pipeline().train.steps = 3  # type: ignore[misc]


@pytest.mark.parametrize("loss", ["perceptual", "identity"])
def test_losses_look_at_the_crops_that_there_are(loss: str) -> None:
    Pipeline.model_validate({"train": {"losses": {loss: {}}}})
    with pytest.raises(
        ValueError, match=f"losses.{loss}.coverage is 0.9, but crop.coverage is 0.8"
    ):
        Pipeline.model_validate({"crop": {"coverage": 0.8}, "train": {"losses": {loss: {}}}})
    same = {"losses": {loss: {"coverage": 0.8}}}
    Pipeline.model_validate({"crop": {"coverage": 0.8}, "train": same})


CYCLE = {
    "model": "cyclegan",
    "losses": {
        "cyclic": {},
        "adversarial": {"swapped": True, "discriminator": {"kind": "v1", "pairs": False}},
    },
}


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"cyclic": None}, "set losses.cyclic and losses.adversarial.swapped: true"),
        ({"adversarial": None}, "set losses.cyclic and losses.adversarial.swapped: true"),
        ({"adversarial": {"swapped": True}}, "swapped wants discriminator.pairs: false"),
        ({"adversarial": {"pool": 50}}, "pool wants discriminator.pairs: false"),
    ],
)
def test_who_paints_others_needs_others(change: dict[str, object], because: str) -> None:
    Pipeline.model_validate({"train": CYCLE})
    losses = {**CYCLE["losses"], **change}  # type: ignore[dict-item]
    with pytest.raises(ValueError, match=because):
        Pipeline.model_validate({"train": {**CYCLE, "losses": losses}})
