"""The toll of an incident as a view over the claims of one article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas import ClaimKind, Figure, Modifier, SpeakerRole, Toll, Whose
from services.processor.extraction.competing import settle
from services.processor.extraction.drafts import FIELD_STEP, Draft
from services.processor.extraction.wordlists import word_set

_STATE = word_set("state_forces")
_COUNTED = frozenset({Modifier.EXACT, Modifier.AT_LEAST})
_NO_CHANCE = 5
"""Smaller numbers are the same by chance."""
_WEAKEST_FIRST = (Modifier.AT_LEAST, Modifier.VAGUE, Modifier.RANGE, Modifier.APPROXIMATELY, Modifier.AT_MOST)


@dataclass(slots=True)
class _Sum:
    """A number of dead or hurt put together from the claims of one sentence."""

    low: int | None
    best: int | None
    high: int | None
    modifier: Modifier
    total: bool = False
    more: bool = False
    general: bool = False
    nth: int = 0
    """Which of the dead it tells of, where it tells of one: "a fifth victim died"."""
    heading: bool = False
    """The title says it, which rounds."""
    one: bool = False
    """Tells of one person, whom it names or describes, and counts nobody."""

    def figure(self) -> Figure:
        return Figure(low=self.low, best=self.best, high=self.high, modifier=self.modifier)


def toll_of(drafts: Sequence[Draft]) -> Toll:
    """The toll that the current claims of one incident in one article amount to.

    `killed` is everyone who died, attackers included. Claims of one list add up ("seven soldiers and two civilians"),
    and so do the dead of both sides; a number said again is not added; "another 12" adds to what was told before;
    parts of a total ("including three children") never count. Where sentences differ, the highest number is taken.
    """
    current = [d for d in drafts if d.background is None and not d.part and d.stance.value == "asserted"]
    figures: dict[str, Figure | None] = {}
    for kind in ClaimKind:
        mine = [d for d in current if d.kind is kind]
        if not mine:
            continue
        if kind is ClaimKind.KILLED:
            mine = _up_to_the_last(mine, current)
            figures["killed"], figures["killed_attackers"] = _killed(mine)
        else:
            told = _looked_for_once(mine) if kind is ClaimKind.MISSING else mine
            figures[kind.value] = _plain(_best(_by_sentence(_without_boasts(told))))
    return Toll(**{name: figure for name, figure in figures.items() if figure is not None})


def _up_to_the_last(dead: list[Draft], told: Sequence[Draft]) -> list[Draft]:
    """`dead` with "a 14th person has died" for the fourteen who have, where nobody else is counted.

    Not where those before him were hurt otherwise, "two were wounded and a third person died".
    """
    last = max(dead, key=lambda draft: draft.nth)
    if not last.nth or any((d.best or 0) > 1 for d in dead) or any(d.best == last.nth - 1 for d in told):
        return dead
    if not last.general and last.people.lower().split()[-1:] not in (["person"], ["victim"], ["patient"]):
        return dead
    whole = replace(last, low=last.nth, best=last.nth, high=last.nth, total=True, more=False)
    return [whole if draft is last else draft for draft in dead]


def _looked_for_once(drafts: Sequence[Draft]) -> list[Draft]:
    """`drafts` without those said again: "one more still missing" is more than the dead, not more than "one more"."""
    before: set[int | None] = set()
    kept = []
    for draft in drafts:
        if not draft.more or draft.best not in before:
            kept.append(draft)
        before |= {draft.best} if draft.more else set()
    return kept


def _without_boasts(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """`drafts` without what a party to the fight says that it killed, where somebody else gives a number too."""
    boasts = {d.best for d in drafts if _is_boast(d)}
    if not boasts:
        return drafts
    others = [d for d in drafts if not _is_boast(d) and (d.speaker is not None or d.best not in boasts)]
    return others if any(d.best and not d.more for d in others if d.whose is not Whose.ATTACKERS) else drafts


def _is_boast(draft: Draft) -> bool:
    if draft.speaker is None or draft.speaker.role is not SpeakerRole.PARTY or draft.whose is Whose.ATTACKERS:
        return False
    # An army counts its own dead; an armed group that speaks of the dead speaks of its enemy's, or as one side.
    return draft.voice == "active" or _STATE.isdisjoint(draft.speaker.name.lower().split())


def _killed(drafts: Sequence[Draft]) -> tuple[Figure | None, Figure | None]:
    """The figures of all who died and of the attackers among them.

    Those only said to be among the dead are within whatever number is given for all of them.
    """
    drafts = _without_boasts(drafts)
    whole = [d for d in drafts if not d.among]
    if len(whole) == len(drafts):
        return _both_sides(drafts)
    some, some_attackers = _both_sides([d for d in drafts if d.among])
    if not whole:
        return some, some_attackers
    killed, attackers = _both_sides(whole)
    if killed is None or some is None or (killed.best or 0) >= (some.best or 0):
        return killed, attackers or some_attackers
    return some, attackers or some_attackers


def _both_sides(drafts: Sequence[Draft]) -> tuple[Figure | None, Figure | None]:
    attackers = settle([d for d in drafts if d.whose is Whose.ATTACKERS])
    others = settle(_without_titled(attackers, [d for d in drafts if d.whose is not Whose.ATTACKERS]))
    dead_attackers, dead_others = _best(_by_sentence(attackers)), _best(_by_sentence(others))
    if dead_attackers is None or dead_attackers.best is None:
        return _plain(dead_others or dead_attackers), _plain(dead_attackers)
    if dead_others is None or dead_others.best is None:
        return _plain(dead_attackers), _plain(dead_attackers)
    if all(d.people.startswith('"') for d in attackers):
        # Whoever calls the dead "terrorists", in quotation marks, is not believed: they are those whom others count.
        return _plain(dead_others), None
    if dead_attackers.modifier is Modifier.VAGUE and dead_others.modifier is not Modifier.VAGUE:
        # "Twenty soldiers fell; dozens of terrorists were neutralised": what nobody has counted adds nothing.
        return _plain(dead_others), None
    beside = {d.group[0] for d in attackers} & {d.group[0] for d in others}
    once = (dead_others.general and not beside) or not _told_together(attackers, others)
    again = dead_others.best == dead_attackers.best and once
    again = again or _is_whole(dead_others, dead_attackers, _by_sentence(others))
    again = again or _counted_with(dead_others, dead_attackers, others, attackers)
    if (dead_others.total and dead_others.best >= dead_attackers.best) or again:
        # "three militants were killed ... the three bodies": one number, said twice.
        part = dead_attackers if dead_attackers.best <= dead_others.best else None
        return _plain(dead_others), _plain(part)
    return _plain(_added([dead_others, dead_attackers])), _plain(dead_attackers)


def _without_titled(attackers: Sequence[Draft], others: Sequence[Draft]) -> list[Draft]:
    """`others` without a number of the title that the text gives for the attackers alone.

    "Troops kill 40 in Jolo" over "40 rebels were killed ... a soldier also died" counts no 40 others.
    """
    body = {d.best for d in others if d.group[0] >= FIELD_STEP}
    enemies = {d.best for d in attackers if d.group[0] >= FIELD_STEP} - body
    return [d for d in others if d.group[0] >= FIELD_STEP or d.best not in enemies]


def _told_together(attackers: Sequence[Draft], others: Sequence[Draft]) -> bool:
    """Whether one field counts both sides; "2 rebels slain" over "Two of its members were killed" is the same two."""
    return bool({d.group[0] // FIELD_STEP for d in attackers} & {d.group[0] // FIELD_STEP for d in others})


def _is_whole(others: _Sum, attackers: _Sum, sums: Sequence[_Sum]) -> bool:
    """Whether a number without people, "3 dead in shooting", is that of both sides: two victims and the gunman."""
    return others.general and any(s.best is not None and s.best + (attackers.best or 0) == others.best for s in sums)


def _counted_with(others: _Sum, attackers: _Sum, all_others: Sequence[Draft], all_attackers: Sequence[Draft]) -> bool:
    """Whether a number of people in general holds the enemies whom a party says it killed, or is near a stated total.

    "More than 80 people were killed, medics said. The army said it killed 19 militants" are 80.
    """
    if (others.best or 0) <= (attackers.best or 0):
        return False
    party = all(
        d.voice == "active" and d.speaker is not None and d.speaker.role is SpeakerRole.PARTY for d in all_attackers
    )
    said = {d.speaker.name for d in all_others if d.speaker is not None}
    if (
        party
        and others.general
        and said
        and said.isdisjoint(d.speaker.name for d in all_attackers if d.speaker is not None)
    ):
        return True
    near = 0.9 * (others.best or 0)
    titled = any(d.group[0] < FIELD_STEP and d.best == others.best for d in all_others)
    return titled and any(d.total and near <= (d.best or 0) <= (others.best or 0) for d in all_others)


def _plain(found: _Sum | None) -> Figure | None:
    return None if found is None else found.figure()


def _by_sentence(drafts: Iterable[Draft]) -> list[_Sum]:
    """One sum for each sentence, in order: its lists and its separate deaths together, or its stated total."""
    sentences: dict[int, list[Draft]] = {}
    for draft in drafts:
        sentences.setdefault(draft.group[0], []).append(draft)
    sums = []
    for members in sentences.values():
        # "A third body, bringing the toll to three" says one whole twice.
        totals = list({d.best: d for d in members if d.total}.values())
        counted = totals or _distinct(members)
        one = _added([_sum_of(d) for d in counted])
        one.total = bool(totals)
        one.more = all(d.more for d in counted)
        one.nth = counted[0].nth if len(counted) == 1 else 0
        one.heading = all(d.group[0] < FIELD_STEP and d.speaker is None for d in counted)
        one.one = len(counted) == 1 and one.best == 1 and counted[0].form != "count"
        one.general = any(d.general or (not d.people and d.form == "count") for d in counted)
        sums.append(one)
    return sums


def _sum_of(draft: Draft) -> _Sum:
    if draft.shared_by == 1 or draft.best is None:
        return _Sum(draft.low, draft.best, draft.high, draft.modifier)
    share = round(draft.best / draft.shared_by)
    open_above = draft.high is None
    return _Sum(share, share, draft.high, Modifier.AT_LEAST if open_above else Modifier.RANGE)


def _distinct(members: list[Draft]) -> list[Draft]:
    numbered = [d for d in members if d.best is not None]
    if not numbered:
        return members[:1]
    if len(numbered) == 1:
        return numbered
    # Somebody already spoken of ("the officer", "he") is counted only where nobody else is.
    fresh = [d for d in numbered if d.form not in ("definite", "pronoun") or d.group == numbered[0].group]
    whole = next((d for d in fresh if d.form == "count" and (d.best or 0) > 1 and (d.general or not d.people)), None)
    if whole is not None:
        # "claims four lives after a girl is killed": a single one told of besides people in general is among them.
        beside = ("pronoun",) if whole.definite else ("count", "pronoun")
        fresh = [d for d in fresh if d.group == whole.group or d.more or d.form in beside]
        if whole.kind is ClaimKind.WOUNDED:
            # "31 people were injured, 13 shot with live bullets": how some of them were.
            fresh = [d for d in fresh if d.group == whole.group or d.people or d.more or d.voice != "reduced"]
    fresh = _of_one_speaker(fresh)
    kept: list[Draft] = []
    for draft in _without_sums(fresh) or numbered[:1]:
        # "left 32 dead ... at least 32 were killed" says one number twice.
        again = [d for d in kept if d.best == draft.best and d.group != draft.group and (d.best or 0) > 2]
        if not again:
            kept.append(draft)
        elif draft.modifier is not Modifier.EXACT:
            kept[kept.index(again[0])] = draft
    return kept


def _without_sums(drafts: list[Draft]) -> list[Draft]:
    """The claims of a sentence without a number that sums up those before it: "a guard and two cooks, three dead"."""
    if len(drafts) < 3:
        return drafts
    last = drafts[-1]
    before = [d.best or 0 for d in drafts[:-1]]
    sums_up = last.form == "count" and not last.more and (last.general or not last.people) and sum(before) == last.best
    return drafts[:-1] if sums_up and last.group != drafts[-2].group else drafts


def _of_one_speaker(drafts: list[Draft]) -> list[Draft]:
    """Without the bare number of a second speaker, "400 feared dead, says X; Y says 21": it adds to nothing."""
    bare = [d for d in drafts if d.voice == "toll" and not d.total and d.speaker is not None]
    said = [
        d for d in drafts if d.speaker is not None and any(d.speaker.name != b.speaker.name for b in bare if b.speaker)
    ]
    if not bare or not said:
        return drafts
    return [d for d in drafts if d not in bare] if not all(d.feared for d in said) else bare


def _added(sums: Sequence[_Sum]) -> _Sum:
    if len(sums) == 1:
        return sums[0]
    counted = [s for s in sums if s.best is not None]
    if not counted:
        return sums[0]
    low = sum(s.low or 0 for s in counted)
    best = sum(s.best or 0 for s in counted)
    high: int | None = 0
    for one in counted:
        high = None if high is None or one.high is None else high + one.high
    modifier = next((m for m in _WEAKEST_FIRST if any(s.modifier is m for s in counted)), Modifier.EXACT)
    return _Sum(low, best, high, modifier)


def _chained(sums: Sequence[_Sum]) -> list[_Sum]:
    """The sums, each that tells of further people ("another 12") on top of the one told just before it.

    Once people in general have been counted ("84 people"), those told of later are among them.
    """
    chained: list[_Sum] = []
    whole = False
    for one in sums:
        base = chained[-1] if chained else None
        # "22 dead" over "the bodies of 22 others" is one number, said twice.
        again = base is not None and base.heading and base.best == one.best and (one.best or 0) >= _NO_CHANCE
        adds = one.more and base is not None and not whole and not again
        if one.nth and base is not None:
            # "killing four ... a fifth victim died", whoever the four were
            adds = (adds or base.best == one.nth - 1) and (base.best or 0) < one.nth
        chained.append(_added([base, one]) if adds and base is not None else one)
        whole = whole or one.total or (one.general and (one.best or 0) > 1)
    return chained


def _best(sums: Sequence[_Sum]) -> _Sum | None:
    """The sum that stands for an article: a stated total, else the highest; vague words come last."""
    counted = [s for s in sums if s.best is not None]
    if not counted:
        return sums[0] if sums else None
    pool = counted
    precise = [s for s in pool if s.modifier is not Modifier.VAGUE]
    if all(s.one for s in precise) and any((s.low or 0) > len(precise) and not s.more for s in pool):
        # "scores were hurt ... said Amal, 40, who was hurt in the leg": each of these is one of the many.
        precise = []
    pool = _chained(precise or pool)
    # Of equal numbers the hedged one is the fuller: headlines and summaries drop "about" and "at least".
    most = max(pool, key=lambda s: (s.best or 0, s.modifier is not Modifier.EXACT))
    return _as_its_parts(_unrounded(_bounded(most, pool), pool), pool)


def _bounded(most: _Sum, sums: Sequence[_Sum]) -> _Sum:
    """ "As many as 320 dead" beside "between 260 and 320": the bound of a number that is told as well.

    Only of one that is at least half as high: a smaller one counts some of them.
    """
    if most.modifier is not Modifier.AT_MOST or most.best is None:
        return most
    near = [s for s in sums if s.modifier in (*_COUNTED, Modifier.RANGE) and 2 * (s.best or 0) >= most.best]
    told = max(near, key=lambda s: s.best or 0, default=None)
    if told is None:
        return most
    return _Sum(told.low, told.best, most.best, Modifier.RANGE, told.total, told.more, told.general)


def _unrounded(most: _Sum, sums: Sequence[_Sum]) -> _Sum:
    """The number that a title rounds, where it is told as well: "nearly 100 dead" over "killing 96 people"."""
    if not most.heading or most.modifier is not Modifier.APPROXIMATELY or most.low is None or most.high is None:
        return most
    counted = [s for s in sums if s.modifier in _COUNTED and s.best is not None and s.best != most.best]
    told = [s for s in counted if most.low <= (s.best or 0) <= most.high]
    return max(told, key=lambda s: s.best or 0, default=most)


def _as_its_parts(whole: _Sum, sums: Sequence[_Sum]) -> _Sum:
    """A whole is no more exact than its parts: "8 dead" where "at least 7" died in one place and one in another."""
    if whole.modifier is not Modifier.EXACT or whole.best is None:
        return whole
    bests = {s.best for s in sums}
    hedged = [s for s in sums if s.modifier is Modifier.AT_LEAST and s.best]
    if any(whole.best - (s.best or 0) in bests and whole.best != s.best for s in hedged):
        return _Sum(whole.low, whole.best, None, Modifier.AT_LEAST, whole.total, whole.more, whole.general)
    return whole
