"""Who says what a sentence says, and in which capacity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from schemas import Speaker, SpeakerRole, Whose
from services.processor.extraction.actors import find_actors
from services.processor.extraction.actors.lexicon import load_aliases
from services.processor.extraction.actors.mentions import STATE_KINDS
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, read_rows, word_set

_W = WordClass
_LONGEST_NAME = 12
_LONGEST_NAMED = 120
"""Characters of a speaker's name within which armed groups are looked for."""
_LONGEST_SECOND = 5
"""Words of a second speaker's name: where a sentence goes on, more than these are a clause."""
_NO_SPEAKER = word_set("no_speaker")
_NOBODY = frozenset(("nobody", "none", "neither"))
_TIMES = _W.WEEKDAY | _W.MONTH | _W.DAYPART
_FIGHTING = word_set("fighting")
_COUNTED = frozenset(("toll", "number", "figure", "dead", "count", "tally"))
"""What somebody who counts the dead puts at a number."""
_COUNTS = frozenset(("toll", "figure", "count", "tally", "estimate"))
"""Numbers that somebody gives."""
_GIVES_FIGURE = word_set("gives_figure")
_SPEAKS_FOR = word_set("speaks_for")
_IN_OFFICE = frozenset(("officials", "official", "authorities", "government", "governor", "mayor", "administration"))
_CLAIMS = frozenset(("claim", "claims", "claimed", "claiming"))
_LIVES = frozenset(("lives", "life"))
_LIVES_REACH = 8
"""Words after "claimed" within which lives make it no word of speech."""
_PUTS = frozenset(("put", "puts"))
_OF_WHAT_IS_SAID = frozenset(("it", "they", "we", "i", "there"))
"""Behind a verb of speech these begin what is said; "said he" does not."""
_SHOW = word_set("never_inverted")
"""Never stand before their subject: "and shows pictures of captured trucks"."""
_NOUNS_TOO = word_set("speech_or_noun")
_BEFORE_NOUNS = word_set("before_nouns")
_STAND_FOR_SPEAKERS = frozenset(("it", "they", "he", "she"))
_NO_SUBJECT = (
    _W.VERB | _W.PAST | _W.SAY | _W.HARM | _W.BE | _W.HAVE | _W.MODAL | _W.COMMA | _W.MARK | _W.SUBORDINATE
    | _W.RELATIVE | _W.PREPOSITION
)  # fmt: skip
_ASIDES = frozenset(("a", "an", "the", "in", "speaking", "which", "who", "citing", "quoting"))
"""Open what stands between a speaker and the verb."""
_COUNTED = frozenset(("toll", "dead", "deaths", "fatalities", "injured", "wounded", "number", "tally"))
"""Behind "put" they make whoever puts them somewhere a speaker."""


class Attribution(NamedTuple):
    """A speaker at `words[start:end]` of a sentence."""

    speaker: Speaker
    start: int
    end: int


@cache
def _roles() -> dict[str, SpeakerRole]:
    roles: dict[str, SpeakerRole] = {}
    for role, *words in read_rows("speakers.tsv"):
        for word in words:
            roles.setdefault(word, SpeakerRole(role))
    return roles


_RANK = [
    SpeakerRole.ANONYMOUS, SpeakerRole.MEDIC, SpeakerRole.WITNESS, SpeakerRole.PARTY, SpeakerRole.ORGANISATION,
    SpeakerRole.OFFICIAL, SpeakerRole.MEDIA,
]  # fmt: skip


@lru_cache(maxsize=4096)
def role_of(name: str) -> SpeakerRole:
    """In which capacity somebody of this name speaks, by lexicon/speakers.tsv; an armed group is a party to the fight.

    Official where no word fits.
    """
    roles, words = _roles(), name.lower().split()
    if not _IN_OFFICE.isdisjoint(words) and _SPEAKS_FOR.isdisjoint(words):
        # "Taliban officials" and "the Hamas-run health ministry" count as those in office do.
        return SpeakerRole.OFFICIAL
    found = {roles[w] for w in words if w in roles}
    found |= {roles[p] for p in (" ".join(words[k : k + 2]) for k in range(len(words) - 1)) if p in roles}
    for actor in find_actors(name) if len(name) < _LONGEST_NAMED else ():
        whole = 2 * (actor.end - actor.left) > len(name)
        if actor.named and (not found or whole or not _SPEAKS_FOR.isdisjoint(words)):
            return SpeakerRole.PARTY
    for role in _RANK:
        if role in found:
            return role
    return SpeakerRole.PARTY if _is_group_in_short(name) else SpeakerRole.OFFICIAL


def _is_group_in_short(name: str) -> bool:
    """Whether somebody is called by the initials of an armed group alone, "the BLA", which may be others' elsewhere."""
    short = name.removeprefix("The ").removeprefix("the ")
    known = load_aliases().get(short.lower(), ()) if short.isupper() else ()
    return any(alias.actor.kind not in STATE_KINDS for alias in known)


def find_speaker(tokens: Tokens) -> Attribution | None:
    """The speaker of a sentence: "X said ...", "according to X", "..., X said"; None where it speaks for itself."""
    lower, classes = tokens.lower, tokens.classes
    for at, word in enumerate(lower):
        if word == "according" and lower[at + 1 : at + 2] == ["to"]:
            return _named(tokens, at + 2, _name_end(tokens, at + 2))
        if word == "as" and at + 2 < len(lower) and lower[at + 2] == "by" and classes[at + 1] & (_W.PAST | _W.SAY):
            return _named(tokens, at + 3, _name_end(tokens, at + 3))
        if word == "estimated" and lower[at - 1 : at] in (["an"], ["the"]):
            continue
        if word in _CLAIMS and _takes_lives(lower[at + 1 : at + _LIVES_REACH]):
            continue
        if classes[at] & _W.SAY and at and word not in ("reported", "confirmed", "identified", "found", "believed"):
            if lower[at - 1] == "i":
                # "I counted 62 bodies," said a survivor
                continue
            return _around(tokens, at)
        if word in ("reported", "confirmed") and at and not _said_of_them(tokens, at):
            return _around(tokens, at)
        if word in _PUTS and at and _COUNTED.intersection(lower[at + 1 : at + 5]):
            # "Another put the death toll at 26"
            return _around(tokens, at)
    return None


def _takes_lives(following: Sequence[str]) -> bool:
    """Whether what is claimed is lives: "The heatwave claimed 156 more lives, officials said"."""
    return not _LIVES.isdisjoint(following) and "that" not in following[:2]


def spoken_of_before(tokens: Tokens, earlier: Callable[[], Sequence[Tokens]]) -> Attribution | None:
    """Whom "it" or "they" stands for before a verb of speech: whoever spoke last in the sentences before.

    "The front issued a statement. It put the army's losses at 60." `earlier` gives the sentences before, the
    nearest first. The words of the attribution are those of the pronoun. None where no pronoun speaks, or nobody did
    before.
    """
    lower, classes = tokens.lower, tokens.classes
    for at in range(len(lower) - 1):
        if lower[at] not in _STAND_FOR_SPEAKERS:
            continue
        verb = at + 1
        while verb + 1 < len(lower) and classes[verb] & (_W.HAVE | _W.ADVERB):
            verb += 1
        puts = lower[verb] in _PUTS and not _COUNTED.isdisjoint(lower[verb + 1 : verb + 6])
        if not (puts or (classes[verb] & _W.SAY and not classes[verb - 1] & _W.BE)):
            continue
        for before in earlier():
            told = find_speakers(before) or [one for one in (_subject_that_speaks(before),) if one is not None]
            if told:
                return Attribution(told[-1].speaker, at, at + 1)
        return None
    return None


def _subject_that_speaks(tokens: Tokens) -> Attribution | None:
    """The subject of a sentence, where it is somebody who may speak: "The army rejected that", "The front issued a"."""
    end = next((k for k, bits in enumerate(tokens.classes) if bits & _NO_SUBJECT), 0)
    found = _named(tokens, 0, min(end, _LONGEST_NAME)) if end else None
    if found is None:
        return None
    known = not _roles().keys().isdisjoint(found.speaker.name.lower().split())
    return found if known or found.speaker.role is SpeakerRole.PARTY else None


def _said_of_them(tokens: Tokens, at: int) -> bool:
    """Whether a verb of speech is passive or denied: "were initially reported missing"."""
    while at > 1 and tokens.classes[at - 1] & _W.ADVERB and not tokens.classes[at - 1] & _W.NEGATION:
        at -= 1
    return bool(tokens.classes[at - 1] & (_W.BE | _W.NEGATION))


def find_speakers(tokens: Tokens) -> list[Attribution]:
    """All speakers of a sentence, the first of them as find_speaker has it: "the army said 20, the rebels said 60"."""
    first = find_speaker(tokens)
    stop = first.start if first is not None else len(tokens.lower)
    found = [one for one in (_officially(tokens, stop), _who_counts(tokens, stop), first) if one is not None]
    for at in range(found[-1].end + 1, len(tokens.lower)) if found else ():
        if (tokens.classes[at] & _W.SAY or tokens.lower[at] in _GIVES_FIGURE) and not tokens.classes[at - 1] & _W.BE:
            another = _around(tokens, at)
            if another is not None and another.start >= found[-1].end and not _is_long(another):
                found.append(another)
    return sorted([*found, *_whose_counts(tokens)], key=lambda one: one.end)


def _officially(tokens: Tokens, stop: int) -> Attribution | None:
    """ "Officially, 30 died, but residents say 80" is what those in office say, at its word before word `stop`."""
    at = next((at for at in range(stop) if tokens.lower[at] == "officially"), None)
    return None if at is None else Attribution(Speaker(name=tokens.words[at], role=SpeakerRole.OFFICIAL), at, at + 1)


def _whose_counts(tokens: Tokens) -> list[Attribution]:
    """Whose number one is said to be: "more than the government's toll of 30", "above the official count of 30"."""
    lower, found = tokens.lower, []
    for at in range(1, len(lower) - 2):
        if lower[at] not in _COUNTS or lower[at + 1] != "of" or not tokens.classes[at + 2] & _W.NUMBER:
            continue
        owned = next((k for k in range(at - 1, max(0, at - 4), -1) if lower[k] in ("'s", "'")), None)
        if owned is None:
            if lower[at - 1] == "official" or lower[at - 2 : at] == ["official", "death"]:
                first = at - 1 if lower[at - 1] == "official" else at - 2
                name = Speaker(name=_joined(tokens, first, at + 1), role=SpeakerRole.OFFICIAL)
                found.append(Attribution(name, first, at + 1))
        elif not _roles().keys().isdisjoint(lower[max(0, owned - 2) : owned]):
            start = next((k for k in range(owned - 1, max(-1, owned - 5), -1) if lower[k] == "the"), owned - 1)
            owner = _named(tokens, start, owned)
            if owner is not None:
                found.append(owner)
    return found


def _who_counts(tokens: Tokens, stop: int) -> Attribution | None:
    """Who "put the death toll at 12" before word `stop`."""
    lower = tokens.lower
    for at in range(1, stop - 2):
        if lower[at] in ("put", "puts") and lower[at + 1] == "the" and not _COUNTED.isdisjoint(lower[at + 2 : at + 4]):
            found = _around(tokens, at)
            return found if found is not None and found.end <= at and not _is_long(found) else None
    return None


def speaker_of(at: int, speakers: Sequence[Attribution]) -> Attribution | None:
    """Who says what stands at a word: whoever was named last before it, else the first."""
    before = [speaker for speaker in speakers if speaker.end <= at]
    return before[-1] if before else next(iter(speakers), None)


def _is_long(attribution: Attribution) -> bool:
    return attribution.end - attribution.start > _LONGEST_SECOND


def _around(tokens: Tokens, at: int) -> Attribution | None:
    """The subject of the verb of speech at `at`: before it, or right after it ("..., said the mayor")."""
    lower, classes = tokens.lower, tokens.classes
    if lower[at] in _NOUNS_TOO and lower[at - 1] in _BEFORE_NOUNS:
        # "a large quantity of means destroyed"
        return None
    end = at
    while end and classes[end - 1] & (_W.HAVE | _W.ADVERB | _W.BE):
        end -= 1
    if end > 3 and lower[end - 1] == ")" and "(" in lower[max(0, end - 8) : end]:
        # "The Liberation Army (TPLA) claimed"
        end = end - 1 - lower[:end][::-1].index("(")
    aside = _aside_start(tokens, end)
    if aside > 0:
        # "The rebels, in a statement from London, said"; "Doctors Alliance, an aid group, said"
        end = aside
    start = _name_start(tokens, end)
    if 1 < start < end and lower[start - 1] == "who":
        # "Sources who were at the scene say": whoever the clause is about.
        start, end = _name_start(tokens, start - 1), start - 1
    if start < end and (found := _named(tokens, start, end)) is not None:
        return found
    if end == at and lower[at].endswith("ing") and lower[at - 1] in (",", "and") and lower[at + 1 : at + 2] == ["that"]:
        # "Opposition senators left the chamber, insisting that 90 are dead"
        return _subject_that_speaks(tokens)
    if start == end > 1 and lower[end - 1] in ("which", "who"):
        return _told_of_before(tokens, end - 1)
    following = classes[at + 1] if at + 1 < len(lower) else _W.MARK
    if following & _W.INDEFINITE:
        # "..., said a survivor": "a" can begin a number, too.
        following &= ~_W.NUMBER
    if not following & (_W.THAT | _W.MARK | _W.COMMA | _W.NUMBER | _W.PREPOSITION):
        # "..., said the mayor" has its speaker behind it; "..., saying its fighters did" goes on about one told before.
        behind = start == end and not lower[at].endswith("ing") and lower[at] not in _SHOW
        behind = behind and lower[at + 1] not in _OF_WHAT_IS_SAID
        return _named(tokens, at + 1, _name_end(tokens, at + 1)) if behind else None
    return None


def _told_of_before(tokens: Tokens, relative: int) -> Attribution | None:
    """Whom a relative pronoun takes up: "a figure disputed by the council, which said"."""
    end = relative - (tokens.lower[relative - 1] == ",")
    start = _name_start(tokens, end)
    by = max((k for k in range(start, end) if tokens.lower[k] == "by"), default=start - 1)
    return _named(tokens, by + 1, end)


def _name_start(tokens: Tokens, end: int) -> int:
    lower, classes, start = tokens.lower, tokens.classes, end
    while start and end - start < _LONGEST_NAME:
        bits = classes[start - 1]
        if bits & (_W.COMMA | _W.MARK | _W.SUBORDINATE | _W.AND | _W.RELATIVE) and lower[start - 1] not in (".", "/"):
            break
        if lower[start - 1] == "but":
            break
        start -= 1
    return start


def _aside_start(tokens: Tokens, end: int) -> int:
    """Index of the comma that opens the aside which ends right before a verb of speech; -1 where none does."""
    lower, classes = tokens.lower, tokens.classes
    if end < 3 or lower[end - 1] != ",":
        return -1
    for k in range(end - 2, max(0, end - _LONGEST_NAME), -1):
        if lower[k] == ",":
            opens = lower[k + 1] in _ASIDES and k + 2 < end
            return k if opens else -1
        verb = classes[k] & _W.HARM and not classes[k] & _W.PREPOSITION
        if verb or classes[k] & (_W.MARK | _W.BE | _W.HAVE | _W.SAY):
            return -1
    return -1


def _name_end(tokens: Tokens, start: int) -> int:
    end, size = start, len(tokens.lower)
    while end < size and end - start < _LONGEST_NAME:
        bits = tokens.classes[end]
        if bits & (_W.COMMA | _W.MARK | _W.RELATIVE | _W.SUBORDINATE | _W.BE | _W.HAVE | _W.SAY) and (
            tokens.lower[end] not in ("'s", "'", "/")
        ):
            break
        end += 1
    return end


def _named(tokens: Tokens, start: int, end: int) -> Attribution | None:
    while start < end and (
        tokens.classes[start] & _W.ADVERB or tokens.lower[start] in ('"', "'", "but", "and", "with")
    ):
        start += 1
    if start + 1 < end and tokens.classes[start] & _W.PREPOSITION and tokens.classes[start + 1] & _TIMES:
        # "On Monday the army said": the day is no part of the name.
        start += 2
    if start >= end or (end - start == 1 and tokens.lower[start] in _NO_SPEAKER) or tokens.lower[start] in _NOBODY:
        return None
    name = _joined(tokens, start, end)
    return Attribution(Speaker(name=name, role=role_of(name)), start, end)


def _joined(tokens: Tokens, start: int, end: int) -> str:
    pieces = [tokens.words[start]]
    for k in range(start + 1, end):
        pieces.append(tokens.words[k] if tokens.starts[k] == tokens.ends[k - 1] else " " + tokens.words[k])
    return "".join(pieces)


def as_party(speaker: Speaker, whose: Whose) -> Speaker:
    """The speaker as a party to the fight where an army or police speaks of the enemy's dead."""
    words = set(speaker.name.lower().split())
    if speaker.role is SpeakerRole.OFFICIAL and whose is Whose.ATTACKERS and words & _FIGHTING:
        return Speaker(name=speaker.name, role=SpeakerRole.PARTY)
    return speaker
