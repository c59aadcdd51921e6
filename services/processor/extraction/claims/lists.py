"""People beside a verb, with all members of the list that they are in."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.clause_words import ClauseWords
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_SUBJECTS = frozenset(("he", "she", "they", "we", "i"))
_CLOSES_PHRASE = _W.MARK | _W.RELATIVE | _W.SUBORDINATE | _W.SAY | _W.HARM | _W.VERB | _W.BE
_BESIDES = frozenset(
    (("along", "with"), ("together", "with"), ("well", "as"), ("as", "well", "as"), ("in", "addition", "to"),
     ("not", "including"), ("not", "counting"), ("excluding",))
)  # fmt: skip
_ON_THE_SPOT = (("at", "the", "scene"), ("on", "the", "spot"), ("at", "the", "site"), ("on", "the", "scene"),
    ("there",), ("instantly",), ("on", "impact"))  # fmt: skip
_LATER_ON = (("in", "hospital"), ("at", "hospital"), ("in", "the", "hospital"), ("at", "the", "hospital"),
    ("in", "a", "hospital"), ("at", "a", "hospital"), ("later",), ("on", "the", "way"), ("on", "arrival"))  # fmt: skip
_MAYBE = word_set("maybe")
_AGES = ("aged", "ages")
_ALIAS = ("alias", "aka", "a.k.a.", "a.k.a", "nicknamed")
_NEAR_BY = ("the", "nearby", "neighbouring", "neighboring", "northern", "southern", "eastern", "western", "central")
_FARTHEST_PLACE = 6
"""Words that the name of a place may have in "12 died in Port Said, four in Suez"."""
_DATE = _W.WEEKDAY | _W.MONTH
_ORDINALS = word_set("ordinals") | {"first"}
_OTHERS_OWN = ("relative", "worker", "police", "child")
"""Classes of people.tsv that "his" and "her" make another person, and not a description: "their leader" is one."""
_NEAR, _COMPANIONS = 6, 20
"""Words after a verb within which "along with" is looked for."""
_LONGEST_BRACKET = 8
"""Words in brackets beyond which companions may be told: "killed at 8.15 (1415 GMT), along with two guards"."""
ONE_PERSON = (Form.SINGULAR, Form.NAME, Form.DEFINITE)


@dataclass(slots=True)
class ListedPeople(ClauseWords):
    """Finds the lists of people that end before a word or begin after it."""

    def adjacent_left(self, at: int) -> list[People]:
        """The people, or the list of people, that end right before the word at `at`."""
        end = self.skip_adverbs_left(at - 1) + 1
        if self.tokens.lower[end - 2 : end] == ["on", "board"]:
            end -= 2
        elif self.tokens.lower[end - 1 : end] == ["aboard"]:
            end -= 1
        people = self.ends.get(end)
        if people is not None and people.part:
            people = self._of_which_part(people)
        if people is None and end > 0 and self.tokens.lower[end - 1] == ",":
            people = self._before_aside(end - 1)
        if people is None and end > 1 and self.tokens.lower[end - 1] == "," and self.tokens.lower[end - 2].isdigit():
            # "found the suspect, 33, dead"
            people = self.ends.get(end - 1)
        if people is None and end > 0:
            people = self._of_a_body(end)
        if people is None or (people.form is Form.NAME and self._governed(people)):
            return []
        return self._list_leftwards(people)

    def _of_which_part(self, part: People) -> People:
        """Those whom a list opened by "including" is a part of: "five people(,) including the pilot, died"."""
        classes, first = self.tokens.classes, part
        while first.start > 1 and not classes[first.start - 1] & _W.INCLUDING:
            gap = self._connector_left(first.start)
            before = self.ends.get(gap) if gap is not None else None
            if before is None:
                return part
            first = before
        at = first.start - 1
        return self.ends.get(at) or self.ends.get(at - (self.tokens.lower[at - 1] == ",")) or part

    def _of_a_body(self, end: int) -> People | None:
        """Those who are told of with their body: the "Staff member" of "Staff member of UNRWA killed in Gaza"."""
        lower, at = self.tokens.lower, end - 1
        while at > 0 and end - at < _FARTHEST_PLACE and self.tokens.words[at][0].isupper() and at not in self.covers:
            at -= 1
        if at == end - 1 or lower[at] not in ("of", "for", "with", "from"):
            return None
        people = self.ends.get(at)
        return people if people is not None and people.form in (Form.SINGULAR, Form.COUNT) else None

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
        if last.head in ("whom", "which"):
            # "wounded 60, four of whom later died"
            return group
        if last.form is Form.COUNT and not last.head and last.start and self.tokens.lower[last.start - 1] == ",":
            # "31 freed, two dead": a number alone after a comma begins another statement.
            return group
        while True:
            first = group[0]
            gap = self._connector_left(first.start)
            people = self.ends.get(self._before_ages(gap)) if gap is not None else None
            if people is None or (people.form in (Form.DEFINITE, Form.PRONOUN) and not people.counted):
                break
            if (people.form is Form.NAME or (not last.head and last.counted)) and self._governed(people):
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

    def _before_ages(self, end: int) -> int:
        """Where the people end whose ages end at `end`: "three sisters aged four, six and nine"."""
        lower, classes, at = self.tokens.lower, self.tokens.classes, end - 1
        while at > 0 and classes[at] & (_W.NUMBER | _W.COMMA | _W.AND):
            at -= 1
        if at == end - 1 or at < 1 or lower[at] not in _AGES:
            return end
        return at - (lower[at - 1] == ",")

    def objects(self, at: int) -> list[People]:
        """The people, with all members of their list, that begin at `at` or after adverbs there."""
        size = len(self.tokens.lower)
        while (
            at < size
            and at not in self.starts
            and (self.tokens.classes[at] & _W.ADVERB or self.tokens.lower[at] in ('"', "'"))
        ):
            at += 1
        if self.tokens.lower[at : at + 1] == ["on"] and at + 2 < size and self.tokens.classes[at + 1] & _W.WEEKDAY:
            # "declared dead on Thursday the seven miners"
            later = self.starts.get(at + 2)
            at += 2 if later is not None and later.form is Form.COUNT and later.head else 0
        people = self.starts.get(at)
        if people is None and at < size and self.tokens.lower[at] == "a":
            counted = self.starts.get(at + 1)
            if counted is not None and counted.form is Form.COUNT:
                # "a group of 48 rice farmers", which begins with the group
                at, people = at + 1, counted
        if people is None:
            return []
        group, last, left, whole = [people], people, 0, 0
        of_noun = self.tokens.lower[at - 1 : at] == ["of"]
        while True:
            following = self._next_in_list(last, of_noun)
            if following is None or self.tokens.lower[following.start] in _SUBJECTS:
                # "the murder of two men in Gao, and he said": no object
                return self._in_apposition(self._totals_first(group))
            # "85 people, including 75 civilians and 13 soldiers": whoever adds up badly still lists them.
            joined = last.part and following.start - last.end == 1 and following.kind != "attacker"
            if not following.part and 0 < (following.best or 0) <= (whole if joined else left):
                following.part = True
                left = max(0, left - (following.best or 0))
            elif following.part:
                whole = last.best or 0
                left = whole - (following.best or 1)
            if following.part:
                last = following
                continue
            group.append(following)
            last = following

    def _verb_is_the_nouns(self, at: int) -> bool:
        """Whether the verb at `at` is said of the noun that a list hangs on: "the murder of a man and his wife was"."""
        return bool(self.tokens.classes[at] & (_W.BE | _W.HAVE)) and at + 1 not in self.harms

    def _next_in_list(self, last: People, of_noun: bool) -> People | None:
        lower, classes, size = self.tokens.lower, self.tokens.classes, len(self.tokens.lower)
        at = last.end
        # A phrase that belongs to the people before it: "of the 5th brigade", "from Gao", "aged 12".
        stop, after_phrase = min(size, at + 9), False
        if at < size and (classes[at] & _W.PREPOSITION or lower[at] == "aged" or lower[at] == "("):
            while (
                at < stop
                and lower[at] not in (",", "and")
                and (classes[at] & _W.PREPOSITION or not classes[at] & _CLOSES_PHRASE)
            ):
                at, after_phrase = at + 1, True
        if at >= size:
            return None
        comma = lower[at] == ","
        if comma and last.form is Form.NAME and lower[at + 1 : at + 2] and lower[at + 1] in _ALIAS:
            # "Rolando Paz, alias the Goat, and 15 others"
            at = next((k for k in range(at + 2, min(size, at + 8)) if lower[k] == ","), at)
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
            if lower[at] in _MAYBE:
                # "one clerk and possibly two others": it is not known of the others.
                return None
            at += 1
        people = self.starts.get(at)
        if people is None or not (comma or joined):
            return None
        if not people.head and people.end in self.harms and self.harms[people.end].harm.form in ("count", "noun"):
            # "the deaths of 125 people and at least 180 injuries"
            return None
        if self.begins_clause(people) and not (of_noun and joined and self._verb_is_the_nouns(people.end)):
            return None
        new_subject = people.form in (Form.DEFINITE, Form.BARE) and not joined
        if after_phrase and (people.form is Form.NAME or new_subject):
            return None
        if people.form in (Form.DEFINITE, Form.PRONOUN) and not people.counted and not joined:
            return None
        if people.form is Form.COUNT and people.head == "" and not joined and not self._is_place_sum(people):
            return None
        return people

    def _is_place_sum(self, people: People) -> bool:
        """Whether a place is named for a number: "nine in Jos", and not "12 in the second"."""
        lower, at = self.tokens.lower, people.end + 1
        if at >= len(lower) or lower[at - 1] not in ("in", "at", "near", "from"):
            return False
        while at + 1 < len(lower) and lower[at] in _NEAR_BY:
            at += 1
        return self.tokens.words[at][0].isupper() and lower[at] not in _ORDINALS and not self.tokens.classes[at] & _DATE

    def _in_apposition(self, group: list[People]) -> list[People]:
        """Drop what only says again who somebody is: "Musa Bello, a teacher, and two pupils"."""
        lower, kept = self.tokens.lower, list[People]()
        described = False
        if len(group) == 2 and group[0].best == 1 and group[1].form in ONE_PERSON and lower[group[1].start - 1] == ",":
            # No "and" joins them: "one officer, the deputy commander, died".
            return group[:1]
        if len(group) == 2 and group[0].form is Form.COUNT and lower[group[1].start - 1] == ",":
            # "All eight crew members, Ukrainian citizens, were killed"
            return group[:1] if group[1].form in (Form.NAME, Form.BARE) else group
        for number, people in enumerate(group):
            before = kept[-1] if kept else None
            comma = people.start > 0 and lower[people.start - 1] == ","
            last = number + 1 == len(group)
            if before is not None and comma and self._is_role(people) and before.best == 1:
                # "the cleric Ali Noor, rector of a college, five others and ..."
                continue
            if before is not None and before.form is Form.NAME and people.form in (Form.SINGULAR, Form.DEFINITE):
                own = self._belongs(people) and not (last and comma)
                if not own and (comma or (described and last)):
                    described = True
                    continue
            elif before is not None and people.form is Form.NAME and before.form in (Form.SINGULAR, Form.DEFINITE):
                after = lower[people.end] if people.end < len(lower) else "."
                if comma and after in (",", ".", ")", ";"):
                    continue
            described = False
            kept.append(people)
        return kept

    def _is_role(self, people: People) -> bool:
        """Whether people are told of by a bare noun in the singular with "of" after it, which only says who one is."""
        bare = people.form is Form.SINGULAR and people.end - people.start == 1
        return bare and self.tokens.lower[people.end : people.end + 1] == ["of"]

    def _belongs(self, people: People) -> bool:
        """Whether somebody is told of as another's: "Hernan Trejo, his wife, and their driver" are three."""
        return people.kind in _OTHERS_OWN and self.tokens.lower[people.start] in ("his", "her", "their")

    def _totals_first(self, group: list[People]) -> list[People]:
        """A total followed by its parts, "12 people, seven men and five women", keeps only the total."""
        first, rest = group[0], group[1:]
        counted = first.form is Form.COUNT and len(rest) >= 2 and first.best
        if counted and all(p.best for p in rest) and sum(p.best or 0 for p in rest) == first.best:
            for people in rest:
                people.part = True
            return [first]
        return group

    def companions(self, at: int) -> list[People]:
        """Who shared a subject's fate, told soon after `at`: "along with", "not counting", "four in Jos".

        Further off only where a comma parts it: "was killed near his home on Sunday, along with two guards".
        """
        lower, size, bracketed = self.tokens.lower, len(self.tokens.lower), False
        for k in range(at, min(size, at + _COMPANIONS)):
            if k < at + _NEAR or lower[k - 1] == ",":
                two = lower[k : k + 2]
                if two in (
                    ["along", "with"],
                    ["together", "with"],
                    ["well", "as"],
                    ["not", "including"],
                    ["not", "counting"],
                ):
                    return self._taken_along(k + 2)
                if lower[k : k + 3] in (["as", "well", "as"], ["in", "addition", "to"]):
                    return self._taken_along(k + 3)
                if lower[k] == "with" and k + 1 < size and lower[k + 1] in ("his", "her", "their"):
                    family = [p for p in self.objects(k + 1) if p.kind in ("relative", "child")]
                    if family:
                        return family
                if lower[k] == "excluding":
                    return self._taken_along(k + 1)
            if lower[k] == ")":
                bracketed = False
            elif lower[k] == "(" and ")" in lower[k : k + _LONGEST_BRACKET]:
                bracketed = True
            elif not bracketed and self.tokens.classes[k] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE | _W.SAY):
                break
        return self._elsewhere(at) or self._later(at)

    def _later(self, at: int) -> list[People]:
        """Who died elsewhere than on the spot: "31 died at the scene and two in hospital"."""
        lower = self.tokens.lower
        there = next((phrase for phrase in _ON_THE_SPOT if tuple(lower[at : at + len(phrase)]) == phrase), None)
        if there is None:
            return []
        at += len(there)
        at += lower[at : at + 1] == [","]
        at += lower[at : at + 1] == ["and"]
        people = self.starts.get(at)
        if people is None or people.form not in (Form.COUNT, Form.SINGULAR) or people.best is None:
            return []
        told = any(tuple(lower[people.end : people.end + len(phrase)]) == phrase for phrase in _LATER_ON)
        return [people] if told else []

    def _taken_along(self, at: int) -> list[People]:
        people = self.objects(at)
        if people and self._is_hurt_besides(people[-1]):
            return []
        for one in people:
            one.part = False
        return people

    def _is_hurt_besides(self, people: People) -> bool:
        """ "left three dead, in addition to 10 injured": those are not dead."""
        harm = self.harms.get(people.end)
        return people.hurt or (harm is not None and harm.harm.kind is ClaimKind.WOUNDED)

    def _elsewhere(self, at: int) -> list[People]:
        """The dead of other places: "died in Hidalgo, four in Puebla and one in Veracruz"."""
        lower, classes, size = self.tokens.lower, self.tokens.classes, len(self.tokens.lower)
        found: list[People] = []
        while at < size and classes[at] & _W.PREPOSITION:
            stop = min(size, at + _FARTHEST_PLACE)
            at += 1
            while at < stop and lower[at] not in (",", "and") and not classes[at] & _CLOSES_PHRASE:
                at += 1
            joined = at < size and lower[at] in (",", "and")
            at += joined + (lower[at : at + 2] == [",", "and"])
            people = self.starts.get(at) if joined else None
            if people is None or people.form is not Form.COUNT or not self._is_place_sum(people):
                break
            if people.head not in ("", "others", "people", "persons"):
                break
            found.append(people)
            at = people.end
        ended = at >= size or lower[at] in (",", ";", ".", "-", "--", ")", '"') or classes[at] & _W.SUBORDINATE
        return found if ended else []
