"""Find every mention of a place in a text, with what it can mean and what the words around make of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.processor.extraction.places import besides, contexts, neighbours, scan
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.contexts import After, Before
from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.places.model import Kind, Location, PlaceMention, Role
from services.processor.extraction.places.neighbours import WELL_KNOWN
from services.processor.extraction.places.pairs import paired
from services.processor.extraction.places.scan import Name, Run
from services.processor.extraction.places.unknown import unknown_places, unnamed
from services.processor.extraction.text import ascii_cases

_SAMPLE = 2_000
"""Code points by which a text is judged to be in capitals throughout."""
_ABBREVIATION = re.compile(
    r",[ \u00a0\n]{1,3}(W\. ?V[Aa]\.|[A-Z]\. ?[A-Z]\.|[A-Z][a-z]{1,4}\.|[A-Z]{3,5}\.|[A-Z]{2,3}\b|Qld\b)"
)

_PLAIN = 4.5
"""Prior (about 30,000 people) below which a name in no telling position may be a surname as well."""
_COMMON_TOWN = 4.7
"""Prior (about 50,000 people) from which "in Nice" may be a place though the word is also a common one."""
_LARGE = 5.0
_LIST_GAP = 40
"""Code points between two names of one list or chain."""
_AS_PERSON = 5.3
"""Prior (200,000 people) from which "in Jordan", "in Austin" is a place though the word is also a person's name."""
_LONGEST_ACRONYM = 6
_DOUBTFUL = frozenset(["car", "kp", "loc", "rsa", "prc", "opt", "frg", "gdr"])
"""Abbreviations that mean other things as often as places: taken where the article speaks of the country anyway."""
_STATES = frozenset(["state", "province", "governorate", "county", "prefecture"])
"""Words after which even a common word is a division: "Unity state"."""
_OCEANS = frozenset(["atlantic", "pacific", "caribbean"])
_SHORES = frozenset(["coast", "port", "resort", "shore", "seaboard", "city", "side", "town", "slope", "lowlands"])
"""Words that make the name of an ocean say on which side of a country something is: "the Atlantic port of"."""
_STATE_OFFICES = frozenset(["governor", "governorship", "lieutenant", "provincial"])
_NAMED_STATES = (" state", " province", " county")
_ONLY_IN_PAIRS: Role = "implied"
"""Stand-in for the role of a word that is a place only if its container follows ("March, Cambridgeshire")."""


_SAID_BY = re.compile(r"\b(?:said|says|told|added|according to)\s\Z")
_TAGGED = re.compile(r" (?:reported|confirmed|said|says|announced|stated|informed|added)(?:[.;]|\Z|\n)")
_ENVOY = re.compile(r"\b(?:consul|consul-general|ambassador|envoy|correspondent)\s(?:general\s)?(?:in|at)\s\Z")
_HEIGHTS = re.compile(r"[ \u00a0](?:Mountains?|Hills|Ranges?|Glacier|Canyon|Peaks?)\b")
_HOSPITAL_IN = re.compile(
    r"(?: [A-Z][\w']+){0,3} (?:Hospital|Clinic|Medical Cent(?:er|re)|Infirmary)(?:,| in| at| near) (?=[A-Z])"
)
"""A hospital's name that says afterwards in which town it is: no town of its own name is meant."""
_SAINTS_HOSPITAL = re.compile(
    r"(?:La|Las|Los|El|San|Santa|Santo|S\xe3o|Saint|Sainte|St\.?|Our) (?:[A-Z][\w'-]+ ){1,2}"
    r"(?:[Hh]ospital|[Cc]linic)\b(?! (?:in|at|of)\b)"
)
"""Hospitals are named after saints and devotions, as towns are."""
_HELD_BY = re.compile(r"\b(?:in|at|near|on|of) (?:the )?(?:[A-Z][\w'-]+ ){1,4}\(\Z")
"""Before a division in brackets: the place that lies in it, "in the Grosses Walsertal (Vorarlberg)"."""
_FIRMS = frozenset(
    ("company", "firm", "holding", "conglomerate", "contractor", "operator", "developer", "manufacturer")
)
"""After a town they say where somebody is at home who had a hand in it."""
_LAND = frozenset(("river", "desert"))
"""Words that make a name before them that of a part of the land, which may lie far from the town of that name."""
_CAPITAL = re.compile(r"[ \u00a0][A-Z]")
_SAYS = re.compile(r"\s(?:said|says|told|added)\b|,\s(?:a|an|the|who)\s")


@dataclass(slots=True)
class _Reading:
    """What has been read of a text so far."""

    text: str
    capitals: bool
    """The whole text is in capitals."""
    mentions: list[PlaceMention] = field(default_factory=list)
    persons: set[str] = field(default_factory=set)
    """Surnames, folded, of persons whom the text names in full, as far as they are also names of places."""
    dateline_to: int = 0
    """Where the last dateline ends."""

    last: PlaceMention | None = None
    """The last mention that does not wait for a container to be one."""

    @property
    def last_end(self) -> int:
        """Where the last mention ends; 0 before the first."""
        return self.last.end if self.last else 0

    def add(self, mention: PlaceMention) -> None:
        """Take `mention` as the next."""
        self.mentions.append(mention)
        if mention.certain or mention.role != _ONLY_IN_PAIRS:
            self.last = mention


def find_places(text: str) -> list[PlaceMention]:
    """Mentions of places in `text`, in order, not overlapping. Offsets count code points of `text` as given.

    Takes any text, in time linear in its length, and raises nothing.
    """
    upper, lower, _ = ascii_cases(text[:_SAMPLE])
    capitals = lower * 10 < upper
    reading = _Reading(text, capitals)
    for offset, run in scan.runs(text):
        _read_run(reading, offset, run)
    return [mention for mention in paired(text, reading.mentions) if _stands(mention, reading.persons)]


def _stands(mention: PlaceMention, persons: set[str]) -> bool:
    """Whether a mention is still one of a place when the whole text has been read.

    It is not where it is a common word without a container, or the surname of somebody whom the text names in full.
    """
    if mention.role == _ONLY_IN_PAIRS and not mention.certain:
        return False
    if mention.within is None and mention.hint is None and persons and fold(mention.text) in persons:
        best = mention.candidates[0]
        return best.kind == "country" or (mention.role in ("at", "dateline") and best.prior >= WELL_KNOWN)
    return True


def _read_run(reading: _Reading, offset: int, run: Run) -> None:
    """Add the mentions of one run."""
    covered = 0
    for name in run.names:
        if name.first > covered:
            _add_unknown(reading, offset, run, covered, name.first)
        mention = _mention(reading, offset, run, name)
        if mention is not None:
            reading.add(mention)
            short = _abbreviation(reading.text, mention)
            if short is not None:
                reading.add(short)
        elif name.kind == "place" and not (name.first == 0 and name.last == len(run.words)):
            # not a place by itself, but maybe the beginning of an unknown name
            continue
        covered = name.last
    if covered < len(run.words):
        _add_unknown(reading, offset, run, covered, len(run.words))


def _add_unknown(reading: _Reading, offset: int, run: Run, first: int, last: int) -> None:
    if True not in run.telling[first:last]:
        return
    if first == 0 and (filed := _unknown_dateline(reading, offset, run, last)) is not None:
        for mention in filed:
            reading.add(mention)
        return
    for mention in unknown_places(reading.text, offset, run, first, last, reading.capitals, reading.last):
        reading.add(mention)


def _unknown_dateline(reading: _Reading, offset: int, run: Run, last: int) -> Sequence[PlaceMention] | None:
    """The town of a dateline that no lexicon has, and the state by which it is known for one: "NAOMA, W.Va. - ..."."""
    text, start, end = reading.text, offset + run.starts[0], offset + run.ends[last - 1]
    if last < len(run.words) and text[end : end + 1] != ",":
        return None
    if reading.capitals or not text[start:end].isupper() or _ABBREVIATION.match(text, end) is None:
        return None
    dateline_to = contexts.dateline_end(text, start, end)
    town = PlaceMention(start, end, text[start:end], (unnamed(text[start:end], None),), "dateline")
    state = _abbreviation(text, town) if dateline_to else None
    if state is None:
        return None
    reading.dateline_to = dateline_to
    return town, state


def _mention(reading: _Reading, offset: int, run: Run, name: Name) -> PlaceMention | None:
    """The mention that one name of the lexicons makes; None where it names no place."""
    text, capitals = reading.text, reading.capitals
    start, end = offset + run.starts[name.first], offset + run.ends[name.last - 1]
    words = text[start:end]
    if name.kind == "shield" or (words.startswith(("St. ", "St ", "Saint ")) and text[end : end + 2] in ("'s", "’s")):
        # "St. Stephen's Church" is called after a saint
        return None
    if name.kind == "implied":
        if len(words) <= 4 and not words.isupper():
            return None
        return PlaceMention(start, end, words, (gazetteer().lookup_country(name.value),), "implied")
    lists = cues()
    short = name.value in lists.acronyms
    if short and (not words.isupper() or (capitals and "." not in words and name.value != "usa")):
        return None
    single = name.last - name.first == 1
    if capitals and single and name.value in lists.common_words and not _may_be_pair(text, start, end):
        return None
    candidates, demonym = gazetteer().lookup(name.value)
    if start < reading.dateline_to:
        return _in_dateline(reading, start, end, candidates)
    best = candidates[0]
    if (demonym or short) and contexts.strikes_abroad(text, end, best.country):
        return PlaceMention(start, end, words, candidates, "nationality")
    if demonym:
        return PlaceMention(start, end, words, candidates, contexts.demonym_role(text, start, end))
    if best.kind == "country" and (role := contexts.country_role(text, start, end, short)) is not None:
        if role in ("at", "bare") and besides.told_aside(text, start):
            role = "origin"
        return PlaceMention(start, end, words, candidates, role)
    if short and name.value in _DOUBTFUL:
        return PlaceMention(start, end, words, candidates, "bare", certain=False)
    left = contexts.before(text, start, reading.last_end)
    if (best.kind != "country" or name.value in lists.given_names) and neighbours.person(run, name, left.title):
        if single:
            reading.persons.add(name.value)
        return None
    if best.kind != "country" and single and neighbours.of_family(text, start):
        return None
    if best.kind != "country" and _HOSPITAL_IN.match(text, end) is not None:
        # "Miami Valley Hospital in Dayton"
        return None
    if best.kind != "country" and best.prior < _PLAIN and _SAINTS_HOSPITAL.match(text, start) is not None:
        # "at La Margarita hospital": not the small town of that name, unlike "the Las Anod General Hospital".
        return None
    if best.kind != "country" and _HEIGHTS.match(text, end) is not None:
        # "the Mackenzie Mountains" may lie far from the town of that name.
        return None
    road = besides.on_a_road(text, start, end, offset + run.ends[-1])
    if not road and neighbours.part_of_longer_name(run, name, best):
        if single and name.first and name.last == len(run.words):
            first = offset + run.starts[0]
            if _SAID_BY.search(text, max(0, first - 14), first) or _SAYS.match(text, end):
                # "said Gambo Isa, a spokesman": later "Isa" is he.
                reading.persons.add(name.value)
        return None
    right = After() if road else contexts.after(text, end)
    if besides.names_street(text, start, end):
        return None
    if name.value in _OCEANS and right.word in _SHORES:
        return None
    role = _role(reading, start, end, best, left, right)
    if role in ("at", "bare") and besides.on_a_line(text, start, end, offset + run.ends[-1]):
        # "derailed near Xyz": there, and at neither end of the line
        role = "origin"
    if road and role == "at":
        # "on the Quetta-Taftan highway": somewhere between them.
        role = "destination"
    if single and not capitals and role != "dateline" and _is_acronym(words, best):
        return None
    hint = right.type_hint or left.type_of
    if right.facility and best.kind in ("country", "division"):
        # "a Florida school": the state, and no school of that name
        hint = left.type_of
    if hint is None and right.word in _STATE_OFFICES and _has_kind(candidates, "division"):
        # "Georgia's governor", "the Leyte Provincial Office": countries have none.
        hint = "division"
    if hint == "division" and right.word == "region" and any(_is_wide(place) for place in candidates):
        # "the Sahel region" is that of several countries unless the article is about the one that has such a division.
        hint = "region"
    if best.kind == "division" and text[end : end + 1] == ")" and _HELD_BY.search(text, max(0, start - 80), start):
        role, hint = "at", hint or "division"
    common = best.kind != "country" and all(word in lists.common_words for word in run.words[name.first : name.last])
    if common and (capitals or name.value in lists.never) and not (hint and _has_kind(candidates, hint)):
        return PlaceMention(start, end, words, candidates, _ONLY_IN_PAIRS, hint=hint, certain=False)
    certain = _is_certain(name, best, role, common, hint, right.facility, capitals, len(candidates) == 1)
    if (
        common
        and (right.word in _STATES or name.value.endswith(_NAMED_STATES))
        and not capitals
        and _has_kind(candidates, "division")
    ):
        # "the northern Shan state", "Unity State"
        certain = True
    if common and not certain and role == "nationality":
        return None
    if common and not certain and hint is None and (role != "at" or best.prior < _COMMON_TOWN):
        role = _ONLY_IN_PAIRS
    return PlaceMention(start, end, words, candidates, role, hint=hint, hint_country=right.country, certain=certain)


def _in_dateline(reading: _Reading, start: int, end: int, candidates: tuple[Location, ...]) -> PlaceMention | None:
    """A country or division after the name that opens a dateline; None for what else stands in one (a station)."""
    gap = reading.text[reading.last_end : start].strip()
    if gap not in (",", "(") or candidates[0].kind not in ("country", "division"):
        return None
    return PlaceMention(start, end, reading.text[start:end], candidates, "dateline")


def _may_be_pair(text: str, start: int, end: int) -> bool:
    """Whether a comma follows, or "of" stands before: the least that makes a common word in capitals a place."""
    return text[end : end + 1] in (",", "(") or text[max(0, start - 3) : start].upper() == "OF "


def _is_acronym(words: str, best: Location) -> bool:
    """Whether a name in capitals amid other text is rather an abbreviation (INGO) than a small town (Ingo)."""
    return len(words) <= _LONGEST_ACRONYM and words.isupper() and best.kind != "country" and best.prior < _LARGE


def _is_wide(place: Location) -> bool:
    """Whether a place is a part of the world that several countries share."""
    return place.kind == "region" and place.country is None


def _has_kind(candidates: tuple[Location, ...], hint: Kind) -> bool:
    return any(place.kind == hint for place in candidates)


def _role(reading: _Reading, start: int, end: int, best: Location, left: Before, right: After) -> Role:
    dateline_to = contexts.dateline_end(reading.text, start, end)
    if dateline_to:
        reading.dateline_to = dateline_to
        return "dateline"
    if right.organisation:
        return "organisation"
    if right.hyphenated:
        return "origin"
    if reading.text[max(0, start - 2) : start] == ", " and _TAGGED.match(reading.text, end) is not None:
        # "..., Sedes reported.": whoever says so at the end of a sentence, a body or a city that stands for one.
        return "government"
    role = left.role
    if left.joined and reading.last is not None and start - reading.last_end <= _LIST_GAP:
        before = reading.last.role
        role = before if before in ("at", "dateline", "origin", "destination") else "bare"
    if role == "destination" and reading.text.startswith((", where ", " where "), end):
        # "came to Spain, where 12 died"
        return "at"
    if role == "at" and right.speech and _ENVOY.search(reading.text, max(0, start - 30), start) is not None:
        # "the consul in Vigo told": where he is.
        return "origin"
    if right.word in _LAND and best.kind != "country" and _CAPITAL.match(reading.text, end) is not None:
        # "the Mackenzie Mountains" are no town.
        return "organisation"
    if role == "bare" and right.speech and (best.kind == "country" or best.prior >= 6.0):
        return "government"
    if role == "bare" and right.event:
        return "at"
    if role == "bare" and right.word in _FIRMS:
        # "its owner, a Memphis holding company"
        return "nationality"
    if role in ("at", "bare") and (besides.felt_there(reading.text, start) or besides.told_aside(reading.text, start)):
        # "The quake was also felt in Georgia": it struck elsewhere.
        return "origin"
    if role == "at" and besides.set_out_there(reading.text, start):
        # "They had checked in at Lomé": the plane fell elsewhere.
        return "origin"
    if role == "at" and besides.treated_there(reading.text, start, end):
        # As the place that somebody comes from: nothing happened there. It is near, where one of the hurt died there.
        return "destination" if besides.died_later_there(reading.text, start) else "origin"
    if role == "at" and besides.speaks_from_there(reading.text[max(0, start - contexts.BEFORE) : start]):
        # "says the commander at Kidal": near, and not there.
        return "destination"
    return role


def _is_certain(
    name: Name, best: Location, role: Role, common: bool, hint: Kind | None, facility: bool, capitals: bool, only: bool
) -> bool:
    """Whether the words alone show that this place is meant, whatever the rest of the article says."""
    if best.kind == "country":
        return True
    single = name.last - name.first == 1
    if common:
        # Nobody but Canada has Northwest Territories; many countries have a Northern Province.
        alone = only and not capitals and best.kind == "division" and role == "at"
        return not single and (best.prior >= _LARGE or alone)
    if facility:
        return best.prior >= WELL_KNOWN
    if hint is not None:
        return True
    if single and name.value in cues().given_names:
        return role in ("at", "dateline") and best.prior >= _AS_PERSON
    if single and name.value in cues().surnames:
        return role in ("at", "dateline") and best.prior >= _COMMON_TOWN
    if role == "dateline":
        return True
    if role in ("at", "destination", "origin"):
        return not capitals or best.prior >= _LARGE or not single
    return best.prior >= (WELL_KNOWN if capitals else _PLAIN)


def _abbreviation(text: str, mention: PlaceMention) -> PlaceMention | None:
    """The division in "Springfield, Ill.", where one follows the mention of a settlement."""
    if text[mention.end : mention.end + 1] != "," or mention.role in ("demonym", "nationality"):
        return None
    match = _ABBREVIATION.match(text, mention.end)
    if match is None:
        return None
    only: Location | None = None
    forms = (match[1], match[1].replace(" ", ""), match[1].title()) if match[1].endswith(".") else (match[1],)
    for form in forms:
        for country, division in cues().abbreviations.get(form, ()):
            for place in gazetteer().lookup(division)[0]:
                if place.kind == "division" and place.country == country:
                    if any(holds(place, inner) for inner in mention.candidates):
                        return PlaceMention(match.start(1), match.end(1), match[1], (place,), mention.role)
                    if form.endswith(".") and any(inner.country in (country, None) for inner in mention.candidates):
                        # "Rockford, Wash.": a town that the gazetteer does not have
                        only = only or place
                    break
    return PlaceMention(match.start(1), match.end(1), match[1], (only,), mention.role) if only is not None else None
