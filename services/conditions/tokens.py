"""The words of a CEL expression, for the checks that the CEL library leaves to its user.

The library gives no syntax tree. These checks look at a few tokens in a row, on text that the library has parsed, and
where they cannot tell they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.conditions.variables import VARIABLES

_MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
_EQUAL = frozenset({"==", "!="})
_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<string>[rRbB]{0,2}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
  | (?P<fraction>\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+)
  | (?P<integer>\d+(?![xXuU\w]))
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign>==|!=|<=|>=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, string or sign."""

    kind: Literal["string", "fraction", "integer", "name", "sign"]
    text: str
    """A string without its quotes."""
    column: int
    """Characters from the start of the expression, from 1."""


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of `text` in order, white space and comments left out. Strings with escapes keep them."""
    for found in _TOKEN.finditer(text):
        word, column = found.group(), found.start() + 1
        match found.lastgroup:
            case "string":
                yield Token("string", _unquoted(word), column)
            case "fraction" | "integer" | "name" | "sign" as kind:
                yield Token(kind, word, column)


def bound_names(tokens: Sequence[Token]) -> dict[str, str | None]:
    """Names that list macros give to an item, each with the variable whose items it stands for.

    `targets.exists(t, ...)` gives `t` for `targets`; None where the list is not a variable by itself.
    """
    names: dict[str, str | None] = {}
    for index in _macro_calls(tokens):
        item = tokens[index + 2]
        source = tokens[index - 2]
        alone = index < 3 or tokens[index - 3].text != "."
        of_variable = source.kind == "name" and source.text in VARIABLES and alone
        names[item.text] = source.text if of_variable and item.text not in names else None
    return names


def nesting(tokens: Sequence[Token]) -> int:
    """How many list macros stand within one another at most."""
    return max(macro_depths(tokens), default=0)


def macro_depths(tokens: Sequence[Token]) -> list[int]:
    """In how many list macros each token stands."""
    macros = {index + 1 for index in _macro_calls(tokens)}
    open_brackets: list[bool] = []
    depths = []
    for index, token in enumerate(tokens):
        if token.kind == "sign" and token.text == "(":
            open_brackets.append(index in macros)
        elif token.kind == "sign" and token.text == ")" and open_brackets:
            open_brackets.pop()
        depths.append(sum(open_brackets))
    return depths


def compared_values(tokens: Sequence[Token], bound: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Pairs of a variable and a string that it, or an item of it, is tested for being equal to.

    Covers `x == "a"`, `"a" == x`, `"a" in x` and `x in ["a", "b"]`, with items of list macros taken for their list.
    """

    def variable_at(index: int) -> str | None:
        if not 0 <= index < len(tokens) or tokens[index].kind != "name":
            return None
        if (index > 0 and tokens[index - 1].text == ".") or _text(tokens, index + 1) in (".", "(", "["):
            return None
        name = tokens[index].text
        return name if name in VARIABLES else bound.get(name)

    for index, token in enumerate(tokens):
        if token.kind == "string" and "\\" not in token.text:
            before, after = _text(tokens, index - 1), _text(tokens, index + 1)
            name = variable_at(index - 2) if before in _EQUAL else None
            if name is None and after in _EQUAL | {"in"} and before not in ("+",):
                name = variable_at(index + 2)
            if name is not None:
                yield name, token.text
        elif token.text == "in" and token.kind == "name" and _text(tokens, index + 1) == "[":
            name = variable_at(index - 1)
            if name is not None:
                yield from ((name, value) for value in _strings_of_list(tokens, index + 2))


def _macro_calls(tokens: Sequence[Token]) -> Iterator[int]:
    """Index of the name of each list macro that is called: `.exists(item, `."""
    for index in range(2, len(tokens) - 3):
        if (
            tokens[index].text in _MACROS
            and tokens[index].kind == "name"
            and tokens[index - 1].text == "."
            and tokens[index + 1].text == "("
            and tokens[index + 2].kind == "name"
            and tokens[index + 3].text == ","
        ):
            yield index


def _strings_of_list(tokens: Sequence[Token], index: int) -> Iterator[str]:
    while index < len(tokens) and tokens[index].kind == "string":
        if "\\" not in tokens[index].text:
            yield tokens[index].text
        if _text(tokens, index + 1) != ",":
            return
        index += 2


def _text(tokens: Sequence[Token], index: int) -> str:
    """The sign or word there; empty for a string and beyond the ends."""
    if not 0 <= index < len(tokens) or tokens[index].kind == "string":
        return ""
    return tokens[index].text


def _unquoted(word: str) -> str:
    word = word.lstrip("rRbB")
    quotes = 3 if word.startswith(('"""', "'''")) else 1
    return word[quotes:-quotes]
