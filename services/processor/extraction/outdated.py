"""Figures of the dead that a sentence gives as those of before: "from 54 to 38", "not 61 as announced", "two more"."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import TYPES, ClaimKind, IncidentFamily, Report
from services.processor.extraction.claims.nth import number_in_row
from services.processor.extraction.numbers import may_begin, read_quantity
from services.processor.extraction.passages import Passage, words_in
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass

_SINCE_GIVEN = 5
"""Words before "not" among which the number stands that another is given against."""
_AUXILIARY = 3
"""Words between "had" and what somebody had said: "had at first spoken"."""
_AT_FIRST = frozenset(("had", "first", "initially", "originally"))
"""Before "announced" they say that it was before: "who first announced 60"."""
_IN_ASIDE = _AT_FIRST | {"at", "earlier", "previously", "still"}
"""Between "who" and "announced": "which had at first announced"."""
_ASIDE_WORDS = 4
"""Words from "who" to "announced"."""
_GIVES = frozenset(("of", "it", "at", "them", "as", "about", "the", "toll", "number", "figure", "death", "around"))
"""Between "had put" and the number."""
_GIVEN = 9
"""Words from there to the number."""
_ONE_OF_THEM = frozenset(("person", "victim", "fatality", "death", "body", "patient", "casualty"))
"""Nouns behind a number in a row that count one of the dead."""
_SAID_OF_IT = 12
"""Words from a number to when it was given: "the figure of 300 that was given early on"."""
_FAULTED = 6
"""Words from a verb that says that a number is not accepted to that number."""
_FOUGHT = (IncidentFamily.VIOLENCE, IncidentFamily.UNREST)
_TO_WRONG = 10
"""Words from a number to what is said of it."""
_ARE = ("is", "was", "are", "were", "proved")
_NUMBER = WordClass.NUMBER
_LONGEST_NUMBER, _JOINS = 5, (",", "and", "&")


def outdated_in(passage: Passage) -> list[int]:
    """Numbers of dead that the sentence gives as said before: "from 54 to 38", "up from 16", "not 61 as announced"."""
    if not passage.words_of("toll"):
        return []
    tokens, found = passage.tokens, not_as_before(passage)
    for at, word in enumerate(tokens.lower):
        if word != "from":
            continue
        first = number_at(tokens, at + 1)
        if first is None:
            continue
        led = tokens.lower[at - 1] in ("up", "down") if at else False
        led = led or _risen_or_fallen_to(tokens, at) is not None or _lowered(passage, at)
        following = first[1]
        to = following < len(tokens.lower) and tokens.lower[following] == "to"
        second = number_at(tokens, following + 1) if to else None
        if led or second is not None:
            found.append(first[0])
    found.extend(called_wrong(passage))
    for at in passage.words_of("earlier_figure"):
        if any(count in (at + 1, at + 2) for count in passage.words_of("count")):
            of = next((n for n in range(at + 1, min(at + 5, len(tokens.lower))) if tokens.lower[n] == "of"), None)
            number = number_at(tokens, of + 1) if of is not None else None
            if number is not None:
                found.append(number[0])
    return found


def spoken_of_before(passage: Passage, report: Report) -> list[int]:
    """Numbers of dead that somebody had given before: "had spoken of 31 dead", "the earliest reports had put it at 12".

    Not the number that the article itself gives, and only where it counts the dead otherwise.
    """
    killed, tokens = report.toll.killed, passage.tokens
    if killed is None or killed.best is None or _AT_FIRST.isdisjoint(tokens.lower):
        return []
    given = _had_given(passage)
    if given not in (None, killed.best, 1):
        return [given]
    if not passage.words_of("toll") and not passage.words_of("count"):
        return []
    said = next(
        (
            at
            for at in passage.words_of("spoke_of")
            if _AT_FIRST.intersection(tokens.lower[max(0, at - _AUXILIARY) : at])
        ),
        None,
    )
    if said is None:
        return []
    numbers = (number_at(tokens, at) for at in range(said + 1, min(len(tokens.lower), said + 1 + _GIVEN)))
    first = next((number for number in numbers if number is not None), None)
    return [first[0]] if first is not None and first[0] not in (killed.best, 1) else []


def _had_given(passage: Passage) -> int | None:
    """The number in an aside on who gave it before: "the governor, who had announced 71, said"; None for none."""
    tokens = passage.tokens
    for at in passage.words_of("spoke_of"):
        since = tokens.lower[max(0, at - _ASIDE_WORDS) : at]
        asides = [k for k in range(len(since) - 1) if since[k] in ("who", "which") and since[k + 1] == "had"]
        if not asides or not _IN_ASIDE.issuperset(since[asides[-1] + 1 :]):
            continue
        start = at + 1
        while start < len(tokens.lower) and tokens.lower[start] in _GIVES:
            start += 1
        number = number_at(tokens, start)
        if number is None:
            continue
        after = tokens.lower[number[1] : number[1] + 1]
        if not after or not after[0][0].isalnum() or after[0] in words_in("toll"):
            return number[0]
    return None


def before_more(passage: Passage, report: Report) -> list[int]:
    """What the toll was before the further dead of a sentence: "two more have died", "raised the toll by two"."""
    killed, tokens = report.toll.killed, passage.tokens
    if killed is None or killed.best is None or killed.low != killed.best or not passage.words_of("toll"):
        return []
    found = _before_these(passage, report, killed.best)
    for at, word in enumerate(tokens.lower):
        quantity = read_quantity(tokens.lower, tokens.classes, at) if may_begin(word, tokens.classes[at]) else None
        row = number_in_row(word)
        if row is not None and row == killed.best and at > 0 and _dies(tokens, at):
            # "A 14th person has died", "making her its third fatality": before that it was one less.
            found.append(row - 1)
        if quantity is None or not 0 < quantity.best < killed.best:
            continue
        rose = at > 0 and tokens.lower[at - 1] == "by" and not words_in("rises").isdisjoint(tokens.lower)
        one = tokens.lower[at : at + 2] == ["another", "one"]
        if (quantity.more or rose) and not one and word not in ("than", "over"):
            found.append(killed.best - quantity.best)
    return found


def _before_these(passage: Passage, report: Report, total: int) -> list[int]:
    """What the toll was before those of whom a sentence says that they bring it up: "five died, raising to 29 the"."""
    if not passage.words_of("brings") and not ("so" in passage.tokens.lower and "now" in passage.tokens.lower):
        return []
    told = [
        claim.best
        for claim in report.claims
        if claim.kind is ClaimKind.KILLED and claim.best is not None
        if any(e.field == passage.field and passage.start <= e.start < passage.end for e in claim.evidence[:1])
    ]
    return [total - number for number in told if 0 < number < total] if total in told else []


def _dies(tokens: Tokens, at: int) -> bool:
    """Whether the one told of by his number in a row at `at` is one of the dead: "a 14th person", "the 21st victim"."""
    return not _ONE_OF_THEM.isdisjoint(tokens.lower[at + 1 : at + 3])


def given_at_first(passage: Passage, report: Report) -> list[int]:
    """Numbers of dead that were given before: "the figure of 300 that was given early on".

    And those that somebody gives up: "a union that had counted 54 accepts the number".
    """
    killed, tokens = report.toll.killed, passage.tokens
    if killed is None or killed.best is None:
        return []
    found = []
    for at in passage.words_of("count"):
        number = number_at(tokens, at + 2) if tokens.lower[at + 1 : at + 2] == ["of"] else None
        if number is None or tokens.lower[number[1] : number[1] + 1] not in (["that"], ["which"], ["first"]):
            continue
        after = tokens.lower[number[1] : number[1] + _SAID_OF_IT]
        if not words_in("published").isdisjoint(after) and not words_in("at_first").isdisjoint(after):
            found.append(number[0])
    if passage.says("accepts"):
        for at in passage.words_of("spoke_of"):
            number = number_at(tokens, at + 1) if "had" in tokens.lower[max(0, at - _AUXILIARY) : at] else None
            found.extend([number[0]] if number is not None else [])
    return [number for number in found if number not in (killed.best, 1)]


def all_live(passage: Passage) -> int | None:
    """How many all of those are who had been missed and live: "all 14 missing climbers are safe"."""
    if not passage.says("given_up") or not passage.says("all_live"):
        return None
    lower = passage.tokens.lower
    for at, word in enumerate(lower):
        if word == "all":
            number = number_at(passage.tokens, at + 1 + (lower[at + 1 : at + 2] in (["the"], ["of"])))
            if number is not None and number[0] > 1:
                return number[0]
    return None


def called_wrong(passage: Passage) -> list[int]:
    """Numbers of dead that a sentence calls wrong: "the figure of 34 deaths was wrong"."""
    if not passage.says("wrong"):
        return []
    tokens, found = passage.tokens, list[int]()
    for at in passage.words_of("count"):
        number = number_at(tokens, at + 2) if tokens.lower[at + 1 : at + 2] == ["of"] else None
        after = [] if number is None else tokens.lower[number[1] : number[1] + _TO_WRONG]
        if number is not None and any(
            word in _ARE and not words_in("wrong").isdisjoint(after[k + 1 : k + 3]) for k, word in enumerate(after)
        ):
            found.append(number[0])
    return found


def not_as_before(passage: Passage) -> list[int]:
    """Numbers that are "not 61 as first announced", "rather than the 61 reported"."""
    tokens, found = passage.tokens, list[int]()
    for at, word in enumerate(tokens.lower):
        than = word == "than" and at > 0 and tokens.lower[at - 1] == "rather"
        if word != "not" and not than:
            continue
        start = at + 1 + (tokens.lower[at + 1 : at + 2] == ["the"])
        number = number_at(tokens, start)
        spots = passage.words_of("correction")
        corrected = any(spot < 2 for spot in spots) if passage.field == "title" else any(spot < at for spot in spots)
        if number is not None and (corrected or _said_before(tokens, number[1]) or _sets_right(passage, at, number[1])):
            found.append(number[0])
    if passage.words_of("toll") and passage.says("earlier_version"):
        numbers = (
            number_at(tokens, at + 1) for at, word in enumerate(tokens.lower) if word in ("as", "at", "of", "that")
        )
        found.extend(number[0] for number in numbers if number is not None)
    return found


def _sets_right(passage: Passage, at: int, end: int) -> bool:
    """Whether a count is given against another, "the number of deaths was 125, not 174."."""
    tokens = passage.tokens
    ended = end >= len(tokens.lower) or not tokens.lower[end][0].isalnum()
    if ended and tokens.lower[at - 1] in _JOINS and _of_the_dead(passage, at):
        return True
    counted = any(counts_dead(tokens.lower, count) for count in passage.words_of("count"))
    # "was put at 47 on Wednesday, not 53"
    given = any(word[-1].isdigit() for word in tokens.lower[max(0, at - _SINCE_GIVEN) : at - 1])
    return ended and counted and at > 1 and tokens.lower[at - 1] in _JOINS and given


def _of_the_dead(passage: Passage, at: int) -> bool:
    """Whether words before "not" count dead: "12 people died in the flood and not over 40", "41 victims, not 58"."""
    tokens = passage.tokens
    clause = max((k for k, word in enumerate(tokens.lower[: at - 1]) if word in (".", ";", ":", ",")), default=-1)
    dead = [k for k in passage.words_of("toll") if clause < k < at]
    return bool(dead) and any(tokens.classes[k] & _NUMBER for k in range(clause + 1, at - 1))


def _said_before(tokens: Tokens, end: int) -> bool:
    return any(later in words_in("before") for later in tokens.lower[end : end + 5])


def _risen_or_fallen_to(tokens: Tokens, at: int) -> int | None:
    """The number of dead before "from" at `at`: "the toll was revised to 125 from 174", "risen to 1,234, from 844"."""
    end = at - (at > 1 and tokens.lower[at - 1] == ",")
    if words_in("toll").isdisjoint(tokens.lower[:end]):
        return None
    for start in range(max(0, end - _LONGEST_NUMBER), end):
        found = number_at(tokens, start + 1) if tokens.lower[start] == "to" else None
        if found is not None and found[1] == end:
            return found[0]
    return None


def _lowered(passage: Passage, at: int) -> bool:
    """Whether a count is said to be lowered right before "from" at `at`: "revised the confirmed death toll from 79"."""
    words = passage.tokens.lower[max(0, at - 5) : at]
    return words[-1:] in (["toll"], ["tally"]) and not words_in("lowers").isdisjoint(words)


def falls(passage: Passage) -> bool:
    tokens = passage.tokens
    at_from = [at for at, word in enumerate(tokens.lower) if word == "from"]
    pairs = ((_risen_or_fallen_to(tokens, at), number_at(tokens, at + 1)) for at in at_from)
    return any(now is not None and before is not None and now < before[0] for now, before in pairs)


def fewer_than_before(passage: Passage) -> bool:
    """ "lower than first thought"; not "no fewer than seven"."""
    lower, before = passage.tokens.lower, words_in("before")
    return any(
        lower[at] in ("fewer", "lower")
        and lower[at + 1] == "than"
        and lower[at - 1] != "no"
        and any(word in before for word in lower[at + 2 : at + 6])
        for at in range(1, len(lower) - 2)
    )


def lives_after_all(passage: Passage) -> bool:
    """ "Five men who had been shown as dead are alive": they were counted, not "a boy alive among the dead"."""
    lower = passage.tokens.lower
    if not passage.says("as_dead") or not passage.words_of("alive"):
        return False
    counted = next((at for at in range(1, len(lower)) if lower[at] == "dead" and lower[at - 1] in ("as", "the")), 0)
    had = not {"had", "been", "were", "was"}.isdisjoint(lower[:counted])
    return had and any(at > counted for at in passage.words_of("alive"))


def others_wrong(passage: Passage, report: Report) -> bool:
    """Whether the figures of others are called wrong, "figures above that circulated by some media are incorrect".

    Only of accidents and disasters: what one side of a fight says of the other's number sets nothing right.
    """
    if report.toll.killed is None or TYPES[report.type].family in _FOUGHT or not passage.says("wrong"):
        return False
    lower, wrong = passage.tokens.lower, words_in("wrong")
    return any(
        lower[at] in ("figures", "numbers", "tolls", "counts")
        and any(
            lower[k] in _ARE and not wrong.isdisjoint(lower[k + 1 : k + 3])
            for k in range(at + 1, min(len(lower), at + _TO_WRONG))
        )
        for at in range(len(lower))
    )


def settled_at(passage: Passage) -> bool:
    """ "DNA analysis fixes the number of dead at 47": counted anew, and by better means than before."""
    if not passage.words_of("settles"):
        return False
    tokens = passage.tokens
    counts = [at for at in passage.words_of("count") if counts_dead(tokens.lower, at)]
    return any(
        0 < count - at <= _SINCE_GIVEN
        and any(
            tokens.lower[k] in ("at", "to") and number_at(tokens, k + 1) is not None
            for k in range(count + 1, min(len(tokens.lower), count + _TO_WRONG))
        )
        for at in passage.words_of("settles_at")
        for count in counts
    )


def included_others(passage: Passage) -> bool:
    """ "The higher number has included bodies of last week", "the first count had included seven who are alive"."""
    if not passage.says("included"):
        return False
    lower, counts = passage.tokens.lower, words_in("count")
    of_dead = bool(passage.words_of("no_dead"))
    return any(
        lower[at + 1] in counts and (lower[at] == "higher" or (of_dead and lower[at] in words_in("surplus")))
        for at in range(len(lower) - 1)
    )


def confirmed_of(passage: Passage) -> list[int]:
    """Numbers of unconfirmed deaths of which a sentence confirms fewer: "only 20 of 58 alleged deaths confirmed"."""
    if not passage.words_of("confirms") or not passage.words_of("toll"):
        return []
    tokens, found = passage.tokens, list[int]()
    for at, word in enumerate(tokens.lower):
        whole = number_at(tokens, at + 1 + (tokens.lower[at + 1 : at + 2] == ["the"])) if word == "of" else None
        if whole is None or words_in("unconfirmed").isdisjoint(tokens.lower[whole[1] : whole[1] + _SINCE_GIVEN]):
            continue
        before = (number_at(tokens, start) for start in range(at))
        if any(one is not None and 0 < one[0] < whole[0] for one in before):
            found.append(whole[0])
    return found


def faulted_in(passage: Passage, report: Report) -> list[int]:
    """Larger numbers of dead that somebody does not accept: "dismissing the figure of 60", "faults 60 deaths claim".

    Only of accidents and disasters: what one side of a fight says of the other's number sets nothing right.
    """
    killed, tokens = report.toll.killed, passage.tokens
    if killed is None or killed.best is None or TYPES[report.type].family in _FOUGHT:
        return []
    found = []
    for at in passage.words_of("faults"):
        numbers = (number_at(tokens, k) for k in range(at + 1, min(len(tokens.lower), at + _FAULTED)))
        number = next((one for one in numbers if one is not None), None)
        if number is None or number[0] <= killed.best:
            continue
        near = tokens.lower[at + 1 : number[1] + 2]
        if not words_in("count").isdisjoint(near) or not words_in("report").isdisjoint(near):
            found.append(number[0])
    return found


def counts_dead(lower: Sequence[str], at: int) -> bool:
    """Whether a count is one of the dead, as "the number of checkpoints" is not."""
    if lower[at] in words_in("toll") or lower[at + 1 : at + 2] != ["of"]:
        return True
    return any(word in words_in("toll") or word in ("people", "persons") for word in lower[at + 2 : at + 6])


def number_at(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """The number that begins at a word, and the index after it."""
    if at >= len(tokens.lower):
        return None
    quantity = read_quantity(tokens.lower, tokens.classes, at)
    return None if quantity is None else (quantity.best, quantity.end)
