"""What is wrong with a value in a rules file, in words for the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

Location: TypeAlias = tuple[int | str, ...]

_SHOWN = 60
"""Characters of a wrong value that a message repeats."""
_LISTED = 12
"""Allowed names that are listed even where one of them is near to what was written."""


def describe(model: type[BaseModel], detail: ErrorDetails) -> tuple[Location, str]:
    """Where a value that `model` refuses stands in the file, and one message that says what to write instead.

    `detail` is one of pydantic's `ValidationError.errors()`. Its location also names members of unions, which no file
    holds; the location returned is free of them.
    """
    loc, owner = _trace(model, detail["loc"])
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "missing":
            return loc, "is missing; add it"
        case "extra_forbidden":
            return loc, f"there is no such field; {_rather(str(loc[-1]), owner)}"
        case "enum" | "literal_error":
            allowed = _allowed(str(context["expected"]))
            return loc, f"{_shown(value)} is not allowed here; {_rather_of(str(value), allowed)}"
        case "union_tag_invalid":
            allowed = _allowed(str(context["expected_tags"]))
            name = str(context["discriminator"]).strip("'")
            return (*loc, name), f"{_shown(context['tag'])} is not allowed here; {_rather_of(context['tag'], allowed)}"
        case "union_tag_not_found":
            return (*loc, str(context["discriminator"]).strip("'")), "is missing; add it"
        case "value_error" | "assertion_error":
            return loc, str(context["error"])
        case "string_pattern_mismatch":
            return loc, f"{_shown(value)} does not have the form {context['pattern']}"
        case "too_short" | "too_long":
            return loc, detail["msg"].split(" after validation")[0].replace(f"{context['field_type']} should", "must")
    if value is None:
        return loc, "is empty; give it a value, or leave the field out"
    return loc, f"{_must(kind, detail['msg'])}, not {_shown(value)}{_hint(kind, value)}"


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known name that `word` most likely is a misspelling of, letter case apart; None where none is near."""
    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


_MUST = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "model_type": "must be a group of fields, each `name: value`",
    "model_attributes_type": "must be a group of fields, each `name: value`",
    "dict_type": "must be a group of fields, each `name: value`",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
}


def _must(kind: str, message: str) -> str:
    return _MUST.get(kind) or re.sub(r"^\w+ should", "must", message)


def _hint(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return '; write it in quotes, since YAML reads it as a number or true/false ("002" and 2 differ)'
    if _MUST.get(kind) == "must be a list" and isinstance(value, str | int | float):
        return f"; write [{value}]"
    if _MUST.get(kind, "").endswith("number") and isinstance(value, str):
        return "; write figures, without quotes"
    return ""


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a group of fields"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _rather(word: str, owner: type[BaseModel] | None) -> str:
    return "remove it" if owner is None else _rather_of(word, list(owner.model_fields))


def _rather_of(word: str, allowed: Sequence[str]) -> str:
    near = nearest(word, allowed)
    names = ", ".join(allowed)
    if near is None:
        return f"allowed: {names}"
    return f"did you mean {near}?" if len(allowed) > _LISTED else f"did you mean {near}? Allowed: {names}"


def _allowed(expected: str) -> list[str]:
    """The names in pydantic's list of them: `'a', 'b' or 'c'`."""
    return [part.strip(" '") for part in expected.replace("' or '", "', '").split("', '")]


def _trace(model: type[BaseModel], loc: Location) -> tuple[Location, type[BaseModel] | None]:
    """`loc` without what no file holds, and the model that its last step is (or would be) a field of."""
    here: Any = model
    kept: list[int | str] = []
    owner: type[BaseModel] | None = None
    for step in loc:
        if step == "[key]":
            continue  # pydantic's way of saying that the name of a field is at fault, not its value
        here = _bare(here)
        if get_origin(here) in (Union, UnionType):
            members = [_bare(member) for member in get_args(here)]
            tagged = [member for member in members if _has_tag(member, step)]
            if tagged:
                here = tagged[0]
                continue
            here = next((member for member in members if member is not type(None)), None)
        if isinstance(here, type) and issubclass(here, BaseModel):
            owner = here
            field = here.model_fields.get(str(step))
            here = None if field is None else field.annotation
        else:
            here = _item(here)
            owner = None
        kept.append(step)
    return tuple(kept), owner


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    members = [member for member in get_args(annotation) if member is not type(None)]
    if get_origin(annotation) in (Union, UnionType) and len(members) == 1:
        return _bare(members[0])
    return annotation


def _item(annotation: Any) -> Any:
    """What a list or a mapping of that annotation holds."""
    values = [value for value in get_args(annotation) if value is not Ellipsis]
    return values[-1] if values else None


def _has_tag(member: Any, step: int | str) -> bool:
    """Whether pydantic names `member` of a union by `step`: by the discriminator's value, or by the type's name."""
    if not isinstance(member, type) or get_origin(member) is not None:
        return False
    if not issubclass(member, BaseModel):
        return member.__name__ == step
    tags = {
        value.value if isinstance(value, Enum) else value
        for field in member.model_fields.values()
        if get_origin(field.annotation) is Literal
        for value in get_args(field.annotation)
    }
    return step in tags or member.__name__ == step
