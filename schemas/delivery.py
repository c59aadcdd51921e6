"""Delivery: one attempt to tell one channel, and how it ended."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Message, Timestamp
from schemas.vocabulary import DeliveryOutcome


class Delivery(Message):
    """One attempt. An alert has as many deliveries as attempts were made."""

    delivery_id: str = Field(min_length=1)
    """`<alert id>/<attempt>`."""
    alert_id: str
    subscription: str
    channel: str
    incident_id: str
    revision: int = Field(ge=1)
    attempt: int = Field(ge=1)
    """1 for the first."""
    outcome: DeliveryOutcome
    reason: str = ""
    """Why it did not end in acceptance, as one sentence without secrets; empty where it was accepted."""
    status_code: int | None = None
    """The HTTP or SMTP status of the answer, where there was one."""
    started_at: Timestamp
    ended_at: Timestamp
    next_attempt_at: Timestamp | None = None
    """When it is tried again; null where it is not."""
