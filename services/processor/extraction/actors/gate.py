"""The gate: which sentences of a text have a word that can make anybody the one who did it. The others are not read."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.processor.extraction.actors.lexicon import load_verbs, load_words

_CUE_CLASSES = ("attack_noun", "agent_noun", "cue")
_NAMING = frozenset(
    ("claimed", "claims", "took", "accepted", "admitted", "assumed", "confessed", "identified", "named", "opened",
     "shot", "stabbed", "rammed", "ploughed", "plowed", "drove", "detonated", "gunned", "mowed", "strangled",
     "bludgeoned", "hacked", "beheaded", "set", "charged", "guilty", "convicted", "indicted", "arrested",
     "gunman", "attacker",
     "assailant", "shooter", "perpetrator", "bomber", "killer", "hijacker")
)  # fmt: skip
"""Words with which a sentence tells by name who did it; see individuals.py."""


@lru_cache(maxsize=1)
def _matcher() -> tuple[AhoCorasick, tuple[bool, ...]]:
    words = load_words()
    cues = {word for name in _CUE_CLASSES for word in words[name]}
    cues.update(
        form
        for form, senses in load_verbs().items()
        if any(sense.kind in ("harm", "attack", "claim", "deny", "blame") for sense in senses)
    )
    spellings = tuple(sorted(cues | _NAMING))
    matcher = AhoCorasick(
        [f" {word}" for word in spellings], matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
    )
    return matcher, tuple(word in _NAMING for word in spellings)


class Gate:
    """Where the cues of one text are."""

    __slots__ = ("_cues", "_naming")

    def __init__(self, view: str) -> None:
        """Of an `ascii_view`. Takes linear time."""
        matcher, naming = _matcher()
        self._cues: list[int] = []
        self._naming: list[int] = []
        size = len(view)
        for pattern, start, stop in matcher.find_matches_as_indexes(" " + view, overlapping=True):
            if stop - 1 < size and view[stop - 1].isalnum():
                continue
            self._cues.append(start)
            if naming[pattern]:
                self._naming.append(start)
        self._cues.sort()
        self._naming.sort()

    def has_cue(self, start: int, end: int) -> bool:
        """Whether a verb or noun of harm, claim, denial or blame stands in `[start, end)`."""
        at = bisect_left(self._cues, start)
        return at < len(self._cues) and self._cues[at] < end

    def may_name(self, start: int, end: int) -> bool:
        """Whether a word with which somebody is named as the one who did it stands in `[start, end)`."""
        at = bisect_left(self._naming, start)
        return at < len(self._naming) and self._naming[at] < end
