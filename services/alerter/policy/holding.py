"""The whiplash guard: very bad news that rests on one source, or is contradicted, is held for a stated time. Pure.

A toll of thousands that is taken back an hour later does more harm than one told half an hour late. USGS PAGER has its
two highest levels looked at by a person first, which takes 20 to 30 minutes; a second source takes the person's place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas import Incident, Subscription, Told
from schemas.vocabulary import ClaimKind, Stance, Whose

ENOUGH_SOURCES = 2
"""Independent sources that confirm a toll."""
CONTRADICTS = 2
"""An upper bound that is this many times lower than the toll contradicts it."""


@dataclass(frozen=True, slots=True)
class Held:
    """An incident is not told yet."""

    until: datetime
    because: str
    """Why, as a sentence for the reader."""


def held(subscription: Subscription, told: Told | None, incident: Incident, at: datetime) -> Held | None:
    """Whether and until when `incident` is held at the moment `at`; None where it may be told.

    Held is a least number of dead of `hold.killed_from` or more, higher than what was told, that fewer than two
    independent sources tell of, or that a later article contradicts. It is counted from the publication of the article
    that first gave so many, so that old articles that are read again are not held. Where no article has a time, nothing
    is held: nobody could say until when.
    """
    asked = subscription.hold
    dead = incident.toll.minimum(ClaimKind.KILLED)
    if asked is None or dead < asked.killed_from:
        return None
    if told is not None and told.toll.minimum(ClaimKind.KILLED) >= dead:
        return None
    since = _since(incident, asked.killed_from)
    if since is None:
        return None
    doubt = _doubt(incident, dead, since)
    until = min(since, at) + timedelta(minutes=asked.minutes)
    if doubt is None or at >= until:
        return None
    return Held(until, f"At least {dead:,} killed, and {doubt}.")


def _since(incident: Incident, dead: int) -> datetime | None:
    """When the toll came to `dead` or more, by the article that brought it there; the incident's own clock where its
    history does not say."""
    since = incident.as_of
    for entry in reversed(incident.history):
        if entry.toll.minimum(ClaimKind.KILLED) < dead:
            break
        since = entry.at or since
    return since


def _doubt(incident: Incident, dead: int, since: datetime) -> str | None:
    if incident.independent_sources < ENOUGH_SOURCES:
        return "one source alone tells of it"
    published = {source.article_id: source.published_at for source in incident.sources}
    for claim in incident.claims:
        at = published.get(claim.article_id)
        if (
            claim.kind is ClaimKind.KILLED
            and claim.stance is Stance.ASSERTED
            and claim.whose is not Whose.ATTACKERS
            and not claim.part_of_total
            and claim.high is not None
            and claim.high * CONTRADICTS <= dead
            and at is not None
            and at >= since
        ):
            return f"a later article says that no more than {claim.high:,} were"
    return None
