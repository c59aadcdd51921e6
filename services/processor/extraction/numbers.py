"""Numbers of people as news writes them: digits, words, ranges, bounds, and words for numbers nobody counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias, TypeVar

from schemas.vocabulary import Modifier
from services.processor.extraction.wordlists import WordClass, read_rows, word_set

_T = TypeVar("_T")
_Phrases: TypeAlias = Mapping[str, tuple[tuple[tuple[str, ...], _T], ...]]
_LARGEST = 10_000_000_000
_NUMBER, _QUANTIFIER = WordClass.NUMBER, WordClass.QUANTIFIER
_MAY_BEGIN = _NUMBER | _QUANTIFIER
_LONGEST_BRACKET = 10
"""Words in a bracket between the ends of a range, with the bracket."""
_MAYBE = word_set("maybe")
_JOINS_MAYBE = _MAYBE | {",", "and", "but", "or"}
_BEGINNINGS = frozenset(("a", "an", "half", "between", "from"))
_OPEN: dict[str, Modifier] = {
    "at_least": Modifier.AT_LEAST,
    "at_most": Modifier.AT_MOST,
    "approximately": Modifier.APPROXIMATELY,
    "nearly": Modifier.APPROXIMATELY,
}


class Quantity(NamedTuple):
    """A number read at `words[start:end]`, with the words that qualify it."""

    start: int
    end: int
    low: int
    best: int
    high: int | None
    modifier: Modifier
    more: bool = False
    """Said of further people: "another 12", "12 more"."""
    total: bool = False
    """Said of the whole: "a total of 12"."""
    core: int = 0
    """Index of the first word of the number itself."""
    plain_digits: bool = False
    """Written in digits only, without any word about it: may be a year, an age, an amount."""


@cache
def _words() -> dict[str, tuple[str, int]]:
    return {word: (kind, int(value)) for kind, word, value in read_rows("number_words.tsv")}


def _by_first_word(table: Mapping[tuple[str, ...], _T]) -> _Phrases[_T]:
    """First word -> the phrases of a table that begin with it, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], _T]]] = {}
    for phrase, meaning in table.items():
        found.setdefault(phrase[0], []).append((phrase, meaning))
    return {word: tuple(sorted(many, key=lambda one: -len(one[0]))) for word, many in found.items()}


@cache
def _vague_phrases() -> _Phrases[tuple[int, int | None]]:
    return _by_first_word(_vague())


@cache
def _quantifier_phrases(position: str) -> _Phrases[str]:
    return _by_first_word(_quantifiers(position))


@cache
def _vague() -> dict[tuple[str, ...], tuple[int, int | None]]:
    rows = {}
    for row in read_rows("vague_numbers.tsv"):
        rows[tuple(row[0].split())] = (int(row[1]), int(row[2]) if len(row) > 2 and row[2] else None)
    return rows


@cache
def _quantifiers(position: str) -> dict[tuple[str, ...], str]:
    return {
        tuple(phrase.split()): meaning for where, meaning, phrase in read_rows("quantifiers.tsv") if where == position
    }


def _phrase(table: _Phrases[_T], words: Sequence[str], at: int) -> tuple[_T, int] | None:
    if at >= len(words) or words[at] not in table:
        return None
    for phrase, meaning in table[words[at]]:
        if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
            return meaning, at + len(phrase)
    return None


@cache
def _after_article() -> frozenset[str]:
    """What may follow "a" or "an" in a number: "a dozen", "a few", "an estimated"."""
    phrases = [*_vague(), *_quantifiers("before")]
    seconds = {phrase[1] for phrase in phrases if len(phrase) > 1 and phrase[0] in ("a", "an")}
    return frozenset(
        seconds | {word for word, (kind, _) in _words().items() if kind in ("times", "round")} | {"couple"}
    )


def may_be_quantity(words: Sequence[str], classes: Sequence[int], at: int) -> bool:
    """Whether a number may begin at a word: a quick look, before the grammar is asked."""
    word = words[at]
    if word in ("a", "an"):
        return at + 1 < len(words) and words[at + 1] in _after_article()
    if classes[at] & _NUMBER or word == "half":
        return True
    for bits in classes[at + 1 : at + 6]:  # noqa: SIM110 - any() takes twice as long, and this is asked of every "the"
        if bits & _NUMBER:
            return True
    return False


def may_begin(word: str, bits: int) -> bool:
    """Whether a quantity may begin with a word of the classes `bits`."""
    return bool(bits & _MAY_BEGIN) or word in _BEGINNINGS or word[0].isdigit()


def read_quantity(words: Sequence[str], classes: Sequence[int], at: int) -> Quantity | None:
    """The quantity that starts at `words[at]` (lower case), or None where none does.

    Bounds and vague words become an interval: "at least 60" is 60 and open above, "about 40" is 40 give or take a
    tenth, "up to 60" is 0 to 60, "dozens" is as lexicon/vague_numbers.tsv has it. A low is never above what the words
    say: "more than 60" has low 60.
    """
    if not classes[at] & _MAY_BEGIN and words[at] not in _BEGINNINGS and not words[at][0].isdigit():
        return None
    modifier, more, total, core = Modifier.EXACT, False, False, at
    nearly = False
    for _ in range(3):
        if core >= len(words) or not classes[core] & _QUANTIFIER:
            break
        found = _phrase(_quantifier_phrases("before"), words, core)
        if found is None:
            break
        meaning, core = found
        more = more or meaning == "more"
        total = total or meaning == "total"
        nearly = nearly or meaning == "nearly"
        # "the about 60": the word nearest to the number is weaker than a bound before it.
        if meaning in _OPEN and modifier is Modifier.EXACT:
            modifier = _OPEN[meaning]
    return _finish(words, classes, at, core, modifier, nearly, more, total)


def _finish(
    words: Sequence[str],
    classes: Sequence[int],
    at: int,
    core: int,
    modifier: Modifier,
    nearly: bool,
    more: bool,
    total: bool,
) -> Quantity | None:
    if core >= len(words):
        return None
    vague = _phrase(_vague_phrases(), words, core)
    if vague is not None and words[core] != "couple":
        (fewest, most), end = vague
        if end < len(words) and words[end] in ("more", "other"):
            more, end = True, end + 1
        if modifier is Modifier.AT_LEAST:
            return Quantity(at, end, fewest, fewest, None, Modifier.VAGUE, more, total, core)
        return Quantity(at, end, fewest, fewest, most, Modifier.VAGUE, more, total, core)
    value_range = _range(words, classes, core)
    if value_range is None:
        return None
    first, last, end, rounded = value_range
    if end + 1 < len(words) and words[end] in ("in", "out") and classes[end + 1] & WordClass.NUMBER:
        # "one in five" is a share; "31 in three weeks" is a number and a time.
        time = end + 2 < len(words) and classes[end + 2] & WordClass.NOT_PEOPLE
        if not time:
            return None
    after = _phrase(_quantifier_phrases("after"), words, end)
    if after is not None:
        meaning, end = after
        more = more or meaning == "more"
        if meaning in _OPEN and modifier is Modifier.EXACT:
            modifier = _OPEN[meaning]
    digits = core == at and end == core + 1 and words[core][0].isdigit()
    if last is not None:
        return Quantity(at, end, first, first, last, Modifier.RANGE, more, total, core)
    if rounded and modifier is Modifier.EXACT:
        return Quantity(at, end, first - 1, first, first + 1, Modifier.APPROXIMATELY, more, total, core)
    low, high = _interval(first, modifier, nearly)
    return Quantity(at, end, low, first, high, modifier, more, total, core, digits)


def _interval(value: int, modifier: Modifier, nearly: bool) -> tuple[int, int | None]:
    if modifier is Modifier.AT_LEAST:
        return value, None
    if modifier is Modifier.AT_MOST:
        return 0, value
    if modifier is Modifier.APPROXIMATELY:
        return value * 9 // 10, value if nearly else -(-value * 11 // 10)
    return value, value


def _range(words: Sequence[str], classes: Sequence[int], at: int) -> tuple[int, int | None, int, bool] | None:
    """(first, last or None, index after, whether a word for a round number such as "a dozen" was used)."""
    if words[at] in ("between", "from"):
        low = _core(words, classes, at + 1)
        if low is None:
            return None
        joint = _past_bracket(words, low[1])
        if joint >= len(words) or words[joint] not in ("and", "to"):
            return None
        high = _core(words, classes, joint + 1)
        if high is None or high[0] <= low[0]:
            return None
        return low[0], high[0], high[1], False
    low = _core(words, classes, at)
    if low is None:
        return None
    value, end, rounded = low
    if end + 1 < len(words) and words[end] in ("to", "-", "--", "or"):
        high = _core(words, classes, end + 1)
        dash = words[end] in ("-", "--")
        # "Aug 5 - Thirty-one people": the dash of a dateline joins no range.
        after_month = at > 0 and bool(classes[at - 1] & WordClass.MONTH)
        if dash and (after_month or words[at][0].isdigit() != words[end + 1][0].isdigit()):
            return value, None, end, rounded
        if high is not None and high[0] > value and (words[end] != "or" or high[0] <= 2 * value + 1):
            return value, high[0], high[1], False
    more = _possibly_more(words, classes, end)
    if more is not None and more[0] > value:
        return value, more[0], more[1], False
    return value, None, end, rounded


def _past_bracket(words: Sequence[str], at: int) -> int:
    """Index after a bracket that begins at `at`, which says whose number it is: "between 20 (police) and 33"."""
    if words[at : at + 1] != ["("]:
        return at
    for end in range(at + 1, min(len(words), at + _LONGEST_BRACKET)):
        if words[end] == ")":
            return end + 1
    return at


def _possibly_more(words: Sequence[str], classes: Sequence[int], at: int) -> tuple[int, int] | None:
    """The upper end of "15 and possibly as many as 20", with the index after it; not of "15 and possibly 20 others"."""
    if at >= len(words) or words[at] not in _JOINS_MAYBE:
        return None
    while at < len(words) and words[at] in (",", "and", "but", "or"):
        at += 1
    if at >= len(words) or words[at] not in _MAYBE:
        return None
    at += 1
    for bound in (["as", "many", "as"], ["up", "to"], ["more", "than"]):
        if list(words[at : at + len(bound)]) == bound:
            at += len(bound)
    high = _core(words, classes, at)
    further = high is None or words[high[1] : high[1] + 1] in (["others"], ["other"], ["more"])
    return None if high is None or further else (high[0], high[1])


def _core(words: Sequence[str], classes: Sequence[int], at: int) -> tuple[int, int, bool] | None:
    """(value, index after, rounded) of the bare number at `at`."""
    if at >= len(words):
        return None
    table, word, end = _words(), words[at], at
    if word in ("a", "an", "half", "the"):
        return _round_word(words, classes, at)
    if word in table and (
        table[word][0] == "round" or (word == "dozen" and at and words[at - 1] in ("some", "another"))
    ):
        return table[word][1], at + 1, True
    total, current, seen = 0, 0, False
    while end < len(words) and end - at < 12:
        word = words[end]
        if word == "and" and seen and current % 100 == 0 and current and end + 1 < len(words):
            step = _small(words[end + 1], table)
            if step is None or step >= 100 or words[end - 1] not in ("hundred", "thousand"):
                break
            current, end = current + step, end + 2
            continue
        small = _small(word, table)
        if small is not None:
            if seen and (word[0].isdigit() or words[end - 1][0].isdigit() or not _may_follow(current, small)):
                break
            current, end, seen = current + small, end + 1, True
            continue
        kind = table.get(word)
        if kind is not None and kind[0] == "times" and seen:
            if current >= 100 and kind[1] == 100:
                # "300 hundred": a slip of the pen, not thirty thousand.
                end += 1
                break
            if kind[1] >= 1000:
                total, current = total + max(current, 1) * kind[1], 0
            else:
                current = max(current, 1) * kind[1]
            end += 1
            continue
        decimal = _decimal(word) if not seen else None
        if decimal is not None and end + 1 < len(words) and words[end + 1] in table:
            multiplier = table[words[end + 1]]
            if multiplier[0] == "times":
                total, end, seen = int(decimal * multiplier[1]), end + 2, True
                break
        break
    value = total + current
    if not seen or value > _LARGEST or (value == 0 and words[at] not in ("0", "zero")):
        return None
    return value, end, False


def _round_word(words: Sequence[str], classes: Sequence[int], at: int) -> tuple[int, int, bool] | None:
    table = _words()
    if words[at] == "half":
        offset = 2 if words[at + 1 : at + 2] == ["a"] else 1
        if words[at + offset : at + offset + 1] == ["dozen"]:
            return 6, at + offset + 1, True
        return None
    if at + 1 >= len(words) or words[at] == "the":
        return None
    following = words[at + 1]
    if following == "couple":
        if at + 2 < len(words) and (words[at + 2] == "of" or classes[at + 2] & WordClass.PERSON):
            return 2, at + 2, False
        return None
    kind = table.get(following)
    if kind is not None and kind[0] == "round":
        return kind[1], at + 2, True
    if kind is None or kind[0] != "times":
        return None
    if following != "dozen":
        rest = _core(["one", *words[at + 1 : at + 8]], [WordClass.NUMBER, *classes[at + 1 : at + 8]], 0)
        if rest is not None:
            return rest[0], at + rest[1], rest[1] == 2
    return kind[1], at + 2, True


def _may_follow(current: int, small: int) -> bool:
    return (current % 100 == 0 and small < 100) or (20 <= current % 100 < 100 and current % 10 == 0 and small < 10)


def _small(word: str, table: Mapping[str, tuple[str, int]]) -> int | None:
    """The value of one word: digits, a unit or tens word, or such joined by a hyphen."""
    if word[0].isdigit():
        return _integer(word)
    found = table.get(word)
    if found is not None:
        return found[1] if found[0] not in ("times", "round") else None
    if "-" in word:
        parts = [table.get(part) for part in word.split("-")]
        if all(part is not None and part[0] not in ("times", "round") for part in parts):
            return sum(part[1] for part in parts if part is not None)
    return None


def _integer(word: str) -> int | None:
    body = word.removesuffix("-plus").removesuffix("-odd").removesuffix("-mark")
    if len(body) > 15:
        return None
    if body.isdigit() and body.isascii():
        return int(body)
    if "," not in body and "." not in body:
        return None
    groups = body.replace(".", ",").split(",")
    if len(groups) > 1 and all(g.isascii() and g.isdigit() for g in groups):
        if len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:]):
            return int("".join(groups))
        # Lakhs and crores are grouped by two: 1,50,000.
        if len(groups[-1]) == 3 and all(len(g) <= 2 for g in groups[:-1]) and "," in body:
            return int("".join(groups))
    return None


def _decimal(word: str) -> float | None:
    whole, dot, part = word.partition(".")
    if dot and whole.isascii() and part.isascii() and whole.isdigit() and part.isdigit() and len(word) < 10:
        return float(word)
    return None
