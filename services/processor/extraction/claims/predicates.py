"""Words that say people were harmed, found in a sentence with their form: verb, participle, noun or state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from schemas.vocabulary import ClaimKind
from services.processor.extraction.claims.nth import number_in_row
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, read_rows, word_set

_W = WordClass
_FORMS = ("base", "third", "past", "participle", "ing")
ACTIVE = ("base", "third", "ing")
"""Forms that are said of whoever does it: people harmed by it are its object."""
_NO_OBJECT = _W.BE | _W.HAVE | _W.MODAL | _W.COMMA | _W.AND | _W.MARK | _W.PREPOSITION
_REACH = 18
_LONGEST_OBJECT = 9
"""Words from a verb of suffering to the noun that says what: "suffered a broken arm and multiple stab wounds"."""
_SUFFERS = word_set("suffers")

Tells = Literal[
    "always", "by", "soldiers", "nth", "survivors", "claimed", "sent", "object", "lives", "remains", "to", "never"
]  # fmt: skip
"""Whether a word can tell of harm at all: "takes" never does, "taken" only with "by" after it, "lost" with soldiers,
"victim" with its number in the row of the dead before it, "survived" with those aboard before it, "claimed" with a
blast or a disease before it, "hospital" with those who were sent there before it, "club" with its object, "lives" with
a word for their loss, "bodies" with one for their finding; a word for an event such as "kidnap" or "derails" only after
"to" outside headlines."""


TAKES_ALONE = ("detain", "capture")
"""Verbs of captors that tell of an abduction in the active voice, too."""
_FATALLY = word_set("fatally")
_ONLY_WITH = {"trapped": word_set("shut_in_by"), "mourned": word_set("mourned_by"), "interred": word_set("interred_by")}
_KINDS_OF_WOUNDS = word_set("kinds_of_wounds")
_WOUND = frozenset(("wound", "wounds", "injury", "injuries", "victim", "victims"))
"""After "stab" they make it say what kind."""
"""Patterns that say harm only in a sentence with one of these words: "victims" may have come off with a fright."""


@dataclass(frozen=True, slots=True)
class Harm:
    """One word or phrase of harm.tsv in one of its forms."""

    kind: ClaimKind
    pattern: str
    form: str
    """base, third, past, participle, ing; `past+participle` where both are the same word; `noun` else."""
    lemma: str


class Predicate(NamedTuple):
    """A Harm at `words[start:end]`."""

    harm: Harm
    start: int
    end: int
    fatal_at: int = -1
    """For "shot ... dead": index of the word that makes it fatal."""


_DAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_COVERED = frozenset(
    ("under", "beneath", "rubble", "mud", "debris", "earth", "rock", "rocks", "snow", "landslide", "mudslide",
     "avalanche", "alive", "trapped", "when", "by", "collapse", "collapsed")
)  # fmt: skip
"""Words of a sentence in which "buried" tells of what fell on people."""


@cache
def harm_words() -> dict[tuple[str, ...], tuple[Harm, ...]]:
    """Every form of every word of harm.tsv, as a tuple of words in lower case."""
    table: dict[tuple[str, ...], list[Harm]] = {}
    for kind, pattern, *forms in read_rows("harm.tsv"):
        claim = ClaimKind(kind)
        if pattern in ("verb", "happens", "suicide", "result", "captor", "loses", "trapped", "interred", "claims"):
            by_word: dict[str, str] = {}
            for form, word in zip(_FORMS, forms, strict=True):
                if word == "-":
                    continue
                by_word[word] = f"{by_word[word]}+{form}" if word in by_word else form
            for word, form in by_word.items():
                _put(table, word, Harm(claim, pattern, form, forms[0] if forms[0] != "-" else forms[3]))
        else:
            for word in forms:
                _put(table, word, Harm(claim, pattern, "noun", forms[0]))
    return {words: tuple(harms) for words, harms in table.items()}


def tells(harms: Sequence[Harm]) -> Tells:
    """Whether a sentence that has no other word for harm than one with these readings can tell of harm."""
    if all(harm.pattern == "loses" for harm in harms):
        return "soldiers"
    if all(harm.pattern == "nth" for harm in harms):
        return "nth"
    if all(harm.pattern == "claims" for harm in harms):
        return "claimed"
    if all(harm.pattern == "sent" for harm in harms):
        return "sent"
    if all(harm.pattern == "result" and harm.form in ACTIVE for harm in harms):
        return "object"
    if all(harm.pattern == "lives" for harm in harms):
        return "lives"
    if all(harm.pattern == "body" for harm in harms):
        return "remains"
    if not all(harm.pattern == "captor" for harm in harms) or any(harm.lemma in TAKES_ALONE for harm in harms):
        return "always"
    return "by" if any("participle" in harm.form for harm in harms) else "never"


def _put(table: dict[tuple[str, ...], list[Harm]], word: str, harm: Harm) -> None:
    held = table.setdefault(tuple(word.split()), [])
    if all(h.pattern != harm.pattern or h.kind != harm.kind for h in held):
        held.append(harm)


@cache
def _from_first_word() -> dict[str, tuple[tuple[tuple[str, ...], tuple[Harm, ...]], ...]]:
    """First word -> the words and phrases of harm that begin with it, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[Harm, ...]]]] = {}
    for words, harms in harm_words().items():
        found.setdefault(words[0], []).append((words, harms))
    return {first: tuple(sorted(many, key=lambda one: -len(one[0]))) for first, many in found.items()}


def find_predicates(tokens: Tokens) -> list[Predicate]:
    """The harm words of a sentence from left to right; the longest phrase wins."""
    table, lower = _from_first_word(), tokens.lower
    found: list[Predicate] = []
    free = 0
    for at, bits in enumerate(tokens.classes):
        if not bits & _W.HARM or at < free:
            continue
        for words, harms in table.get(lower[at], ()):
            if len(words) == 1 or tuple(lower[at : at + len(words)]) == words:
                free = at + len(words)
                if _told(lower, harms[0], at):
                    found.append(_choose(tokens, harms, at, free))
                break
    return found


def _told(lower: Sequence[str], harm: Harm, at: int) -> bool:
    """Whether the words around a harm word let it tell of harm at all."""
    wanted = _ONLY_WITH.get(harm.pattern)
    if wanted is None:
        return harm.pattern != "result" or harm.form != "base" or _WOUND.isdisjoint(lower[at + 1 : at + 2])
    if harm.pattern == "mourned" and at and number_in_row(lower[at - 1]) is not None:
        # "the twelfth and thirteenth victims"
        return True
    if harm.pattern == "interred" and not _DAYS.isdisjoint(lower) and _COVERED.isdisjoint(lower):
        # "were buried on Sunday after the bombing"
        return True
    # "two of the nine who were trapped have died": who was shut in once may be out.
    return not wanted.isdisjoint(lower) and lower[max(0, at - 2) : at] not in (["who", "were"], ["who", "was"])


def _choose(tokens: Tokens, harms: tuple[Harm, ...], start: int, end: int) -> Predicate:
    """The reading of a word that its neighbours allow: "the killing of", "killing 12", "shot dead"."""
    lower, classes = tokens.lower, tokens.classes
    by_pattern = {h.pattern: h for h in harms}
    suffered = by_pattern.pop("suffered", None)
    if suffered is not None and by_pattern and _is_a_noun(tokens, by_pattern, start, end):
        by_pattern = {}
    if suffered is not None and ((verb := suffering_verb(tokens, start)) >= 0 or not by_pattern):
        if verb >= 0 and any(word in ("fatal", "mortal") for word in lower[verb:start]):
            suffered = Harm(ClaimKind.KILLED, suffered.pattern, suffered.form, suffered.lemma)
        return Predicate(suffered, start, end)
    if "result" in by_pattern:
        harm = by_pattern["result"]
        fatal_at = start - 1 if start and lower[start - 1] in _FATALLY else _fatal_result(tokens, end)
        if fatal_at >= 0:
            return Predicate(Harm(ClaimKind.KILLED, "verb", harm.form, harm.lemma), start, end, fatal_at)
        return Predicate(Harm(ClaimKind.WOUNDED, "result", harm.form, harm.lemma), start, end)
    fatal = start > 0 and lower[start - 1] in _FATALLY
    if fatal and "verb" in by_pattern and by_pattern["verb"].kind is ClaimKind.WOUNDED:
        harm = by_pattern["verb"]
        return Predicate(Harm(ClaimKind.KILLED, "verb", harm.form, harm.lemma), start, end)
    if "event" in by_pattern and "verb" in by_pattern:
        before = classes[start - 1] if start else 0
        follows_of = end < len(lower) and lower[end] == "of"
        if (
            follows_of
            or before & (_W.DETERMINER | _W.INDEFINITE | _W.POSSESSIVE)
            or (start and lower[start - 1] == "'s")
            or (by_pattern["verb"].form == "third" and _has_no_object(tokens, end))
        ):
            return Predicate(by_pattern["event"], start, end)
        return Predicate(by_pattern["verb"], start, end)
    return Predicate(next(iter(by_pattern.values())), start, end)


def _is_a_noun(tokens: Tokens, readings: Mapping[str, Harm], start: int, end: int) -> bool:
    """Whether "wound" or "burns" is what somebody has, "found with stab wounds", and no verb."""
    verb = readings.get("verb") or readings.get("result")
    if verb is None or verb.form not in ("base", "third") or not start:
        return False
    before = tokens.classes[start - 1]
    return tokens.lower[start - 1] in _KINDS_OF_WOUNDS or (
        bool(before & (_W.PREPOSITION | _W.INDEFINITE | _W.POSSESSIVE | _W.DETERMINER)) and _has_no_object(tokens, end)
    )


def suffering_verb(tokens: Tokens, at: int) -> int:
    """Index of the verb of which the harm at `at` is the object ("sustained two gunshot wounds"); -1 for none."""
    stops = _W.MARK | _W.RELATIVE | _W.SUBORDINATE | _W.PREPOSITION | _W.BE
    for k in range(at - 1, max(-1, at - _LONGEST_OBJECT), -1):
        if tokens.lower[k] in _SUFFERS:
            return k
        if tokens.classes[k] & stops and tokens.lower[k] not in ("-", "/"):
            return -1
    return -1


def _has_no_object(tokens: Tokens, at: int) -> bool:
    """Whether what follows shows that "murders" or "massacres" is no verb: "kidnappings and murders were"."""
    return at >= len(tokens.lower) or bool(tokens.classes[at] & _NO_OBJECT)


def _fatal_result(tokens: Tokens, at: int) -> int:
    lower, size = tokens.lower, len(tokens.lower)
    for k in range(at, min(size, at + _REACH)):
        if lower[k] in ("execution-style", "execution") and k == at:
            return k
        if (lower[k] == "dead" and lower[k - 1] != "the") or (lower[k] == "to" and lower[k + 1 : k + 2] == ["death"]):
            return k
        if tokens.classes[k] & _W.COMMA and lower[k + 2 : k + 3] == ["dead"] and tokens.classes[k + 1] & _W.NUMBER:
            # "Two policemen shot at, one dead"
            return -1
        more = tokens.classes[k + 1] & (_W.POSSESSIVE | _W.INDEFINITE) or lower[k - 1].isdigit() if k + 1 < size else 0
        joined = lower[k] == "and" and not more
        if tokens.classes[k] & (_W.MARK | _W.RELATIVE | _W.SUBORDINATE | _W.BE) or joined:
            # "shot and beaten to death" is found at "beaten"; a new clause is another matter.
            return -1
    return -1
