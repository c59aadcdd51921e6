"""People and groups that no lexicon and no form gives away: found where a sentence says by name who did it.

"Kori Muhammad, 39, opened fire", "the gunman, identified as ...", "... claimed responsibility". Only in texts that
tell names by their capital letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.vocabulary import Responsibility
from services.processor.extraction.actors.cues import words_of
from services.processor.extraction.actors.lexicon import load_nations
from services.processor.extraction.actors.mentions import ActorMention

_NAME = re.compile(r"[A-Z][\w'’-]+(?:\.? (?:al-|el-|bin |ibn |de |del |von |van )?[A-Z][\w'’-]*\.?){0,5}")
_AGE = r"(?:\s*,\s*(?:a\s)?\d{1,2}(?:[- ]years?[- ]old)?(?:\s[a-z]+){0,4}\s*,|\s*\(\d{1,2}\))?"
_ACTS = re.compile(
    _AGE + r"\s+(?:then\s|allegedly\s|fatally\s|reportedly\s|had\s|has\s|repeatedly\s){0,2}"
    r"(?:opened\s+fire|shot\s+(?:and|dead|at|his|her|him|them|\d|two|three|four|five|six|seven|eight|nine|ten|a\b|an\b|the\b|[a-z]+\s"
    r"people)|stabbed|rammed|ploughed|plowed|drove\s[^.]{0,40}?into|detonated\s(?:a|an|the|his|her|explosives)|gunned\s+down|mowed\s+down|strangled|"
    r"bludgeoned|hacked|beheaded|set\s+fire)\b"
)
_SPEAKS_FOR = re.compile(r"\b(?:spokes(?:man|woman|person)|representative)(?:\sfor\s[^.,]{1,12})?,?\s\Z")
"""Before a name: whoever claims it claims it for others."""
_CLAIMS = re.compile(
    _AGE + r"(?:\s*[\[(][A-Z][\w-]{1,10}[\])])?\s+(?:(?:has|have|had|also|later|since|then)\s){0,2}"
    r"(?:claimed|took|accepted|admitted|claims|assumed)\s+(?:full\s|joint\s|sole\s)?(?:responsibility|credit)\b"
    r"|" + _AGE + r"\s+(?:(?:has|had|also|later|then)\s){0,2}confessed\b"
)
_CRIME = (
    r"(?:murder|attack|shooting|bombing|terror|killing|assault|manslaughter|stabbing|arson|kidnapping|homicide|slapping"
    r"|punching|kicking|slaying|massacre|explosion)"
)
_CHARGED = re.compile(
    _AGE + r"\s+(?:was|is|has been|had been|were|pleaded|is being)\s(?:later\s|also\s|arrested and\s|formally\s)?"
    r"(?:(?:charged|guilty\sto|convicted\sof|indicted)\s[^.]{0,90}?"
    r"|arrested\s(?:[^.]{0,40}?\s)?(?:for|over|in\sconnection\swith|on\ssuspicion\sof)\s[^.]{0,30}?)" + _CRIME
)
_CHARGING = re.compile(r"\b(?:charged|indicted|convicted|arrested)\s\Z")
_CHARGED_WITH = re.compile(
    _AGE + r"\s(?:[^.,]{0,40}\s)?(?:on|with|of|for|over|in\sconnection\swith)\s[^.]{0,60}?" + _CRIME
)
_IDENTIFIED = re.compile(
    r"(?:identified|named)(?:\s(?:by|in)(?:\s[\w’']+){1,3})?(?:\s(?:locally|only|him|her))?\sas\s(?:\d{1,2}-year-old\s)?\Z"
)
_HARMED = re.compile(
    r"\b(?:kill(?:s|ed|ing)|shot|shoot(?:s|ing)|murder(?:s|ed|ing)|stabb(?:ed|ing)|wound(?:s|ed|ing)|injur(?:es|ed|ing)|"
    r"abduct(?:s|ed|ing)|kidnapp(?:ed|ing)|seiz(?:ed|ing)|behead(?:s|ed|ing)|execut(?:ed|ing)|victims?|hostages?)\b"
)
"""Between attackers and a name: who bears it was harmed, "gunmen killed a farmer identified as ..."."""
_APPOSED = re.compile(r"(?:the|The)\s(?:gunman|attacker|assailant|shooter|perpetrator|bomber|killer|hijacker),\s\Z")
_NOT_NAMES = frozenset(
    ("police", "the", "a", "an", "hospital", "street", "university", "school", "army", "party", "court", "department",
     "ministry", "minister", "president", "government", "news", "agency", "county", "city", "state", "church", "mosque",
     "airport", "church", "company", "inc", "bank", "he", "she", "it", "they", "we", "no", "nobody", "officials",
     "authorities", "officers", "two", "three", "four", "five", "several", "one", "another", "gunmen", "militants",
     "hurricane", "typhoon", "cyclone", "storm", "flight", "tropical", "who", "this", "that", "some", "but", "and",
     "officer", "reuters", "afp", "ap", "group", "his", "her", "their", "militiamen", "troops", "soldiers")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedDoer:
    """Somebody whom a sentence names as the one who did it."""

    start: int
    end: int
    responsibility: Responsibility
    cue_start: int
    cue_end: int


def named_doers(text: str, view: str, start: int, end: int, mentions: list[ActorMention]) -> Iterator[NamedDoer]:
    """Those that `text[start:end]` names, apart from `mentions`, in order. `view` is the `ascii_view` of `text`."""
    covered = [(m.start, m.end) for m in mentions if m.actor is not None]
    for match in _NAME.finditer(text, start, end):
        first, last = match.span()
        if any(low < last and first < high for low, high in covered):
            continue
        first = _without_lead(text, first, last)
        last -= text[first:last].endswith(".")
        if not _is_name(text[first:last]):
            continue
        found = _role(text, view, first, last, start, end, mentions)
        if found is not None:
            yield found


def _without_lead(text: str, first: int, last: int) -> int:
    """Without a capitalised word that only begins the sentence or describes: "Gunman Omar Mateen"."""
    while True:
        word = text[first:last].split(" ", 1)
        lower = word[0].lower().strip(".,")
        led = lower in words_of("describing") or lower in words_of("weekday_month")
        if len(word) < 2 or not led:
            return first
        first += len(word[0]) + 1


def _is_name(name: str) -> bool:
    parts = [part.strip(".").lower() for part in name.split()]
    if any(part in _NOT_NAMES for part in parts) or name.lower() in load_nations():
        return False
    return len(name) > 3 and not any(part in words_of("weekday_month") for part in parts)


def _role(
    text: str, view: str, first: int, last: int, start: int, end: int, mentions: list[ActorMention]
) -> NamedDoer | None:
    several = " " in text[first:last]
    begins = not text[start:first].strip(" \"'“‘")
    following = _CLAIMS.match(text, last, end)
    if (
        following is not None
        and (several or not begins)
        and not _SPEAKS_FOR.search(view, max(start, first - 24), first)
    ):
        return NamedDoer(first, last, Responsibility.CLAIMED_OR_ADMITTED, last, following.end())
    if not several:
        return None
    following = _ACTS.match(text, last, end)
    if following is not None:
        alleged = "allegedly" in following[0]
        value = Responsibility.SUSPECTED if alleged else Responsibility.REPORTED_AS_FACT
        return NamedDoer(first, last, value, last, following.end())
    following = _CHARGED.match(text, last, end)
    if following is None and _CHARGING.search(view, max(start, first - 12), first):
        following = _CHARGED_WITH.match(text, last, end)
    if following is not None:
        return NamedDoer(first, last, Responsibility.SUSPECTED_BY_AUTHORITIES, last, following.end())
    apposed = _APPOSED.search(text, max(start, first - 30), first)
    if apposed is not None and text[last : last + 1] == ",":
        return NamedDoer(first, last, Responsibility.REPORTED_AS_FACT, apposed.start(), apposed.end())
    identified = _IDENTIFIED.search(view, max(start, first - 70), first)
    if identified is not None and any(
        m.end <= first
        and m.start >= start
        and (m.kind == "attacker" or m.head in words_of("suspect_head"))
        and _HARMED.search(view, m.end, identified.start()) is None
        for m in mentions
    ):
        return NamedDoer(first, last, Responsibility.REPORTED_AS_FACT, identified.start(), identified.end())
    return None
