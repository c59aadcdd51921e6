"""What the names of an article say together of the countries and divisions that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.processor.extraction.places.folding import fold
from services.processor.extraction.places.model import Location, PlaceMention, Role

HARDLY_NAMED = 0.3
"""Support by name below which a country is as good as not named."""
_SAID = 1.5
"""Support by name of a country that something is said to be in."""
_LESSER_NAME = 3.0
"""Prior below which a town is hardly meant by a name that is not its main one."""
_OF_A_LESSER_NAME = 0.25
"""Part of its weight that such a name has for where an article's other places lie."""
_ONE_COUNTRYS = 3.0
"""Prior of the largest place of such a name: smaller ones are as well surnames or words."""
_COUNTRY_WEIGHT: dict[Role, float] = {
    "at": 2.0,
    "bare": 1.5,
    "dateline": 1.5,
    "government": 0.6,
    "demonym": 1.0,
    "nationality": 0.1,
    "destination": 0.4,
    "origin": 0.7,
    "organisation": 0.5,
    "implied": 0.7,
}
_PLACE_WEIGHT: dict[Role, float] = {
    "at": 1.0,
    "dateline": 1.0,
    "bare": 0.4,
    "government": 0.4,
    "destination": 0.5,
    "origin": 0.4,
    "organisation": 0.2,
    "implied": 0.0,
    "demonym": 0.0,
    "nationality": 0.0,
}
SHARED = 1.2
"""What it counts that another name of the article, sure or not, has all its places in the same country."""
_MOST_CANDIDATES = 12
_OF_TOWNS = ("settlement", "division", "district")


@dataclass(slots=True)
class CountryEvidence:
    """What an article's mentions say of countries and divisions."""

    named: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    inner: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    divisions: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    """Of each country, by the names of its first-level divisions."""
    by_name: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    """Of each name, what its own mentions as a place within a country say for that."""
    alone_in: dict[str, set[str]] = field(default_factory=dict)
    """Of each country, the names of the article that are those of its places and of no other country's; empty where
    the article names countries."""
    _most: tuple[float, float] | None = None
    _said: dict[int, Sequence[tuple[dict[str, float], str, float]]] = field(default_factory=dict)
    """What each mention says, by its start: it is counted, taken out to be decided, and counted again."""

    def most(self) -> tuple[float, float]:
        """The largest support by name, and by places inside, that any country has."""
        if self._most is None:
            self._most = max(self.named.values(), default=0.0), max(self.inner.values(), default=0.0)
        return self._most

    def add(self, mention: PlaceMention, sign: float) -> None:
        """Count what `mention` says (sign 1), or take it out again (sign -1)."""
        if not mention.certain:
            return
        self._most = None
        said = self._said.get(mention.start)
        if said is None:
            said = self._said[mention.start] = self._says(mention)
        for sums, of, part in said:
            sums[of] += sign * part

    def _says(self, mention: PlaceMention) -> list[tuple[dict[str, float], str, float]]:
        """What a mention adds to which of the sums: by the place's name, by a place inside, and for its division."""
        said: list[tuple[dict[str, float], str, float]] = []
        for place, share in self._shares(mention):
            if place.country is None:
                continue
            if place.kind == "country":
                said.append((self.named, place.country, share * _COUNTRY_WEIGHT[mention.role]))
                continue
            part = share * _PLACE_WEIGHT[mention.role]
            part *= _OF_A_LESSER_NAME if by_a_lesser_name(place, mention) else 1.0
            said.append((self.inner, place.country, part))
            said.append((self.by_name[mention.text], place.country, part))
            if place.admin1:
                said.append((self.divisions[place.country], place.admin1, part))
        return said

    def _shares(self, mention: PlaceMention) -> Sequence[tuple[Location, float]]:
        """What part of a mention each of its candidates has by its prior; together 1."""
        candidates = mention.candidates
        if len(candidates) == 1:
            return ((candidates[0], 1.0),)
        best = candidates[0].prior
        likely = [place for place in candidates[:_MOST_CANDIDATES] if place.known]
        shares = [
            (place, 10.0 ** max(place.prior - best + SHARED * self.shares_a_name(place, mention.text), -6.0))
            for place in likely
        ]
        whole = sum([share for _, share in shares])
        return [(place, share / whole) for place, share in shares]

    def shares_a_name(self, place: Location, text: str) -> bool:
        """Whether some other name than `text` is one of the places of that country alone, and no country is named."""
        return place.country in self.alone_in and bool(self.alone_in[place.country] - {text})

    def only_country(self) -> str | None:
        """The only country that the article names, where it says of something that it is there."""
        named = [code for code, support in self.named.items() if support >= HARDLY_NAMED]
        return named[0] if len(named) == 1 and self.named[named[0]] >= _SAID else None

    def leads(self, country: str) -> bool:
        """Whether nothing speaks more for any other country than for `country`."""
        own = self.of(country)
        return own > 0.0 and all(own >= self.of(other) for other in {*self.named, *self.inner})

    def most_for_any(self, name: str) -> float:
        """The most that speaks for any country, but for the mentions of `name`."""
        named, inner, own = self.named, self.inner, self.by_name[name]
        support = [named.get(code, 0.0) + inner.get(code, 0.0) - own.get(code, 0.0) for code in {*named, *inner}]
        return max(support, default=0.0)

    def of(self, country: str, name: str | None = None) -> float:
        """Everything that speaks for `country`; but for the mentions of `name`, which is no witness for itself."""
        own = self.by_name[name].get(country, 0.0) if name is not None else 0.0
        return self.named.get(country, 0.0) + self.inner.get(country, 0.0) - own


def by_a_lesser_name(place: Location, mention: PlaceMention) -> bool:
    """Whether a small place is meant only if the name is one that it has beside its own: Bendzin for Będzin."""
    small = place.known and place.kind == "settlement" and place.prior < _LESSER_NAME
    return small and fold(place.name) != fold(mention.text)


def names_of_one_country(mentions: Sequence[PlaceMention]) -> dict[str, set[str]]:
    """Of each country the names that are those of its places alone, as far as they count for nothing else.

    "The mayor of Bukavu" speaks of one country, though the words make it no place where something happened. None where
    the article names a country itself. Names that are surely those of places somewhere count by their weight.
    """
    found: dict[str, set[str]] = {}
    sure = {mention.text for mention in mentions if mention.certain}
    for mention in mentions:
        first = mention.candidates[0]
        if first.kind == "country" and mention.certain and mention.role != "nationality":
            return {}
        if mention.text in sure or first.country is None or first.kind not in _OF_TOWNS or first.prior < _ONE_COUNTRYS:
            continue
        if all(place.country == first.country for place in mention.candidates):
            found.setdefault(first.country, set()).add(mention.text)
    return found
