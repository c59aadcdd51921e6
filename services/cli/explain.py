"""An article in the terminal, its evidence coloured by slot, with the reasoning of each claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from rich.console import Console
from rich.text import Text

from schemas import Article, ArticleField, Claim, Evidence, Report

STYLES = {
    "claim": "bold red",
    "place": "green",
    "occurred": "cyan",
    "perpetrator": "bold magenta",
    "target": "yellow",
    "weapon": "blue",
    "type": "underline",
    "speaker": "italic",
}
"""Slot of the evidence to how its words look."""


def explain_article(article: Article, reports: Sequence[Report], console: Console | None = None) -> None:
    """Print `article` with the words that fill slots coloured, then what each incident was read from."""
    console = console or Console(highlight=False, soft_wrap=True)
    console.print(Text(f"article {article.article_id}", style="bold"))
    console.print(Text.assemble("colours: ", *_legend()))
    for name in get_args(ArticleField):
        text = article.text_of(name)
        if text:
            console.print(Text(f"-- {name}", style="dim"))
            console.print(coloured(text, [e for r in reports for e in all_evidence(r) if e.field == name]))
    if not reports:
        console.print(Text("no current incident", style="dim"))
    for report in reports:
        place = report.place.name if report.place is not None else "place not stated"
        console.print(Text(f"-- incident {report.ordinal}: {report.type.value}, {place}", style="bold"))
        for claim in report.claims:
            console.print(_claim_line(claim))
            for step in claim.reasoning:
                console.print(Text(f"      {step}", style="dim"))


def all_evidence(report: Report) -> Iterator[Evidence]:
    """The evidence of every slot of a report, its claims' included."""
    yield from report.evidence
    for claim in report.claims:
        yield from claim.evidence


def coloured(text: str, evidence: Sequence[Evidence]) -> Text:
    """`text` with each piece of evidence in the colour of its slot."""
    shown = Text(text)
    for piece in evidence:
        shown.stylize(STYLES.get(piece.slot, "reverse"), piece.start, piece.end)
    return shown


def _legend() -> Iterator[tuple[str, str]]:
    for slot, style in STYLES.items():
        yield (slot, style)
        yield (" ", "")


def _claim_line(claim: Claim) -> Text:
    number = "no number" if claim.best is None else str(claim.best)
    said = f", says {claim.speaker.name} ({claim.speaker.role.value})" if claim.speaker is not None else ""
    people = f" {claim.people}" if claim.people else ""
    return Text(f"   {claim.kind.value}: {number}{people} ({claim.modifier.value}, {claim.whose.value}){said}")
