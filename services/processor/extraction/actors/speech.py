"""What a mention says of itself, and whom a verb was done to."""

from __future__ import annotations

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.cues import Verdict, is_attacker, verdict, words_of
from services.processor.extraction.actors.line import ACT, CLAIM, DENY, SAY, STOPS, Line

_CLAIMED = Responsibility.CLAIMED_OR_ADMITTED
_FOUND = frozenset(("discovered", "found", "seized", "recovered", "uncovered", "foiled", "thwarted", "defused"))
"""Verbs by which forces say what they kept from happening: "it had discovered a bomb factory"."""
_OF_ITSELF = frozenset(("its", "their", "our", "his", "her"))
"""Before people of the speaker's own: "said its fighters had killed"."""
_SHORTEST_PAST = 4
"""Letters above which a word in -ed is taken for a verb; "bed" and "shed" are shorter."""
_SELF = frozenset(("it", "they", "we", "he", "she", "i", "its", "their", "our", "himself", "themselves", "itself"))


def done_to(line: Line, at: int) -> tuple[str, bool]:
    """Those it was done to, from the words after the verb: (head, whether they are attackers)."""
    for further in range(at, min(line.size, at + 8)):
        if line.words[further] in STOPS:
            break
        mention = line.mentions[further]
        if mention is not None:
            # "an al-Shabaab suspect" is one of a group, and need not have attacked just now.
            return "" if mention.named else mention.head, is_attacker(mention)
    return "", False


def said(line: Line, at: int) -> Verdict | None:
    """ "said it was behind", "told reporters its fighters had killed": speaking of oneself is a claim."""
    for further in range(at + 1, min(line.size, at + 14)):
        mention = line.mentions[further]
        if line.words[further] in STOPS:
            return None
        itself = mention is not None and mention.actor is None and mention.definite
        if mention is not None and not itself:
            return None
        if itself or line.words[further] in _SELF:
            return _of_itself(line, at, further)
        if line.word(further) in ("not", "no", "never", "any"):
            return None
        claim = line.sense(further, CLAIM)
        if claim is not None and "ing" in claim.forms:
            return verdict(line, _CLAIMED, further)
    return None


def _of_itself(line: Line, at: int, pronoun: int) -> Verdict | None:
    """What the words after the pronoun that stands for the speaker own up to, if their first verb does.

    "said it had discovered a bomb" and "said they suspected the rebels to be behind it" own up to nothing, and "said it
    was the first time that police had fired" is about the police.
    """
    whose = line.word(pronoun) in _OF_ITSELF or line.mention(pronoun) is not None
    for act in range(pronoun + 1, min(line.size, pronoun + 8)):
        word = line.word(act)
        if not whose and line.mention(act) is not None:
            return None
        if word in STOPS or word in ("not", "no", "never", "will", "would", "denied") or word in _FOUND:
            return None
        if word in ("responsible", "behind") or line.sense(act, CLAIM) is not None:
            return verdict(line, _CLAIMED, at, act)
        acted = line.sense(act, ACT)
        if acted is not None and line.word(act - 1) not in ("the", "a", "an", "its", "their", "that", "this"):
            passive = line.word(act - 1) in ("was", "were", "been", "being") and "ing" not in acted.forms
            head, attackers = done_to(line, act + 1)
            return None if passive else Verdict(_CLAIMED, line.starts[at], line.ends[act], head, attackers)
        if line.verbs[act] or (len(word) > _SHORTEST_PAST and word.endswith("ed") and acted is None):
            return None
    return None


def speech(line: Line, at: int, limit: int) -> Verdict | None:
    """A claim or denial by somebody who speaks for the mention: "a Taliban spokesman, X, claimed responsibility"."""
    for further in range(at, limit):
        mention = line.mentions[further]
        if line.words[further] in STOPS or (mention is not None and mention.state):
            return None
        if line.word(further) in words_of("negation") and line.sense(further, DENY) is None:
            return None
        if line.sense(further, CLAIM) is not None:
            return verdict(line, _CLAIMED, further)
        if line.sense(further, DENY) is not None:
            return verdict(line, Responsibility.DENIED, further)
        if line.sense(further, SAY) is not None:
            return said(line, further)
    return None
