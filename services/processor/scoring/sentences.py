"""Sentences with gaps for the values of an incident: `{killed_told} {killed_told|person was|people were} killed.`"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from services.conditions.figures import Counted
from services.conditions.variables import FIGURES, SCORED, VARIABLES, Value

_GAP = re.compile(r"\{(?P<name>\w+)(?:\|(?P<one>[^{}|]*)\|(?P<many>[^{}|]*))?\}")
_TOLD = {f"{figure}_told": figure for figure in FIGURES}


def check_sentence(template: str) -> str:
    """`template` where every gap is one that `fill_sentence` can fill. Raises ValueError saying what to write."""
    for gap in _GAP.finditer(template):
        name = gap["name"]
        if name not in _TOLD and (name not in VARIABLES or name in SCORED):
            near = get_close_matches(name, (VARIABLES.keys() - SCORED) | _TOLD.keys(), n=1, cutoff=0.6)
            rather = f"did you mean {{{near[0]}}}?" if near else "docs/severity.md lists them"
            raise ValueError(f"there is no variable {name}; {rather}")
    rest = _GAP.sub("", template)
    if "{" in rest or "}" in rest:
        raise ValueError(
            "a brace is not part of a gap; write {killed}, {killed_told}, or {killed_told|person was|people were}"
        )
    return template


def fill_sentence(template: str, values: Mapping[str, Value], told: Callable[[str], Counted]) -> str:
    """`template` with its gaps filled: numbers with thousands separated, lists joined by commas.

    `told(figure)` gives a figure of the toll in the words of those who said it, for the gaps `{..._told}`; a sentence
    that begins with one begins with a capital.
    """

    def fill(gap: re.Match[str]) -> str:
        name, one, many = gap["name"], gap["one"], gap["many"]
        if name not in _TOLD:
            value = values[name]
            return shown(value) if one is None else str(one if value == 1 else many)
        figure = told(_TOLD[name])
        if one is not None:
            return str(one if figure.one else many)
        return figure.words[:1].upper() + figure.words[1:] if gap.start() == 0 else figure.words

    return _GAP.sub(fill, template)


def shown(value: Value) -> str:
    """A value as a reader sees it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = ", ".join(value) if isinstance(value, tuple) else value
    return text.replace("_", " ")
