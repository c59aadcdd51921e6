"""Who "they", "all" and "the victims" are: the people counted just before."""

from __future__ import annotations

from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.wordlists import word_set

_PLURAL = word_set("plural_reference")


def refer(people: People, finding: Finding, clauses: Clauses) -> None:
    """Give "them" the number of the people counted before it in the sentence, where it has none of its own."""
    if people.best is not None or people.head not in _PLURAL or people.form not in (Form.PRONOUN, Form.DEFINITE):
        return
    if people.head == "they" and clauses.tokens.lower[people.start - 1 : people.start] in (["before"], ["until"]):
        doers = clauses.main_subject()
        if len(doers) == 1 and doers[0].kind == "attacker" and (doers[0].best or 0) > 1:
            take(people, doers[0])
            people.kind = "attacker"
            return
    for other in reversed(clauses.people):
        if other.end <= people.start and other.best is not None and other.best > 1 and other.kind != "attacker":
            take(people, other)
            return


def take(people: People, other: People) -> None:
    """Let people be as many as the others."""
    people.low, people.best, people.high, people.modifier = other.low, other.best, other.high, other.modifier
