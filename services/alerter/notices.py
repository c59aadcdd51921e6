"""What an owner is told of their channel, as a message like any other: with retries, in the ledger. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime

from schemas import Alert, Incident, IncidentType, Severity, SeverityLevel, Toll
from schemas.vocabulary import AlertKind, DecisionReason

SYSTEM = "tocsin"
"""The subscription that notices count for; no other may have this name."""


def switched_off_notice(channel: str, because: str, at: datetime, owner_channel: str) -> Alert:
    """What `owner_channel` is told when `channel` was switched off at `at`."""
    digest = hashlib.sha256(f"channel off\n{channel}\n{at.isoformat()}".encode()).hexdigest()
    headline = f"Tocsin has switched off the channel {channel}: nothing is sent to it any more"
    body = (
        f"{headline}\n\n{because}\n\nWhat is decided for it waits. When its receiver is well again, switch it on:\n"
        f"  tocsin channels enable {channel}\nIt is then told what holds by then.\n"
    )
    incident = Incident(
        incident_id=f"channel-off-{digest[:20]}",
        revision=1,
        type=IncidentType.OTHER,
        toll=Toll(),
        severity=Severity(score=0, level=SeverityLevel.MINOR),
        as_of=at,
    )
    return Alert(
        alert_id=f"alert_{digest[:32]}",
        subscription=SYSTEM,
        channel=owner_channel,
        kind=AlertKind.ALERT,
        reason=DecisionReason.CHANNEL_SWITCHED_OFF,
        because=f"You own the channel {channel}, and this one is told what becomes of it.",
        incident_id=incident.incident_id,
        revision=1,
        sequence=1,
        headline=headline,
        body=body,
        incident=incident,
        status="system",
        as_of=at,
    )
