"""What the words before and after a name make of it: place of an event, speaker, part of a body's name, a person."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.model import Kind, Role

BEFORE = 80
"""Code points looked at before a name."""
_MOST_WORDS = 9
_NEXT = re.compile(
    r"(?P<possessive>['’][sS]?(?![^\W_]))?(?P<hyphen>-(?=[^\W\d_]))?[ \t\u00a0]{0,2}\n?[ \t]{0,4}"
    r"(?P<first>[^\W_]{1,30}(?:-[^\W_]{1,20})?)?"
    r"(?:[ \n](?P<second>[^\W_]{1,30}))?(?:[ \n](?P<third>[^\W_]{1,30}))?"
)
_DATELINE = re.compile(
    r"(?:/[A-Z][A-Z' -]{1,40}[A-Z])?(?:\s?\([^()\n]{1,30}\))?(?:,? ?[^\n()–—:-]{1,40})?\s{0,2}"
    r"(?:\([^()]{1,70}\)|\[[^\[\]\n]{1,40}\])?\s{0,2}(?:(?:--+|-|–|—|:)(?=\s|\[|\()|—(?=[A-Z\"]))"
    r"|, (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2}(?:, \d{4})? \([A-Z][^()\n]{1,20}\)"
    r"(?=\s[A-Z\"'“‘])"
)
_BOUND = frozenset(("bound", "headed", "heading", "destined"))
"""Before "for" they say where somebody or something was going."""
_HELPERS = frozenset(
    ("dogs", "rescuers", "teams", "crews", "firefighters", "experts", "divers", "helicopters", "planes", "aid", "help",
     "donations", "investigators", "excavators", "cranes")
)  # fmt: skip
"""Those who come to help "from" somewhere else, where nothing happened."""
_TWO_CITIES = re.compile(r"[A-Z][A-Z' .-]{1,40}/")
"""Before the second name of a dateline: "GENEVA/PORT-AU-PRINCE -"."""
_MEASURED_FROM = re.compile(
    r"\s?[,(]\s?(?:(?:about|some|around|roughly|nearly|almost|just|over)\s)?\d[\d.,]*\s?(?:kms?|kilomet\w+|miles?)\b"
)
"""After a place: the next one says how far away it is, "Boali, about 95 km northwest of Bangui"."""
_NEAR = re.compile(r"\b(?:near|close to|bordering) (?:the )?\Z", re.IGNORECASE)
_LIES_IN = re.compile(r"(?: in|,) [A-Z]")
_ALONE = re.compile(r"[ \t]{0,3}(?:-{1,2}|[–—])?[ \t]{0,3}\n[ \t]{0,3}\S")
_HEADED = re.compile(r"\n[A-Z][\w' -]{1,30}: ")
_NATIONAL = re.compile(r" National [A-Z]")
_SOME_OF_THEM = re.compile(
    r"\b(?:of\s(?:them|whom)|among\sthem|including)\s(?:(?:were|are|an?|one|two|three|four|five|six|\d{1,3}|also|the)\s){0,3}\Z",
    re.IGNORECASE,
)
"""Before a people's name: "six priests, five of them Spaniards"."""
_AND_ANOTHER = re.compile(r",? and (?:an? |the )?[A-Z]\w+")
"""Joins another people's name: what follows is said of both."""
_FOREIGN = re.compile(r"\b(?:internationals?|expat(?:riate)?s?|foreign(?:ers?)?)\b[^()]{0,20}\([^()]*\Z", re.IGNORECASE)
_COUNTED = re.compile(r"(?<![\d.,])\d{1,3}[ \u00a0]\Z")
_MOVED = re.compile(
    r"\b(?:been|were|was|is|are|being)\s(?:\w+ly\s)?(?:flown|airlifted|evacuated|transferred|shifted|sent|rushed|medevaced|referred)"
    r"(?:\s(?:home|out|on|back|abroad))?(?:\sby\s(?:\w+\s)?\w+|\sfor\s[\w ]{1,30}?)?\sto\s\Z"
)
"""Before a place where the hurt or the dead are brought, and nothing happened."""
_LOCATED_BODIES = frozenset(["forces"])
"""Words of bodies' names after which "in" says where they are: "the Armed Forces in Ukraine"."""
_HIT = frozenset(
    ("plane", "bus", "train", "boat", "ferry", "ship", "coach", "minibus", "truck", "car", "helicopter", "tram", "mine",
     "coal", "school", "church", "mosque", "temple", "market", "hotel", "bridge", "dam", "nightclub", "prison", "mall",
     "factory", "stadium", "hospital", "airport", "base", "army", "police", "building", "suicide", "bomb", "mass",
     "drone", "air", "missile", "rocket", "terror", "knife", "hostage", "migrant")
)  # fmt: skip
"""What stands between a place and what happened there: "the Peru bus crash"."""
_TOLL = ("toll", "death-toll", "deaths", "fatalities", "casualties")
"""Before "from" they say where people died: "the toll from Brazil's nightclub fire"."""
_BORDER_WITH = re.compile(r"['’]s? (?:\w+ )?(?:border|frontier) with\b")
_WITH_BORDER = re.compile(r"\w['’]s? (?:\w+ )?(?:border|frontier) with \Z")
_BESIDE = ("nearby", "neighbouring", "neighboring")
"""Before a kind of place they say that what happened was not there: "in the nearby city of Medan"."""
_MEASURED = re.compile(
    r"\b(\d{1,2},?\d{3}|\d{2,3})[ -]?(k(?:m|ms|ilomet(?:er|re)s?)|miles)\b(?! an hour| per)[^.;:]{0,60}\Z",
    re.IGNORECASE,
)
_FAR_KM, _FAR_MILES = 100, 60
_WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_STRIPPED = "\"'“”‘’()[]*"
_JOINS = frozenset((",", "and", "&", "or", "/", "-", ""))
_HAZARDS = frozenset(
    ("bushfire", "bushfires", "wildfire", "wildfires", "earthquake", "earthquakes", "quake", "flood", "floods",
     "flooding", "landslide", "landslides", "mudslide", "avalanche", "volcano", "heatwave", "tsunami")
)  # fmt: skip
"""After a people's name they say in which land something happened."""
_HOME = ("lived", "born", "raised", "resided", "resides", "headquartered")
_CAUGHT = frozenset(("recaptured", "rearrested", "re-arrested"))
"""Before a place where those who fled were caught, "recaptured yesterday on the Gao road"."""
_WHO_LIVES = frozenset(("who", "he", "she", "and", "now", "still", "also", "family"))
_NO_OWNERS = frozenset(("many", "more", "human", "young", "innocent", "lost", "few", "other", "same", "of", "day's"))
"""Before "lives" they make it what is lost: "the many lives in Gao"."""
_DIGITS_OF_AGE = 2
_ENDS = (".", "!", "?", ":", ";")
_ABBREVIATION = 4
"""Characters up to which a word that ends in a dot may be an abbreviation: "Gen.", "Oct."."""


class Before(NamedTuple):
    """What the words before a name say."""

    role: Role
    joined: bool = False
    """The name continues a list or chain: it has the role of the mention before it, if that stands right there."""
    type_of: Kind | None = None
    """The kind of place that the text says it is: "the village of"."""
    title: bool = False
    """A word that makes it a person stands right before."""
    direct: bool = False
    """The locative stands right before the name: "in Gao"."""


class After(NamedTuple):
    """What the words after a name say."""

    word: str = ""
    """The next word in small letters; empty where something else than a word follows."""
    type_hint: Kind | None = None
    """"province" in "Kunduz province"."""
    country: str | None = None
    """ISO 3166-1 alpha-2, where that word is one country's own: "payam"."""
    facility: bool = False
    """The kind is one that has names of its own: a hotel, hospital, street."""
    event: bool = False
    """A noun follows that the name locates: "the Gao attack"."""
    speech: bool = False
    """A verb follows that governments and persons do."""
    organisation: bool = False
    """A word follows that makes the name part of a body's: "Times"."""
    hyphenated: bool = False
    """"-based", "-born": a hyphen and a small word follow."""


def before(text: str, start: int, previous_end: int) -> Before:
    """Read the words before `start`, none before `previous_end` (where the mention before it ends)."""
    lists = cues()
    floor = start - BEFORE
    if floor < previous_end:
        floor = previous_end
    words = text[floor:start].rsplit(maxsplit=_MOST_WORDS)[-_MOST_WORDS:]
    words.reverse()
    type_of: Kind | None = None
    beside, following = False, ""
    for at, raw in enumerate(words):
        word = raw.strip(_STRIPPED)
        low = word.lower()
        if low in _BESIDE:
            beside = True
            if at + 1 < len(words) and words[at + 1].lower() == "from":
                continue
        if low in _JOINS or (at == 0 and raw.endswith("-")):
            return Before("bare", True, type_of)
        if low.endswith(","):
            return (
                Before("bare", True, type_of)
                if at == 0 and low != "," and previous_end >= start - BEFORE
                else Before("bare", False, type_of)
            )
        if at == 0 and low.rstrip(".") in lists.titles:
            return Before("bare", False, type_of, title=True)
        if low.endswith(_ENDS):
            return Before("bare", False, type_of)
        if low in ("from", "to", "of"):
            following = words[at + 1].strip(_STRIPPED).lower() if at + 1 < len(words) else ""
        if low == "from":
            where = (following in lists.measures and not _far(text[floor:start])) or following in _TOLL
            role_from: Role = "at" if where else "nationality" if following in _HELPERS else "origin"
            return Before(role_from, False, type_of, direct=at == 0)
        if low == "since":
            # "awake since Tapachula", "the worst accident since Fukushima"
            return Before("origin", False, type_of, direct=at == 0)
        if low in ("towards", "toward"):
            # "thousands fled towards Gao"
            return Before("destination", False, type_of, direct=at == 0)
        if low == "for" and at + 1 < len(words) and words[at + 1].strip(_STRIPPED).lower() in _BOUND:
            return Before("destination", False, type_of, direct=at == 0)
        if low == "to":
            near = following in lists.nearness or following in lists.directions
            if not near and _MOVED.search(text, floor, start) is not None:
                # "the worst cases have been flown to Meknes", "bodies were sent by train to Patna"
                return Before("origin", False, type_of, direct=at == 0)
            return Before("at" if near else "destination", False, type_of, direct=at == 0)
        if low == "of":
            if type_of is None and at <= 2:
                type_of = lists.types.get(following)
            if _is_person(words, at + 1):
                # "Ian McBeth of Great Falls", "Paul Hudson, 42, of Buckeye"
                return Before("nationality", False, type_of)
            if following in lists.bodies_of and words[at + 1].strip(_STRIPPED)[:1].isupper() and word == low:
                # "the University of Nairobi"
                return Before("organisation", False, type_of)
            if following in lists.measures:
                # "north of Bentiu", "the outskirts of Gao"; not "325 km north of the capital, Lima"
                measured = previous_end > 0 and _MEASURED_FROM.match(text, previous_end, start) is not None
                return Before("origin" if measured or _far(text[floor:start]) else "at", False, type_of)
            if following in lists.modifiers or following in lists.types:
                continue
            if following in lists.events:
                return Before("at", False, type_of)
            return Before("organisation" if following in lists.bodies_of else "bare", False, type_of)
        if low in lists.locatives:
            # "In neighbouring Chad": what the sentence tells happened there, and nothing else did.
            role: Role = "destination" if beside else _locative_role(words, at)
            return Before(role, False, type_of, direct=at == 0)
        if low in lists.modifiers or low in lists.types or (word == low and "-" in word):
            continue
        return Before("bare", False, type_of)
    return Before("bare", floor == previous_end and previous_end > 0 and len(words) < _MOST_WORDS, type_of)


def _is_person(words: list[str], at: int) -> bool:
    """Whether a person's name, or the age after it, stands at a word; the words run backwards."""
    lists = cues()
    age = words[at].strip(_STRIPPED) if at < len(words) else ""
    if age.rstrip(",").isdigit() and len(age.rstrip(",")) == _DIGITS_OF_AGE and words[at].endswith(","):
        return True
    name = [word.strip(_STRIPPED).rstrip(",") for word in words[at : at + 2]]
    if len(name) < 2 or not all(word[:1].isupper() and word.isalpha() for word in name):
        return False
    return name[1].lower() in lists.given_names and name[0].lower() not in lists.types


def _far(words: str) -> bool:
    """Whether the words before a name measure from it a distance at which something is no more near it."""
    measured = _MEASURED.search(words)
    if measured is None:
        return False
    number = int(measured[1].replace(",", ""))
    return number >= (_FAR_KM if measured[2].lower().startswith("k") else _FAR_MILES)


def _is_at_home(earlier: list[str]) -> bool:
    """Whether "lives" or "based" right before "in" says where somebody is at home; the words run backwards.

    "The owner of the building lives in Sydney", "a company based in Dubai"; not "lost their lives in Gao".
    """
    word = earlier[0].lower()
    if word == "based":
        return True
    if word != "lives" or len(earlier) < 2:
        return False
    who = earlier[1].lower()
    owner = len(earlier) > 2 and earlier[2].lower() in ("the", "whose", "a", "his", "her")
    return who in _WHO_LIVES or (owner and who.isalpha() and who not in _NO_OWNERS)


def _locative_role(words: list[str], at: int) -> Role:
    """The role that a preposition gives: where it happened, where it was said, or part of a body's name."""
    lists = cues()
    earlier: list[str] = []
    first, reach = at + 1, 3
    if len(words) > first and words[first].lower().rstrip(",") in _WEEKDAYS:
        # "told reporters on Friday in Xyz"
        first, reach = first + (2 if words[first + 1 : first + 2] == ["on"] else 1), 1
    for word in words[first : first + reach]:
        if word.rstrip("\"')]").endswith(_ENDS) and len(word) > _ABBREVIATION:
            # "..., he said on Monday. In Quetta, a bomb": another sentence.
            break
        earlier.append(word.strip(_STRIPPED))
    if earlier and (earlier[0].lower() in _HOME or _is_at_home(earlier) or _CAUGHT.intersection(earlier)):
        # "a pilot who lived in Navarre", "born in Gao"
        return "origin"
    if words[at].lower() in ("in", "at", "on") and earlier:
        if (
            earlier[0][:1].isupper()
            and earlier[0].lower() in lists.bodies_of - _LOCATED_BODIES
            and not words[at].isupper()
        ):
            return "organisation"
        if any(word.lower().rstrip(",") in lists.reporting for word in earlier):
            return "dateline"
    return "at"


@lru_cache(maxsize=4)
def after(text: str, end: int) -> After:
    """Read the words after `end`; of one name they are asked for several times in a row."""
    lists = cues()
    match = _NEXT.match(text, end)
    if match is None:  # the pattern matches the empty string; this is for the type checker
        return After()
    possessive, hyphen, first, second, third = match.groups("")
    word = first.lower()
    if hyphen:
        return After(hyphenated=first == word)
    if possessive:
        return After(word)
    second, third = second.lower(), third.lower()
    hint: Kind | None = None
    country: str | None = None
    facility = False
    following = word
    types = lists.types
    if word in lists.type_openings:
        for phrase, rest in ((f"{word} {second} {third}", ""), (f"{word} {second}", third), (word, second)):
            hint = types.get(phrase)
            if hint is not None:
                country = lists.type_countries.get(phrase)
                # A refugee camp is called after the place where it is; a hotel or an army camp may be after anybody.
                facility, following = hint == "site" and phrase.rsplit(" ", 1)[-1] in lists.facilities, rest
                break
    return After(
        word,
        hint,
        country,
        facility,
        event=following in lists.events or word in lists.events or (word in _HIT and second in lists.events),
        speech=hint is None and word in lists.speech,
        organisation=word in lists.organisations and first != word,
    )


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the dateline ends that the name `text[start:end]` opens; 0 where it opens none.

    "BAMAKO, June 2 (Agency) - ...", "KABUL: ...", "SAN SALVADOR, 3 JAN 90 (STATION) -- ...".
    """
    floor = start - 80 if start > 80 else 0
    line = text.rfind("\n", floor, start) + 1
    if line < floor:
        if text[start - 2].isalnum():
            return 0
        line = floor
    head = text[line:start]
    first = _TWO_CITIES.fullmatch(head) is None
    if first and head.strip(" \t\u00a0\"'“(*") and not (len(head) < 60 and head.rstrip().endswith((")", "]"))):
        return 0
    capitals = text[start:end].isupper()
    if capitals and _ALONE.match(text, end) is not None and not head.strip():
        # "ROME" on a line by itself, above the name of an agency
        return end
    if start > 600 and not capitals:
        return 0
    match = _DATELINE.match(text, end, end + 160)
    # Without capitals, "Mali: ..." and "Gao - ..." may as well be a heading or a dash in the sentence.
    if match is None or not (capitals or "(" in match[0] or not match[0].rstrip().endswith(":")):
        return match.end() if match is not None and _opens_the_body(text, line, match.end()) else 0
    return match.end()


def _opens_the_body(text: str, line: int, end: int) -> bool:
    """Whether "Lagos: ..." stands at the head of a text that has a title before it, and no other line begins so."""
    head = text[:line]
    titled = head.endswith("\n\n") and bool(head.strip()) and "\n" not in head.strip()
    return titled and text[end : end + 2].strip() != "" and _HEADED.search(text, end) is None


def strikes_abroad(text: str, end: int, country: str | None) -> bool:
    """Whether a people's name that ends at `end` says who struck from the air: "a Russian airstrike", "US drones"."""
    lists = cues()
    return country is not None and country.lower() in lists.abroad and after(text, end).word in lists.strikes


def country_role(text: str, start: int, end: int, short: bool) -> Role | None:
    """What stands beside a country's name makes of it where it is like an adjective: "the U.S. embassy"; None: nothing.

    `short` tells that the name is an abbreviation, which English uses for the people's name.
    """
    left = text[max(0, start - 60) : start]
    opened = left.rfind("(")
    if (opened >= 0 and ")" not in left[opened:] and _FOREIGN.search(left)) or (short and _COUNTED.search(left)):
        # "two international (New Zealand) staff", "6 US, 1 Briton"
        return "nationality"
    word = after(text, end).word
    lists = cues()
    if word in ("border", "frontier") and _BORDER_WITH.match(text, end) is not None:
        # "near Nepal's border with China": in Nepal
        return "at" if before(text, start, 0).role == "at" else "bare"
    if word in ("embassy", "ambassador", "consulate", "diplomat", "diplomats", "delegation", "border", "frontier"):
        return "nationality"
    if _WITH_BORDER.search(left) is not None or (_NEAR.search(left) is not None and not _LIES_IN.match(text, end)):
        # "killed near Mali" was not in Mali; "near Liberia in Costa Rica" was near a town.
        return "nationality"
    if not short and before(text, start, 0).role != "bare":
        # "in northern Nigeria police said"
        return None
    if word in lists.expatriates:
        return "nationality"
    return "demonym" if word in lists.state_nouns else None


def demonym_role(text: str, start: int, end: int) -> Role:
    """Whether a people's name stands for the country's state and land, or only says where somebody is from."""
    lists = cues()
    if _NATIONAL.match(text, end):
        # "Afghan National Police": part of the state, unlike "an Afghan national"
        return "demonym"
    joined = _AND_ANOTHER.match(text, end)
    if after(text, joined.end() if joined is not None else end).word in lists.expatriates:
        # "an Algerian and a Senegalese delegation"
        return "nationality"
    if after(text, end).word in _HAZARDS:
        # "died fighting an Australian bushfire"
        return "at"
    left = text[max(0, start - 60) : start]
    opened = left.rfind("(")
    if (opened >= 0 and ")" not in left[opened:]) or _SOME_OF_THEM.search(left) is not None:
        return "nationality"
    return "demonym"
