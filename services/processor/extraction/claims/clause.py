"""Where the harmed stand in a sentence: subjects to the left of a verb, objects and lists to the right."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.processor.extraction.claims.people import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_AUXILIARY = _W.BE | _W.HAVE | _W.MODAL | _W.DO
_ONE = (Form.SINGULAR, Form.NAME, Form.DEFINITE)
_INCLUDING = ("including", "includes", "included", "include")
_BEFORE_JOINED = word_set("before_joined")


@dataclass(slots=True)
class Clauses:
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
        if bits & (_W.VERB | _AUXILIARY):
            infinitive = at > 0 and bool(self.tokens.classes[at - 1] & _W.TO)
            return not infinitive and self.tokens.lower[at] not in ("being", "having", "'s")
        predicate = self.harms.get(at)
        if predicate is not None:
            return predicate.harm.form not in ("noun", "ing")
        if bits & _W.PAST:
            following = self.tokens.classes[at + 1] if at + 1 < len(self.tokens.classes) else _W.MARK
            acronym = at > 1 and self.tokens.words[at - 1].isupper() and len(self.tokens.words[at - 1]) > 1
            if (
                acronym
                and self.tokens.classes[at - 2] & _W.PREPOSITION
                and not following & (_W.DETERMINER | _W.INDEFINITE)
            ):
                # "drivers of UN contracted trucks"
                return False
            if self.tokens.lower[at + 1 : at + 2] == ["by"]:
                # "a firm hired by the ministry": no finite verb is followed by its agent.
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
            else:
                return at
        return at

    def _opening(self, at: int) -> int:
        for k in range(at - 1, max(-1, at - 25), -1):
            if self.tokens.lower[k] == "(":
                return k
        return -1

    def adjacent_left(self, at: int) -> list[People]:
        """The people, or the list of people, that end right before the word at `at`."""
        end = self.skip_adverbs_left(at - 1) + 1
        people = self.ends.get(end)
        if people is None and end > 0 and self.tokens.lower[end - 1] == ",":
            people = self._before_aside(end - 1)
        if people is None or (people.form is Form.NAME and self._governed(people)):
            return []
        return self._list_leftwards(people)

    def _before_aside(self, comma: int) -> People | None:
        """The people before a remark between commas: "two men, one of them armed, killed in a raid"."""
        for k in range(comma - 1, max(-1, comma - 16), -1):
            if self.tokens.lower[k] == ",":
                people = self.ends.get(k)
                return people if people is not None and people.form is Form.COUNT and people.head else None
            if self.is_verb(k) or self.tokens.classes[k] & _W.MARK:
                return None
        return None

    def _list_leftwards(self, last: People) -> list[People]:
        group = [last]
        while True:
            first = group[0]
            gap = self._connector_left(first.start)
            people = self.ends.get(gap) if gap is not None else None
            if people is None or (people.form in (Form.DEFINITE, Form.PRONOUN) and not people.counted):
                break
            if people.form is Form.NAME and self._governed(people):
                break
            group.insert(0, people)
        return self._in_apposition(group)

    def _connector_left(self, start: int) -> int | None:
        lower = self.tokens.lower
        at = start - 1
        if at >= 0 and lower[at] == "and":
            at -= 1
            if at >= 0 and lower[at] == ",":
                at -= 1
            if at > 0 and lower[at] == ")" and (opening := self._opening(at)) > 0:
                return opening
            return at + 1
        if at >= 0 and lower[at] == "," and at - 1 >= 0:
            return at
        return None

    def objects(self, at: int) -> list[People]:
        """The people, with all members of their list, that begin at `at` or after adverbs there."""
        size = len(self.tokens.lower)
        while (
            at < size
            and at not in self.starts
            and (self.tokens.classes[at] & _W.ADVERB or self.tokens.lower[at] in ('"', "'"))
        ):
            at += 1
        people = self.starts.get(at)
        if people is None:
            return []
        group, last, left = [people], people, 0
        while True:
            following = self._next_in_list(last)
            if following is None:
                return self._in_apposition(self._totals_first(group))
            if not following.part and 0 < (following.best or 0) <= left:
                following.part = True
                left -= following.best or 0
            elif following.part:
                left = (last.best or 0) - (following.best or 1)
            if following.part:
                last = following
                continue
            group.append(following)
            last = following

    def _next_in_list(self, last: People) -> People | None:
        lower, classes, size = self.tokens.lower, self.tokens.classes, len(self.tokens.lower)
        at = last.end
        # A phrase that belongs to the people before it: "of the 5th brigade", "from Gao", "aged 12".
        stop, after_phrase = min(size, at + 9), False
        if at < size and (classes[at] & _W.PREPOSITION or lower[at] == "aged" or lower[at] == "("):
            while (
                at < stop
                and lower[at] not in (",", "and")
                and not classes[at] & (_W.MARK | _W.RELATIVE | _W.SUBORDINATE | _W.SAY | _W.HARM | _W.VERB | _W.BE)
            ):
                at, after_phrase = at + 1, True
        if at >= size:
            return None
        comma = lower[at] == ","
        if comma:
            at += 1
        joined = False
        if at < size and lower[at] in ("and", "plus", "&"):
            at, joined = at + 1, True
        elif lower[at : at + 3] == ["as", "well", "as"]:
            at, joined = at + 3, True
        elif at + 1 < size and lower[at] in ("along", "together") and lower[at + 1] == "with":
            at, joined = at + 2, True
        elif at < size and classes[at] & _W.INCLUDING:
            people = self.starts.get(at + 1)
            if people is not None:
                people.part = True
            return people
        while at < size and classes[at] & _W.ADVERB and at not in self.starts:
            at += 1
        people = self.starts.get(at)
        if people is None or not (comma or joined) or self.begins_clause(people):
            return None
        if after_phrase and people.form is Form.NAME:
            return None
        if people.form in (Form.DEFINITE, Form.PRONOUN) and not people.counted and not joined:
            return None
        if people.form is Form.COUNT and people.head == "" and not joined and not self._is_place_sum(people):
            return None
        return people

    def _is_place_sum(self, people: People) -> bool:
        at = people.end
        return at < len(self.tokens.lower) and self.tokens.lower[at] in ("in", "at", "near", "from")

    def begins_clause(self, people: People) -> bool:
        """Whether the people are the subject of what follows, rather than the end of a list before them."""
        at, size = people.end, len(self.tokens.lower)
        while at < size and self.tokens.classes[at] & _W.ADVERB:
            at += 1
        if at >= size:
            return False
        harm = self.harms.get(at)
        if harm is not None:
            return harm.harm.form != "ing" and harm.harm.pattern in ("verb", "happens", "result", "state")
        if self.tokens.classes[at] & _AUXILIARY:
            return True
        return bool(self.tokens.classes[at] & _W.VERB)

    def _in_apposition(self, group: list[People]) -> list[People]:
        """Drop what only says again who somebody is: "Musa Bello, a teacher, and two pupils"."""
        lower, kept = self.tokens.lower, list[People]()
        described = False
        if len(group) == 2 and group[0].best == 1 and group[1].form in _ONE and lower[group[1].start - 1] == ",":
            # No "and" joins them: "one officer, the deputy commander, died".
            return group[:1]
        for number, people in enumerate(group):
            before = kept[-1] if kept else None
            comma = people.start > 0 and lower[people.start - 1] == ","
            last = number + 1 == len(group)
            if before is not None and before.form is Form.NAME and people.form in (Form.SINGULAR, Form.DEFINITE):
                if comma or (described and last):
                    described = True
                    continue
            elif before is not None and people.form is Form.NAME and before.form in (Form.SINGULAR, Form.DEFINITE):
                after = lower[people.end] if people.end < len(lower) else "."
                if comma and after in (",", ".", ")", ";"):
                    continue
            described = False
            kept.append(people)
        return kept

    def subject(self, at: int) -> list[People]:
        """The people who are the subject of the verb group that begins at `at`; empty where none can be told.

        Walks left to the start of the clause: past phrases in brackets and relative clauses, to the nearest verb,
        conjunction or mark that closes another clause.
        """
        lower, classes = self.tokens.lower, self.tokens.classes
        k = self.skip_adverbs_left(at - 1)
        seen: list[People] = []
        boundary_verb = -1
        while k >= 0:
            people = self.covers.get(k)
            if people is not None:
                seen.insert(0, people)
                k = people.start - 1
                continue
            bits, word = classes[k], lower[k]
            if word == ")":
                opening = self._opening(k)
                if opening < 0:
                    break
                k = opening - 1
                continue
            if word in ("-", "--") and (opening := self._earlier_dash(k)) >= 0:
                k = opening - 1
                continue
            if bits & _W.MARK and word not in ('"', "'", "/", "[", "]", "."):
                break
            if bits & _W.RELATIVE and word != "whose":
                seen, done = self._past_relative(seen, k)
                if done:
                    return self._group(seen, -1)
                k -= 1
                continue
            if bits & _W.SUBORDINATE and not bits & _W.PREPOSITION and self._is_aside(k, at, seen):
                seen = []
                k -= 1
                continue
            if bits & _W.SAY and self._describes(k) and not self._free(seen):
                seen = []
                k -= 1
                continue
            if bits & (_W.SAY | _W.THAT) or (bits & _W.SUBORDINATE and not (bits & _W.PREPOSITION)):
                break
            relative = self._relative_of(k) if self.is_verb(k) else -1
            if relative >= 0 and not self._free(seen):
                seen, k = [], relative - 1
                continue
            if self.is_verb(k) or (k in self.harms and self.harms[k].harm.form == "ing"):
                before = self.ends.get(k) or (self.ends.get(k - 1) if k and lower[k - 1] == "," else None)
                if before is not None and not self._free(seen) and not bits & _AUXILIARY:
                    seen = []
                    k -= 1
                    continue
                boundary_verb = k
                break
            k -= 1
        return self._group(seen, boundary_verb)

    def _describes(self, at: int) -> bool:
        """Whether a participle right after people describes them: "a soldier found across the border"."""
        following = self.tokens.classes[at + 1] if at + 1 < len(self.tokens.classes) else 0
        return at in self.ends and bool(following & _W.PREPOSITION)

    def _relative_of(self, verb: int) -> int:
        """Index of the "who" or "which" that a verb directly follows; -1 where there is none."""
        k = verb - 1
        while k > 0 and self.tokens.classes[k] & (_W.ADVERB | _AUXILIARY):
            k -= 1
        # "who was killed" right before is the subject's own clause and is handled where it is met.
        bound = k > 0 and (self.tokens.lower[k - 1] in (",", ")") or k in self.ends)
        return k if k >= 0 and self.tokens.classes[k] & _W.RELATIVE and bound else -1

    def _is_aside(self, at: int, end: int, seen: list[People]) -> bool:
        """Whether what a conjunction opens stands between subject and verb: "a nurse, while driving home, was"."""
        if self._free(seen):
            return False
        if at and self.tokens.lower[at - 1] == "," and "," in self.tokens.lower[at:end]:
            return True
        return not any(self.is_verb(k) for k in range(at + 1, end))

    def _earlier_dash(self, at: int) -> int:
        for k in range(at - 1, max(-1, at - 25), -1):
            if self.tokens.lower[k] in ("-", "--"):
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
        if people.form is Form.NAME and classes[at] & _W.AND and at and (at - 1) not in self.covers:
            # "the Bureau of Fire and Rescue": joined to another word of a name.
            return self.tokens.words[at - 1][0].isupper()
        if people.form is Form.NAME:
            # A name is a person's where it begins a phrase: "the Cairo Zoo" and "a Lagos court" are none.
            while at > 0 and classes[at] == 0 and self.tokens.words[at].islower():
                at -= 1
            if classes[at] & _W.PERSON or (at == 0 and classes[at] == 0):
                # "driver John Okoro", but not "a local Red Cross".
                return at > 0 and bool(classes[at - 1] & _W.INDEFINITE)
            return not classes[at] & (_W.COMMA | _W.AND | _W.MARK | _W.SUBORDINATE | _W.THAT | _W.ADVERB | _W.SAY)
        if people.form is Form.BARE:
            # "by TFG police": words that no list has stand between the preposition and the noun.
            while at > 0 and (classes[at] == 0 or classes[at] & _W.PARTICIPLE) and at not in self.covers:
                at -= 1
        return bool(classes[at] & (_W.PREPOSITION | _W.TO | _W.INCLUDING))

    def verb_before(self, at: int) -> int:
        """The verb that "and", a comma or a semicolon joins to the word at `at`; -1 where none is near."""
        lower, classes = self.tokens.lower, self.tokens.classes
        k = self.skip_adverbs_left(at - 1)
        while k >= 0 and (
            lower[k] in ("found", "then", "presumed", "assumed", "later", "was", "were", "but", "subsequently")
        ):
            k = self.skip_adverbs_left(k - 1)
        if k < 1 or not (classes[k] & (_W.AND | _W.COMMA) or lower[k] in (";", "(", "or", "but", "then")):
            return -1
        for j in range(k - 1, max(-1, k - 16), -1):
            if classes[j] & (_W.SUBORDINATE | _W.RELATIVE | _W.THAT) or (
                classes[j] & _W.MARK and lower[j] not in ('"', ")", "(")
            ):
                return -1
            if self.is_verb(j) and not classes[j] & (_W.BE | _W.HAVE | _W.MODAL | _W.DO):
                return j
        return -1

    def _past_relative(self, seen: list[People], at: int) -> tuple[list[People], bool]:
        """Handle "who": (people, whether they are the answer). Its antecedent, or what follows its clause."""
        lower = self.tokens.lower
        if not seen:
            end = at - 1 if at and lower[at - 1] == "," else at
            people = self.ends.get(end)
            if people is not None:
                return self._list_leftwards(people), True
            return [], False
        after_comma = [p for p in seen if p.start and lower[p.start - 1] == ","]
        if after_comma:
            return seen[seen.index(after_comma[0]) :], True
        return [], False

    def _group(self, seen: list[People], boundary_verb: int) -> list[People]:
        lower = self.tokens.lower
        self._mark_parts(seen)
        free = [p for p in self._free(seen) if not p.part]
        if not free:
            return []
        if boundary_verb >= 0 and len(free) > 1 and self._is_object(free[0], boundary_verb):
            # "attacked a patrol and two officers were killed": what follows the other verb is its object.
            joined = [p for p in free[1:] if lower[p.start - 1] in ("and", ",")]
            if joined:
                free = free[free.index(joined[0]) :]
        first = free[0]
        group = [first]
        for people in free[1:]:
            before = lower[people.start - 1] if people.start else ""
            if people.form is Form.NAME and people.start - group[-1].end > 2:
                continue
            if (
                before in ("and", "plus", "&", "as", "with")
                or (before == "," and not self._explains(group[-1], people))
                or (self.tokens.classes[people.start - 1] & _W.ADVERB if people.start else False)
            ):
                group.append(people)
        parts = self._totals_first(group)
        return self._in_apposition(parts)

    def _mark_parts(self, seen: list[People]) -> None:
        """ "three people, including a driver and two guards": whoever is listed after "including" is in the number."""
        left = -1
        for people in seen:
            before = self.tokens.lower[people.start - 1] if people.start else ""
            listed = people.form is Form.COUNT and not people.part and before not in _INCLUDING
            if listed and 0 < (people.best or 0) <= max(left, 0):
                people.part = True
                left -= people.best or 0
                continue
            if before in _INCLUDING:
                total = next((p for p in reversed(seen[: seen.index(people)]) if p.counted), None)
                left = (total.best or 0) - (people.best or 1) if total is not None else 0
                people.part = True
            elif left >= 0 and not people.part and people.form in _ONE and seen.index(people):
                people.part = True
                left -= 1

    def companions(self, at: int) -> list[People]:
        """The people after "along with" and the like, at or soon after the word at `at`."""
        lower, size = self.tokens.lower, len(self.tokens.lower)
        for k in range(at, min(size, at + 6)):
            two = lower[k : k + 2]
            if two in (["along", "with"], ["together", "with"], ["well", "as"]):
                return self.objects(k + 2)
            if lower[k : k + 3] == ["as", "well", "as"]:
                return self.objects(k + 3)
            if self.tokens.classes[k] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE | _W.SAY):
                break
        return []

    def _is_object(self, people: People, verb: int) -> bool:
        """Whether people stand so close behind a verb that they are its object and nothing joins them to the next."""
        between = self.tokens.classes[verb + 1 : people.start]
        return len(between) <= 2 and not any(bits & (_W.AND | _W.COMMA | _W.SUBORDINATE) for bits in between)

    def main_subject(self) -> list[People]:
        """The people that the sentence begins with: the subject of "... before being killed"."""
        free = self._free(self.people[:3])
        return [] if not free else self._group(free[:1], -1)

    def _explains(self, before: People, people: People) -> bool:
        """Whether people after a comma are part of those before: "12 people, four of them children"."""
        return people.part or (before.counted and people.form is Form.COUNT and people.head in ("them", "whom"))

    def _totals_first(self, group: list[People]) -> list[People]:
        """A total followed by its parts, "12 people, seven men and five women", keeps only the total."""
        first, rest = group[0], group[1:]
        counted = first.form is Form.COUNT and len(rest) >= 2 and first.best
        if counted and all(p.best for p in rest) and sum(p.best or 0 for p in rest) == first.best:
            for people in rest:
                people.part = True
            return [first]
        return group
