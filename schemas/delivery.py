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
    """The alert that was to be told."""
    subscription: str
    """The alert's subscription."""
    channel: str
    """The channel that was tried, by its name."""
    incident_id: str
    """The incident that the alert tells of."""
    revision: int = Field(ge=1)
    """The revision of the incident that the alert tells of."""
    attempt: int = Field(ge=1)
    """1 for the first."""
    outcome: DeliveryOutcome
    reason: str = ""
    """Why it did not end in acceptance, as one sentence without secrets; empty where it was accepted."""
    status_code: int | None = None
    """The HTTP or SMTP status of the answer, where there was one."""
    started_at: Timestamp
    """When the attempt began, by the alerter's clock."""
    ended_at: Timestamp
    """When the answer had come, or was given up on."""
    next_attempt_at: Timestamp | None = None
    """When it is tried again; null where it is not."""
