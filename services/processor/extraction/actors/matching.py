"""Finding actors: names from the lexicon, forces by country, organisations by their form, people by description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.processor.extraction.actors.lexicon import (
    Actor,
    Alias,
    Force,
    Nation,
    load_aliases,
    load_forces,
    load_peoples,
    load_words,
)
from services.processor.extraction.actors.mentions import ActorMention
from services.processor.extraction.actors.names import introduced, organisation, prefixed
from services.processor.extraction.actors.phrases import joined, phrase
from services.processor.extraction.actors.source import Found, Source
from services.processor.extraction.ascii_view import ascii_view

_ALSO_VERBS = frozenset(("suspect", "suspects", "mob", "people"))
"""Heads that without an article or attribute are verbs or anybody: "officials suspect X"."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one pattern of the automaton can be."""

    aliases: tuple[Alias, ...] = ()
    force: Force | None = None
    head: str = ""
    organisation: bool = False
    prefix: bool = False
    strike: bool = False
    introduces: bool = False
    """What follows is a name: "calling itself ...", "a group called ..."."""
    people: bool = False
    """The head is the name of a people, and has a capital letter."""


@dataclass(frozen=True, slots=True)
class _Automaton:
    matcher: AhoCorasick
    entries: tuple[_Entry, ...]
    heads: dict[str, str]
    """Head of a description -> its kind."""


@lru_cache(maxsize=1)
def _automaton() -> _Automaton:
    aliases, forces, words = load_aliases(), load_forces(), load_words()
    heads = {
        word: word_class.removeprefix("head.")
        for word_class, members in words.items()
        if word_class.startswith("head.")
        for word in members
    }
    peoples = load_peoples()
    strikes = words["strike_noun"]
    introducing = words["introduces"] | words["introduces_group"]
    spellings = dict.fromkeys(
        (*introducing, *aliases, *forces, *heads, *peoples, *strikes, *words["org_head"], *words["org_prefix"])
    )
    entries = tuple(
        _Entry(
            aliases.get(word, ()),
            forces.get(word),
            heads.get(word, "crowd" if word in peoples else ""),
            word in words["org_head"],
            word in words["org_prefix"],
            word in strikes,
            word in introducing,
            word in peoples and word not in heads,
        )
        for word in spellings
    )
    # A pattern begins with a space, so that no name is found inside a word.
    matcher = AhoCorasick(
        [f" {word}" for word in spellings], matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
    )
    return _Automaton(matcher, entries, heads)


class _Finder:
    """One text being searched; it lives for one call of `find_actors`."""

    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        self._source = source

    def mentions(self) -> list[ActorMention]:
        mentions: list[ActorMention] = []
        for found in joined(self._source, self._found()):
            mention = phrase(self._source, found)
            if mention.head in _ALSO_VERBS and mention.left == mention.start:
                continue
            while mentions and mention.left < mentions[-1].end:
                swallowed = mentions.pop()
                if mention.actor is None and swallowed.actor is not None and not swallowed.state:
                    mention = mention._replace(
                        actor=swallowed.actor,
                        kind=swallowed.kind,
                        doubted=mention.doubted or swallowed.doubted,
                    )
            mentions.append(mention)
        return mentions

    def _found(self) -> list[Found]:
        automaton = _automaton()
        view = self._source.view
        size = len(view)
        whole: list[tuple[int, int, int]] = []
        # Overlapping, since a name must not be lost to a longer one that ends within a word: "ISIS-K" to "ISIS killed".
        for pattern, start, stop in automaton.matcher.find_matches_as_indexes(" " + view, overlapping=True):
            end = stop - 1
            if end >= size or not (view[end].isalnum() or view[end] == "_"):
                whole.append((start, -end, pattern))
        whole.sort()
        raw: list[tuple[int, int, _Entry]] = []
        reached = 0
        for start, back, pattern in whole:
            if start >= reached:
                raw.append((start, -back, automaton.entries[pattern]))
                reached = -back
        sure = {
            id(alias.actor)
            for start, end, entry in raw
            for alias in entry.aliases
            if not alias.needs_context and self._spelled(alias, start, end)
        }
        found: list[Found] = []
        past = 0
        for start, end, entry in raw:
            if start < past:
                continue
            one = self._classify(start, end, entry, sure)
            if one is not None:
                while found and found[-1].end > one.start:
                    found.pop()
                found.append(one)
                past = one.end
        return found

    def _classify(self, start: int, end: int, entry: _Entry, sure: set[int]) -> Found | None:
        against = self._source.view[max(0, start - 5) : start].endswith("anti ")
        actor = self._actor(start, end, entry.aliases, sure) if entry.aliases and not against else None
        if actor is not None:
            return Found(start, end, actor.kind, actor, self._source.view[start:end])
        if entry.prefix and not self._source.capitals:
            named = prefixed(self._source, start)
            if named is not None:
                return named
        word = self._source.view[start:end]
        if entry.introduces:
            return introduced(self._source, start, end, word)
        if entry.organisation:
            named = organisation(self._source, start, end)
            if named is not None:
                return named
        if entry.force is not None:
            nation = self._source.nation_before(start)
            if nation is not None or entry.force.alone:
                return Found(start, end, entry.force.kind, None, word)
        if entry.head and not (entry.people and not self._source.text[start].isupper()):
            civil = entry.head == "group" and self._source.words["civil_group"].intersection(self._just_before(start))
            # "The police suspect the Maoists"
            verb = word == "suspect" and not self._source.words["authority"].isdisjoint(self._just_before(start))
            return None if civil or verb else Found(start, end, entry.head, None, word)
        if entry.strike:
            nation = self._source.nation_before(start)
            if nation is not None and nation.nation.demonym:
                actor = _forces_of(nation.nation)
                return Found(nation.start, nation.end, "state_force", actor, "forces", nation_only=True)
        return self._last_word(start, end, word) if entry.aliases else None

    def _just_before(self, start: int) -> list[str]:
        return self._source.view[max(0, start - 20) : start].split()[-1:]

    def _last_word(self, start: int, end: int, name: str) -> Found | None:
        """A name that is nobody's here describes still: "leftist rebels" of a country where no group is meant by it."""
        last = name.rsplit(" ", 1)[-1]
        kind = _automaton().heads.get(last)
        return Found(end - len(last), end, kind, None, last) if kind is not None and len(last) < end - start else None

    def _spelled(self, alias: Alias, start: int, end: int) -> bool:
        written = self._source.text[start:end]
        if alias.exact_case:
            return written == written.upper()
        return self._source.capitals or alias.text.islower() or any(map(str.isupper, written))

    def _actor(self, start: int, end: int, aliases: tuple[Alias, ...], sure: set[int]) -> Actor | None:
        candidates = [
            alias
            for alias in aliases
            if self._spelled(alias, start, end)
            and (not alias.needs_context or id(alias.actor) in sure or self._speaks_for(alias, start, end))
            and (not alias.only_in or any(self._source.names_country(code) for code in alias.only_in))
        ]
        if not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0].actor
        return max(candidates, key=lambda alias: (id(alias.actor) in sure, self._country_evidence(alias.actor))).actor

    def _speaks_for(self, alias: Alias, start: int, end: int) -> bool:
        if alias.only_in:
            return True
        following = self._source.view[end : end + 24].split()
        if following and following[0] in self._source.words["member"]:
            return True
        if self._source.capitals:
            return False
        before = self._source.view[max(0, start - 30) : start].split()
        if before and before[-1] in self._source.words["member"]:
            return True
        return self._country_evidence(alias.actor) > 0

    def _country_evidence(self, actor: Actor) -> int:
        return sum(self._source.names_country(code) for code in actor.countries)


def _forces_of(nation: Nation) -> Actor:
    return Actor(f"{nation.word} forces", (nation.word,), "state_force", "", (nation.code,))


def find_actors(text: str) -> list[ActorMention]:
    """Every naming or description in `text` of somebody who can do harm, in order, without overlaps.

    Offsets count the characters of `text` as given. Takes linear time and never raises.
    """
    return find_in_view(text, ascii_view(text))


def find_in_view(text: str, view: str) -> list[ActorMention]:
    """`find_actors`, for a caller who has `view = ascii_view(text)` already."""
    return _Finder(Source(text, view)).mentions()
