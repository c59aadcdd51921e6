"""Those said to be among the dead: some of them, so that there are at least as many."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_INCLUDE = ("include", "includes", "included")
_THE = ("the", "those")
_ARE = ("were", "are", "was")
_THEM = ("him", "her", "them", "this", "that", "these")
_LONGEST_PLACE = 6
"""Words from "the dead" to the verb: "the dead of the prison are 27"."""
_LONGEST_NUMBER = 5
_SEVERAL = 2
_LONGEST_WHOLE = 6
"""Words from "the" to the deaths: "the 54 reported heat deaths"."""
_THE_DEATHS = frozenset(("the", "those", "these"))
_ONLY = frozenset(("only", "just", "fewer", "no"))
_CONFIRM = frozenset(("confirm", "confirms", "confirmed", "verified", "verifies", "established", "caused"))
_CAUSE = (["cause", "of"], ["cause", "in"], ["blame", "for"], ["responsible", "for"])
"""Before a number of deaths they say that the others had another cause."""
_LONGEST_WHERE = 12
"""Words from "among the dead" to its verb."""


def among_the_dead(predicate: Predicate, people: Sequence[People]) -> Finding | None:
    """The finding of people who are among the dead, open above: others died with them."""
    for one in people:
        one.part = False
        if one.modifier is Modifier.EXACT:
            one.modifier, one.high = Modifier.AT_LEAST, None
    found = finding_of(predicate, list(people), "passive")
    if found is not None:
        found.among = True
    return found


def among_those_who(clauses: Clauses, passive: int) -> int:
    """For "were among those who were killed": the index where its first verb group begins; else -1."""
    led = clauses.tokens.lower[max(0, passive - 3) : passive] == ["among", "those", "who"]
    return passive - 4 if led and passive >= 4 and clauses.tokens.classes[passive - 4] & _W.BE else -1


def read_among(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """The people of "six are among the dead", "among those killed were six", "the dead include six".

    "The dead were six guards" names them all. None where the harm word does not stand for the dead as a whole.
    """
    lower, classes, at, end = clauses.tokens.lower, clauses.tokens.classes, predicate.start, predicate.end
    if end < len(lower) and classes[end] & (_W.PERSON | _W.NOT_PEOPLE):
        return None
    the = at > 0 and lower[at - 1] in _THE
    among = at - 2 if the else at - 1
    if among >= 0 and lower[among] == "among":
        return among_the_dead(predicate, _beside(clauses, among, end))
    if the and end < len(lower) and lower[end] in _INCLUDE:
        return among_the_dead(predicate, clauses.objects(end + 1))
    opens = at == 1 or (at > 1 and lower[at - 2] == ":") or _with_them(lower[: at - 1])
    verb = _verb_of(clauses, end) if the and opens else -1
    if verb >= 0:
        people = clauses.objects(verb + 1)
        return finding_of(predicate, people, "passive") if people and all(p.counted for p in people) else None
    return None


def some_of_those(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Ten of those who died in the gorge were miners", "nine of those killed", "six of the dead": so many at least.

    Of one person it tells nothing that a count could use.
    """
    lower, classes, of = clauses.tokens.lower, clauses.tokens.classes, predicate.start - 2
    if predicate.harm.kind is not ClaimKind.KILLED or of < 0:
        return None
    if predicate.harm.lemma == "death" and predicate.harm.form == "noun":
        return _some_of_the_deaths(clauses, predicate)
    if lower[predicate.start - 1] not in ("those", "the") or lower[of] != "of":
        who = predicate.start - 1
        while who > 0 and classes[who] & (_W.HAVE | _W.BE | _W.ADVERB):
            who -= 1
        of = who - 2
        if of < 0 or lower[of : who + 1] != ["of", "those", "who"]:
            return None
    elif lower[of + 1] == "the" and predicate.harm.lemma != "dead":
        return None
    some = _some(clauses, of, predicate.end)
    return among_the_dead(predicate, [some]) if some is not None and _is_subject(clauses, some) else None


def _is_subject(clauses: Clauses, some: People) -> bool:
    """Whether people are what their clause is about: not "she identified 2,300 of the dead"."""
    if not some.start:
        return True
    before = clauses.tokens.classes[some.start - 1]
    return bool(before & (_W.MARK | _W.COMMA | _W.AND | _W.SAY | _W.THAT | _W.SUBORDINATE | _W.ADVERB))


def _some(clauses: Clauses, of: int, end: int) -> People | None:
    """The several people whose number stands right before the "of" at `of`; None for none and for one."""
    for at in range(max(0, of - _LONGEST_NUMBER), of):
        found = read_quantity(clauses.tokens.lower, clauses.tokens.classes, at)
        if found is None or found.end != of:
            continue
        if found.best < _SEVERAL or found.more:
            return None
        return People(
            found.start, end, Form.COUNT, "", "person", found.low, found.best, found.high, found.modifier,
            number=found.core,
        )  # fmt: skip
    return None


def _some_of_the_deaths(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "19 of the deaths were in Kano": so many at least. "Confirmed only 19 of the 33 deaths": so many, and no more.

    Where all are counted and nobody says of which of them something is the cause, all are the toll: None.
    """
    lower = clauses.tokens.lower
    first = max(1, predicate.start - _LONGEST_WHOLE)
    of = next((at - 1 for at in range(predicate.start - 1, first, -1) if lower[at] in _THE_DEATHS), -1)
    if of < 0 or lower[of] != "of":
        return None
    some = _some(clauses, of, predicate.end)
    if some is None:
        return None
    if of + 2 == predicate.start:
        return among_the_dead(predicate, [some]) if _is_subject(clauses, some) else None
    whole = read_quantity(lower, clauses.tokens.classes, of + 2)
    if whole is None or whole.end > predicate.start or whole.best <= (some.best or 0):
        return None
    before = lower[max(0, some.start - 3) : some.start]
    if _ONLY.isdisjoint(before) and not _CONFIRM.intersection(before) and before[-2:] not in _CAUSE:
        return None
    return finding_of(predicate, [some], "noun")


def _with_them(opening: Sequence[str]) -> bool:
    """Whether the words that open a sentence count somebody more: "With him the dead of the mine are eight"."""
    return len(opening) in (2, 3) and opening[0] == "with" and opening[1] in _THEM and opening[2:] in ([], [","])


def _verb_of(clauses: Clauses, end: int) -> int:
    """Where the verb of "the dead were", "the dead of the prison are" stands; -1 where none follows."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if lower[end : end + 1] in (["of"], ["in"], ["from"]):
        stop = _W.MARK | _W.COMMA | _W.RELATIVE | _W.SUBORDINATE | _W.SAY
        for at in range(end + 1, min(len(lower), end + _LONGEST_PLACE)):
            if lower[at] in _ARE:
                return at
            if classes[at] & stop:
                return -1
    return end if end < len(lower) and lower[end] in _ARE else -1


def _beside(clauses: Clauses, among: int, end: int) -> list[People]:
    """Who is among the dead: "six children (were) among dead", "who were among", "among the dead were six children"."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    verb = clauses.skip_adverbs_left(among - 1)
    if verb >= 0 and classes[verb] & _W.BE:
        return clauses.subject(verb)
    if verb >= 0 and lower[verb] in ("who", "and"):
        return clauses.subject(verb) if lower[verb] == "and" else clauses.adjacent_left(verb)
    left = clauses.adjacent_left(among)
    if left:
        return left
    if end < len(lower) and classes[end] & _W.PREPOSITION:
        # "Among the dead in Sunday's fire in Jos were six children"
        stop = _W.MARK | _W.COMMA | _W.RELATIVE | _W.SUBORDINATE | _W.SAY
        for at in range(end + 1, min(len(lower), end + _LONGEST_WHERE)):
            if lower[at] in ("'s", "'"):
                continue
            if classes[at] & _W.BE:
                end = at
                break
            if classes[at] & stop:
                break
    return clauses.objects(end + 1) if end < len(lower) and classes[end] & _W.BE else []
