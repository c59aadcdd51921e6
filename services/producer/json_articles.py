"""JSON objects -> articles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from schemas import Article
from services.producer.article_id import article_id
from services.producer.bad_input import UnreadableError

MAX_ID_LENGTH = 512
"""Characters of an article's own id: it is the key of every message that the article causes."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 60

Warn = Callable[[str], None]


def parse_json(text: str, first_line: int = 1) -> Any:
    """The value of a JSON text; control characters are allowed within strings.

    Raises UnreadableError, naming the column, and the line of the file where the text has several; `first_line` is the
    one that the text begins on.
    """
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno + first_line - 1}, " if "\n" in text.rstrip("\n") else ""
        raise UnreadableError(f"not JSON: {error.msg} at {line}column {error.colno}; mend or remove it") from error
    except RecursionError as error:
        raise UnreadableError("not readable JSON: nested too deeply; an article is one flat object") from error
    except ValueError as error:
        raise UnreadableError(f"not readable JSON: {error}") from error


def article_of(value: Any, warn: Warn) -> Article:
    """The article that a JSON object holds.

    Fields: `id` (or `article_id`), `title`, `text` (or `body`), `published` (or `published_at`), `source` (or
    `publisher`), `url`, `language`, `highlights`; others are ignored. Title, text and highlights are kept character by
    character, except that half a surrogate pair, which no UTF-8 text can hold, becomes U+FFFD. A particular that
    cannot be read (a date such as 10/11/2017) is left out, and `warn` is told: the article matters more.

    Raises UnreadableError where the value is no object, has neither title nor text, or its text or id is no string.
    """
    if not isinstance(value, dict):
        raise UnreadableError(f'a JSON {_kind(value)}, not an object; write {{"title": ..., "text": ...}}')
    title = _text(value, "title")
    body = _text(value, "text", "body")
    if not title.strip() and not body.strip():
        raise UnreadableError("has neither title nor text; give `title`, `text` or both")
    highlights = _highlights(value)
    source = _particular(value, warn, "source", "publisher") or ""
    url = _particular(value, warn, "url")
    return Article(
        article_id=_own_id(value) or article_id(source=source, url=url, title=title, highlights=highlights, body=body),
        title=title,
        source=source,
        url=url,
        published_at=_published(value, warn),
        language=_language(_particular(value, warn, "language")),
        highlights=highlights,
        body=body,
    )


def published_of(text: str) -> datetime:
    """The moment that an ISO 8601 or RFC 2822 date names; one without a zone, or a bare day, is taken as UTC.

    Raises ValueError where it names none (a year, a month, a day whose month is anyone's guess).
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error
    return moment


def _first(value: dict[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of `names` that is there and not null or blank."""
    for name in names:
        found = value.get(name)
        if found is not None and not (isinstance(found, str) and not found.strip()):
            return name, found
    return names[0], None


def _clean(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _text(value: dict[str, Any], *names: str) -> str:
    name, found = _first(value, names)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise UnreadableError(f"`{name}` is a JSON {_kind(found)}; write it as a string")
    return _clean(found)


def _highlights(value: dict[str, Any]) -> tuple[str, ...]:
    found = value.get("highlights")
    if found is None:
        return ()
    points = found.splitlines() if isinstance(found, str) else found
    if not isinstance(points, list) or not all(isinstance(point, str) for point in points):
        raise UnreadableError("`highlights` is not a list of strings; write one string for each point")
    return tuple(_clean(point) for point in points if point.strip())


def _own_id(value: dict[str, Any]) -> str:
    name, found = _first(value, ("id", "article_id"))
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise UnreadableError(f"`{name}` is a JSON {_kind(found)}; write it as a string, or leave it out")
    own = str(found).strip()
    if len(own) > MAX_ID_LENGTH or not own.isprintable():
        raise UnreadableError(
            f"`{name}` is longer than {MAX_ID_LENGTH} characters or has control characters; shorten it, or leave it out"
        )
    return own


def _particular(value: dict[str, Any], warn: Warn, *names: str) -> str | None:
    name, found = _first(value, names)
    if found is None:
        return None
    if not isinstance(found, str):
        warn(f"`{name}` is a JSON {_kind(found)}, not a string: the article goes on without it")
        return None
    return _clean(found).strip()


def _published(value: dict[str, Any], warn: Warn) -> datetime | None:
    names = ("published", "published_at")
    text = _particular(value, warn, *names)
    if text is None:
        return None
    try:
        return published_of(text)
    except ValueError:
        name = _first(value, names)[0]
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        warn(f"`{name}` {shown!r} names no day: the article goes on undated; write it as 2025-06-02T09:15:00Z")
        return None


def _language(stated: str | None) -> str | None:
    """The language alone: `en` of `en-GB`."""
    return None if stated is None else re.split("[-_]", stated, maxsplit=1)[0].lower() or None


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"
