"""What an article is about, where it is not about an incident: court, culture, sport, business and the like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.processor.extraction.currency.cues import TextCues, TopicWord

LEAD_REACH = 600
"""Characters of a body that are its lead: what it is about stands there."""
_IN_TITLE, _IN_LEAD = 3.0, 2.0
_WORDS_OF_A_SHORT_ARTICLE = 250
"""From here on the words of the rest weigh less the longer the article is: a long one meets every word once."""
_CHARACTERS_A_WORD = 6
_MOST_OF_THE_REST = 12.0


@dataclass(frozen=True, slots=True)
class Subject:
    """What an article is about, how surely, and the word that says so most plainly."""

    genre: str
    score: float
    words: str


def weigh(title: TextCues | None, body: TextCues | None) -> list[Subject]:
    """Every genre that the words of an article speak for, the weightiest first."""
    scores: dict[str, float] = defaultdict(float)
    plainest: dict[str, tuple[float, str]] = {}

    def add(words: Iterable[TopicWord], folded: str, factor: float, most: float | None = None) -> None:
        sums: dict[str, float] = defaultdict(float)
        seen: set[tuple[str, int]] = set()
        for word in words:
            if (word.genre, word.phrase) in seen:
                continue
            seen.add((word.genre, word.phrase))
            sums[word.genre] += word.weight * factor
            if word.weight * factor > plainest.get(word.genre, (0.0, ""))[0]:
                plainest[word.genre] = (word.weight * factor, folded[word.start : word.end])
        for genre, total in sums.items():
            scores[genre] += total if most is None else min(total, most)

    if title is not None:
        add(title.topics, title.folded, _IN_TITLE)
    if body is not None:
        lead = [word for word in body.topics if word.start < LEAD_REACH]
        add(lead, body.folded, _IN_LEAD)
        words = max(0, len(body.folded) - LEAD_REACH) / _CHARACTERS_A_WORD
        factor = min(1.0, _WORDS_OF_A_SHORT_ARTICLE / max(words, 1.0))
        add(body.topics[len(lead) :], body.folded, factor, _MOST_OF_THE_REST)
    found = [Subject(genre, score, plainest[genre][1]) for genre, score in scores.items()]
    return sorted(found, key=lambda subject: -subject.score)


def strongest(subjects: Sequence[Subject]) -> Subject | None:
    """The genre with the most weight."""
    return subjects[0] if subjects else None
