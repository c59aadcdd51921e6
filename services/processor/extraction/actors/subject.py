"""Reading to the right of a mention: what it does, what is done to it, what it says of itself."""

from __future__ import annotations

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.cues import (
    ALLEGEDLY,
    POSSIBLY,
    Verdict,
    authority_speaks,
    by_whom,
    verdict,
    words_of,
)
from services.processor.extraction.actors.lexicon import VerbSense
from services.processor.extraction.actors.line import ACT, BLAME, CLAIM, DENY, OTHER, SAY, STOPS, Line
from services.processor.extraction.actors.speech import done_to, said, speech

_FACT = Responsibility.REPORTED_AS_FACT
_CLAIMED = Responsibility.CLAIMED_OR_ADMITTED
_OWNING = frozenset(
    ["responsibility", "responsible", "credit", "killing", "killed", "shooting", "shot", "bombing", "strike"]
)
"""What a force of a state must say to own up to what it did."""
_REACH = 30
"""Words to the right of a mention within which its verb stands."""

_AUXILIARIES = frozenset(("did", "does", "do", "has", "have", "had"))
_PRONOUNS = frozenset(("it", "he", "she", "they", "we", "i", "you"))
_RELATIVE = frozenset(("who", "which", "that"))
_JOINING = frozenset(("and", "then", ",", "before", "while", "or", "after", "when", "by", "also", "to"))
_TRYING = frozenset(
    ("attempted", "attempting", "attempt", "attempts", "tried", "trying", "managed", "began", "started", "proceeded",
     "continued", "helped", "failed", "sought")
)  # fmt: skip
_AFTER_PASSIVE = frozenset(
    ("in", "by", "during", "when", "while", "after", "near", "outside", "inside", "at", "on", "as", "since", "there",
     "here", ",", ".", ";", "were", "was", "have", "had", "this", "last", "over", "from", "with", "for", "under",
     "amid", "so", "to", "yesterday", "today", "and", "or", "has")
)  # fmt: skip
_STILL_ACTIVE = frozenset(
    ("at least", "in cold", "by mistake", "at random", "over a", "at close", "at point", "and injured")
)
_TRIED = frozenset(("arrested", "charged", "convicted", "indicted", "sentenced", "detained", "jailed", "prosecuted"))
_PARTICIPLES_OF_MANNER = frozenset(
    ("armed", "dressed", "masked", "disguised", "mounted", "suspected", "based", "linked", "known", "believed",
     "identified", "hooded", "unidentified", "affiliated", "backed", "allied", "equipped", "uniformed", "united",
     "called", "hired", "hundred", "aged", "named", "claimed", "supported", "led", "trained", "riding", "wearing")
)  # fmt: skip
_MADE_OF_HARM = frozenset(
    ("making", "maker", "makers", "factory", "factories", "workshop", "suspect", "suspects", "plot", "plots", "threat",
     "threats", "charges", "trial", "victim", "victims", "survivor", "survivors", "shelter", "alert", "warning")
)  # fmt: skip
"""After a word for an attack: what it then names is none. "A bomb making factory", "an air strike warning"."""
_ADJECTIVES = frozenset(("terrorist", "military", "criminal", "student", "government", "nationalist", "radical"))
"""Heads that before an attack say what kind it was, and not who made it: "a terrorist attack"."""


def read_subject(line: Line, index: int) -> Verdict | None:
    """Whether the mention at `index` did it, by what stands to its right; None where nothing says so."""
    modifier = read_modifier(line, index)
    if modifier is not None:
        return modifier
    at = index + 1
    mention = line.mention(index)
    if line.word(at) == "'s":
        return None
    if mention is not None and mention.head in _ADJECTIVES and line.word(at) in words_of("attack_noun"):
        return None
    if line.word(at) == ",":
        close = _apposition_end(line, at)
        if close is not None:
            found = _clause(line, index, close + 1, voice=False)
            if found is not None:
                return found
    return _clause(line, index, at, voice=False)


_SIGNS = frozenset(("markings", "marking", "insignia", "insignias", "emblem", "emblems", "badges"))
_BEARS = ("had", "bore", "bearing", "bears", "wearing", "wore", "carried", "carrying", "flew", "flying", "with")


def read_modifier(line: Line, index: int) -> Verdict | None:
    """ "a Taliban suicide attack", "the army's bombardment", "Boko Haram involvement"."""
    mention = line.mention(index)
    at = index + 1
    if line.word(at) == "'s":
        at += 1
    if mention is None or (mention.actor is None and mention.head in _ADJECTIVES):
        return None
    if mention.head in ("military", "government", "regime"):
        return None
    modifiers, nouns = words_of("attack_modifier"), words_of("agent_noun")
    while line.word(at) in modifiers and line.word(at) not in nouns:
        at += 1
    if line.word(at) in nouns:
        while line.word(at + 1) in nouns:
            at += 1
        if line.word(at + 1) in _MADE_OF_HARM:
            return None
        return verdict(line, _FACT, at)
    if line.word(at) in _SIGNS and line.any_word(index - 3, index, _BEARS):
        # "the vehicles had Taliban markings"
        return verdict(line, Responsibility.POSSIBLE, at)
    if line.word(at) == "involvement" and mention.doubted:
        return verdict(line, _accused(line, index), at)
    if line.word(at) == "involvement" and line.any_word(
        index - 4, index, ("suspect", "suspected", "suspects", "blamed")
    ):
        return verdict(line, _accused(line, index - 2), at)
    return None


def _apposition_end(line: Line, comma: int) -> int | None:
    """The comma that closes what the comma at a place opened, where a verb of the mention follows it."""
    for at in range(comma + 1, min(line.size, comma + 20)):
        if line.words[at] in STOPS:
            return None
        if line.word(at) == "," and at > comma + 1:
            word = line.word(at + 1)
            if word in words_of("be") or word in ("have", "has", "had", "did", "do", "does") or word in POSSIBLY:
                return at
            sense = next(iter(line.verbs[at + 1]), None) if at + 1 < line.size else None
            if sense is not None and {"past", "third", "base"} & sense.forms:
                return at
    return None


def _clause(line: Line, index: int, at: int, *, voice: bool) -> Verdict | None:
    hedge: Responsibility | None = None
    future = negated = interrupted = relative = False
    limit = min(line.size, index + 1 + _REACH)
    first = at == index + 1
    while at < limit:
        word = line.words[at]
        if line.mentions[at] is not None:
            if not _passes_over(line, at, index):
                return None
            first = False
        elif word in STOPS or (word in _PRONOUNS and at > index + 1):
            return None
        elif word in (",", "'s"):
            pass
        elif first and not voice and (word in words_of("target_noun") or word in words_of("voice")):
            if word not in words_of("voice"):
                return speech(line, at + 1, limit)
            voice = True
        elif word in _RELATIVE:
            if at - index <= 2:
                relative = True
            elif not relative:
                interrupted = True
        elif word in words_of("negation") and line.sense(at, DENY) is None:
            negated = True
        elif word in POSSIBLY:
            hedge = Responsibility.POSSIBLE
        elif word in ALLEGEDLY:
            hedge = hedge or Responsibility.SUSPECTED
        elif word in words_of("future"):
            future = future or line.word(at - 1) not in _TRYING
        elif word in words_of("be"):
            found, step = _after_be(line, at, hedge, negated=negated or interrupted)
            if step == 0:
                return found
            at += step
            continue
        elif word == "involved" and line.word(at + 1) == "in" and not negated:
            if line.any_word(at + 2, at + 7, words_of("attack_noun")) and not interrupted:
                return verdict(line, hedge or _FACT, at)
            first = False
        elif line.verbs[at]:
            ended, found = _at_verb(
                line, index, at, hedge, voice=voice, blocked=future or negated, free=not interrupted
            )
            if ended:
                return found
            first = False
        elif word not in words_of("auxiliary"):
            if len(word) > 4 and word.endswith("ed") and word not in _PARTICIPLES_OF_MANNER and word not in _TRYING:
                interrupted = True
            first = False
        at += 1
    return None


def _passes_over(line: Line, at: int, index: int) -> bool:
    """Whether another mention between the subject and its verb leaves the subject in place."""
    previous = line.words[at - 1]
    if line.mentions[at - 1] is not None:
        return at - 1 == index
    if previous in ("and", "or", ",") and (at - 2 == index or line.mentions[at - 2] is not None):
        return True
    return previous in ("as", "in", "from", "of", "with", "dressed", "disguised", "posing", "wearing", "clad", "aboard")


def _at_verb(
    line: Line, index: int, at: int, hedge: Responsibility | None, *, voice: bool, blocked: bool, free: bool
) -> tuple[bool, Verdict | None]:
    """(whether the reading ends at this verb, what it says)."""
    if line.sense(at, CLAIM) is not None:
        # "has claimed attacks in its name": claims in general, not this one.
        general = line.word(at + 1) in ("attacks", "bombings", "killings")
        # "The army claims that it repelled the attack" is a statement; a force of a state admits by saying so.
        mention = line.mentions[index]
        if mention is not None and mention.state and not line.any_word(at + 1, at + 6, _OWNING):
            return True, None
        return True, None if blocked or general or _not_this_time(line, at) else verdict(line, _CLAIMED, at)
    if line.sense(at, DENY) is not None:
        return True, None if blocked else verdict(line, Responsibility.DENIED, at)
    joined = line.words[at - 1] in _JOINING
    acted = line.sense(at, ACT)
    if acted is not None and acted.forms <= {"base", "third"} and not _is_finite(line, index, at):
        return False, None
    if acted is not None and (not voice or line.words[at].startswith("order")):
        if blocked or _is_passive(line, at, acted):
            return True, None
        if free or "ing" in acted.forms or joined:
            head, attackers = done_to(line, at + 1)
            return True, Verdict(hedge or _FACT, line.starts[at], line.ends[at], head, attackers)
        return False, None
    if line.sense(at, SAY) is not None:
        return True, said(line, at)
    if line.sense(at, BLAME) is not None:
        after = line.word(at + 1)
        alone = line.words[at] == "suspected" and (at + 1 == line.size or after in STOPS or after == "as")
        passive = (after in ("for", "of", "by", "in") or alone) and free and at - index <= 4
        return True, verdict(line, _accused(line, at), at) if passive else None
    if line.sense(at, OTHER) is not None and line.words[at] not in _TRYING:
        reduced = line.words[at - 1] == "," and at - index == 2
        joins = line.word(at + 1) == "and" and line.sense(at + 2, ACT) is not None
        if reduced or joins:
            return False, None
        return True, speech(line, at + 1, min(line.size, index + 1 + _REACH)) if voice else None
    return False, None


def _not_this_time(line: Line, at: int) -> bool:
    """ "X, which claimed responsibility for the attacks in Paris, did not say ...": the claim is of another attack."""
    return any(
        line.word(further) == ","
        and line.word(further + 1) in _AUXILIARIES
        and line.word(further + 2) in ("not", "never")
        for further in range(at + 1, min(line.size, at + _REACH))
    )


def _is_passive(line: Line, at: int, sense: VerbSense) -> bool:
    """Whether a participle without a form of to be is passive: "soldiers killed in a raid"."""
    if "ing" in sense.forms or line.words[at - 1] in ("have", "has", "had", "having"):
        return False
    if not {"past", "participle"} & sense.forms:
        return False
    last = at
    while line.word(last + 1) in ("and", "or", ",", "then"):
        step = 3 if line.word(last + 2).endswith("ly") else 2
        following = line.sense(last + step, ACT)
        if following is None or not {"past", "participle"} & following.forms:
            break
        last += step
    if line.word(last + 1) in ("today", "yesterday", "tonight", "overnight"):
        last += 1
    if line.words[last] == "shot" and line.word(last + 1) == "dead":
        last += 1
    if line.word(last + 1) == "by":
        return line.word(last + 2) != "mistake"
    last_sense = line.sense(last, ACT) or sense
    if sense.kind != "harm" or last_sense.kind != "harm":
        return False
    if last + 1 >= line.size:
        return True
    pair = f"{line.word(last + 1)} {line.word(last + 2)}"
    if pair in _STILL_ACTIVE or line.mention(last + 1) is not None:
        return False
    return line.word(last + 1) in _AFTER_PASSIVE


def _is_finite(line: Line, index: int, at: int) -> bool:
    """Whether a form that is also a noun ("attack", "strikes") is a verb here."""
    previous = line.word(at - 1)
    return at == index + 1 or previous in _RELATIVE or previous in ("and", "to", "also", "then", "or", "not")


def _after_be(line: Line, at: int, hedge: Responsibility | None, *, negated: bool) -> tuple[Verdict | None, int]:
    """After a form of to be: (verdict, 0) where the reading ends there, else (None, words to step over)."""
    nxt = at + 1
    while nxt < line.size and line.mentions[nxt] is None:
        word = line.words[nxt]
        if word in words_of("negation"):
            negated = True
        elif word in POSSIBLY:
            hedge = Responsibility.POSSIBLE
        elif word in ALLEGEDLY:
            hedge = hedge or Responsibility.SUSPECTED
        elif not (word in words_of("auxiliary") or word in words_of("be") or word.endswith("ly")):
            break
        nxt += 1
    word = line.word(nxt)
    found = _as_suspects(line, nxt)
    if found is not None:
        return None if negated else found, 0
    if not word:
        return None, 0
    if word in ("responsible", "accountable", "behind", "guilty", "involved", "part"):
        return (None if negated else verdict(line, hedge or _FACT, nxt)), 0
    if word in ("blamed", "accused", "suspected", "implicated", "linked", "charged") or (
        word == "held" and line.any_word(nxt, nxt + 4, ("responsible",))
    ):
        return (None if negated else verdict(line, _accused(line, nxt), nxt)), 0
    if word in _TRIED:
        cause = line.any_word(nxt + 1, nxt + 10, words_of("attack_noun") | {"connection"})
        if cause and not negated:
            return verdict(line, Responsibility.SUSPECTED_BY_AUTHORITIES, nxt), 0
        return None, 0
    if word in ("believed", "thought", "presumed", "alleged", "said", "reported", "known", "assumed"):
        return (None if negated else _believed(line, nxt)), 0
    acted = line.sense(nxt, ACT)
    if acted is not None and "ing" in acted.forms:
        return (None if negated else verdict(line, hedge or _FACT, nxt)), 0
    if word == "the" and line.word(nxt + 1) in ("ones", "people", "men", "one") and line.word(nxt + 2) in _RELATIVE:
        return None, nxt + 3 - at
    if acted is not None or line.verbs[nxt] or word.endswith("ed"):
        return None, 0
    return None, nxt - at


def _as_suspects(line: Line, at: int) -> Verdict | None:
    """ "are the suspected perpetrators", "is the prime suspect"."""
    for further in range(at, min(line.size, at + 3)):
        mention = line.mentions[further]
        if mention is None:
            if line.words[further] not in ("the", "a", "prime", "main", "chief", "principal"):
                return None
        elif mention.head in words_of("suspect_head") or (mention.doubted and mention.kind == "attacker"):
            return verdict(line, _accused(line, further), further)
        else:
            return None
    return None


def _believed(line: Line, at: int) -> Verdict | None:
    """ "is believed to have killed", "are thought to be behind"."""
    for further in range(at + 1, min(line.size, at + 8)):
        if line.words[further] in STOPS or line.mentions[further] is not None:
            return None
        if line.words[further] in ("responsible", "behind", "involved") or line.sense(further, ACT) is not None:
            sure = line.words[at] in ("said", "reported", "known")
            return verdict(line, _FACT if sure else _accused(line, at), at)
    return None


def _accused(line: Line, at: int) -> Responsibility:
    """By whom: an authority as the agent ("by police") or as the one who says so in the sentence, or nobody stated."""
    for further in range(max(0, at), min(line.size, at + 8)):
        if line.word(further) == "by":
            return by_whom(line, further + 1)
    return Responsibility.SUSPECTED_BY_AUTHORITIES if authority_speaks(line) else Responsibility.SUSPECTED
