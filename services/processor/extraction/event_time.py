"""Which of the times that an article names is that of the incident, and not that of a statement or of what followed.

News names the day of everything: of the attack, of the press conference, of the arrest, of the death of somebody hurt.
The words right before and after a time say what it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from schemas import TimePrecision
from services.processor.extraction.ascii_view import ascii_view
from services.processor.extraction.days_of_follow_ups import (
    dates_another,
    follows_up,
    is_after_it,
    is_of_the_mourned,
    mourners_struck,
)
from services.processor.extraction.drafts import Statement
from services.processor.extraction.times import TimeMention
from services.processor.extraction.wordlists import read_rows

BEFORE, AFTER = 11, 5
"""Words to either side of a time that are looked at."""
REACH = 60
"""Characters between a time and the word for the incident that it may date."""
_WORD = re.compile(r"[a-z0-9'-]+|[.,;:]")
_CLOSE = frozenset((TimePrecision.DAY, TimePrecision.HOUR))
_JOINS = frozenset(
    ("on", "late", "early", "in", "a", "the", "of", "reporters", "journalists", "to", "at", "that", "by", "reuters",
     "afp", "ap", "bbc", "xinhua")
)  # fmt: skip
_SITE_OF = (["site", "of"], ["scene", "of"])
_HEADS = frozenset(("on", "late", "early"))
"""Before a time at the head of a sentence."""
_REMAINS = ("bod", "corpse", "remains", "coffin")
_TOLD_SOMEBODY = frozenset(("told", "tells", "briefed", "informed"))
_COUNTS = frozenset(("toll", "number", "dead", "tally"))
"""What is counted of an incident."""
_MOVERS = frozenset(("had", "who", "they", "it", "she", "he", "which", "that", "having"))
"""Before "left" they say that somebody set out, and not that an attack left people dead."""
_WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_DATELINE = re.compile(r"[A-Z][A-Z'-]{2,}[^\n]{0,60}\Z")
_DATELINE_OF_AGENCY = re.compile(r"\A\s*[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2} \([A-Z][\w' ]{1,25}\),? ?\Z")
_WEEK_TO = re.compile(r"\b(?:week|month|fortnight) (?:to|ending|ended|until|till)(?: on)? \Z")
_GOES_ON = re.compile(r", [a-z]")
"""After a day in brackets more is said of it: "The first (2 September, a car bomb) killed nine"."""
_DATELINE_END = re.compile(r"\s*(?:\(|-{1,2}|[–—])")
_AGENCY_END = re.compile(r"(?:,? \d{4})?\s*\([A-Z][A-Za-z/ .-]{1,24}\)\s*(?:-{1,2}|[–—:])")
_OPENED_FIRE = re.compile(
    r"\b(?:open(?:ed|s)?|caught|catch(?:es)?) fire\b|\bdetention (?=cent)|\bthroats? (?:cut|slit)\b"
)
"""An attack or an accident; what else is opened or caught that day comes after one."""
_BURIED_BY = re.compile(
    r"\b(?:land|mud|rock|land )?(?:slides?|falls?|flows?|avalanches?|mud|debris|rubble|snow|ash|lava|rocks|earth|soil|"
    r"boulders|tailings|collapsed)\b[^.;:]{0,60}(?<!were )(?<!was )(?<!been )(?<!being )\bbur(?:ied|ies|ying)\b|"
    r"\bburied (?:alive|(?:under|by|beneath|in|underneath) (?:[\w-]+ ){0,3}"
    r"(?:mud|mudslides?|landslides?|avalanches?|rubble|snow|debris|earth|ash|rocks|soil|boulders|tailings))\b"
)
"""The earth or the snow buries those whom it kills; whoever else is buried was killed before."""
_DIED_WORDS = frozenset(("died", "killed", "dead", "drowned", "perished"))
_LONGEST_DIVISION = 4
"""Words from a comma to the time behind it that may be the name of a province, and "on" or "late"."""
_BRINGS_TO = re.compile(
    r",? (?:and )?(?:taking|bringing|raising|pushing|lifting|which (?:takes|brings|raises)|to (?:take|bring)) "
    r"[^.;:]{0,40}?"
    r"\b(?:toll|number|tally|total|count|dead|deaths)\b"
)
_UNTIL_WHEN = re.compile(r"(?:until|till) ")
_UNTIL = (["till"], ["until"], ["by"])
_UP_TO = (["up", "to"], ["as", "of"])
_HURT_DIED = re.compile(
    r"\b(?:hospital|clinic|transferred|intensive care|burn(?:s|ed|t)?|wounds|injuries|injured|hurt|wounded)\b[^.;]*"
    r"\bdied "
    r"(?:(?:in|at|on|early|late|during|overnight|the|night|of|hospital|there|home) ){0,5}\Z"
)
"""Before a time it says that somebody died on it who had been hurt before."""
_HURT_REACH = 200
_THE_BODIES_FOUND = re.compile(
    r"\b(?:the (?:bodies|body|remains) of|the last (?:\w+ )?(?:bodies|body|victims?)|"
    r"the last of those|more bodies)\b[^.;]*"
    r"\b(?:found|recovered|brought|retrieved|cremated|identified|handed|floated|surfaced|washed)\b[^.;]*\Z|"
    r"\bthe (?:last|latest) of them (?:on |late |early )?\Z"
)
"""Before a time it is said what became of the dead on it."""
_BURIED = frozenset(("buried", "cremated", "interred"))
_BURIAL_REACH = 90
"""Characters behind a day within which it is told who was buried."""
_KILLS = _DIED_WORDS | {"kill", "kills", "die", "dies"}
_STRIKES = _KILLS | frozenset(
    ("struck", "strikes", "hit", "hits", "attacked", "attack", "bombed", "bombs", "exploded", "explodes", "shelled",
     "raided", "ambushed", "stormed", "crashed", "crashes", "collapsed", "collapses", "sank", "sinks", "capsized",
     "capsizes", "overturned", "derailed", "erupted", "abducted", "kidnapped", "seized", "fired", "opened", "blew",
     "wounded", "injured", "targeted", "second", "another", "again")
)  # fmt: skip
"""With one of these before a day the clause tells of an incident of its own on it, whatever it came after."""
_RUNS_INTO = frozenset(("rammed", "plunged", "ploughed", "plowed", "slammed", "smashed", "collided", "burned", "burnt"))
_DIED_REACH = 3
_OF_THE_HURT = re.compile(
    r"\bof (?:the|those|them|its) (?:\w+ )?(?:wounded|injured|hurt|hospitalised|hospitalized|survivors) (?:\w+ )?"
    r"died (?:\w+ )?\Z"
)
"""The day on which some of the hurt died: "two of those hospitalised having died on Tuesday"."""
_STILL_THEN = re.compile(
    r"\b(?:still|remained) (?:missing|trapped|unaccounted for|being searched for)(?: \w+){0,2} (?:on|late|by) \Z"
)
_SO_LONG_AFTER = re.compile(
    r",? (?:(?:[\w-]+ ){1,3}(?:days?|weeks?)|"
    r"(?:[\w-]+ ){0,2}(?:2[4-9]|[3-9]\d|1\d\d|thirty-six|forty-eight|seventy-two) hours) after (?:the|it)\b"
)
"""After a day it says that an incident was on another: "held on Friday, three days after the sinking"."""
_AS_OF_CLOCK = re.compile(
    r"\b[Aa]s (?:of|at) (?:about )?\d{1,2}(?:[:.]?\d\d)? ?(?:[ap]\.?m\.?|hours|hrs|h)?(?: [A-Z]{2,4})?,?(?: on)? \Z"
)
"""The hour of a count before its day: "58 dead as of 5 p.m. Friday"."""
_CITED = re.compile(r"\([^()]{0,40}\b[A-Z][\w-]*[A-Z][\w-]*(?:[ /][\w-]+){0,2}, \Z")
"""A body's initials before the day of what it said, in brackets: "131 injured (BNGRC, 10 March)"."""
_REPORT_OF = re.compile(
    r"\b(?:situation|flash|sit-?rep|operational|emergency|field|daily) (?:update|report|bulletin|brief)\b|"
    r"\b(?:update|bulletin|sitrep|report) (?:no\b|nr\b|number|#|\d)",
    re.IGNORECASE,
)
"""The heading of a bulletin, whose date is the day that it was written: "Situation Update No. 6, 17 September"."""
_SAID_BY = re.compile(r", (?:said|says) (?![^.;:]*\b(?:that|when|where|after|who|which)\b)[^.;:]*[^.;:,\s] \Z")
_SAID_REACH = 120
"""Characters before a day within which it is told who said so: ", said the minister, Ali Noor, on Tuesday"."""
_LED = re.compile(r"(?:(?:of|on|in|at|after|since|by|for|from|during)\s)+")  # Prepositions that a time is given with.
_ASKED_AGAIN = 512
"""Times of the articles that are read side by side of which it is asked what their words say: of each when its incident
is told from others, and when the time of the incident is chosen."""
_RIGHT_BEFORE = (" ", " on ", " late ", " early ", " late on ", " early on ")
_RIGHT_THERE = 0.4
"""More than for a day that stands further from what happened: "who were killed on Friday"."""
_NAMED, _STRUCK, _PLAIN, _DIED, _AFTERWARDS, _OUTCOME, _TOLD = 5, 3, 1, 0, -2, -2, -4
"""How well each says that a time is the incident's. At 0 and below it may as well be the time of something else."""


def event_time(dated: Sequence[tuple[TimeMention, Statement]]) -> tuple[TimeMention, Statement] | None:
    """The time, of those named in the statements of one incident, at which it most likely happened.

    `dated` is in the order of the text; of equally likely ones the first is taken, and a day rather than a week or a
    month. None where every time belongs to something else.
    """
    best: tuple[float, tuple[TimeMention, Statement]] | None = None
    for time, statement in dated:
        points = _points(time, statement)
        if points <= 0:
            continue
        points += 0.5 if time.occurred.precision in _CLOSE else 0.0
        if best is None or points > best[0]:
            best = points, (time, statement)
    return None if best is None else best[1]


def event_words() -> frozenset[str]:
    """The nouns for an incident that a time can stand before or after."""
    return _words("event")


def is_of_telling(time: TimeMention, statement: Statement) -> bool:
    """Whether a time is the day of a statement: "announced on Wednesday that"."""
    base = statement.sentence.start
    return _by_words(statement.text, time.start - base, time.end - base) == _TOLD


def tells_of_event(time: TimeMention, statement: Statement) -> bool:
    """Whether the words around a time leave it to be that of an incident, and not of a statement or what followed."""
    return _points(time, statement) > 0


def _points(time: TimeMention, statement: Statement) -> float:
    base = statement.sentence.start
    if is_of_the_mourned(time, statement):
        return _AFTERWARDS
    points = _by_words(statement.text, time.start - base, time.end - base)
    if points not in (_TOLD, _NAMED) and any(
        other is not time and is_of_the_mourned(other, statement) for other in statement.times
    ):
        # Who mourned others had not been hurt with them: "Eight who buried those killed on Sunday died on Monday".
        return _STRUCK
    return _beside_harm(time, statement) if points is None else points


@lru_cache(maxsize=_ASKED_AGAIN)
def _by_words(text: str, start: int, end: int) -> int | None:
    """The points that the words around a time in a sentence give it; None where they leave that open."""
    view = ascii_view(text)
    if _UNTIL_WHEN.match(view, start, end) is not None:
        # "Until Saturday the number was 73": the day of the count.
        return _TOLD
    led = _LED.match(view, start, end)
    start = led.end() if led is not None else start
    before = _words_of(view[max(0, start - 90) : start])[-BEFORE:]
    after = _words_of(view[end : end + 80])[:AFTER]
    if _names_event(before, after, view[end : end + 2]):
        # "Bomb kills 22 at site of Monday's blast"
        again = before[-2:] in _SITE_OF and not _KILLS.isdisjoint(before)
        return _AFTERWARDS if again or dates_another(view, start) else _NAMED
    if _is_of_telling(before, after) or _heads_text(text, start, end):
        return _TOLD
    said = _SAID_BY.search(view, max(0, start - _SAID_REACH), start)
    if said is not None and (_STRIKES | _words("event")).isdisjoint(_WORD.findall(said[0])):
        return _TOLD
    opens = not before and after[:1] == [","]
    heads = after[:1] == [","] and _HEADS.issuperset(before)
    if heads and "that" in after[2:] and not _words("telling").isdisjoint(after[2 : after.index("that")]):
        # "On Tuesday, officials confirmed that ..."
        return _TOLD
    if "when" in before:
        # "the number killed when a car hit them on Friday rose to five": what follows is said of the number.
        since = before[len(before) - before[::-1].index("when") :]
        if after and after[0] in _words("afterwards") and (_words("afterwards") | _words("telling")).isdisjoint(since):
            return _STRUCK
    if _SO_LONG_AFTER.match(view, end) is not None and _STRIKES.isdisjoint(before):
        return _AFTERWARDS
    if is_after_it(view, end, _words("event")) and _STRIKES.isdisjoint(before):
        return _AFTERWARDS
    if before[-1:] == ["on"] and before[-2:-1] in (["was"], ["were"]) and after and after[0].endswith("ing"):
        # "Soldiers were on Friday combing the hills for those abducted three days ago"
        return _AFTERWARDS
    if _THE_BODIES_FOUND.search(view, max(0, start - _HURT_REACH), start) is not None:
        return _AFTERWARDS
    if after[:1] == ["when"] and not _DIED_WORDS.isdisjoint(before[-_DIED_REACH:]):
        # "Three people died on Friday when police cleared the bridge"
        return _STRUCK
    if _BRINGS_TO.match(view, end) is not None:
        # "One more died on Monday, taking the death toll to 68"
        return _OUTCOME
    if before[-1:] in _UNTIL or before[-2:] in _UP_TO:
        # "had claimed 35 lives till Tuesday evening": the day of the count.
        return _TOLD
    if _HURT_DIED.search(view, max(0, start - _HURT_REACH), start) is not None:
        return _OUTCOME
    if _in_its_own_clause(before):
        return _STRUCK
    near = {*_clause(_over_a_place(before[::-1])), *_clause(after[1:] if opens else after)}
    if follows_up(view, start, before, after, near, _words("event")):
        return _AFTERWARDS
    if near & _words("outcome") and near & {"died", "dies", "succumbed"} and len(near & _words("outcome")) > 1:
        return _OUTCOME
    if _OF_THE_HURT.search(view, max(0, start - 60), start) is not None:
        return _OUTCOME
    if _is_of_the_counted(before):
        return _STRUCK
    if _STILL_THEN.search(view, max(0, start - 50), start) is not None:
        # "ten were still missing on Friday night"
        return _AFTERWARDS
    if "alive" in near and {"found", "rescued", "pulled"} & near:
        # "A boy was found alive on Saturday, two days after the crash"
        return _AFTERWARDS
    if "found" in near and not _words("searched").isdisjoint(_WORD.findall(view)):
        # "The seven who had been missing were found on Saturday": the day on which the search ended.
        return _AFTERWARDS
    if mourners_struck(view) is not None:
        return None
    if near & _words("afterwards") or _sets_out(before) or _of_a_burial(view, end):
        return _AFTERWARDS
    return None


def _words_of(piece: str) -> list[str]:
    if "fire" in piece or "cent" in piece or "throat" in piece:
        piece = _OPENED_FIRE.sub("fired", piece)
    if "bur" in piece:
        piece = _BURIED_BY.sub("struck", piece)
    return _WORD.findall(piece)


def _in_its_own_clause(before: Sequence[str]) -> bool:
    """Whether a day ends a clause on the incident: "suspended the owner of the launch that sank last Friday"."""
    opened = max((at for at, word in enumerate(before) if word in ("that", "which")), default=-1)
    since = before[opened + 1 :]
    struck = not (_STRIKES | _RUNS_INTO).isdisjoint(since[:2]) or since[:2] == ["ran", "into"]
    return opened >= 0 and struck and _words("afterwards").isdisjoint(since)


def _over_a_place(words: Sequence[str]) -> list[str]:
    """Words before a time, the nearest first, without the comma in a place's name: "of Nakar, Quezon on Wednesday"."""
    comma = next((at for at, word in enumerate(words[:_LONGEST_DIVISION]) if word == ","), 0)
    return [*words[:comma], *words[comma + 1 :]] if comma and "the" not in words[:comma] else list(words)


def _of_a_burial(view: str, end: int) -> bool:
    """Whether those whom the clause behind a day tells of were buried on it: "On Tuesday six men were"."""
    after = _clause(_words_of(view[end : end + _BURIAL_REACH]))
    return not _BURIED.isdisjoint(after) and _KILLS.isdisjoint(after)


def _beside_harm(time: TimeMention, statement: Statement) -> float:
    """How well the words for harm and incidents beside a time date it; who died may have been hurt on another day."""
    base, points, struck = statement.sentence.start, _PLAIN, 0.0
    for hit in statement.hits:
        if hit.entry.table in ("type", "harm") and hit.start < time.end + REACH and time.start < hit.end + REACH:
            words = statement.text[hit.start - base : hit.end - base].lower()
            if words.startswith(_REMAINS) and not _words("afterwards").isdisjoint(statement.text.lower().split()):
                # "the body was brought up, after that of his colleague on Monday"
                points = _DIED
                continue
            beside = statement.text[hit.end - base : time.start - base] in _RIGHT_BEFORE
            left = words == "dead" and statement.text[: hit.start - base].endswith("left ")
            if left or hit.entry.table == "type" or not words.startswith(("die", "dead", "death")):
                # "Nine people were left dead at the bar on Saturday": the day on which they were shot.
                struck = max(struck, _STRUCK + _RIGHT_THERE * beside)
            points = _DIED
    return struck or points


def _names_event(before: Sequence[str], after: Sequence[str], following: str) -> bool:
    """ "Monday's drone strike", "the 12 May strike", "the strike of 12 May"."""
    possessive = following == "'s" or after[:1] == ["'s"]
    words = [word for word in after if word not in ("'s", "s")]
    attributive = possessive or bool(before and before[-1] in ("the", "last", "this", "'s"))
    if attributive and any(word in _words("event") for word in _clause(words)[:3]):
        return True
    return len(before) > 1 and before[-1] in ("of", "on") and before[-2] in _words("event")


def _is_of_the_counted(before: Sequence[str]) -> bool:
    """ "the death toll from the collapse of a school in Bamako on Friday has risen": the day of the collapse."""
    counted = max((at for at, word in enumerate(before) if word in _COUNTS), default=-1)
    if counted < 0 or not {"from", "in", "of"}.intersection(before[counted + 1 : counted + 2]):
        return False
    since = _over_a_place(before[:counted:-1])
    if "," in since:
        return False
    return not _words("event").isdisjoint(since) and (_words("afterwards") | _words("telling")).isdisjoint(since)


def _is_of_telling(before: Sequence[str], after: Sequence[str]) -> bool:
    """ "said on Thursday", "police on Thursday said", "as of Thursday"."""
    if list(before[-2:]) in (["as", "of"], ["as", "at"]):
        return True
    joined = True
    for word in reversed(before):
        # "told the council of ministers on Wednesday": who is told stands between.
        if word in (_words("telling") if joined else _TOLD_SOMEBODY):
            return True
        if word in ".,;:" or word in _words("event"):
            break
        joined = joined and word in _JOINS
    return bool(after) and after[0] in _words("telling")


def _heads_text(text: str, start: int, end: int) -> bool:
    """ "JOS, Nigeria, May 25 (GGP) -", "Situation report (18 June)", "the week to 18 June"."""
    if (text[:start].endswith("(") and not _GOES_ON.match(text, end)) or text[max(0, start - 7) : start] in (
        "(as of ",
        "(as at ",
    ):
        return True
    if text[end : end + 1] == ")" and _CITED.search(text, max(0, start - 60), start) is not None:
        return True
    if (
        _AS_OF_CLOCK.search(text, max(0, start - 40), start) is not None
        or _REPORT_OF.search(text, 0, start) is not None
    ):
        return True
    if _WEEK_TO.search(text, 0, start) is not None:
        return True
    line = _DATELINE.match(text[:start]) or _DATELINE_OF_AGENCY.match(text[:start])
    if line is not None and _DATELINE_END.match(text, end) is not None:
        return True
    # "Patna, India, July 17, 2025 (GGP) - The number"
    return start < REACH and "." not in text[:start] and _AGENCY_END.match(text, end) is not None


def _sets_out(before: Sequence[str]) -> bool:
    """ "a convoy that had left Dori on Sunday"; in "had left on Sunday and was bombed on Tuesday" only Sunday."""
    last = max((at for at, word in enumerate(before) if word in _WEEKDAYS), default=-1)
    since = before[last + 1 :]
    left = any(word == "left" and at > 0 and since[at - 1] in _MOVERS for at, word in enumerate(since))
    return left or not _words("setting_out").isdisjoint(since)


def _clause(words: Sequence[str]) -> list[str]:
    """The words up to the first mark."""
    found: list[str] = []
    for word in words:
        if word in ".,;:":
            break
        found.append(word)
    return found


@cache
def _words(name: str) -> frozenset[str]:
    return {row[0]: frozenset(row[1].split()) for row in read_rows("event_time.tsv")}[name]
