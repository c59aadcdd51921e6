"""Why a claim is no toll of a current incident, in the words that a reader of the reasoning is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of number that is no toll."""

    what: str
    """What it is instead."""
    dated: bool = True
    """A claim that has a day of its own, such as "on Sunday", is current all the same."""


EARLIER_INCIDENT = "the toll of an earlier incident"

CATEGORIES = {
    "court": Category("a crime or disaster that a court deals with"),
    "memorial": Category("what is remembered"),
    "elapsed": Category("what happened months ago", dated=False),
    "history": Category("told as history"),
    "running": Category("a total over a longer time"),
    "season": Category("a total over a season"),
    "campaign": Category("a total of a war or campaign"),
    "statistic": Category("a statistic or a study"),
    "week": Category("the total of a week, or of all roads", dated=False),
    "forecast": Category("what might come", dated=False),
    "plot": Category("a threat or a plan", dated=False),
    "fiction": Category("a work of art or a game"),
    "drill": Category("an exercise", dated=False),
    "idiom": Category("a figure of speech or another sense of the word", dated=False),
    "natural": Category("a natural death", dated=False),
    "superseded": Category("an earlier count that another has taken the place of", dated=False),
    "withdrawn": Category("said not to have happened", dated=False),
}
"""The categories of currency_cues.tsv."""

GENRES = {
    "culture": "books, films, music or games",
    "sport": "sport",
    "business": "business and the economy",
    "politics": "politics",
    "science": "science and technology",
    "health": "medicine",
    "court": "a case before the courts",
    "obituary": "a life that has ended",
    "anniversary": "a remembrance",
    "drill": "an exercise",
    "statistics": "figures and studies",
}
"""The genres of currency_genres.tsv."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim is set aside: `code` is a category, `subject` for the article's, or a code of `_what`."""

    code: str
    words: str

    def __str__(self) -> str:
        return f'{self._what()} ("{self.words}")'

    def _what(self) -> str:
        if self.code in CATEGORIES:
            return CATEGORIES[self.code].what
        kind, _, genre = self.code.partition(":")
        if kind == "subject":
            return f"told in passing in an article on {GENRES[genre]}"
        return {
            "past": "the article tells of the past",
            "question": "asked, not told",
            "animal": "animals, not people",
            "figure": "figures of a story, not people",
            "thing": "things, not people",
            "earlier": EARLIER_INCIDENT,
            "several": "the toll of several incidents together",
        }[kind]
