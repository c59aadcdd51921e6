"""A sentence as the reading of responsibility sees it: words and marks in order, each mention as one word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from services.processor.extraction.actors.lexicon import VerbSense, load_verbs
from services.processor.extraction.actors.mentions import ActorMention

_TOKEN = re.compile(r"[a-z0-9_$%]+(?:\.[a-z0-9]+)*(?:n't)?|'s\b|[.,;:!?]")

STOPS = frozenset((".", ";", "!", "?"))
_BEATEN = frozenset(("beat", "beats", "beaten", "beating", "driven", "drove", "fought", "fight"))
_AWAY = frozenset(("back", "off"))
"""After a word for beating they say that an attack failed: "had beaten back the assault"."""
_SHOT = frozenset(("shot", "shoot", "shoots", "shooting"))
_WARES = frozenset(("drone", "drones", "missile", "missiles", "rocket", "rockets", "uav", "uavs", "projectiles"))
"""What is shot down with nobody in it."""
_NO_HARM_WITH = _AWAY | {"down"}
_NEEDED_WITHIN = 8
_NEEDED_WITHIN_SPEECH = 18
"""A claim or denial may be long in coming to its point: "denied, in a call to a radio station, any responsibility"."""

HARM = frozenset(("harm",))
ACT = frozenset(("harm", "attack"))
CLAIM = frozenset(("claim",))
DENY = frozenset(("deny",))
BLAME = frozenset(("blame",))
SAY = frozenset(("say",))
OTHER = frozenset(("other",))


class Line:
    """The words of one sentence; the lists run in parallel. A mention stands for its whole noun phrase."""

    __slots__ = ("authority_speaks", "ends", "mentions", "plain", "size", "starts", "verbs", "words")

    def __init__(self, view: str, start: int, end: int, mentions: Sequence[ActorMention]) -> None:
        """Of `view[start:end]`, a piece of an `ascii_view`, with `mentions` in order, all of them inside."""
        self.words: list[str] = []
        self.plain: list[str] = []
        """The words with nothing where a mention stands: for whoever reads over them all."""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.mentions: list[ActorMention | None] = []
        at = start
        for mention in mentions:
            if mention.left < at:
                continue
            self._read(view, at, mention.left)
            self.words.append(mention.head)
            self.plain.append("")
            self.starts.append(mention.start)
            self.ends.append(mention.end)
            self.mentions.append(mention)
            at = mention.end
        self._read(view, at, end)
        self.size = len(self.words)
        self.authority_speaks: bool | None = None
        """Whether an authority says what the sentence says; None until that has been asked (cues.authority_speaks)."""
        table = load_verbs()
        self.verbs: list[tuple[VerbSense, ...]] = [table.get(word, ()) for word in self.plain]
        if not _NO_HARM_WITH.isdisjoint(self.words):
            for at, word in enumerate(self.words[:-1]):
                after = self.words[at + 1]
                if (word in _BEATEN and after in _AWAY) or (
                    word in _SHOT and after == "down" and not _WARES.isdisjoint(self.words[at + 2 : at + 8])
                ):
                    self.verbs[at] = ()

    def _read(self, view: str, start: int, end: int) -> None:
        spans = [match.span() for match in _TOKEN.finditer(view, start, end)]
        words = [view[first:last] for first, last in spans]
        self.words += words
        self.plain += words
        self.starts += [first for first, _ in spans]
        self.ends += [last for _, last in spans]
        self.mentions += [None] * len(words)

    def place(self, offset: int) -> int:
        """The place of the first word that begins at `offset` of the text or later; `size` where none does."""
        return bisect_left(self.starts, offset)

    def word(self, at: int) -> str:
        """The word at a place; empty before the first, after the last, and where a mention stands."""
        return self.plain[at] if 0 <= at < self.size else ""

    def mention(self, at: int) -> ActorMention | None:
        """The mention at a place; None where a word stands, and outside."""
        return self.mentions[at] if 0 <= at < self.size else None

    def sense(self, at: int, kinds: frozenset[str]) -> VerbSense | None:
        """How the word at a place is a verb of one of `kinds`, what it needs being there; None where it is none."""
        if not 0 <= at < self.size:
            return None
        for sense in self.verbs[at]:
            if sense.kind in kinds and self.has_needs(at, sense):
                return sense
        return None

    def has_needs(self, at: int, sense: VerbSense) -> bool:
        """Whether one of the words that the verb needs follows it within the sentence."""
        if not sense.needs or (sense.kind == "deny" and self.word(at + 1) in ("", *STOPS, ",")):
            return True
        within = _NEEDED_WITHIN_SPEECH if sense.kind in ("claim", "deny") else _NEEDED_WITHIN
        for further in range(at + 1, min(self.size, at + 1 + within)):
            if self.words[further] in STOPS:
                return False
            if self.mentions[further] is None and self.words[further] in sense.needs:
                return True
        return False

    def clause_start(self, at: int, reach: int = 16) -> int:
        """Where the clause that reaches to `at` begins, at most `reach` words back."""
        start = at
        while start > 0 and at - start < reach and self.words[start - 1] not in STOPS:
            start -= 1
        return start

    def any_word(self, start: int, end: int, words: frozenset[str] | tuple[str, ...]) -> bool:
        """Whether one of `words` stands in `[start, end)`, mentions apart."""
        return any(
            self.mentions[at] is None and self.words[at] in words for at in range(max(0, start), min(self.size, end))
        )
