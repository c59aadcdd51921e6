"""People taken by force: "took 12 hostage", "detained by rebels"."""

from __future__ import annotations

from services.processor.extraction.actors.lexicon import load_aliases
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.person import Form
from services.processor.extraction.claims.predicates import TAKES_ALONE, Predicate
from services.processor.extraction.claims.verb_groups import auxiliary, ends_phrase, joined_passive
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_ARMED = word_set("armed")
_LOCAL = word_set("adjectives_too")
_TAKES_CAPTIVE = word_set("takes_captive")


def read_captor(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "detained by militants", "taken from home by gunmen": an abduction only where attackers do it."""
    lower = clauses.tokens.lower
    passive = auxiliary(clauses, predicate.start, _W.BE)
    if passive < 0:
        passive = joined_passive(clauses, predicate.start)
    if passive < 0:
        return _taking(clauses, predicate)
    if predicate.harm.form not in ("participle", "past+participle"):
        return None
    for k in range(predicate.end, min(len(lower), predicate.end + 14)):
        if lower[k] == "by":
            return finding_of(predicate, clauses.subject(passive), "passive") if _attackers_at(clauses, k + 1) else None
        if clauses.tokens.classes[k] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE) and lower[k] != "than":
            # "detained for more than a day by rebels" is one clause.
            return None
    return None


def _taking(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "an armed group detained two drivers": those who take stand before the verb."""
    if predicate.harm.lemma not in TAKES_ALONE or "past" not in predicate.harm.form:
        return None
    before = clauses.tokens.lower[max(0, predicate.start - 4) : predicate.start]
    takers = clauses.adjacent_left(predicate.start)
    counted = bool(takers) and takers[-1].form is Form.COUNT and takers[-1].kind != "attacker"
    if counted and ends_phrase(clauses, predicate.end) and any(p.kind == "attacker" for p in clauses.people):
        # "one guard killed and two captured when gunmen attacked"
        return finding_of(predicate, takers, "reduced")
    if not _ARMED.intersection(before) and not any(p.kind == "attacker" for p in takers):
        return None
    return finding_of(predicate, [p for p in clauses.objects(predicate.end) if p.kind != "attacker"], "active")


def _attackers_at(clauses: Clauses, at: int) -> bool:
    """Whether those named at a word are an armed group or attackers."""
    lower = clauses.tokens.lower
    while at + 1 < len(lower) and lower[at] in _LOCAL:
        at += 1
    if any(p.kind == "attacker" for p in clauses.objects(at)) or _ARMED.intersection(lower[at : at + 4]):
        return True
    start = at + 1 if at < len(lower) and lower[at] == "the" else at
    names = (_spelled(lower[start : start + length]) for length in range(1, 7))
    return any(alias.actor.kind == "armed_group" for name in names for alias in load_aliases().get(name, ()))


def _spelled(words: list[str]) -> str:
    """Words as the keys of the actors' lexicon are spelled: without hyphens, the genitive joined on."""
    return " ".join(words).replace(" 's", "'s").replace("-", " ")


def read_captive(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "took 12 people hostage", "were taken prisoner", "were led away as captives"."""
    lower = clauses.tokens.lower
    k = clauses.skip_adverbs_left(predicate.start - 1)
    if k > 0 and lower[k] in ("away", "off"):
        k -= 1
    if k >= 0 and lower[k] in _TAKES_CAPTIVE:
        start = auxiliary(clauses, k, _W.BE)
        if start >= 0:
            return finding_of(predicate, clauses.subject(start), "passive")
        objects = clauses.objects(predicate.end)
        return finding_of(predicate, objects, "active") or finding_of(predicate, clauses.adjacent_left(k), "reduced")
    for j in range(predicate.start - 1, max(-1, predicate.start - 10), -1):
        if lower[j] in _TAKES_CAPTIVE:
            people = clauses.objects(j + 1)
            return finding_of(predicate, people, "active")
        if clauses.tokens.classes[j] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE):
            break
    return None
