"""One sentence in, the toll out: what the tables of sentences are read with."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas import Article, Figure, Report, Toll
from services.processor.extraction.extract import extract

PUBLISHED = datetime(2025, 6, 2, 12, tzinfo=UTC)
"""A Monday."""


def read(body: str, title: str = "", published_at: datetime | None = PUBLISHED) -> tuple[Report, ...]:
    """The reports of an article of one or a few sentences."""
    return extract(Article(article_id="a", title=title, body=body, published_at=published_at))


def toll(body: str, title: str = "") -> Toll:
    """The toll of the first incident; empty where there is none."""
    reports = read(body, title)
    return reports[0].toll if reports else Toll()


def shown(figure: Figure | None) -> str:
    """A figure in the short form of the tables: `60`, `60-` at least, `-60` at most, `~60`, `15..20`, `24? ` vague."""
    if figure is None:
        return ""
    if figure.best is None:
        return "some"
    forms = {
        "exact": f"{figure.best}",
        "at_least": f"{figure.best}-",
        "at_most": f"-{figure.best}",
        "approximately": f"~{figure.best}",
        "range": f"{figure.low}..{figure.high}",
        "vague": f"{figure.low}?",
    }
    return forms[figure.modifier.value]
