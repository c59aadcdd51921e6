"""What texts on the same incident have in common: names, rare words, and for copies of one text the sequence of words.

Words that every text on an attack or a disaster has say nothing, words of everyday English little, names and rare words
much; which is which is fixed, so that the comparison of two texts never depends on a third.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, islice
from zlib import crc32

from schemas import Article, Report, Wording, name_key
from services.processor.extraction.ascii_view import ascii_view
from services.processor.extraction.places.folding import fold
from services.processor.extraction.text import Sentence, readable, split_sentences
from services.processor.extraction.wordlists import read_rows, read_words

COMPARED_CHARACTERS = 2_500
"""Of a passage; the head of a news text says what it is about, its tail often something else."""
READ_CHARACTERS = 60_000
"""Of the body; incidents told of further down are compared without their words."""
DATELINE_CHARACTERS = 140
MAX_NAMES, MAX_WORDS = 48, 64
SKETCH_CHARACTERS = 4_000
SKETCH_SIZE = 32
"""Hashes kept. Two texts of which the half is one another's then share about 11 of them (standard deviation 3)."""
SHINGLE = 5
"""Words in a row that are hashed together: by chance two texts share nearly none of that length."""
MAX_CREDITS = 8
_REMEMBERED = 32_768

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_SHINGLED = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ings", "ing", "ed", "es", "s")
_DATELINE = re.compile(r"\s*[A-Z][A-Z' ,.]{2,60}[^\n]{0,60}?(?: -{1,2} | ?[–—] |\. )")
_NAME = r"[A-Z][\w'&.-]{0,30}(?: (?:of |the |and )?[A-Z][\w'&.-]{0,30}){0,4}"
_CITED = (
    rf"\(({_NAME})\)|(?:[Aa]ccording to|[Rr]eported by|[Cc]iting|[Cc]ites|[Qq]uoting|[Qq]uoted by) (?:the )?({_NAME})"
)
_ONLY_CITED = re.compile(_CITED)
_CREDIT = re.compile(rf"{_CITED}|({_NAME}) (?:reported|reports)\b")
_SIGN = re.compile(r"\(|ccording to |eported by |iting |ites |uoting |uoted by ")
_CREDIT_SIGNS = ("(", "ccording to ", "eported", "reports", "iting ", "ites ", "uoting ", "uoted by ")
"""One of these stands in every text that gives somebody credit."""


def with_wording(article: Article, reports: Sequence[Report], view: str | None = None) -> tuple[Report, ...]:
    """`reports`, which are all those of `article`, each with the wording of the passages that tell of it.

    `view` is the readable view of its body, where the caller has it.
    """
    if not reports:
        return ()
    body = readable(article.body[:READ_CHARACTERS]) if view is None or len(view) > READ_CHARACTERS else view
    if len(reports) == 1:
        passages = [[article.title, *article.highlights, _without_dateline(body)]]
    else:
        passages = _passages(article, body, reports)
    sketch, credited = sketch_of(body), _credits(article.title, body)
    return tuple(
        report.model_copy(update={"wording": _wording(passage, sketch, credited)})
        for report, passage in zip(reports, passages, strict=True)
    )


def _without_dateline(body: str) -> str:
    """`body` without the place and day that it was written at, which need not be those of the incident."""
    dateline = _DATELINE.match(body[:DATELINE_CHARACTERS])
    return body[dateline.end() if dateline else 0 :]


def _wording(passages: Iterable[str], sketch: tuple[int, ...], credited: tuple[str, ...]) -> Wording:
    names: dict[str, None] = {}
    words: dict[str, None] = {}
    left = COMPARED_CHARACTERS
    for passage in passages:
        text = passage[:left]
        left -= len(text)
        for name, word in map(_compared, dict.fromkeys(_WORD.findall(ascii_view(text)))):
            if name:
                names[name] = None
            elif word:
                words[word] = None
    return Wording(names=tuple(names)[:MAX_NAMES], words=tuple(words)[:MAX_WORDS], sketch=sketch, credits=credited)


def sketch_of(text: str) -> tuple[int, ...]:
    """The smallest hashes of all `SHINGLE` words in a row of `text`, ascending; empty for a text that is shorter.

    The share of hashes in common among the smallest of two texts estimates how much of their wording is the same
    (A. Broder, On the resemblance and containment of documents, 1997).
    """
    words: list[str] = _SHINGLED.findall(ascii_view(text[:SKETCH_CHARACTERS]))
    spaced = f" {' '.join(words)}".encode()
    steps = list(map((1).__add__, map(len, words)))
    starts, ends = accumulate(steps, initial=1), islice(accumulate(steps, initial=0), SHINGLE, None)
    hashes = set(map(crc32, map(spaced.__getitem__, map(slice, starts, ends))))
    return tuple(sorted(hashes)[:SKETCH_SIZE])


def _passages(article: Article, body: str, reports: Sequence[Report]) -> list[list[str]]:
    """Of each report the sentences that its evidence stands in, and those after them up to another's."""
    sentences = split_sentences(body)
    owners: list[list[int]] = [[] for _ in sentences]
    titled: set[int] = set()
    for number, report in enumerate(reports):
        for piece in [*report.evidence, *(e for claim in report.claims for e in claim.evidence)]:
            if piece.field == "body":
                at = _sentence_at(sentences, piece.start)
                if at is not None and number not in owners[at]:
                    owners[at].append(number)
            else:
                titled.add(number)
    found: list[list[str]] = [[article.title] if number in titled else [] for number in range(len(reports))]
    current: list[int] = []
    for sentence, owned in zip(sentences, owners, strict=True):
        current = owned or current
        for number in current:
            found[number].append(body[sentence.start : sentence.end])
    return found


def _sentence_at(sentences: Sequence[Sentence], offset: int) -> int | None:
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        if sentences[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return low if low < len(sentences) else None


def _credits(title: str, body: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in (title, body[:COMPARED_CHARACTERS]):
        if not any(sign in text for sign in _CREDIT_SIGNS):
            continue
        # Whoever reports is searched for from each of the capital letters, others only where a sign stands.
        reports = "reported" in text or "reports" in text
        for match in _CREDIT.finditer(text) if reports else _cited(text):
            found[fold(next(filter(None, match.groups())))] = None
    return tuple(name for name in found if name)[:MAX_CREDITS]


def _cited(text: str) -> Iterator[re.Match[str]]:
    """As `_ONLY_CITED.finditer`: each begins with a bracket, or one letter before a sign."""
    past = 0
    for sign in _SIGN.finditer(text):
        at = sign.start() - (sign[0] != "(")
        match = _ONLY_CITED.match(text, at) if at >= past else None
        if match is not None:
            past = match.end()
            yield match


@cache
def _everyday() -> frozenset[str]:
    return frozenset(read_words("wording_everyday.txt"))


@cache
def _english() -> frozenset[str]:
    """Words of everyday English, and the names of countries and peoples: many incidents of a week share them."""
    countries = (
        fold(word)
        for row in read_rows("places_countries.tsv")
        for cell in row[1:]
        for name in cell.split("|")
        for word in name.split()
    )
    return frozenset(read_words("places_common_words.txt")) | frozenset(countries)


@lru_cache(maxsize=_REMEMBERED)
def _compared(said: str) -> tuple[str, str]:
    """What stands for a word where texts are compared: the name or else the word of English that it is, or neither."""
    word = said.removesuffix("'s").replace("'", "")
    if len(word) < 3 or word in _everyday():
        return "", ""
    return ("", _without_ending(word)) if word in _english() else (name_key(word), "")


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
