"""Messages that are kept for weeks, made smaller: what pydantic notes beside their values is kept once for all."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from schemas import Message

_NOTES_KEPT = 10_000
"""Sets of field names that are at hand; a model's reports have a few dozen."""
_set = object.__setattr__
M = TypeVar("M", bound=Message)


def lean(message: M) -> M:
    """`message` itself, it and its parts sharing their set of filled fields (`model_fields_set`) with all that have the
    same ones filled: no message ever changes. A report has a dozen parts, and their sets take half of its memory."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        # What frozen models refuse is a new value; this is the same one.
        _set(part, "__pydantic_fields_set__", _shared(frozenset(part.__pydantic_fields_set__)))
        for value in part.__dict__.values():
            if _is_message(type(value)):
                waiting.append(value)
            elif type(value) is tuple and value and _is_message(type(value[0])):
                waiting.extend(value)
    return message


@lru_cache(maxsize=_NOTES_KEPT)
def _shared(names: frozenset[str]) -> set[str]:
    return set(names)


def _is_message(kind: type) -> bool:
    known = _MESSAGES.get(kind)
    if known is None:
        known = _MESSAGES[kind] = issubclass(kind, Message)
    return known


_MESSAGES: dict[type, bool] = {}
"""Which kinds of value are messages: of pydantic's models `isinstance` takes ten times as long to say so."""
