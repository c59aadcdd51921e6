"""Subscription: who wants to be told of what, and by which channel. Operators write it in rules/subscriptions.yaml."""

from __future__ import annotations

from pydantic import Field

from schemas.channel import Channel, Name, Written
from schemas.taxonomy import IncidentType
from schemas.vocabulary import SeverityLevel


class Subscription(Written):
    """Conditions that an incident must all meet, and the channel to tell. One left out is met by every incident."""

    name: Name
    """Unlike that of every other subscription; alert ids are made of it."""
    channel: Name
    """The name of the channel to tell."""
    regions: tuple[str, ...] = ()
    """Region ids (rules/regions.yaml), UN M49 codes or ISO 3166-1 alpha-2 country codes; one must hold the place."""
    types: tuple[IncidentType, ...] = ()
    """One of these."""
    killed_at_least: int | None = Field(default=None, ge=1)
    """People: compared with the low figure of those killed, which never overstates."""
    severity_at_least: SeverityLevel | None = None
    where: str | None = None
    """A CEL condition over the incident's variables (docs/severity.md), for the rest: `sources >= 2`."""
    test: bool = False
    """Alerts are marked as a test, to be disregarded by every receiver."""


class Subscriptions(Written):
    """The whole of rules/subscriptions.yaml."""

    channels: tuple[Channel, ...]
    """The ways to tell somebody, each with a name of its own."""
    subscriptions: tuple[Subscription, ...]
    """Who is told of what, each with a name of its own."""
