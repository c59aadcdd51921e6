"""The words of a sentence, indexed by where its people and harm words stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_BEGINS_OBJECT = _W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE
AUXILIARY = _W.BE | _W.HAVE | _W.MODAL | _W.DO
_BEFORE_JOINED = word_set("before_joined")
_REPORTED_AS = word_set("reported_as")
_SPEECH = word_set("speech")
_SPEAKER_REACH = 14
_LONGEST_PLACE = 4
"""Words of a place's name."""
_DIVISIONS = frozenset(
    ("state", "province", "county", "district", "region", "department", "governorate", "city", "town")
)
_WHERE = frozenset(("in", "at", "near", "of", "outside", "around", "off"))
_OF_THEM = frozenset(("whom", "them"))
_LONGEST_REMARK = 25
"""Words between commas."""


@dataclass(slots=True)
class ClauseWords:
    """A sentence with its people and harm words, indexed by word."""

    tokens: Tokens
    people: list[People]
    predicates: list[Predicate]
    starts: dict[int, People] = field(init=False)
    ends: dict[int, People] = field(init=False)
    covers: dict[int, People] = field(init=False)
    harms: dict[int, Predicate] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = {p.start: p for p in self.people}
        self.ends = {p.end: p for p in self.people}
        self.covers = {k: p for p in self.people for k in range(p.start, p.end)}
        self.harms = {p.start: p for p in self.predicates}

    def is_verb(self, at: int) -> bool:
        """Whether the word at `at` is a finite verb, as far as its class and neighbours tell."""
        if at in self.covers:
            return False
        bits = self.tokens.classes[at]
        if bits & (_W.VERB | AUXILIARY):
            infinitive = at > 0 and bool(self.tokens.classes[at - 1] & _W.TO)
            # "hurt in the fire", "in Monday's strike": a noun
            noun = at > 0 and (self.tokens.lower[at - 1] in ("the", "a", "an") or self._is_genitive(at - 1))
            return not infinitive and not noun and self.tokens.lower[at] not in ("being", "having", "'s")
        predicate = self.harms.get(at)
        if predicate is not None:
            return predicate.harm.form not in ("noun", "ing")
        if bits & _W.PAST:
            following = self.tokens.classes[at + 1] if at + 1 < len(self.tokens.classes) else _W.MARK
            acronym = at > 1 and self.tokens.words[at - 1].isupper() and len(self.tokens.words[at - 1]) > 1
            if (
                acronym
                and self.tokens.classes[at - 2] & (_W.PREPOSITION | _W.INDEFINITE)
                and not following & (_W.DETERMINER | _W.INDEFINITE)
            ):
                # "drivers of UN contracted trucks", "a UN supported hospital"
                return False
            passive = at > 0 and bool(self.tokens.classes[at - 1] & _W.BE)
            if self.tokens.lower[at + 1 : at + 2] == ["by"] and not passive:
                # "a firm hired by the ministry": no active verb is followed by its agent.
                return False
            before = self.tokens.classes[at - 1] if at else _W.MARK
            # "an attempted raid": a participle between article and noun is an adjective.
            return not (before & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE) and not following & _W.PREPOSITION)
        return False

    def skip_adverbs_left(self, at: int) -> int:
        """The nearest index at or left of `at` that is no adverb, quote mark or bracketed remark."""
        while at >= 0:
            bits = self.tokens.classes[at]
            if self.tokens.lower[at] == ")":
                opening = self._opening(at)
                if opening < 0:
                    return at
                at = opening - 1
            elif (bits & _W.ADVERB and at not in self.covers) or self.tokens.lower[at] in ('"', "'"):
                at -= 1
            elif at >= 2 and (day := self._day_with(at)) >= 0:
                at = day - 1
            else:
                return at
        return at

    def _day_with(self, at: int) -> int:
        """Index of the "on" of a day in a verb group, "were on Monday abducted", that ends at `at`; else -1."""
        classes = self.tokens.classes
        start = at - 1 if classes[at] & _W.DAYPART and classes[at - 1] & _W.WEEKDAY else at
        inside = start >= 2 and classes[start] & _W.WEEKDAY and self.tokens.lower[start - 1] == "on"
        return start - 1 if inside and classes[start - 2] & (_W.BE | _W.HAVE) else -1

    def _opening(self, at: int) -> int:
        for k in range(at - 1, max(-1, at - 25), -1):
            if self.tokens.lower[k] == "(":
                return k
        return -1

    def _free(self, seen: list[People]) -> list[People]:
        """Those that no preposition governs: a subject is never in "from three villages"."""
        lower, size = self.tokens.lower, len(self.tokens.lower)
        owners = [p for p in seen if p.end < size and lower[p.end] == "'s"]
        return [p for p in seen if p not in owners and not self._governed(p)]

    def _governed(self, people: People) -> bool:
        classes, at = self.tokens.classes, people.start - 1
        if at < 0:
            return False
        named = people.form is Form.NAME and people.kind == "name"
        if named and classes[at] & _W.AND and at and (at - 1) not in self.covers:
            # "the Bureau of Fire and Rescue": joined to another word of a name.
            capitals = self.tokens.words[people.start].isupper()
            return self.tokens.words[at - 1][0].isupper() and not (capitals and classes[at - 1] & (_W.HARM | _W.VERB))
        if named:
            # A name is a person's where it begins a phrase: "the Cairo Zoo" and "a Lagos court" are none.
            capitals = self.tokens.words[people.start].isupper()
            described = classes[at] == 0 and self.tokens.words[at].islower()
            while at > 0 and (classes[at] == 0 or (described and classes[at] == _W.NOT_PEOPLE)):
                # "High school football star Musa Bello"
                if not (self.tokens.words[at].islower() or capitals):
                    break
                at -= 1
            if classes[at] & _W.PERSON or (at == 0 and classes[at] == 0):
                # "driver John Okoro", but not "a local Red Cross".
                return at > 0 and bool(classes[at - 1] & _W.INDEFINITE)
            if classes[at] & _W.COMMA and self._in_a_place(people, at):
                return True
            return not classes[at] & (_W.COMMA | _W.AND | _W.MARK | _W.SUBORDINATE | _W.THAT | _W.ADVERB | _W.SAY)
        alone = people.form is Form.SINGULAR and self.tokens.lower[people.start] not in ("a", "an", "another", "one")
        if people.form is Form.BARE or alone:
            # "by TFG police": words that no list has stand between the preposition and the noun.
            while at > 0 and (classes[at] == 0 or classes[at] & _W.PARTICIPLE or self._owns(at)):
                if at in self.covers and not self._owns(at):
                    break
                at -= 1
        return bool(classes[at] & (_W.PREPOSITION | _W.TO | _W.INCLUDING))

    def _in_a_place(self, people: People, comma: int) -> bool:
        """Whether a name of one word says where the place before it is: "in Niger state, Nigeria, were killed"."""
        lower, words, classes = self.tokens.lower, self.tokens.words, self.tokens.classes
        if people.end - people.start > 1 or lower[people.end : people.end + 1] != [","]:
            return False
        at = comma - 1
        while at > 0 and comma - at <= _LONGEST_PLACE and (words[at][0].isupper() or lower[at] in _DIVISIONS):
            at -= 1
        fronted = at <= 0 or bool(classes[at - 1] & _W.MARK)
        return at < comma - 1 and bool(classes[at] & _W.PREPOSITION) and lower[at] in _WHERE and not fronted

    def _owns(self, at: int) -> bool:
        """Whether a word is of a name in the genitive: the "Haiti's" of "by Haiti's coast guard"."""
        lower = self.tokens.lower
        return lower[at] == "'s" or (lower[at + 1 : at + 2] == ["'s"] and self.tokens.words[at][0].isupper())

    def _is_genitive(self, at: int) -> bool:
        """Whether a word is the "'s" of a day or name: "Monday's", and not "he's"."""
        if at < 1 or self.tokens.lower[at] != "'s":
            return False
        return self.tokens.words[at - 1][0].isupper() and not self.tokens.classes[at - 1] & _W.PRONOUN

    def begins_clause(self, people: People) -> bool:
        """Whether the people are the subject of what follows, rather than the end of a list before them."""
        at, size = people.end, len(self.tokens.lower)
        while at < size and self.tokens.classes[at] & _W.ADVERB:
            at += 1
        if at >= size:
            return False
        if self._speaks(at, people.start > 0 and self.tokens.lower[people.start - 1] == ","):
            return True
        harm = self.harms.get(at)
        if harm is not None:
            return harm.harm.form != "ing" and harm.harm.pattern in ("verb", "happens", "result", "state")
        if self.tokens.classes[at] & (AUXILIARY | _W.VERB):
            return True
        # "and the minister visited the town", "and two boys found their bodies": no participle has an object.
        object_follows = at + 1 < size and bool(self.tokens.classes[at + 1] & _BEGINS_OBJECT)
        return object_follows and (bool(self.tokens.classes[at] & _W.PAST) or self.tokens.lower[at] == "found")

    def _speaks(self, at: int, several: bool) -> bool:
        """Whether a verb of speech is said of a phrase that goes on at `at`: "a spokesman for the army told reporters".

        The verb may stand after one remark between commas: "a resident, Musa Bello, said". `several`: others may speak
        too, "a teacher and a local group said".
        """
        lower, classes, size = self.tokens.lower, self.tokens.classes, len(self.tokens.lower)
        if several and lower[at] == "who":
            # "..., two residents who helped to bury them told reporters"
            stop = next((k for k in range(at, size) if classes[k] & (_W.COMMA | _W.MARK)), size)
            return any(lower[k] in _SPEECH and classes[k] & _W.SAY for k in range(at + 2, stop))
        commas = 0
        for k in range(at, min(size, at + _SPEAKER_REACH)):
            bits = classes[k]
            if bits & _W.SAY and lower[k] in _SPEECH:
                following = lower[k + 1] if k + 1 < size else "."
                participle = k + 1 in self.harms or following in ("to", "by", "as")
                return not participle and (not commas or (commas == 2 and lower[k - 1] == ","))
            if bits & _W.COMMA and commas < 2 and k + 1 < size and k + 1 not in self.harms:
                commas += 1
            elif several and bits & _W.AND and k + 1 < size and not classes[k + 1] & _W.SAY:
                continue
            elif bits & (_W.COMMA | _W.AND | _W.RELATIVE | _W.SUBORDINATE | _W.BE | _W.HAVE | _W.MODAL | _W.VERB) or (
                k in self.harms or (bits & _W.MARK and lower[k] not in ("'s", "'", "/", "-"))
            ):
                return False
        return False

    def before_of_whom(self, comma: int) -> int:
        """For "12 pupils, five of whom were girls, died" and "19 people, most of them believed to be recruits, died":
        where what comes before the remark ends; else `comma`."""
        lower = self.tokens.lower
        for k in range(comma - 1, max(0, comma - _LONGEST_REMARK), -1):
            if lower[k] == ",":
                opening = lower[k + 1 : k + 6]
                return k - 1 if "of" in opening and not _OF_THEM.isdisjoint(opening) else comma
        return comma

    def verb_before(self, at: int) -> int:
        """The verb that "and", a comma or a semicolon joins to the word at `at`; -1 where none is near."""
        lower, classes = self.tokens.lower, self.tokens.classes
        k = self.skip_adverbs_left(at - 1)
        while k >= 0 and (lower[k] in _BEFORE_JOINED or lower[k] in _REPORTED_AS):
            k = self.skip_adverbs_left(k - 1)
        if k >= 0 and lower[k] == "," and self.before_of_whom(k) != k:
            return -1
        if k < 1 or not (classes[k] & (_W.AND | _W.COMMA) or lower[k] in (";", "(", "or", "but", "then")):
            return -1
        for j in range(k - 1, max(-1, k - 16), -1):
            if classes[j] & (_W.SUBORDINATE | _W.RELATIVE | _W.THAT) or (
                classes[j] & _W.MARK and lower[j] not in ('"', ")", "(")
            ):
                return -1
            reported = classes[j] & _W.SAY and j and classes[j - 1] & _W.BE
            if reported or (self.is_verb(j) and not classes[j] & (_W.BE | _W.HAVE | _W.MODAL | _W.DO)):
                return j
        return -1
