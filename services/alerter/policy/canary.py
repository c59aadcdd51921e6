"""Canaries: articles that Tocsin makes up to try the way from an article to a channel, and whether one came back. Pure.

A canary goes through the stream as any article does, and its mark goes with it: on the article, the report, the
incident and the alert. Only subscriptions with the test flag are told of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from schemas import AlertStatus, Article, new_incident_id

SOURCE = "Tocsin canary"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def slot_of(now: datetime, every: timedelta) -> datetime:
    """The moment for which the newest canary is due at `now`: a whole number of `every` since 1970, so that several
    alerters and one that was started again mean the same one."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def canary_article(slot: datetime) -> Article:
    """The canary for `slot`: always the same for the same moment.

    It tells of people killed and wounded, at a place and on a day, so that reading, linking and scoring all have work;
    nobody lives on Bouvet Island, and the text says that it is made up.
    """
    return Article(
        article_id=f"tocsin-canary-{slot.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        title="Made up by Tocsin to test itself: explosion kills 12 on Bouvet Island",
        body=(
            f"At least 12 people were killed and 7 wounded in an explosion on Bouvet Island on {DAYS[slot.weekday()]}, "
            "Tocsin said.\n\n"
            "Nobody lives on Bouvet Island. Tocsin has made this article up to try itself: disregard it."
        ),
        source=SOURCE,
        published_at=slot,
        language="en",
        test=True,
    )


def canary_incident_id(article_id: str) -> str:
    """The id of the incident that the canary becomes: the first and only one of its article."""
    return new_incident_id(f"{article_id}#0", test=True)


class Way(StrEnum):
    """How far a canary has come."""

    UNDER_WAY = "under_way"
    BACK = "back"
    """Every channel that was to be told has accepted it."""
    LATE = "late"
    KEPT = "kept"
    """It was decided, and a silence keeps it: that is as it should be."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What the store knows of one canary."""

    decided: bool
    """Its incident came out of the stream and was decided."""
    waiting: int
    """Subscriptions for which it waits, as silences do."""
    channels: Mapping[str, Collection[AlertStatus]]
    """Channel to how its alerts stand."""
    settled_at: datetime | None = None
    """When the last of them was settled."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a canary has come, and what is wrong."""

    way: Way
    because: str = ""
    """What it hangs on, as one sentence; empty where nothing is wrong."""
    channels: frozenset[str] = frozenset()
    """The channels that have not accepted it; empty where it did not come so far."""


def judge(sent_at: datetime, trace: Trace, late_after: timedelta, now: datetime) -> Verdict:
    """How the canary that was sent at `sent_at` stands at `now`."""
    if not trace.decided:
        if now - sent_at <= late_after:
            return Verdict(Way.UNDER_WAY)
        return Verdict(Way.LATE, f"the canary of {_moment(sent_at)} has not come out of the stream as an incident")
    if not trace.channels:
        if trace.waiting:
            return Verdict(Way.KEPT)
        return Verdict(Way.LATE, "no subscription with the test flag asks for canaries: give one `where: test`")
    missing = {name for name, stand in trace.channels.items() if any(one != AlertStatus.DELIVERED for one in stand)}
    if not missing:
        return Verdict(Way.BACK)
    dead = sorted(name for name in missing if AlertStatus.DEAD in trace.channels[name])
    if not dead and now - sent_at <= late_after:
        return Verdict(Way.UNDER_WAY)
    named = ", ".join(sorted(missing))
    said = f"the canary of {_moment(sent_at)} was not accepted by {named}"
    return Verdict(Way.LATE, said + (f"; it was given up for {', '.join(dead)}" if dead else ""), frozenset(missing))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
