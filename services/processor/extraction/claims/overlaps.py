"""Harm words of one sentence that are said of the same people: the wounded who died, the dead who had been shot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.claims.totals import mark_bracketed
from services.processor.extraction.wordlists import WordClass

_W = WordClass
_JOINED = frozenset(("and", "or", "but", "feared", "presumed", "believed"))


def without_dying(findings: Sequence[Finding]) -> list[Finding]:
    """Without those in hospital who died there, "31 died at the scene and two in hospital", and the wounded who died:
    "a soldier wounded in the raid died on Friday"."""
    died = {id(people) for finding in findings if finding.voice == "subject" for people in finding.people}
    return [
        finding
        for finding in findings
        if finding.kind is not ClaimKind.WOUNDED
        or (finding.predicate.harm.pattern != "state" and finding.voice != "reduced")
        or not any(id(people) in died for people in finding.people)
    ]


def without_found(clauses: Clauses, findings: Sequence[Finding]) -> list[Finding]:
    """Without those missing who were found: "seven of the nine men missing since Monday have been found dead".

    Those "missing and feared dead" are missing still.
    """
    dead = [finding for finding in findings if finding.kind is ClaimKind.KILLED]
    return [
        finding
        for finding in findings
        if finding.kind is not ClaimKind.MISSING or not any(_same_people(clauses, finding, one) for one in dead)
    ]


def _same_people(clauses: Clauses, missing: Finding, dead: Finding) -> bool:
    first, last = sorted((missing.at, dead.at))
    between = clauses.tokens.lower[first[1] : last[0]]
    mine = {id(people) for people in missing.people}
    return _JOINED.isdisjoint(between) and any(id(people) in mine for people in dead.people)


def all_of_the_dead(clauses: Clauses, finding: Finding, findings: Sequence[Finding]) -> bool:
    """ "The 12 people killed were all shot": they are no wounded besides."""
    first = finding.people[0].start
    if finding.predicate.harm.pattern != "result" or clauses.tokens.lower[first] not in ("all", "both", "each"):
        return False
    before = clauses.subject(first - 1) if first and clauses.tokens.classes[first - 1] & _W.BE else []
    dead = {id(people) for one in findings if one.kind is ClaimKind.KILLED for people in one.people}
    return any(id(people) in dead for people in before)


def mark_either(clauses: Clauses, findings: Sequence[Finding]) -> None:
    """ "57 are dead or missing", "30 were killed or wounded": nobody knows how many of them are dead."""
    for finding in findings:
        end = finding.at[1]
        other = clauses.harms.get(end + 1) if clauses.tokens.lower[end : end + 1] == ["or"] else None
        if other is None or other.harm.kind is finding.kind or finding.voice not in ("passive", "reduced"):
            continue
        for one in findings:
            same = one is finding or (one.at[0] == end + 1 and one.people[0].number == finding.people[0].number)
            one.shared = one.shared or (same and any((people.best or 0) > 1 for people in one.people))


def part_ways(findings: Sequence[Finding]) -> None:
    """Take from a list those whom a word right behind them has told of: "26 dead and 600 feared missing"."""
    for one, other in pairwise(findings):
        if one.kind is other.kind or len(other.people) < 2 or len(one.people) != 1:
            continue
        people = one.people[0]
        behind = one.at[0] == people.end and one.at[1] <= other.people[1].start
        if behind and other.people[0] is people and one.voice == "reduced":
            other.people = other.people[1:]


def share(clauses: Clauses, findings: list[Finding]) -> list[Finding]:
    """Drop what another finding says better: a wounding verb whose people the next one says were killed."""
    for one, other in pairwise(findings):
        if other.people is one.people or (one.shared and other.people[0] is one.people[0]):
            other.shared = one.shared
    mark_bracketed(clauses, findings)
    part_ways(findings)
    kept: list[Finding] = []
    for finding in findings:
        if finding.predicate.harm.pattern == "result" and any(
            other is not finding and {id(p) for p in other.people} & {id(p) for p in finding.people}
            for other in findings
        ):
            continue
        kept.append(finding)
    seen: dict[tuple[int, ClaimKind], Finding] = {}
    for finding in kept:
        key = (finding.people[0].number if finding.people[0].number >= 0 else finding.people[0].start, finding.kind)
        if key not in seen:
            seen[key] = finding
    return [f for f in kept if f in seen.values()]


def without_missiles(clauses: Clauses, predicate: Predicate, found: Finding | None) -> Finding | None:
    """Without the bare numbers of "48 missiles and 64 drones were fired; 30 and 50 were shot down"."""
    if found is not None and clauses.tokens.lower[predicate.end : predicate.end + 1] == ["down"]:
        found.people = [people for people in found.people if people.head]
    return found if found is None or found.people else None
