"""One plain spelling of a text for matching names, in which every character keeps its place.

Offsets into the view are offsets into the text as given, so whatever is matched in it can be quoted.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.,;:!?$%'")
_TABLE = {code: (chr(code).lower() if chr(code).lower() in _KEPT else " ") for code in range(128)}

# Letters that Unicode does not decompose, with the Latin letter that news agencies write for them.
_SPECIAL = {
    "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "ß": "s", "æ": "a", "Æ": "a", "œ": "o",
    "Œ": "o", "þ": "t", "Þ": "t", "ð": "d", "Ð": "d", "ə": "a", "Ə": "a", "’": "'", "ʼ": "'", "ʻ": "'", "ʿ": "'",
    "ʾ": "'", "´": "'", "€": "$", "£": "$", "¥": "$",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    special = _SPECIAL.get(character)
    if special is not None:
        return special
    first = unicodedata.normalize("NFKD", character)[0]
    if first.isascii():
        return first
    # A letter of another script stays a word character, so that no Latin name is found inside a foreign word.
    return "_" if first.isalnum() else " "


def ascii_view(text: str) -> str:
    """`text` in lower-case ASCII, of the same length.

    Diacritics are dropped, letters of other scripts become `_`, and all that joins or surrounds words (white space,
    hyphens, dashes, slashes, brackets, quotation marks) becomes a space. `.,;:!?$%` and the apostrophe inside a word
    stay. Takes time linear in the length of `text`.
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda match: _plain(match[0]), text)
    return text.translate(_TABLE).replace(" '", "  ")
