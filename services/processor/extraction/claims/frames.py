"""Who was harmed and how, in one sentence: each harm word joined to the people it is said of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.among import (
    among_the_dead,
    among_those_who,
    read_among,
    some_of_those,
)
from services.processor.extraction.claims.bodies_and_lives import of_the_dead, read_lives
from services.processor.extraction.claims.captives import read_captive, read_captor
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.figures import figures_told
from services.processor.extraction.claims.finding import Finding, finding_of
from services.processor.extraction.claims.happenings import (
    read_happens,
    read_left_with,
    read_sent,
    read_suffering,
    read_suicide,
)
from services.processor.extraction.claims.labels import read_labelled
from services.processor.extraction.claims.losses import (
    read_casualties,
    read_claimed,
    read_loss,
    without_casualties,
)
from services.processor.extraction.claims.nouns import (
    read_count,
    read_event,
    read_rise,
    read_the_dead,
    read_toll,
)
from services.processor.extraction.claims.nth import numbered_one, numbered_to
from services.processor.extraction.claims.other_senses import of_people
from services.processor.extraction.claims.overlaps import (
    all_of_the_dead,
    mark_either,
    share,
    without_dying,
    without_found,
    without_missiles,
)
from services.processor.extraction.claims.people import find_people
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.predicates import ACTIVE, Predicate, find_predicates
from services.processor.extraction.claims.quick_looks import may_be_said
from services.processor.extraction.claims.stated_numbers import number_of, read_their_number
from services.processor.extraction.claims.status import loses_no_home
from services.processor.extraction.claims.the_dead import (
    add_the_next,
    read_counted_dead,
    read_interments,
)
from services.processor.extraction.claims.totals import (
    attackers_among,
    count_them_all,
    mark_totals,
)
from services.processor.extraction.claims.verb_groups import (
    aboard_with_it,
    agreeing,
    auxiliary,
    counted_of,
    ends_phrase,
    joined_passive,
    preceded_by,
    those_aboard,
)
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_REPORTED_AS = word_set("reported_as")
_OR_ELSE_KILLED = word_set("or_else_killed")
_INVERTED = 12
"""Words within which "were" follows a participle that begins a sentence."""
_OF_LONG_AGO = frozenset(("years", "decades", "century", "anniversary", "memorial"))
_PAYS_TRIBUTE = word_set("pays_tribute")
_SHOWN_TO_BE = word_set("shown_to_be")


def find_harm(tokens: Tokens, capitals: bool) -> tuple[Clauses, list[Finding]]:
    """Every harm word of a sentence with its people, in order; and the sentence's people and words, indexed."""
    predicates = of_people(tokens, find_predicates(tokens), capitals)
    if not any(may_be_said(tokens, predicate, capitals) for predicate in predicates):
        return Clauses(tokens, [], []), []
    clauses = Clauses(tokens, find_people(tokens, capitals), predicates)
    findings: list[Finding] = []
    for number, predicate in enumerate(predicates):
        if predicate.harm.pattern == "casualty":
            findings.extend(read_casualties(clauses, predicate))
            continue
        if findings and findings[-1].predicate.fatal_at == predicate.start:
            continue  # the "dead" of "shot dead", which has been read
        following = predicates[number + 1] if number + 1 < len(predicates) else None
        finding = _read(clauses, predicate, following) or _inherited(clauses, predicate, findings)
        if finding is None or finding.people[0].best is None:
            finding = number_of(clauses, predicate) or finding
        if finding is not None:
            findings.append(finding)
    if not findings:
        return clauses, []
    findings = without_casualties(clauses, findings)
    kept = [finding for finding in share(clauses, findings) if not loses_no_home(clauses, finding, findings)]
    kept = without_dying(without_found(clauses, kept))
    kept = [finding for finding in kept if not all_of_the_dead(clauses, finding, kept)]
    count_them_all(clauses, kept)
    add_the_next(clauses, kept)
    mark_totals(clauses, kept)
    kept.extend(attackers_among(clauses, kept))
    mark_either(clauses, kept)
    kept.extend(list(figures_told(clauses, kept)))
    return clauses, kept


def _read(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> Finding | None:
    if (told := read_labelled(clauses, predicate) or some_of_those(clauses, predicate)) is not None:
        return told
    pattern = predicate.harm.pattern
    if pattern == "held":
        # "Troops freed 31 hostages": when they were taken is told elsewhere, or nowhere.
        return None
    inside = clauses.covers.get(predicate.start)
    if inside is not None and pattern in ("verb", "result", "state", "happens") and inside.start < predicate.start:
        return _adjective(clauses, predicate, inside)
    if pattern in ("verb", "result", "trapped"):
        return without_missiles(clauses, predicate, _verb(clauses, predicate, following))
    read = _BY_PATTERN.get(pattern)
    if read is not None:
        return read(clauses, predicate)
    if pattern == "event":
        return (read_rise(clauses, predicate) if predicate.harm.lemma == "death" else None) or read_event(
            clauses, predicate
        )
    if pattern == "body" and not of_the_dead(clauses.tokens, predicate):
        return None
    if pattern == "mourned" and not _OF_LONG_AGO.isdisjoint(clauses.tokens.lower):
        # "Seven more coffins beside 6,000 graves, thirty years after the genocide"
        return None
    if pattern in ("count", "body", "mourned"):
        found = read_rise(clauses, predicate) or read_count(clauses, predicate)
        return found or (read_left_with(clauses, predicate) if pattern == "count" else None)
    if pattern == "nth":
        one = numbered_one(clauses.tokens, predicate.start, predicate.end)
        return finding_of(predicate, [one], "toll") if one is not None else None
    return read_toll(clauses, predicate)


def _interred(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "They buried 31 people in a single trench": counted people, since a man's burial is no news of an incident."""
    if predicate.harm.form in ("base", "ing") and not clauses.objects(predicate.end):
        return None
    found = _verb(clauses, predicate, None)
    if found is None or not all(p.form is Form.COUNT and (p.best or 0) > 1 for p in found.people):
        return None
    return found


def _adjective(clauses: Clauses, predicate: Predicate, people: People) -> Finding | None:
    """ "12 wounded soldiers": a claim only where they are new to the reader."""
    first = clauses.tokens.lower[people.start]
    if predicate.harm.lemma == "murder" and clauses.tokens.lower[people.start - 1 : people.start] == ["among"]:
        # "They were among 31 murder victims": the statistic of a place and a time, and no toll.
        return None
    if (
        people.form is Form.COUNT
        and not (predicate.harm.pattern == "happens" and predicate.harm.form == "ing")
        and first not in ("the", "these", "those", "all")
        and predicate.harm.pattern != "result"
        # "said one prisoner": whoever is called so has been one for long.
        and predicate.harm.lemma != "prisoner"
        and not people.hurt
    ):
        return finding_of(predicate, [people], "adjective")
    return None


def _verb(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> Finding | None:
    tokens, form = clauses.tokens, predicate.harm.form
    after = _after(clauses, predicate)
    last = clauses.ends.get(predicate.start) if "participle" in form else None
    last = last if predicate.harm.kind is ClaimKind.KILLED else None
    row = numbered_one(tokens, last.end - 1, last.end) if last is not None and last.head == "person" else None
    if row is not None:
        # "making her the second person killed in the raid"
        return finding_of(predicate, [row], "toll")
    if predicate.start and tokens.lower[predicate.start - 1] in ("the", "those") and "participle" in form:
        return (
            read_among(clauses, predicate) or read_the_dead(clauses, predicate) or read_their_number(clauses, predicate)
        )
    if form in ACTIVE:
        if form == "ing" and preceded_by(clauses, predicate.start, _W.BE, ("being",)):
            return None
        return finding_of(predicate, clauses.objects(after), "active") or _shared_object(clauses, predicate, following)
    passive = auxiliary(clauses, predicate.start, _W.BE)
    if passive >= 0:
        if predicate.harm.kind is ClaimKind.KILLED and tokens.lower[passive : passive + 2] == ["to", "be"]:
            one = numbered_to(tokens, passive, clauses.ends.get(passive))
            if one is not None:
                return finding_of(predicate, [one], "toll")
        among = among_those_who(clauses, passive)
        if among >= 0:
            return among_the_dead(predicate, clauses.subject(among))
        if tokens.lower[passive] == "being" and passive and tokens.classes[passive - 1] & (_W.SUBORDINATE | _W.ADVERB):
            people = clauses.main_subject()
        else:
            people = clauses.subject(passive)
        people = agreeing(people, tokens.lower[passive : predicate.start])
        return finding_of(predicate, people + clauses.companions(after) if people else [], "passive")
    if auxiliary(clauses, predicate.start, _W.HAVE) >= 0:
        return finding_of(predicate, clauses.objects(after), "active")
    found = read_among(clauses, predicate) or _inverted(clauses, predicate)
    if found is not None:
        return found
    if tokens.lower[predicate.end : predicate.end + 1] == ["at"] and predicate.end + 1 in clauses.starts:
        # "The police shot at marchers": who shoots is not hurt, and who is shot at may not be.
        return None
    left = clauses.adjacent_left(predicate.start)
    if not left and predicate.start and tokens.lower[predicate.start - 1] in _REPORTED_AS:
        left = clauses.adjacent_left(predicate.start - 1)
    objects = clauses.objects(after)
    if objects and objects[0].start == after and _says_of_whom(clauses, predicate, objects[0]):
        return None
    if objects and not (left and (_is_harmed(left[-1], objects[0], after) or _own_clause(clauses, left[-1], objects))):
        return finding_of(predicate, objects, "active")
    if predicate.harm.pattern == "result" and _joined_to(clauses, predicate, following):
        return None
    left = counted_of(clauses, left)
    if left and (left[-1].form is Form.COUNT or ends_phrase(clauses, after)):
        return finding_of(predicate, left + clauses.companions(after), "reduced")
    joined = joined_passive(clauses, predicate.start)
    if joined >= 0:
        return finding_of(predicate, clauses.subject(joined), "passive")
    shared = _shared_object(clauses, predicate, following)
    if shared is not None:
        return shared
    if clauses.verb_before(predicate.start) >= 0:
        return None
    if predicate.start == 0 or tokens.classes[predicate.start - 1] & (_W.MARK | _W.COMMA):
        return None
    subject = [p for p in clauses.subject(predicate.start) if p.form is Form.COUNT]
    return finding_of(predicate, subject, "reduced") if ends_phrase(clauses, after) else None


def _says_of_whom(clauses: Clauses, predicate: Predicate, people: People) -> bool:
    """Whether a participle only says whom the reader knows: "the widow of murdered Senator Roa", "to honour slain".

    Not "a quake that experts had warned about killed 26 people".
    """
    if "participle" not in predicate.harm.form or not predicate.start or people.form not in (Form.NAME, Form.BARE):
        return False
    before = predicate.start - 1
    return bool(clauses.tokens.classes[before] & _W.PREPOSITION) or clauses.tokens.lower[before] in _PAYS_TRIBUTE


def _inverted(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "Killed in the ambush were a sergeant and two drivers": the subject comes last."""
    tokens, at = clauses.tokens, predicate.end
    if predicate.start and tokens.lower[predicate.start - 1] not in ("also", '"', ";"):
        return None
    for k in range(at, min(len(tokens.lower), at + _INVERTED)):
        if tokens.lower[k] in ("was", "were"):
            return finding_of(predicate, clauses.objects(k + 1), "passive")
        if k in clauses.harms or tokens.classes[k] & (_W.MARK | _W.COMMA | _W.RELATIVE | _W.SUBORDINATE):
            return None
    return None


def _after(clauses: Clauses, predicate: Predicate) -> int:
    """Where the object of a verb may begin: after "dead" in "shot dead four drivers"."""
    if predicate.fatal_at != predicate.end:
        return predicate.end
    return predicate.end + (1 if clauses.tokens.lower[predicate.end] == "dead" else 2)


def _own_clause(clauses: Clauses, left: People, objects: Sequence[People]) -> bool:
    """ "5 staff killed 7 staff injured": the second number is the next participle's."""
    return left.form is Form.COUNT and len(objects) == 1 and clauses.begins_clause(objects[0])


def _is_harmed(left: People, right: People, after: int) -> bool:
    """Whether of people on both sides of a participle those before it are the harmed: "12 killed Sunday"."""
    counted = left.form is Form.COUNT
    return counted and ((not left.head and right.start > after) or right.form is Form.NAME)


def _inherited(clauses: Clauses, predicate: Predicate, findings: Sequence[Finding]) -> Finding | None:
    """The subject of the verb before: "was shot at by police and died", "abducted; later found dead"."""
    if predicate.harm.pattern not in ("verb", "happens", "state", "result") or predicate.harm.form in ("base", "ing"):
        return None
    if clauses.objects(predicate.end) and predicate.harm.pattern == "verb":
        return None
    lower, raised = clauses.tokens.lower, predicate.start - 1
    if raised > 1 and lower[raised] in _REPORTED_AS and lower[raised - 1] == "and":
        # "two missing and presumed kidnapped"
        for finding in findings:
            if finding.at[1] == raised - 1:
                return finding_of(predicate, finding.people, finding.voice)
    verb = clauses.verb_before(predicate.start)
    if verb < 0:
        return None
    for finding in findings:
        if finding.at[0] <= verb < finding.at[1]:
            return finding_of(predicate, finding.people, finding.voice) if finding.voice != "active" else None
    start = auxiliary(clauses, verb, _W.BE)
    if start >= 0:
        return finding_of(predicate, clauses.subject(start), "passive")
    if predicate.harm.pattern == "happens":
        return finding_of(predicate, clauses.subject(verb), "subject")
    if clauses.tokens.lower[predicate.end : predicate.end + 1] in (["a"], ["an"], ["the"]):
        # "Dozens of fighters blocked the road and killed a ...": whatever that is, it is what they killed.
        return None
    return finding_of(predicate, [p for p in clauses.subject(verb) if p.form is Form.COUNT], "reduced")


def _joined_to(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> bool:
    """ "shot and killed": what the second verb says holds for both."""
    if following is None:
        return False
    between = clauses.tokens.classes[predicate.end : following.start]
    return bool(between) and all(bits & (_W.AND | _W.ADVERB | _W.COMMA) for bits in between)


def _shared_object(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> Finding | None:
    """ "killed and wounded 30": one number for both verbs; "raped and killed 30" says two things of the same ones."""
    lower = clauses.tokens.lower
    if following is None or lower[predicate.end : following.start] not in (["and"], ["or"], ["and", "/", "or"], ["/"]):
        return None
    if following.harm.pattern not in ("verb",) or predicate.harm.pattern == "result":
        return None
    found = finding_of(predicate, clauses.objects(following.end), "active")
    if found is not None:
        kinds = {found.kind: predicate.harm.lemma, following.harm.kind: following.harm.lemma}
        either = len(kinds) == 2 and kinds.get(ClaimKind.WOUNDED) in _OR_ELSE_KILLED
        found.shared = either and any(people.best != 1 for people in found.people)
    return found


def _state(clauses: Clauses, predicate: Predicate) -> Finding | None:
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    if (found := read_among(clauses, predicate) or read_counted_dead(clauses, predicate)) is not None:
        return found
    before = lower[predicate.start - 1] if predicate.start else ""
    if before in ("the", "confirmed") and predicate.harm.kind is not ClaimKind.ABDUCTED:
        counted = read_rise(clauses, predicate) if predicate.harm.lemma == "dead" else None
        if counted is not None or before == "the":
            return counted or read_the_dead(clauses, predicate)
    if before in ("its", "their") and predicate.harm.kind is not ClaimKind.ABDUCTED:
        # "the army put its dead at 12"
        return read_the_dead(clauses, predicate)
    if before == "the" or (predicate.end < len(lower) and classes[predicate.end] & _W.NOT_PEOPLE):
        return None
    if predicate.harm.kind is ClaimKind.ABDUCTED:
        return read_captive(clauses, predicate)
    start = auxiliary(clauses, predicate.start, _W.BE)
    if start >= 0:
        aboard = those_aboard(clauses, start) if predicate.harm.kind is ClaimKind.MISSING else []
        aboard = aboard or (aboard_with_it(clauses, predicate.end) if predicate.harm.kind is ClaimKind.MISSING else [])
        return finding_of(predicate, aboard or clauses.subject(start), "passive")
    k = clauses.skip_adverbs_left(predicate.start - 1)
    if k >= 0 and lower[k] in _SHOWN_TO_BE:
        start = auxiliary(clauses, k, _W.BE)
        people = clauses.subject(start if start >= 0 else k) or clauses.adjacent_left(k)
        return finding_of(predicate, people, "passive")
    if before == "as":
        # "twelve are listed as missing", "treating all thirty-four as missing"
        start = auxiliary(clauses, predicate.start - 2, _W.BE)
        people = clauses.subject(start) if start >= 0 else clauses.adjacent_left(predicate.start - 1)
        return finding_of(predicate, people, "passive") if people else None
    left = clauses.adjacent_left(predicate.start)
    if not left and predicate.harm.kind is ClaimKind.MISSING:
        # "Boat missing with 24 on board"
        return finding_of(predicate, aboard_with_it(clauses, predicate.end), "passive")
    # "left 14 people dead in Assam and nine in Bihar"
    return finding_of(predicate, left + clauses.companions(predicate.end) if left else [], "reduced")


_BY_PATTERN: dict[str, Callable[[Clauses, Predicate], Finding | None]] = {
    "interred": _interred, "interments": read_interments, "captor": read_captor, "claims": read_claimed,
    "sent": read_sent, "loses": read_loss, "happens": read_happens, "suicide": read_suicide, "state": _state,
    "suffered": read_suffering, "lives": read_lives,
}  # fmt: skip
"""Patterns of harm.tsv that one function reads."""
