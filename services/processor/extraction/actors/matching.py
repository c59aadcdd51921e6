"""Finding actors: names from the lexicon, forces by country, organisations by their form, people by description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from services.processor.extraction.actors.lexicon import (
    Actor,
    Alias,
    Force,
    Nation,
    adjective,
    country_words,
    load_aliases,
    load_forces,
    load_nations,
    load_words,
)
from services.processor.extraction.actors.mentions import STATE_KINDS, ActorMention
from services.processor.extraction.ascii_view import ascii_view

_WORD = re.compile(r"[^\s,;:!?]+")
_ABBREVIATION = re.compile(r"\s*[(\[]\s*\"?([A-Z][A-Za-z0-9.-]{1,11})\"?\s*[)\]]")
_CAPITALISED = re.compile(r"[A-Z0-9][\w'’.-]*")
_RIGHT_OF_HEAD = re.compile(
    r"(?:\s+(?:of|for|to|in|the|and|on|de|del|la|los|el|du|des|et|pour|al)\b){0,3}\s+[A-Z][\w'’-]*"
)
_PREFIXED_NAME = re.compile(
    r"[A-Z][\w'’-]*(?:[ -](?:al|ul|ur|us|as|ash|at|an|e|i|de|del|la|los|el|wal|wa|li|lil|bi|fi|o|para|por|y"
    r"|[A-Z][\w'’]*)\b){1,8}"
)
_LEAD = re.compile(r"\s+(?:the\s+|THE\s+)?[\"“‘'«]?")
_INTRODUCED_NAME = re.compile(
    r"[A-Z][\w'’-]*(?:\s(?:of|for|the|in|to|and|de|del|la|al|[A-Z][\w'’-]*)\b){0,8}(?<![a-z] of)"
)
_CAPITALS_NAME = re.compile(
    r"[A-Z0-9][\w'-]*(?:\s(?!WAS|WERE|HAS|HAVE|HAD|CLAIMED|SAID|IS|THAT|WHICH|ON|IN|BY|AND)[A-Z][\w'-]*){0,5}"
)
_LINK = frozenset(("linked", "affiliated", "aligned", "allied", "inspired", "backed", "tied", "connected"))
_TIED = frozenset(("affiliated", "associated", "aligned", "allied"))
_LINK_GAP = re.compile(
    r" (?:with |that |who |which )?(?:(?:is|are|have|has) )?"
    r"(?:linked|affiliated|associated|allied|aligned|loyal|tied|sympathetic|connected|close|allegiance|devoted|attached)"
    r" (?:to|with) (?:the )?"
)
_MEMBER_GAP = re.compile(r" (?:of|from|belonging to|identified as|calling itself|called|known as) (?:the )?")
_COUNT_DIGITS = 3
"""Figures that count the people of a noun phrase have at most so many digits; longer ones are times and years."""
_REACH = 100
"""Characters to the left of a head that can belong to its noun phrase."""


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


@dataclass(frozen=True, slots=True)
class _Automaton:
    matcher: AhoCorasick
    entries: tuple[_Entry, ...]


@lru_cache(maxsize=1)
def _automaton() -> _Automaton:
    aliases, forces, words = load_aliases(), load_forces(), load_words()
    heads = {
        word: word_class.removeprefix("head.")
        for word_class, members in words.items()
        if word_class.startswith("head.")
        for word in members
    }
    strikes = words["strike_noun"]
    introducing = words["introduces"] | words["introduces_group"]
    spellings = dict.fromkeys(
        (*introducing, *aliases, *forces, *heads, *strikes, *words["org_head"], *words["org_prefix"])
    )
    entries = tuple(
        _Entry(
            aliases.get(word, ()),
            forces.get(word),
            heads.get(word, ""),
            word in words["org_head"],
            word in words["org_prefix"],
            word in strikes,
            word in introducing,
        )
        for word in spellings
    )
    # A pattern begins with a space, so that no name is found inside a word.
    matcher = AhoCorasick([f" {word}" for word in spellings], matchkind=MatchKind.LeftmostLongest)
    return _Automaton(matcher, entries)


@dataclass(frozen=True, slots=True)
class _Found:
    """A match before its noun phrase is put together."""

    start: int
    end: int
    kind: str
    actor: Actor | None = None
    head: str = ""
    nation_only: bool = False


class _Reader:
    """One text being searched; it lives for one call of `find_actors`."""

    __slots__ = ("_nations", "_words", "capitals", "text", "view")

    def __init__(self, text: str, view: str) -> None:
        self.text = text
        self.view = view
        self.capitals = not any(map(str.islower, text[:2000]))
        self._words = load_words()
        self._nations = load_nations()

    def mentions(self) -> list[ActorMention]:
        mentions: list[ActorMention] = []
        for found in self._joined(self._found()):
            mention = self._phrase(found)
            if mention.head in _ALSO_VERBS and mention.left == mention.start:
                continue
            while mentions and mention.left < mentions[-1].end:
                swallowed = mentions.pop()
                if mention.actor is None and swallowed.actor is not None and not swallowed.state:
                    mention = _replace_actor(mention, swallowed)
            mentions.append(mention)
        return mentions

    def _found(self) -> list[_Found]:
        automaton = _automaton()
        view = self.view
        size = len(view)
        raw: list[tuple[int, int, _Entry]] = []
        for pattern, start, stop in automaton.matcher.find_matches_as_indexes(" " + view):
            end = stop - 1
            if end < size and (view[end].isalnum() or view[end] == "_"):
                continue
            raw.append((start, end, automaton.entries[pattern]))
        sure = {
            id(alias.actor)
            for start, end, entry in raw
            for alias in entry.aliases
            if not alias.needs_context and self._spelled(alias, start, end)
        }
        found: list[_Found] = []
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

    def _classify(self, start: int, end: int, entry: _Entry, sure: set[int]) -> _Found | None:
        actor = self._actor(start, end, entry.aliases, sure) if entry.aliases else None
        if actor is not None:
            return _Found(start, end, actor.kind, actor, self.view[start:end])
        if entry.prefix and not self.capitals:
            named = self._prefixed(start)
            if named is not None:
                return named
        word = self.view[start:end]
        if entry.introduces:
            return self._introduced(start, end, word)
        if entry.organisation:
            named = self._organisation(start, end)
            if named is not None:
                return named
        if entry.force is not None:
            nation = self._nation_before(start)
            if nation is not None or entry.force.alone:
                return _Found(start, end, entry.force.kind, None, word)
        if entry.head:
            return _Found(start, end, entry.head, None, word)
        if entry.strike:
            nation = self._nation_before(start)
            if nation is not None and nation[0].demonym:
                actor = Actor(f"{nation[0].word} forces", (nation[0].word,), "state_force", "", (nation[0].code,))
                return _Found(nation[1], nation[2], "state_force", actor, "forces", nation_only=True)
        return None

    def _spelled(self, alias: Alias, start: int, end: int) -> bool:
        written = self.text[start:end]
        if alias.exact_case:
            return written == written.upper()
        return self.capitals or alias.text.islower() or any(map(str.isupper, written))

    def _actor(self, start: int, end: int, aliases: tuple[Alias, ...], sure: set[int]) -> Actor | None:
        candidates = [
            alias
            for alias in aliases
            if self._spelled(alias, start, end)
            and (not alias.needs_context or id(alias.actor) in sure or self._speaks_for(alias, start, end))
        ]
        if not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0].actor
        return max(candidates, key=lambda alias: (id(alias.actor) in sure, self._country_evidence(alias.actor))).actor

    def _speaks_for(self, alias: Alias, start: int, end: int) -> bool:
        following = self.view[end : end + 24].split()
        if following and following[0] in self._words["member"]:
            return True
        if self.capitals:
            return False
        before = self.view[max(0, start - 30) : start].split()
        if before and before[-1] in self._words["member"]:
            return True
        return self._country_evidence(alias.actor) > 0

    def _country_evidence(self, actor: Actor) -> int:
        return sum(f" {word}" in self.view for code in actor.countries for word in country_words(code))

    def _nation_before(self, start: int) -> tuple[Nation, int, int] | None:
        """The country or demonym directly before `start` ("Malian", "Mali's"), with its span."""
        words = list(_WORD.finditer(self.view, max(0, start - 40), start))
        if not words or self.view[words[-1].end() : start].strip():
            return None
        for count in (3, 2, 1):
            if len(words) < count:
                continue
            phrase = " ".join(word[0] for word in words[-count:]).removesuffix("'s").removesuffix("'")
            nation = self._nations.get(phrase)
            at = words[-count].start()
            if nation is not None and (self.capitals or self.text[at].isupper()) and phrase != "us":
                return nation, at, words[-1].end()
            if phrase == "us" and self.text[at : at + 2] == "US":
                return self._nations["us"], at, words[-1].end()
        return None

    def _prefixed(self, start: int) -> _Found | None:
        match = _PREFIXED_NAME.match(self.text, start)
        if match is None:
            return None
        return self._named(start, match.end())

    def _introduced(self, start: int, end: int, word: str) -> _Found | None:
        """The name after "a group calling itself" or "a gang called"."""
        if word in self._words["introduces_group"]:
            before = self.view[max(0, start - 24) : start].split()
            if not before or before[-1] not in self._words["named_after"]:
                return None
        lead = _LEAD.match(self.text, end)
        begin = lead.end() if lead is not None else end
        match = (_CAPITALS_NAME if self.capitals else _INTRODUCED_NAME).match(self.text, begin)
        return self._named(begin, match.end()) if match is not None else None

    def _organisation(self, start: int, end: int) -> _Found | None:
        """An organisation by the form of its name: "the X Liberation Front", "Brigade for the Y of Z"."""
        words = list(_WORD.finditer(self.view, max(0, start - _REACH), start))
        first, count = start, 0
        inside = start
        for word in reversed(words):
            if self.view[word.end() : inside].strip() or (word[0].endswith(".") and len(word[0]) > 3):
                break
            plain = word[0].removesuffix("'s")
            if self.capitals:
                if plain not in self._words["org_word"] and word[0] not in self._words["org_word"]:
                    break
            elif word[0] in ("of", "the", "for", "and", "de", "la", "del") and count:
                inside = word.start()
                continue
            elif not self.text[word.start()].isupper() or word[0] in self._words["weekday_month"]:
                break
            counts = word[0] in self._words["determiner"]
            if (counts and (word[0] in ("the", "a", "an") or self._begins_sentence(word.start()))) or word[
                0
            ] in self._words["member"] & self._words["quantity"]:
                break
            if inside < start and word[0] in self._words["member"] and self.view[word.end() : inside].strip() == "":
                between = self.view[word.end() : first].split()
                if between and between[0] in ("of", "from"):
                    break
            first, inside = word.start(), word.start()
            count += 1
        if not self.capitals and not self.text[start].isupper():
            return None
        last = end
        if not self.capitals:
            right = _RIGHT_OF_HEAD.match(self.text, end)
            while right is not None and last - start < 120:
                last = right.end()
                count += 1
                right = _RIGHT_OF_HEAD.match(self.text, last)
        else:
            last = self._of_nation(end)
        abbreviation = _ABBREVIATION.match(self.text, last)
        if count == 1 and self.capitals and self.view[:first].split()[-3:][:2] in (["member", "of"], ["members", "of"]):
            return self._named(first, last)
        if count >= 2 or (count == 1 and (abbreviation is not None or not self.capitals)):
            if count == 1 and self._nation_before(start) is not None:
                return None
            return self._named(first, last)
        return None

    def _of_nation(self, end: int) -> int:
        """Where a name in capitals ends that goes on with its country: "COMMUNIST PARTY OF CHILE"."""
        words = list(_WORD.finditer(self.view, end, min(len(self.view), end + 40)))
        if len(words) >= 2 and words[0][0] == "of" and words[1][0] in self._nations:
            return words[1].end()
        return end

    def _named(self, start: int, end: int) -> _Found:
        abbreviation = _ABBREVIATION.match(self.text, end)
        name = " ".join(self.text[start:end].split())
        aliases = (abbreviation[1],) if abbreviation is not None else ()
        return _Found(start, end, "named_group", Actor(name, aliases, "named_group"), self.view[start:end])

    def _joined(self, found: list[_Found]) -> list[_Found]:
        """Neighbours that are one noun phrase put together: "Boko Haram" + "militants", "gunmen" of "the M23"."""
        joined: list[_Found] = []
        for one in found:
            last = joined[-1] if joined else None
            together = self._join(last, one) if last is not None else None
            if together is not None:
                joined[-1] = together
            else:
                joined.append(one)
        return joined

    def _join(self, last: _Found, one: _Found) -> _Found | None:
        if one.start - last.end > 40 or one.nation_only or last.nation_only:
            return None
        gap = self.view[last.end : one.start]
        bare = gap.strip()
        if not bare:
            return self._join_adjacent(last, one)
        if bare == "'s" and last.actor is not None and last.kind != "person" and one.actor is None:
            member = one.head in self._words["member"] or one.kind == "militant"
            return _Found(last.start, one.end, last.kind, last.actor, one.head) if member else None
        if bare == "," and last.actor is None and last.kind in ("group", "militant") and one.actor is not None:
            # "the Maoist organisation, Shining Path"
            named = one.kind not in STATE_KINDS and self.view[: last.start].rstrip().endswith((" the", " a", " an"))
            return _Found(last.start, one.end, one.kind, one.actor, last.head) if named else None
        if bare in _LINK and last.actor is not None and one.actor is None:
            return _Found(last.start, one.end, one.kind, None, one.head)
        if last.actor is None and one.actor is not None:
            spaced = " " + " ".join(gap.split()) + " "
            if _LINK_GAP.fullmatch(spaced):
                return _Found(last.start, one.end, last.kind, None, last.head)
            if _MEMBER_GAP.fullmatch(spaced) and last.kind not in ("crowd",):
                return _Found(last.start, one.end, one.kind, one.actor, last.head)
        if (
            last.actor is None
            and one.kind in ("state_force", "international_force")
            and last.kind not in ("crowd", "person")
        ):
            spaced = " " + " ".join(gap.split()) + " "
            if _MEMBER_GAP.fullmatch(spaced):
                return _Found(last.start, one.end, one.kind, one.actor, one.head)
        return None

    def _join_adjacent(self, last: _Found, one: _Found) -> _Found | None:
        if last.actor is not None:
            if one.actor is None:
                member = one.head in self._words["member"] or one.kind in ("militant", "attacker", "group")
                return _Found(last.start, one.end, last.kind, last.actor, one.head) if member else None
            return _Found(last.start, one.end, last.kind, last.actor, last.head) if one.actor is last.actor else None
        if one.actor is not None:
            describes = last.kind in ("militant", "group", "criminal", "attacker")
            return _Found(last.start, one.end, one.kind, one.actor, one.head) if describes else None
        if last.kind in ("person", "crowd") or one.kind == "person":
            return None
        if one.kind == "group":
            # "guerrilla columns" are guerrillas.
            return _Found(last.start, one.end, last.kind, None, last.head)
        return _Found(last.start, one.end, one.kind, None, one.head)

    def _phrase(self, found: _Found) -> ActorMention:
        """The mention with the words of its noun phrase that stand before it."""
        words = self._words
        name_start = left = found.start
        doubted = definite = determined = False
        nation: tuple[Nation, int, int] | None = None
        capitalised = 0
        inside = found.start
        before = list(_WORD.finditer(self.view, max(0, found.start - _REACH), found.start))
        described = found.actor is None
        index = len(before)
        while index:
            index -= 1
            word = before[index]
            at, plain = word.start(), word[0]
            if self.view[word.end() : inside].strip():
                break
            previous = before[index - 1][0] if index and not self.view[before[index - 1].end() : at].strip() else ""
            here = None if determined else self._nation_before(inside)
            if here is not None:
                nation = nation or here
                name_start = left = inside = here[1]
                while index and before[index - 1].start() >= here[1]:
                    index -= 1
                if before[index].start() > here[1]:
                    break
                continue
            if plain.endswith(".") and plain not in self._nations:
                break
            if plain in words["doubt"]:
                doubted = True
            elif plain in words["determiner"] or (plain.isdigit() and len(plain) <= _COUNT_DIGITS):
                determined = True
                definite = definite or plain in ("the", "these", "those", "its", "their")
            elif (plain == "of" and (previous in words["quantity"] or previous in words["member"])) or (
                plain in ("from", "to", "in") and previous in words["member"] and found.actor is not None
            ):
                left = inside = before[index - 1].start()
                index -= 1
                determined = False
                continue
            elif (plain, previous) in (
                ("least", "at"),
                ("than", "more"),
                ("to", "up"),
                ("styled", "self"),
                ("called", "so"),
            ):
                left = inside = before[index - 1].start()
                index -= 1
                continue
            elif determined:
                break
            elif (plain, previous) in (
                ("wing", "left"),
                ("wing", "right"),
                ("right", "far"),
                ("left", "far"),
                ("duty", "off"),
            ):
                name_start = left = inside = before[index - 1].start()
                index -= 1
                continue
            elif plain in words["unknown"] or (plain in words["attribute"] and described):
                name_start = at
            elif plain in words["attribute"] or (plain[:-2].isdigit() and plain[-2:] in ("st", "nd", "rd", "th", "3d")):
                if described:
                    name_start = at
            elif (
                described
                and not self.capitals
                and capitalised < 2
                and self.text[at].isupper()
                and plain not in words["weekday_month"]
                and not self._begins_sentence(at)
            ) or (self.capitals and found.head in _NUMBERED and capitalised == 0 and plain not in words["stop"]):
                capitalised += 1
                name_start = at
            else:
                break
            left = inside = at
        return self._mention(found, name_start, left, nation, doubted, definite)

    def _begins_sentence(self, at: int) -> bool:
        return self.text[max(0, at - 3) : at].rstrip(" \"'“‘([")[-1:] in ("", ".", "!", "?", "\n")

    def _mention(
        self,
        found: _Found,
        start: int,
        left: int,
        nation: tuple[Nation, int, int] | None,
        doubted: bool,
        definite: bool,
    ) -> ActorMention:
        text = self.text[start : found.end]
        actor = found.actor
        if actor is None and found.kind in STATE_KINDS:
            actor = self._force(found, start, nation)
        return ActorMention(start, found.end, text, actor, found.kind, min(left, start), doubted, definite, found.head)

    def _force(self, found: _Found, start: int, nation: tuple[Nation, int, int] | None) -> Actor:
        """A force under the one name of its country: "Mali's army" and "Malian army" are the same."""
        if nation is None:
            return Actor(" ".join(self.text[start : found.end].split()), (), found.kind)
        country, first, last = nation
        rest = " ".join(self.view[last : found.end].removeprefix("'s").split())
        before = " ".join(self.view[start:first].split())
        name = " ".join(part for part in (before, adjective(country), rest) if part)
        return Actor(name, (), found.kind, "", (country.code,))


_ALSO_VERBS = frozenset(("suspect", "suspects", "mob", "people"))
"""Heads that without an article or attribute are verbs or anybody: "officials suspect X"."""
_NUMBERED = frozenset(("battalion", "brigade", "detachment", "regiment", "cartel", "gang", "front", "infantry brigade"))


def _replace_actor(mention: ActorMention, swallowed: ActorMention) -> ActorMention:
    return ActorMention(
        mention.start,
        mention.end,
        mention.text,
        swallowed.actor,
        swallowed.kind,
        mention.left,
        mention.doubted or swallowed.doubted,
        mention.definite,
        mention.head,
    )


def find_actors(text: str) -> list[ActorMention]:
    """Every naming or description in `text` of somebody who can do harm, in order, without overlaps.

    Offsets count the characters of `text` as given. Takes linear time and never raises.
    """
    return find_in_view(text, ascii_view(text))


def find_in_view(text: str, view: str) -> list[ActorMention]:
    """`find_actors`, for a caller who has `view = ascii_view(text)` already."""
    return _Reader(text, view).mentions()
