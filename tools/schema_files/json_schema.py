"""JSON Schema of each message, made from its pydantic model."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

import schemas
from schemas import Alert, Article, Delivery, Incident, IncidentEdit, Report, Subscriptions

PUBLISHED: dict[str, type[BaseModel]] = {
    "article": Article,
    "report": Report,
    "incident": Incident,
    "incident-edit": IncidentEdit,
    "alert": Alert,
    "delivery": Delivery,
    "subscriptions": Subscriptions,
}
"""Each published message by the stem of its files in schemas/json and schemas/examples."""
VERSION = 1
"""Counts up only if a change would make readers of the earlier schema misread or refuse a message."""
VOCABULARIES: dict[str, type[Enum]] = {
    name: value for name, value in vars(schemas).items() if isinstance(value, type) and issubclass(value, Enum)
}
"""The closed vocabularies of the messages by the name that they have in a schema's `$defs`."""


class _Untitled(GenerateJsonSchema):
    """JSON Schema without a title that only repeats a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema(name: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of the published message `name`, such as `article`; docstrings become descriptions.

    It describes what a reader must accept: a field with a default may be absent. Raises KeyError for another name.
    """
    model = PUBLISHED[name]
    generated = model.model_json_schema(schema_generator=_Untitled, mode="validation")
    for title, definition in generated.get("$defs", {}).items():
        if title in VOCABULARIES:
            definition["description"] = _with_meanings(definition["description"], VOCABULARIES[title])
    return {
        "$schema": _Untitled.schema_dialect,
        "$id": f"tocsin:schema:{name}:{VERSION}",
        **_unwrapped(generated),
    }


def meanings_of(vocabulary: type[Enum]) -> dict[str, str]:
    """The docstring below each member of `vocabulary`, by the member's value; members without one are left out."""
    body = ast.parse(textwrap.dedent(inspect.getsource(vocabulary))).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{vocabulary.__name__} is not written as a class")
    found: dict[str, str] = {}
    for member, below in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(member, ast.Assign)
            and isinstance(member.targets[0], ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            found[str(vocabulary[member.targets[0].id].value)] = unwrapped_text(below.value.value)
    return found


def _with_meanings(description: str, vocabulary: type[Enum]) -> str:
    meanings = "\n".join(f"- `{value}`: {meaning}" for value, meaning in meanings_of(vocabulary).items())
    return f"{description}\n\n{meanings}" if meanings else description


def unwrapped_text(text: str) -> str:
    """`text` with the line breaks that only keep source lines short taken out; blank lines and lists stay."""
    return re.sub(r"(?<!\n)\n(?!\n|- )[ \t]*", " ", inspect.cleandoc(text))


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: unwrapped_text(inner) if key == "description" and isinstance(inner, str) else _unwrapped(inner)
            for key, inner in value.items()
        }
    return [_unwrapped(inner) for inner in value] if isinstance(value, list) else value
