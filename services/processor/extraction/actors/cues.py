"""Cues that both directions of reading share: words of doubt, who speaks with authority, what is mere background."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.lexicon import load_words
from services.processor.extraction.actors.line import ACT, STOPS, Line
from services.processor.extraction.actors.mentions import ActorMention

POSSIBLY = frozenset(("may", "might", "could", "possibly", "perhaps", "potentially", "maybe"))
ALLEGEDLY = frozenset(
    ("allegedly", "presumably", "probably", "apparently", "supposedly", "purportedly", "suspectedly", "evidently")
)
_SAYING = frozenset(("said", "says", "say", "believe", "believes", "suspect", "suspects", "believed", "suspected"))
_SPEAKING = _SAYING | {"according"}
_GENERAL = frozenset(
    ("similar", "previous", "frequent", "frequently", "regularly", "routinely", "often", "usually", "typically",
     "occasionally", "sporadic", "previously", "traditionally", "regular", "countless", "numerous", "sometimes",
     "increasingly", "notorious")
)  # fmt: skip


_OF_THE_PAST = _GENERAL | {
    "past", "since", "recent", "last", "several", "many", "years", "months", "decades", "string", "spate",
}  # fmt: skip
"""Words of which one, or a year, says what is done in general or was done before (is_background)."""
_CLAUSE = 30
"""Words to either side of a verb that a clause is followed for."""
_BESIDE = 70
"""Characters to either side of a verb within which a time or a habit qualifies it."""
_STRETCHES = frozenset(("hours", "days", "weeks", "months", "day", "week", "month"))
_AFTER_REACH = 16
"""Words back to which "two weeks after" is looked for."""
_PARTING = frozenset((",", ".", ";", ":", "who", "which"))
_SUSPECTS = frozenset(("driver", "truck driver", "lorry driver", "suspect", "suspects", "individual"))


class Verdict(NamedTuple):
    """What a sentence says of one mention, with the words that decide."""

    responsibility: Responsibility
    start: int
    end: int
    """Where the deciding words are, in the text."""
    against: str = ""
    """Head of the description or name of those it was done to, where they stand beside it; empty where not."""
    against_attackers: bool = False
    """They are attackers: forces answering an attack are not those who made it."""


@lru_cache(maxsize=64)
def words_of(word_class: str) -> frozenset[str]:
    """The words of a class in actors_words.tsv. Raises KeyError where there is no such class."""
    return load_words()[word_class]


def verdict(line: Line, value: Responsibility, first: int, last: int | None = None) -> Verdict:
    """A verdict that rests on the words from place `first` to place `last`."""
    return Verdict(value, line.starts[first], line.ends[first if last is None else last])


def is_authority(line: Line, at: int) -> bool:
    """Whether a word or mention is one of a state's: police, minister, army."""
    mention = line.mention(at)
    if mention is not None:
        return mention.state
    return line.words[at] in words_of("authority")


def is_attacker(mention: ActorMention) -> bool:
    """Whether a description says that they attack: gunmen, militants, "the driver" of an attack with a vehicle."""
    if mention.kind == "person":
        return mention.definite and mention.head in _SUSPECTS
    return mention.kind in ("attacker", "militant", "criminal") or mention.named


def any_authority(line: Line, start: int, end: int) -> bool:
    """Whether an authority stands in `[start, end)`."""
    return any(is_authority(line, at) for at in range(max(0, start), min(line.size, end)))


def authority_speaks(line: Line) -> bool:
    """Whether an authority says what the sentence says: "police said", "according to officials"."""
    if line.authority_speaks is None:
        line.authority_speaks = not _SPEAKING.isdisjoint(line.plain) and any(
            _speaks_at(line, at, word) for at, word in enumerate(line.plain) if word in _SPEAKING
        )
    return line.authority_speaks


def _speaks_at(line: Line, at: int, word: str) -> bool:
    if word in _SAYING and at:
        return any_authority(line, at - 4, at) or any_authority(line, at + 1, at + 4)
    return word == "according" and any_authority(line, at + 1, at + 6)


def suspicion(line: Line, start: int, end: int) -> Responsibility:
    """Suspected by authorities where one stands in `[start, end)` or speaks in the sentence, else only suspected."""
    if any_authority(line, start, end) or authority_speaks(line):
        return Responsibility.SUSPECTED_BY_AUTHORITIES
    return Responsibility.SUSPECTED


def by_whom(line: Line, at: int) -> Responsibility:
    """Of a passive accusation whose "by" stands before `at`."""
    for further in range(at, min(line.size, at + 6)):
        if line.words[further] in STOPS or line.word(further) == ",":
            break
        if is_authority(line, further):
            return Responsibility.SUSPECTED_BY_AUTHORITIES
    return Responsibility.SUSPECTED


_BELIEVING = frozenset(("believe", "believes", "think", "thinks", "suspect", "suspects", "fear", "fears", "suspected"))


def believers(line: Line, at: int) -> Responsibility | None:
    """Who holds for true what follows place `at`: "detectives believe a gang did it"; None where nobody is said to."""
    if line.word(at) == "that":
        at -= 1
    if line.word(at) not in _BELIEVING or line.word(at - 1) in words_of("be"):
        return None
    by_authorities = any_authority(line, at - 4, at)
    return Responsibility.SUSPECTED_BY_AUTHORITIES if by_authorities else Responsibility.SUSPECTED


def doubt_before(line: Line, start: int, end: int) -> Responsibility | None:
    """What the last word of doubt in `[start, end)` makes of a statement; None where there is none."""
    for at in range(min(end, line.size) - 1, max(0, start) - 1, -1):
        word = line.word(at)
        if word in POSSIBLY:
            return Responsibility.POSSIBLE
        if word in words_of("doubtful"):
            return suspicion(line, start, end)
    return None


def is_negated(line: Line, start: int, end: int) -> bool:
    """Whether a word such as `not` stands in `[start, end)`."""
    return line.any_word(start, end, ("not", "never", "no", "nor", "neither", "without"))


def is_year(word: str) -> bool:
    """Whether a word is a year of this age: 1900 to 2099."""
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def _clause_around(line: Line, cue: int) -> tuple[int, int]:
    """The first and the last word of the clause in which a word stands, parted by commas and relative pronouns."""
    first = last = cue
    words = line.plain
    while first > 0 and cue - first < _CLAUSE and words[first - 1] not in _PARTING:
        first -= 1
    while last + 1 < line.size and last - cue < _CLAUSE and words[last + 1] not in _PARTING:
        last += 1
    return first, last


def _before_what_is_told(line: Line, cue: int) -> bool:
    """Whether it is of an attack that the one told of followed: "killed ten, two weeks after a Taliban raid"."""
    for at in range(cue - 1, max(0, cue - _AFTER_REACH), -1):
        word = line.plain[at]
        if word in STOPS or word == ",":
            return False
        known = line.mention(at + 1)
        since = word in ("after", "since") and line.plain[at - 1] in _STRETCHES and not (known and known.state)
        follows = word in ("followed", "follows") and line.word(at + 1) in ("a", "an", "another", "several", "other")
        if since or follows:
            told = words_of("attack_noun")
            return any(line.plain[k] in told or line.sense(k, ACT) is not None for k in range(at))
    return False


def is_background(line: Line, found: Verdict) -> bool:
    """Whether it is what the actor does in general, or did before: "has carried out similar attacks", "since 2009"."""
    low, high = line.place(found.start - _BESIDE), line.place(found.start + _BESIDE)
    if _before_what_is_told(line, line.place(found.start)):
        return True
    for at, word in enumerate(line.plain[low:high], low):
        if word == "repeatedly" and line.word(at - 1) in ("has", "have"):
            return True
        if word not in _OF_THE_PAST and not word.startswith(("19", "20")):
            continue
        if word in _GENERAL:
            if line.word(at - 1) in ("had", "has", "have") and line.any_word(line.place(found.start), at, ("and",)):
                # "claimed responsibility for the attack and had previously written"
                continue
            first, last = _clause_around(line, min(line.place(found.start), line.size - 1))
            # "charged with this attack and two similar ones" tells of this one first.
            if first <= at <= last and not line.any_word(first, at, ("this", "these")):
                return True
            continue
        if word == "past" and (line.word(at - 1) == "the" and line.word(at + 1) in ("", ",", ".", "and", "but")):
            return True
        if is_year(word) and line.word(at + 1) in words_of("attack_noun"):
            return True
        if word.endswith("0s") and is_year(word[:-1]):
            return True
        if word == "since" and is_year(line.word(at + 1)):
            return True
        if word in ("recent", "past", "last", "several", "many") and line.word(at + 1) in (
            "years",
            "decades",
            "decade",
        ):
            return True
        if word in ("years", "months", "decades") and line.word(at + 1) in ("ago", "of"):
            return True
        if word == "last" and line.word(at + 1) == "year":
            return True
        if word in ("string", "spate") and line.word(at + 1) == "of":
            return True
    return False
