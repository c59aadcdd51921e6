"""Sentences with gaps for the values of an incident: `At least {killed} {killed|person was|people were} killed.`"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from services.conditions.variables import SCORED, VARIABLES, Value

_GAP = re.compile(r"\{(?P<name>\w+)(?:\|(?P<one>[^{}|]*)\|(?P<many>[^{}|]*))?\}")


def check_sentence(template: str) -> str:
    """`template` where every gap is one that `fill_sentence` can fill. Raises ValueError saying what to write."""
    for gap in _GAP.finditer(template):
        name = gap["name"]
        if name not in VARIABLES or name in SCORED:
            near = get_close_matches(name, VARIABLES.keys() - SCORED, n=1, cutoff=0.6)
            rather = f"did you mean {{{near[0]}}}?" if near else "docs/severity.md lists them"
            raise ValueError(f"there is no variable {name}; {rather}")
    rest = _GAP.sub("", template)
    if "{" in rest or "}" in rest:
        raise ValueError("a brace is not part of a gap; write {killed}, or {killed|person was|people were}")
    return template


def fill_sentence(template: str, values: Mapping[str, Value]) -> str:
    """`template` with its gaps filled: numbers with thousands separated, lists joined by commas."""

    def fill(gap: re.Match[str]) -> str:
        value = values[gap["name"]]
        if gap["one"] is not None:
            return str(gap["one"] if value == 1 else gap["many"])
        return shown(value)

    return _GAP.sub(fill, template)


def shown(value: Value) -> str:
    """A value as a reader sees it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = ", ".join(value) if isinstance(value, tuple) else value
    return text.replace("_", " ")
