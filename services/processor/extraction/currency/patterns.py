"""The small language in which currency_cues.tsv writes its cues, made into regular expressions of bounded reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from services.processor.extraction.wordlists import read_rows

REACH = 100
"""Characters to either side of its key word that a cue may take up."""

_GAP = re.compile(r"\.(\d)-(\d\d?)\Z")
_WORD = r"[\w.$%-]{1,24}(?:'s?)?"
_BETWEEN = r"[\s,\"'()-]{1,4}"
_APART = r"[,\"]?[\s-]{1,3}[\"(]?"
_END = r"(?![\w]|-\w)"
_SINGLES = {".": _WORD, "@": r"(?:1[5-9]|20)\d\d"}
_COMMON = frozenset(
    (
        *("a", "an", "the", "of", "in", "on", "at", "by", "to", "for", "from", "and", "or", "is", "was", "were", "be"),
        *("been", "has", "have", "had", "his", "her", "its", "their", "this", "that", "with", "as", "over", "after"),
        *("are", "it", "he", "she", "they", "who", "which", "no", "not", "out", "up", "into", "about", "than", "more"),
        *("so", "down", "did", "any", "one", "first", "last", "near", "killed", "kill", "dead", "died", "years"),
    )
)
"""Words too frequent to look a cue up by, where it has another."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One cue: an expression for it, and the words by which a text is searched for it."""

    expression: str
    keys: tuple[str, ...]
    beside: frozenset[str] | None
    """Words of which one stands in every text that the expression matches, beside the key; None where it has none."""


@cache
def number_words() -> str:
    """An expression for one number: digits, or words such as "twenty-two", "dozens", "several"."""
    words = {row[1] for row in read_rows("number_words.tsv")}
    words |= {"dozens", "scores", "hundreds", "thousands", "several", "few", "many", "couple"}
    one = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return rf"(?:\d[\d,.]{{0,12}}|(?:{one})(?:[\s-](?:{one})){{0,4}})"


def compile_pattern(written: str) -> Pattern:
    """A cue of currency_cues.tsv as a Pattern; the language is explained at the head of that file.

    Raises ValueError where no word of it can be searched for.
    """
    pieces: list[str] = []
    keys: tuple[str, ...] = ()
    musts: list[tuple[int, frozenset[str]]] = []
    key_at = -1
    rank = (2, 0)
    tokens = written.split(" ")
    for number, token in enumerate(tokens):
        gap = _GAP.match(token)
        if gap is not None:
            pieces.append(rf"(?:{_WORD}{_BETWEEN}){{{gap[1]},{gap[2]}}}")
            continue
        if token[0] == "!" and number == 0:
            pieces.append("".join(rf"(?<!\b{re.escape(word)}\s)" for word in token[1:].split("|")))
            continue
        if token[0] == "!":
            pieces.append(rf"(?!{_BETWEEN}(?:{'|'.join(map(_choice, token[1:].split('|')))}){_END})")
            continue
        optional = token.endswith("?")
        choices = token.removesuffix("?").split("|")
        expression = rf"(?:{'|'.join(map(_choice, choices))})(?:'s)?"
        found = tuple(key for key in map(_key, choices) if key)
        if not optional and len(found) == len(choices):
            worth = (int(any(key in _COMMON for key in found)), len(found))
            if not keys or worth < rank:
                keys, rank, key_at = found, worth, number
        if not optional and (whole := _whole_words(choices)) is not None:
            musts.append((number, whole))
        if number == len(tokens) - 1 or tokens[number + 1][0] == "!":
            pieces.append(rf"(?:{expression})?" if optional else expression + _END)
        else:
            pieces.append(rf"(?:{expression}{_APART})?" if optional else expression + _APART)
    if not keys:
        raise ValueError(f"currency_cues.tsv: '{written}' has no word to search for; give it one that it must have")
    others = [words for number, words in musts if number != key_at]
    rarest = min(others, key=lambda words: (not words.isdisjoint(_COMMON), len(words)), default=None)
    # No cue begins within a number: "2.6 per cent" is not six.
    return Pattern(rf"\b(?<!\d[.,]){''.join(pieces)}", keys, rarest)


def _choice(choice: str) -> str:
    stem = choice.removesuffix("*")
    if stem in _SINGLES:
        return _SINGLES[stem]
    words = (number_words().join(map(re.escape, word.split("#"))) for word in stem.split("_"))
    return _APART.join(words) + (r"\w{0,14}" if choice.endswith("*") else "")


def _whole_words(choices: list[str]) -> frozenset[str] | None:
    """A whole word of each alternative; None where one of them has only beginnings of words, numbers or any word."""
    found: set[str] = set()
    for choice in choices:
        words = [word for word in choice.split("_") if not set("*#@.").intersection(word)]
        parts = re.findall(r"\w+", max(words, key=len, default=""))
        if not parts:
            return None
        found.add(max(parts, key=len))
    return frozenset(found)


def _key(choice: str) -> str:
    """The word of an alternative that a text is searched for: its longest, empty where it is a number or any word."""
    words = [word for word in choice.removesuffix("*").split("_") if word.strip("#.@")]
    return max((word.rsplit("#", 1)[-1] for word in words), key=len, default="")
