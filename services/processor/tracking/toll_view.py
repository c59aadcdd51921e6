"""The toll of an incident as a view over what its reports say.

Figures are taken in order of publication, one per source, its newest. A figure that can be true together with what
stands narrows it ("more than 50" and "at least 60": at least 60). One that is higher replaces it: tolls rise as bodies
are found. One that is lower replaces it only when the sources of the higher figure have come down themselves, or when
two sources agree on the lower one: a late reprint of an early figure must not take back what is known. Figures are
never added across reports, since the reports tell of the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Figure, Modifier, Report, Toll
from services.processor.tracking.linking import figures_overlap

CONFIRMING_SOURCES = 2
"""Sources that must agree on a lower figure before it replaces a higher one of others."""


@dataclass(frozen=True, slots=True)
class _Said:
    source: str
    figure: Figure


def toll_of(reports: Sequence[Report]) -> Toll:
    """The view over `reports`, which are in order of publication."""
    slots = {slot: _figure_of(_said(reports, slot)) for slot in Toll.model_fields}
    killed, attackers = slots["killed"], slots["killed_attackers"]
    if killed and attackers and killed.high is not None and attackers.minimum > killed.high:
        slots["killed_attackers"] = None  # A part cannot be more than the whole: the two were said of different tolls.
    return Toll(**slots)


def _said(reports: Sequence[Report], slot: str) -> list[_Said]:
    return [
        _Said(report.article.source or report.article.article_id, figure)
        for report in reports
        if (figure := getattr(report.toll, slot)) is not None
    ]


def _figure_of(said: Sequence[_Said]) -> Figure | None:
    standing: list[_Said] = []
    losing: list[_Said] = []
    for new in said:
        standing = [old for old in standing if old.source != new.source]
        losing = [old for old in losing if old.source != new.source]
        disagreeing = [old for old in standing if not figures_overlap(old.figure, new.figure)]
        if not disagreeing:
            standing.append(new)
        elif new.figure.minimum > max(old.figure.minimum for old in disagreeing):
            losing += disagreeing
            standing = [old for old in standing if old not in disagreeing] + [new]
        else:
            agreeing = [old for old in losing if figures_overlap(old.figure, new.figure)]
            if len({new.source, *(old.source for old in agreeing)}) >= CONFIRMING_SOURCES:
                losing = [old for old in losing if old not in agreeing] + disagreeing
                standing = [old for old in standing if old not in disagreeing] + [*agreeing, new]
            else:
                losing.append(new)
    return _narrowed([item.figure for item in standing])


def _narrowed(figures: Sequence[Figure]) -> Figure | None:
    """What is true of all `figures` together; the newest speaks where several are as close."""
    if not figures:
        return None
    lows = [figure.low for figure in figures if figure.low is not None]
    if not lows:
        return figures[-1]
    low = max(lows)
    lead = next(figure for figure in reversed(figures) if figure.low == low)
    # The upper end of a vague word ("dozens") is no statement that there were no more.
    highs = [figure.high for figure in figures if figure.high is not None and figure.modifier is not Modifier.VAGUE]
    high = min(highs, default=lead.high)
    if high is not None and (high < low or (lead.best is not None and high < lead.best)):
        high = lead.high
    exact = next((figure for figure in reversed(figures) if figure.modifier is Modifier.EXACT), None)
    if exact is not None and exact.low == low:
        return exact
    if high == low:
        return Figure(low=low, best=low, high=low, modifier=Modifier.EXACT)
    return Figure(low=low, best=lead.best, high=high, modifier=lead.modifier)
