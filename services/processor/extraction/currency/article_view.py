"""An article as this package reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas import ArticleField
from services.processor.extraction.currency.cues import TextCues
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.text import Sentence


@dataclass(slots=True)
class ArticleView:
    """The fields of one article in lower case, each with its cues once somebody has asked for them, and its date."""

    folded: Mapping[ArticleField, str]
    published_at: datetime | None
    """Null where it is not known."""
    sentences: Sequence[Sentence] = ()
    """Those of the body; empty where it is not read."""
    _texts: dict[ArticleField, TextCues] = field(default_factory=dict)

    def text(self, where: ArticleField) -> TextCues:
        """A field with its cues; offsets are those of the readable view."""
        found = self._texts.get(where)
        if found is None:
            found = self._texts[where] = TextCues(self.folded.get(where, ""))
        return found


def view_of(readings: Sequence[FieldReading], published_at: datetime | None) -> ArticleView:
    """The view of an article with these fields, published at `published_at`."""
    sentences = next((reading.sentences for reading in readings if reading.where == "body"), ())
    return ArticleView({reading.where: reading.folded for reading in readings}, published_at, sentences)
