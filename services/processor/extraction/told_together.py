"""Several incidents in one sentence or one number: "17 died in Arica on Monday and 31 in Iquique", "48 in all"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import combinations, pairwise

from schemas import ClaimKind, PlacePrecision, TimePrecision, Whose
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.currency.patterns import number_words
from services.processor.extraction.currency.reasons import EARLIER_INCIDENT
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.incidents import names_several
from services.processor.extraction.numbers import read_quantity
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.model import Location, ResolvedPlace
from services.processor.extraction.setting import Setting
from services.processor.extraction.text import tokenise
from services.processor.extraction.times import TimeMention
from services.processor.extraction.wordlists import word_set

_JOINT = re.compile(r"(?:,|;|\band\b|\bwhile\b|\bbut\b)\s", re.IGNORECASE)
_MOST_SUMMED = 5
"""Incidents of an article whose numbers are added up: more are told of one by one by nobody but a yearbook."""
_OF_SEVERAL = re.compile(rf"\b(?:{'|'.join(sorted(word_set('attacks')))}|nights|days)\b", re.IGNORECASE)
"""Said of a number that holds the dead of an earlier incident: "the toll of the attacks", "of the two nights"."""
_ATTACK_WORDS = tuple(sorted(word_set("attacks")))
_ATTACKS = re.compile(rf"\b(?:{'|'.join(_ATTACK_WORDS)})\b", re.IGNORECASE)
_SECOND_ONE = re.compile(
    r"\W{0,2}(?:and )?(?:a (?:second|third|different)|another)(?: one)?\b(?! of (?:them|these|those))",
    re.IGNORECASE,
)
"""Opens what is told of another incident of the kind: "a tanker burned 58 at Gusau, and a second one killed six"."""
_DAY_AND_DAY = re.compile(r"(?:on )?(\d{1,2})(?:st|nd|rd|th)? and (\d{1,2})(?:st|nd|rd|th)? [A-Z]")
_HEAVIEST = re.compile(
    r"\b(?:heaviest|worst|deadliest|highest|hardest|bloodiest)\b[^.;:]{0,60}\b(?:in|at|near)\s|"
    r"\bmost of (?:them|those killed|the (?:dead|victims|deaths))\b",
    re.IGNORECASE,
)
"""Says of a place that its dead are a part of a number told before: "The heaviest loss was in Sumy"."""
_MOST_EARLIER = 20
"""Numbers of earlier incidents that are looked for in a sum, the highest."""
_MOST_DATED = 20
"""Incidents with days of their own whose dead are looked for in a sum, the first."""
_LEAST_SUM = 3
"""Smaller numbers are sums of others by chance."""


def split_at_places(statements: Sequence[Statement], setting: Setting) -> list[Statement]:
    """The statements, each sentence that counts the dead of two places on two days, or of two incidents, in parts.

    Of places, only where each number has its own place after it, none of which lies in another, and its own day:
    violence on one day in several towns is one incident.
    """
    found: list[Statement] = []
    for statement in statements:
        for part in _at_separation(statement):
            found.extend(_respectively(part) or _divided(part) or _parts(part, setting))
    return found


def _respectively(statement: Statement) -> Sequence[Statement]:
    """A sentence that gives its two numbers of dead to two days: "on 3 and 8 May, in which 60 and eight died".

    Empty where it does not say so in the word "respectively".
    """
    if "respectively" not in statement.text:
        return ()
    dead, days = [draft for draft in statement.drafts if _counts_dead(draft)], _named_days(statement)
    if len(dead) != 2 or len(days) != 2:
        return ()
    return [
        replace(statement, drafts=[replace(draft, group=(draft.group[0], number))], times=[day])
        for number, (draft, day) in enumerate(zip(dead, days, strict=True))
    ]


def _named_days(statement: Statement) -> list[TimeMention]:
    """The days that a sentence names as those of incidents, "3 and 8 May" as two."""
    found: list[TimeMention] = []
    for time in statement.times:
        start, both = time.occurred.start, _DAY_AND_DAY.match(time.text)
        if time.role != "event" or start is None:
            continue
        if both is not None and int(both[1]) == start.day < int(both[2]) <= monthrange(start.year, start.month)[1]:
            days = (start, start.replace(day=int(both[2])))
            found.extend(
                time._replace(
                    occurred=time.occurred.model_copy(
                        update={"start": day, "end": day + timedelta(days=1), "precision": TimePrecision.DAY}
                    )
                )
                for day in days
            )
        elif time.occurred.precision is TimePrecision.DAY:
            found.append(time)
    return found


def _divided(statement: Statement) -> Sequence[Statement]:
    """A sentence that divides its dead between two days or incidents, in two: "seven on Thursday and 12 on Saturday".

    Empty where it does not. Only where the two make up the number that is told, and the sentence is on several attacks:
    of one shipwreck bodies are found on two days.
    """
    told = next((draft for draft in statement.drafts if _counts_dead(draft)), None)
    if told is None or not (_names_attacks(statement.text) or names_several(statement.text)):
        return ()
    match = _two_days().search(statement.text)
    scenes = match is None
    if match is None and ":" in statement.text and names_several(statement.text):
        match = _two_scenes().search(statement.text)
    if match is None:
        return ()
    base, tokens = statement.sentence.start, tokenise(statement.text, 0, len(statement.text))
    parts: list[Statement] = []
    for name, first, last in (("one", 0, match.start("and")), ("other", match.start("and"), len(statement.text))):
        at = next((k for k, start in enumerate(tokens.starts) if start == match.start(name)), -1)
        number = read_quantity(tokens.lower, tokens.classes, at) if at >= 0 else None
        if number is None:
            return ()
        begin, end = base + first, base + last
        part = _part(statement, begin, end)
        part.hits = list(statement.hits)
        part.mentions = list(statement.mentions) if not first else []
        part.drafts = [
            replace(
                told, low=number.low, best=number.best, high=number.high, modifier=number.modifier,
                start=base + match.start(name), group=(told.group[0], len(parts)),
                # With its scene: whose place is within its words.
                end=base + (len(statement.text[:last].rstrip(" .,;\n")) if scenes else match.end(name)),
            )
        ]  # fmt: skip
        parts.append(part)
    if sum(part.drafts[0].best or 0 for part in parts) != told.best:
        return ()
    return parts


@cache
def _two_days() -> re.Pattern[str]:
    """Two numbers, each with its day: "seven on Thursday and 12 on Saturday"."""
    one, day = number_words(), r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    return re.compile(
        rf"\b(?P<one>{one})(?:\s\w+){{0,2}}\son\s(?:\w+\s)?{day}(?:\s\w+)?,?\s(?P<and>and)\s"
        rf"(?P<other>{one})(?:\s\w+){{0,2}}\son\s(?:\w+\s)?{day}",
        re.IGNORECASE,
    )


@cache
def _two_scenes() -> re.Pattern[str]:
    """Two numbers after a colon, each with its scene: "in two accidents: 31 in a bus at Gao and nine when"."""
    one, where = number_words(), r"(?:\s\w+){0,2}\s(?:in|at|near|on|when|after)\s"
    return re.compile(
        rf":\s(?P<one>{one}){where}[^:;]{{1,140}}?,?\s(?P<and>and)\s(?P<other>{one}){where}", re.IGNORECASE
    )


def _at_separation(statement: Statement) -> Sequence[Statement]:
    """A statement in two, where words within it open another incident: "...; in a separate incident a soldier drowned".

    Only where people are harmed before those words and after them.
    """
    apart = next((h for h in statement.hits if h.entry.table == "separation" and h.entry.value == "anywhere"), None)
    if apart is None:
        return (statement,)
    at, sentence = apart.start, statement.sentence
    told = sorted((draft for draft in statement.drafts if draft.background is None), key=lambda draft: draft.start)
    if len(told) > 1 and told[-1].end <= at and told[-2].end <= told[-1].start:
        # "Two people died, and three were hurt in a separate incident"
        between = statement.text[told[-2].end - sentence.start : told[-1].start - sentence.start]
        joint = _JOINT.search(between)
        if joint is not None and (between[: joint.start()].strip() or not told[-1].more):
            at = told[-2].end + joint.end()
    if not (any(d.end <= at for d in told) and any(d.start >= at for d in told)):
        return (statement,)
    parts = (_part(statement, sentence.start, at), _part(statement, at, sentence.end))
    for part in parts:
        first, last = part.sentence.start, part.sentence.end
        part.hits = [hit for hit in statement.hits if first <= hit.start < last]
        part.mentions = [mention for mention in statement.mentions if first <= mention.start < last]
    return parts


def _parts(statement: Statement, setting: Setting) -> Sequence[Statement]:
    dead = [d for d in statement.drafts if _counts_dead(d)]
    if len(dead) < 2:
        return (statement,)
    dead.sort(key=lambda draft: draft.end)
    places = _placed(statement, dead, setting)
    if places is None:
        return (statement,)
    cuts: list[int] = []
    for place, draft in zip(places, dead[1:], strict=False):
        base = setting.offsets[statement.where]
        joint = _JOINT.search(setting.text, place.mention.end, base + draft.end)
        if joint is None:
            return (statement,)
        cuts.append(joint.end() - base)
    bounds = [statement.sentence.start, *cuts, statement.sentence.end]
    parts = [_part(statement, start, end) for start, end in pairwise(bounds)]
    days = [{time.occurred.start for time in part.times if time.role == "event"} for part in parts]
    apart = all(_SECOND_ONE.match(part.text) is not None for part in parts[1:])
    return parts if apart or (all(days) and all(map(set.isdisjoint, days, days[1:]))) else (statement,)


def _counts_dead(draft: Draft) -> bool:
    told = draft.kind is ClaimKind.KILLED and draft.background is None and bool(draft.best)
    return told and not (draft.part or draft.more or draft.among)


def _placed(statement: Statement, dead: Sequence[Draft], setting: Setting) -> list[ResolvedPlace] | None:
    """The place of each number: the first named after it and before the next. None where one has none of its own."""
    base = setting.offsets[statement.where]
    named = [place for place in setting.named_in(statement) if place.mention.role == "at"]
    ends = [*(draft.end for draft in dead[1:]), statement.sentence.end]
    found = []
    for draft, end in zip(dead, ends, strict=True):
        place = next((p for p in named if base + draft.end <= p.mention.start < base + end), None)
        if place is None or place.location is None or place.location.precision is PlacePrecision.COUNTRY:
            return None
        found.append(place)
    locations = [place.location for place in found if place.location is not None]
    return None if any(_overlap(one, other) for one, other in combinations(locations, 2)) else found


def _overlap(one: Location, other: Location) -> bool:
    return one.name == other.name or holds(one, other) or holds(other, one)


def _part(statement: Statement, start: int, end: int) -> Statement:
    """The part of a statement that `start` and `end`, offsets into its field, bound."""
    drafts = [replace(d, start=max(d.start, start)) for d in statement.drafts if start < d.end <= end]
    return replace(
        statement,
        sentence=replace(statement.sentence, start=start, end=end),
        text=statement.text[start - statement.sentence.start : end - statement.sentence.start],
        drafts=drafts,
        times=[time for time in statement.times if start <= time.start < end],
    )


def set_sums_aside(clusters: Sequence[Cluster]) -> None:
    """Take the number of several incidents together from the one that it was told beside.

    It is the sum of what is told of each on its own day, or said of "two attacks" where one of them is told of with
    fewer dead. "15 died a day after a raid that killed 48" makes "the toll of the attacks" of 63 such a sum.
    """
    highest = [(_numbers(cluster) or [0])[-1] if _has_town(cluster) else 0 for cluster in clusters]
    for cluster, most in zip(clusters, highest, strict=True) if len(clusters) > 1 else ():
        whole = _of_which_a_part(cluster, sum(highest) - most)
        for draft in [draft for draft in _dead(cluster) if draft.best == whole]:
            _set_aside(draft, "the dead of several incidents together")
    earlier = {d.best or 0 for cluster in clusters for s in cluster.statements for d in s.drafts if _of_earlier(d)}
    earlier = set(sorted(earlier)[-_MOST_EARLIER:])
    told = Counter(draft.best or 0 for cluster in clusters if earlier for draft in _dead(cluster))
    for statement in (s for cluster in clusters for s in cluster.statements) if earlier else ():
        if _OF_SEVERAL.search(statement.text) is None:
            continue
        for draft in [d for d in statement.drafts if _counts_dead(d)]:
            best = draft.best or 0
            if any(before < best and told[best - before] for before in earlier):
                _set_aside(draft, "the dead of several incidents together")
                told[best] -= 1
    dated = [(cluster, _numbers(cluster)) for cluster in clusters if cluster.days]
    for cluster, numbers in dated:
        # Those who died on one day on the two sides of a border died in one incident.
        later = [n for other, n in dated[:_MOST_DATED] if cluster.days.keys().isdisjoint(other.days)]
        for draft in list(_dead(cluster)) if later else ():
            if (draft.best or 0) >= _LEAST_SUM and _is_sum(draft.best or 0, numbers, later):
                _set_aside(draft, "the dead of several incidents together")
    own = [_numbers(cluster) for cluster in clusters]
    holders = Counter(number for numbers in own for number in numbers)
    for cluster, mine in zip(clusters, own, strict=True):
        # The dead of the other side are no smaller number of the same: "14 rebels in two clashes; five soldiers died".
        dead = [draft for draft in _dead(cluster) if draft.whose is not Whose.ATTACKERS]
        several = _said_of_several(cluster)
        # "Nine died in two shootouts": seven gunmen in one, and two men in the other.
        sums = {n for n in several if any(holders[n - m] > (n - m in mine) for m in mine if m < n)}
        several -= _sums_within(cluster, several - sums)
        for draft in [draft for draft in _dead(cluster) if draft.best in sums]:
            _set_aside(draft, "the dead of several incidents together")
        if several and any((draft.best or 0) < min(several) for draft in dead):
            for draft in dead:
                if draft.best in several:
                    _set_aside(draft, "the dead of several incidents together")


def _of_which_a_part(cluster: Cluster, elsewhere: int) -> int | None:
    """The number of an incident that holds the dead of others too, which are told of at places of their own.

    `elsewhere`: the dead of those others. "Missiles killed 21 people overnight. The heaviest loss was in Sumy, where 14
    died; three were killed in Odesa."
    """
    numbers = _numbers(cluster)
    if len(numbers) < 2 or not elsewhere or not _has_town(cluster):
        return None
    parts = {
        draft.best or 0
        for statement in cluster.statements
        if _HEAVIEST.search(statement.text) is not None
        for draft in statement.drafts
        if _counts_dead(draft)
    }
    part = max((number for number in parts if number < numbers[-1]), default=None)
    return numbers[-1] if part is not None and part + elsewhere <= numbers[-1] else None


def _names_attacks(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _ATTACK_WORDS) and _ATTACKS.search(text) is not None


def _has_town(cluster: Cluster) -> bool:
    return any(place.precision is PlacePrecision.EXACT for place in cluster.places)


def _of_earlier(draft: Draft) -> bool:
    set_aside = draft.background is not None and draft.background.startswith(EARLIER_INCIDENT)
    return set_aside and draft.kind is ClaimKind.KILLED and (draft.best or 0) >= _LEAST_SUM


def _said_of_several(cluster: Cluster) -> set[int]:
    """The numbers that the statements of an incident give for "two attacks"."""
    found: set[int] = set()
    for statement in cluster.statements:
        counted = (draft for draft in statement.drafts if _counts_dead(draft))
        numbers = {draft.best or 0 for draft in counted if draft.whose is not Whose.ATTACKERS}
        if numbers and names_several(statement.text):
            found |= numbers
    return found


def _sums_within(cluster: Cluster, several: set[int]) -> set[int]:
    """Those of `several` that two numbers of the same incident make up: both blasts in one town are told of as one."""
    told = Counter(draft.best or 0 for draft in _dead(cluster))
    return {n for n in several if any(told[n - m] > (m == n - m) for m in told if m < n)}


def _dead(cluster: Cluster) -> Iterator[Draft]:
    return (draft for draft in cluster.drafts if _counts_dead(draft))


def _numbers(cluster: Cluster) -> list[int]:
    return sorted({draft.best or 0 for draft in _dead(cluster)})


def _is_sum(number: int, beside: list[int], elsewhere: Sequence[list[int]]) -> bool:
    """Whether a number is that of its own incident, told of as well, and of one or more others together."""
    lower = [max((n for n in numbers if n < number), default=0) for numbers in elsewhere]
    lower = [n for n in lower if n][:_MOST_SUMMED]
    left = number - max((n for n in beside if n < number), default=number)
    return left > 0 and any(
        sum(some) == left for size in range(1, len(lower) + 1) for some in combinations(lower, size)
    )


def _set_aside(draft: Draft, why: str) -> None:
    draft.background = why
    draft.reasoning.append(f"not counted: {why}")
