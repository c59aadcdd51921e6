"""Article: a text that somebody published."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Message, Timestamp

ArticleField = Literal["title", "highlights", "body"]
"""The parts of an article that evidence can point into."""


class ArticleRef(Message):
    """What names an article to a reader, without its text."""

    article_id: str = Field(min_length=1)
    """Stable: the same article fetched twice has the same id."""
    title: str = ""
    """The headline; empty where the article has none."""
    source: str = ""
    """The outlet that published it, as a name or host; empty where unknown. Two reports of one source are not
    independent."""
    url: str | None = None
    """Where the article can be read."""
    published_at: Timestamp | None = None
    """When the outlet says that it published the article; null where it does not say. Weekdays are counted from it."""
    language: str | None = None
    """ISO 639-1 code as stated by the outlet, such as `en`; null where not stated."""
    test: bool = False
    """Made up by Tocsin to try itself: the incident that it tells of is a test. Nothing that is read out of an article
    that somebody publishes sets this."""


class Article(ArticleRef):
    """One article as it was published, before anything is read out of it."""

    highlights: tuple[str, ...] = ()
    """Summary points that the outlet set apart from the text, in order."""
    body: str
    """The text itself. Character offsets of evidence count Unicode code points of this string from 0."""

    def text_of(self, field: ArticleField) -> str:
        """The string that evidence offsets for `field` count in; highlights are joined by single line feeds."""
        if field == "title":
            return self.title
        if field == "highlights":
            return "\n".join(self.highlights)
        return self.body

    def ref(self) -> ArticleRef:
        """This article without its text."""
        return ArticleRef(**{name: getattr(self, name) for name in ArticleRef.model_fields})
