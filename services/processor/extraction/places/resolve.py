"""Decide which of its candidates each mention of an article means, all mentions together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.evidence import (
    HARDLY_NAMED,
    SHARED,
    CountryEvidence,
    by_a_lesser_name,
    names_of_one_country,
)
from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.gazetteer import gazetteer
from services.processor.extraction.places.model import Location, PlaceMention, ResolvedPlace
from services.processor.extraction.places.namesakes import agree_on_namesakes, keep_together, unknown_in

# The figures below are weights of a sum, in units of a factor of ten in population: a country that the whole article is
# about outweighs a namesake a thousand times as large elsewhere.
_NAMED = 3.0
"""What it counts for a candidate that its country is the one that the article names most."""
_INNER = 2.5
"""What it counts that the article's other places lie in its country."""
_PRIMARY = 1.0
"""What it counts for a town that English news means by its name without more."""
_ALONE = 1.0
"""What it counts besides that the article says of its country, and of no other, that something is there."""
_SAME_DIVISION = 1.5
_NAMESAKE = 5.8
"""Prior from which a division of a country's name is as likely meant as the country."""
_CONTESTED_COUNTRY = 7.0
"""Prior of a country that has such a namesake."""
_AROUND = 2.0
"""What it counts for such a country that the article names its neighbours."""
_HINTED = 4.0
"""What it counts that the text says that it is a province, village..., and the candidate is one."""
_DEEPEST = 6
"""Mentions of the longest chain that is followed: quarter, town, district, division, country, and one to spare."""
_HOLDS = 1.0
"""What it counts for a division over a town of its name that the text puts another place inside it."""
_CONFLICT = 1.0
"""What it counts for a town or division that its country is one where violence is often told of."""
_ABROAD_CITY = 5.0
"""Prior (100,000 people) from which a place may lie in a country that nothing else in the article speaks of."""
_TOWN = 4.5
"""Prior (30,000 people) from which a place may lie in another country than that of a people told of once or twice."""
_A_PEOPLE = 1.5
"""Support that a people's name told of once or twice gives its country."""
_LARGE_CITY, _FAR_LIKELIER = 6.0, 0.8
"""Prior of a city (a million people), and how far less likely its namesakes abroad are: "in Phoenix"."""
_PLAIN_SUPPORT = 0.7
"""Support of a country, one dateline or name in the text, that an uncertain name there needs."""
_HALF = 0.5
"""Part of the support of the article's main country that the country of an uncertain name must have."""
_FAINT = 0.35
"""Part of the support of the article's main country that a small town's country must have."""
_NEIGHBOUR = 0.6
"""Part of a country's support that its neighbours share: fights cross borders."""
_KNOWN_TOWN = 4.0
_COMMON_NAME = 4
"""Places that bear a name, from which one smaller than that (10,000 people) is none over the border."""

_NO_PLACE = ("implied", "nationality")
"""Roles that put no other place into their country: "a Russian air strike on Xyz"."""


def resolve_places(mentions: Sequence[PlaceMention]) -> list[ResolvedPlace]:
    """Which location each of an article's `mentions` means, in the same order.

    A mention whose candidates all contradict the article has no location if nothing says that it is a place; else it
    keeps its name, in the country that the article speaks of, as a place that the gazetteer does not have.
    """
    evidence = CountryEvidence(alone_in=names_of_one_country(mentions))
    for mention in mentions:
        evidence.add(mention, 1.0)
    decided: dict[int, Location | None] = {}
    for index in range(len(mentions)):
        _decide(index, mentions, evidence, decided)
    for index, mention in enumerate(mentions):
        place = decided[index]
        if (place is not None and not place.known and place.country is None) or (
            place is None and mention.role in ("at", "destination") and mention.certain
        ):
            decided[index] = _placed_by_context(index, mentions, evidence, decided)
    agree_on_namesakes(mentions, decided)
    keep_together(mentions, decided)
    return [ResolvedPlace(mention, decided[index]) for index, mention in enumerate(mentions)]


def _decide(
    index: int, mentions: Sequence[PlaceMention], evidence: CountryEvidence, decided: dict[int, Location | None]
) -> None:
    """Put the location of `mentions[index]`, and of what holds it, into `decided`."""
    chain = [index]
    while len(chain) < _DEEPEST and (outer := _container(chain[-1], mentions)) is not None and outer not in decided:
        chain.append(outer)
    for inner in reversed(chain):
        if inner in decided:
            continue
        outer = _container(inner, mentions)
        mention = mentions[inner]
        if len(mention.candidates) == 1 and mention.candidates[0].kind == "country":
            decided[inner] = mention.candidates[0]
            continue
        evidence.add(mention, -1.0)
        held = [
            mentions[at]
            for at in (inner - 1, inner + 1)
            if 0 <= at < len(mentions) and mentions[at].within is not None and _container(at, mentions) == inner
        ]
        if outer is None:
            decided[inner] = _best(mention, evidence, held)
        else:
            decided[inner] = _best_inside(mention, decided.get(outer), evidence, held)
        evidence.add(mention, 1.0)


def _container(index: int, mentions: Sequence[PlaceMention]) -> int | None:
    """Which mention holds `mentions[index]`: a neighbour, since only neighbours are ever read so."""
    start = mentions[index].within
    if start is None:
        return None
    for at in (index + 1, index - 1):
        if 0 <= at < len(mentions) and mentions[at].start == start:
            return at
    return None


def _scores(mention: PlaceMention, places: Sequence[Location], evidence: CountryEvidence) -> list[float]:
    """How well each of `places`, candidates of `mention`, fits what the article says."""
    most_named, most_inner = evidence.most()
    inside = evidence.inner
    if len(places) > 1 and any(evidence.named.get(place.country or "", 0.0) >= HARDLY_NAMED for place in places):
        # Where the text names the country of one of them, a name said twice is no witness for itself.
        own = evidence.by_name[mention.text]
        inside = {code: support - own.get(code, 0.0) for code, support in inside.items()}
        most_inner = max(inside.values(), default=0.0)
    only = evidence.only_country()
    primary = cues().primary.get(fold(mention.text))
    conflict = cues().conflict
    towns = {place.country for place in places if primary is not None and place.kind == "settlement"}
    states, lands, wide = False, set[str | None](), 0.0
    for place in mention.candidates:
        kind = place.kind
        if kind == "division":
            states = states or place.prior > _NAMESAKE
        elif kind == "country":
            lands.add(place.country)
        elif kind == "region" and not place.country:
            wide = max(wide, place.prior)
    scores = []
    for place in places:
        score, code = place.prior, place.country
        if place.kind == "division" and score < wide and mention.hint != "division":
            # "the Sahel" is part of the world, and a division only in an article about the country that has it.
            scores.append(score + (2 * _HINTED if code is not None and evidence.leads(code) else 0.0))
            continue
        if code is not None:
            named, inner = _share(evidence.named, code, most_named), _share(inside, code, most_inner)
            if place.kind != "country":
                score += _CONFLICT if code in conflict else 0.0
                score += _ALONE if code == only else 0.0
                score += (0.5 if lands - {code} else 1.0) * _NAMED * named + _INNER * inner
                score += SHARED if evidence.shares_a_name(place, mention.text) else 0.0
                if place.admin1 and min(evidence.divisions[code].get(place.admin1, 0.0), inside.get(code, 0.0)) > 0.3:
                    score += _SAME_DIVISION
            elif states:
                # Georgia: the state is about as much in the news as the country, and only what is around tells.
                near = gazetteer().countries[code].neighbours
                around = max((_share(evidence.named, other, most_named) for other in near), default=0.0)
                score = _CONTESTED_COUNTRY + _NAMED * named + _INNER * inner + _AROUND * around
            else:
                score += _NAMED * named + _INNER * inner
            if mention.hint_country == code:
                score += _HINTED
            if primary == code and place.kind == ("settlement" if code in towns else "division"):
                score += _PRIMARY
        if mention.hint is not None and _fits(place, mention):
            score += _HINTED
        scores.append(score)
    return scores


def _fits(place: Location, mention: PlaceMention) -> bool:
    if mention.hint == "site":
        return place.kind in ("site", "settlement", "region")
    if mention.hint == "settlement":
        return place.kind in ("settlement", "site")
    return place.kind == mention.hint


def _share(support: dict[str, float], code: str, most: float) -> float:
    """Support of one country relative to the most supported, 0 to 1; less where there is little support at all."""
    own = support.get(code, 0.0)
    return 0.0 if own <= 0.0 or most <= 0.01 else own / most * min(1.0, most)


def _best(mention: PlaceMention, evidence: CountryEvidence, held: list[PlaceMention]) -> Location | None:
    """The likeliest candidate of a mention that nothing holds; `held` are mentions that it holds."""

    scores = _scores(mention, mention.candidates, evidence)
    if held:
        for at, place in enumerate(mention.candidates):
            scores[at] += _HOLDS if place.kind in ("division", "district") else 0.0
            for inner in held:
                inside = [found.prior for found in inner.candidates if holds(place, found)]
                scores[at] += 3.0 + max(inside) / 3 if inside else 0.0
    best = mention.candidates[scores.index(max(scores))]
    if not best.known:
        return best
    if held and any(holds(best, found) for inner in held for found in inner.candidates):
        return best
    return best if _is_credible(best, mention, evidence) else None


def _best_inside(
    mention: PlaceMention, outer: Location | None, evidence: CountryEvidence, held: list[PlaceMention]
) -> Location | None:
    """The likeliest candidate of a mention that the text puts inside `outer`."""
    if outer is None:
        return _best(mention, evidence, held)
    inside = [place for place in mention.candidates if holds(outer, place)]
    if inside:
        scores = _scores(mention, inside, evidence)
        for at, place in enumerate(inside):
            if held:
                scores[at] += _HOLDS if place.kind in ("division", "district") else 0.0
                scores[at] += 3.0 if any(holds(place, found) for inner in held for found in inner.candidates) else 0.0
        return inside[scores.index(max(scores))]
    return unknown_in(mention, outer)


def _is_credible(place: Location, mention: PlaceMention, evidence: CountryEvidence) -> bool:
    """Whether the article allows that the mention means `place`."""
    if place.country is None or place.kind == "country" or place.country == mention.hint_country:
        return True
    if mention.hint_country is not None:
        return False
    support, name = evidence.of(place.country, mention.text), mention.text
    if not mention.certain:
        if support >= _PLAIN_SUPPORT:
            return support >= _HALF * evidence.most_for_any(name)
        if mention.hint == "site" and mention.role == "at" and place.country in cues().conflict:
            # "at Farah hospital": no person's name, unless other places lie elsewhere
            return max(evidence.inner.values(), default=0.0) < _PLAIN_SUPPORT
        others = {*evidence.named, *evidence.inner} - {place.country}
        alone = sum(evidence.of(code, name) for code in others) < 0.3
        return (
            alone
            and mention.role in ("at", "dateline")
            and all(
                found.country == place.country
                or (place.prior >= _LARGE_CITY and found.prior <= place.prior - _FAR_LIKELIER)
                for found in mention.candidates
            )
        )
    if place.prior >= _ABROAD_CITY or (
        place.kind == "division" and mention.role == "at" and len(mention.candidates) == 1
    ):
        return True
    most = evidence.most_for_any(name)
    if support < _PLAIN_SUPPORT and by_a_lesser_name(place, mention) and place.country not in cues().conflict:
        return False
    if most < 0.5:
        return mention.hint is not None or mention.role in ("at", "dateline", "destination", "origin")
    if place.prior >= _TOWN and mention.role == "at" and most <= _A_PEOPLE and evidence.most()[1] < _PLAIN_SUPPORT:
        # "her sister's flat in Faro ... three British residents": where a people is from is no land.
        return True
    if place.prior < _KNOWN_TOWN and not support and len(mention.candidates) >= _COMMON_NAME:
        return False
    near = max((evidence.of(code, name) for code in gazetteer().countries[place.country].neighbours), default=0.0)
    return max(support, _NEIGHBOUR * near) >= _FAINT * most


def _only_lesser(mention: PlaceMention, country: str) -> bool:
    """Whether a name is one of a country's places only beside their own."""
    there = [place for place in mention.candidates if place.country == country and place.kind == "settlement"]
    return bool(there) and all(by_a_lesser_name(place, mention) for place in there)


def _placed_by_context(
    index: int, mentions: Sequence[PlaceMention], evidence: CountryEvidence, decided: dict[int, Location | None]
) -> Location | None:
    """A name that the gazetteer does not have, in the country of the nearest places, else of the article."""
    mention = mentions[index]
    if mention.hint_country is not None:
        return unknown_in(mention, gazetteer().lookup_country(mention.hint_country))
    near: dict[str, float] = defaultdict(float)
    left = {place.country for at, place in decided.items() if place is not None and mentions[at].role == "origin"}
    left -= {place.country for at, place in decided.items() if place is not None and mentions[at].role != "origin"}
    # "dogs from Slovenia" were brought from there.
    for at in range(max(0, index - 6), min(len(mentions), index + 7)):
        place = decided.get(at)
        told = place is not None and place.country and place.known and place.country not in left
        if at != index and place is not None and place.country and told and mentions[at].role not in _NO_PLACE:
            distance = abs(mentions[at].start - mention.start)
            # "An Australian helicopter landed at Ulei", "in neighbouring Chad": that says little of where.
            weak = mentions[at].role in ("demonym", "destination")
            near[place.country] += (0.4 if weak else 2.0) / (1.0 + distance / 100.0)
    most_named, most_inner = evidence.most()
    for code in set(evidence.named) | set(evidence.inner):
        if code in left or (evidence.of(code, mention.text) <= 0.0 and _only_lesser(mention, code)):
            continue
        near[code] += 0.5 * _share(evidence.named, code, most_named) + 0.5 * _share(evidence.inner, code, most_inner)
    best = max(sorted(near), key=lambda found: near[found], default=None)
    if best is None or near[best] <= 0.05:
        return mention.candidates[0] if not mention.candidates[0].known else None
    return unknown_in(mention, gazetteer().lookup_country(best))
