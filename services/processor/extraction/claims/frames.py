"""Who was harmed and how, in one sentence: each harm word joined to the people it is said of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.vocabulary import ClaimKind, Modifier
from services.processor.extraction.actors.lexicon import load_aliases
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.people import Form, People, find_people
from services.processor.extraction.claims.predicates import Predicate, find_predicates
from services.processor.extraction.numbers import Quantity, read_quantity
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, word_set

_W = WordClass
_REPORTED_AS = word_set("reported_as")
_REMAINS = word_set("remains")
_LITERAL = word_set("literal")
_ARMED = word_set("armed")
_RAISES = word_set("raises")
_TAKES_LIVES = word_set("takes_lives")
_TAKES_CAPTIVE = word_set("takes_captive")
_SUICIDE = frozenset(("commit suicide", "take his own life", "take her own life"))
_TOLL_LEADS = word_set("toll_leads")


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


def find_harm(tokens: Tokens, capitals: bool) -> tuple[Clauses, list[Finding]]:
    """Every harm word of a sentence with its people, in order; and the sentence's people and words, indexed."""
    predicates = find_predicates(tokens)
    if not capitals:
        predicates = [p for p in predicates if not _in_a_title(tokens, p.start)]
    if not predicates:
        return Clauses(tokens, [], []), []
    clauses = Clauses(tokens, find_people(tokens, capitals), predicates)
    findings: list[Finding] = []
    for number, predicate in enumerate(predicates):
        if predicate.harm.pattern == "casualty":
            findings.extend(_no_casualties(clauses, predicate))
            continue
        following = predicates[number + 1] if number + 1 < len(predicates) else None
        finding = _read(clauses, predicate, following) or _inherited(clauses, predicate, findings)
        if finding is not None:
            findings.append(finding)
    return clauses, _share(clauses, findings)


def _in_a_title(tokens: Tokens, at: int) -> bool:
    """Whether a harm word is part of a name or title, "The Walking Dead", in a sentence that is no headline."""
    words = tokens.words
    beside = any(word[0].isupper() for word in (*words[max(0, at - 1) : at], *words[at + 1 : at + 2]))
    if at == 0 or not words[at][0].isupper() or not beside:
        return False
    capitalised = sum(1 for word in words if word[0].isupper())
    return capitalised * 2 < sum(1 for word in words if word[0].isalpha())


def _read(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> Finding | None:
    pattern = predicate.harm.pattern
    inside = clauses.covers.get(predicate.start)
    if inside is not None and pattern in ("verb", "result", "state", "happens") and inside.start < predicate.start:
        return _adjective(clauses, predicate, inside)
    if pattern in ("verb", "result"):
        return _verb(clauses, predicate, following)
    if pattern == "captor":
        return _captor(clauses, predicate)
    if pattern == "happens":
        return _happens(clauses, predicate)
    if pattern == "state":
        return _state(clauses, predicate)
    if pattern == "event":
        return _event(clauses, predicate)
    if pattern == "body" and not _of_the_dead(clauses, predicate):
        return None
    if pattern in ("count", "body"):
        return _count(clauses, predicate)
    if pattern == "lives":
        return _lives(clauses, predicate)
    return _toll(clauses, predicate)


def _finding(predicate: Predicate, people: list[People], voice: str) -> Finding | None:
    people = [p for p in people if not p.part] or people
    if predicate.harm.lemma in _LITERAL:
        # "warrants were executed": these verbs are used of things as well.
        people = [p for p in people if p.kind != "unknown"]
    if not people:
        return None
    return Finding(predicate.harm.kind, people, (predicate.start, predicate.end), predicate, voice)


def _adjective(clauses: Clauses, predicate: Predicate, people: People) -> Finding | None:
    """ "12 wounded soldiers": a claim only where they are new to the reader."""
    first = clauses.tokens.lower[people.start]
    if (
        people.form is Form.COUNT
        and first not in ("the", "these", "those", "all")
        and predicate.harm.pattern != "result"
    ):
        return _finding(predicate, [people], "adjective")
    return None


def _verb(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> Finding | None:
    tokens, form = clauses.tokens, predicate.harm.form
    after = _after(clauses, predicate)
    if form in ("base", "third", "ing"):
        if form == "ing" and _preceded_by(clauses, predicate.start, _W.BE, ("being",)):
            return None
        return _finding(predicate, clauses.objects(after), "active") or _shared_object(clauses, predicate, following)
    passive = _auxiliary(clauses, predicate.start, _W.BE)
    if passive >= 0:
        if tokens.lower[passive] == "being" and passive and tokens.classes[passive - 1] & (_W.SUBORDINATE | _W.ADVERB):
            people = clauses.main_subject()
        else:
            people = clauses.subject(passive)
        people = _agreeing(people, tokens.lower[passive : predicate.start])
        return _finding(predicate, people + clauses.companions(after) if people else [], "passive")
    if _auxiliary(clauses, predicate.start, _W.HAVE) >= 0:
        return _finding(predicate, clauses.objects(after), "active")
    among = _among(clauses, predicate.start)
    if among >= 0:
        return _finding(predicate, clauses.subject(among), "passive")
    left = clauses.adjacent_left(predicate.start)
    if not left and predicate.start and tokens.lower[predicate.start - 1] in _REPORTED_AS:
        left = clauses.adjacent_left(predicate.start - 1)
    objects = clauses.objects(after)
    if objects and not (left and (_is_harmed(left[-1], objects[0], after) or _own_clause(clauses, left[-1], objects))):
        return _finding(predicate, objects, "active")
    if predicate.harm.pattern == "result" and _joined_to(clauses, predicate, following):
        return None
    if left and (left[-1].form is Form.COUNT or _ends_phrase(clauses, after)):
        return _finding(predicate, left + clauses.companions(after), "reduced")
    joined = _joined_passive(clauses, predicate.start)
    if joined >= 0:
        return _finding(predicate, clauses.subject(joined), "passive")
    shared = _shared_object(clauses, predicate, following)
    if shared is not None:
        return shared
    if clauses.verb_before(predicate.start) >= 0:
        return None
    if predicate.start == 0 or tokens.classes[predicate.start - 1] & (_W.MARK | _W.COMMA):
        return None
    subject = [p for p in clauses.subject(predicate.start) if p.form is Form.COUNT]
    return _finding(predicate, subject, "reduced") if _ends_phrase(clauses, after) else None


def _agreeing(people: list[People], verb_group: Sequence[str]) -> list[People]:
    """ "a doctor and director of a clinic was killed": the verb says that they are one person."""
    single = len(people) == 2 and {"was", "has", "is"}.intersection(verb_group) and people[1].form is Form.SINGULAR
    bare = single and people[1].end - people[1].start == 1
    return people[:1] if bare and people[0].best == 1 else people


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
    verb = clauses.verb_before(predicate.start)
    if verb < 0:
        return None
    for finding in findings:
        if finding.at[0] <= verb < finding.at[1]:
            return _finding(predicate, finding.people, finding.voice) if finding.voice != "active" else None
    start = _auxiliary(clauses, verb, _W.BE)
    if start >= 0:
        return _finding(predicate, clauses.subject(start), "passive")
    if predicate.harm.pattern == "happens":
        return _finding(predicate, clauses.subject(verb), "subject")
    return _finding(predicate, [p for p in clauses.subject(verb) if p.form is Form.COUNT], "reduced")


def _among(clauses: Clauses, at: int) -> int:
    """For "were among those killed": the index where its verb group begins; else -1."""
    lower = clauses.tokens.lower
    if at >= 3 and lower[at - 2] == "among" and lower[at - 1] in ("those", "the"):
        if clauses.tokens.classes[at - 3] & _W.BE:
            return at - 3
        if lower[at - 3] == "who" and at >= 4:
            return at - 4
    return -1


def _ends_phrase(clauses: Clauses, at: int) -> bool:
    if at >= len(clauses.tokens.lower):
        return True
    ends = _W.PREPOSITION | _W.COMMA | _W.MARK | _W.SUBORDINATE | _W.AND | _W.ADVERB | _W.WEEKDAY | _W.MONTH | _W.TO
    return bool(clauses.tokens.classes[at] & ends)


def _auxiliary(clauses: Clauses, at: int, bit: int) -> int:
    """Index where the verb group "were also killed" begins, if its auxiliary is of class `bit`; else -1."""
    k = clauses.skip_adverbs_left(at - 1)
    classes, lower = clauses.tokens.classes, clauses.tokens.lower
    if k >= 0 and lower[k] in _REPORTED_AS:
        k = clauses.skip_adverbs_left(k - 1)
        if k >= 0 and lower[k] == "be":
            k -= 1
    if k < 0 or not classes[k] & bit or k in clauses.covers:
        return -1
    group = _W.BE | _W.HAVE | _W.MODAL | _W.TO | _W.ADVERB | _W.DO
    while k > 0 and k - 1 not in clauses.covers:
        # "are known to have died"
        raised = lower[k] == "to" and lower[k - 1] in _RAISES
        if not raised and not classes[k - 1] & group:
            break
        k -= 1
    return k


def _joined_passive(clauses: Clauses, at: int) -> int:
    """For "was stopped and killed": where the verb group of the passive before the "and" begins; else -1."""
    lower = clauses.tokens.lower
    k = clauses.skip_adverbs_left(at - 1)
    if k < 1 or lower[k] not in ("and", "then", "or", ","):
        return -1
    for j in range(k - 1, max(-1, k - 14), -1):
        if clauses.tokens.classes[j] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE):
            return -1
        if clauses.tokens.classes[j] & _W.BE and j not in clauses.covers:
            return j
        if clauses.is_verb(j) and not clauses.tokens.classes[j] & (_W.HAVE | _W.MODAL):
            return _auxiliary(clauses, j, _W.BE)
    return -1


def _preceded_by(clauses: Clauses, at: int, bit: int, words: tuple[str, ...]) -> bool:
    return at > 0 and bool(clauses.tokens.classes[at - 1] & bit) and clauses.tokens.lower[at - 1] in words


def _joined_to(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> bool:
    """ "shot and killed": what the second verb says holds for both."""
    if following is None:
        return False
    between = clauses.tokens.classes[predicate.end : following.start]
    return bool(between) and all(bits & (_W.AND | _W.ADVERB | _W.COMMA) for bits in between)


def _no_casualties(clauses: Clauses, predicate: Predicate) -> list[Finding]:
    """ "there were no casualties": nobody killed and nobody wounded."""
    if not _none_before(clauses, predicate.start):
        return []
    found = []
    for kind in (ClaimKind.KILLED, ClaimKind.WOUNDED):
        nobody = People(predicate.start - 1, predicate.end, Form.NONE, "", "person", 0, 0, 0, Modifier.EXACT)
        found.append(Finding(kind, [nobody], (predicate.start, predicate.end), predicate, "noun"))
    return found


def _shared_object(clauses: Clauses, predicate: Predicate, following: Predicate | None) -> Finding | None:
    """ "killed and wounded 30": one number for both verbs."""
    lower = clauses.tokens.lower
    if following is None or lower[predicate.end : following.start] not in (["and"], ["or"], ["and", "/", "or"], ["/"]):
        return None
    if following.harm.pattern not in ("verb",) or predicate.harm.pattern == "result":
        return None
    found = _finding(predicate, clauses.objects(following.end), "active")
    if found is not None:
        found.shared = found.kind is not following.harm.kind and ClaimKind.ABDUCTED not in (found.kind,)
    return found


def _oneself(predicate: Predicate) -> People:
    start, end = predicate.start, predicate.end
    return People(start, end, Form.PRONOUN, "himself", "person", 1, 1, 1, Modifier.EXACT)


def _happens(clauses: Clauses, predicate: Predicate) -> Finding | None:
    if predicate.harm.lemma in _SUICIDE and predicate.harm.form == "ing":
        return _finding(predicate, [_oneself(predicate)], "active")
    if predicate.harm.form == "ing" and _auxiliary(clauses, predicate.start, _W.BE) < 0:
        return None
    if predicate.harm.form == "base" and _preceded_by(clauses, predicate.start, _W.TO, ("to",)):
        return None
    start = predicate.start
    for bit in (_W.HAVE, _W.BE, _W.MODAL):
        found = _auxiliary(clauses, predicate.start, bit)
        if found >= 0:
            start = found
            break
    people = clauses.adjacent_left(start)
    if not people:
        people = [] if clauses.verb_before(start) >= 0 else clauses.subject(start)
    if predicate.harm.form == "base" and people and not people[-1].head:
        return None
    if not people and predicate.harm.lemma == "drown" and predicate.harm.form != "ing":
        people = clauses.objects(predicate.end)
    return _finding(predicate, people + clauses.companions(predicate.end) if people else [], "subject")


def _state(clauses: Clauses, predicate: Predicate) -> Finding | None:
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    before = lower[predicate.start - 1] if predicate.start else ""
    if before == "the" or (predicate.end < len(lower) and classes[predicate.end] & _W.NOT_PEOPLE):
        return None
    if predicate.harm.kind is ClaimKind.ABDUCTED:
        return _captive(clauses, predicate)
    start = _auxiliary(clauses, predicate.start, _W.BE)
    if start >= 0:
        return _finding(predicate, clauses.subject(start), "passive")
    k = clauses.skip_adverbs_left(predicate.start - 1)
    if k >= 0 and lower[k] in (
        "found",
        "left",
        "lay",
        "remain",
        "remains",
        "remained",
        "confirmed",
        "reported",
        "pronounced",
    ):
        start = _auxiliary(clauses, k, _W.BE)
        return _finding(predicate, clauses.subject(start if start >= 0 else k), "passive")
    left = clauses.adjacent_left(predicate.start)
    return _finding(predicate, left, "reduced")


def _captor(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """ "detained by militants", "taken from home by gunmen": an abduction only where attackers do it."""
    lower = clauses.tokens.lower
    passive = _auxiliary(clauses, predicate.start, _W.BE)
    if passive < 0:
        passive = _joined_passive(clauses, predicate.start)
    if passive < 0 or predicate.harm.form not in ("participle", "past+participle"):
        return None
    for k in range(predicate.end, min(len(lower), predicate.end + 14)):
        if lower[k] == "by":
            return _finding(predicate, clauses.subject(passive), "passive") if _attackers_at(clauses, k + 1) else None
        if clauses.tokens.classes[k] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE):
            return None
    return None


def _attackers_at(clauses: Clauses, at: int) -> bool:
    """Whether those named at a word are an armed group or attackers."""
    lower = clauses.tokens.lower
    if any(p.kind == "attacker" for p in clauses.objects(at)) or _ARMED.intersection(lower[at : at + 4]):
        return True
    start = at + 1 if at < len(lower) and lower[at] == "the" else at
    names = (" ".join(lower[start : start + length]) for length in range(1, 6))
    return any(alias.actor.kind == "armed_group" for name in names for alias in load_aliases().get(name, ()))


def _captive(clauses: Clauses, predicate: Predicate) -> Finding | None:
    lower = clauses.tokens.lower
    k = clauses.skip_adverbs_left(predicate.start - 1)
    if k >= 0 and lower[k] in _TAKES_CAPTIVE:
        start = _auxiliary(clauses, k, _W.BE)
        if start >= 0:
            return _finding(predicate, clauses.subject(start), "passive")
        objects = clauses.objects(predicate.end)
        return _finding(predicate, objects, "active") or _finding(predicate, clauses.adjacent_left(k), "reduced")
    for j in range(predicate.start - 1, max(-1, predicate.start - 10), -1):
        if lower[j] in _TAKES_CAPTIVE:
            people = clauses.objects(j + 1)
            return _finding(predicate, people, "active")
        if clauses.tokens.classes[j] & (_W.MARK | _W.SUBORDINATE | _W.RELATIVE):
            break
    return None


def _event(clauses: Clauses, predicate: Predicate) -> Finding | None:
    lower = clauses.tokens.lower
    if lower[predicate.end : predicate.end + 1] == ["of"]:
        people = clauses.objects(predicate.end + 1)
        if people:
            return _finding(predicate, people, "noun")
    if predicate.harm.lemma in ("death", "killing", "murder", "drowning", "execution", "beheading"):
        return _count(clauses, predicate)
    return None


def _count(clauses: Clauses, predicate: Predicate) -> Finding | None:
    lower = clauses.tokens.lower
    quantity = _number_before(clauses, predicate.start)
    if quantity is not None:
        people = People(
            quantity.start, predicate.end, Form.COUNT, "", "person", quantity.low, quantity.best, quantity.high,
            quantity.modifier, quantity.more, quantity.total, False, quantity.core,
        )  # fmt: skip
        return _finding(predicate, [people], "noun")
    if _none_before(clauses, predicate.start):
        nobody = People(predicate.start - 1, predicate.end, Form.NONE, "", "person", 0, 0, 0, Modifier.EXACT)
        return _finding(predicate, [nobody], "noun")
    if lower[predicate.end : predicate.end + 1] == ["of"] and predicate.harm.pattern != "event":
        return _finding(predicate, clauses.objects(predicate.end + 1), "noun")
    return None


def _of_the_dead(clauses: Clauses, predicate: Predicate) -> bool:
    """Whether "bodies" are remains, found or lying somewhere, and not "public bodies"."""
    lower = clauses.tokens.lower
    near = lower[max(0, predicate.start - 6) : predicate.start] + lower[predicate.end : predicate.end + 9]
    return bool(_REMAINS.intersection(near))


def _number_before(clauses: Clauses, at: int) -> Quantity | None:
    """The number that counts the noun at `at`, with at most three adjectives between."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    blocked = _W.COMMA | _W.AND | _W.BE | _W.HAVE | _W.VERB | _W.SAY | _W.RELATIVE | _W.SUBORDINATE | _W.MARK
    for start in range(max(0, at - 8), at):
        if not classes[start] & (_W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE):
            continue
        quantity = read_quantity(lower, classes, start)
        if quantity is None or quantity.end > at or at - quantity.end > 3:
            continue
        gap = classes[quantity.end : at]
        if lower[quantity.end : quantity.end + 1] == ["of"] and quantity.modifier.value == "vague":
            gap = gap[1:]
        if not any(bits & (blocked | _W.PREPOSITION) for bits in gap):
            return quantity
    return None


def _none_before(clauses: Clauses, at: int) -> bool:
    lower = clauses.tokens.lower
    for k in range(at - 1, max(-1, at - 5), -1):
        if lower[k] in ("no", "without", "any", "zero"):
            return lower[k] != "any"
        if clauses.tokens.classes[k] & (_W.COMMA | _W.MARK | _W.VERB | _W.BE):
            return False
    return False


def _lives(clauses: Clauses, predicate: Predicate) -> Finding | None:
    lower = clauses.tokens.lower
    near = lower[max(0, predicate.start - 8) : predicate.start] + lower[predicate.end : predicate.end + 4]
    if not _TAKES_LIVES.intersection(near):
        return None
    if lower[predicate.end : predicate.end + 1] == ["of"]:
        return _finding(predicate, clauses.objects(predicate.end + 1), "noun")
    quantity = _number_before(clauses, predicate.start)
    if quantity is None:
        if lower[predicate.start - 1 : predicate.end] == ["a", "life"]:
            one = People(predicate.start - 1, predicate.end, Form.COUNT, "", "person", 1, 1, 1, Modifier.EXACT)
            return _finding(predicate, [one], "noun")
        return None
    people = People(
        quantity.start, predicate.end, Form.COUNT, "", "person", quantity.low, quantity.best, quantity.high,
        quantity.modifier, quantity.more, quantity.total, False, quantity.core,
    )  # fmt: skip
    return _finding(predicate, [people], "noun")


def _toll(clauses: Clauses, predicate: Predicate) -> Finding | None:
    """The number that a toll is said to be, the last of "rose from 51 to 59"."""
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    size, at = len(lower), predicate.end
    found: Quantity | None = None
    while at < min(size, predicate.end + 22):
        bits = classes[at]
        if bits & (_W.RELATIVE | _W.SUBORDINATE) and lower[at] not in ("since", "after", "when", "while"):
            break
        if (bits & _W.MARK and (found is not None or lower[at] not in (":", "-", "(", '"'))) or (
            bits & _W.AND and found is not None
        ):
            break
        if bits & (_W.RELATIVE | _W.SUBORDINATE | _W.COMMA) and found is not None:
            break
        if bits & (_W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE) or lower[at] in ("half", "between"):
            quantity = read_quantity(lower, classes, at)
            if quantity is not None:
                from_before = lower[quantity.core - 1] == "from" if quantity.core else False
                if _is_toll_number(clauses, quantity, at):
                    found = _last_of_range(quantity) if from_before or lower[at - 1] == "from" else quantity
                at = quantity.end
                continue
        at += 1
    if found is None:
        return None
    people = People(
        found.start, found.end, Form.COUNT, "", "person", found.low, found.best, found.high, found.modifier,
        False, True, False, found.core,
    )  # fmt: skip
    return _finding(predicate, [people], "toll")


def _is_toll_number(clauses: Clauses, quantity: Quantity, at: int) -> bool:
    lower, classes = clauses.tokens.lower, clauses.tokens.classes
    end = quantity.end
    if end < len(lower) and classes[end] & (_W.NOT_PEOPLE | _W.MONTH) and not classes[end] & _W.PERSON:
        return False
    if quantity.plain_digits and 1900 <= quantity.best <= 2100 and lower[at - 1] in ("in", "of", "since"):
        return False
    if end < len(lower) and lower[end] in ("%", "percent", "per"):
        return False
    leads = lower[max(0, at - 4) : quantity.core]
    return bool(_TOLL_LEADS.intersection(leads)) or at - 1 <= clauses.predicates[0].end


def _last_of_range(quantity: Quantity) -> Quantity:
    if quantity.modifier.value != "range" or quantity.high is None:
        return quantity
    last = quantity.high
    return Quantity(quantity.start, quantity.end, last, last, last, Modifier.EXACT, core=quantity.core)


def _share(clauses: Clauses, findings: list[Finding]) -> list[Finding]:
    """Drop what another finding says better: a wounding verb whose people the next one says were killed."""
    for one, other in pairwise(findings):
        if other.people is one.people or (one.shared and other.people[0] is one.people[0]):
            other.shared = one.shared
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
