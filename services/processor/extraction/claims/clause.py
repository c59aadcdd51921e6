"""The subject of a verb: the people to its left that no other verb and no preposition claims."""

from __future__ import annotations

from dataclasses import dataclass

from services.processor.extraction.claims.clause_words import AUXILIARY
from services.processor.extraction.claims.lists import ONE_PERSON, ListedPeople
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_NO_NOUN = _W.SAY | _W.PREPOSITION | _W.ADVERB | _W.COMMA | _W.MARK | _W.PRONOUN
_WHOM = ("whom", "which", "them")
_NO_SUBJECTS = ("him", "them", "us", "me")
_LONGEST_DATELINE = 8
"""Words before the agency."""
_INCLUDING = ("including", "includes", "included", "include")


@dataclass(slots=True)
class Clauses(ListedPeople):
    """A sentence with its people and harm words; answers who is the subject or the object of what."""

    def subject(self, at: int) -> list[People]:
        """The people who are the subject of the verb group that begins at `at`; empty where none can be told.

        Walks left to the start of the clause: past phrases in brackets and relative clauses, to the nearest verb,
        conjunction or mark that closes another clause.
        """
        lower, classes = self.tokens.lower, self.tokens.classes
        k = self.skip_adverbs_left(at - 1)
        if k >= 0 and lower[k] == "it":
            # "it was shot": whatever it is, it is no person.
            return []
        if k >= 0 and lower[k] == ",":
            k = self.before_of_whom(k)
        seen: list[People] = []
        boundary_verb = -1
        while k >= 0:
            people = self.covers.get(k)
            if people is not None and people.form is Form.PRONOUN and lower[people.start] in _NO_SUBJECTS:
                # "a neighbour who tried to save them died"
                k = people.start - 1
                continue
            if people is not None:
                if not seen and self.of_whom(people) and lower[people.end : people.end + 1] != [","]:
                    return [people]
                seen.insert(0, people)
                k = people.start - 1
                continue
            bits, word = classes[k], lower[k]
            if word == ")":
                opening = self._opening(k)
                if opening < 0 or self._ends_dateline(opening):
                    break
                k = opening - 1
                continue
            if word in ("-", "--") and (opening := self._earlier_dash(k)) >= 0:
                k = opening - 1
                continue
            if word == ";" and (people := self.ends.get(k)) is not None and people.form is Form.NAME and seen:
                # "Jessica Hart, 33; Dwayne Cole, 29; and Marcus Bell, 40, were killed"
                k -= 1
                continue
            if word == "-" and k and lower[k - 1].isdigit() and lower[k + 1 : k + 2] and lower[k + 1].isdigit():
                # "six pupils aged 12-14 were injured"
                k -= 1
                continue
            if bits & _W.MARK and word not in ('"', "'", "'s", "/", "[", "]", "."):
                break
            if bits & _W.RELATIVE and k and classes[k - 1] & _W.PREPOSITION and lower[k - 1] != "of":
                # "the attack in which 12 people were killed" has its subject.
                break
            if bits & _W.THAT and not seen and k in self.ends:
                return self._list_leftwards(self.ends[k])
            if bits & _W.RELATIVE and word != "whose":
                seen, done = self._past_relative(seen, k)
                if done:
                    # "the funeral of six priests, who were killed": of whom a clause tells, no preposition takes away.
                    return self._group(seen, -1) or [
                        p for p in seen if p.form in (Form.COUNT, Form.SINGULAR) and not p.part
                    ]
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
            told = bits & _W.SAY and not (k and classes[k - 1] & _W.BE)
            # "three passengers who were found in the sea died": nobody says anything there.
            if told or bits & _W.THAT or (bits & _W.SUBORDINATE and not (bits & _W.PREPOSITION)):
                break
            relative = self._relative_of(k) if self.is_verb(k) else -1
            if relative >= 0 and (not self._free(seen) or self._object_of(k, seen, at)):
                seen, k = [], relative - 1
                continue
            if self.is_verb(k) or (k in self.harms and self.harms[k].harm.form == "ing"):
                before = self.ends.get(k) or (self.ends.get(k - 1) if k and lower[k - 1] == "," else None)
                if before is not None and not self._free(seen) and not bits & AUXILIARY:
                    seen = []
                    k -= 1
                    continue
                if seen and seen[0].start == k + 1 and at and lower[at - 1] == ",":
                    # "who got 200 people out of the barn, died": they are the object of a clause that ends here.
                    return []
                boundary_verb = k
                break
            k -= 1
        return self._group(seen, boundary_verb)

    def _ends_dateline(self, opening: int) -> bool:
        """Whether a bracket holds the agency of a dateline that no dash ends: "Raipur, Jan 6 (IANS) Two men were"."""
        dated = any(bits & _W.MONTH for bits in self.tokens.classes[:opening])
        return dated and opening <= _LONGEST_DATELINE and self.tokens.words[opening + 1].isupper()

    def of_whom(self, people: People) -> bool:
        """Whether people are some of those told of before: "12 students, five of whom", "of whom five"."""
        before = self.tokens.lower[max(0, people.start - 2) : people.start]
        counted = people.head in _WHOM and people.form is Form.COUNT
        return counted or (before[:1] == ["of"] and before[1:2] in (["whom"], ["which"]))

    def _describes(self, at: int) -> bool:
        """Whether a participle right after people describes them: "a soldier found across the border"."""
        following = self.tokens.classes[at + 1] if at + 1 < len(self.tokens.classes) else 0
        return at in self.ends and bool(following & _W.PREPOSITION)

    def _object_of(self, verb: int, seen: list[People], at: int) -> bool:
        """Whether the only people after the verb of a relative clause are its object: "the man who shot ten, died"."""
        lower = self.tokens.lower
        return len(seen) == 1 and seen[0].start == verb + 1 and "and" not in lower[seen[0].end : at]

    def _relative_of(self, verb: int) -> int:
        """Index of the "who" or "which" that a verb directly follows; -1 where there is none."""
        k = verb - 1
        while k > 0 and (self.tokens.classes[k] & (_W.ADVERB | AUXILIARY | _W.TO) or self._leads_on(k)):
            k -= 1
        # "who was killed" right before is the subject's own clause and is handled where it is met.
        bound = k > 0 and (self.tokens.lower[k - 1] in (",", ")") or k in self.ends)
        if k > 0 and self.tokens.classes[k] & _W.THAT and verb == k + 1:
            # "all 19 on board a plane that crashed are dead"; not "said that"
            return k if not self.tokens.classes[k - 1] & _NO_NOUN and not self.is_verb(k - 1) else -1
        return k if k >= 0 and self.tokens.classes[k] & _W.RELATIVE and bound else -1

    def _leads_on(self, at: int) -> bool:
        """Whether a verb goes on with another: the "tried" of "who tried to flee"."""
        return self.is_verb(at) and bool(self.tokens.classes[at + 1] & _W.TO)

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

    def _past_relative(self, seen: list[People], at: int) -> tuple[list[People], bool]:
        """Handle "who": (people, whether they are the answer). Its antecedent, or what follows its clause."""
        lower = self.tokens.lower
        if not seen:
            end = at - 1 if at and lower[at - 1] == "," else at
            people = self.ends.get(end)
            while people is not None and people.part and people.start and lower[people.start - 1] == ",":
                # "six priests, five of them Spaniards, who were killed"
                people = self.ends.get(people.start - 1)
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
        free = [p for p in self._free(seen) if not p.part or p.hurt]
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
            if before == "," and people.form is Form.COUNT and not people.head and group[-1].form is Form.NAME:
                # "Storm lashes Bohol, two reported dead": a number alone after a comma begins another statement.
                group = [people]
                continue
            if (
                before in ("and", "plus", "&", "as", "with", ";")
                or (before == "," and not self._explains(group[-1], people))
                or (self.tokens.classes[people.start - 1] & _W.ADVERB if people.start else False)
            ):
                group.append(people)
        last = group[-1]
        bare = last.form is Form.COUNT and not last.head and lower[last.start - 1] == ","
        if bare and first.head and (last.best or 0) < (first.best or 0):
            # "found two victims at the scene, one was dead": one of those told of before
            return [last]
        parts = self._totals_first(group)
        return self._in_apposition(parts)

    def _mark_parts(self, seen: list[People]) -> None:
        """ "three people, including a driver and two guards": whoever is listed after "including" is in the number."""
        left = whole = -1
        for people in seen:
            before = self.tokens.lower[people.start - 1] if people.start else ""
            listed = people.form is Form.COUNT and not people.part and before not in _INCLUDING
            # "85 people, including 75 civilians and 13 soldiers": whoever adds up badly still lists them.
            joined = before == "and" and people.start - 1 in self.ends and people.kind != "attacker"
            if listed and 0 < (people.best or 0) <= (whole if joined and left >= 0 else max(left, 0)):
                people.part = True
                left = max(0, left - (people.best or 0))
                continue
            among = before == "them" and self.tokens.lower[people.start - 2 : people.start - 1] == ["among"]
            if before in _INCLUDING or among:
                # "62 people, among them 14 women and seven children, were killed"
                total = next((p for p in reversed(seen[: seen.index(people)]) if p.counted), None)
                whole = (total.best or 0) if total is not None else 0
                left = whole - (people.best or 1) if total is not None else 0
                people.part = True
            elif left >= 0 and not people.part and people.form in ONE_PERSON and seen.index(people):
                people.part = True
                left -= 1

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
