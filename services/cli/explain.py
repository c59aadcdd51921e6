"""An article in the terminal: its evidence marked by slot, each slot with the words that fill it, each claim's reasons.

In a terminal the slots have colours. In a pipe, or where colours are turned off, the words stand in brackets with the
slot behind them, so that nothing is lost: `[At least 60 soldiers]claim`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import get_args

from rich.console import Console
from rich.text import Text

from schemas import Article, ArticleField, Claim, Evidence, Figure, Modifier, Occurred, Place, Report
from schemas.vocabulary import ClaimKind, Stage, Stance, TimePrecision, Whose
from services.processor.extraction.language import unread_reason
from services.processor.extraction.set_aside import SetAside, set_aside

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
_NOT_COUNTED = "red strike"
_WHOSE = {Whose.VICTIMS: ", of the victims", Whose.ATTACKERS: ", of the attackers"}
_FIELD_WIDTH = 9
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "\ufffd")
"""An article must not move the cursor or change the colours of whoever reads it; each is one character for one."""


def explain_article(article: Article, reports: Sequence[Report], console: Console | None = None) -> None:
    """Print `article` with the words that fill slots marked, then every incident by slot, then what was set aside."""
    console = console or Console(highlight=False, soft_wrap=True)
    plain = console.color_system is None or console.no_color
    aside = set_aside(article)
    console.print(Text(_heading(article), style="bold"))
    console.print(Text(f"marks: [words]slot, slots: {', '.join(STYLES)}") if plain else Text.assemble(*_legend()))
    for name in get_args(ArticleField):
        text = article.text_of(name).translate(_CONTROLS)
        if text:
            found = [e for r in reports for e in all_evidence(r) if e.field == name]
            left = [one.evidence for one in aside if one.evidence.field == name]
            console.print(Text(f"-- {name}", style="dim"))
            console.print(Text(bracketed(text, found)) if plain else coloured(text, found, left))
    if not reports:
        why = unread_reason(article)
        console.print(Text("-- no current incident" + (f": not read, {why}" if why is not None else ""), style="bold"))
    for report in reports:
        for line in _incident(report):
            console.print(line)
    for line in _aside(aside):
        console.print(line)


def all_evidence(report: Report) -> Iterator[Evidence]:
    """The evidence of every slot of a report, its claims' included."""
    yield from report.evidence
    for claim in report.claims:
        yield from claim.evidence


def coloured(text: str, evidence: Sequence[Evidence], not_counted: Sequence[Evidence] = ()) -> Text:
    """`text` with each piece of evidence in the colour of its slot, and what was not counted struck through."""
    shown = Text(text)
    for piece in not_counted:
        shown.stylize(_NOT_COUNTED, piece.start, piece.end)
    for piece in evidence:
        shown.stylize(STYLES.get(piece.slot, "reverse"), piece.start, piece.end)
    return shown


def bracketed(text: str, evidence: Iterable[Evidence]) -> str:
    """`text` with each piece of evidence in brackets, the slots that it fills behind them."""
    slots: dict[tuple[int, int], list[str]] = defaultdict(list)
    for piece in evidence:
        if piece.slot not in slots[piece.start, piece.end]:
            slots[piece.start, piece.end].append(piece.slot)
    # At one place what ends comes before what begins, and of two that begin the longer is the outer one.
    marks = [(end, 0, -start, f"]{'+'.join(names)}") for (start, end), names in slots.items()]
    marks += [(start, 1, -end, "[") for start, end in slots]
    shown: list[str] = []
    at = 0
    for place, _, _, mark in sorted(marks):
        shown.append(text[at:place])
        shown.append(mark)
        at = place
    return "".join(shown) + text[at:]


def _heading(article: Article) -> str:
    published = article.published_at.isoformat() if article.published_at is not None else "publication time unknown"
    return f"article {_one_line(article.article_id)}, {published}"


def _legend() -> Iterator[tuple[str, str]]:
    yield ("colours: ", "")
    for slot, style in (*STYLES.items(), ("told, not counted", _NOT_COUNTED)):
        yield (slot, style)
        yield ("  ", "")


def _incident(report: Report) -> Iterator[Text]:
    stage = "" if report.stage is Stage.ACCOMPLISHED else f", {report.stage.value}"
    yield Text(f"-- incident {report.ordinal}{stage}", style="bold")
    quotes: dict[str, list[str]] = defaultdict(list)
    for piece in report.evidence:
        words = f'"{_one_line(piece.quote)}"'
        if words not in quotes[piece.slot]:
            quotes[piece.slot].append(words)
    yield _slot("type", report.type.value, quotes["type"])
    yield _slot("toll", "; ".join(_toll(report)) or "nothing is said of it", ())
    yield _slot("where", _where(report.place), quotes["place"])
    yield _slot("when", _when(report.occurred), quotes["occurred"])
    who = [f"{_one_line(one.name)} ({one.responsibility.value.replace('_', ' ')})" for one in report.perpetrators]
    yield _slot("who", "; ".join(who) or "not stated", quotes["perpetrator"])
    for name, things in (("target", report.targets), ("weapon", report.weapons)):
        if things:
            yield _slot(name, "; ".join(thing.kind for thing in things), quotes[name])
    for claim in report.claims:
        yield _claim(claim)
        for step in claim.reasoning:
            yield Text(f"      {_one_line(step)}", style="dim")


def _slot(name: str, value: str, quotes: Sequence[str]) -> Text:
    return Text.assemble(f"   {name:<{_FIELD_WIDTH}}{value}", (f"  <- {', '.join(quotes)}" if quotes else "", "dim"))


def _toll(report: Report) -> Iterator[str]:
    attackers = report.toll.killed_attackers
    for kind in ClaimKind:
        figure = report.toll.of(kind)
        if figure is not None:
            among = f" ({_amount(attackers)} of them attackers)" if kind is ClaimKind.KILLED and attackers else ""
            yield f"{kind.value} {_amount(figure)}{among}"


def _amount(figure: Figure | Claim) -> str:
    """`at least 60`, `3 to 5`, `up to 9`, or `some` where no number is given."""
    match figure.modifier:
        case Modifier.RANGE if figure.low is not None and figure.high is not None:
            return f"{figure.low} to {figure.high}"
        case Modifier.AT_LEAST if figure.best is not None:
            return f"at least {figure.best}"
        case Modifier.AT_MOST if figure.best is not None:
            return f"at most {figure.best}"
        case Modifier.APPROXIMATELY if figure.best is not None:
            return f"about {figure.best}"
        case Modifier.VAGUE if figure.low:
            return f"an unstated number, {figure.low} or more"
    return str(figure.best) if figure.best is not None else "an unstated number"


def _where(place: Place | None) -> str:
    if place is None:
        return "not stated"
    parts = dict.fromkeys(_one_line(part) for part in (place.name, place.admin1, place.country) if part)
    return f"{', '.join(parts)} ({place.precision.value})"


def _when(occurred: Occurred | None) -> str:
    if occurred is None:
        return "not stated"
    if occurred.start is None or occurred.end is None:
        return "unresolved: no date of publication to count from, or words that give no date"
    if occurred.precision is TimePrecision.HOUR:
        return f"{occurred.start.isoformat(timespec='minutes')} (hour)"
    first, last = occurred.start.date(), (occurred.end - timedelta(days=1)).date()
    return f"{first}{f' to {last}' if last > first else ''} ({occurred.precision.value})"


def _claim(claim: Claim) -> Text:
    speaker = (
        f", says {_one_line(claim.speaker.name)} ({claim.speaker.role.value})" if claim.speaker is not None else ""
    )
    people = f" {_one_line(claim.people)}" if claim.people else ""
    denied = "" if claim.stance is Stance.ASSERTED else f", {claim.stance.value}"
    said = [f'"{_one_line(piece.quote)}"' for piece in claim.evidence if piece.slot == "claim"]
    fields = dict.fromkeys(piece.field for piece in claim.evidence)
    return Text.assemble(
        f"   claim, {claim.kind.value}: {_amount(claim)}{people}{_WHOSE.get(claim.whose, '')}{denied}{speaker}",
        (f"  <- {', '.join(said)} in {', '.join(fields)}", "dim"),
    )


def _aside(aside: Sequence[SetAside]) -> Iterator[Text]:
    if aside:
        yield Text("-- told, and not counted", style="bold")
    for one in aside:
        quote, reason = _one_line(one.evidence.quote), _one_line(one.reason)
        yield Text(f'   {one.kind}: "{quote}" in {one.evidence.field}: {reason}')


def _one_line(words: str) -> str:
    return " ".join(words.split()).translate(_CONTROLS)
