"""Responsibility: whether a sentence makes a mention the one who did it, and how firmly.

The values are those of MUC-4's PERPETRATOR CONFIDENCE (template-doc-part1.v7, 1992), and denial. Each is decided by a
stated cue: a verb after the mention, the word before it, or what the mention itself is part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.lexicon import VerbSense, load_verbs, load_words
from services.processor.extraction.actors.tokens import Item

_FACT = Responsibility.REPORTED_AS_FACT
_ORDER = (
    Responsibility.POSSIBLE,
    Responsibility.SUSPECTED,
    Responsibility.DENIED,
    Responsibility.SUSPECTED_BY_AUTHORITIES,
    Responsibility.REPORTED_AS_FACT,
    Responsibility.CLAIMED_OR_ADMITTED,
)

_STOPS = frozenset((".", ";", "!", "?"))
_SELF = frozenset(("it", "they", "we", "he", "she", "i", "its", "their", "our", "himself", "themselves", "itself"))
_RELATIVE = frozenset(("who", "which", "that"))
_JOINING = frozenset(("and", "then", ",", "before", "while", "or", "after", "when", "by", "also"))
_AFTER_HARM = frozenset(
    ("in", "by", "during", "when", "while", "after", "near", "outside", "inside", "at", "on", "as", "since", "there",
     "here", "and", "or", ",", ".", ";", "were", "was", "have", "had", "this", "last", "over", "from", "with", "for",
     "under", "amid", "so", "to", "yesterday", "today")
)  # fmt: skip
_OBJECT_AFTER_HARM = frozenset(("at least", "in cold", "over 1", "by mistake", "at random"))
_NO_SUBJECT = frozenset(
    ("on", "against", "at", "targeting", "of", "with", "for", "from", "near", "in", "to", "into", "between", "than",
     "like", "including", "toward", "towards", "among", "amongst", "about", "over", "under", "via", "through", "around",
     "behind", "versus", "vs", "without", "as", "alongside", "inside", "outside")
)  # fmt: skip
_MANNER = frozenset(("dressed", "disguised", "posing", "wearing", "clad", "masquerading"))
_BACKWARD = 16
_FORWARD = 30
_NEEDED_WITHIN = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence says of one mention, with the words that decide."""

    responsibility: Responsibility
    start: int
    end: int
    """Where the deciding words are, in the text."""
    against_attackers: bool = False
    """What was done was done to attackers: forces answering an attack are not those who made it."""


def strongest(values: Iterable[Responsibility]) -> Responsibility | None:
    """The value that stands when several are said of one actor; None where there is none.

    A claim of one's own outranks what others report, a report outranks an accusation, and an accusation by authorities
    outranks any other. A denial outranks unattributed suspicion only: the accusation by authorities, the report and the
    claim stand in spite of it, and the denial stays in the evidence.
    """
    return max(values, key=_ORDER.index, default=None)


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    return load_words()


@lru_cache(maxsize=1)
def _verbs() -> dict[str, tuple[VerbSense, ...]]:
    return load_verbs()


def judge(items: Sequence[Item], index: int) -> Verdict | None:
    """Whether the mention at `index` of a sentence's items did it, and how firmly that is said.

    None where the sentence names it otherwise: as victim, target, speaker, negotiator or history.
    """
    mention = items[index].mention
    if mention is None:
        raise ValueError(f"item {index} is a word, not a mention")
    before = _left_verdict(items, index)
    if before is not None:
        verdict: Verdict | None = before
    elif _is_object(items, index):
        verdict = _relative_verdict(items, index)
    else:
        verdict = _right_verdict(items, index)
    if verdict is None or _is_background(items, index, verdict):
        return None
    if mention.doubted and verdict.responsibility is _FACT:
        value = (
            Responsibility.SUSPECTED_BY_AUTHORITIES if _blamed_by_authority(items, index) else Responsibility.SUSPECTED
        )
        return Verdict(value, verdict.start, verdict.end, verdict.against_attackers)
    return verdict


def _senses(item: Item) -> tuple[VerbSense, ...]:
    return () if item.mention is not None else _verbs().get(item.word, ())


def _needs_met(items: Sequence[Item], at: int, sense: VerbSense) -> bool:
    if not sense.needs:
        return True
    for item in items[at + 1 : at + 1 + _NEEDED_WITHIN]:
        if item.word in _STOPS:
            return False
        if item.word in sense.needs and item.mention is None:
            return True
    return False


def _sense(items: Sequence[Item], at: int, kinds: frozenset[str]) -> VerbSense | None:
    for sense in _senses(items[at]):
        if sense.kind in kinds and _needs_met(items, at, sense):
            return sense
    return None


_ACTS = frozenset(("harm", "attack"))
_CLAIM = frozenset(("claim",))
_DENY = frozenset(("deny",))
_BLAME = frozenset(("blame",))
_SAY = frozenset(("say",))
_OTHER = frozenset(("other",))


def _is_object(items: Sequence[Item], index: int) -> bool:
    """Whether the word before makes the mention something that was acted upon, or goes with a preposition."""
    if not index:
        return False
    # "clashes between the army and X": the second goes with the first.
    at = index - 1
    while at >= 1 and items[at].word in ("and", "or") and items[at - 1].mention is not None:
        at -= 2
    if at < 0 or items[at].mention is not None:
        return False
    previous = items[at]
    if at < index - 1:
        return previous.word in _NO_SUBJECT
    if previous.word in _NO_SUBJECT:
        return True
    return any(
        sense.kind in ("harm", "attack", "blame", "other") and _needs_object(sense, items, index)
        for sense in _senses(previous)
    )


def _needs_object(sense: VerbSense, items: Sequence[Item], index: int) -> bool:
    # "… was killed gunmen said" has no object: after a form of to be the participle is passive.
    if index >= 2 and items[index - 2].word in _words()["be"]:
        return False
    return _needs_met(items, index - 1, sense)


def _relative_verdict(items: Sequence[Item], index: int) -> Verdict | None:
    """ "a raid on militants who attacked ...": not a subject here, but of the relative clause."""
    at = index + 1
    if at < len(items) and items[at].word == ",":
        at += 1
    if at < len(items) and items[at].word in ("who", "which", "that"):
        return _right_verdict(items, index)
    return None


# ---------------------------------------------------------------------------------------------------------- rightward


def _right_verdict(items: Sequence[Item], index: int) -> Verdict | None:
    mention = items[index].mention
    words = _words()
    hedge: Responsibility | None = None
    future = negated = interrupted = voice = relative = False
    at = index + 1
    limit = min(len(items), index + 1 + _FORWARD)
    first = True
    while at < limit:
        item = items[at]
        word = item.word
        if item.mention is not None:
            if items[at - 1].word in ("and", "or", ",") and at - 1 == index + 1:
                at += 1
                continue
            if items[at - 1].word in ("as", "in", "from", "of", "with", "by") or items[at - 1].word in _MANNER:
                at += 1
                first = False
                continue
            if first and items[at - 1].mention is not None:
                at += 1
                continue
            return None
        if word in _STOPS:
            return None
        if word == "'s":
            at += 1
            continue
        if first:
            noun = _attack_noun(items, at)
            if noun is not None and not voice:
                return Verdict(_FACT, items[noun].start, items[noun].end)
            if word in words["target_noun"]:
                voice = True
                if word not in words["voice"]:
                    return _claim_after(items, at + 1, limit)
                at += 1
                continue
            if word in words["voice"]:
                voice = True
                at += 1
                continue
        if word == ",":
            at += 1
            continue
        if word in _RELATIVE and at - index <= 2:
            relative = True
            at += 1
            continue
        if word in _RELATIVE and not relative:
            interrupted = True
            at += 1
            continue
        if word in words["negation"] and _sense(items, at, _DENY) is None:
            negated = True
            at += 1
            continue
        if word in ("may", "might", "could", "possibly", "perhaps"):
            hedge = Responsibility.POSSIBLE
            at += 1
            continue
        if word in ("allegedly", "presumably", "probably", "apparently", "supposedly", "purportedly"):
            hedge = hedge or Responsibility.SUSPECTED
            at += 1
            continue
        if word in words["future"]:
            future = True
            at += 1
            continue
        if word in words["be"]:
            verdict, step, stop = _after_be(items, at, hedge, negated, interrupted)
            if stop:
                return verdict
            at += step
            continue
        if _sense(items, at, _CLAIM) is not None:
            return None if negated or future else Verdict(Responsibility.CLAIMED_OR_ADMITTED, item.start, item.end)
        if _sense(items, at, _DENY) is not None:
            return None if negated else Verdict(Responsibility.DENIED, item.start, item.end)
        if _sense(items, at, _SAY) is not None:
            return _said(items, at)
        acted = _sense(items, at, _ACTS)
        if acted is not None and not voice:
            if future or negated:
                return None
            if _is_passive(items, at, acted, index):
                return None
            if not interrupted or "ing" in acted.forms or items[at - 1].word in _JOINING:
                against = _against_attackers(items, at + 1)
                return Verdict(hedge or _FACT, item.start, item.end, against)
        if _sense(items, at, _BLAME) is not None:
            following = items[at + 1].word if at + 1 < len(items) else ""
            return _passive_blame(items, at) if following in ("for", "of", "by", "in") and not interrupted else None
        if _sense(items, at, _OTHER) is not None:
            return _claim_after(items, at + 1, limit) if voice else None
        if word in words["auxiliary"]:
            at += 1
            continue
        if len(word) > 4 and word.endswith("ed") and word not in _PARTICIPLES_OF_MANNER:
            interrupted = True
        first = False
        at += 1
    return None


_PARTICIPLES_OF_MANNER = frozenset(
    ("armed", "dressed", "masked", "disguised", "mounted", "suspected", "based", "linked", "known", "believed",
     "identified", "hooded", "unidentified", "affiliated", "backed", "allied", "equipped", "uniformed", "united",
     "called", "hired", "hundred", "aged", "named", "claimed", "supported")
)  # fmt: skip


def _attack_noun(items: Sequence[Item], at: int) -> int | None:
    """The place of the attack that the mention is the first word of ("a Taliban suicide attack"); None if it is not."""
    words = _words()
    while at < len(items) and items[at].mention is None and items[at].word in words["attack_modifier"]:
        nxt = at + 1
        if items[at].word in words["attack_noun"] and (
            nxt >= len(items) or items[nxt].word not in words["attack_noun"] | words["attack_modifier"]
        ):
            return at
        at += 1
    if at < len(items) and items[at].mention is None and items[at].word in words["attack_noun"]:
        return at
    if (
        at < len(items)
        and items[at].mention is not None
        and items[at].word in ("suicide bomber", "suicide bombers", "bomber", "gunman", "gunmen", "sniper", "snipers")
    ):
        return None
    return None


def _is_passive(items: Sequence[Item], at: int, sense: VerbSense, index: int) -> bool:
    """Whether a participle without a form of to be is passive: "soldiers killed in a raid"."""
    if "ing" in sense.forms or items[at - 1].word in ("have", "has", "had", "having"):
        return False
    if not ({"past", "participle"} & sense.forms) or "base" in sense.forms and items[at].word not in ("hit", "cut"):
        return False
    following = items[at + 1] if at + 1 < len(items) else None
    if following is None:
        return sense.kind == "harm"
    if following.word == "by":
        return True
    if sense.kind != "harm":
        return False
    if following.mention is not None:
        return False
    if following.word in _AFTER_HARM:
        pair = following.word + " " + (items[at + 2].word if at + 2 < len(items) else "")
        if pair in _OBJECT_AFTER_HARM:
            return False
        # "stormed the camp and killed, wounded and ...": a second verb of one subject keeps its object further on.
        return items[at - 1].word not in ("and", ",", "then") or following.word in ("in", "by", "during", "when")
    return False


def _against_attackers(items: Sequence[Item], at: int) -> bool:
    for item in items[at : at + 7]:
        if item.word in _STOPS:
            return False
        if item.mention is not None:
            return item.mention.kind in ("militant", "attacker", "criminal") or item.mention.named
    return False


def _after_be(
    items: Sequence[Item], at: int, hedge: Responsibility | None, negated: bool, interrupted: bool
) -> tuple[Verdict | None, int, bool]:
    """Read on after a form of to be: (verdict, items to step over, whether the reading ends here)."""
    words = _words()
    nxt = at + 1
    while nxt < len(items) and (
        items[nxt].word in words["auxiliary"]
        or items[nxt].word in words["be"]
        or items[nxt].word.endswith("ly")
        or items[nxt].word in words["negation"]
        or items[nxt].word == "being"
    ):
        if items[nxt].word in words["negation"]:
            negated = True
        if items[nxt].word in ("allegedly", "presumably", "probably", "apparently"):
            hedge = hedge or Responsibility.SUSPECTED
        if items[nxt].word in ("possibly",):
            hedge = Responsibility.POSSIBLE
        nxt += 1
    if nxt >= len(items) or items[nxt].mention is not None:
        return None, 0, True
    item = items[nxt]
    if item.word in ("responsible", "behind", "guilty") and not interrupted:
        if negated:
            return None, 0, True
        return Verdict(hedge or _FACT, item.start, item.end), 0, True
    if (
        item.word in ("blamed", "accused", "suspected", "implicated", "linked", "held")
        and not negated
        and not interrupted
    ):
        if item.word == "held" and not any(i.word == "responsible" for i in items[nxt : nxt + 4]):
            return None, 0, True
        return _passive_blame(items, nxt), 0, True
    if (
        item.word in ("believed", "thought", "presumed", "alleged", "said", "reported", "known", "assumed")
        and not interrupted
    ):
        return _believed(items, nxt), 0, True
    acted = _sense(items, nxt, _ACTS)
    if acted is not None and "ing" in acted.forms and not negated and not interrupted:
        return Verdict(hedge or _FACT, item.start, item.end), 0, True
    if acted is not None or _senses(item) or item.word.endswith("ed"):
        # Passive: the mention had it done to it. What follows may still be its own ("was driving when he shot").
        return None, 0, True
    return None, nxt - at, False


def _believed(items: Sequence[Item], at: int) -> Verdict | None:
    """ "is believed to have killed", "are thought to be behind"."""
    item = items[at]
    for further in range(at + 1, min(len(items), at + 8)):
        if items[further].word in _STOPS or items[further].mention is not None:
            return None
        if items[further].word in ("responsible", "behind") or _sense(items, further, _ACTS) is not None:
            value = _accused(items, at)
            return Verdict(_FACT if item.word in ("said", "reported", "known") else value, item.start, item.end)
    return None


def _passive_blame(items: Sequence[Item], at: int) -> Verdict:
    return Verdict(_accused(items, at), items[at].start, items[at].end)


def _accused(items: Sequence[Item], at: int) -> Responsibility:
    """By whom: an authority named as the agent ("by police") or as who says so in the sentence, or nobody in particular."""
    for further in range(at, min(len(items), at + 8)):
        if items[further].word == "by":
            return _by_whom(items, further + 1)
    return Responsibility.SUSPECTED_BY_AUTHORITIES if _authority_speaks(items) else Responsibility.SUSPECTED


def _by_whom(items: Sequence[Item], at: int) -> Responsibility:
    for item in items[at : at + 5]:
        if item.word in _STOPS or item.word == ",":
            break
        if _is_authority(item):
            return Responsibility.SUSPECTED_BY_AUTHORITIES
    return Responsibility.SUSPECTED


def _is_authority(item: Item) -> bool:
    if item.mention is not None:
        return item.mention.state
    return item.word in _words()["authority"]


def _authority_speaks(items: Sequence[Item]) -> bool:
    """Whether an authority says what the sentence says: "police said", "according to officials"."""
    for at, item in enumerate(items):
        if item.word in ("said", "says", "say", "believe", "believes", "suspect", "suspects", "believed") and at:
            if any(_is_authority(other) for other in items[max(0, at - 4) : at]):
                return True
            if any(_is_authority(other) for other in items[at + 1 : at + 4]):
                return True
        if item.word == "according" and any(_is_authority(other) for other in items[at + 1 : at + 6]):
            return True
    return False


def _said(items: Sequence[Item], at: int) -> Verdict | None:
    """ "said it was behind", "told reporters its fighters had killed": speaking of oneself is a claim."""
    end = min(len(items), at + 14)
    for further in range(at + 1, end):
        item = items[further]
        if item.word in _STOPS:
            return None
        itself = item.mention is not None and item.mention.actor is None and item.mention.definite
        if item.mention is not None and not itself:
            return None
        if item.word in _SELF or itself:
            for act in range(further + 1, min(len(items), further + 8)):
                if items[act].word in _STOPS or items[act].word in ("was not", "not", "no", "never", "will", "would"):
                    return None
                if items[act].word in ("responsible", "behind"):
                    return Verdict(Responsibility.CLAIMED_OR_ADMITTED, items[at].start, items[act].end)
                acted = _sense(items, act, _ACTS)
                if acted is not None:
                    if items[act - 1].word in ("was", "were", "been", "being") and "ing" not in acted.forms:
                        return None
                    return Verdict(Responsibility.CLAIMED_OR_ADMITTED, items[at].start, items[act].end)
            return None
        if _sense(items, further, _CLAIM) is not None:
            return Verdict(Responsibility.CLAIMED_OR_ADMITTED, item.start, item.end)
    return None


def _claim_after(items: Sequence[Item], at: int, limit: int) -> Verdict | None:
    """A claim or denial by somebody who speaks for the mention: "a Taliban spokesman, X, claimed responsibility"."""
    for further in range(at, limit):
        item = items[further]
        if item.word in _STOPS or (item.mention is not None and item.mention.state):
            return None
        if item.word in _words()["negation"] and _sense(items, further, _DENY) is None:
            return None
        if _sense(items, further, _CLAIM) is not None:
            return Verdict(Responsibility.CLAIMED_OR_ADMITTED, item.start, item.end)
        if _sense(items, further, _DENY) is not None:
            return Verdict(Responsibility.DENIED, item.start, item.end)
        if _sense(items, further, _SAY) is not None:
            return _said(items, further)
    return None


# ----------------------------------------------------------------------------------------------------------- leftward


def _left_verdict(items: Sequence[Item], index: int) -> Verdict | None:
    if not index:
        return None
    at = index - 1
    # "by the army and the police", "blamed on the ELN and the FARC": the second goes with the first.
    while at >= 1 and items[at].word in ("and", "or", "nor") and items[at - 1].mention is not None:
        at -= 2
    if at < 0:
        return None
    word = items[at].word
    if items[at].mention is not None:
        return None
    if word == "by":
        return _by(items, at)
    if word == "on" or word == "upon":
        return _blamed_on(items, at)
    if word == "to":
        return _attributed_to(items, at)
    if word in ("of", "from"):
        return _work_of(items, at)
    if word in ("be", "as", "were", "was", "are"):
        return _identified_as(items, at)
    return _accusation(items, index, at)


def _clause_start(items: Sequence[Item], at: int) -> int:
    start = at
    while start > 0 and at - start < _BACKWARD and items[start - 1].word not in _STOPS:
        start -= 1
    return start


def _doubt_before(items: Sequence[Item], start: int, at: int) -> Responsibility | None:
    words = _words()
    for item in reversed(items[start:at]):
        if item.mention is not None:
            continue
        if item.word in ("may", "might", "could", "possibly", "perhaps", "potentially"):
            return Responsibility.POSSIBLE
        if item.word in words["doubtful"]:
            return None if item.word in ("suspect", "suspects") else _suspicion(items, start, at)
    return None


def _suspicion(items: Sequence[Item], start: int, at: int) -> Responsibility:
    authority = any(_is_authority(item) for item in items[start:at])
    return (
        Responsibility.SUSPECTED_BY_AUTHORITIES if authority or _authority_speaks(items) else Responsibility.SUSPECTED
    )


def _by(items: Sequence[Item], at: int) -> Verdict | None:
    """ "killed by X", "an attack by X", "claimed by X", "blamed by ..."."""
    if not at:
        return None
    words = _words()
    start = _clause_start(items, at)
    previous = items[at - 1]
    nearest: str | None = None
    cue = at - 1
    for further in range(at - 1, start - 1, -1):
        item = items[further]
        if item.mention is not None:
            if further == at - 1 and item.mention.head in words["attack_noun"]:
                nearest = "attack"
                break
            continue
        senses = _senses(item)
        kinds = {
            sense.kind
            for sense in senses
            if {"past", "participle", "ing"} & sense.forms and _needs_by(items, further, sense)
        }
        if "claim" in kinds and _sense(items, further, _CLAIM) is not None or item.word == "claimed":
            nearest = "claim"
        elif kinds & _ACTS or item.word in words["attack_noun"]:
            nearest = "attack"
        elif item.word in _DONE:
            nearest = "attack"
        elif item.word in ("claim", "claims", "responsibility"):
            nearest = "claim"
        elif further == at - 1 and (kinds or item.word.endswith("ed") or item.word in _IRREGULAR):
            return None
        if nearest is not None:
            cue = further
            break
        if item.word in ("said", "says") and further < at - 1:
            return None
    if nearest is None:
        return None
    if any(item.word in ("not", "never", "no") and item.mention is None for item in items[max(start, cue - 4) : at]):
        return None
    if nearest == "claim":
        return Verdict(Responsibility.CLAIMED_OR_ADMITTED, items[cue].start, items[at].end)
    if previous.word == "," and items[at - 2].word not in words["attack_noun"] and cue != at - 2:
        return None
    value = _doubt_before(items, start, at) or _FACT
    return Verdict(value, items[cue].start, items[at].end)


_DONE = frozenset(
    ("done", "made", "organized", "organised", "ordered", "masterminded", "perpetrated", "executed", "caused",
     "carried", "launched", "staged", "planned", "financed", "mounted", "committed", "unleashed", "planted", "placed",
     "detonated", "fired", "thrown", "work", "occupied", "taken", "intercepted", "surrounded", "cut", "set", "laid",
     "ransacked", "evicted", "expelled", "provoked")
)  # fmt: skip
_IRREGULAR = frozenset(("led", "held", "won", "run", "said", "found", "given", "shown", "known", "seen", "sent", "met",
                        "written", "brought", "begun", "driven"))  # fmt: skip


def _needs_by(items: Sequence[Item], at: int, sense: VerbSense) -> bool:
    return (
        not sense.needs
        or _needs_met(items, at, sense)
        or any(item.word in sense.needs for item in items[max(0, at - 6) : at])
    )


def _blamed_on(items: Sequence[Item], at: int) -> Verdict | None:
    start = _clause_start(items, at)
    for further in range(at - 1, start - 1, -1):
        item = items[further]
        if item.word in ("blamed", "blame", "blames", "blaming", "pinned") and item.mention is None:
            if any(other.word in ("not", "never") for other in items[max(start, further - 3) : further]):
                return None
            return Verdict(_blamer(items, start, further, at), item.start, items[at].end)
        if item.word in ("suspicion", "fell", "suspicions"):
            return Verdict(Responsibility.POSSIBLE, item.start, items[at].end)
    return None


def _attributed_to(items: Sequence[Item], at: int) -> Verdict | None:
    start = _clause_start(items, at)
    for further in range(at - 1, start - 1, -1):
        item = items[further]
        if item.word in ("attributed", "attribute", "attributes", "attributing", "ascribed", "attributable"):
            if any(other.word in ("not", "never") for other in items[max(start, further - 3) : further]):
                return None
            return Verdict(_blamer(items, start, further, at), item.start, items[at].end)
        if item.word in ("pointed", "points", "point", "pointing") and any(
            other.word in ("finger", "fingers", "evidence") for other in items[max(start, further - 3) : at]
        ):
            return Verdict(_blamer(items, start, further, at), item.start, items[at].end)
        if item.word in ("traced", "linked") and any(
            other.word in _words()["attack_noun"] for other in items[start:further]
        ):
            return Verdict(Responsibility.POSSIBLE, item.start, items[at].end)
    return None


def _work_of(items: Sequence[Item], at: int) -> Verdict | None:
    previous = items[at - 1] if at else None
    if previous is None or previous.mention is not None:
        return None
    start = _clause_start(items, at)
    if previous.word in ("work", "handiwork", "responsibility", "doing"):
        return Verdict(_doubt_before(items, start, at) or _FACT, previous.start, items[at].end)
    if previous.word in ("hallmark", "hallmarks", "signature", "trademark", "hallmarks"):
        return Verdict(Responsibility.POSSIBLE, previous.start, items[at].end)
    if items[at].word == "from" and previous.word in ("statement", "communique", "claim"):
        for further in range(at + 2, min(len(items), at + 12)):
            if items[further].word in _STOPS:
                break
            if _sense(items, further, _CLAIM) is not None:
                return Verdict(Responsibility.CLAIMED_OR_ADMITTED, previous.start, items[further].end)
    return None


def _identified_as(items: Sequence[Item], at: int) -> Verdict | None:
    """ "the attackers were believed to be Taliban", "gunmen identified as members of X"."""
    start = _clause_start(items, at)
    window = items[max(start, at - 9) : at + 1]
    culprit = any(
        (item.mention is not None and item.mention.kind in ("attacker", "militant", "criminal"))
        or item.word in ("responsible", "culprits", "behind")
        for item in window
    )
    if not culprit:
        return None
    for item in reversed(window):
        if item.word in ("believed", "thought", "suspected", "presumed", "alleged"):
            return Verdict(_suspicion(items, start, at), item.start, items[at].end)
        if item.word in ("identified", "responsible") and items[at].word in ("as", "were", "was", "are"):
            return Verdict(_FACT, item.start, items[at].end)
    return None


def _accusation(items: Sequence[Item], index: int, at: int) -> Verdict | None:
    """ "police blamed X", "accused members of X", "suspect X", "held X responsible", "believe X was behind"."""
    for further in (at, at - 1):
        if further < 0 or items[further].mention is not None:
            break
        item = items[further]
        if further == at - 1 and items[at].word not in ("that", "the", "of", "both", "former", "forces"):
            break
        if item.word in ("hold", "holds", "held", "holding", "find", "found") and any(
            other.word == "responsible" for other in items[index + 1 : index + 5]
        ):
            return Verdict(_blamer(items, _clause_start(items, further), further, further), item.start, item.end)
        sense = _sense(items, further, _BLAME)
        if sense is None or item.word.startswith(("attribut", "ascrib", "link")):
            continue
        start = _clause_start(items, further)
        if further and items[further - 1].word in _words()["be"]:
            return None
        if any(other.word in ("not", "never", "no") for other in items[max(start, further - 3) : further]):
            return None
        if item.word.startswith("suspect") and further and items[further - 1].word in ("a", "the", "any"):
            return None
        return Verdict(_blamer(items, start, further, further), item.start, item.end)
    return None


def _blamer(items: Sequence[Item], start: int, verb: int, end: int) -> Responsibility:
    """Whether it is an authority that accuses: the subject before the verb, or the agent after it."""
    for item in reversed(items[start:verb]):
        if item.word in _STOPS:
            break
        if _is_authority(item):
            return Responsibility.SUSPECTED_BY_AUTHORITIES
    for further in range(verb, min(end, len(items))):
        if items[further].word == "by":
            return _by_whom(items, further + 1)
    if any(items[i].word == "by" for i in range(end, min(len(items), end + 5))):
        return _by_whom(items, next(i for i in range(end, len(items)) if items[i].word == "by") + 1)
    return Responsibility.SUSPECTED


def _blamed_by_authority(items: Sequence[Item], index: int) -> bool:
    return _authority_speaks(items)


# --------------------------------------------------------------------------------------------------------- background


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def _is_background(items: Sequence[Item], index: int, verdict: Verdict) -> bool:
    """Whether what is said is what the actor does in general, or did before: "has carried out similar attacks"."""
    words = _words()
    near = [item for item in items if item.mention is None and abs(item.start - verdict.start) < 60]
    for item in near:
        if item.word in ("similar", "previous", "past", "frequent", "frequently", "regularly", "routinely", "often",
                         "usually", "typically", "repeatedly", "occasionally", "sporadic", "previously", "traditionally",
                         "regular", "countless", "numerous", "sometimes", "increasingly"):  # fmt: skip
            return True
    for at, item in enumerate(items[:-1]):
        if item.mention is None and _is_year(item.word) and items[at + 1].word in words["attack_noun"]:
            return True
    flat = " ".join(item.word for item in items)
    return any(phrase in flat for phrase in words["background_time"])
