"""Victims told of by name only: "the assassination of Judge X", "X, 45, was shot dead", "X's murder"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas import ClaimKind, IncidentType, Modifier, Whose
from services.processor.extraction.actors.lexicon import load_aliases
from services.processor.extraction.claims.names import is_given_name
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.events.lexicon import everyday
from services.processor.extraction.events.triggers import Found
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_ABDUCTIONS = (IncidentType.ABDUCTION, IncidentType.HOSTAGE_TAKING)
_DEADLY = (IncidentType.KILLING, IncidentType.ASSASSINATION, IncidentType.MOB_VIOLENCE)
_DEADLY_VERBS = ("gun down", "shoot dead", "hack to death")
_LONGEST_PARTICLE = 4
"""Letters of a small word that a name may end in where it is cut."""
_MODIFIERS = 8
"""Words of office before a name: "Colombian Liberal Party presidential candidate"."""
_REACH = 45
_REMARK = 12
"""Words of a remark on somebody named: ", a member of the executive committee of the party,"."""
_THEIRS = ("relative", "child", "worker", "police")
_WITH = (["along", "with"], ["together", "with"], ["as", "well"])
_PARTICLES = ("de", "la", "del", "los", "y", "las", "san", "santa", "el", "da", "dos", "van", "von", "bin", "al")
_ENDS_OFFICE = (_W.NUMBER | _W.COMMA | _W.MARK | _W.BE | _W.HAVE | _W.RELATIVE | _W.PREPOSITION | _W.SUBORDINATE
    | _W.THAT | _W.TO | _W.SAY | _W.MODAL)  # fmt: skip
_ENDS_SUBJECT = _W.MARK | _W.THAT | _W.SUBORDINATE | _W.SAY | _W.VERB | _W.PREPOSITION | _W.TO


@dataclass(frozen=True, slots=True)
class Named:
    """People at `words[start:end]` who are named one by one."""

    start: int
    end: int
    names: tuple[str, ...]
    """The last word of each name, in lower case."""
    surnames: frozenset[str]
    """All their words by which they may be named again: "Pedro Luz Sarmiento" is also "Luz"."""


def kind_of(found: Found) -> ClaimKind | None:
    """What a trigger says was done to people who are named: killed, abducted; None where it leaves that open."""
    trigger = found.trigger
    if trigger.kind in _ABDUCTIONS:
        return ClaimKind.ABDUCTED
    other = "attempt" in trigger.lemma or trigger.lemma == "death"
    if (trigger.kind in _DEADLY or trigger.lemma in _DEADLY_VERBS) and not other:
        return ClaimKind.KILLED
    return None


def named_victims(
    tokens: Tokens, found: Found, everybody: Callable[[], Sequence[People]], capitals: bool
) -> Named | None:
    """The people named as those to whom `found` was done; None where nobody is named.

    `everybody` gives the people of the sentence; most events' words leave no place for a name, and nobody is asked.
    """
    if found.trigger.lemma == "massacre":
        # Nobody is massacred alone: "the massacre of Kunduz" names where it was.
        return None
    if found.trigger.noun:
        if _owned(tokens, found.start):
            end = found.start - 1
            return _ending_at(tokens, end, _names(everybody()), capitals) if capitals or _ends(tokens, end) else None
        if tokens.lower[found.end : found.end + 1] not in (["of"], ["against"], ["on"]):
            return None
        at = found.end + 1
    else:
        active = "base" in found.trigger.form or found.trigger.form in ("third", "ing")
        group = -1 if active else _verb_group(tokens, found.start)
        if group >= 0:
            named = capitals or _may_end(tokens, group)
            return _subject(tokens, group, _names(everybody()), capitals) if named else None
        at = found.end
    if not capitals and not _may_follow(tokens, at):
        return None
    people = everybody()
    theirs = {p.start: p.end for p in people if p.form is Form.SINGULAR and p.kind in _THEIRS}
    return _list_from(tokens, at, _names(people), theirs, capitals)


def _names(people: Sequence[People]) -> dict[int, People]:
    """Those of the people who are named, by where they begin."""
    return {p.start: p for p in people if p.form is Form.NAME}


def _ends(tokens: Tokens, end: int) -> bool:
    """Whether a name, or the age after one, may end right before word `end`: a quick look."""
    return end > 0 and (not tokens.words[end - 1].islower() or len(tokens.words[end - 1]) <= _LONGEST_PARTICLE)


def _may_end(tokens: Tokens, group: int) -> bool:
    """Whether a name may end before a passive verb group, as `_subject` looks for it."""
    if group and tokens.classes[group - 1] & _W.RELATIVE:
        group -= 1
    if not group or tokens.lower[group - 1] != ",":
        return _ends(tokens, group)
    return any(_ends(tokens, comma) for comma in range(max(0, group - _REACH), group) if tokens.lower[comma] == ",")


def _may_follow(tokens: Tokens, at: int) -> bool:
    """Whether the name of somebody may begin at word `at` or after words of office there: a quick look."""
    words, classes, lower = tokens.words, tokens.classes, tokens.lower
    for k in range(at, min(len(words), at + _MODIFIERS)):
        bits = classes[k]
        if words[k][0].isupper() or bits & (_W.PERSON | _W.PARTICIPLE | _W.TITLE) or lower[k].endswith("-old"):
            return True
        if bits & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE):
            if "of" in lower[k:]:
                # "a group of driver Musa Bello"
                return True
        elif bits & _ENDS_OFFICE:
            return False
    return False


def _owned(tokens: Tokens, at: int) -> bool:
    """Whether a genitive ends before word `at`: "Roa's murder", "Perez' murder"."""
    if at < 2 or tokens.lower[at - 1] not in ("'s", "'"):
        return False
    return tokens.lower[at - 1] == "'s" or tokens.lower[at - 2].endswith(("s", "z", "x"))


def _verb_group(tokens: Tokens, at: int) -> int:
    """Where a passive verb group that ends before word `at` begins; -1 where the verb is active."""
    k, passive = at - 1, False
    while k >= 0 and tokens.classes[k] & (_W.BE | _W.HAVE | _W.ADVERB):
        passive = passive or bool(tokens.classes[k] & _W.BE)
        k -= 1
    return k + 1 if passive else -1


def _subject(tokens: Tokens, end: int, names: dict[int, People], capitals: bool) -> Named | None:
    """Who is named right before a passive verb group, past ages, offices in apposition and "who"."""
    lower, classes = tokens.lower, tokens.classes
    k = end
    if k and classes[k - 1] & _W.RELATIVE:
        k -= 1
    if k and lower[k - 1] == ",":
        comma = next((c for c in range(k - 2, max(-1, k - _REACH), -1) if lower[c] == ","), -1)
        direct = _free(tokens, _ending_at(tokens, k - 1, names, capitals))
        if direct is not None:
            return direct
        while comma > 0:
            if any(classes[c] & (_W.MARK | _W.THAT | _W.SAY) for c in range(comma, k - 1)):
                return None
            before = _free(tokens, _ending_at(tokens, comma, names, capitals, sure=True))
            if before is not None:
                return before
            comma = next((c for c in range(comma - 1, max(-1, k - _REACH), -1) if lower[c] == ","), -1)
        return None
    return _free(tokens, _ending_at(tokens, k, names, capitals))


def _ending_at(tokens: Tokens, end: int, names: dict[int, People], capitals: bool, sure: bool = False) -> Named | None:
    """The names of a list that ends right before word `end`."""
    lower = tokens.lower
    found: list[tuple[int, int]] = []
    while True:
        one = next(((s, p.end) for s, p in names.items() if p.end == end), None)
        if one is None and capitals and not sure:
            one = _unknown_before(tokens, end)
        if one is None:
            break
        found.insert(0, one)
        start = _office_start(tokens, one[0])
        if start and lower[start - 1] == "and":
            end = start - 1 - (lower[start - 2 : start - 1] == [","])
        elif start and lower[start - 1] == "," and len(found) > 1:
            end = start - 1
        else:
            break
    return _named(tokens, found)


def _free(tokens: Tokens, named: Named | None) -> Named | None:
    """A subject: nobody who only belongs to another phrase, as in "a gorilla in the Cairo Zoo", "the Dutch"."""
    if named is None:
        return None
    at = named.start
    before = tokens.classes[at - 1] if at else 0
    known = tokens.classes[at] & (_W.TITLE | _W.PERSON)
    return None if before & _W.PREPOSITION or (before & (_W.DETERMINER | _W.INDEFINITE) and not known) else named


def _office_start(tokens: Tokens, at: int) -> int:
    """Where the words of office before a name begin: "Senator", "former Medellin mayor"."""
    k = at
    while k and at - k < _MODIFIERS:
        bits = tokens.classes[k - 1]
        if bits & (_ENDS_SUBJECT | _W.AND | _W.COMMA | _W.BE | _W.HAVE | _W.RELATIVE) and not bits & _W.PERSON:
            break
        k -= 1
    return k


def _list_from(
    tokens: Tokens, at: int, names: dict[int, People], theirs: dict[int, int], capitals: bool
) -> Named | None:
    """The names of a list that begins at word `at`, past words of office before each and remarks after it.

    `theirs` says where each ends who may be somebody's own: "her daughter Celia Ramos" counts among those named.
    """
    lower, classes, size = tokens.lower, tokens.classes, len(tokens.lower)
    found: list[tuple[int, int]] = []
    joined = True
    while at < size:
        one = _name_after(tokens, at, names, capitals)
        if one is None and found and at in theirs and lower[at] in ("his", "her", "their"):
            one = (at, theirs[at])
        if one is None:
            at = _past_remark(tokens, at) if found and not joined else size
            if at < size and lower[at] == "and":
                at, joined = at + 1, True
            continue
        following = classes[one[1]] if one[1] < size else _W.MARK
        if found and not joined and following & (_W.SAY | _W.BE | _W.HAVE | _W.VERB):
            # "the murder of X, Minister Y said"
            break
        found.append(one)
        at, joined = one[1], False
        if lower[at : at + 1] in ([","], [";"]):
            at += 1
        elif lower[at : at + 1] != ["and"] and lower[at : at + 2] not in _WITH:
            break
        if lower[at : at + 2] in _WITH:
            at, joined = at + 2 + (lower[at] == "as"), True
        elif lower[at : at + 1] == ["and"]:
            at, joined = at + 1, True
    return _named(tokens, found)


def _past_remark(tokens: Tokens, at: int) -> int:
    """The word after the comma that ends a remark at `at` on somebody named: ", rector of the university, ..."."""
    size = len(tokens.lower)
    for k in range(at, min(size, at + _REMARK)):
        if tokens.lower[k] in (",", ";"):
            return k + 1
        if tokens.classes[k] & (_W.MARK | _W.SAY | _W.BE | _W.HAVE | _W.HARM | _W.SUBORDINATE | _W.THAT | _W.MODAL):
            break
    return size


def _name_after(tokens: Tokens, at: int, names: dict[int, People], capitals: bool) -> tuple[int, int] | None:
    classes, size = tokens.classes, len(tokens.lower)
    for k in range(at, min(size, at + _MODIFIERS)):
        if k in names:
            return (k, names[k].end) if k == at or not classes[k - 1] & _W.DETERMINER else None
        bits = classes[k]
        if bits & _W.PLURAL_PERSON and k + 1 in names:
            # "the nuns Maria Duarte and Luisa Montes"
            continue
        if bits & _W.AND and k > at and classes[k - 1] & (_W.TITLE | _W.PERSON):
            # "Senator and presidential candidate Luis Pardo"
            continue
        if bits & (_W.NUMBER | _W.PLURAL_PERSON | _W.COMMA | _W.AND | _W.MARK | _W.BE | _W.HAVE | _W.RELATIVE):
            break
        if bits & (_W.PREPOSITION | _W.SUBORDINATE | _W.THAT | _W.TO | _W.SAY | _W.MODAL):
            break
    return _unknown_from(tokens, at) if capitals else None


def _unknown_from(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """A run of words that no list has, in a text of capitals: where only people can stand, a surname."""
    while at < len(tokens.lower) and tokens.classes[at] & _W.TITLE:
        at += 1
    end = at
    while end < len(tokens.lower) and end - at < 5 and _may_be_name(tokens, end):
        end += 1
    while end > at and tokens.lower[end - 1] in _PARTICLES:
        end -= 1
    return _surname(tokens, at, end)


def _unknown_before(tokens: Tokens, end: int) -> tuple[int, int] | None:
    start = end
    while start and end - start < 5 and _may_be_name(tokens, start - 1):
        start -= 1
    while start < end and tokens.lower[start] in _PARTICLES:
        start += 1
    return _surname(tokens, start, end)


def _surname(tokens: Tokens, start: int, end: int) -> tuple[int, int] | None:
    """The run if it can be a person's name: not the beginning of a longer phrase, no body, no people."""
    lower, classes = tokens.lower, tokens.classes
    if start >= end:
        return None
    before = classes[start - 1] if start else 0
    following = classes[end] if end < len(lower) else _W.MARK
    if following & _W.PERSON or following == 0:
        return None
    if before & (_W.DETERMINER | _W.INDEFINITE | _W.NUMBER | _W.QUANTIFIER):
        return None
    if before & _W.PREPOSITION and lower[start - 1] not in ("of", "against", "on"):
        return None
    titled = bool(before & _W.TITLE)
    if end == start + 1 and not titled and (lower[start].endswith("s") or gazetteer().lookup(lower[start])[1]):
        # "murders of Salvadorans": a people, not a person.
        return None
    return (start - titled, end) if titled or not everyday(lower[end - 1]) else None


def _may_be_name(tokens: Tokens, at: int) -> bool:
    word = tokens.lower[at]
    if word in _PARTICLES:
        return True
    if tokens.classes[at] or len(word) < 3 or not word.replace("'", "").isalpha():
        return False
    if everyday(word):
        return bool(at and tokens.classes[at - 1] & _W.TITLE)
    return word not in load_aliases()


def _named(tokens: Tokens, found: list[tuple[int, int]]) -> Named | None:
    if not found:
        return None
    words = frozenset(word for start, end in found for word in _surnames(tokens, start, end))
    return Named(found[0][0], found[-1][1], tuple(tokens.lower[end - 1] for _, end in found), words)


def _surnames(tokens: Tokens, start: int, end: int) -> list[str]:
    """The words of a name without titles, particles and the given name that opens it."""
    own = [
        tokens.lower[k]
        for k in range(start, end)
        if not tokens.classes[k] & (_W.TITLE | _W.PERSON) and tokens.lower[k] not in _PARTICLES
    ]
    return own[1:] if len(own) > 1 and is_given_name(own[0]) else own


def put_named(statement: Statement, tokens: Tokens, found: Found, named: Named) -> None:
    """Give the statement a claim for those named, unless one with a number is there already for the same words."""
    kind = kind_of(found)
    if kind is None:
        return
    first, last = min(named.start, found.start), max(named.end, found.end)
    start, end = tokens.starts[first], tokens.ends[last - 1]
    at = tokens.starts[found.start]
    number = len(named.names)
    held = [draft for draft in statement.drafts if draft.kind is kind and draft.start <= at < draft.end]
    if held:
        _complete(held, number)
        return
    statement.drafts.append(
        Draft(
            kind=kind, low=number, best=number, high=number, modifier=Modifier.EXACT, whose=Whose.VICTIMS, people="",
            form="name", voice="noun" if found.trigger.noun else "passive",
            group=(statement.order, 1000 + found.start), start=start, end=end,
            reasoning=[f'"{found.trigger.lemma}" is said of people by name', f"{number} named"],
        )
    )  # fmt: skip


def _complete(held: Sequence[Draft], number: int) -> None:
    """Give claims that name fewer people than the words do, or count nobody, the number named."""
    if any(draft.part or draft.form not in ("name", "bare", "singular", "definite") for draft in held):
        return
    counted = sum(draft.best or 0 for draft in held)
    first = held[0]
    if counted < number and (first.best is not None or first.form in ("bare", "definite")):
        first.low = first.best = first.high = number - counted + (first.best or 0)
        first.modifier = Modifier.EXACT
        first.reasoning.append(f"{number} are named")
