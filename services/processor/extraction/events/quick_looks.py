"""Quick looks at the words around one for an event: whether it can tell of any, before a sentence is split.

They hold for texts in which nobody is harmed, and skip only what `beside` takes for no incident. Whoever lets a word
tell of one in another way adds that here, too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from schemas import IncidentType
from services.processor.extraction.events.beside import BURSTS, MADE_SAFE, SENDS
from services.processor.extraction.events.lexicon import Trigger, phrases, triggers
from services.processor.extraction.events.realis import is_infinitive, may_follow_to
from services.processor.extraction.scan import Hit

_REACH = 160
"""Characters of as many words as are looked at on either side of a word for an event."""
_THREAT_REACH = 200
"""Characters of as many words as stand between "threatened to" and its verb or that verb's object."""
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 20
"""Words that are looked for one by one."""
_ABOARD = frozenset(("board", "aboard"))


class _Words(NamedTuple):
    """Some words, and the shortest of them that are within the others: a text without these has none of them."""

    words: frozenset[str]
    within: tuple[str, ...]
    """Empty where they are so many that a look for each takes longer than one at each word of a text."""

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a folded text."""
        if self.within and not any(part in text for part in self.within):
            return False
        return not self.words.isdisjoint(_WORD.findall(text))


class _Need(NamedTuple):
    """What must stand near a word for an event: one of these words, or a phrase of one of these lexicons."""

    words: _Words | None
    """None where it needs none."""
    tables: tuple[str, ...]
    infinitive: bool
    """Outside headlines "to" must stand before it, too."""


def may_tell_of_event(hits: Sequence[Hit], folded: str, *, headline: bool) -> bool:
    """Whether one of the words for events among the `hits` of a text may tell of one, if nobody is harmed.

    `hits` are in order of the text. Linear in its length.
    """
    doubtful = _doubtful()
    doubted: list[tuple[Hit, tuple[_Need, ...]]] = []
    for hit in hits:
        if hit.entry.table == "trigger":
            needs = doubtful.get(folded[hit.start : hit.end])
            if needs is None:
                return True
            doubted.append((hit, needs))
    if not doubted:
        return False
    threats = _words("threatened")
    for hit, needs in doubted:
        near = folded[max(0, hit.start - _REACH) : hit.end + _REACH]
        for need in needs:
            beside = (
                need.words is None
                or need.words.stand_in(near)
                or (need.tables != () and _stands_near(need.tables, hit, hits))
            )
            if beside and (headline or not need.infinitive or may_follow_to(folded, hit.start)):
                return True
        if threats.stand_in(folded[max(0, hit.start - _THREAT_REACH) : hit.start]):
            return True
    return False


def _stands_near(tables: tuple[str, ...], hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether a phrase of one of these lexicons stands near a word for an event."""
    first = bisect_left(hits, hit.start - _REACH, key=_start)
    last = bisect_left(hits, hit.end + _REACH, key=_start)
    return any(other.entry.table in tables for other in hits[first:last])


def _start(hit: Hit) -> int:
    return hit.start


@cache
def _doubtful() -> dict[str, tuple[_Need, ...]]:
    """The words for events that tell of one only beside others, each with what one of its readings needs."""
    found: dict[str, tuple[_Need, ...]] = {}
    for phrase, choices in triggers().items():
        needs = [need for one in choices if (need := _need(one)) is not None]
        if len(needs) == len(choices):
            found[" ".join(phrase)] = tuple(needs)
    return found


def _need(one: Trigger) -> _Need | None:
    """What must stand near a word for an event; None where it may tell of one by itself, or by people beside it."""
    infinitive = is_infinitive((one,))
    if one.strength == "mishap":
        return _Need(_words("movables", others=_ABOARD), (), infinitive)
    if one.strength == "foil" and one.lemma not in MADE_SAFE:
        return _Need(_words("bombs", "devices"), (), infinitive)
    if one.strength == "event":
        return _Need(_words("striking"), (), infinitive)
    if one.noun and one.strength == "hostile" and one.kind is IncidentType.KILLING:
        # "His death": whoever died is counted or named elsewhere.
        return _Need(_words(), (), infinitive)
    if not one.noun and (one.lemma in SENDS or one.lemma in BURSTS):
        return _Need(_words("devices"), ("weapon",), infinitive)
    if not one.noun and one.strength == "harm":
        return _Need(_words("devices"), ("weapon", "target"), infinitive)
    return _Need(None, (), infinitive) if infinitive else None


@cache
def _words(*names: str, others: frozenset[str] = frozenset()) -> _Words:
    """`others` and the first word of each phrase of some rows of events_words.tsv, of "booby-trap" as well."""
    found = others.union(_WORD.findall(phrase[0])[0] for name in names for phrase in phrases(name))
    within = [word for word in found if not any(other in word for other in found - {word})]
    return _Words(found, tuple(sorted(within)) if len(within) <= _FEW else ())
