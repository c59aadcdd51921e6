"""What every kind of channel does: send one message, and say how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas import Alert, DeliveryOutcome


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """A message that the same receiver has, or may have, of the same incident."""

    alert_id: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One alert on its way to one channel."""

    alert: Alert
    decided_at: datetime
    """When the alert was decided: the same at every attempt."""
    attempt: int
    """1 for the first."""
    thread: str | None = None
    """The receipt of the first message about this incident that the channel took: what a reply replies to."""
    earlier: tuple[EarlierMessage, ...] = ()
    """What its subscription was told of the incident before on this channel, oldest first."""
    payload: str = ""
    """The alert as JSON, as it is stored; empty where it is not."""


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """How one attempt ended."""

    outcome: DeliveryOutcome
    reason: str = ""
    """Why it was not accepted, as one sentence without secrets; empty where it was."""
    status_code: int | None = None
    """The HTTP status, where there was an answer."""
    retry_after: float | None = None
    """Seconds that the receiver asked to wait, where it did."""
    gone: bool = False
    """The receiver wants nothing more, ever (HTTP 410): the channel is switched off."""
    silent: bool = False
    """It took no connection, or gave no answer in the time it had: what costs the most to try."""
    receipt: str | None = None
    """What the receiver calls the message that it took, for channels whose later messages reply to it or change it."""


class ChannelSender(Protocol):
    """One channel, ready to send."""

    @property
    def kind(self) -> str:
        """The kind of channel, as rules/subscriptions.yaml names it."""
        ...

    @property
    def timeout_seconds(self) -> float:
        """How long one attempt may take at the most."""
        ...

    @property
    def concurrency(self) -> int:
        """Attempts that may be under way at once."""
        ...

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Send `message` once. Never retries by itself, and raises nothing but CancelledError."""
        ...

    async def close(self) -> None:
        """Give back what the channel holds."""
        ...


ACCEPTED = ChannelAnswer(DeliveryOutcome.ACCEPTED)
LOCAL_TIMEOUT_SECONDS = 30.0
"""For channels that write to this machine: longer means that a disk or a reader hangs."""
