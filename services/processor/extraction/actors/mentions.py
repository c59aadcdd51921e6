"""Mentions: where a text names or describes somebody who can do harm."""

from __future__ import annotations

from typing import NamedTuple

from services.processor.extraction.actors.lexicon import Actor


class ActorMention(NamedTuple):
    """`text[start:end]` names or describes somebody."""

    start: int
    end: int
    text: str
    """With attributes ("Islamist militants"), without articles, numbers and words of doubt."""
    actor: Actor | None
    """None for a description such as `gunmen`."""
    kind: str
    """The actor's kind; of a description `militant`, `attacker`, `criminal`, `crowd`, `person` or `group`."""
    left: int
    """Where the noun phrase begins, articles, numbers and words of doubt ("suspected") included."""
    doubted: bool = False
    """A word of doubt goes with it: suspected, alleged, presumed."""
    definite: bool = False
    """It has a definite article: "the militants" are somebody whom the text has named before."""
    head: str = ""
    """The last word or words, as the lexicon has them: `gunmen`, `air force`."""

    @property
    def name(self) -> str:
        """What a report calls the actor: the lexicon's name, else the words of the text on one line."""
        return self.actor.name if self.actor is not None else " ".join(self.text.split())

    @property
    def named(self) -> bool:
        """Whether it is an organisation with a name of its own, and no arm of a state."""
        return self.actor is not None and self.actor.kind not in STATE_KINDS

    @property
    def state(self) -> bool:
        """Whether it is an arm of a state or of an alliance of states."""
        return self.kind in STATE_KINDS


STATE_KINDS = frozenset(("state_force", "international_force", "government"))
