"""Days on which something followed an incident: a toll went up, rescuers searched, the hurt were flown out."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import takewhile

from schemas import ClaimKind
from services.processor.extraction.drafts import Statement
from services.processor.extraction.times import TimeMention

_WENT_UP = re.compile(
    r"\b(?:number|toll|tally|dead|deaths)\b[^.;:]{0,120}?"
    r"\b(?:(?:went|gone|goes|going) up|increase[sd]|doubled|tripled|soared)\b[^.;:]{0,30}\Z"
)
_COUNTED_REACH = 170
_WORD = re.compile(r"[a-z0-9'-]+")
_AFTER_IT = re.compile(
    r"[^.,;:]{0,50}? after (?:the|last|\w+day's|five|six|seven|(?:\w+ )?(?:days|nights|hours|weeks) of|"
    r"a (?:day|night|week|weekend) of) (?:[\w-]+\b ?){1,3}"
)
_FIGHTS = frozenset(
    ("bloodshed", "clashes", "fighting", "slaughter", "violence", "battles", "combat", "hostilities", "gunfights",
     "unrest")
)  # fmt: skip
_RESCUERS = frozenset(("rescuers", "searchers", "divers", "firefighters", "firemen", "excavators"))
_LONGEST_SUBJECT = 4
_NO_NOUN = frozenset(
    ("fell", "hit", "was", "were", "had", "killed", "left", "struck",
     "did", "took", "came", "is", "and", "but", ".", ",")
)  # fmt: skip
"""Behind a day's "'s" they show that what the day had is left out."""
_AFTERSHOCK_REACH = 40
_HURT = frozenset(("injured", "wounded", "hurt"))
_CARRIED = frozenset(("took", "taken", "flown", "airlifted", "evacuated", "transferred", "moved", "shifted"))
_STRUCK_MOURNERS = re.compile(
    r"\b(?:hit|hits|struck|strikes|attack(?:ed|s)?|bomb(?:ed|s)?|shot|shoots?|killed|stormed|raided|shelled|"
    r"fired (?:on|at)|target(?:ed|s)|explod(?:ed|es)|opened fire)\s"
    r"(?:(?!and\b|after\b|before\b|during\b)[\w'-]+\s){0,8}?"
    r"(?:funerals?|burials?|vigils?|wakes?|mourners|mourning|condolences|memorials?|prayers)\b"
)
"""Those who gathered for the dead of an earlier incident were struck themselves."""
_REACHES_DAY = re.compile(r"[^.;]{0,70}\Z")
_HARMED = frozenset(
    ("killed", "kills", "killing", "died", "dead", "drowned", "perished", "attacked", "shot", "ambushed", "struck",
     "hit", "stormed", "exploded", "burned", "burnt", "crashed", "collapsed", "sank", "capsized", "overturned",
     "trapped", "swept", "crushed")
)  # fmt: skip
"""A day told beside these may be that of the harm, whoever else is spoken of."""
_MOURNED = re.compile(
    r"\b(?:condolences|mourn\w*|funerals?|burials?|wakes?|prayers?|bury|buried|burying|griev\w+)\b[^.;:]{0,60}"
    r"\b(?:killed|died|dead|victims?|slain)\b[^.;:]{0,25}\Z",
    re.IGNORECASE,
)
"""Before a time: those whom somebody mourns had died then."""


def follows_up(
    view: str, start: int, before: Sequence[str], after: Sequence[str], near: Set[str], events: Set[str]
) -> bool:
    """Whether a day that begins at `start` of the sentence `view` is that of what followed an incident.

    `before` and `after` are the words to either side of it, `near` those of its clause, `events` nouns for incidents.
    """
    if after[:1] == ["named"] or _WENT_UP.search(view, max(0, start - _COUNTED_REACH), start) is not None:
        # "police on Tuesday named the warden a suspect", "the number of dead went up to 44 on Tuesday"
        return True
    if after[:1] == ["'s"] and (len(after) == 1 or after[1] in _NO_NOUN):
        # "the same crossroads where Saturday's was": that of another time
        return True
    flown_out = bool(near & _HURT and near & _CARRIED and not near & _HARMED)
    return flown_out or _of_rescuers(before, after, near, events)


def dates_another(view: str, start: int) -> bool:
    """Whether a day that begins at `start` and has the word for an event beside it is that of another one.

    It is that of those whom others mourned when they were struck, "a bomb hit the funeral of those killed in last
    Friday's raid", or of an aftershock that harmed nobody.
    """
    struck = mourners_struck(view)
    if struck is not None and struck.end() <= start and _REACHES_DAY.match(view, struck.end(), start) is not None:
        return True
    return "aftershock" in view[max(0, start - _AFTERSHOCK_REACH) : start] and _HARMED.isdisjoint(view.split())


def mourners_struck(view: str) -> re.Match[str] | None:
    """Where the sentence `view` tells of an attack on people who mourned; None where it tells of none.

    In "On Monday a bomb hit a vigil for the dead" what mourners do dates nothing, but the attack on them does.
    """
    return _STRUCK_MOURNERS.search(view)


def _of_rescuers(before: Sequence[str], after: Sequence[str], near: Set[str], events: Set[str]) -> bool:
    """Whether it is the day on which rescuers, unharmed, did something: "on Friday they broke through to the level"."""
    subject = list(takewhile(lambda word: word not in ".,;:", reversed(before)))[::-1][:_LONGEST_SUBJECT]
    leads = after[:1] in (["the"], ["rescuers"], ["searchers"])
    subject = subject + list(after[:2]) if leads else subject
    return not _RESCUERS.isdisjoint(subject) and not near & _HARMED and not near & events


def is_after_it(view: str, end: int, events: Set[str]) -> bool:
    """Whether what was done on a day ending at `end` came after the incident: "landed on Tuesday after the raid"."""
    found = _AFTER_IT.match(view, end)
    return found is not None and not (events | _FIGHTS).isdisjoint(_WORD.findall(found[0]))


def is_of_the_mourned(time: TimeMention, statement: Statement) -> bool:
    """Whether a time is that of the dead whom others mourned when they died: "eight who buried those killed on Sunday".

    It stands between those others and the verb that says that they died.
    """
    base = statement.sentence.start
    if not any(d.kind is ClaimKind.KILLED and d.best and d.start < time.start < d.end for d in statement.drafts):
        return False
    return _MOURNED.search(statement.text, max(0, time.start - base - 110), time.start - base) is not None
