"""Whether a cue reaches a claim: what stands between them, by the scope that the lexicon gives the cue."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.processor.extraction.currency.cues import Cue

WINDOW = 260
"""Characters to either side of a claim within which cues are looked for: a long sentence, and a bound to the work."""

_OPENERS = (
    r"when|whenever|after|while|as(?!\s(?:many|much|few|well|part|of)\b)|who|whom|whose|which|(?<!of\s)(?<!in\s)(?<!on\s)(?<!at\s)that|but|"
    r"whereas|although|though|where|because|before|until|if|said|says|saying|told|shows?|showed|showing"
)
_BRINGING = r"taking|bringing|raising|pushing|putting|lifting"
"""Participles that add a toll to a sentence that has told its news: ", bringing to 61 the number killed this month"."""
_CLAUSE = re.compile(rf"[;:]|,\s(?:{_BRINGING})\b|\s-{{1,2}}\s|\b(?:{_OPENERS})\b")
_BROUGHT = re.compile(rf",\s(?:{_BRINGING})\s(?:\w+\s){{0,3}}\Z")
_BRINGS = re.compile(rf"(?:{_BRINGING})\b")
_PHRASE = re.compile(rf"[;:]|,\s|\s-{{1,2}}\s|\b(?:{_OPENERS}|and|or|nor)\b|\bwith\s\Z")
_OVER = re.compile(
    r"[;:]|\bbut\b|\b(?:said|says|told)\b|\band\s(?:then|later|also)\b|"
    r",\s(?!(?:who|which|where|when|in\swhich|including|among|most|many|some|mostly|mainly)\b)"
)
_JOINED_VERB = re.compile(r"(?:,|\band|\bor)\s(?:(?:then|later|also|on|in|at|\w+day)\s){0,3}\Z")
_SHOT_AND = re.compile(r"\b(?:shot|stabbed|beat|attacked|ambushed|tortured|raped)\sand\s\Z")
"""One deed with the verb that follows: "shot and killed"."""
_RESULT = re.compile(r"(?:killing|leaving|claiming|injuring|wounding|burying|drowning)\b")
"""What came of the very thing told before it: "years after the mill collapsed, killing 30"."""
_RELATIVE = re.compile(r"[^;:]*(?:\A|\s)(?:when|where|which|that|who|whose)\s[^,;:]{0,60}\Z")
_GOVERNS = re.compile(r"\b(?:of|to|for|with|in)\Z")
_HOLDS = re.compile(r"\b(?:which|that|who|when|where|whose|how|after|day)\b|\A\s*(?:the|a|an)?\s*\Z")
_OWN_RELATIVE = re.compile(r"(?<!for\s)(?<!of\s)\b(?:that|which|who|whose|where)\s[^,;:]{0,80}\Z")
_SPEECH = re.compile(r"\b(?:said|says|told|added|announced|confirmed|reported)\b")
_ASIDE_START = re.compile(
    r"\A(?:,|\s-)\s*(?:who|which|where|whose|whom|while|as|when|after|although|though|a|an|the)\b"
)
_SUPERLATIVE = re.compile(
    r"\b(?:worst|deadliest|bloodiest|biggest|largest|first|strongest|heaviest|highest|lowest|wettest|hottest|coldest|driest|"
    r"greatest|longest|fastest|costliest|most|second|third|fourth|fifth|sixth|latest)\b[^,;:]{0,60}\Z"
)
_NEWS_DAY = re.compile(r"\bon\s(?:early\s|late\s)?\w{3,6}day\b[^;:]{0,20}\bwhen\s[^;:]*\Z")
_COPULA = re.compile(r"\b(?:is|was|are|were|be|been|being|marks|marked|became|in|called|described)\b")


class Span(NamedTuple):
    """A claim at `folded[start:end]` of the sentence `folded[first:last]`; `active`: verb before people."""

    start: int
    end: int
    first: int
    last: int
    active: bool


def reaches(cue: Cue, span: Span, folded: str) -> bool:
    """Whether `cue` says what it says of the claim at `span`, too."""
    if cue.start < span.first or cue.end > span.last:
        return False
    return _BY_SCOPE[cue.scope](cue, span, folded)


def no_clause_between(start: int, end: int, span: Span, folded: str) -> bool:
    """Whether nothing opens another clause between `folded[start:end]` and the claim."""
    return _CLAUSE.search(_between(start, end, span, folded)) is None and not _in_an_aside(start, end, span, folded)


def in_another_clause(cue: Cue, span: Span, folded: str) -> bool:
    """Whether a cue that reaches a whole sentence stands in a clause that says something else about somebody else.

    In a relative clause that opens after the claim, "killed in a jail that holds men serving life", or in an aside
    before a verb of speech, "The minister, who is on trial, said ten people had been killed".
    """
    if cue.start >= span.end:
        return _OWN_RELATIVE.search(folded, span.end, cue.start) is not None
    return _in_an_aside(cue.start, cue.end, span, folded) and _SPEECH.search(folded, cue.end, span.start) is not None


def is_brought_along(span: Span, folded: str) -> bool:
    """Whether the claim is a toll that news of further dead brings along: ", taking the toll of the war to"."""
    if _BROUGHT.search(folded, max(span.first, span.start - 40), span.start) is not None:
        return True
    return (
        folded[max(span.first, span.start - 2) : span.start] == ", " and _BRINGS.match(folded, span.start) is not None
    )


def compares(cue: Cue, folded: str) -> bool:
    """Whether a stretch of time only bounds a superlative, "the deadliest since 2015": nothing was counted over it."""
    return _SUPERLATIVE.search(folded, max(0, cue.start - 90), cue.start) is not None


def _between(start: int, end: int, span: Span, folded: str) -> str:
    if end <= span.start:
        return folded[end : span.start]
    if start >= span.end:
        return folded[span.end : start]
    return ""


def _in_an_aside(start: int, end: int, span: Span, folded: str) -> bool:
    """Whether the words stand between commas beside the claim: "The group, which rose ten years ago, killed 12"."""
    if end > span.start:
        return False
    left = folded[max(span.first, start - 80) : start]
    comma = max(left.rfind(", "), left.rfind(" - "))
    return comma >= 0 and _ASIDE_START.match(left[comma:]) is not None and ", " in folded[end - 1 : span.start]


def _sentence(cue: Cue, span: Span, folded: str) -> bool:
    return True


def _clause(cue: Cue, span: Span, folded: str) -> bool:
    return no_clause_between(cue.start, cue.end, span, folded)


def _lead(cue: Cue, span: Span, folded: str) -> bool:
    return cue.start < span.start and _clause(cue, span, folded)


def _phrase(cue: Cue, span: Span, folded: str) -> bool:
    return _PHRASE.search(_between(cue.start, cue.end, span, folded)) is None


def _head(cue: Cue, span: Span, folded: str) -> bool:
    return cue.start < span.end and _phrase(cue, span, folded)


def _over(cue: Cue, span: Span, folded: str) -> bool:
    if cue.start >= span.start:
        return False
    between = _SHOT_AND.sub("", folded[cue.end : span.start])
    brought = _RESULT.match(folded, span.start) is not None and between.endswith(", ")
    if _OVER.search(between[:-2] if brought else between) is not None:
        return False
    if brought or not span.active:
        return True
    # A verb that follows a preposition's noun is another clause's, "on the anniversary of the coup a bomb killed 12",
    # unless a relative clause holds it: "the anniversary of the bombing that killed 12".
    if _JOINED_VERB.search(between) is not None:
        return False
    return _GOVERNS.search(folded, cue.start, cue.end) is None or _HOLDS.search(between) is not None


def _relative(cue: Cue, span: Span, folded: str) -> bool:
    if cue.start >= span.start:
        return False
    if _RELATIVE.match(folded[cue.end : span.start]) is None:
        return False
    # "The town's first fair since the war ended in horror on Friday night, when 30 died": what the subject is compared
    # with is no history of the claim, which has a day of its own.
    subject = _COPULA.search(folded, span.first, cue.start) is None
    return not (subject and _NEWS_DAY.search(folded, cue.end, span.start))


def _touch(cue: Cue, span: Span, folded: str) -> bool:
    return cue.start < span.end and span.start < cue.end


_BY_SCOPE = {
    "sentence": _sentence,
    "clause": _clause,
    "lead": _lead,
    "phrase": _phrase,
    "head": _head,
    "over": _over,
    "relative": _relative,
    "touch": _touch,
}
