"""Find every mention of a place in a text, with what it can mean and what the words around make of it."""

from __future__ import annotations

import re
from dataclasses import replace

from schemas import PlacePrecision
from services.processor.extraction.places import contexts, scan
from services.processor.extraction.places.contexts import After, Before
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.places.model import Kind, Location, PlaceMention, Role
from services.processor.extraction.places.scan import Name, Run

_LOWER = re.compile(r"[a-z]")
_UPPER = re.compile(r"[A-Z]")
_PAIR_TOKENS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_ABBREVIATION = re.compile(r"(?:W\. ?Va\.|[A-Z]\. ?[A-Z]\.|[A-Z][a-z]{1,4}\.|[A-Z]{2,3}\b|Qld\b|Ore\b)")
_PARTICLES = frozenset(
    "de del la las los el al as ar ash ad an at az es e i of and the du des do da dos das di sur sous le les bin y na o en et".split()
)

_PLAIN = 4.5
"""Prior (about 30,000 people) below which a name in no telling position may be a surname as well."""
_COMMON_TOWN = 4.7
"""Prior (about 50,000 people) from which "in Nice" may be a place though the word is also a common one."""
_ONLY_IN_PAIRS: Role = "implied"
"""Stand-in for the role of a common word until it is known whether its container follows ("March, Cambridgeshire")."""
_WELL_KNOWN = 5.5
"""Prior from which a name stands for the place even beside words that are not understood."""


def find_places(text: str) -> list[PlaceMention]:
    """Mentions of places in `text`, in order, not overlapping. Offsets count code points of `text` as given.

    Takes any text, in time linear in its length, and raises nothing.
    """
    capitals = len(_LOWER.findall(text, 0, 20_000)) * 10 < len(_UPPER.findall(text, 0, 20_000))
    mentions: list[PlaceMention] = []
    for offset, run in scan.runs(text):
        _read_run(text, offset, run, capitals, mentions)
    return _paired(text, mentions)


def _read_run(text: str, offset: int, run: Run, capitals: bool, mentions: list[PlaceMention]) -> None:
    """Append the mentions of one run to `mentions`."""
    covered = 0
    for name in run.names:
        if not capitals:
            _unknown(text, offset, run, covered, name.first, capitals, mentions)
        start, end = offset + run.starts[name.first], offset + run.ends[name.last - 1]
        mention = _mention(text, start, end, run, name, capitals, mentions)
        if mention is None and not capitals and name.kind == "place":
            continue
        covered = name.last
        if mention is not None:
            mentions.append(mention)
            short = _abbreviation(text, mention)
            if short is not None:
                mentions.append(short)
    _unknown(text, offset, run, covered, len(run.words), capitals, mentions)


def _mention(
    text: str, start: int, end: int, run: Run, name: Name, capitals: bool, mentions: list[PlaceMention]
) -> PlaceMention | None:
    """The mention that one name of the lexicons makes; None where it names no place."""
    words = text[start:end]
    if name.kind == "shield":
        return None
    if name.kind == "implied":
        if len(name.value) and len(words) <= 4 and not words.isupper():
            return None
        country = gazetteer().lookup_country(name.value)
        return PlaceMention(start, end, words, (country,), "implied")
    lists = cues()
    if name.value in lists.acronyms and (
        not words.isupper() or (capitals and "." not in words and name.value != "usa")
    ):
        return None
    candidates, demonym = gazetteer().lookup(name.value)
    previous = mentions[-1].end if mentions else 0
    left = contexts.before(text, start, previous)
    right = contexts.after(text, end)
    if demonym:
        return PlaceMention(start, end, words, candidates, "demonym")
    best = candidates[0]
    if best.kind != "country" and _is_person(run, name, best, left, capitals):
        return None
    role = _role(text, start, end, best, left, right, mentions)
    hint = right.type_hint or left.type_of
    common = best.kind != "country" and all(word in lists.common_words for word in run.words[name.first : name.last])
    certain = _is_certain(run, name, best, role, common, hint is not None, capitals)
    if common and not certain and (name.value in lists.months or capitals or role != "at" or best.prior < _COMMON_TOWN):
        role = _ONLY_IN_PAIRS
    return PlaceMention(start, end, words, _by_hint(candidates, hint), role, hint=hint, certain=certain)


def _is_person(run: Run, name: Name, best: Location, left: Before, capitals: bool) -> bool:
    """Whether the words right beside a name make it a person's, or part of some longer name that no lexicon has."""
    lists = cues()
    first = name.first
    beside_before = (
        run.words[first - 1] if first and not run.breaks[first - 1] and not run.possessive[first - 1] else ""
    )
    stop = name.last - 1
    beside_after = (
        run.words[name.last] if name.last < len(run.words) and not (run.breaks[stop] or run.possessive[stop]) else ""
    )
    if beside_before in lists.titles or (left.title and not capitals):
        return True
    if capitals:
        return beside_before in lists.given_names and name.last - first == 1 and best.prior < _WELL_KNOWN
    if len(beside_before) == 1 and beside_before.isalpha() and beside_before not in ("e", "y", "o", "i"):
        return True
    covered = {index for other in run.names for index in range(other.first, other.last)}
    if beside_before in lists.given_names and first - 1 not in covered and name.last - first == 1:
        return True
    unknown_after = (
        beside_after
        and beside_after not in lists.common_words
        and name.last not in covered
        and beside_after not in _PARTICLES
    )
    if name.value in lists.given_names and unknown_after:
        return True
    unknown_before = (
        beside_before
        and beside_before not in lists.common_words
        and first - 1 not in covered
        and beside_before not in _PARTICLES
    )
    return bool(unknown_after or unknown_before) and best.prior < _WELL_KNOWN


def _role(
    text: str, start: int, end: int, best: Location, left: Before, right: After, mentions: list[PlaceMention]
) -> Role:
    if contexts.is_dateline(text, start, end):
        return "dateline"
    if right.organisation:
        return "organisation"
    if right.hyphenated:
        return "origin"
    role = left.role
    if left.joined and mentions and start - mentions[-1].end <= 40:
        before = mentions[-1].role
        role = before if before in ("at", "dateline", "origin", "destination") else "bare"
    if role == "bare" and right.speech and (best.kind == "country" or best.prior >= 6.0):
        return "government"
    if role == "bare" and right.event:
        return "at"
    return role


def _is_certain(run: Run, name: Name, best: Location, role: Role, common: bool, hinted: bool, capitals: bool) -> bool:
    """Whether the words alone show that a place is meant, whatever the rest of the article says."""
    if best.kind == "country":
        return True
    if hinted:
        return True
    if common:
        return name.last - name.first > 1 and best.prior >= 5.0
    single = name.last - name.first == 1
    if single and name.value in cues().given_names:
        return role in ("at", "dateline") and best.prior >= 5.3
    if single and len(name.value) <= 3:
        return role in ("at", "dateline") and best.prior >= 5.0
    if role in ("at", "dateline"):
        return not capitals or best.prior >= _PLAIN or not single
    return best.prior >= (_WELL_KNOWN if capitals else _PLAIN)


def _by_hint(candidates: tuple[Location, ...], hint: Kind | None) -> tuple[Location, ...]:
    """The candidates with those of the kind that the text says first; the order is otherwise kept."""
    if hint is None or len(candidates) == 1:
        return candidates
    wanted: tuple[Kind, ...] = {
        "division": ("division", "district"),
        "district": ("district", "division"),
        "settlement": ("settlement",),
        "site": ("site", "settlement", "region"),
    }.get(hint, ())  # type: ignore[assignment]
    return tuple(
        sorted(candidates, key=lambda found: wanted.index(found.kind) if found.kind in wanted else len(wanted))
    )


def _abbreviation(text: str, mention: PlaceMention) -> PlaceMention | None:
    """The division in "Springfield, Ill.", where one follows the mention of a settlement."""
    if text[mention.end : mention.end + 1] != "," or mention.role in ("demonym", "implied"):
        return None
    at = mention.end + 1
    while at < len(text) and text[at] in " \u00a0\n" and at < mention.end + 4:
        at += 1
    match = _ABBREVIATION.match(text, at)
    if match is None:
        return None
    for form in (match[0], match[0].replace(" ", "")):
        for country, division in cues().abbreviations.get(form, ()):
            found = [
                place
                for place in gazetteer().lookup(division)[0]
                if place.kind == "division" and place.country == country
            ]
            if found and any(holds(found[0], place) for place in mention.candidates):
                return PlaceMention(at, match.end(), match[0], (found[0],), mention.role)
    return None


def _unknown(
    text: str, offset: int, run: Run, first: int, last: int, capitals: bool, mentions: list[PlaceMention]
) -> None:
    """Append mentions of names that no lexicon has, among the run's words `first` to `last`.

    "the village of Xyz", "Xyz village", "in Xyz": the words around must say that it is a place.
    """
    at = first
    while at < last:
        stop = at
        while stop < last and stop - at < 5:
            stop += 1
            if run.breaks[stop - 1] or run.possessive[stop - 1]:
                break
            if stop < last and run.words[stop] in ("and", "of", "the"):
                break
        _unknown_segment(text, offset, run, at, stop, capitals, mentions)
        at = stop


def _unknown_segment(
    text: str, offset: int, run: Run, first: int, last: int, capitals: bool, mentions: list[PlaceMention]
) -> None:
    lists = cues()
    words = run.words
    hint: Kind | None = None
    # "Xyz Village": the word for its kind, in the run itself
    if last - first >= 2 and words[last - 1] in lists.types and words[last - 1] in lists.common_words:
        hint = lists.types[words[last - 1]]
        last -= 1
    while (
        first < last
        and (words[first] in lists.common_words or words[first] in _PARTICLES)
        and words[first] not in ("el", "la", "al", "san", "santa", "los", "las")
    ):
        first += 1
    while first < last and (words[last - 1] in lists.common_words or words[last - 1] in _PARTICLES):
        last -= 1
    if first >= last or not all(words[first:last]) or all(word in lists.common_words for word in words[first:last]):
        return
    start, end = offset + run.starts[first], offset + run.ends[last - 1]
    name = text[start:end]
    if len(name) < 3 or (not capitals and name.isupper() and len(name) <= 5):
        return
    previous = mentions[-1].end if mentions else 0
    if start < previous:
        return
    left = contexts.before(text, start, previous)
    right = contexts.after(text, end)
    if left.title or any(word in lists.titles for word in words[first:last]):
        return
    hint = hint or right.type_hint or left.type_of
    person = any(word in lists.given_names for word in words[first:last])
    if left.type_of is None and (person or right.organisation):
        return
    if hint is None and not (left.direct and left.role == "at" and not capitals):
        return
    role = left.role
    if left.joined and mentions and start - mentions[-1].end <= 40:
        role = mentions[-1].role if mentions[-1].role in ("at", "origin", "destination") else "bare"
    if role == "bare" and right.event:
        role = "at"
    place = Location(
        name=" ".join(name.split()),
        country=None,
        admin1=None,
        admin1_code=None,
        geonames_id=None,
        lat=None,
        lon=None,
        precision=PlacePrecision.COUNTRY,
        population=0,
        kind=hint or "settlement",
        known=False,
    )
    mentions.append(PlaceMention(start, end, name, (place,), role, hint=hint, certain=hint is not None))


def _paired(text: str, mentions: list[PlaceMention]) -> list[PlaceMention]:
    """The mentions with `within` set where the text puts one inside the next ("Gao, Mali") or the one before ("Mali's Gao")."""
    result = list(mentions)
    for index in range(len(result) - 1):
        one, other = result[index], result[index + 1]
        if other.start - one.end > 60 or "demonym" in (one.role, other.role) or _is_common(other):
            continue
        if _is_cue(one) or _is_cue(other):
            continue
        gap = text[one.end : other.start]
        if _reads_as_inside(gap) and _can_hold(other, one):
            result[index] = replace(one, within=other.start, certain=True, role=_pair_role(one))
            if other.role == "bare":
                result[index + 1] = replace(other, role=_pair_role(one))
        elif gap[:1] in "'’" and _reads_as_owning(gap) and _can_hold(one, other):
            result[index + 1] = replace(other, within=one.start, certain=True)
            if other.role == "bare" and one.role == "at":
                result[index + 1] = replace(result[index + 1], role="at")
    return [mention for mention in result if not _is_common(mention)]


def _is_cue(mention: PlaceMention) -> bool:
    """Whether the mention names a group or force rather than a place."""
    return mention.role == "implied" and mention.certain


def _is_common(mention: PlaceMention) -> bool:
    """Whether the mention is a common word that nothing has shown to be a place."""
    return mention.role == _ONLY_IN_PAIRS and not mention.certain


def _pair_role(mention: PlaceMention) -> Role:
    """A name with its container spelled out is where something is, if nothing else is known of it."""
    return "at" if mention.role in ("bare", "government", "implied") else mention.role


def _reads_as_inside(gap: str) -> bool:
    tokens = [token.lower() for token in _PAIR_TOKENS.findall(gap)]
    lists = cues()
    if not any(token in (",", "in", "of", "(", "-") for token in tokens):
        return False
    return all(
        token in (",", "in", "of", "(", "'s", "-") or token in lists.modifiers or token in lists.types
        for token in tokens
    )


def _reads_as_owning(gap: str) -> bool:
    tokens = [token.lower() for token in _PAIR_TOKENS.findall(gap[1:])]
    return tokens[:1] == ["s"] and all(token in cues().modifiers or token in cues().types for token in tokens[1:])


def _can_hold(outer: PlaceMention, inner: PlaceMention) -> bool:
    if any(not place.known for place in outer.candidates):
        return False
    return any(
        holds(one, other) or (not other.known and one.country) for one in outer.candidates for other in inner.candidates
    )
