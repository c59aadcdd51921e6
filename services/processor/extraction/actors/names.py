"""Organisations that no lexicon has, found by the form of their names: "the X Liberation Front", "Jaish-e-X"."""

from __future__ import annotations

import re

from services.processor.extraction.actors.lexicon import Actor
from services.processor.extraction.actors.source import WORD, Found, Source

_ABBREVIATION = re.compile(r"\s*[(\[]\s*\"?([A-Z][A-Za-z0-9.-]{1,11})\"?\s*[)\]]")
_RIGHT_OF_HEAD = re.compile(
    r"(?:\s+(?:of|for|to|in|the|and|on|de|del|la|los|el|du|des|et|pour|al)\b){0,3}\s+[A-Z][\w'’-]*"
)
_PREFIXED_NAME = re.compile(
    r"[A-Z][\w'’-]*(?:[ -](?:al|ul|ur|us|as|ash|at|an|e|i|de|del|la|los|el|wal|wa|li|lil|bi|fi|o|para|por|y"
    r"|[A-Z][\w'’]*)\b){1,8}"
)
_LEAD = re.compile(r"\s+(?:the\s+|THE\s+)?[\"“‘'«]?")
_INTRODUCED_NAME = re.compile(
    r"[A-Z][\w'’-]*(?:\s(?:of|for|the|in|to|and|de|del|la|al|[A-Z][\w'’-]*)\b){0,8}(?<![a-z] of)"
)
_CAPITALS_NAME = re.compile(
    r"[A-Z0-9][\w'-]*(?:\s(?!WAS|WERE|HAS|HAVE|HAD|CLAIMED|SAID|IS|THAT|WHICH|ON|IN|BY|AND)[A-Z][\w'-]*){0,5}"
)
_CONNECTING = frozenset(("of", "the", "for", "and", "de", "la", "del"))
_MEMBERS_OF = re.compile(r"\bmembers? of (?:the )?\Z")
_LONGEST = 120
"""Characters after which a name is not followed any further."""


def prefixed(source: Source, start: int) -> Found | None:
    """A name that its first word gives away: "Jaish-e-Mohammed", "Ansar al-Islam"."""
    match = _PREFIXED_NAME.match(source.text, start)
    return _named(source, start, match.end()) if match is not None else None


def introduced(source: Source, start: int, end: int, word: str) -> Found | None:
    """The name after "a group calling itself" or "a gang called"."""
    if word in source.words["introduces_group"]:
        before = source.view[max(0, start - 24) : start].split()
        if not before or before[-1] not in source.words["named_after"]:
            return None
    lead = _LEAD.match(source.text, end)
    begin = lead.end() if lead is not None else end
    match = (_CAPITALS_NAME if source.capitals else _INTRODUCED_NAME).match(source.text, begin)
    return _named(source, begin, match.end()) if match is not None else None


def organisation(source: Source, start: int, end: int) -> Found | None:
    """An organisation by the form of its name: "the X Liberation Front", "Brigade for the Y of Z".

    `[start, end)` is the noun that such names are made with. In a text of capitals only words of the lexicon's
    `org_word` are followed, and one alone counts only beside an abbreviation or after "members of the".
    """
    if not source.capitals and not source.text[start].isupper():
        return None
    first, count = _leftward(source, start)
    if source.capitals:
        last = _of_nation(source, end)
    else:
        last, more = _rightward(source, start, end)
        count += more
    if count == 0 or _is_peaceful(source, source.view[first:last]):
        return None
    if count == 1:
        if source.capitals:
            abbreviated = _ABBREVIATION.match(source.text, last) is not None
            if not abbreviated and not _MEMBERS_OF.search(source.view, max(0, first - 24), first):
                return None
        elif source.nation_before(start) is not None:
            # "the Syrian Coalition" is the coalition of a country, not a name.
            return None
    return _named(source, first, last)


def _is_peaceful(source: Source, name: str) -> bool:
    """Whether a word of a name says that it is no party to a fight: a council for refugees, a union of lawyers."""
    return any(f" {word} " in f" {name} " for word in source.words["peaceful"])


def _leftward(source: Source, start: int) -> tuple[int, int]:
    """Where the name begins whose last noun begins at `start`, and how many words it has before that noun."""
    first = inside = start
    count = 0
    for word in reversed(source.words_before(start)):
        plain, at = word[0], word.start()
        if not source.is_gap(word.end(), inside) or (plain.endswith(".") and len(plain) > 3):
            break
        if not source.capitals and count and plain in _CONNECTING:
            inside = at
            continue
        if not _belongs(source, plain, at):
            break
        # "Members of the Chicano Liberation Front": the members are not part of the name.
        between = source.view[word.end() : first].split()
        if plain in source.words["member"] and between and between[0] in ("of", "from"):
            break
        first = inside = at
        count += 1
    return first, count


def _belongs(source: Source, plain: str, at: int) -> bool:
    """Whether a word can be part of the name of an organisation that goes on to its right."""
    words = source.words
    if plain in words["member"] & words["quantity"] or plain in ("the", "a", "an"):
        return False
    if source.capitals:
        return plain in words["org_word"] or plain.removesuffix("'s") in words["org_word"]
    if not source.text[at].isupper() or plain in words["weekday_month"] - words["determiner"]:
        return False
    # A number is part of a name ("Three Percent ...") unless it has its capital from the start of the sentence.
    return plain not in words["determiner"] or not source.begins_sentence(at)


def _rightward(source: Source, start: int, end: int) -> tuple[int, int]:
    """Where the name ends whose noun is `[start, end)`, and how many steps it goes on: "Front for the ... of ..."."""
    last, count = end, 0
    right = _RIGHT_OF_HEAD.match(source.text, end)
    while right is not None and last - start < _LONGEST:
        last = right.end()
        count += 1
        right = _RIGHT_OF_HEAD.match(source.text, last)
    return last, count


def _of_nation(source: Source, end: int) -> int:
    """Where a name in capitals ends that goes on with its country: "COMMUNIST PARTY OF CHILE"."""
    words = list(WORD.finditer(source.view, end, min(len(source.view), end + 40)))
    if len(words) >= 2 and words[0][0] == "of" and words[1][0] in source.nations:
        return words[1].end()
    return end


def _named(source: Source, start: int, end: int) -> Found:
    abbreviation = _ABBREVIATION.match(source.text, end)
    name = " ".join(source.text[start:end].split())
    aliases = (abbreviation[1],) if abbreviation is not None else ()
    return Found(start, end, "named_group", Actor(name, aliases, "named_group"), source.view[start:end])
