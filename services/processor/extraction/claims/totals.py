"""Numbers of a sentence that are the whole of what it tells of: the others in it are parts of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.clause_words import AUXILIARY
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.stated_numbers import their_number
from services.processor.extraction.wordlists import WordClass, word_set

_WHOLE_AFTER = (
    ["on", "both", "sides"],
    ["from", "both", "sides"],
    ["in", "all"],
    ["in", "total"],
    ["altogether"],
    ["overall"],
    ["all", "told"],
)
_SUMS_UP = (["so", "that"], ["in", "all"], ["in", "total"], [";", "so"], [",", "so"], ["and", "so"])
_MAKES = word_set("makes_a_sum")
_COUNTS = word_set("counts_the_dead")
_GENERAL = word_set("general_people")
_CONDITION = ("condition", "intensive care", "lives", "life")
"""How phrases of harm.tsv end that say how badly somebody is hurt: "in serious condition", "fighting for life"."""
_THE_HURT = frozenset(("wounded", "injured", "hurt", "hospitalised", "hospitalized"))
_SELVES = ("himself", "herself")
_AFTER = frozenset(("after", "when", "in"))
_LAST = frozenset(("last", "final", "remaining"))
_LONGEST = 5
"""Words of a number."""
_NOW = 3
"""Words before a number among which "now" says that it is the count so far."""


def count_them_all(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """In "she is one of 13 people who have died" and "one of 13 people killed" the harm is said of all thirteen."""
    for finding in findings:
        finding.people = [their_number(clauses, _all_of(clauses, finding, people)) for people in finding.people]


def _all_of(clauses: Clauses, finding: Finding, people: People) -> People:
    whole = people.out_of
    if whole is None or whole.best <= (people.best or 0) or not _says_of_all(clauses, finding, people.end):
        return people
    return replace(people, low=whole.low, best=whole.best, high=whole.high, modifier=whole.modifier, part=False)


def _says_of_all(clauses: Clauses, finding: Finding, end: int) -> bool:
    """Whether a harm word describes the people that end right before it, and not those picked out of them."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if lower[end : end + 1] in (["who"], ["that"]):
        between = range(end + 1, finding.at[0])
        return finding.at[0] > end and all(classes[k] & (AUXILIARY | WordClass.ADVERB) for k in between)
    return finding.voice == "reduced" and end == finding.at[0]


def mark_totals(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """Mark the people of `findings` that are a whole (`total`), and those that are a part of one (`part`).

    A whole is what is counted "now" or "in all", what comes of "two more died", and what is broken down after a colon.
    Some of those told of before are a part only of those harmed alike: of 12 kidnapped, five were murdered.
    """
    for finding in findings:
        one = finding.people[0]
        if one.part and clauses.of_whom(one):
            others = [f for f in findings if f is not finding and not f.casualties]
            alike = [f.people[0].best for f in others if f.kind is finding.kind]
            one.part = any((best or 0) >= (one.best or 0) for best in alike)
    for kind in (ClaimKind.KILLED, ClaimKind.WOUNDED):
        mine = [finding for finding in findings if finding.kind is kind]
        if len(mine) > 1:
            _mark_broken_down(clauses, mine)
            _mark_sum_of_more(mine)
            _mark_more_among(clauses, mine)
        for finding in mine:
            for people in finding.people:
                people.total = people.total or _is_whole(clauses, finding, people)
    _mark_found_dead(clauses, findings)
    _mark_condition(findings)
    _mark_last(clauses, findings)
    _mark_numbered(clauses, findings)
    _mark_those_with_whom(clauses, findings)
    _mark_of_the_hurt(clauses, findings)
    for finding in findings:
        if finding.voice == "reduced" and len(finding.people) == 1:
            _mark_some_of(clauses, finding)


def _mark_some_of(clauses: Clauses, finding: Finding) -> None:
    """ "Three of the servicemen killed were from London": some of those told of before."""
    people, lower = finding.people[0], clauses.tokens.lower
    of = lower[people.number + 1 : people.number + 3] if people.number >= 0 else []
    described = finding.at[0] == people.end and clauses.tokens.classes[finding.at[1] : finding.at[1] + 1]
    if of in (["of", "the"], ["of", "those"]) and described and described[0] & WordClass.BE:
        people.part = True


def _mark_last(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "a blast that killed 29, hours after the bodies of the last four were found": the four are among the 29."""
    dead = [(finding, people) for finding in findings if finding.kind is ClaimKind.KILLED for people in finding.people]
    for finding, people in dead:
        words = clauses.tokens.lower[max(0, people.start - 1) : max(people.start, people.number)]
        if not _LAST.isdisjoint(words) and any(
            f is not finding and (other.best or 0) > (people.best or 0) for f, other in dead
        ):
            people.part = True


def _mark_numbered(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "a nurse died in hospital, the 21st victim of the fire": the nurse is the last of the 21."""
    numbered = [f.people[0] for f in findings if f.predicate.harm.pattern in ("nth", "mourned") and f.voice == "toll"]
    for last in numbered:
        if clauses.tokens.lower[last.start - 1 : last.start] != [","]:
            continue
        for finding in findings:
            for people in finding.people:
                if finding.kind is ClaimKind.KILLED and people.best == 1 and people.end <= last.start:
                    people.part, last.total = True, True


def _mark_those_with_whom(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "With the 12 bodies found so far, the fire has killed 35": the 12 are among the 35."""
    lower = clauses.tokens.lower
    if lower[:1] not in (["with"], ["counting"], ["including"]) or "," not in lower:
        return
    comma = lower.index(",")
    if lower[1:comma] in (["him"], ["her"], ["them"], ["this"], ["these"]):
        # "With him, 54 people died": he is one of them.
        for finding in findings:
            for people in finding.people:
                people.total = people.total or (people.start > comma and people.form is Form.COUNT)
    for finding in findings:
        for people in finding.people:
            later = [f for f in findings if f.kind is finding.kind and f.people[0].start > comma]
            if people.end <= comma and any((f.people[0].best or 0) > (people.best or 0) for f in later):
                people.part = True


def _mark_of_the_hurt(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "Four of the wounded had died, and 21 soldiers had given their lives": the four are among the 21."""
    lower = clauses.tokens.lower
    dead = [(finding, people) for finding in findings if finding.kind is ClaimKind.KILLED for people in finding.people]
    for finding, people in dead:
        after = lower[people.number + 1 : people.number + 5] if people.number >= 0 else []
        hurt = after[:1] == ["of"] and not _THE_HURT.isdisjoint(after)
        if hurt and any(other is not finding and (one.best or 0) > (people.best or 0) for other, one in dead):
            people.part = True


def _mark_condition(findings: Sequence[Finding]) -> None:
    """ "Eight others were injured, with two in serious condition": the two are among those hurt."""
    hurt = 0
    for finding in findings:
        if finding.kind is not ClaimKind.WOUNDED:
            continue
        people = finding.people[0]
        if hurt >= (people.best or 0) > 0 and finding.predicate.harm.lemma.endswith(_CONDITION) and not people.more:
            people.part = True
        hurt = max(hurt, people.best or 0)


def _mark_found_dead(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "Five people were found dead after a man shot his wife and children before killing himself" are five in all.

    Whoever was shot and whoever shot them lay there.
    """
    himself = [f for f in findings if f.kind is ClaimKind.KILLED and f.people[0].head in _SELVES]
    if not himself:
        return
    for finding in findings:
        counted = finding.people[0].form is Form.COUNT and (finding.people[0].best or 0) > 1
        if finding.predicate.harm.lemma != "dead" or finding.voice != "passive" or not counted:
            continue
        if finding.at[1] > himself[-1].at[0] or not _AFTER.intersection(
            clauses.tokens.lower[finding.at[1] : himself[-1].at[0]]
        ):
            continue
        finding.people[0].total = True
        for other in findings:
            if other.kind is ClaimKind.WOUNDED and other.predicate.harm.pattern == "result":
                for people in other.people:
                    people.part = True


def _is_whole(clauses: Clauses, finding: Finding, people: People) -> bool:
    if people.form is not Form.COUNT or people.more or people.part or (people.best or 0) < 2:
        return False
    lower = clauses.tokens.lower
    end = max(people.end, finding.at[1])
    if any(lower[end : end + len(words)] == words for words in _WHOLE_AFTER) or _counts_attacker(clauses, end):
        return True
    if lower[max(0, people.start - 2) : people.start] in _SUMS_UP:
        # "Two died in hospital, so that thirteen men have been killed": the two are among them.
        return True
    if people.start and lower[people.start - 1] in _MAKES and not people.head:
        # "one died of snakebite, which makes four dead"
        return True
    now = "now" in lower[max(0, people.start - _NOW) : people.start] or "now" in lower[people.end : finding.at[0]]
    return now and not _still_held(clauses, people)


def _counts_attacker(clauses: Clauses, end: int) -> bool:
    """ "six people are dead, counting the shooter": whoever did it is in the number."""
    lower = clauses.tokens.lower
    at = end + (lower[end : end + 1] == [","])
    if lower[at : at + 1] not in (["counting"], ["including"]):
        return False
    listed = clauses.objects(at + 1)
    return any(people.kind == "attacker" or people.head in ("himself", "herself") for people in listed)


def _still_held(clauses: Clauses, people: People) -> bool:
    """ "now killing ten a day" and "now have killed another": not a count so far."""
    following = clauses.tokens.lower[people.end : people.end + 2]
    return following[:1] in (["a"], ["per"], ["every"], ["each"])


def _mark_broken_down(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "54 people died: 41 attackers and 13 soldiers": after the colon stand the parts of the number before it."""
    lower = clauses.tokens.lower
    colons = [at for at, word in enumerate(lower) if word == ":"]
    if len(colons) != 1:
        return
    before = [p for f in findings if f.at[1] <= colons[0] for p in f.people if p.end <= colons[0]]
    after = [p for f in findings for p in f.people if p.start > colons[0]]
    whole = max(before, key=lambda people: people.best or 0, default=None)
    if whole is None or not after or whole.form is not Form.COUNT or whole.more:
        return
    if sum(people.best or 0 for people in after) > (whole.best or 0):
        return
    whole.total = True
    for people in after:
        people.part = people.kind != "attacker"


def attackers_among(clauses: Clauses, findings: Sequence[Finding]) -> list[Finding]:
    """The attackers in a plain list after a colon, "19 people died: 12 attackers and seven soldiers"."""
    lower = clauses.tokens.lower
    at = lower.index(":") if lower.count(":") == 1 else -1
    told = [f for f in findings if f.kind is ClaimKind.KILLED]
    if at < 0 or not told or told[-1].at[1] > at or max(p.end for p in told[-1].people) > at:
        return []
    parts = clauses.objects(at + 1)
    whole = told[-1].people[0]
    if whole.best is None or sum(people.best or 0 for people in parts) != whole.best:
        return []
    whole.total = True
    attackers = [people for people in parts if people.kind == "attacker"]
    return [replace(told[-1], people=attackers, at=(at, at + 1))] if attackers else []


def _mark_sum_of_more(findings: Sequence[Finding]) -> None:
    """ "two more died, and with that the battle has cost 58 lives": further people, then the whole with them."""
    more = 0
    for finding in findings:
        for people in finding.people:
            best = people.best or 0
            if people.more:
                more = max(more, best)
            elif more and best > more and people.form is Form.COUNT and not people.part and _of_all(people):
                people.total = True


def _mark_more_among(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "23 deaths are confirmed after eight more bodies were found": the eight are among the 23."""
    whole: People | None = None
    for finding in findings:
        for people in finding.people:
            if whole is not None and people.more and (people.best or 0) < (whole.best or 0):
                # "31 prisoners died, after 18 more bodies were found": bodies are nobody else's than those of the dead.
                alike = _of_all(whole) or finding.predicate.harm.lemma == "body"
                part = alike and "after" in clauses.tokens.lower[whole.end : people.start]
                people.part = people.part or part
            elif people.form is Form.COUNT and not people.more and not people.part:
                whole = people if whole is None or _of_all(people) else whole


def mark_bracketed(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "four were killed (three shot and one beheaded)": numbers in brackets are parts of the one before them."""
    lower = clauses.tokens.lower
    if "(" not in lower:
        return
    for number, finding in enumerate(findings):
        before = lower[: finding.at[0]]
        if before.count("(") <= before.count(")"):
            continue
        opened = len(before) - 1 - before[::-1].index("(")
        totals = [f.people[0].best or 0 for f in findings[:number] if f.kind is finding.kind and f.at[1] <= opened]
        for people in finding.people:
            people.part = people.part or (people.best or 0) < max(totals, default=0)


def _of_all(people: People) -> bool:
    """Whether a number is of nobody in particular: "so that 18 people have lost their lives"."""
    return not people.head or people.head in _GENERAL
