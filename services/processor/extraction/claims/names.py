"""Names of persons: capitalised words in a row, or in a text of capitals a given name and what follows it."""

from __future__ import annotations

import re
from functools import cache

from schemas.vocabulary import Modifier
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, read_words, word_set

_W = WordClass
_DATE = _W.WEEKDAY | _W.MONTH
_CLOSES_NAME = _W.COMMA | _W.AND | _W.MARK | _W.BE | _W.HAVE | _W.HARM | _W.RELATIVE
_OLDEST = 110
"""Years of age."""
_MOST_UNKNOWN = 4
_LONGEST_TOWN = 5
_NO_NAME = ~(_W.PAST | _W.MONTH | _W.TITLE | _W.PERSON)
"""Classes of words that are in no name."""
_SMALL = frozenset(("al", "bin", "ibn", "de", "la", "el", "van", "von", "der", "da", "dos", "del", "bint", "ul"))
_NAMES_OF_SAINTS = word_set("names_of_saints")
_SAINTS = frozenset(("santa", "san", "saint", "st", "sainte", "."))
_ARTICLE = re.compile(r"(?:a[lnrstzd]|el|u[lrd]|ed|es)-[A-Z]")
"""Begins a word of an Arabic name: "al-Arouri", "ur-Rehman"."""


def name_at(tokens: Tokens, at: int) -> People | None:
    """A proper name: capitalised words in a row. Whether it is a person's is for the sentence to say."""
    words, classes, size = tokens.words, tokens.classes, len(tokens.words)
    end = at
    while end < size and end - at < 6:
        word, bits = words[end], classes[end]
        if bits & _W.TITLE and end == at:
            end += 1
            continue
        if not word[0].isupper() or (bits & _NO_NAME and not bits & _W.TITLE):
            if end == at:
                break
            article = _ARTICLE.match(word) is not None
            if not article and (word not in _SMALL or end + 1 >= size or not words[end + 1][0].isupper()):
                break
        if bits & _DATE and not _is_forename(tokens, end):
            break
        end += 1
    if end == at:
        return None
    if end == at + 1 and _holds_the_town(tokens, at):
        return None
    if end == at + 1:
        following = classes[end] if end < size else 0
        if words[at].isupper() and len(words[at]) > 1:
            # An abbreviation is a body, not a person.
            return None
        opens = at == 0 and not (classes[at] == 0 and following & (_W.BE | _W.HAVE | _W.AND | _W.COMMA))
        if opens or classes[at] & _W.TITLE:
            return None
    return People(at, end, Form.NAME, tokens.lower[end - 1], "name", 1, 1, 1, Modifier.EXACT)


def _holds_the_town(tokens: Tokens, at: int) -> bool:
    """Whether the name at a word says where a town lies, "In Springfield, Ohio, five people": a number follows."""
    lower, classes, size = tokens.lower, tokens.classes, len(tokens.lower)
    if at < 3 or lower[at - 1] != "," or at + 3 >= size or lower[at + 1] != ",":
        return False
    if lower[at + 3] == "," and lower[at + 4 : at + 5] != ["not"]:
        # An age, unless the number is set right: "27, not 31, were killed".
        return False
    if not classes[at + 2] & (_W.NUMBER | _W.QUANTIFIER):
        return False
    town = at - 2
    while town > max(0, at - _LONGEST_TOWN) and tokens.words[town][0].isupper() and not classes[town] & _W.PREPOSITION:
        town -= 1
    return town < at - 2 and bool(classes[town] & _W.PREPOSITION)


def capital_name(tokens: Tokens, at: int) -> People | None:
    """A person's name in a text of capitals only: a given name or a title, with the unknown words after it."""
    lower, classes, size = tokens.lower, tokens.classes, len(tokens.lower)
    if at >= size or not (lower[at] in _given_names() or classes[at] & _W.TITLE or _is_no_saint(lower, at)):
        return None
    # "MR. TORRES": the stop of the title is a word of its own.
    named = at + 2 if classes[at] & _W.TITLE and lower[at + 1 : at + 2] == ["."] else at + 1
    end = named
    while end < size and end - at < 6 and (classes[end] == 0 or classes[end] & _W.TITLE):
        if not lower[end][0].isalpha():
            break
        end += 1
    known = classes[at] & ~(_W.TITLE | _W.PERSON | _W.PAST | _W.MONTH)
    if end == named or known or (classes[end - 1] & _W.TITLE):
        return None
    return People(at, end, Form.NAME, lower[end - 1], "name", 1, 1, 1, Modifier.EXACT)


def _is_no_saint(lower: list[str], at: int) -> bool:
    """Whether a given name that saints have, and so places, is that of a person: "MARIA DIAZ", not "SANTA MARIA"."""
    return lower[at] in _NAMES_OF_SAINTS and not (at and lower[at - 1] in _SAINTS)


def aged_name(tokens: Tokens, at: int) -> People | None:
    """A name that no list has, known for a person's by the age after it: "RODRIGUEZ PORTH, 65, WAS KILLED"."""
    lower, classes, end = tokens.lower, tokens.classes, at
    while end < len(lower) and end - at < _MOST_UNKNOWN and not classes[end] and lower[end].isalpha():
        end += 1
    aged = end > at and len(lower[end - 1]) > 2 and lower[end : end + 1] == [","] and lower[end + 2 : end + 3] == [","]
    if not aged or not lower[end + 1].isdigit() or not 0 < int(lower[end + 1]) <= _OLDEST:
        return None
    return People(at, end, Form.NAME, lower[end - 1], "name", 1, 1, 1, Modifier.EXACT)


def with_their_names(found: list[People], tokens: Tokens, capitals: bool) -> list[People]:
    """The people, each who is first told of by a noun together with the name after it: "his son Freddy"."""
    kept: list[People] = []
    for people in found:
        before = kept[-1] if kept else None
        if before is not None and people.start == before.end and people.form is Form.NAME and _takes_a_name(before):
            before.end = _age_after(tokens, people.end)
            continue
        if before is not None and capitals and _takes_a_name(before):
            before.end = _unknown_to(tokens, before.end, people.start)
        if people.form is Form.NAME or (people.form in (Form.SINGULAR, Form.DEFINITE) and people.best == 1):
            people.end = _age_after(tokens, people.end)
        kept.append(people)
    if kept and capitals and _takes_a_name(kept[-1]):
        kept[-1].end = _unknown_to(tokens, kept[-1].end, len(tokens.lower))
    return kept


def _age_after(tokens: Tokens, end: int) -> int:
    """Where a name ends with the age after it: "Jessica Hart, 33; Dwayne Cole, 29, were killed"."""
    lower = tokens.lower
    if lower[end : end + 1] != [","] or end + 2 >= len(lower) or not lower[end + 1].isdigit():
        return end
    return end + 2 if int(lower[end + 1]) <= _OLDEST and lower[end + 2] in (",", ";", "and") else end


def _takes_a_name(people: People) -> bool:
    return people.form in (Form.SINGULAR, Form.DEFINITE) and people.best == 1 and people.number < 0


def _unknown_to(tokens: Tokens, start: int, stop: int) -> int:
    """Where a surname or two that no list has end, in a text of capitals: where a comma, "and" or a verb follows."""
    end = start
    while end < stop and end - start < _MOST_UNKNOWN and tokens.classes[end] == 0:
        word = tokens.lower[end]
        if len(word) < 3 or not word.replace("'", "").isalpha() or word in _everyday():
            return start
        end += 1
    following = tokens.classes[end] if end < len(tokens.classes) else _W.MARK
    return end if following & _CLOSES_NAME else start


@cache
def _everyday() -> frozenset[str]:
    return frozenset(read_words("places_common_words.txt"))


def is_given_name(word: str) -> bool:
    """Whether `word`, in lower case, is known as a given name."""
    return word in _given_names()


@cache
def _given_names() -> frozenset[str]:
    return frozenset(read_words("places_given_names.txt"))


def _is_forename(tokens: Tokens, at: int) -> bool:
    """Whether a word for a month is a name: "Jan Mohammad", "April Jones", and not "Jan 5"."""
    following = tokens.words[at + 1] if at + 1 < len(tokens.words) else ""
    return following[:1].isupper() and following[1:2].islower() and not tokens.classes[at + 1] & _DATE


def brought_in(tokens: Tokens, at: int) -> bool:
    """Whether a word that can be a title stands for a person of its own: "the mayor's father", "Mayor killed"."""
    return tokens.words[at][0].isupper() or (at > 0 and tokens.lower[at - 1] == "'s")
