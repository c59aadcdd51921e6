"""The people that a sentence speaks of: counted, named, or only mentioned. Each as a span of its words."""

from __future__ import annotations

from schemas.vocabulary import Modifier
from services.processor.extraction.claims.names import aged_name, brought_in, capital_name, name_at, with_their_names
from services.processor.extraction.claims.noun_runs import (
    ADJECTIVES_TOO,
    AGENT_ENDINGS,
    body_of_people,
    described_to,
    noun_run,
)
from services.processor.extraction.claims.nth import number_in_row
from services.processor.extraction.claims.other_numbers import other_number
from services.processor.extraction.claims.person import Form, People, pronoun
from services.processor.extraction.claims.set_right import without_wrong_numbers
from services.processor.extraction.numbers import Quantity, may_be_quantity, read_quantity
from services.processor.extraction.text import Tokens
from services.processor.extraction.wordlists import WordClass, grammar, word_set

_W = WordClass
_OPENS = (_W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE | _W.DETERMINER | _W.POSSESSIVE | _W.REFLEXIVE | _W.PERSON
    | _W.PARTICIPLE | _W.TITLE)  # fmt: skip
"""Classes of words that people can begin with; a name begins with a capital letter."""
_OPENING_WORDS = frozenset((
    "half", "between", "both", "another", "additional", "the", "no", "nobody", "none", "he", "she", "him", "they",
    "them", "all", "each", "from",
))  # fmt: skip
_MOSTLY = ("mostly", "mainly", "largely", "chiefly")
_WHO_ESTIMATES = ("he", "she", "they", "it", "we", "authorities", "ministry", "agency", "government")
_PAIRS = ("parents", "grandparents", "twins")
_THE_HURT = word_set("the_hurt")
_GROUP_NOUNS = word_set("group_nouns")
_REPORTED_AS = word_set("reported_as")
_SUFFERS = word_set("suffers")
_THE_HARMED = word_set("the_harmed")
_UNHARMED = word_set("unharmed")
_ORDINALS = word_set("ordinals")
_VAGUE_SINGULARS = word_set("vague_singulars")
_COUNTED_GROUPS = {"couple": 2, "pair": 2, "trio": 3, "duo": 2, "twins": 2}
_MOST_OF_UNKNOWN = 2000
"""A noun that people.tsv lacks is taken for people ("12 Tuaregs") up to this number, not for votes or dollars."""


def find_people(tokens: Tokens, capitals: bool = False) -> list[People]:
    """All people of a sentence from left to right, without overlaps. Linear in its length."""
    found: list[People] = []
    left_out: People | None = None
    lower, classes, free = tokens.lower, tokens.classes, 0
    for at in range(len(lower)) if capitals else _openings(tokens):
        if at < free:
            continue
        by_verb = lower[at] == "estimated" and at and (classes[at - 1] & _W.PERSON or lower[at - 1] in _WHO_ESTIMATES)
        if by_verb or lower[max(0, at - 1) : at + 1] in (["in", "all"], ["how", "many"]):
            # "Police estimated at least 100 people were missing", "In all at least five people", "how many died"
            continue
        people = _read(tokens, at, capitals) or _one_of_a_people(tokens, at, found)
        if people is None or _excepted(lower, at):
            left_out = people or left_out
            continue
        if left_out is not None and people.end == left_out.end and people.best and people.low and people.high:
            # "all but two of the 50 passengers"
            fewer = left_out.best or 0
            people.low, people.best, people.high = people.low - fewer, people.best - fewer, people.high - fewer
        people.part = people.part or _in_a_total(tokens, people)
        found.append(people)
        free = people.end
    return with_their_names(without_wrong_numbers(found, tokens), tokens, capitals)


def may_begin(tokens: Tokens, at: int) -> bool:
    """Whether people may begin at a word of a text that is not in capitals only: a quick look."""
    word = tokens.lower[at]
    return bool(
        tokens.classes[at] & _OPENS or word in _OPENING_WORDS or tokens.words[at][0].isupper() or word[-4:] == "-old"
    )


def _openings(tokens: Tokens) -> list[int]:
    """A quick look: where people may begin, at a word of some classes, a capital letter, or one of some words."""
    return [
        at
        for at, (bits, word, written) in enumerate(zip(tokens.classes, tokens.lower, tokens.words, strict=True))
        if bits & _OPENS or word in _OPENING_WORDS or written[0].isupper() or word[-4:] == "-old"
    ]


def _one_of_a_people(tokens: Tokens, at: int, found: list[People]) -> People | None:
    """The last of a list that is called by a people that no list has: "four Fulanis and a Konkomba"."""
    if not found or not tokens.classes[at] & _W.INDEFINITE or at + 1 >= len(tokens.words):
        return None
    before, joined = found[-1], tokens.lower[at - 1] == "and" and found[-1].end == at - 1
    word, following = tokens.words[at + 1], tokens.classes[at + 2] if at + 2 < len(tokens.words) else _W.MARK
    if (
        not joined
        or before.form is not Form.COUNT
        or before.kind not in ("unknown", "ethnic")
        or tokens.classes[at + 1]
        or not word[0].isupper()
        or word.isupper()
    ):
        return None
    if not following & (_W.MARK | _W.COMMA | _W.PREPOSITION | _W.BE | _W.HAVE | _W.HARM | _W.ADVERB):
        return None
    return People(at, at + 2, Form.SINGULAR, tokens.lower[at + 1], "unknown", 1, 1, 1, Modifier.EXACT)


def _excepted(lower: list[str], at: int) -> bool:
    """Whether who is named at `at` is left out of all others: "all but two of the passengers"."""
    return lower[at - 1 : at] == ["but"] and lower[at - 2 : at - 1] in (["all"], ["everyone"], ["everybody"])


def _read(tokens: Tokens, at: int, capitals: bool) -> People | None:
    bits, word = tokens.classes[at], tokens.lower[at]
    opens_range = word == "from" and (at == 0 or tokens.classes[at - 1] & _W.HARM)
    if bits & (_W.NUMBER | _W.QUANTIFIER | _W.INDEFINITE) or word in ("half", "between") or opens_range:
        likely = may_be_quantity(tokens.lower, tokens.classes, at)
        quantity = read_quantity(tokens.lower, tokens.classes, at) if likely else None
        if quantity is not None and at and tokens.classes[at - 1] & _W.INDEFINITE and quantity.plain_digits:
            return None
        if quantity is not None and not (quantity.best == 1 and bits & _W.INDEFINITE):
            return _counted(tokens, quantity) if not other_number(tokens, quantity) else None
        if word == "both":
            return _both(tokens, at)
        if word in ("another", "additional") and at + 1 < len(tokens.words):
            people = _noun(tokens, at + 1, at, Form.SINGULAR, capitals)
            if people is None and word == "another" and _stands_alone(tokens, at + 1):
                people = People(at, at + 1, Form.SINGULAR, "", "person", 1, 1, 1, Modifier.EXACT)
            if people is not None and people.form is Form.SINGULAR:
                people.more = True
            return people
    the_other = word == "the" and tokens.lower[at + 1 : at + 2] == ["other"] and at + 2 < len(tokens.words)
    if the_other and _stands_alone(tokens, at + 2):
        return People(at, at + 2, Form.SINGULAR, "", "person", 1, 1, 1, Modifier.EXACT, more=True)
    if word in ("no", "nobody", "none"):
        return _nobody(tokens, at)
    if (
        word == "the"
        and tokens.lower[at + 1 : at + 2]
        and tokens.lower[at + 1] in _ORDINALS
        and at + 2 < len(tokens.words)
    ):
        following = tokens.classes[at + 2]
        if following & (_W.HARM | _W.BE | _W.HAVE):
            # "The eighth was found dead"
            return People(at, at + 2, Form.DEFINITE, "", "person", 1, 1, 1, Modifier.EXACT)
    if bits & _W.INDEFINITE and at + 1 < len(tokens.lower) and number_in_row(tokens.lower[at + 1]) is not None:
        return _further_one(tokens, at, capitals)
    if bits & (_W.INDEFINITE | _W.POSSESSIVE):
        people = _noun(tokens, at + 1, at, Form.SINGULAR, capitals)
        if people is None and word == "her" and (at + 1 == len(tokens.words) or _stands_alone(tokens, at + 1)):
            return pronoun(at, word)
        return people
    if bits & _W.DETERMINER:
        return _noun(tokens, at + 1, at, Form.DEFINITE, capitals)
    if bits & _W.REFLEXIVE or word in ("he", "she", "him", "they", "them"):
        return pronoun(at, word)
    if word in ("all", "each") and at + 1 < len(tokens.words) and tokens.classes[at + 1] & (_W.BE | _W.HARM):
        return People(at, at + 1, Form.PRONOUN, word, "person")
    # "killed wife" is a verb with its object; "from wounded soldiers" is not.
    joined = bits & _W.HARM and at and not tokens.classes[at - 1] & (_W.PREPOSITION | _W.COMMA | _W.MARK)
    if word in ADJECTIVES_TOO:
        return None
    if (bits & (_W.PERSON | _W.PARTICIPLE | _W.TITLE) or word.endswith("-old")) and not joined:
        people = _noun(tokens, at, at, Form.BARE, capitals)
        if people is not None:
            return people
    return name_at(tokens, at) if not capitals else capital_name(tokens, at) or aged_name(tokens, at)


def _further_one(tokens: Tokens, at: int, capitals: bool) -> People | None:
    """ "a fifth soldier", "a fifth died": one more than were told of before."""
    if at + 2 >= len(tokens.words):
        return None
    people = _noun(tokens, at + 2, at, Form.SINGULAR, capitals)
    if people is None and tokens.classes[at + 2] & (_W.HARM | _W.BE | _W.HAVE | _W.ADVERB):
        people = People(at, at + 2, Form.SINGULAR, "", "person", 1, 1, 1, Modifier.EXACT)
    if people is not None and people.form is Form.SINGULAR:
        people.more = True
        people.nth = number_in_row(tokens.lower[at + 1]) or 0
    return people


def _in_a_total(tokens: Tokens, people: People) -> bool:
    """Whether the words before or after say that the people are in a number given: "including", "among them"."""
    at = people.start
    if tokens.lower[people.end : people.end + 2] == ["among", "them"] and tokens.lower[at - 1 : at] == [","]:
        return True
    if at and tokens.classes[at - 1] & _W.INCLUDING:
        return tokens.lower[max(0, at - 2)] != "not"
    if at > 1 and tokens.lower[at - 1] in _MOSTLY and tokens.lower[at - 2] == ",":
        # "50 villagers, mostly the elderly and children"
        return True
    return tokens.lower[max(0, at - 2) : at] in (["among", "them"], ["among", "whom"], ["of", "them"], ["of", "whom"])


def _both(tokens: Tokens, at: int) -> People | None:
    after = at + 1
    while after < len(tokens.words) and (
        tokens.classes[after] & (_W.DETERMINER | _W.POSSESSIVE) or tokens.lower[after] == "of"
    ):
        after += 1
    people = _noun(tokens, after, at, Form.DEFINITE, True)
    end = people.end if people is not None else at + 1
    if people is None and at + 1 < len(tokens.words) and not tokens.classes[at + 1] & (_W.BE | _W.HAVE | _W.HARM):
        return None
    return People(
        at,
        end,
        Form.DEFINITE,
        people.head if people else "",
        people.kind if people else "person",
        2,
        2,
        2,
        Modifier.EXACT,
    )


def _nobody(tokens: Tokens, at: int) -> People | None:
    word, following = tokens.lower[at], tokens.lower[at + 1 : at + 2]
    if word in ("nobody", "none"):
        return People(at, at + 1, Form.NONE, word, "person", 0, 0, 0, Modifier.EXACT)
    if following in (["one"], ["body"]):
        return People(at, at + 2, Form.NONE, "one", "person", 0, 0, 0, Modifier.EXACT)
    if following and following[0] in ("other", "more", "further"):
        at += 1
    people = _noun(tokens, at + 1, at, Form.NONE, True) if at + 1 < len(tokens.words) else None
    if people is not None:
        people.form = Form.NONE
        people.low = people.best = people.high = 0
        people.modifier = Modifier.EXACT
    return people


def _counted(tokens: Tokens, quantity: Quantity) -> People | None:
    lower, classes, at = tokens.lower, tokens.classes, quantity.end
    part, hurt, inner = False, False, None
    # '"scores" of militants were killed'
    at += lower[at : at + 2] == ['"', "of"] and lower[max(0, quantity.start - 1)] == '"'
    before = lower[quantity.start - 1] if quantity.start else ""
    if lower[quantity.start] == "one" and before.endswith("est") and before not in _OF_PEOPLE_TOO:
        # "the arsenal is the largest one seized"
        return None
    if at < len(lower) and lower[at] == "of" and at + 1 < len(lower):
        at += 1
        following = classes[at]
        if lower[at] in ("them", "whom", "these", "those", "us", "you"):
            people = _with_number(quantity, described_to(tokens, at + 1), lower[at], "person", True)
            people.hurt = lower[at] == "those" and not _THE_HURT.isdisjoint(lower[at + 1 : at + 2])
            return people
        if following & (_W.DETERMINER | _W.POSSESSIVE):
            at += 1
            part = at < len(lower) and lower[at] in _THE_HARMED
        inner = read_quantity(lower, classes, at) if at < len(lower) else None
        if inner is not None:
            # "three of the four brothers"
            at = inner.end
        hurt = at < len(lower) and lower[at] in _THE_HURT
        part = part or hurt
        if hurt and noun_run(tokens, at)[0] is None:
            people = _with_number(quantity, at + 1, lower[at], "person", part)
            people.hurt = True
            return people
    head, end = noun_run(tokens, at)
    if at > quantity.end + 1 and (body := body_of_people(tokens, at)) > 0:
        return _with_number(quantity, body, lower[body - 1], "person", part)
    if head is None:
        if at < len(lower) and at == quantity.end and lower[at] in ("bodies", "corpses"):
            return _with_number(quantity, quantity.end, lower[at], "person", False)
        if at < len(lower) and at == quantity.end and _stands_alone(tokens, quantity.end):
            return _with_number(quantity, quantity.end, "", "person", False)
        if at >= len(lower):
            return _with_number(quantity, quantity.end, "", "person", False)
        return None
    if (head in _GROUP_NOUNS and quantity.best == 1) or head in _UNHARMED:
        return None
    bits = classes[end - 1]
    if bits & _W.PERSON:
        noun = grammar().person(head)
        kind = noun.kind if noun is not None else "person"
    elif (
        bits & (_W.NOT_PEOPLE | _W.NOUN_STOP) or quantity.modifier is Modifier.VAGUE or quantity.best > _MOST_OF_UNKNOWN
    ):
        return None
    else:
        kind = "unknown"
    if _counts_things(tokens, quantity, head, end):
        return None
    multiple = _COUNTED_GROUPS.get(head) if head != "twins" else None
    people = _with_number(quantity, end, head, kind, part)
    people.out_of = inner
    people.hurt = hurt
    if head in ("families", "couples", "groups", "gangs", "crews", "households"):
        people.low, people.best, people.high = quantity.low, quantity.best, None
        people.kind = "families"
    if multiple is not None and quantity.best == 1:
        people.low = people.best = people.high = multiple
    return people


_OF_PEOPLE_TOO = ("youngest", "oldest", "eldest", "latest", "closest")
"""Superlatives that people bear as well as things."""


def _counts_things(tokens: Tokens, quantity: Quantity, head: str, end: int) -> bool:
    """Whether "other" belongs to a thing that the words know of no people: "seven rucksacks and other supplies"."""
    return head == "other" and end > quantity.end and not _stands_alone(tokens, end)


def _with_number(quantity: Quantity, end: int, head: str, kind: str, part: bool) -> People:
    return People(
        quantity.start, end, Form.COUNT, head, kind, quantity.low, quantity.best, quantity.high, quantity.modifier,
        quantity.more or head == "others", quantity.total, part, quantity.core,
    )  # fmt: skip


def _stands_alone(tokens: Tokens, at: int) -> bool:
    """Whether what comes before `at` may mean people without a noun: "12 were killed", "60 dead", "killing five"."""
    if at >= len(tokens.lower):
        return True
    bits, word = tokens.classes[at], tokens.lower[at]
    if (word == "who" and tokens.lower[at - 1] != "one") or bits & (
        _W.HARM | _W.BE | _W.HAVE | _W.AND | _W.COMMA | _W.PREPOSITION | _W.ADVERB | _W.SUBORDINATE | _W.TO
    ):
        return True
    if bits & _W.INCLUDING:
        # "killing 31 including 10 children"
        return True
    if word in _REPORTED_AS and at + 1 < len(tokens.words) and tokens.classes[at + 1] & _W.HARM:
        return True
    if word in _SUFFERS:
        # "nine died and 22 sustained injuries"
        return True
    return (bits & _W.MARK != 0 and word in (".", ";", ":", "(", ")", "-", "--", '"', "!", "?")) or bits & _W.MODAL != 0


def _noun(tokens: Tokens, at: int, start: int, form: Form, capitals: bool) -> People | None:
    """People named by a noun without a number."""
    if at >= len(tokens.lower):
        return None
    head, end = noun_run(tokens, at)
    if head is None or (head == "other" and not _stands_alone(tokens, end)):
        return None
    if not tokens.classes[end - 1] & _W.PERSON:
        if head.endswith("-year-old"):
            # "An eight-year-old and his mother"
            form = Form.SINGULAR if form is Form.BARE else form
            return People(start, end, form, head, "person", 1, 1, 1, Modifier.EXACT)
        agent = form is Form.SINGULAR and tokens.classes[end - 1] == 0 and head.endswith(AGENT_ENDINGS)
        return People(start, end, form, head, "unknown", 1, 1, 1, Modifier.EXACT) if agent and len(head) > 5 else None
    noun = grammar().person(head)
    if noun is None:
        return None
    lower, classes = tokens.lower, tokens.classes
    if head in _GROUP_NOUNS and end < len(lower) and lower[end] == "of":
        inner = read_quantity(lower, classes, end + 1) if end + 1 < len(lower) else None
        if inner is not None:
            people = _counted(tokens, inner)
            if people is not None:
                people.start = start
                return people
        inside = _noun(tokens, end + 1, start, Form.BARE, capitals)
        if inside is not None:
            return inside
    people = People(start, end, form, head, noun.kind)
    if head in _COUNTED_GROUPS and form is Form.SINGULAR:
        count = _COUNTED_GROUPS[head]
        people.low = people.best = people.high = count
        people.modifier = Modifier.EXACT
        return people
    if head in _VAGUE_SINGULARS or (noun.plural and not (noun.singular and lower[start] in ("a", "an", "another"))):
        if noun.singular and end < len(lower) and lower[end] in ("was", "is", "has") and head not in _VAGUE_SINGULARS:
            # "male staff was kidnapped": the verb says that it is one.
            people.low = people.best = people.high = 1
            people.modifier = Modifier.EXACT
            people.form = Form.SINGULAR
        elif form is Form.SINGULAR and lower[start] not in ("a", "an"):
            people.form = Form.DEFINITE
            if noun.kind in ("relative", "child") and noun.plural:
                # "his sons" are at least two; "her parents" are two.
                people.low = people.best = 2
                people.high, people.modifier = (2, Modifier.EXACT) if head in _PAIRS else (None, Modifier.AT_LEAST)
        elif form is Form.SINGULAR:
            people.form = Form.BARE
        return people
    if form is Form.BARE:
        named = capital_name(tokens, end) if capitals else name_at(tokens, end)
        if named is not None and (capitals or not tokens.words[end - 1].isupper()):
            people.form, people.end = Form.NAME, named.end
        elif tokens.classes[start] & _W.TITLE and head == lower[start] and not brought_in(tokens, start):
            return None
        else:
            people.form = Form.SINGULAR
    people.low = people.best = people.high = 1
    people.modifier = Modifier.EXACT
    return people
