"""Nouns out of articles, made to agree with a number; where one cannot be made to, a plain one stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from services.alerter.policy.plain_text import one_line

LONGEST = 60
"""Characters of a phrase out of an article that a headline takes over."""
_MOST_WORDS = 7
_COUNTING = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen dozens scores hundreds thousands
several many some numerous few most all both about around nearly almost over least more than up to at of other others
another further additional only just and
"""
_DETERMINERS = "the a an his her its their our my this that these those"
_LEADING = frozenset(f"{_COUNTING} {_DETERMINERS}".split())
_LETTERS = re.compile(r"[^\W\d_][\w'’,\-]*(?: [\w'’,\-]+)*")
_TAIL = re.compile(r" (?:of|in|from|at|on|with|who|whose|including|belonging|aboard|near|by|for|to|under|inside) ")
_PLURALS = frozenset({"people", "police", "personnel", "troops", "staff", "crew", "gendarmes", "kin", "clergy"})
_PLURAL_ENDINGS = ("men", "women", "children", "people", "folk")
_AGENTS = ("ers", "ors", "ists", "ians", "ants", "ees", "ics")
_THINGS = frozenset(
    ("headquarters", "quarters", "towers", "shelters", "centers", "theaters", "skyscrapers", "containers", "plants",
     "restaurants", "corridors", "clinics")
)  # fmt: skip
"""Words with the endings of people's that are none."""
_MOVES = frozenset(
    ("convoy", "convoys", "patrol", "patrols", "motorcade", "car", "cars", "vehicle", "vehicles", "bus", "buses",
     "minibus", "minibuses", "van", "vans", "truck", "trucks", "lorry", "taxi", "train", "trains", "boat", "boats",
     "ship", "ships", "ferry", "plane", "planes", "aircraft", "helicopter", "helicopters", "ambulance", "ambulances",
     "motorcycle", "motorcycles", "tanker", "tankers", "trailers", "freighters")
)  # fmt: skip
_SINGULARS_IN_S = ("ss", "us", "is")
_SINGULARS_IN_MEN = frozenset({"specimen", "omen", "regimen"})
_NOT_PEOPLE = frozenset(
    {"dead", "killed", "wounded", "injured", "missing", "casualties", "fatalities"} | {"deaths", "bodies", "others"}
)
_NOBODY_IN_PARTICULAR = frozenset(
    {"lives", "souls", "victims", "victim", "individuals", "individual", "persons", "members", "member"}
)
"""Words that say no more of people by themselves than that there were some; `family members` says more."""
_TAKES_AN = re.compile(r"[aeiou]", re.IGNORECASE)
_SOUNDS_OTHERWISE = re.compile(r"(?:uni(?!n|m)|u[skn]\b|use|eu|one\b|once\b|ur[aeiou])", re.IGNORECASE)
_INITIALS = re.compile("[A-Z]{2,}")
_SPELT_WITH_A_VOWEL = re.compile(r"[AEIO]|[FHLMNRSX](?:[A-Z]{1,2}|[^AEIOU]+)\Z|UNRWA\Z")
"""Initials that begin with a vowel's sound: `MSF` and `NGO`, whose letters are spelt, and not `NATO` or `UNHCR`."""
_YEARS_OLD = re.compile(r"(\d+)-(?:year|month|day)-old\b")
_SILENT_H = re.compile(r"(?:hour|heir|honest|honou?r)", re.IGNORECASE)
_PEOPLES = re.compile(r"(?!civilian|pedestrian|guardian|librarian|vegetarian)[\w-]+(?:ians?|ese|ish)\Z", re.I)
"""Endings of most words for the people of a country or faith, which keep their capital."""
_OTHER_PEOPLES = frozenset(
    line for line in (files(__package__) / "peoples.txt").read_text("utf-8").splitlines() if not line.startswith("#")
)
_PRONOUNS = frozenset(
    ("he", "she", "him", "her", "it", "they", "them", "who", "whom", "someone", "somebody", "anyone", "this", "that",
     "which", "one", "himself", "herself")
)  # fmt: skip


def people_noun(stated: Iterable[str], one: bool) -> str:
    """The people that claims name (`three children`), as a noun after a number: `children`, or `child` for one.

    The first of `stated` that is a noun in small letters; else one that a headline wrote with capitals. `person` or
    `people` where there is none, or none that agrees with the number: the name of somebody is not for a first line.
    """
    plain = "person" if one else "people"
    nouns = [noun for phrase in stated if (noun := _people_noun(phrase, one)) is not None]
    return next((noun for noun in nouns if not _head(noun)[-1][0].isupper()), nouns[0] if nouns else plain)


def _people_noun(stated: str, one: bool) -> str | None:
    phrase = bare_phrase(stated)
    if phrase is None:
        return None
    noun = _unnamed(phrase) if one else in_sentence(phrase)
    if noun is None or noun.split()[-1].lower() in _NOT_PEOPLE | _PRONOUNS or is_plural(noun) is one:
        return None
    return None if noun.lower() in _NOBODY_IN_PARTICULAR or (one and " and " in noun) else noun


def in_sentence(phrase: str) -> str:
    """`phrase` as it stands inside a sentence, where a headline wrote it with capitals: `Indian soldiers`."""
    tail = _TAIL.search(phrase)
    head, rest = (phrase, "") if tail is None else (phrase[: tail.start()], phrase[tail.start() :])
    words = head.split()
    if not all(word[0].isupper() for word in words):
        return phrase
    return " ".join(word if _keeps_capital(word) else word.lower() for word in words) + rest


def _head(phrase: str) -> list[str]:
    """The words of `phrase` up to its noun, without what follows with "of", "in" or the like."""
    tail = _TAIL.search(f"{phrase} ")
    return (phrase if tail is None else phrase[: tail.start()]).split()


def _unnamed(phrase: str) -> str | None:
    """A noun for one person without the name that follows it: `patrolman`; None where the name is all there is."""
    head = _head(phrase)
    for at, word in enumerate(head):
        if word[0].isupper() and not _keeps_capital(word):
            return " ".join(head[:at]).strip(",") or None
    return phrase


def _keeps_capital(word: str) -> bool:
    """Whether a word keeps its capital inside a sentence: initials, and words for peoples and faiths."""
    return word.isupper() or not word.isalpha() or word.lower() in _OTHER_PEOPLES or _PEOPLES.match(word) is not None


def bare_phrase(stated: str) -> str | None:
    """`stated` without the articles and numbers before it; None where it is not a short plain phrase."""
    words = one_line(stated, LONGEST + 1).strip(" .,;:").split()
    while words and (words[0].lower().strip(",") in _LEADING or not words[0][0].isalpha()):
        words.pop(0)
    phrase = " ".join(words)
    if not phrase or len(phrase) > LONGEST or len(words) > _MOST_WORDS or not _LETTERS.fullmatch(phrase):
        return None
    return phrase


def is_plural(phrase: str) -> bool:
    """Whether the noun that heads `phrase` is plural."""
    head = _TAIL.split(f"{phrase} ", maxsplit=1)[0].strip()
    if " and " in head:
        # "Women and children", and not "a woman and her child".
        return all(is_plural(one) for one in head.split(" and ") if one.strip())
    word = head.split()[-1].lower()
    if word in _SINGULARS_IN_MEN:
        return False
    if word in _PLURALS or word.endswith(_PLURAL_ENDINGS) or (word in _OTHER_PEOPLES and word[:-1] in _OTHER_PEOPLES):
        return True
    return word.endswith("s") and not word.endswith(_SINGULARS_IN_S)


def with_article(phrase: str, *, name: bool = True) -> str:
    """`phrase` with `a` or `an` before it, where it needs one to stand in a sentence.

    Plurals, names and phrases that begin with an article or a number need none. `name`: the phrase is a name where its
    first word and its noun have a capital: `Hotel Splendid`, and not `US embassy`.
    """
    first, head = phrase.split()[0], _head(phrase)
    aged = _YEARS_OLD.match(phrase)
    if aged is not None and not is_plural(phrase):
        return f"{'an' if aged[1].startswith('8') or aged[1] in ('11', '18') else 'a'} {phrase}"
    if first.lower() in _LEADING or first[0].isdigit() or is_plural(phrase):
        return phrase
    if name and first[0].isupper() and head[-1][0].isupper():
        return f"the {phrase}" if phrase.startswith(f"{' '.join(head)} of ") else phrase
    return f"{'an' if takes_an(first) else 'a'} {phrase}"


def takes_an(word: str) -> bool:
    """Whether `word` begins with a vowel's sound: `hour` does, `university` does not."""
    if _SILENT_H.match(word):
        return True
    initials = _INITIALS.match(word)
    if initials is not None:
        return _SPELT_WITH_A_VOWEL.match(initials[0]) is not None
    return bool(_TAKES_AN.match(word)) and not _SOUNDS_OTHERWISE.match(word)


def is_place(phrase: str) -> bool:
    """Whether something can happen `at` what `phrase` names, which is neither people nor moves."""
    word = _head(phrase)[-1].lower()
    if word in _MOVES:
        return False
    people = word in _PLURALS or word.endswith(_PLURAL_ENDINGS) or (word.endswith(_AGENTS) and word not in _THINGS)
    return not people


def names_several(name: str) -> bool:
    """Whether a name or description takes a plural verb: `Houthis`, `gunmen`; not `ISIS` or `Hamas`."""
    last = name.split()[-1]
    if last[:1].islower():
        return is_plural(name)
    if len(last) == len("Boys") and last.endswith(("is", "os")):
        return False
    return len(last) > 3 and last.endswith("s") and last[-2].islower() and not last.endswith(("ss", "us", "as"))
