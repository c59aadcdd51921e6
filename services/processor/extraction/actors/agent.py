"""Reading to the left of a mention: "killed by X", "blamed on X", "police accuse X", "the work of X"."""

from __future__ import annotations

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.cues import (
    Verdict,
    authority_speaks,
    by_whom,
    doubt_before,
    is_attacker,
    is_authority,
    is_negated,
    suspicion,
    verdict,
    words_of,
)
from services.processor.extraction.actors.lexicon import load_nations
from services.processor.extraction.actors.line import ACT, BLAME, CLAIM, STOPS, Line
from services.processor.extraction.actors.mentions import ActorMention

_FACT = Responsibility.REPORTED_AS_FACT

_DONE = frozenset(
    ("done", "made", "organized", "organised", "ordered", "masterminded", "perpetrated", "executed", "caused",
     "carried", "launched", "staged", "planned", "financed", "mounted", "committed", "unleashed", "planted", "placed",
     "detonated", "fired", "thrown", "work", "occupied", "taken", "intercepted", "surrounded", "cut", "set", "laid",
     "ransacked", "evicted", "expelled", "provoked", "directed", "blown", "hit", "dropped", "hurled", "sent")
)  # fmt: skip
"""Participles that with "by" tell who did it, whatever the harm was."""
_HELD = frozenset(("released", "freed"))
"""With "by" a group that is no state's: they tell who took the captives."""
_IRREGULAR = frozenset(
    ("led", "held", "won", "run", "said", "found", "given", "shown", "known", "seen", "sent", "met", "written",
     "brought", "begun", "driven")
)  # fmt: skip
_TRACES = frozenset(
    ("hallmark", "hallmarks", "signature", "signatures", "trademark", "pamphlets", "leaflets", "slogans", "graffiti",
     "initials", "banner", "flag", "messages")
)  # fmt: skip
"""What is left at a scene points to its owner, and proves nothing."""
_WRITTEN = frozenset(("painted", "scrawled", "letters", "initials", "words", "daubed", "reading", "graffiti"))
"""Before a name they say that it was left at the scene, which points to its owner and proves nothing."""
_SAID = frozenset(
    ("accusation", "accusations", "allegation", "allegations", "charge", "charges", "assertion", "remarks",
     "report", "reports", "statement", "statements", "denial", "denials", "warning", "warnings")
)  # fmt: skip
"""Before "by" they say whose word it is: "denied accusations by the army that it had killed"."""
_CULPRITS = frozenset(("responsible", "culprits", "culprit", "behind", "murderers", "killers", "perpetrators"))
_NO_SUBJECT = frozenset(
    ("on", "against", "at", "targeting", "of", "with", "for", "from", "near", "in", "to", "into", "between", "than",
     "like", "including", "toward", "towards", "among", "amongst", "about", "over", "under", "via", "through", "around",
     "behind", "versus", "vs", "without", "as", "alongside", "inside", "outside", "by", "upon", "despite", "plus")
)  # fmt: skip


_PARTICLES = frozenset(("down", "up", "out", "off", "away", "dead", "over"))
_NO_VERBS = frozenset(
    ("morning", "evening", "during", "following", "according", "spring", "building", "hundred", "indeed", "wedding",
     "meeting", "united")
)  # fmt: skip
"""Words in -ing and -ed that are no verbs before a subject: "on Sunday evening gunmen ..."."""


_LISTED = 24
"""Words back to which a list of those who did something is followed."""


def before_phrase(line: Line, index: int) -> int:
    """The place of the word before the noun phrase, over what that is joined or in apposition to; -1 for none."""
    at = index - 1
    low = max(1, index - _LISTED)
    while at >= low and line.word(at) in ("and", "or", "nor") and line.mention(at - 1) is not None:
        at -= 2
    back = at
    while back >= low and line.word(back) == ",":
        if line.mention(back - 1) is not None:
            back -= 2
            continue
        # "by Emile Thompson, a Black nationalist": over a name without verbs to the word that governs both.
        name = back - 1
        while name > 0 and back - name <= 4 and _is_name_word(line, name):
            name -= 1
        if name == back - 1:
            break
        back = name
    # A comma joins what "by" governs ("by A, B and C"); elsewhere it parts: "according to A, B did it".
    return back if line.word(back) in ("by", "as") else at


def _is_name_word(line: Line, at: int) -> bool:
    word = line.word(at)
    return bool(word) and word.isalpha() and not line.verbs[at] and word not in _NO_SUBJECT and word not in STOPS


_UN = frozenset(("u.n", "un", "."))
_ARTICLES = frozenset(("a", "an", "the", "one", "two", "three", "four", "five"))


def is_object(line: Line, index: int) -> bool:
    """Whether what stands before makes the mention something acted upon, or something that goes with a preposition."""
    at = before_phrase(line, index)
    right = index
    while at > 0 and at == right - 1 and (line.word(at) in load_nations() or line.word(at) in _UN):
        # "killed an Egyptian U.N. peacekeeper"
        at, right = at - 1, right - 1
    if right < index and line.word(at) in _ARTICLES:
        at, right = at - 1, right - 1
    if at < 0 or line.mention(at) is not None:
        return False
    word = line.word(at)
    # "JNIM, which is allied with al-Qaida, claimed it": what stands after a form of to be is said of the subject.
    if word in _NO_SUBJECT or word in ("is", "are", "was", "were"):
        return True
    if at < right - 1:
        return False
    mention = line.mention(index)
    if mention is not None and mention.kind in ("person", "crowd") and not mention.definite:
        # Words for anybody are subjects only where a clause begins: "through an enormous crowd" is none.
        return word not in words_of("before_subject") and word not in STOPS and word not in (",", ":")
    if word in _PARTICLES and line.verbs[at - 1]:
        at -= 1
    elif word.endswith(("ing", "ed")) and len(word) > 4 and word not in _NO_VERBS and not line.verbs[at]:
        return True
    # "… were killed gunmen said": after a form of to be the participle is passive and takes no object.
    if line.word(at - 1) in words_of("be"):
        return False
    return any(s.kind in ("harm", "attack", "blame", "other") and line.has_needs(at, s) for s in line.verbs[at])


def read_left(line: Line, index: int) -> Verdict | None:
    """What stands to the left of the mention at `index` says of it; None where it says nothing of responsibility."""
    at = before_phrase(line, index)
    if at < 0 or line.mention(at) is not None:
        return None
    word = line.word(at)
    if word == "by":
        return _by(line, index, at)
    if word in ("on", "upon"):
        return _blamed_on(line, at)
    if word == "to":
        return _attributed_to(line, at)
    if word in ("of", "from"):
        return _work_of(line, index, at)
    if word in ("be", "being", "as", "were", "was", "are", "been", "is"):
        return _identified_as(line, index, at)
    if word in ("involved", "involving"):
        return _involved(line, at)
    if word in _WRITTEN:
        return verdict(line, Responsibility.POSSIBLE, at)
    return _accusation(line, index, at)


def _by(line: Line, index: int, at: int) -> Verdict | None:
    """ "killed by X", "an attack on Y by X", "claimed by X"; not "condemned by X"."""
    if line.word(at - 1) == "signed":
        return _claimed_after(line, index, at - 1, reach=24)
    start = line.clause_start(at)
    cue, kind = _what_was_done(line, index, start, at)
    if kind is None:
        return None
    if is_negated(line, max(start, cue - 4), at):
        return None
    if kind == "claim":
        return verdict(line, Responsibility.CLAIMED_OR_ADMITTED, cue, at)
    value = doubt_before(line, start, at) or _FACT
    head, attackers = _done_to(line, start, cue)
    return Verdict(value, line.starts[cue], line.ends[at], head, attackers)


def _done_to(line: Line, start: int, cue: int) -> tuple[str, bool]:
    """Those of a passive: "he was shot dead by police", "the gunman was killed by ...": (head, whether attackers)."""
    for at in range(cue - 1, start - 1, -1):
        mention = line.mentions[at]
        if mention is not None:
            return mention.head, is_attacker(mention)
        if line.words[at] in ("he", "she"):
            return "he", True
        if line.words[at] == ",":
            break
    return "", False


def _what_was_done(line: Line, index: int, start: int, at: int) -> tuple[int, str | None]:
    """The nearest word before "by" that something was done with: its place, and `attack` or `claim`."""
    attack_nouns = words_of("attack_noun")
    mention = line.mention(index)
    for further in range(at - 1, start - 1, -1):
        word = line.words[further]
        if line.mentions[further] is not None:
            continue
        if further == at - 1 and word in _SAID:
            return further, None
        if further == at - 1 and word in _PARTICLES and line.verbs[further - 1]:
            # "gunned down by": the verb stands before its particle.
            continue
        if (
            further == at - 1
            and word in _HELD
            and mention is not None
            and (mention.named or mention.kind == "militant")
        ):
            return further, "attack"
        if word == "claimed" or line.sense(further, CLAIM) is not None or word in ("claim", "claims"):
            return further, "claim"
        if word in attack_nouns or word in _DONE:
            return further, "attack"
        for sense in line.verbs[further]:
            if sense.kind in ACT and {"participle", "past", "ing"} & sense.forms:
                backed = not sense.needs or line.has_needs(further, sense)
                if backed or line.any_word(further - 6, further, sense.needs):
                    return further, "attack"
        if further == at - 1 and (line.verbs[further] or word.endswith(("ed", "ing")) or word in _IRREGULAR):
            return further, None
        if word in ("said", "says"):
            return further, None
    return start, None


def _blamed_on(line: Line, at: int) -> Verdict | None:
    start = line.clause_start(at)
    for further in range(at - 1, start - 1, -1):
        word = line.word(further)
        if word in ("blamed", "blame", "blames", "blaming", "pinned"):
            if is_negated(line, max(start, further - 3), further):
                return None
            return verdict(line, _blamer(line, start, further, at), further, at)
        if word in ("suspicion", "suspicions"):
            return verdict(line, Responsibility.POSSIBLE, further, at)
    return None


def _attributed_to(line: Line, at: int) -> Verdict | None:
    start = line.clause_start(at)
    for further in range(at - 1, start - 1, -1):
        word = line.word(further)
        if word.startswith(("attribut", "ascrib")):
            if is_negated(line, max(start, further - 3), further):
                return None
            return verdict(line, _blamer(line, start, further, at), further, at)
        if word in ("pointed", "points", "point", "pointing") and line.any_word(
            further - 3, at, ("finger", "fingers", "evidence", "clues")
        ):
            return verdict(line, _blamer(line, start, further, at), further, at)
        if word in ("traced", "linked", "tied") and line.any_word(start, further, words_of("attack_noun")):
            return verdict(line, Responsibility.POSSIBLE, further, at)
    return None


def _work_of(line: Line, index: int, at: int) -> Verdict | None:
    """ "the work of X", "bore the hallmarks of X", "suspected the involvement of X", "at the hands of X"."""
    noun = line.word(at - 1)
    start = line.clause_start(at)
    if noun in ("behalf", "service", "pay") and not (
        _culprit(line, start, at) or line.any_word(at - 6, at, ("acting", "acted", "working"))
    ):
        return None
    if noun in ("work", "handiwork", "responsibility", "doing", "hands", "orders", "behalf", "service", "pay"):
        return verdict(line, doubt_before(line, start, at) or _FACT, at - 1, at)
    if noun in _TRACES:
        return verdict(line, Responsibility.POSSIBLE, at - 1, at)
    if noun in ("involvement", "participation", "complicity", "guilt"):
        doubt = doubt_before(line, start, at)
        return verdict(line, doubt, at - 1, at) if doubt is not None else None
    if noun in ("up", "consisting") or line.word(at - 1) == "comprised":
        culprit = _culprit(line, at - 8, at)
        return verdict(line, doubt_before(line, start, at) or _FACT, at - 1, at) if culprit else None
    claims = line.word(at) == "from" and noun in ("statement", "communique", "claim", "message")
    return _claimed_after(line, index, at - 1) if claims else None


def _claimed_after(line: Line, index: int, cue: int, reach: int = 12) -> Verdict | None:
    for further in range(index + 1, min(line.size, index + reach)):
        if line.words[further] in STOPS:
            return None
        if line.sense(further, CLAIM) is not None:
            return verdict(line, Responsibility.CLAIMED_OR_ADMITTED, cue, further)
    return None


def _culprit(line: Line, start: int, end: int) -> bool:
    """Whether those who did it stand in `[start, end)`: attackers, "those responsible"."""
    for at in range(max(0, start), end):
        mention = line.mentions[at]
        if mention is not None and (mention.kind in ("attacker", "militant", "criminal", "group", "person")):
            return True
        if line.word(at) in _CULPRITS:
            return True
    return False


def _identified_as(line: Line, index: int, at: int) -> Verdict | None:
    """ "the attackers were believed to be Taliban", "suspected of being a member of X", "it could have been X"."""
    start = line.clause_start(at)
    low = max(start, at - 10)
    before = line.mention(at - 1)
    if before is not None and before.actor is None and line.word(at) in ("were", "was", "are", "is"):
        found = _equated(line, before, at)
        if found is not None:
            return found
    for further in range(at, low - 1, -1):
        word = line.word(further)
        if word in ("describe", "described") and line.any_word(start, further, ("arrested", "detained", "charged")):
            return verdict(line, Responsibility.SUSPECTED_BY_AUTHORITIES, further, at)
        if word in ("believed", "thought", "suspected", "presumed", "alleged", "accused"):
            return verdict(line, suspicion(line, start, at), further, at) if _culprit(line, low, at) else None
        if word in ("confessed", "admitted", "claimed") and line.word(at) in ("being", "be"):
            return verdict(line, Responsibility.CLAIMED_OR_ADMITTED, further, at) if _culprit(line, low, at) else None
        if word in ("may", "might", "could") and (
            _culprit(line, low, at) or line.word(further - 1) in ("it", "this", "that", "who", "assailant", "they")
        ):
            return verdict(line, Responsibility.POSSIBLE, further, at)
        if word in ("identified", "responsible") and line.word(at) in ("as", "were", "was", "are"):
            return verdict(line, _FACT, further, at) if _culprit(line, low, at) else None
    return None


def _equated(line: Line, before: ActorMention, at: int) -> Verdict | None:
    """ "the bombers were members of X", "the prime suspect is X": `before` are those whom the mention is said to be."""
    if before.head in words_of("suspect_head"):
        return verdict(line, suspicion(line, at, at), at - 1, at)
    if before.kind != "attacker" or not before.definite:
        return None
    by_authorities = authority_speaks(line)
    return verdict(line, Responsibility.SUSPECTED_BY_AUTHORITIES if by_authorities else _FACT, at - 1, at)


def _involved(line: Line, at: int) -> Verdict | None:
    """ "it is presumed that this action involved X"."""
    start = line.clause_start(at)
    if not line.any_word(at - 4, at, words_of("attack_noun")):
        return None
    return verdict(line, doubt_before(line, start, at) or _FACT, at)


def _accusation(line: Line, index: int, at: int) -> Verdict | None:
    """ "police blamed X", "suspect that X", "held X responsible", "linked X to the attack"."""
    # "hold Alfredo Cristiani's government responsible": over a name to the verb that governs it.
    while (
        at - 1 > 0
        and index - at <= 4
        and (line.word(at) == "'s" or (_is_name_word(line, at) and line.word(at + 1) in ("'s", "")))
    ):
        at -= 1
    for further in (at, at - 1):
        word = line.word(further)
        if not word:
            return None
        if further == at - 1 and line.word(at) not in ("that", "of", "both", "former", "local", "forces"):
            return None
        start = line.clause_start(further)
        if word in ("hold", "holds", "held", "holding", "find", "found") and line.any_word(
            index + 1, index + 5, ("responsible", "guilty")
        ):
            return verdict(line, _blamer(line, start, further, further), further)
        if word in ("arrested", "detained", "charged", "arrests") and _in_connection(line, index):
            return verdict(line, Responsibility.SUSPECTED_BY_AUTHORITIES, further)
        sense = line.sense(further, BLAME)
        if sense is None or word.startswith(("attribut", "ascrib")):
            continue
        if word.startswith("link"):
            tied = line.word(index + 1) in ("to", "with") and line.any_word(
                index + 2, index + 8, words_of("attack_noun")
            )
            return verdict(line, Responsibility.POSSIBLE, further) if tied else None
        if line.word(further - 1) in words_of("be") or is_negated(line, max(start, further - 3), further):
            return None
        if word.startswith("suspect") and line.word(further - 1) in ("a", "the", "any", "prime"):
            return None
        return verdict(line, _blamer(line, start, further, further), further)
    return None


def _in_connection(line: Line, index: int) -> bool:
    """Whether an arrest is for what the text tells of: "arrested three men in connection with the attack"."""
    for at in range(index + 1, min(line.size, index + 16)):
        if line.words[at] in STOPS:
            return False
        if line.word(at) == "connection" or (
            line.word(at) in ("for", "over", "with", "of") and line.any_word(at + 1, at + 4, words_of("attack_noun"))
        ):
            return True
    return False


def _blamer(line: Line, start: int, verb: int, end: int) -> Responsibility:
    """Whether it is an authority that accuses: the subject before the verb, or the agent after it."""
    passive = line.word(verb - 1) in words_of("be") or line.word(verb - 1) in words_of("attack_noun")
    for at in range(verb - 1, start - 1, -1):
        # "six policemen died in an attack blamed on X": those before a passive accuse nobody.
        if line.words[at] in STOPS or passive:
            break
        if is_authority(line, at):
            return Responsibility.SUSPECTED_BY_AUTHORITIES
    if passive and authority_speaks(line):
        return Responsibility.SUSPECTED_BY_AUTHORITIES
    for at in range(verb, min(line.size, end + 5)):
        if line.word(at) == "by":
            return by_whom(line, at + 1)
    return Responsibility.SUSPECTED
