"""What config.yaml may say, as a JSON schema for editors.

`make schema` writes it to workflow/config.schema.json; a test keeps the two in step.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any

from .people import Swap
from .settings import Pipeline, Settings
from .settings.actors import Actors
from .settings.decoder import Decoder
from .settings.parser import Parser
from .twins import Twins

NAMES = r"^[a-z0-9][a-z0-9_.]*$"


def schema() -> dict[str, Any]:
    """The schema of the whole config."""
    forms = Pipeline.model_json_schema()
    parts = forms.pop("$defs")
    actors, parser = Actors.model_json_schema(), Parser.model_json_schema()
    decoder = Decoder.model_json_schema()
    twins = Twins.model_json_schema()
    parts |= parser.pop("$defs")
    describe(
        {
            "Pipeline": forms,
            "Actors": actors,
            "Parser": parser,
            "Decoder": decoder,
            "Twins": twins,
            **parts,
        }
    )
    named = {name: relaxed(form, parts) for name, form in parts.items()}
    named["Refine"] = {"anyOf": [named["Refine"]["properties"]["by"], named["Refine"]]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Faceloom's config.yaml",
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": ["swaps"]}, {"required": ["twins"]}],
        "properties": {
            **top(variant(relaxed(forms, parts)), actors, parser),
            "decoder": decoder,
            "twins": twins,
        },
        "$defs": named,
    }


def top(variant: dict[str, Any], actors: dict[str, Any], parser: dict[str, Any]) -> dict[str, Any]:
    """The entries at the top of the config."""
    return {
        "clips": text("The sheet of clips: who is in which."),
        "people": text("The sheet of people: by whose leave."),
        "weights": text("The sheet of published weights: where from, under which terms."),
        "licences": {
            "description": "The terms that this project accepts for weights and what they learnt.",
            "type": "array",
            "items": {"type": "string"},
        },
        "swaps": mapping("Which clip, whose faces become whose, and the truth if any.", swap()),
        "casts": mapping("Casts by name, for models of more than two people.", cast()),
        "actors": actors,
        "parser": parser,
        "variants": mapping("Experiments, each by what is different in it.", variant),
    }


def swap() -> dict[str, Any]:
    """A swap; its faces may be a bare donor, its clips many."""
    form = Swap.model_json_schema()
    faces = [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["faces"],
        "properties": {
            **form["properties"],
            "faces": {"description": "Who becomes whom, or the donor alone.", "anyOf": faces},
            "clips": {"description": "Instead of clip: a swap for each.", "type": "array"},
        },
    }


def cast() -> dict[str, Any]:
    """A cast: its people, as a list, or under `people` with a `crowd` beside them."""
    names = {"type": "array", "items": {"type": "string"}}
    people = {**names, "minItems": 2}
    crowd = {**names, "description": "Only hosts: one decoder learns all of them."}
    both = {"people": {**names, "minItems": 1}, "crowd": {**crowd, "minItems": 1}}
    closed = {"type": "object", "additionalProperties": False}
    alone = {**closed, "properties": {"people": people}, "required": ["people"]}
    return {"anyOf": [people, alone, {**closed, "properties": both, "required": list(both)}]}


def variant(pipeline: dict[str, Any]) -> dict[str, Any]:
    """A variant: what it says about itself, and to the verbs."""
    about = {
        "why": text("The sentence that the report prints."),
        "like": text("The variant that it is laid over; baseline otherwise."),
        "seeds": {"description": "So many trainings, by seed.", "type": "integer", "minimum": 1},
        "vary": {
            "description": "Settings by their dotted path, each with values or named values.",
            "type": "object",
            "additionalProperties": {"type": ["array", "object"]},
        },
    }
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {**about, **pipeline["properties"]},
    }


def relaxed(node: Any, forms: dict[str, Any]) -> Any:
    """The same, but a part may be its bare name, and its kind may be left to the parent."""
    if isinstance(node, list):
        return [relaxed(each, forms) for each in node]
    if not isinstance(node, dict):
        return node
    form = forms.get(node.get("$ref", "").rpartition("/")[2], {})
    if kind := form.get("properties", {}).get("kind", {}).get("const"):
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {**rest, "anyOf": [{"const": kind}, {"$ref": node["$ref"]}]}
    return {
        {"oneOf": "anyOf"}.get(key, key): relaxed(value, forms)
        for key, value in node.items()
        if key != "discriminator"
    }


def describe(forms: dict[str, Any]) -> None:
    """Give every field the sentence that stands below it in the settings."""
    for form in every(Settings):
        properties = forms.get(form.__name__, {}).get("properties", {})
        for name, sentence in sentences(form):
            if name in properties:
                properties[name]["description"] = sentence


def every(form: type[Settings]) -> Iterator[type[Settings]]:
    """A form and all that are made of it."""
    yield form
    for under in form.__subclasses__():
        if under.__module__.startswith("faceloom."):
            yield from every(under)


def sentences(form: type[Settings]) -> Iterator[tuple[str, str]]:
    """The fields of a class, each with the text that stands below it."""
    (tree,) = ast.parse(inspect.getsource(form)).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for field, below in zip(body, body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(sentence))):
                yield name, inspect.cleandoc(sentence)


def mapping(description: str, values: dict[str, Any]) -> dict[str, Any]:
    """Things by their names."""
    return {
        "description": description,
        "type": "object",
        "propertyNames": {"pattern": NAMES},
        "additionalProperties": values,
    }


def text(description: str) -> dict[str, Any]:
    """A string."""
    return {"description": description, "type": "string"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
