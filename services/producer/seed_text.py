"""Seed texts -> articles: the first line is the title, lines beginning "- " are highlights, the rest is the body."""

from __future__ import annotations

import re
from datetime import datetime

from schemas import Article
from services.producer.article_id import article_id
from services.producer.bad_input import UnreadableError

_NAME = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:T(?P<clock>\d{4}))?_(?P<source>[^_]+)_.+")
HIGHLIGHT = "- "


def article_of_seed(text: str, name: str = "") -> Article:
    """The article that a seed text holds.

    Blank lines before the title and around the highlights belong to nothing; the body keeps every character up to the
    line feeds at its end. `name` is the file's name without its ending: `2025-06-02T0915_sahel-wire_boulkessi` (or a
    day alone) says when it was published, in UTC, and by whom; any other name says neither.

    Raises UnreadableError where there is neither title nor body, or the name's date is no date.
    """
    lines = text.split("\n")
    at = _next_filled(lines, 0)
    title = lines[at].strip() if at < len(lines) else ""
    at = _next_filled(lines, at + 1)
    highlights: list[str] = []
    while at < len(lines) and lines[at].startswith(HIGHLIGHT):
        highlights.append(lines[at].removeprefix(HIGHLIGHT).strip())
        at += 1
    highlights = [point for point in highlights if point]
    body = "\n".join(lines[_next_filled(lines, at) :]).rstrip("\r\n")
    if not title and not body:
        raise UnreadableError("is empty; write the title on its first line")
    published_at, source = _published_and_source(name)
    return Article(
        article_id=article_id(source=source, url=None, title=title, highlights=highlights, body=body),
        title=title,
        source=source,
        published_at=published_at,
        highlights=tuple(highlights),
        body=body,
    )


def _next_filled(lines: list[str], at: int) -> int:
    """The first of `lines` from `at` on that is not blank; their number where none is."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _published_and_source(name: str) -> tuple[datetime | None, str]:
    found = _NAME.fullmatch(name)
    if found is None:
        return None, ""
    clock = found["clock"] or "0000"
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{clock}+0000")
    except ValueError as error:
        raise UnreadableError(
            f"is named for a time that does not exist; rename it to begin as 2025-06-02T0915_{found['source']}_"
        ) from error
    return moment, found["source"]
