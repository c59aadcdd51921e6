"""Alert: what one subscription is told about one incident."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Message, Timestamp
from schemas.incident import Incident
from schemas.report import Place
from schemas.taxonomy import IncidentType
from schemas.toll import Toll
from schemas.vocabulary import AlertKind, Certainty, DecisionReason, SeverityLevel


class Told(Message):
    """What a subscription was last told of an incident."""

    alert_id: str
    """The alert that told it."""
    kind: AlertKind
    revision: int = Field(ge=1)
    """The incident's revision that was told."""
    toll: Toll
    """The toll that was told."""
    headline: str
    """The line that was told."""
    reason: DecisionReason | None = None
    """Why it was told."""
    place: Place | None = None
    """The place that was told."""
    type: IncidentType | None = None
    """The type that was told."""
    severity: SeverityLevel | None = None
    """The level that was told."""
    certainty: Certainty | None = None
    """The certainty that was told."""
    independent_sources: int = Field(default=0, ge=0)
    """How many told of it on their own then."""
    taken_back: tuple[int, ...] = ()
    """The last least numbers of dead that the subscription was told and that proved too high, oldest first."""
    reversals: int = Field(default=0, ge=0)
    """How often the subscription was told that something it had been told does not hold."""
    asked: str = ""
    """A digest of the subscription's conditions by which it was told; empty where an earlier version told it."""


class Bundled(Message):
    """One alert that another message carries: it is not sent by itself."""

    alert_id: str
    """The alert's own id."""
    kind: AlertKind
    reason: DecisionReason
    incident_id: str
    """The incident that it tells of."""
    revision: int = Field(ge=1)
    """The revision of the incident that it tells of."""
    sequence: int = Field(ge=1)
    """As in the alert itself: its place in the lane of its incident."""
    number: int | None = Field(default=None, ge=1)
    """As in the alert itself: its place in the subscription's count."""
    headline: str
    """What a person must know, in one line."""
    severity: SeverityLevel


class Alert(Message):
    """One message to one channel. It says why it was sent and what was told before."""

    alert_id: str = Field(min_length=1)
    """Made of subscription, incident and revision: the same decision always has the same id, at every attempt."""
    subscription: str
    """The subscription that is told, by its name."""
    channel: str
    """The name of the channel in rules/subscriptions.yaml."""
    kind: AlertKind
    reason: DecisionReason
    because: str
    """The reason as one sentence for the reader, with the values that decided."""
    incident_id: str
    """The incident that it tells of."""
    revision: int = Field(ge=1)
    """The revision of the incident that it tells of."""
    sequence: int = Field(ge=1)
    """Counts the alerts of one incident to one channel: 1, 2, 3. A missing number is in a later `supersedes`."""
    supersedes: tuple[int, ...] = ()
    """Sequence numbers of alerts that were not delivered and gave way to this one. None of them will come."""
    number: int | None = Field(default=None, ge=1)
    """Counts the alerts of one subscription: 1, 2, 3, whatever the incident or channel. Feeds and API give the same
    number for the same alert, so a subscriber who has every number has everything. Null in messages outside the count,
    such as one that somebody asked for as a test."""
    headline: str
    """What a person must know, in one line."""
    body: str = ""
    """The whole message as plain text."""
    incident: Incident
    """The incident as it was when this was decided. Where many articles tell of it, those that the message quotes, the
    first and the newest, with their claims; all are in the revision on `incidents`."""
    articles: int | None = Field(default=None, ge=0)
    """How many articles tell of it, those that `incident` leaves out too; null in messages that tell of no incident."""
    told_before: Told | None = None
    """What this replaces; null for the first."""
    status: Literal["actual", "test", "system"] = "actual"
    """CAP 1.2 <status>: `test` is to be disregarded by every receiver; `system` is about Tocsin itself, such as a
    channel that was switched off, and tells of no incident."""
    also: tuple[Bundled, ...] = ()
    """Other alerts that this message carries, each with its sequence and number: what waited and was told together."""
    carried_by: str | None = None
    """The alert whose message carries this one; null where it is sent by itself."""
    as_of: Timestamp | None = None
    """The incident's own clock: publication time of the newest article behind this alert."""
