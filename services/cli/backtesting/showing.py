"""A back-test for the terminal, and as a plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from schemas import AlertKind
from services.alerter.policy.plain_text import one_line
from services.cli.backtesting.summary import NIGHT_FROM, NIGHT_TO, Summary

BAR = 40
"""Characters of the longest bar."""
MOST_DAYS = 62
"""Days that the terminal shows one by one; beyond that only those with messages."""
_BLOCKS = " ▁▂▃▄▅▆▇█"
_COLOURS = {
    AlertKind.ALERT: "red",
    AlertKind.UPDATE: "blue",
    AlertKind.CORRECTION: "yellow",
    AlertKind.CANCEL: "magenta",
}


def show(summary: Summary, console: Console) -> None:
    """Print `summary`: every message, the days, the hours, and the figures."""
    console.print(Group(_messages(summary), Text(), _days(summary), Text(), _hours(summary), Text(), _figures(summary)))


def plot(summary: Summary) -> str:
    """`summary` as an SVG picture: messages by day and by hour, with the budget."""
    environment = Environment(
        loader=PackageLoader("services.cli.backtesting"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    days = [
        (day, [(kind.value, summary.per_day[day][kind]) for kind in AlertKind if summary.per_day[day][kind]])
        if day in summary.per_day
        else (day, [])
        for day in summary.days
    ]
    most = max((sum(count for _, count in kinds) for _, kinds in days), default=0)
    return environment.get_template("plot.svg").render(
        summary=summary,
        days=days,
        most_day=max(most, summary.budget.per_day if summary.budget else 0, 1),
        most_hour=max(*summary.per_hour, 1),
        figures=list(figures(summary)),
        kinds=[kind.value for kind in AlertKind],
        night=[hour for hour in range(24) if hour >= NIGHT_FROM or hour < NIGHT_TO],
    )


def figures(summary: Summary) -> Iterator[tuple[str, str]]:
    """What there is to say of `summary` in one line each."""
    days = max(len(summary.days), 1)
    yield "read", f"{summary.articles} articles of {len(summary.days)} days, {summary.incidents} incidents"
    kinds = ", ".join(f"{summary.kinds[kind]} {kind}" for kind in AlertKind if summary.kinds.get(kind))
    yield "messages", f"{summary.messages}, {summary.messages / days:.1f} a day" + (f": {kinds}" if kinds else "")
    if summary.messages:
        share = summary.at_night / summary.messages
        yield (
            "at night",
            f"{summary.at_night} ({share:.0%}) from {NIGHT_FROM} to {NIGHT_TO}, {summary.time_zone}",
        )
    if summary.first_messages:
        said = [
            f"{count} {words}"
            for count, words in (
                (summary.taken_back, "retracted or no longer meeting the conditions"),
                (summary.corrected, "corrected"),
                (summary.merged, "counted with another"),
            )
            if count
        ]
        yield "taken back", f"of {summary.first_messages} incidents told of: " + ("; ".join(said) or "none")
    if summary.median_wait is not None:
        yield "delay", f"{_span(summary.median_wait)} from the first article to the first message (median)"
    if summary.median_lead is not None:
        yield "lead", f"{_span(summary.median_lead)} before the second independent source (median)"
    if summary.unconfirmed:
        yield "unconfirmed", f"{summary.unconfirmed} told of that no second independent source told of"
    if summary.waiting:
        yield "waiting", f"{summary.waiting} would still wait, held back or for a digest"
    if summary.budget is not None:
        budget = summary.budget
        worst = f"; most on {budget.worst_day}: {budget.worst_count}" if budget.worst_day else ""
        held = "held on every day" if not budget.days_over else f"exceeded on {budget.days_over} of {days} days"
        yield "budget", f"{budget.per_day:g} a day, {held}{worst}"


def _messages(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, title=f"What {summary.subscription} would have rung", title_justify="left")
    for heading in ("at", "kind", "message", "later"):
        table.add_column(heading, overflow="fold")
    for rung in summary.rungs:
        alert = rung.ring.alert
        at = f"{rung.ring.at:%Y-%m-%d %H:%M}"
        table.add_row(at, Text(alert.kind, _COLOURS[alert.kind]), Text(one_line(alert.headline)), rung.later)
    if not summary.rungs:
        table.add_row("", "", "nothing", "")
    return table


def _days(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, title="By day", title_justify="left", show_header=False)
    most = max((sum(kinds.values()) for kinds in summary.per_day.values()), default=1)
    shown = summary.days if len(summary.days) <= MOST_DAYS else sorted(summary.per_day)
    for day in shown:
        kinds = summary.per_day.get(day, Counter[AlertKind]())
        total = sum(kinds.values())
        bar = Text()
        for kind in AlertKind:
            bar.append("█" * round(kinds[kind] * min(1.0, BAR / most)), _COLOURS[kind])
        over = summary.budget is not None and total > summary.budget.per_day
        table.add_row(day.isoformat(), str(total) + (" over" if over else ""), bar)
    return table


def _hours(summary: Summary) -> Text:
    most = max(*summary.per_hour, 1)
    blocks = "".join(_BLOCKS[-(-count * (len(_BLOCKS) - 1) // most)] * 2 for count in summary.per_hour)
    scale = "".join(f"{hour:<12}" for hour in (0, 6, 12, 18))
    return Text(f"By hour ({summary.time_zone}), most {most}\n{blocks}\n{scale}")


def _figures(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, words in figures(summary):
        table.add_row(name, words)
    return table


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    sign, minutes = ("-" if minutes < 0 else ""), abs(minutes)
    if minutes < 120:
        return f"{sign}{minutes} min"
    return f"{sign}{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{sign}{minutes / 60 / 24:.1f} days"
