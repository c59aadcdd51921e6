"""A harm word joined to the people it is said of."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import Predicate
from services.processor.extraction.wordlists import word_set

_REMAINS = ("bodies", "corpses", "body", "corpse")
_LITERAL = word_set("literal")
_OF_MANY = frozenset(("massacre", "slaughter"))
_OF_TOWNS = frozenset(("seize", "capture", "take", "hold"))
"""Verbs whose object may as well be a town."""


@dataclass(slots=True)
class Finding:
    """One harm word with the people it is said of. `at` is the harm word's span of words."""

    kind: ClaimKind
    people: list[People]
    at: tuple[int, int]
    predicate: Predicate
    voice: str
    """active, passive, reduced (participle after the noun), subject (intransitive), noun, toll, adjective."""
    shared: bool = False
    """The number is said of killed and wounded together: "killed or wounded 30"."""
    casualties: bool = False
    """Counted as casualties, who may be hurt and not dead."""
    among: bool = False
    """The people are some of the dead: whoever is counted as all of them holds these too."""


def _is_one_word(predicate: Predicate, people: People) -> bool:
    """Whether a single name may be a town's: "rebels seize Goma"."""
    return predicate.harm.lemma in _OF_TOWNS and people.form is Form.NAME and people.end - people.start == 1


def finding_of(predicate: Predicate, people: list[People], voice: str) -> Finding | None:
    """The finding of a harm word, without those who are parts of a total; None where nobody is left."""
    if predicate.harm.kind is ClaimKind.KILLED:
        for one in people:
            if one.hurt:
                one.part, one.more = False, True
    people = [p for p in people if not p.part] or people
    if predicate.harm.lemma.replace(" ", "_") in _LITERAL:
        # "warrants were executed": these verbs are used of things as well.
        people = [p for p in people if p.kind != "unknown" and not _is_one_word(predicate, p)]
    if predicate.harm.lemma in _OF_MANY and predicate.harm.form != "noun":
        # "Warriors massacre Suns": nobody is massacred alone.
        people = [p for p in people if p.form is not Form.NAME]
    if predicate.harm.lemma == "give their lives":
        # "those who gave their lives" are honoured; "the three who gave their lives" died.
        people = [p for p in people if p.best is not None]
    if predicate.harm.lemma == "batter" and predicate.harm.kind is not ClaimKind.KILLED:
        # "Lucing batters Camarines Sur": the land, and nobody
        people = [p for p in people if p.form is not Form.NAME]
    if predicate.harm.kind is ClaimKind.MISSING and predicate.harm.lemma == "not be found":
        # "The gunmen have not been found": they hide.
        people = [p for p in people if p.form is Form.COUNT and p.kind != "attacker"]
    if predicate.harm.kind is not ClaimKind.KILLED:
        # "11 bodies were found and 40 people are missing"
        people = [p for p in people if p.head not in _REMAINS]
    # "in the port of that name, seven drowned": a single name is a word, and names on a list are people.
    people = [p for p in people if p.head != "name" or p.form is Form.COUNT]
    if not people:
        return None
    return Finding(predicate.harm.kind, people, (predicate.start, predicate.end), predicate, voice)
