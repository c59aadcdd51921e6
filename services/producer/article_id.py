"""The id of an article: the same article fetched twice has the same one, so that the repeat is dropped downstream."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence

HEX_DIGITS = 24
"""96 bits: among 10 billion articles the odds that any two share an id are below one in a billion."""
LONG_WORD = 250
"""Characters beyond which a word is looked at for runs of combining marks before it is normalised."""
MAX_MARKS = 30
"""Combining marks in a row: the bound of the Stream-Safe Text Process (Unicode Standard Annex 15, section 13)."""
GRAPHEME_JOINER = "\u034f"


def article_id(*, source: str, url: str | None, title: str, highlights: Sequence[str], body: str) -> str:
    """The id of an article that brings none: 24 lower-case hexadecimal digits of a SHA-256.

    It depends on the source, the address and every word of the text, and not on how the text is spaced, wrapped or
    composed (Unicode NFC). When it was fetched or published does not matter. Edited text is another article.
    """
    parts = [source, url, _normalised(title), [_normalised(point) for point in highlights], _normalised(body)]
    # JSON keeps the parts apart whatever they hold, and its escapes make bytes of any string.
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:HEX_DIGITS]


def _normalised(text: str) -> str:
    words = text.split()
    if not text.isascii():
        words = [word if len(word) <= LONG_WORD else _stream_safe(word) for word in words]
    return unicodedata.normalize("NFC", " ".join(words))


def _stream_safe(word: str) -> str:
    """`word` with its runs of combining marks broken up: normalising takes time by the square of such a run."""
    kept: list[str] = []
    marks = 0
    for character in word:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS:
            kept.append(GRAPHEME_JOINER)
            marks = 1
        kept.append(character)
    return "".join(kept)
