"""Figures that contradict each other: two speakers, or what is feared and what is confirmed. The view holds both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from schemas import Modifier, SpeakerRole, Whose
from services.processor.extraction.drafts import Draft

_MOST_RIVALS = 6
"""Pairs of figures that are settled; a text with more is no report of one incident."""
_NEAR = 1
"""Sentences between two figures that are set against each other."""


def settle(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of one kind of harm and one side, with every two figures that contradict each other as one range.

    "The mayor said 20 people died; medics said 60": 20 to 60, best 20. Where sources of equal standing differ the
    codebooks of ACLED and GTD take the lower figure. What a party to the fight says gives way to what others say. "19
    feared dead" beside "officials confirmed 16 deaths" is 16 to 19. A figure that brings an earlier one up to date
    contradicts nobody. The claims themselves stay as they are.
    """
    settled = list(drafts)
    renewed = {d.group[0] for d in drafts if d.more}
    for _ in range(_MOST_RIVALS):
        pair = next(
            (
                (d, k)
                for at, d in enumerate(settled)
                for k in _after(settled, at)
                if _contradict(d, settled[k]) and not any(_renews(one, renewed) for one in (d, settled[k]))
            ),
            None,
        )
        if pair is None:
            break
        draft, rival = pair
        party = _party_of(draft, settled[rival])
        if party is not None:
            settled = [d for d in settled if d is not party and not _says_again(d, party)]
            continue
        both = _range(draft, settled[rival])
        loser = max(draft, settled[rival], key=lambda d: d.best or 0)
        kept = [both if d is draft else d for k, d in enumerate(settled) if k != rival]
        settled = [d for d in kept if not _says_again(d, loser)]
    return _without_feared(settled)


def _renews(draft: Draft, renewed: Set[int]) -> bool:
    """Whether a toll is told with those who brought it there: "156 more died, raising the death toll to 340"."""
    return draft.voice == "toll" and draft.group[0] in renewed


def _party_of(one: Draft, other: Draft) -> Draft | None:
    """The one of two that a party to the fight gives, where somebody else gives the other."""
    parties = [d for d in (one, other) if d.speaker is not None and d.speaker.role is SpeakerRole.PARTY]
    return parties[0] if len(parties) == 1 else None


def _after(drafts: Sequence[Draft], at: int) -> Iterator[int]:
    """The drafts that follow one in its own sentence and the next."""
    if drafts[at].speaker is not None:
        for k in range(at + 1, len(drafts)):
            if drafts[k].group[0] - drafts[at].group[0] > _NEAR:
                return
            yield k


def _says_again(draft: Draft, loser: Draft) -> bool:
    """Whether the same speaker gives the same number once more, in a headline say."""
    same = draft.speaker is not None and loser.speaker is not None and draft.speaker.name == loser.speaker.name
    return same and draft.best == loser.best and draft.modifier is not Modifier.RANGE


def _contradict(one: Draft, other: Draft) -> bool:
    if one.speaker is None or other.speaker is None or one.speaker.name.lower() == other.speaker.name.lower():
        return False
    if one.best is None or other.best is None or one.best == other.best or min(one.best, other.best) < 2:
        return False
    if any(d.more or d.update or d.among or d.feared or d.modifier is Modifier.VAGUE for d in (one, other)):
        return False
    if None not in (one.country, other.country) and one.country != other.country:
        # "killed 207 in Iran ... at least seven in Iraq"
        return False
    fewer, more = sorted((one, other), key=lambda draft: draft.best or 0)
    if fewer.modifier is Modifier.AT_LEAST and _rounds(fewer.best or 0, more.best or 0):
        return False
    return abs(one.group[0] - other.group[0]) <= _NEAR and _same_people(one, other)


def _rounds(bound: int, number: int) -> bool:
    """Whether a round bound is said of a number as well, which the next rounder one is not: "more than 400" of 413."""
    step = int("1" + "0" * (len(str(bound)) - len(str(bound).rstrip("0"))))
    return step > 1 and bound < number < bound + step


def _same_people(one: Draft, other: Draft) -> bool:
    if one.whose is Whose.ATTACKERS and other.whose is Whose.ATTACKERS:
        return True
    fewer, more = sorted((one, other), key=lambda draft: draft.best or 0)
    if more.voice == "toll" and more.group[0] == fewer.group[0] and fewer.form == "count":
        # "15 fishermen were killed, officials said; a vigilante leader put the figure at 25"
        return True
    if fewer.people and not fewer.general and (more.general or not more.people):
        # "eight people died ... four soldiers were killed when": some of them.
        return False
    heads = [draft.people.lower().split()[-1:] for draft in (one, other)]
    return heads[0] == heads[1] or any(not draft.people or draft.general for draft in (one, other))


def _without_feared(drafts: list[Draft]) -> list[Draft]:
    """The drafts, those that are only feared to be dead as the upper end of a number that is confirmed."""
    if any(not d.feared and d.best for d in drafts):
        # "79 people died and hundreds more are feared dead"
        drafts = [d for d in drafts if not (d.feared and (d.more or d.modifier is Modifier.VAGUE))]
    feared = [
        d
        for d in drafts
        if d.feared and d.best is not None and d.modifier is not Modifier.VAGUE and not _answered(d, drafts)
    ]
    most = max((d.best or 0 for d in feared), default=0)
    sure = [d for d in drafts if not d.feared and (d.general or not d.people) and _answers(d.best or 0, most, d.so_far)]
    if not sure or any(not d.feared and (d.best or 0) >= most for d in drafts):
        return drafts
    confirmed = max(sure, key=lambda d: d.best or 0)
    both = replace(confirmed, high=most, modifier=Modifier.RANGE)
    return [both if d is confirmed else d for d in drafts if d.modifier is Modifier.VAGUE or not d.feared]


def _answers(number: int, feared: int, so_far: bool) -> bool:
    """Whether a number that is known stands against one that is feared. Far fewer found "so far" do not: the search for
    the others goes on, and whoever fears for them has not been answered."""
    return 0 < number < feared and (not so_far or number >= feared / 2)


def _answered(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether its own sentence sets the bare number of another against it: "400 feared dead, says X; Y says 21"."""
    bare = (d for d in drafts if d.voice == "toll" and not d.total and d.group[0] == draft.group[0])
    return any(d.speaker and draft.speaker and d.speaker.name != draft.speaker.name for d in bare)


def _range(one: Draft, other: Draft) -> Draft:
    lower, upper = (one, other) if (one.best or 0) < (other.best or 0) else (other, one)
    return replace(lower, group=one.group, high=upper.high, modifier=Modifier.RANGE, more=False)
