"""The readable view of a field: same length as the original, so that an offset in one is an offset in the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from services.processor.extraction.wordlists import WordClass, grammar, read_words, word_set

_QUOTES = {"‘": "'", "’": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_DASHES = dict.fromkeys("‐‑‒−﹣－", "-") | dict.fromkeys("–—―", "-")
_DASH = "\u2014"
"""Kept where it stands right between two words, "killed nine\u2014all guards", which a hyphen would make one of."""
_FILED_FROM = re.compile(r"[A-Z]{3,}[A-Z ]*,\s[^,\n]{3,30}\Z")
"""The words of a dateline before its dash: "JOS, Nigeria"."""
_BLANKS = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c"
    "\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u00ad\t\x0b\x0c\x85",
    " ",
)
_CONTROLS = {chr(code): " " for code in (*range(9), *range(14, 32), 127, *range(128, 160))}
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
"""Full-width forms, as East Asian keyboards write Latin letters and digits."""
_TABLE = str.maketrans(_WIDE | _CONTROLS | _QUOTES | _DASHES | _BLANKS | {"\r": "\n", "…": "."})
_UNSEEN_MARKS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_UNSEEN = re.compile(r"[^\W\d_]++(?:[\u200b-\u200d\u2060\ufeff\u00ad]++[^\W\d_]++)+")
"""A word with marks inside that no reader sees: soft hyphens, places where a line may break."""
_PLAIN = re.compile(r"[\n -~]*\Z")
_ODD = re.compile(r"[^\n -_a-~]+")
"""Runs of characters that are not plain; the grave accent is among them."""

# Both are linear: neither can match more than a bounded run, and neither starts inside itself.
_TAG = re.compile(r"<(?:!--|/?[A-Za-z])[^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9A-Fa-f]{1,5}|[A-Za-z]{2,8});")
_ENTITY_TEXT = {
    "&amp;": "&",
    "&quot;": '"',
    "&apos;": "'",
    "&#39;": "'",
    "&lsquo;": "'",
    "&rsquo;": "'",
    "&ldquo;": '"',
    "&rdquo;": '"',
    "&ndash;": "-",
    "&mdash;": "-",
    "&#8217;": "'",
    "&#8216;": "'",
}
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|table|section|article|blockquote)\b", re.IGNORECASE)

# Plain words come first, since most are. No alternative can match in two ways, so nothing is tried twice.
_TOKEN = re.compile(
    r"[\s_]*+([a-zA-Z]++(?![\w.'&-])|\d+(?:[,.]\d+)*(?:[A-Za-z]+|(?:-[A-Za-z]+)+)?|[^\W\d_]\.(?:[^\W\d_]\.)+"
    r"|[^\W\d_]{4,}+(?=\d)|[^\W_]+(?:['&-][^\W_]+)*|[.]{2,}|-{2,}|[^\w\s])"
)
# A set of characters at the head lets the search skip all others.
_BREAK = re.compile(r"""[.!?\n](?:(?<=\n)|(?<=[.!?])[.!?]*["')\]]*(?=\s))""")
_WORD_BEFORE = re.compile(r"[^\s(\"'\[]*\Z")
_DAY_AFTER = re.compile(
    r"\s?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*\s\d)"
)
_ABBREVIATIONS = frozenset(read_words("abbreviations.txt"))
_LONGEST_BEFORE = 14
"""Characters before a full stop that are looked at for the word that it ends."""
_LONGEST_ABBREVIATION = max(5, *map(len, _ABBREVIATIONS))
_AFTER_UNITED = frozenset(("states", "kingdom", "nations"))
_ABBREVIATED = word_set("abbreviated")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_UPPER, _LOWER = ascii_uppercase.encode(), ascii_lowercase.encode()
LONGEST_SENTENCE = 1200
"""Characters; the longest sentences of news have about half."""
_STARTS_LOWER = re.compile(r"\s*[a-z,;)]")
_LIST_MARK = re.compile(r"\s{2,}|\s*[-*•·]\s|\s*\d+[.)]\s")


@dataclass(slots=True)
class Sentence:
    """One sentence: `text[start:end]`, with its place in the order of the field's sentences."""

    index: int
    start: int
    end: int
    paragraph: int


class Tokens:
    """The words and marks of `view[start:end]`. The lists run in parallel; offsets are into the field."""

    __slots__ = ("_ends", "_span", "_starts", "_view", "classes", "lower", "words")

    def __init__(self, view: str, start: int, end: int, words: list[str], lower: list[str], classes: list[int]) -> None:
        self.words = words
        self.lower = lower
        self.classes = classes
        """For each word the sum of its bits in wordlists.WordClass."""
        self._view = view
        self._span = (start, end)
        self._starts: list[int] | None = None
        self._ends: list[int] = []

    @property
    def starts(self) -> list[int]:
        """Where each word begins; found out once somebody asks, since of most sentences nobody does."""
        return self._starts if self._starts is not None else self._locate()

    @property
    def ends(self) -> list[int]:
        """Where each word ends."""
        if self._starts is None:
            self._locate()
        return self._ends

    def _locate(self) -> list[int]:
        # Between two words are only blanks and underscores, which no word begins with; the "'s" of a genitive is right
        # after its word, and may be in capitals there.
        index, (at, stop) = self._view.index, self._span
        starts: list[int] = []
        for word in self.words:
            at = at if word == "'s" else index(word, at, stop)
            starts.append(at)
            at += len(word)
        self._ends = list(map(add, starts, map(len, self.words)))
        self._starts = starts
        return starts


class ReadField(NamedTuple):
    """One field of an article, as far as it has been read."""

    view: str | None
    """The readable view of its text; null where it is unread."""
    sentences: Sequence[Sentence]
    """All its sentences; empty where they are unknown."""
    tokens: Mapping[int, Tokens]
    """The words of a sentence, by where it begins, read as those of a text that is not in capitals."""


def readable(original: str) -> str:
    """`original` with markup, entities, odd blanks and quotes made plain, character for character.

    The answer has the length of `original`: whatever is removed leaves blanks, so offsets need no mapping.
    """
    if _PLAIN.match(original) and "<" not in original and "&" not in original:
        return original
    # The two characters of a Windows line end are one line end.
    view = original.replace("\r\n", " \n")
    if any(mark in view for mark in _UNSEEN_MARKS):
        view = _UNSEEN.sub(_closed_up, view)
    view = _ODD.sub(_made_plain, view)
    if "<" in view:
        view = _TAG.sub(_blank_tag, view)
    if "&" in view:
        view = _ENTITY.sub(lambda m: _ENTITY_TEXT.get(m[0].lower(), " ").ljust(len(m[0])), view)
    return view


def _closed_up(match: re.Match[str]) -> str:
    return "".join(filter(str.isalpha, match[0])).ljust(len(match[0]))


def _made_plain(match: re.Match[str]) -> str:
    if match[0] == _DASH and _between_words(match.string, match.start()):
        return _DASH
    return match[0].translate(_TABLE)


def _between_words(text: str, at: int) -> bool:
    """Whether a dash sets two words apart; in "Movement\u2014Free Faction" it is of a name, save after a dateline."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not (before.isalnum() and after.isalnum()):
        return False
    line = text[text.rfind("\n", max(0, at - 60), at) + 1 or max(0, at - 60) : at]
    return not (before.islower() and after.isupper()) or _FILED_FROM.match(line) is not None


def _blank_tag(match: re.Match[str]) -> str:
    tag = match[0]
    return ("\n" if _BLOCK_TAG.match(tag) else " ").ljust(len(tag))


def fold(view: str) -> str:
    """Lower case of the same length: the few characters whose lower case is longer are kept as they are."""
    lower = view.lower()
    if len(lower) == len(view):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in view)


def is_capitals(view: str) -> bool:
    """Whether the text is written in capitals only, so that a capital letter says nothing about a word."""
    sample = view[:3000]
    plain = sample.encode("ascii", "ignore")
    lower = len(plain) - len(plain.translate(None, _LOWER))
    if lower >= 0.12 * (len(sample) - lower):
        return False  # Were all other characters capitals, they would be too few.
    upper, lower, odd = ascii_cases(sample)
    if odd and lower < 0.12 * (upper + odd):
        others = "".join(_NOT_ASCII.findall(sample))
        upper += sum(map(str.isupper, others))
        lower += sum(map(str.islower, others))
    return upper > 20 and lower < 0.12 * upper


def ascii_cases(text: str) -> tuple[int, int, int]:
    """How many of the letters A to Z are in `text`, how many of a to z, and how many characters that are no ASCII."""
    plain = text.encode("ascii", "ignore")
    upper = len(plain) - len(plain.translate(None, _UPPER))
    return upper, len(plain) - len(plain.translate(None, _LOWER)), len(text) - len(plain)


def wraps_lines(view: str) -> bool:
    """Whether single line feeds only break lines at a fixed width, as in a wire text, and end no sentence."""
    lines = view[:6000].split("\n")
    if max(lines, key=len)[100:].strip():
        return False
    lengths = [len(line) for line in lines if line.strip()]
    if len(lengths) < 3 or max(lengths) > 100:
        return False
    return sum(n >= 50 for n in lengths) >= 0.6 * len(lengths)


def split_sentences(view: str) -> list[Sentence]:
    """The sentences of a readable view, in order. Linear in its length."""
    sentences: list[Sentence] = []
    wrapped = "\n" in view and wraps_lines(view)
    start, paragraph = 0, 0
    for match in _BREAK.finditer(view):
        at, end = match.span()
        mark = view[at]
        if mark == "\n":
            rest = view[end : end + 4]
            runs_on = wrapped or ("a" <= rest[:1] <= "z" and view[max(0, at - 2) : at].rstrip(" ")[-1:].isalpha())
            hard = not runs_on or rest[:1] in ("\n", "") or _LIST_MARK.match(rest) is not None
            if not hard:
                continue
        elif mark == "." and not _ends_sentence(view, at, end):
            continue
        if end - start > LONGEST_SENTENCE:
            _add_pieces(sentences, view, start, end, paragraph)
        else:
            piece = view[start:end].lstrip()
            if piece:
                first = end - len(piece)
                # A mark ends its sentence without a blank after it.
                last = first + len(piece.rstrip()) if mark == "\n" else end
                sentences.append(Sentence(len(sentences), first, last, paragraph))
        start = end
        if mark == "\n":
            paragraph += 1
    _add_pieces(sentences, view, start, len(view), paragraph)
    return sentences


def latest_end(view: str, at: int) -> int:
    """Where the sentence that `view[at]` is in ends at the latest: line ends that may run on are taken to do so."""
    last = min(len(view), at + LONGEST_SENTENCE)
    for match in _BREAK.finditer(view, at, last):
        start, end = match.span()
        mark = view[start]
        if view[end : end + 1] in ("\n", "") if mark == "\n" else mark != "." or _ends_sentence(view, start, end):
            return end
    return last


def _add(sentences: list[Sentence], view: str, start: int, end: int, paragraph: int) -> None:
    """Add the sentence `view[start:end]` without the blanks around it."""
    piece = view[start:end].lstrip()
    if piece:
        start = end - len(piece)
        sentences.append(Sentence(len(sentences), start, start + len(piece.rstrip()), paragraph))


def _add_pieces(sentences: list[Sentence], view: str, start: int, end: int, paragraph: int) -> None:
    """Add what has no end for too long, cut at a blank: the work on a sentence may grow faster than its length."""
    while start < end:
        stop = end
        if end - start > LONGEST_SENTENCE:
            stop = view.rfind(" ", start + 1, start + LONGEST_SENTENCE) + 1 or start + LONGEST_SENTENCE
        _add(sentences, view, start, stop, paragraph)
        start = stop


def _ends_sentence(view: str, at: int, end: int) -> bool:
    # What follows a mark is most often one blank and a capital letter.
    if not "A" <= view[end + 1 : end + 2] <= "Z" and _STARTS_LOWER.match(view, end, end + 4):
        return False
    if end - at > 1:
        return True
    piece = view[at - _LONGEST_BEFORE if at > _LONGEST_BEFORE else 0 : at]
    word = piece[piece.rfind(" ") + 1 :]
    if word.isalnum():
        return len(word) > _LONGEST_ABBREVIATION or not (
            (len(word) == 1 and word.isupper()) or word.lower() in _ABBREVIATIONS
        )
    found = _WORD_BEFORE.search(piece)
    word = found[0] if found else ""
    if "-" in word and "." in word:
        # "a Chilean-U.S. institute"
        word = word[word.rindex("-") + 1 :]
    if len(word) > _LONGEST_ABBREVIATION:
        return True
    if len(word) == 1 and word.isupper():
        return False
    lower = word.lower()
    if lower in ("a.m", "p.m") and _DAY_AFTER.match(view, end) is not None:
        # "at 10:20 a.m. Thursday"
        return False
    return not (
        lower in _ABBREVIATIONS
        or ("." in word and len(word) <= 5 and not word[-1].isdigit() and lower not in ("a.m", "p.m", "u.s"))
    )


def tokenise(view: str, start: int, end: int, capitals: bool = False) -> Tokens:
    """The words and marks of `view[start:end]`, each with its word classes.

    Where the text is not in `capitals` only, a small word in capitals is an abbreviation: "US" is no pronoun.
    """
    words: list[str] = _TOKEN.findall(view, start, end)
    if view.find("'", start, end) >= 0:
        words = _genitives_apart(words)
    lower = list(map(str.lower, words))
    if _DASH in words:
        lower = ["-" if word == _DASH else word for word in lower]
    classes = grammar().classes_of(lower)
    if not capitals and not _ABBREVIATED.isdisjoint(lower):
        for at, word in enumerate(words):
            if len(word) > 1 and lower[at] in _ABBREVIATED and word.isupper():
                classes[at] = 0
    if "may" in lower:
        for at, word in enumerate(lower):
            if word == "may" and _is_a_month(words, at, capitals):
                classes[at] = WordClass.MONTH
    if "united" in lower:
        for at in range(1, len(lower)):
            if lower[at] in _AFTER_UNITED and lower[at - 1] == "united":
                # "two United States soldiers": neither "united" nor "states" is a verb there.
                classes[at - 1] = classes[at] = 0
    return Tokens(view, start, end, words, lower, classes)


def _is_a_month(words: list[str], at: int, capitals: bool) -> bool:
    """Whether "May" is the month: it has a capital letter within a sentence, or a number beside it."""
    if at and words[at] == "May" and not capitals:
        return True
    beside = (words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else "")
    return beside[0].isdigit() or beside[1].isdigit()


def _genitives_apart(words: list[str]) -> list[str]:
    """ "army's" as two words, "army" and "'s"."""
    apart: list[str] = []
    for word in words:
        if len(word) > 2 and word.endswith(("'s", "'S")):
            apart.append(word[:-2])
            apart.append("'s")
        else:
            apart.append(word)
    return apart


def plain(word: str) -> str:
    """`word` without accents, in lower case: for comparing names."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
