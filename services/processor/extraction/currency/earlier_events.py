"""Deaths that a sentence tells of beside those of its incident: of an earlier one, or of several incidents together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from schemas import ClaimKind
from services.processor.extraction.currency.patterns import number_words
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.wordlists import word_set

_DEEDS = (
    r"(?:attack|assault|ambush|raid|bombing|blast|explosion|shooting|stabbing|strike|massacre|killing|murder|clash)"
    r"(?:es|s)?"
)
_ACCIDENTS = (
    r"(?:crash|collision|accident|fire|blaze|disaster|collapse|explosion|blast|sinking|shipwreck|tragedy)(?:es|s)?"
)
_FOR_WHAT = re.compile(
    r"\b(?:in\s(?:retaliation|revenge|reprisal)\sfor|retaliat(?:e|ed|ing|ion)\sfor|reprisals?\sfor|revenge\sfor)\s"
    r"(?:the|a|an|their|his|that|last)\s",
    re.IGNORECASE,
)
"""What it was done for is another deed: "in retaliation for the killing of five herders"."""
_WHOSE_DOING = re.compile(
    r"\b(?:sparked\sby|triggered\sby|in\s(?:response|answer)\sto|(?:to\s)?aveng(?:e|ed|es|ing)|"
    r"(?:been|were|was|are|is|be)\s(?:behind|responsible\sfor|involved\sin|linked\sto|connected\s(?:to|with)))\s"
    r"(?:the|a|an|their|his|that|last)\s",
    re.IGNORECASE,
)
"""Behind the dead of a sentence it opens the deed of others, or of theirs: "two men who may have been behind the"."""
_LATEST = re.compile(
    rf"\W{{0,2}}(?:The|This)\s(?:latest|newest|most\srecent)\s(?:[\w-]+\s)?(?:{_DEEDS}|{_ACCIDENTS}|incident)\s"
    r"(?:comes?|came|follow(?:s|ed))\s(?!when\b|on\b|at\b)",
    re.IGNORECASE,
)
"""Opens a sentence on what went before the news: "The latest crash comes as ... after the collision that killed 67"."""
_OTHERS = re.compile(
    r"\b(?:follow(?:s|ed|ing)|(?:comes?|came|coming)\s(?:after|amid|on\sthe\sheels\sof)|(?:is|was)\sthe\slatest\s(?:in|of))\s"
    r"(?:[\w-]+\s){0,3}?(?:other|others|recent|several|previous|earlier|similar|string|series|spate|wave|number|spike|surge)\s"
    rf"(?:of\s)?(?:[\w-]+\s){{0,4}}?(?:{_DEEDS}|{_ACCIDENTS}|incidents?|disasters)\b",
    re.IGNORECASE,
)
"""What follows it in its sentence is of earlier incidents: "follows other recent attacks, one of which killed"."""
_WHERE_UNTIL_NOW = re.compile(
    r"\b(?:is|was|were|are)\s(?:only\s|just\s)?the\s(?:latest|newest|most\srecent)\s[^.;:]{1,120}?,\s"
    r"(?:where|in\swhich|which)\s(?=[^.;:]{0,80}?\b(?:has|have)\b)",
    re.IGNORECASE,
)
"""What befell a place until now: "was the latest violence in the state's jails, where 11 inmates have been killed"."""
_FOLLOWS = ("after", "since", "follow", "latest", "amid")
"""One of these stands in every sentence that tells of an earlier incident as such."""
_AS_A_WHOLE = ("together", "combined", "between them", "in all", "in total", "altogether")
_DAYS_TOLL = re.compile(r"\bthe day's (?:\w+ ){0,2}toll\b|\bthe (?:\w+ ){0,2}toll for the day\b", re.IGNORECASE)
"""Said of all that happened on one day: "bringing the day's overall death toll to 16"."""
_SUCH_AGAIN = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|latest)\s(?:such|similar)\b[^.;:]{0,80}\b(?:after|since|following)\s(?:that|the\sone)\b",
    re.IGNORECASE,
)
"""What says that an earlier incident follows: "the second such disaster in a week, after that in Huruma"."""
_PROTEST = re.compile(
    r"\b(protest(?:s|ed|ers|ing)?|demonstrat(?:ed|ions?|ors|ing)|march(?:ed|es|ing)|rall(?:y|ies|ied)|went berserk|"
    r"rampaged?|walked out|attacks\s[^.;:]{0,40}\bcontinued?)\b[^.;:]{0,140}?"
    r"\b(?:following|after|over|against|at|to protest|protest (?:of|at|against|over)|because of|sparked by|"
    r"triggered by|prompted by)\s"
    r"(?:(?:the|a|an|his|her|their|last|week's|month's|recent|alleged|fatal|mass|police)\s){0,3}"
    r"(?:murder|killing|death|assassination|lynching|massacre)s?\sof\b",
    re.IGNORECASE,
)
_WHERE_BEFORE = re.compile(
    r",?\s(?:where|in\swhich|at\swhich)\s[^,;:]{1,140}?\b(?:(?:hours?|days?|weeks?|months?)\s(?:ago|earlier|before)|"
    r"the\s(?:day|week|month)\sbefore|(?:last|the\sprevious|earlier\s(?:this|that|in\sthe))\s(?:week|month))\b",
    re.IGNORECASE,
)
"""A clause that says what befell a place before: "the terminal where 24 people were killed two days ago"."""
_SAME_SCENE = re.compile(
    r"\b(?:at|in|on|near|outside)\sthe\s(?:very\s)?same\s(?:[\w-]+\s){1,10}?(?:where|in\swhich|at\swhich|on\swhich)\s[^,;:]{1,140}",
    re.IGNORECASE,
)
"""What befell a scene before is told of it as the same: "at the same gate where a bomb killed nine on Monday"."""
_THE_FIRST = re.compile(
    rf"\W{{0,2}}The\s(?:first|earlier|previous)\s(?:[\w-]+\s){{0,2}}?(?:{_DEEDS}|{_ACCIDENTS})\b", re.IGNORECASE
)
"""Opens a sentence on the incident before one that is told of as the second."""
_SECOND = re.compile(r"\b(?:second|another|again)\b", re.IGNORECASE)
_MORE_OF_THEM = re.compile(
    r"\b(?:more|further|another|others?|also|bod(?:y|ies)|remains|victims?|wound(?:ed|s)|injur(?:ed|ies)|toll|found|buried)\b",
    re.IGNORECASE,
)
"""Dead of a sentence that are, with one of these words, some of those told of after them."""
_MASSACRE = 10
"""So many dead are news, however they are told of."""
_PROTEST_REACH = 160
"""Characters that the words of such a death take up."""
_ANOTHER = (" another", " a similar")
"""What ends words that tell of an earlier incident whether or not their sentence counts the dead of its own."""


def of_other_events(statements: Sequence[Statement]) -> Iterator[tuple[Draft, Reason]]:
    """The claims of people killed that are no toll of their article's incident, with the words that say so.

    In "19 died, four days after a crash that killed 31" the 31 are of an earlier incident, and so they are where the
    sentence begins with that, also where it counts none of its own; "the two attacks together
    cost 51 lives" sums up, and counts for neither where the article gives other numbers too.
    """
    told = [(s, mine) for s in statements if (mine := [d for d in s.drafts if _counts(d)])]
    fewest = sorted((min(d.best or 0 for d in mine), s.order) for s, mine in told)[:2]
    for statement, mine in told:
        base = statement.sentence.start
        lower = statement.text.lower()
        follows = any(word in lower for word in _FOLLOWS)
        after = (_after_another().search(statement.text) or _after_others_died(statement.text)) if follows else None
        current = [d for d in statement.drafts if d.background is None and d.best]
        before = after is not None and any(d.end <= base + after.start() for d in current)
        before = before or (after is not None and _takes_up().match(statement.text) is not None)
        words = after[0].lower() if after is not None else ""
        another = words.endswith(_ANOTHER) or words.startswith("following the ")
        if after is not None and (before or (statement is not told[0][0] and another)):
            same_day = "hours" in after[0].lower() and after[0].lower().endswith(_ANOTHER)
            # Hours ago is as new: told at its own place, it is an incident of its own.
            least = max((d.best or 0 for s, ds in told if s is not statement for d in ds), default=0) if same_day else 0
            later = [d for d in mine if d.start >= base + after.start() and (d.best or 0) >= least]
            hurt = [d for d in current if d.kind is ClaimKind.WOUNDED and d.start >= base + after.start()]
            yield from ((d, Reason("earlier", after[0].lower())) for d in (*later, *(hurt if later else ())))
        opening = _opens_after_another().match(statement.text) if follows else None
        if opening is not None and any(d.start >= base + opening.end() for d in mine):
            words = opening[1].lower()
            yield from ((d, Reason("earlier", words)) for d in mine if d.end <= base + opening.end())
        another_day = _another_day_after().match(statement.text) if follows else None
        if another_day is not None:
            words = another_day[1].lower()
            yield from ((d, Reason("earlier", words)) for d in mine if d.end <= base + another_day.end("then"))
        ahead = _before_it().match(statement.text) if len(told) > 1 else None
        if ahead is not None:
            gone = [d for d in statement.drafts if d.start >= base + ahead.end() and d.background is None]
            yield from ((d, Reason("earlier", ahead[1].lower())) for d in gone)
        again = _SUCH_AGAIN.search(statement.text) if follows and len(told) > 1 else None
        if again is not None:
            yield from ((d, Reason("earlier", again[0].lower())) for d in mine if d.start >= base + again.end())
        others = _OTHERS.search(statement.text) if follows else None
        if others is not None:
            gone = [d for d in statement.drafts if d.background is None and d.start >= base + others.end()]
            yield from ((d, Reason("earlier", others[0].lower())) for d in gone)
        until_now = _WHERE_UNTIL_NOW.search(statement.text) if "latest" in lower or "recent" in lower else None
        if until_now is not None and statement is not told[0][0]:
            gone = [d for d in statement.drafts if d.background is None and d.start >= base + until_now.end()]
            yield from ((d, Reason("earlier", until_now[0].lower())) for d in gone)
        yield from _protested(statement)
        same = _SAME_SCENE.search(statement.text) if "same" in lower else None
        scene = same or _WHERE_BEFORE.search(statement.text)
        if scene is not None:
            then = [d for d in statement.drafts if base + scene.start() <= d.start and d.end <= base + scene.end()]
            if any(d not in then for d in mine) or (same is not None and len(told) > 1):
                words = scene[0].lower().strip(" ,")
                yield from ((d, Reason("earlier", words)) for d in then if d.background is None)
        newest = _LATEST.match(statement.text)
        if newest is not None and statement is not told[0][0]:
            gone = [d for d in statement.drafts if d.background is None and d.start >= base + newest.end()]
            yield from ((d, Reason("earlier", newest[0].lower())) for d in gone)
        first = _THE_FIRST.match(statement.text)
        if first is not None and told and statement is not told[0][0] and _SECOND.search(told[0][0].text) is not None:
            yield from ((d, Reason("earlier", first[0].strip().lower())) for d in mine)
        revenge = _FOR_WHAT.search(statement.text)
        cause = revenge or _WHOSE_DOING.search(statement.text)
        beside = cause is not None and any(d.end <= base + cause.start() for d in mine)
        if cause is not None and (beside or (revenge is not None and statement is not told[0][0])):
            # "in revenge for a bad grade, he shot four": what follows a comma is what was done.
            phrase = statement.text.find(",", cause.end())
            until = base + (phrase if phrase >= 0 else len(statement.text))
            done = [d for d in mine if base + cause.end() <= d.start < until]
            yield from ((d, Reason("earlier", cause[0].lower())) for d in done)
        summed = _DAYS_TOLL.search(statement.text) if "toll" in lower and len(told) > 1 else None
        if summed is not None:
            whole = [d for d in mine if d.end > base + summed.start()]
            yield from ((d, Reason("several", summed[0].lower())) for d in whole)
        added = _with_earlier().match(statement.text)
        if added is not None and len(told) > 1:
            then = [d for d in statement.drafts if d.background is None and d.end <= base + added.end()]
            yield from ((d, Reason("earlier", added[0].lower())) for d in then)
            whole = [d for d in mine if d.start >= base + added.end()]
            yield from ((d, Reason("several", added[0].lower())) for d in whole)
        together = _together().search(statement.text) if any(word in lower for word in _AS_A_WHOLE) else None
        together = together or _took_together().search(statement.text)
        if together is not None:
            smaller = next((number for number, order in fewest if order != statement.order), None)
            reason = Reason("several", together[0].lower())
            yield from ((d, reason) for d in mine if smaller is not None and (d.best or 0) > smaller)


def _protested(statement: Statement) -> Iterator[tuple[Draft, Reason]]:
    """The deaths that a protest is about, "marched on Sunday over the killing of two men", if they have no day."""
    for protest in _PROTEST.finditer(statement.text):
        start = statement.sentence.start + protest.end()
        about = [d for d in statement.drafts if d.voice == "noun" and d.kind is ClaimKind.KILLED and _counts(d)]
        for draft in about:
            named = (
                (draft.best or 0) < _MASSACRE
                and draft.start <= start <= draft.end
                and draft.end - draft.start < _PROTEST_REACH
            )
            if named and not any(t.start >= draft.end and not t.is_past and t.role == "event" for t in statement.times):
                yield draft, Reason("earlier", protest[1].lower())


def _counts(draft: Draft) -> bool:
    return draft.kind is ClaimKind.KILLED and draft.background is None and (draft.best or 0) > 0


@cache
def _after_another() -> re.Pattern[str]:
    """What opens a clause on an earlier incident: "four days after a", "came hours after another"."""
    return re.compile(
        rf"\b(?:{number_words()}|a|an|the|just|only|came|comes|coming)\s(?:hours?\s|days?\s|weeks?\s|weekend\s)?(?:after|since)\s"
        rf"(?:a|an|another|two|three|four|several|similar|twin)\b|"
        rf"(?:\b(?:{number_words()}|a|just|only|barely)\s|[,–—-]\s)(?:hours?|days?|weeks?|months?)\safter\s(?:\w+\s){{1,4}}"
        rf"(?:struck|hit|bombed|shelled|attacked|launched|fired|raided|stormed|killed|ambushed)\b|"
        rf"\bfollow(?:s|ed|ing)\s(?:a|an|another|the)\s(?:similar|earlier|previous|killings?|deaths?|murders?|assassination)\b",
        re.IGNORECASE,
    )


def _after_others_died(text: str) -> re.Match[str] | None:
    """ "four days after 38 people died in a raid"; of one incident where more of the same are told of before."""
    found = _others_died().search(text)
    return None if found is None or _MORE_OF_THEM.search(text, 0, found.start()) is not None else found


@cache
def _others_died() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\b(?:{number_words()}|a|just|only|barely)\s|[,–—-]\s)(?:days?|weeks?|months?)\safter\s"
        rf"(?:[\w-]+\s){{0,3}}?{number_words()}\s[^,;:.]{{1,60}}?\s"
        rf"(?:(?:in|by|when)\s(?:a|an|another)\s|(?:(?:right|just)\s)?t?here\b|(?:at|in|on)\s(?:the|that)\ssame\s)",
        re.IGNORECASE,
    )


@cache
def _opens_after_another() -> re.Pattern[str]:
    """What opens a sentence with an earlier incident: "Two days after a bomb killed 20 people, ..."."""
    return re.compile(
        rf"((?:just\s|only|barely\s)?(?:{number_words()}|a|an|the)\s(?:hours?|days?|weeks?)\safter)\s[^,;:]{{1,200}},\s",
        re.IGNORECASE,
    )


@cache
def _another_day_after() -> re.Pattern[str]:
    """What opens a sentence on a new incident: "A week after a bomb killed 45 people in Homs, a blast was heard in"."""
    return re.compile(
        rf"((?:exactly\s|just\s|only\s|barely\s|nearly\s|almost\s|less\sthan\s)?(?:{number_words()}|a|an|the)\s"
        rf"(?:days?|weeks?|months?)\safter)\s(?P<then>[^;:]{{1,200}}?,\s)(?:a|an|another)\s(?:[\w'-]+\s){{0,4}}?(?!strike){_DEEDS}"
        rf"\s(?!that\b|which\b|who\b|for\b|in\swhich\b|,)",
        re.IGNORECASE,
    )


@cache
def _takes_up() -> re.Pattern[str]:
    """A sentence on the incident told of that goes on to an earlier one: "The raids came days after", "It follows"."""
    return re.compile(
        rf"\W{{0,2}}(?:It|This|(?:The|This|That|These|\w+day's)\s(?:[\w-]+\s){{0,2}}(?:{_DEEDS}|{_ACCIDENTS}))"
        rf"(?:,[^,.;:]{{1,60}},|\s(?:in|on|at|near)\s[^,.;:]{{1,60}}?)?\s"
        rf"(?:happened|came|comes?|occurred|took place|follow(?:s|ed))\b",
        re.IGNORECASE,
    )


@cache
def _before_it() -> re.Pattern[str]:
    """What opens a sentence on what went before: "In the days before the ambush, ...", "Before Monday's raid, ..."."""
    return re.compile(
        rf"\W{{0,2}}((?:In\sthe\s(?:hours|days|weeks|months)\s)?(?:before|prior\sto)\s(?:the|this|that|\w+day's)\s"
        rf"(?:[\w-]+\s)?{_DEEDS}|(?:{number_words()}|a|an|some)\s(?:days?|weeks?|months?)\s(?:before\sthat|earlier|before|previously)),",
        re.IGNORECASE,
    )


@cache
def _together() -> re.Pattern[str]:
    """What says that a number is of several attacks: "the two attacks together", "between them the bombings"."""
    attacks = "|".join(sorted(word_set("attacks")))
    whole = rf"\b(?:{'|'.join(_AS_A_WHOLE)})\b".replace(" ", r"\s")
    several = rf"\b(?:the|these|those|both|all)\s(?:of\sthe\s)?(?:{number_words()}\s)?(?:\w+\s)?(?:{attacks})\b"
    pronoun = r"(?:the\s(?:two|three|pair)|both|they)\s(?:have|had|has|caused|killed|claimed|took|cost|left)\b"
    return re.compile(
        rf"{several}[^.;:]{{0,40}}{whole}|{whole}[^.;:]{{0,10}}{several}|{whole}[^.;:]{{0,40}}{pronoun}", re.IGNORECASE
    )


@cache
def _took_together() -> re.Pattern[str]:
    """What several attacks cost between them: "two blasts have taken 43 lives", "the two bombings killed 43"."""
    attacks = "|".join(sorted(word_set("attacks")))
    return re.compile(
        rf"\b(?:the|these|both)?\s?(?:two|three|both)\s(?:\w+\s)?(?:{attacks})\s"
        r"(?:[^.;:]{1,90}?\s(?:that|which)\s)?(?:(?:have|had|has)\s)?(?:now\s|so\sfar\s)?"
        r"(?:taken|took|killed|claimed|cost|left)\b",
        re.IGNORECASE,
    )


@cache
def _with_earlier() -> re.Pattern[str]:
    """What opens a sum over two incidents: "With the fifteen who died at the tea shop four days before, 43 people"."""
    return re.compile(
        rf"\W{{0,2}}(?:(?:Together\s)?with|Adding|Counting)\s(?:the\s)?{number_words()}\s[^,;:]{{1,120}}?"
        r"\b(?:before|earlier|ago|last\s(?:week|month)),\s",
        re.IGNORECASE,
    )
