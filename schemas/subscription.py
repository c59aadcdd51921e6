"""Subscription: who wants to be told of what, and by which channel. Operators write it in rules/subscriptions.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.taxonomy import IncidentType
from schemas.vocabulary import SeverityLevel

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Lower-case letters, digits, dot, dash and underscore; at most 64 characters."""


class Written(BaseModel):
    """What people write by hand: a field that is not known is a spelling mistake, and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class TerminalChannel(Written):
    """Prints alerts where the alerter runs."""

    name: Name
    """What subscriptions call this channel."""
    kind: Literal["terminal"]
    """Always `terminal`."""


class FileChannel(Written):
    """Appends alerts to a file, one JSON line each."""

    name: Name
    """What subscriptions call this channel."""
    kind: Literal["file"]
    """Always `file`."""
    path: str = Field(min_length=1)
    """Relative to the folder that the alerter was started in."""


class WebhookChannel(Written):
    """POSTs alerts to an HTTP endpoint, signed as Standard Webhooks 1.0 has it."""

    name: Name
    """What subscriptions call this channel."""
    kind: Literal["webhook"]
    """Always `webhook`."""
    url: str = Field(pattern="^https?://")
    """Where to POST; a redirect is not followed."""
    secret_env: str = Field(pattern="^[A-Z][A-Z0-9_]*$")
    """Name of the environment variable that holds the signing secret (`whsec_` and base64 of 24 to 64 bytes). The
    secret itself is never written into a file."""
    timeout_seconds: float = Field(default=20.0, gt=0, le=60)
    """Seconds to wait for the answer before the attempt counts as failed."""
    allow_private_address: bool = False
    """Deliver although the address is loopback, private or link-local. Off, such an endpoint is refused when the
    connection is made, since a subscriber's URL could otherwise reach into the operator's own network."""


Channel = Annotated[TerminalChannel | FileChannel | WebhookChannel, Field(discriminator="kind")]


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
