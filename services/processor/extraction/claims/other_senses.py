"""Harm words that mean something else where they stand: kicked out of a bar, shot up to 303, buried alive and found."""

from __future__ import annotations

from collections.abc import Sequence

from services.processor.extraction.claims.losses import loses_soldiers
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.claims.status import in_a_title
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import word_set

_THROWN_OUT = (["off"], ["out"])
"""After "kicked": whoever is kicked out of a bar is not hurt."""
_ROSE = (["up", "to"], ["up", "by"], ["up", "from"])
"""After "shot": a number that shot up to 303 shot nobody."""
_STORMS = frozenset(("cyclone", "storm", "storms", "hurricane", "typhoon", "winds", "waves", "rains", "floods"))
_IN_TOUCH_WITH = word_set("in_touch_with")


def of_people(tokens: Tokens, predicates: Sequence[Predicate], capitals: bool) -> list[Predicate]:
    """The harm words of a sentence without those whose neighbours show that nobody is harmed by them."""
    stormy = not _STORMS.isdisjoint(tokens.lower)
    return [
        predicate
        for predicate in predicates
        if not _of_other_things(tokens, predicate, stormy) and (capitals or not in_a_title(tokens, predicate.start))
    ]


def _of_other_things(tokens: Tokens, predicate: Predicate, stormy: bool) -> bool:
    lower, lemma = tokens.lower, predicate.harm.lemma
    if predicate.harm.pattern == "loses":
        return not loses_soldiers(tokens, predicate)
    if lemma == "kick":
        return lower[predicate.end : predicate.end + 1] in _THROWN_OUT
    if lemma == "shoot":
        return lower[predicate.end : predicate.end + 2] in _ROSE
    if lemma == "batter":
        # "the cyclone battered India": the land, and nobody
        return stormy
    # "in touch with 11 people buried alive": they live
    return lemma == "bury alive" and not _IN_TOUCH_WITH.isdisjoint(lower[: predicate.start])
