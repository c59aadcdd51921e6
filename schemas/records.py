"""Records: what the alerter's store keeps, as the console and its API show it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.alert import Alert
from schemas.base import Message, Timestamp
from schemas.delivery import Delivery
from schemas.silence import Silence
from schemas.subscription import Subscription
from schemas.vocabulary import AlertKind, AlertStatus, DecisionReason


class AlertRecord(Message):
    """One alert and what became of it."""

    number: int = Field(ge=1)
    """The alert's place in its subscription's count: 1, 2, 3 without a gap."""
    alert: Alert
    """What was told, as it went out by its channel."""
    status: AlertStatus
    decided_at: Timestamp
    """When it was decided, by the alerter's clock."""
    attempts: int = Field(ge=0)
    """Attempts to deliver it so far."""
    next_attempt_at: Timestamp | None = None
    """When it is tried next; null where it is not."""
    settled_at: Timestamp | None = None
    """When it was delivered or given up; null while neither."""
    reason: str = ""
    """Why the last attempt did not end in acceptance, or why none is made."""
    replaces: str | None = None
    """The alert that told this subscription of the incident before; null for the first."""
    replaced_by: str | None = None
    """The alert that told it of the incident next; null for the newest. What this one says may no longer hold then."""


class DecisionRecord(Message):
    """What one subscription was to be told of one revision, and why."""

    subscription: str
    incident_id: str
    revision: int = Field(ge=1)
    kind: AlertKind | None = None
    """What was sent; null where nothing was."""
    reason: DecisionReason
    because: str
    """The reason as one sentence."""
    alert_id: str | None = None
    decided_at: Timestamp


class DeliveryRecord(Message):
    """One attempt, with what pages are counted by."""

    position: int = Field(ge=1)
    """Grows from attempt to attempt; a page ends before one."""
    delivery: Delivery


class SubscriptionRecord(Message):
    """A subscription as the alerter knows it."""

    subscription: Subscription
    left_at: Timestamp | None = None
    """When it was taken out; null while it is in force. It is still told what takes back something it was told."""
    origin: Literal["file", "api"] = "file"
    """Where it is written: in rules/subscriptions.yaml, or by the API. It can be changed only there."""
    last_number: int = Field(default=0, ge=0)
    """The number of its newest alert; 0 where it has none."""
    warnings: tuple[str, ...] = ()
    """What is allowed and probably not meant, a sentence each."""
    version: int = Field(default=0, ge=0)
    """Grows with every change of it. Whoever changes it names the version that they saw, so that nobody's change is
    lost."""


class SubscriptionChange(Message):
    """One change of a subscription."""

    name: str
    subscription: Subscription | None = None
    """What it was changed to; null where it was taken out."""
    author: str | None = None
    """Who changed it; null where that is not known, and for the rules file."""
    at: Timestamp


class ChannelBacklog(Message):
    """What waits for one channel."""

    channel: str
    pending: int = Field(ge=0)
    """Alerts that it has not taken."""
    oldest_at: Timestamp | None = None
    """When the oldest of them was decided."""


class OutboxState(Message):
    """What is not finished, and what was given up."""

    pending: int = Field(ge=0)
    """Alerts that no channel has taken yet and that are not given up."""
    stale_claims: int = Field(ge=0)
    """Corrections and cancels among them: facts that somebody was told and that are known to be wrong."""
    dead: int = Field(ge=0)
    """Alerts that were given up."""
    channels: tuple[ChannelBacklog, ...] = ()
    """The channels for which something waits."""


class SilenceRecord(Message):
    """A silence and where it stands."""

    silence: Silence
    state: Literal["to_come", "in_force", "over"]
    added_at: Timestamp
    """When it was made."""
    ended_at: Timestamp | None = None
    """When somebody ended it before its time; null where nobody did."""
    ended_by: str | None = None


class WaitRecord(Message):
    """What one subscription is not told yet."""

    subscription: str
    incident_id: str
    revision: int = Field(ge=1)
    """The incident's revision that waits."""
    headline: str
    """What would be told, in one line."""
    reason: DecisionReason
    """What it waits for."""
    because: str
    """The reason as a sentence."""
    since: Timestamp
    """When it began to wait."""
    due_at: Timestamp | None = None
    """When it is decided again; null where no time is set, as under a worse incident."""
    released_by: str | None = None
    """Who has released it; it is told as soon as the alerter looks, where nothing else keeps it."""
    releasable: bool = False
    """Whether an operator may release it: what is held for a second source, and nothing else."""


class LedgerRecord(Message):
    """The ledger of one subscription."""

    subscription: str
    entries: int = Field(ge=0)
    digest: str
    """SHA-256 of the last entry; kept elsewhere, it proves all before it."""


class LedgerEntry(Message):
    """One link of a ledger."""

    sequence: int = Field(ge=1)
    """Its place in the ledger of its subscription."""
    digest: str
    """SHA-256 of the entry, which holds the digest of the one before."""
    delivery: Delivery
    """The attempt that it records."""


class LedgerCheck(Message):
    """Whether a ledger is whole."""

    subscription: str
    whole: bool
    entries: int = Field(ge=0)
    """Entries that follow on one another; up to the first that does not, where one does not."""
    digest: str = ""
    """Of the last entry, where it is whole."""
    reason: str = ""
    """The first link that does not hold, as one sentence; empty where all do."""
