"""Nouns that say how many were harmed: deaths, fatalities, bodies, lives, a toll."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.nth import numbered_one
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.numbers import Quantity, read_quantity
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_TAKES_LIVES = word_set("takes_lives")
_OF_MANY = ("massacre", "slaughter")
_RISES_TO = word_set("rises_to")
_TOLL_ITSELF = frozenset(("toll", "tally"))
_COUNTS_THE_DEAD = word_set("counts_the_dead")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BECOMES = word_set("becomes_number")
_MADE_DEAD = ("dead", "deaths", "bodies", "victims", "fatalities", "so")
"""Behind the number of "that makes 15 dead" and "that makes 15 so far"."""
_LONGEST_CAUSE = 10
"""Words of what people died of or where: "deaths from the floods in the two districts of the south rose"."""
_LONGEST_OF = 9
"""Words between "the dead" and their number: "put the dead of the fuel market at 54"."""
_TOLL_LEADS = word_set("toll_leads") | word_set("toll_from_above") | word_set("toll_from_below")
_LONGEST_BROUGHT = 7
"""Words between "to" and the noun of a toll: "bringing to at least one hundred and nine the number"."""
_NOT_THE_DEAD = word_set("not_the_dead")
_THE_DEAD = (["dead"], ["deaths"], ["fatalities"], ["killed"], ["bodies"], ["victims"])
_FIGURES = ("figure", "count", "number", "tally")
_WHICH = frozenset(("the", "official", "confirmed", "overall", "taking", "takes", "bringing", "brings"))
"""Before a figure they say that it is the one of what was told of: "taking count to 31", as titles have it."""
_NO_INCIDENT = frozenset(("drug", "drugs", "overdose", "overdoses", "suicide", "alcohol", "smoking", "cancer"))
"""Causes of deaths that are no incident's, but statistics."""
_COMPOUNDS = word_set("compounds")
_FROM_ABOVE = word_set("toll_from_above")
_FROM_BELOW = word_set("toll_from_below")


def read_event(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "the death of 12 people", "12 deaths"."""
    lower = clauses.tokens.lower
    if not _COMPOUNDS.isdisjoint(lower[predicate.end : predicate.end + 1]):
        return None
    if lower[predicate.end : predicate.end + 1] == ["of"]:
        people = clauses.objects(predicate.end + 1)
        if predicate.harm.lemma in _OF_MANY:
            # Nobody is massacred alone: "the massacre of Kunduz" names where it was.
            people = [one for one in people if one.form is not Form.NAME]
        if people:
            return finding_of(predicate, people, "noun")
    if predicate.harm.lemma in ("death", "killing", "murder", "drowning", "execution", "beheading"):
        return read_count(clauses, predicate)
    return None


def read_count(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "12 fatalities", "no deaths", "the bodies of 12 people"."""
    lower = clauses.tokens.lower
    quantity = number_before(clauses, predicate.start)
    if quantity is not None:
        people = People(
            quantity.start, predicate.end, Form.COUNT, "", "person", quantity.low, quantity.best, quantity.high,
            quantity.modifier, quantity.more, quantity.total, False, quantity.core,
        )  # fmt: skip
        whose = clauses.objects(predicate.end + 1) if lower[predicate.end : predicate.end + 1] == ["of"] else []
        if len(whose) == 1 and whose[0].best is None and whose[0].kind == "attacker":
            # "40 bodies of rebels"
            people = replace(people, end=whose[0].end, kind=whose[0].kind, head=whose[0].head)
        return finding_of(predicate, [people], "noun")
    if none_before(clauses, predicate.start):
        if "added" in lower[predicate.end : predicate.end + 4]:
            # "No deaths have been added since Monday": to those that are known
            return None
        nobody = People(predicate.start - 1, predicate.end, Form.NONE, "", "person", 0, 0, 0, Modifier.EXACT)
        return finding_of(predicate, [nobody], "noun")
    one = numbered_one(clauses.tokens, predicate.start, predicate.end)
    if one is not None:
        return finding_of(predicate, [one], "toll")
    if lower[predicate.end : predicate.end + 1] == ["of"] and predicate.harm.pattern != "event":
        return finding_of(predicate, clauses.objects(predicate.end + 1), "noun")
    return None


def number_before(clauses: Clauses, at: int) -> Quantity | None:
    """The number that counts the noun at `at`, with at most three adjectives between."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    blocked = _W.COMMA | _W.AND | _W.BE | _W.HAVE | _W.VERB | _W.SAY | _W.RELATIVE | _W.SUBORDINATE | _W.MARK
    for start in range(max(0, at - 8), at):
        if not classes[start] & (_W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE):
            continue
        quantity = read_quantity(lower, classes, start)
        if quantity is not None and _said_in_digits(lower[quantity.end : quantity.end + 3]):
            # "twenty-three (23) corpses"
            quantity = quantity._replace(end=quantity.end + 3)
        if quantity is None or quantity.end > at or at - quantity.end > 3:
            continue
        gap = classes[quantity.end : at]
        if lower[quantity.end : quantity.end + 1] == ["of"] and quantity.modifier.value == "vague":
            gap = gap[1:]
        if gap and _YEAR.fullmatch(lower[quantity.core]) is not None:
            # "2016 heat-related fatalities": the year
            continue
        if not any(bits & (blocked | _W.PREPOSITION | _W.DETERMINER) for bits in gap):
            return quantity
    return None


def _said_in_digits(words: Sequence[str]) -> bool:
    """Whether a number in brackets says once more what was written in letters."""
    return len(words) == 3 and words[0] == "(" and words[1].isdigit() and words[2] == ")"


def none_before(clauses: Clauses, at: int) -> bool:
    """Whether "no" stands before the noun at `at`."""
    lower = clauses.tokens.lower
    for k in range(at - 1, max(-1, at - 5), -1):
        if lower[k] in ("no", "without", "any", "zero"):
            return lower[k] != "any"
        if clauses.tokens.classes[k] & (_W.COMMA | _W.MARK | _W.VERB | _W.BE):
            return False
    return False


def read_rise(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Deaths rose to 31", "the dead now number 44": the dead as the subject of a verb that counts them."""
    lower, classes, at = clauses.tokens.lower, clauses.tokens.classes, predicate.end
    if predicate.harm.lemma == "death":
        at = _past_cause(clauses, at)
    elif predicate.harm.lemma == "dead":
        at = _past_whose(clauses, at)
    while at < len(lower) and classes[at] & (_W.ADVERB | _W.HAVE):
        at += 1
    counted = lower[at : at + 1] == ["are"] and lower[predicate.start : predicate.end] == ["dead"]
    if lower[at : at + 1] == [] or not (counted or lower[at] in _BECOMES):
        return None
    verb, at = lower[at], at + 1
    at += lower[at : at + 1] == ["the"]
    while counted and at < len(lower) and (classes[at] & _W.ADVERB or lower[at] in ("now", "thus")):
        # "the dead are now 63"
        at += 1
    if lower[at : at + 1] in (["to"], ["at"], ["up"]):
        at += 1
    found = read_quantity(lower, classes, at) if at < len(lower) else None
    if found is None or not _ends_count(classes, found.end + (lower[found.end : found.end + 1] == ["mark"])):
        return None
    return finding_of(predicate, [_whole(_bounded(found, verb))], "toll")


def _past_cause(clauses: Clauses, at: int) -> int:
    """Where the verb stands in "deaths from the floods in Durban climb to 57"; `at` where no cause or place is told."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if lower[at : at + 1] not in (["from"], ["in"]):
        return at
    for verb in range(at + 2, min(len(lower) - 1, at + _LONGEST_CAUSE)):
        if lower[verb] in _BECOMES and lower[verb + 1] not in ("of", "in"):
            return verb if _NO_INCIDENT.isdisjoint(lower[at:verb]) else at
        if classes[verb] & (_W.MARK | _W.COMMA | _W.NUMBER | _W.BE | _W.SAY | _W.RELATIVE) and lower[verb] != "'s":
            return at
    return at


def _past_whose(clauses: Clauses, at: int) -> int:
    """Where the verb stands in "the dead of Friday's raid on Mopti, Mali, are now 63"; `at` where none is found."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if lower[at : at + 1] not in (["of"], ["from"], ["in"]):
        return at
    for verb in range(at + 2, min(len(lower) - 1, at + _LONGEST_CAUSE)):
        if lower[verb] in _BECOMES or (lower[verb] == "are" and lower[verb + 1] in ("now", "thus")):
            return verb
        if classes[verb] & (_W.MARK | _W.NUMBER | _W.BE | _W.SAY | _W.RELATIVE) and lower[verb] != "'s":
            return at
    return at


def _ends_count(classes: Sequence[int], end: int) -> bool:
    """Whether nothing that is counted follows a number: "deaths rose to 31 per cent" counts nobody."""
    stops = _W.MARK | _W.COMMA | _W.AND | _W.PREPOSITION | _W.SUBORDINATE | _W.RELATIVE | _W.ADVERB | _W.WEEKDAY
    return end >= len(classes) or bool(classes[end] & stops)


def read_toll(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """The number that a toll is said to be, the last of "rose from 51 to 59"."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    size, at = len(lower), predicate.end
    found: Quantity | None = None
    if predicate.harm.lemma == "that makes":
        return _made(clauses, predicate)
    if predicate.harm.pattern == "total" and _counts_others(clauses, predicate):
        return None
    while at < min(size, predicate.end + 22):
        bits = classes[at]
        if bits & (_W.RELATIVE | _W.SUBORDINATE) and lower[at] not in ("since", "after", "when", "while"):
            break
        if lower[at] == "but" and any(said & _W.SAY for said in classes[at + 1 : at + 4]):
            # "The toll looked set to rise, but officials say some of the scores": another matter
            break
        if (bits & _W.MARK and (found is not None or lower[at] not in (":", "-", "(", '"'))) or (
            bits & _W.AND and found is not None
        ):
            break
        if (bits & (_W.RELATIVE | _W.SUBORDINATE | _W.COMMA) or lower[at] == "with") and found is not None:
            # "rose to 114 with another 127 still missing"
            break
        if bits & (_W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE) or lower[at] in ("half", "between"):
            quantity = read_quantity(lower, classes, at)
            if quantity is not None:
                quantity = _reached(quantity, lower, at)
                # "to 18 from more than 30", "the toll rose by one to 18"
                from_before = "from" in (lower[quantity.core - 1], lower[at - 1]) or lower[at - 1] == "by"
                if _is_toll_number(clauses, quantity, at) and not (from_before and found is not None):
                    found = _last_of_range(quantity) if from_before else quantity
                    found = _bounded(found, lower[quantity.core - 1 - (lower[quantity.core - 1] == "the")])
                at = quantity.end
                continue
        at += 1
    found = found or _brought_to(clauses, predicate)
    if found is None:
        return None
    if predicate.harm.lemma == "number of lives" and _TAKES_LIVES.isdisjoint(lower[predicate.end : found.start]):
        # "the number of lives saved is 45"
        return None
    # "the final count is 80 dead" says itself whom it counts.
    of_others = predicate.harm.pattern == "total" and lower[found.end : found.end + 1] not in _THE_DEAD
    return finding_of(predicate, [_whole(found)], "sum" if of_others else "toll")


def _made(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Three more patients died. That makes fifteen": the number right there, with no noun for others behind it."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    found = read_quantity(lower, classes, predicate.end) if predicate.end < len(lower) else None
    if found is None or not (_ends_count(classes, found.end) or lower[found.end] in _MADE_DEAD):
        return None
    return finding_of(predicate, [_whole(found)], "sum")


def _counts_others(clauses: Clauses, predicate: Predicate) -> bool:
    """Whether "the figure rose to" is not of the dead: "a count to", "900 inmates; the official number is"."""
    lower, at = clauses.tokens.lower, predicate.start
    if lower[at] in _FIGURES and (not at or lower[at - 1] not in _WHICH):
        return True
    if not _NOT_THE_DEAD.isdisjoint(lower[:at]):
        return True
    counted = any(people.form is Form.COUNT and people.end <= at for people in clauses.people)
    return counted and not any(spot < at and one.harm.kind is ClaimKind.KILLED for spot, one in clauses.harms.items())


def _brought_to(clauses: Clauses, predicate: Predicate) -> Quantity | None:
    """The number before the noun of a toll: "bringing to at least nine the number killed"."""
    lower, classes, noun = clauses.tokens.lower, clauses.tokens.classes, predicate.start - 1
    if lower[noun : predicate.start] != ["the"]:
        return None
    for to in range(noun - 2, max(0, noun - _LONGEST_BROUGHT), -1):
        if lower[to] == "to" and lower[to - 1] in _COUNTS_THE_DEAD:
            found = read_quantity(lower, classes, to + 1)
            return found if found is not None and found.end == noun else None
    return None


def _is_toll_number(clauses: Clauses, quantity: Quantity, at: int) -> bool:
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    end = quantity.end
    if end < len(lower) and classes[end] & (_W.NOT_PEOPLE | _W.MONTH) and not classes[end] & _W.PERSON:
        return False
    if quantity.plain_digits and 1900 <= quantity.best <= 2100 and lower[at - 1] in ("in", "of", "since"):
        return False
    if end < len(lower) and lower[end] in ("%", "percent", "per"):
        return False
    if lower[end : end + 1] == ["names"]:
        # "The list of the dead has 39 names"
        return True
    leads = lower[max(0, at - 4) : quantity.core]
    return bool(_TOLL_LEADS.intersection(leads)) or at - 1 <= clauses.predicates[0].end


def _reached(quantity: Quantity, lower: Sequence[str], at: int) -> Quantity:
    """ "the toll went up to 18", "is now up to 18" and "toll up to 18" say where it stands, and no bound."""
    if lower[at : at + 2] == ["up", "to"] and at and (lower[at - 1] in _RISES_TO or lower[at - 1] in _TOLL_ITSELF):
        number = quantity.best
        return Quantity(quantity.core, quantity.end, number, number, number, Modifier.EXACT, core=quantity.core)
    return quantity


def read_the_dead(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "put the dead at 54", "brings the injured to 30": who counts them says how many they are."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    brought = _brought_to(clauses, predicate)
    if brought is not None:
        # "bringing to 15 the dead"
        return finding_of(predicate, [_whole(brought)], "toll")
    verb = predicate.start - 2
    while verb >= 0 and (classes[verb] & (_W.ADVERB | _W.AND) or lower[verb] in ("number", "of")):
        verb -= 1
    again = verb >= 0 and classes[verb] & _W.NUMBER and _COUNTS_THE_DEAD.intersection(lower[:verb])
    if verb < 0 or not (lower[verb] in _COUNTS_THE_DEAD or again):
        return None
    for at in range(predicate.end, min(len(lower) - 1, predicate.end + _LONGEST_OF)):
        if classes[at] & (_W.COMMA | _W.AND | _W.MARK | _W.RELATIVE):
            return None
        if lower[at] == "at" or (lower[at] == "to" and not lower[verb].startswith(("put", "took", "take", "taking"))):
            found = read_quantity(lower, classes, at + 1)
            if found is not None and not _counts_things(clauses, found.end):
                return finding_of(predicate, [_whole(found)], "toll")
    return None


def _whole(number: Quantity) -> People:
    """Those whom the number of a toll counts."""
    return People(
        number.start, number.end, Form.COUNT, "", "person", number.low, number.best, number.high, number.modifier,
        False, True, False, number.core,
    )  # fmt: skip


def _counts_things(clauses: Clauses, end: int) -> bool:
    """Whether a noun follows a number: "brought the dead to 3 hospitals"."""
    bits = clauses.tokens.classes[end] if end < len(clauses.tokens.classes) else _W.MARK
    return not bits & (_W.MARK | _W.COMMA | _W.AND | _W.PREPOSITION | _W.SUBORDINATE | _W.RELATIVE | _W.ADVERB | _W.SAY)


def _bounded(quantity: Quantity, verb: str) -> Quantity:
    """The quantity as the verb before it bounds it: "tops 100" is at least that, "nears 100" less."""
    if quantity.modifier is Modifier.EXACT and verb in _FROM_ABOVE:
        return quantity._replace(high=None, modifier=Modifier.AT_LEAST)
    if quantity.modifier is Modifier.EXACT and verb in _FROM_BELOW:
        return quantity._replace(low=quantity.best * 9 // 10, modifier=Modifier.APPROXIMATELY)
    return quantity


def _last_of_range(quantity: Quantity) -> Quantity:
    if quantity.modifier.value != "range" or quantity.high is None:
        return quantity
    last = quantity.high
    return Quantity(quantity.start, quantity.end, last, last, last, Modifier.EXACT, core=quantity.core)
