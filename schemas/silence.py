"""Silence: for a time, somebody is not to be told of something. A maintenance window is a silence of a channel."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from schemas.base import Timestamp
from schemas.channel import Written
from schemas.taxonomy import IncidentType


class Silence(Written):
    """What meets all that is stated here waits until the silence ends, and is then told as it stands.

    Corrections and cancels of what was told are not silenced.
    """

    silence_id: str = Field(pattern="^[a-z0-9-]{1,64}$")
    """Unlike that of every other silence."""
    subscriptions: tuple[str, ...] = ()
    """Names of subscriptions; all where left out."""
    channels: tuple[str, ...] = ()
    """Names of channels; all where left out."""
    incidents: tuple[str, ...] = ()
    """Ids of incidents; all where left out."""
    regions: tuple[str, ...] = ()
    """Ids of regions, country codes or divisions that hold the place; everywhere where left out."""
    types: tuple[IncidentType, ...] = ()
    """Types of incident; all where left out."""
    where: str | None = None
    """A CEL condition over the incident's variables (docs/severity.md)."""
    starts: Timestamp
    """When it begins."""
    until: Timestamp
    """When it ends."""
    author: str = Field(min_length=1, max_length=200)
    """Who put it there."""
    reason: str = Field(min_length=1, max_length=1000)
    """Why, for whoever finds that something was not told."""

    @model_validator(mode="after")
    def _states_something(self) -> Self:
        if self.until <= self.starts:
            raise ValueError("until must be later than starts")
        if not (self.subscriptions or self.channels or self.incidents or self.regions or self.types or self.where):
            raise ValueError("it would silence everything; name subscriptions, channels, incidents, regions or types")
        return self
