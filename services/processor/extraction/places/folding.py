"""One spelling for names that differ only in case, accents, apostrophes and hyphens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ı": "i",
        "İ": "i",
        "ł": "l",
        "Ł": "l",
        "ø": "o",
        "Ø": "o",
        "đ": "d",
        "Đ": "d",
        "ð": "d",
        "Ð": "d",
        "þ": "th",
        "Þ": "th",
        "ß": "ss",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ə": "a",
        "Ə": "a",
        "ɓ": "b",
        "Ɓ": "b",
        "ɗ": "d",
        "Ɗ": "d",
        "ƙ": "k",
        "Ƙ": "k",
        "ƴ": "y",
        "Ƴ": "y",
        "ŋ": "ng",
        "Ŋ": "ng",
        "ɲ": "ny",
        "Ɲ": "ny",
        "ɛ": "e",
        "Ɛ": "e",
        "ɔ": "o",
        "Ɔ": "o",
        "ħ": "h",
        "Ħ": "h",
    }
)
"""Latin letters that Unicode does not decompose into a base letter and a mark."""

APOSTROPHES = "'’‘ʼʿʾʻ`´′ʹ"
"""What news and gazetteers write for an apostrophe, an ayn or a hamza."""

_DROPPED = re.compile(f"[{APOSTROPHES}.]")
_WORDS = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """`name` in lower-case ASCII words with single spaces; empty where it has no Latin letter or digit.

    Apostrophes and full stops vanish ("Sana'a" and "Sanaa", "U.S." and "US" fold alike); hyphens and all other
    signs separate words.
    """
    text = _DROPPED.sub("", name)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(_WORDS.findall(text.lower()))
