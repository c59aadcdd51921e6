"""Coreference: which named group "the group", "the rebels" or "it" is."""

from __future__ import annotations

from collections.abc import Sequence

from services.processor.extraction.actors.cues import words_of
from services.processor.extraction.actors.lexicon import Actor
from services.processor.extraction.actors.mentions import ActorMention

_BACK = 6
"""Sentences back to which a definite description such as "the group" reaches."""


class NamedBefore:
    """The named groups of one article, and in which sentence each was last named."""

    __slots__ = ("_insurgents", "_seen")

    def __init__(self, mentions: Sequence[ActorMention]) -> None:
        """Of all mentions of an article."""
        groups = {id(m.actor): m.actor for m in mentions if m.named and m.actor is not None}
        self._insurgents = [actor for actor in groups.values() if actor.kind in ("armed_group", "named_group")]
        self._seen: list[tuple[int, Actor]] = []

    def add(self, mention: ActorMention, sentence: int) -> None:
        """Take note of a mention in the sentence with that number."""
        if mention.named and mention.actor is not None and mention.actor.kind != "individual":
            self._seen.append((sentence, mention.actor))

    def last(self, sentence: int, within: int = _BACK, criminal: bool | None = None) -> Actor | None:
        """The group that was named last, at most `within` sentences before; criminal or not, where that is stated."""
        for number, actor in reversed(self._seen):
            if sentence - number > within:
                return None
            if criminal is None or criminal == (actor.kind == "criminal"):
                return actor
        return None

    def resolve(self, mention: ActorMention, sentence: int) -> ActorMention:
        """The mention with the named group that it stands for as its actor, or as it is where it stands for none.

        "The rebels" are the group named last; "rebels" the only insurgent group that the article names.
        """
        if mention.actor is not None or mention.kind not in ("militant", "group", "criminal"):
            return mention
        actor: Actor | None = None
        if mention.definite:
            if mention.head in words_of("group_head"):
                actor = self.last(sentence)
            elif mention.head in words_of("rebel_head"):
                actor = self.last(sentence, criminal=False)
            elif mention.head in words_of("criminal_head"):
                actor = self.last(sentence, criminal=True)
        if actor is None and mention.head in words_of("insurgent_head") and len(self._insurgents) == 1:
            actor = self._insurgents[0]
        return mention if actor is None else mention._replace(actor=actor, kind=actor.kind)
