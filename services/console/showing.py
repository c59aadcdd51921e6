"""Pages from templates: everything that is put into one is escaped, and text of articles is stripped first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from schemas import Occurred, TimePrecision
from services.console.desk import Desk

# Not strftime's, which follow the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Pages:
    """The templates of the console."""

    def __init__(self, desk: Desk) -> None:
        self._environment = Environment(
            loader=PackageLoader("services.console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            plain=lambda text: desk.plain(str(text or "")),
            moment=moment,
            when=when,
            figure=desk.figure,
            words=lambda name: str(name).replace("_", " "),
            link=safe_link,
        )

    def page(self, request: Request, template: str, **values: Any) -> HTMLResponse:
        """`template` filled in for `request`."""
        text = self._environment.get_template(template).render(path=request.url.path, **values)
        return HTMLResponse(text)


def moment(at: datetime | None) -> Markup:
    """`at` in UTC as an HTML time: `2 June 2025, 09:05 UTC`; a dash where it is not known."""
    if at is None:
        return Markup("–")
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}, {} UTC</time>').format(
        utc.isoformat(timespec="seconds"), _day(utc), f"{utc:%H:%M}"
    )


def _day(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def when(occurred: Occurred) -> Markup:
    """When something happened, no closer than it is known: an hour, a day, or from one day to another."""
    if occurred.start is None or occurred.end is None:
        return Markup()
    if occurred.precision is TimePrecision.HOUR:
        return moment(occurred.start)
    first = occurred.start.astimezone(UTC)
    last = (occurred.end - timedelta(microseconds=1)).astimezone(UTC)
    words = _day(first) if first.date() == last.date() else f"between {_day(first)} and {_day(last)}"
    return Markup('<time datetime="{}">{}</time>').format(first.date().isoformat(), words)


def safe_link(url: str | None) -> str:
    """`url` where a reader may follow it: an absolute address on the web. Empty otherwise, as for `javascript:`."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and parts.netloc else ""
