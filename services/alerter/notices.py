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
    because = f"You own the channel {channel}, and this one is told what becomes of it."
    incident_id = f"channel-off-{digest[:20]}"
    return _notice(owner_channel, incident_id, digest, DecisionReason.CHANNEL_SWITCHED_OFF, because, headline, body, at)


def canary_notice(channel: str, article_id: str, wrong: str, at: datetime, owner_channel: str) -> Alert:
    """What `owner_channel` is told when the canary `article_id` did not come back on `channel`; `wrong` says why, as
    one sentence."""
    digest = hashlib.sha256(f"canary late\n{channel}\n{article_id}".encode()).hexdigest()
    headline = f"Tocsin's own test did not come through to the channel {channel}: alerts may not either"
    body = (
        f"{headline}\n\n{wrong[:1].upper()}{wrong[1:]}.\n\nThe way from an article to this channel is tried again and "
        "again. Until a test comes through, look at the processor, the alerter and the channel's receiver:\n"
        "  tocsin channels list\n"
    )
    because = f"You own the channel {channel}, and this one is told where its tests stay away."
    return _notice(
        owner_channel, f"canary-{digest[:20]}", digest, DecisionReason.CANARY_LATE, because, headline, body, at
    )


def _notice(
    owner_channel: str,
    incident_id: str,
    digest: str,
    reason: DecisionReason,
    because: str,
    headline: str,
    body: str,
    at: datetime,
) -> Alert:
    incident = Incident(
        incident_id=incident_id,
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
        reason=reason,
        because=because,
        incident_id=incident.incident_id,
        revision=1,
        sequence=1,
        headline=headline,
        body=body,
        incident=incident,
        status="system",
        as_of=at,
    )
