"""Clashes: who fought whom. Both sides took part, and the text does not say which of them killed."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.cues import Verdict, is_background, is_negated, verdict, words_of
from services.processor.extraction.actors.line import STOPS, Line

_POSSIBLE = Responsibility.POSSIBLE
_BESIDE = 6
"""Words between a word for a clash and "between" or "with", or between either of these and a side."""
_SIDES = 3
_FOUGHT = frozenset(("clashed", "clash", "fought", "battled", "battling", "fighting", "clashing", "skirmished"))
"""Words before which a side stands as the subject, and after which the other stands as the object."""
_LOOSE = frozenset(("war", "exchange", "combat", "standoff"))
"""Words for a clash only with "between", since they also tell of things that are none: "an exchange with police"."""


def parties(line: Line) -> Iterator[tuple[int, Verdict]]:
    """The places of the mentions that a sentence makes sides of a clash, each with the words that do."""
    seen: set[int] = set()
    clash = words_of("clash")
    if clash.isdisjoint(line.plain):
        return
    for cue, word in enumerate(line.plain):
        if word not in clash or is_negated(line, cue - 3, cue):
            continue
        found = verdict(line, _POSSIBLE, cue)
        if is_background(line, found) or line.any_word(cue - 2, cue, words_of("future")):
            continue
        for at in _sides(line, cue, word):
            if at not in seen:
                seen.add(at)
                yield at, found


def _sides(line: Line, cue: int, word: str) -> Iterator[int]:
    joint = next((at for at in range(cue + 1, cue + 1 + _BESIDE) if line.word(at) in ("between", "with")), None)
    if joint is not None and line.word(joint) == "between":
        yield from _following(line, joint, _SIDES)
        return
    if word in _LOOSE:
        return
    opponents = list(_following(line, joint if joint is not None else cue, 1))
    if word not in _FOUGHT:
        # "soldiers died in a gunbattle with militants": who stands before the noun may be its victims.
        yield from opponents if joint is not None else ()
        return
    before = range(cue - 1, max(-1, cue - 1 - _BESIDE), -1)
    subject = next((at for at in before if line.mentions[at] is not None), None)
    if opponents and subject is not None and not _parted(line, subject, cue):
        yield subject
        yield from opponents


def _following(line: Line, start: int, most: int) -> Iterator[int]:
    """The mentions that follow a place within reach of each other, at most so many."""
    last = start
    for at in range(start + 1, line.size):
        if at - last > _BESIDE or line.words[at] in STOPS or line.word(at) in ("which", "who", "that", "after", "over"):
            return
        if line.mentions[at] is not None:
            yield at
            most -= 1
            last = at
            if not most:
                return


def _parted(line: Line, first: int, last: int) -> bool:
    return any(line.words[at] in STOPS or line.words[at] == "," for at in range(first + 1, last))
