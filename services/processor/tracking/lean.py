"""Messages that are kept for weeks, made smaller: what pydantic notes beside their values is kept once for all."""

from __future__ import annotations

from functools import lru_cache
from types import UnionType
from typing import TypeVar, Union, get_args, get_origin

from schemas import Message

_NOTES_KEPT = 10_000
"""Sets of field names that are at hand; a model's reports have a few dozen."""
_set = object.__setattr__
_HOLDING: dict[type, tuple[str, ...]] = {}
"""By kind of message those fields that may hold messages."""
_WALKED = (tuple, Union, UnionType)
M = TypeVar("M", bound=Message)


def lean(message: M) -> M:
    """`message` itself, it and its parts sharing their set of filled fields (`model_fields_set`) with all that have the
    same ones filled: no message ever changes. A report has a dozen parts, and their sets take half of its memory."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        # What frozen models refuse is a new value; this is the same one.
        _set(part, "__pydantic_fields_set__", _shared(frozenset(part.__pydantic_fields_set__)))
        kind, held = type(part), part.__dict__
        for name in _HOLDING[kind] if kind in _HOLDING else _fields_holding(kind):
            value = held[name]
            if type(value) is tuple:
                waiting.extend(value)
            elif value is not None:
                waiting.append(value)
    return message


@lru_cache(maxsize=_NOTES_KEPT)
def _shared(names: frozenset[str]) -> set[str]:
    return set(names)


def _fields_holding(kind: type[Message]) -> tuple[str, ...]:
    names = tuple(name for name, known in kind.model_fields.items() if _may_hold(known.annotation))
    _HOLDING[kind] = names
    return names


def _may_hold(annotation: object) -> bool:
    """Whether a field is a message, or a tuple of messages."""
    if isinstance(annotation, type) and issubclass(annotation, Message):
        return True
    return get_origin(annotation) in _WALKED and any(map(_may_hold, get_args(annotation)))
