"""Perpetrators: who did it, by every sentence of an article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.report import Perpetrator
from schemas.taxonomy import TYPES, IncidentType
from schemas.vocabulary import IncidentFamily, Responsibility
from services.processor.extraction.actors.clashes import parties
from services.processor.extraction.actors.classes import class_of
from services.processor.extraction.actors.coreference import NamedBefore
from services.processor.extraction.actors.cues import Verdict, words_of
from services.processor.extraction.actors.gate import Gate
from services.processor.extraction.actors.individuals import named_doers
from services.processor.extraction.actors.lexicon import Actor
from services.processor.extraction.actors.line import Line
from services.processor.extraction.actors.matching import find_in_view
from services.processor.extraction.actors.mentions import STATE_KINDS, ActorMention
from services.processor.extraction.actors.motives import MAY_BE_MEANT, Motive, find_motives
from services.processor.extraction.actors.phrases import TIED
from services.processor.extraction.actors.responsibility import judge, strongest
from services.processor.extraction.ascii_view import ascii_view

_ANSWERED = frozenset(
    ("gunman", "attacker", "assailant", "bomber", "suicide bomber", "shooter", "knifeman", "driver", "truck driver",
     "lorry driver", "suspect", "attackers", "assailants", "hijacker", "hijackers", "kidnappers", "he")
)  # fmt: skip
"""Words for somebody who has attacked already."""
_CLAIMED = Responsibility.CLAIMED_OR_ADMITTED
_ALLY = re.compile(
    r"(?:['’]s?)?[\s-](?:[\w-]+\s){0,2}(?:ally|allies|affiliates?|branch|offshoot|franchise|proxy|splinter|wing)\b",
    re.IGNORECASE,
)
_FACTION = re.compile(r"\b(?:faction|splinter|splinter group|offshoot|wing|breakaway group|branch)\s(?:of|from)\s")
_BESIDE = 8
"""Words after a group within which another can be its apposition."""
_NEAR = 40
"""Characters between a group and what it is the ally of."""
_APPOSITION = re.compile(r"\s?[,(–—-]\s?(?:an?\s|the\s)?(?:[\w-]+\s){0,2}\Z", re.IGNORECASE)
"""What stands between a group and the words that say what it is: "JNIM, the al-Qaida ally"."""


class PerpetratorMention(NamedTuple):
    """One place of a text that says who did it."""

    start: int
    end: int
    text: str
    name: str
    """The lexicon's name for a known actor, else the words of the text."""
    actor: Actor | None
    """None for a description: "unidentified gunmen"."""
    kind: str
    """As in `ActorMention`."""
    responsibility: Responsibility
    sentence: int
    """Index of the sentence that says so."""
    cue_start: int
    cue_end: int
    """The words that decide: "claimed responsibility", "by"."""
    against: str = ""
    """Head of the words for those it was done to, where they stand beside it: `gunman`, `protesters`."""
    answering: bool = False
    """Forces of a state acting against attackers; they did not make the attack where somebody else is named who did."""

    head: str = ""
    """The last word or words, as the lexicon has them: `gunmen`, `air force`."""
    beside: bool = False
    """A side of a clash, or those whom a motive points to: listed beside whoever is named."""
    motive: Motive | None = None
    """Where they are described by their motive only: where it holds."""

    @property
    def state(self) -> bool:
        """Whether it is an arm of a state."""
        return self.kind in STATE_KINDS

    @property
    def attacks(self) -> bool:
        """Whether it is somebody other than a state who did it: what forces answer."""
        return not self.state and not self.beside

    def holds(self, country: str | None, kind: IncidentType) -> bool:
        """Whether it can be so there: some motives belong to a country, and all to deeds.

        Nobody does a flood or an epidemic, and the forces named with an accident are those who came to help.
        """
        family = TYPES[kind].family
        if family is IncidentFamily.DISASTER or kind is IncidentType.EPIDEMIC:
            return False
        if family is IncidentFamily.ACCIDENT and kind not in MAY_BE_MEANT and self.state:
            return self.responsibility is _CLAIMED
        return self.motive is None or self.motive.holds(country, kind)


def find_perpetrators(text: str, sentences: Sequence[tuple[int, int]]) -> list[PerpetratorMention]:
    """Who is said to have done harm in `text`, sentence by sentence, with how firmly it is said.

    `sentences` are (start, end) offsets into `text`, in order. The answers are in order of the text; whoever is named
    as victim, target, speaker or history is not among them. Takes linear time and never raises on any text.
    """
    view = ascii_view(text)
    mentions = find_in_view(text, view)
    gate = Gate(view)
    found: list[PerpetratorMention] = []
    named = NamedBefore(mentions)
    at = 0
    for number, (start, end) in enumerate(sentences):
        while at < len(mentions) and mentions[at].left < start:
            at += 1
        inside = []
        while at < len(mentions) and mentions[at].end <= end:
            inside.append(mentions[at])
            at += 1
        if not gate.has_cue(start, end):
            for mention in inside:
                named.add(mention, number)
            continue
        if inside:
            found.extend(_in_sentence(view, start, end, number, inside, named))
        if gate.may_name(start, end):
            found.extend(_by_name(text, view, start, end, number, inside))
        if not inside:
            claim = _claim_by_pronoun(view, start, end, number, named)
            if claim is not None:
                found.append(claim)
    found = _without_answering_forces(found)
    if not any(one.actor is not None and one.kind in _GROUPS for one in found):
        found.extend(_by_motive(text, view, sentences))
        found.sort(key=lambda one: (one.sentence, one.start))
    return found


_GROUPS = frozenset(("armed_group", "criminal", "militia", "named_group"))


def _by_motive(text: str, view: str, sentences: Sequence[tuple[int, int]]) -> Iterator[PerpetratorMention]:
    """Those whom the motive of an attack points to; who they are is not known, only what moved them."""
    starts = [start for start, _ in sentences]
    for start, end, motive in find_motives(view):
        number = bisect_right(starts, start) - 1
        if number < 0 or end > sentences[number][1]:
            continue
        yield PerpetratorMention(
            start, end, text[start:end], motive.description, None, "motive", Responsibility.POSSIBLE, number,
            start, end, beside=True, motive=motive,
        )  # fmt: skip


def _in_sentence(
    view: str, start: int, end: int, number: int, inside: list[ActorMention], named: NamedBefore
) -> list[PerpetratorMention]:
    line = Line(view, start, end, inside)
    found = []
    clashing = dict(parties(line))
    before: ActorMention | None = None
    for index, mention in enumerate(line.mentions):
        if mention is None:
            continue
        verdict = judge(line, index)
        side = verdict is None and index in clashing
        if side:
            verdict = clashing[index]
        ally, before = _is_ally(view, before, mention), mention
        if ally or _is_parent(view, mention, line.mentions[index + 1 : index + _BESIDE]):
            continue
        resolved = named.resolve(mention, number)
        bare = resolved.actor is None and resolved.kind == "group" and resolved.text.count(" ") == 0
        if verdict is not None and not bare:
            if resolved is not mention and not mention.definite:
                verdict = verdict._replace(responsibility=Responsibility.POSSIBLE)
            found.append(_perpetrator(resolved, verdict, number, beside=side))
        # In "JNIM, which is allied with al-Qaida, said its fighters ..." they are not the ally's.
        if not view[mention.left : mention.start].startswith(TIED):
            named.add(mention, number)
    return found


def _is_ally(view: str, before: ActorMention | None, mention: ActorMention) -> bool:
    """Whether it only says whose ally the group named just before is."""
    if before is None or mention.start - before.end > _NEAR or before.end > mention.start:
        return False
    return bool(_APPOSITION.fullmatch(view[before.end : mention.start]) and _ALLY.match(view, mention.end))


def _is_parent(view: str, mention: ActorMention, following: Sequence[ActorMention | None]) -> bool:
    """Whether it only says whose faction the group named right after it is: "A faction of the TTP, Jamaat-ul-Ahrar"."""
    after = next((one for one in following if one is not None), None)
    if after is None or after.actor is None or after.start - mention.end > _NEAR or mention.actor is None:
        return False
    beside = _APPOSITION.fullmatch(view[mention.end : after.left]) is not None
    return beside and _FACTION.search(view, max(0, mention.left - _NEAR), mention.end) is not None


def _by_name(
    text: str, view: str, start: int, end: int, number: int, inside: list[ActorMention]
) -> Iterator[PerpetratorMention]:
    for doer in named_doers(text, view, start, end, inside):
        words = text[doer.start : doer.end]
        actor = Actor(" ".join(words.split()), (), "individual")
        yield PerpetratorMention(
            doer.start,
            doer.end,
            words,
            actor.name,
            actor,
            actor.kind,
            doer.responsibility,
            number,
            doer.cue_start,
            doer.cue_end,
        )


def _perpetrator(mention: ActorMention, verdict: Verdict, number: int, *, beside: bool = False) -> PerpetratorMention:
    return PerpetratorMention(
        mention.start,
        mention.end,
        mention.text,
        mention.name,
        mention.actor,
        mention.kind,
        verdict.responsibility,
        number,
        verdict.start,
        verdict.end,
        verdict.against,
        verdict.against_attackers and mention.state,
        mention.head,
        beside,
    )


def _claim_by_pronoun(view: str, start: int, end: int, number: int, named: NamedBefore) -> PerpetratorMention | None:
    """ "It claimed responsibility in a statement": the pronoun is the group named just before."""
    first = view[start : start + 40].split()[:1]
    actor = named.last(number, within=2)
    if actor is None or not first or first[0] not in ("it", "they"):
        return None
    at = view.find(first[0], start, end)
    pronoun = ActorMention(at, at + len(first[0]), first[0], actor, actor.kind, at, False, True, "group")
    line = Line(view, start, end, [pronoun])
    verdict = judge(line, line.mentions.index(pronoun))
    if verdict is None or verdict.responsibility not in (Responsibility.CLAIMED_OR_ADMITTED, Responsibility.DENIED):
        return None
    return _perpetrator(pronoun, verdict, number)


def _without_answering_forces(found: list[PerpetratorMention]) -> list[PerpetratorMention]:
    """Forces that fired on attackers did not attack: not where the attacker is one who must have ("the gunman"), and
    not where the text names somebody else who did."""
    attackers = {one.text.split()[-1].lower() for one in found if one.attacks}
    return [
        one
        for one in found
        if not (one.state and (one.against in _ANSWERED or (attackers and (one.answering or one.against in attackers))))
    ]


_PLAIN = ("head.attacker", "head.criminal", "head.person", "unknown", "doubt")
"""Classes of words that begin with a capital only where a sentence begins with them."""


def to_perpetrators(found: Sequence[PerpetratorMention], country: str | None = None) -> tuple[Perpetrator, ...]:
    """One `Perpetrator` for each actor of `found`, with its strongest responsibility: named groups and people first.

    `country` is where it happened (ISO 3166-1 alpha-2): "the army" without more is that of the country. Those without
    a name have their class in the ACLED codebook among their other names, in small letters.

    A bare description ("gunmen") is left out where a group or person is named who does not deny it: it describes the
    same people. Forces of a state leave it in, and so do the sides of a clash.
    """
    by_name: dict[str, list[PerpetratorMention]] = {}
    for one in found:
        by_name.setdefault(one.name.casefold(), []).append(one)
    people: list[tuple[PerpetratorMention, Perpetrator]] = []
    for group in by_name.values():
        value = strongest(one.responsibility for one in group)
        if value is None:
            continue
        first = group[0]
        aliases = dict.fromkeys(first.actor.aliases if first.actor is not None else ())
        aliases.update(dict.fromkeys(" ".join(one.text.split()) for one in group if one.motive is None))
        described = class_of(first.kind, first.head, _whose(first, country)) if not _has_name(first) else None
        if described is not None:
            aliases[described] = None
        aliases.pop(first.name, None)
        wikidata = first.actor.wikidata if first.actor is not None else None
        person = Perpetrator(
            name=_as_within_a_sentence(first), aliases=tuple(aliases), wikidata=wikidata, responsibility=value
        )
        people.append((first, person))
    named = any(
        first.actor is not None and not first.state and person.responsibility is not Responsibility.DENIED
        for first, person in people
    )
    kept = [(first, person) for first, person in people if first.actor is not None or first.beside or not named]
    return tuple(person for _, person in sorted(kept, key=lambda pair: _rank(pair[0])))


def _has_name(one: PerpetratorMention) -> bool:
    """Whether it is an organisation or person with a name of its own, or a force of many countries."""
    return one.actor is not None and (not one.state or len(one.actor.countries) > 1)


def _whose(one: PerpetratorMention, country: str | None) -> str | None:
    """The country of a force, its own before that in which it acted."""
    return one.actor.countries[0] if one.actor is not None and one.actor.countries else country


def _as_within_a_sentence(one: PerpetratorMention) -> str:
    """A description without the capital that it has only for beginning a sentence: "Gunmen" is no name."""
    first = one.name.split(" ", 1)[0]
    plain = one.actor is None and first.istitle() and any(first.lower() in words_of(kind) for kind in _PLAIN)
    return first.lower() + one.name[len(first) :] if plain else one.name


def _rank(one: PerpetratorMention) -> int:
    """Groups and people with names first, then descriptions, then forces of states."""
    if one.actor is None:
        return 1
    return 2 if one.state else 0
