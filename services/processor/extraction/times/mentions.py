"""Mentions of times, and when they were."""

from __future__ import annotations

from typing import Literal, NamedTuple

from schemas.report import Occurred

TimeRole = Literal["event", "dateline", "since", "anniversary"]
"""`event`: a time at which something happened. `dateline`: when the text itself was written ("BOGOTA, 4 Mar (AFP)").
`since`: where a stretch begins that reaches to the present ("since 2009"). `anniversary`: a day on which something
older is remembered."""


class TimeMention(NamedTuple):
    """`text[start:end]` says when."""

    start: int
    end: int
    text: str
    occurred: Occurred
    is_past: bool
    """It lies more than two weeks before publication, or is told as history ("years ago", "the anniversary")."""
    role: TimeRole = "event"
