"""Text of articles made safe to print: an article is written by a stranger, and ends up in terminals and headers."""

from __future__ import annotations

import re
import unicodedata

_ANSI = re.compile(
    # Control sequences, such as colours and cursor moves; strings, such as window titles; other escapes.
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200c\u200d")
"""Format characters that Persian, Indic scripts and emoji cannot do without."""


def one_line(text: str, limit: int = 500) -> str:
    """`text` on one line of at most `limit` characters, ending in an ellipsis where it was longer.

    Terminal control sequences, control characters and characters that change the direction of writing are taken out;
    every run of white space is one space.
    """
    # No more than this can matter to a result of `limit` characters, and an article may be 10 MB long.
    text = text[: limit * 8 + 4096]
    # Every character that is to go is one that Python does not count as printable, and most text has none.
    line = " ".join((text if text.isprintable() else _visible(text)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(text: str) -> str:
    """`text` without what is taken out, its white space as spaces."""
    return "".join(
        " " if char.isspace() else char
        for char in _ANSI.sub("", text)
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
    )


def printable(text: str) -> str:
    """`text` with its line feeds and indents kept and everything else made safe as `one_line` does, at any length."""
    return "\n".join(_indented(line) for line in text.split("\n"))


def _indented(line: str) -> str:
    words = line.lstrip(" ")
    return " " * (len(line) - len(words)) + one_line(words, max(len(words), 1))
