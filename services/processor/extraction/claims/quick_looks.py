"""Quick looks: whether the words around a harm word can say it of people, before people are looked for.

They skip only what tells nothing. Whoever adds a way to say harm adds it here, too.
"""

from __future__ import annotations

import re

from services.processor.extraction.claims.bodies_and_lives import of_the_dead, takes_lives
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.happenings import LONGEST_KIND
from services.processor.extraction.claims.nouns import read_count, read_rise
from services.processor.extraction.claims.nth import numbered_one
from services.processor.extraction.claims.people import may_begin
from services.processor.extraction.claims.predicates import ACTIVE, Predicate, tells
from services.processor.extraction.text import Tokens, tokenise
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_FATAL_AFTER = re.compile(r"\b(?:dead|death|execution)")
_FATAL_REACH = 250
"""Characters after "shoot" of as many words as "dead" is looked for in."""
_FATALLY_BEFORE = re.compile(rf"\b(?:{'|'.join(sorted(word_set('fatally')))})\W*\Z")
_LONGEST_FATALLY = 24
_OBJECT_REACH = 40
"""Characters after a verb in which the first word is looked at that is no adverb."""


def may_be_said(tokens: Tokens, predicate: Predicate, capitals: bool) -> bool:
    """Whether the words around a harm word can say it of people."""
    pattern = predicate.harm.pattern
    if pattern == "claims" or (pattern == "result" and predicate.harm.form in ACTIVE):
        # Without an object "club" is a noun, "kicking" harms nobody, and "claimed" is said of anything.
        labelled = tokens.lower[predicate.end : predicate.end + 1] == [":"]
        return capitals or labelled or _may_have_object(tokens, predicate.end)
    if pattern == "count" or (pattern == "event" and predicate.harm.lemma != "death"):
        return _may_be_counted(tokens, predicate)
    if pattern == "captor":
        told = tells((predicate.harm,))
        return told == "always" or (told == "by" and "by" in tokens.lower[predicate.end :])
    if pattern == "lives":
        return takes_lives(tokens, predicate)
    if pattern == "nth":
        return numbered_one(tokens, predicate.start, predicate.end) is not None
    return pattern != "body" or of_the_dead(tokens, predicate)


def may_be_done_to_people(view: str, folded: str, start: int, end: int) -> bool:
    """Whether the "club" or "kick" at `view[start:end]` may be a verb with an object, or kill: a look at the text."""
    if not view[start:end].islower() or _FATAL_AFTER.search(folded, end, end + _FATAL_REACH) is not None:
        # Nothing is known of the words of a text in capitals.
        return True
    if _FATALLY_BEFORE.search(folded[max(0, start - _LONGEST_FATALLY) : start]) is not None:
        return True
    after = tokenise(view, end, min(len(view), end + _OBJECT_REACH))
    last = len(after.words) - 1
    # The last word may be cut off, or come after adverbs only.
    return (
        after.lower[:1] == [":"]
        or _may_have_object(after, 0)
        or all(after.classes[k] & _W.ADVERB or after.lower[k] in ('"', "'") for k in range(last))
    )


def _may_have_object(tokens: Tokens, at: int) -> bool:
    """Whether people may begin at a word, or after adverbs there, as `Clauses.objects` finds them."""
    lower, classes = tokens.lower, tokens.classes
    while at < len(lower):
        if may_begin(tokens, at):
            return True
        if not classes[at] & _W.ADVERB and lower[at] not in ('"', "'"):
            return False
        at += 1
    return False


def _may_be_counted(tokens: Tokens, predicate: Predicate) -> bool:
    """Whether a noun of harm is told of whom or of how many: "injuries" alone are nobody's."""
    if tokens.lower[predicate.end : predicate.end + 1] in ([":"], ["of"]):
        return True
    if "with" in tokens.lower[max(0, predicate.start - LONGEST_KIND) : predicate.start]:
        # "left 11 people with injuries"
        return True
    alone = Clauses(tokens, [], [])
    return (read_rise(alone, predicate) or read_count(alone, predicate)) is not None
