"""All aboard died: "There were no survivors", "killing everyone on board". The number is told of those aboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.people import find_people
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Harm, Predicate, find_predicates
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, read_rows, word_set

_W = WordClass
_SPOKEN_OF = frozenset(("board", "aboard", "survivors", "survived", "souls"))
_EVERYBODY = ("all", "everyone", "everybody", "those")
_NOT_YET = frozenset(
    ("found", "find", "finding", "yet", "far", "not", "nearly", "almost", "hope", "hopes", "likely", "if", "would",
     "could", "might", "may")
)  # fmt: skip
"""Before the phrase they say that it is not known, or not so: "rescuers have found no survivors"."""
_SEARCHED_ON = frozenset(
    ("yet", "far", "if", "would", "could", "might", "may", "hope", "hopes", "continue", "continues")
)
"""In its sentence they say that the search goes on, or that it is not so."""
_REPORTED_AS = word_set("reported_as")
_ACCIDENTS = word_set("accidents")
_LONGEST_WHERE = 10
"""Words between "of" and "survived": "the sixteen people in the taxi"."""
_BEFORE, _AFTER = 6, 5
_ABOARD = frozenset(("aboard", "board"))
_TRAVELLERS = _ABOARD | {"passengers", "crew", "occupants", "sailors", "fishermen", "miners", "climbers"}
_MISSING = frozenset(("missing", "unaccounted", "search", "searching"))
"""Where some are looked for, those who did not survive are not counted yet."""
_LONGEST_SAVED = 5
"""Words of the number before "survived"."""
_OF_ABOARD = re.compile(r"\bof (?:the |those |its )?\S+[^.;:]* (?:aboard|on board)\b")
_ABOARD_REACH = 160
_JOINTS = (["and"], [","], [",", "and"])
_LONGEST_CREW = 8
"""Words from the first of those aboard to "on board": "with a pilot and four tourists on board"."""
_ASIDES = (["of"], ["among"], ["including"])
_LONGEST_ASIDE = 10
"""Words from the comma before an aside to that after it."""
_LIVES = ("verb", "happens", "state")


@cache
def none_survived() -> tuple[str, ...]:
    """The phrases of none_survived.tsv."""
    return tuple(phrase for (phrase,) in read_rows("none_survived.tsv"))


def some_survived() -> tuple[str, ...]:
    """Phrases of a sentence that may count those who did, "only 17 of the 61 on board survived"."""
    return tuple(
        f"{word} survived"
        for word in (
            "board",
            "aboard",
            "passengers",
            "people",
            "miners",
            "crew",
            "them",
            "bus",
            "taxi",
            "boat",
            "van",
            "car",
        )
    )


def may_count_survivors(folded: str, at: int) -> bool:
    """Whether the "survived" at `folded[at]` may be said of some of those aboard: a quick look."""
    return _OF_ABOARD.search(folded, max(0, at - _ABOARD_REACH), at) is not None


@cache
def _phrases() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in none_survived())


def all_aboard(tokens: Tokens, capitals: bool, earlier: Callable[[], Sequence[Tokens]]) -> Finding | None:
    """The claim that all aboard died, with the number of those who were; None where it is not said, or no number is.

    `earlier` gives the words of the sentences before, the nearest first, where this one does not count those aboard.
    """
    if _SPOKEN_OF.isdisjoint(tokens.lower):
        return None
    lost = _not_among_survivors(tokens)
    if lost is not None:
        return lost
    span = _all_died(tokens)
    if span is None:
        return None
    for sentence in (tokens, *earlier()):
        low, best, high = 0, 0, 0
        found = _aboard(sentence, capitals)
        for people in found:
            low, best = low + (people.low or 0), best + (people.best or 0)
            high = -1 if high < 0 or people.high is None else high + people.high
        if best > 1:
            start, end = span
            modifier = found[0].modifier
            everybody = People(start, end, Form.COUNT, "", "person", low, best, None if high < 0 else high, modifier)
            predicate = Predicate(Harm(ClaimKind.KILLED, "happens", "past", "not survive"), start, end)
            return Finding(ClaimKind.KILLED, [everybody], span, predicate, "toll")
    return None


def _not_among_survivors(tokens: Tokens) -> Finding | None:
    """ "None of the sixteen people in the taxi survived", "only 17 of the 61 on board survived": how many did not."""
    lower, classes = tokens.lower, tokens.classes
    if "survived" not in lower or not _NOT_YET.isdisjoint(lower):
        return None
    end = lower.index("survived")
    fronted = _of_those_aboard(tokens, end)
    if fronted is not None:
        return fronted
    of = next((k for k in range(max(1, end - _LONGEST_WHERE), end) if lower[k] == "of"), -1)
    if of < 1:
        return None
    start = of + 1 + (lower[of + 1] == "the")
    whole = read_quantity(lower, classes, start)
    if whole is None or whole.modifier is not Modifier.EXACT:
        return None
    if {"aboard", "board"}.isdisjoint(lower[of:end]) and not any(
        bits & _W.PERSON for bits in classes[whole.end : whole.end + 2]
    ):
        return None
    first, survived = of - 1, 0
    if lower[first] != "none":
        few = next((k + 1 for k in range(max(0, of - 4), of) if lower[k] in ("only", "just")), -1)
        if few < 0 and not _TRAVELLERS.isdisjoint(lower[of:end]) and _MISSING.isdisjoint(lower):
            # "Seventeen of the 61 aboard survived"
            few = next((k for k in range(max(0, of - 3), of) if classes[k] & _W.NUMBER), -1)
        saved = read_quantity(lower, classes, few) if few >= 0 else None
        if saved is None or saved.end != of or saved.best >= whole.best:
            return None
        first, survived = few, saved.best
    return _rest(first, end + 1, whole.best - survived)


def _of_those_aboard(tokens: Tokens, survived: int) -> Finding | None:
    """ "Of the 61 people aboard, 17 survived": how many did not."""
    lower, classes = tokens.lower, tokens.classes
    of = next(
        (k for k in range(survived) if lower[k] == "of" and (k == 0 or classes[k - 1] & (_W.COMMA | _W.AND | _W.MARK))),
        -1,
    )
    if of < 0 or not _MISSING.isdisjoint(lower):
        return None
    whole = read_quantity(lower, classes, of + 1 + (lower[of + 1] in ("the", "those", "its")))
    if whole is None or whole.modifier is not Modifier.EXACT or _ABOARD.isdisjoint(lower[whole.end : survived]):
        return None
    if lower[whole.end] not in ("aboard", "on", "who") and not any(
        bits & _W.PERSON for bits in classes[whole.end : whole.end + 2]
    ):
        return None
    end = survived
    while end and classes[end - 1] & (_W.HAVE | _W.ADVERB | _W.BE):
        end -= 1
    for at in range(max(whole.end, end - _LONGEST_SAVED), end):
        saved = read_quantity(lower, classes, at)
        if saved is None:
            continue
        known = saved.modifier is Modifier.EXACT and saved.best < whole.best
        alone = saved.end == end or (saved.end == end - 1 and classes[saved.end] & _W.PERSON)
        return _rest(of, survived + 1, whole.best - saved.best) if known and alone else None
    return None


def _rest(start: int, end: int, dead: int) -> Finding:
    """The claim at words `start` to `end` that `dead` did not survive."""
    everybody = People(start, end, Form.COUNT, "", "person", dead, dead, dead, Modifier.EXACT)
    predicate = Predicate(Harm(ClaimKind.KILLED, "happens", "past", "not survive"), start, end)
    return Finding(ClaimKind.KILLED, [everybody], (start, end), predicate, "toll")


def _all_died(tokens: Tokens) -> tuple[int, int] | None:
    """Where the words stand that say that all died."""
    lower = tokens.lower
    for at in range(len(lower)):
        for phrase in _phrases():
            if lower[at] == phrase[0] and tuple(lower[at : at + len(phrase)]) == phrase:
                end = at + len(phrase)
                so = _is_so(lower, at) or _of_how_many(tokens, end)
                return (at, end) if so and not _something_else(lower, end) else None
        if lower[at] in ("board", "aboard"):
            first = at - 2 if lower[at] == "board" else at - 1
            if first >= 0 and lower[first] in _EVERYBODY and _is_so(lower, first) and _killed_beside(tokens, first, at):
                return first, at + 1
    return None


def _is_so(lower: Sequence[str], at: int) -> bool:
    return _NOT_YET.isdisjoint(lower[max(0, at - _BEFORE) : at])


def _of_how_many(tokens: Tokens, end: int) -> bool:
    """Whether those of whom nobody was found alive are counted: "have found no survivors among the eight on board"."""
    lower = tokens.lower
    if lower[end : end + 1] != ["among"] or not _SEARCHED_ON.isdisjoint(lower):
        return False
    counted = read_quantity(lower, tokens.classes, end + 1 + (lower[end + 1 : end + 2] == ["the"]))
    return counted is not None and not _ABOARD.isdisjoint(lower[counted.end : counted.end + 4])


def _something_else(lower: Sequence[str], end: int) -> bool:
    """Whether what was not survived is no accident: "nobody survived the cuts"."""
    return lower[end - 1] == "survived" and lower[end : end + 1] == ["the"] and _ACCIDENTS.isdisjoint(lower[end:])


def _killed_beside(tokens: Tokens, first: int, last: int) -> bool:
    """Whether those at `first` to `last` are the object or the subject of a word that says that they died."""
    for predicate in find_predicates(tokens):
        if predicate.harm.kind is not ClaimKind.KILLED or predicate.harm.pattern not in _LIVES:
            continue
        if predicate.end == first or (predicate.end == first - 1 and tokens.lower[first - 1] == "all"):
            return True
        between = tokens.classes[last + 1 : predicate.start]
        words = tokens.lower[last + 1 : predicate.start]
        plain = all(
            bits & (_W.BE | _W.HAVE | _W.ADVERB) or word in _REPORTED_AS
            for bits, word in zip(between, words, strict=True)
        )
        if last < predicate.start <= last + _AFTER and plain:
            return True
    return False


def _aside_ends(lower: Sequence[str], start: int) -> int:
    """Where what is put in commas at `start` ends, "58 people, of whom four were crew, were aboard"; 0 for none."""
    if lower[start : start + 1] != [","] or lower[start + 1 : start + 2] not in _ASIDES:
        return 0
    return next((at + 1 for at in range(start + 2, min(len(lower), start + _LONGEST_ASIDE)) if lower[at] == ","), 0)


def _aboard(tokens: Tokens, capitals: bool) -> list[People]:
    """Those of a sentence who are counted as aboard: "with 19 people on board", "carrying 64 people and four crew"."""
    lower = tokens.lower
    if not any(word in lower for word in ("board", "aboard", "carrying", "carried", "passengers")):
        return []
    found: list[People] = []
    beside: list[People] = []
    listed, aside = False, 0
    for people in find_people(tokens, capitals):
        if people.form not in (Form.COUNT, Form.SINGULAR) or people.kind == "unknown":
            continue
        if not found:
            # "21 passengers and five crew aboard": the last of a list says it of all
            beside = beside if beside and lower[beside[-1].end : people.start] in _JOINTS else []
            beside.append(people)
        if people.part or people.start < aside:
            listed = bool(found)
            continue
        first = people.start
        besides = lower[max(0, first - 3) : first] == ["as", "well", "as"] or lower[max(0, first - 1) : first] == [
            "plus"
        ]
        joined = bool(found) and (besides or lower[found[-1].end : first] in _JOINTS)
        carried = first > 0 and (
            lower[first - 1] in ("carrying", "carried")
            or (lower[first - 1] == "with" and not _ABOARD.isdisjoint(lower[people.end : people.end + _LONGEST_CREW]))
        )
        if joined or carried or not _ABOARD.isdisjoint(lower[people.end : people.end + 3]):
            found += [people] if found else [one for one in beside if not one.part]
            listed = False
        elif (aside := _aside_ends(lower, people.end)) and not _ABOARD.isdisjoint(lower[aside : aside + 3]):
            found.append(people)
        elif found and not listed:
            break
    return found
