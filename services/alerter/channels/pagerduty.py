"""Alerts as incidents of PagerDuty (Events API v2): opened, changed, and resolved when they are taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import Alert, AlertKind, DecisionReason, PagerDutyChannel, SeverityLevel
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.http_client import HttpClient, answer_for
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.policy.places import place_words
from services.alerter.policy.plain_text import one_line, printable

CONCURRENCY = 4
MOST_SUMMARY = 1024
"""Characters of a summary (Events API v2)."""
MOST_BODY = 100_000
"""Characters of the text in the details; an event may have 512 kB."""
MOST_LINKS = 10
_SEVERITIES = {
    SeverityLevel.MINOR: "info",
    SeverityLevel.MODERATE: "warning",
    SeverityLevel.SEVERE: "error",
    SeverityLevel.EXTREME: "critical",
}


class PagerDutySender:
    """Sends events to one service. Create it within a running event loop."""

    kind = "pagerduty"
    concurrency = CONCURRENCY

    def __init__(
        self,
        channel: PagerDutyChannel,
        routing_key: SecretStr,
        now: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        connections: HttpTransport | None = None,
    ) -> None:
        """`connections` are its own where None, with `resolver`, or aiohttp's own where that is None."""
        self.timeout_seconds = channel.timeout_seconds
        self._url = f"{channel.api_url.rstrip('/')}/v2/enqueue"
        self._routing_key = routing_key
        self._client = HttpClient(
            channel.timeout_seconds,
            now,
            allow_private_address=channel.allow_private_address,
            resolver=resolver,
            connections=connections,
            secrets=(routing_key,),
        )

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Send one event. PagerDuty answers 202 for what it took; the same event twice changes nothing."""
        event = {"routing_key": self._routing_key.get_secret_value()} | pagerduty_event(message)
        body = json.dumps(event, ensure_ascii=False).encode()
        reply = await self._client.request(self._url, body, {"content-type": "application/json"})
        return reply if isinstance(reply, ChannelAnswer) else answer_for(reply)

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()


def pagerduty_event(message: OutgoingMessage) -> dict[str, Any]:
    """The event for `message`, without the key that says where it goes. Pure."""
    alert = message.alert
    incident = alert.incident
    ends = alert.kind is AlertKind.CANCEL or alert.reason is DecisionReason.BELOW_THRESHOLD
    event: dict[str, Any] = {"event_action": "resolve" if ends else "trigger", "dedup_key": dedup_key(alert)}
    links = [
        {"href": source.url, "text": one_line(source.title or source.source, 200) or "source"}
        for source in incident.sources
        if source.url and source.url.startswith(("http://", "https://"))
    ]
    payload: dict[str, Any] = {
        "summary": one_line(alert.headline, MOST_SUMMARY),
        "source": one_line(place_words(incident.place), 200) if incident.place else "place not stated",
        "severity": _SEVERITIES[incident.severity.level],
        "timestamp": message.decided_at.astimezone(UTC).isoformat(),
        "component": incident.incident_id,
        "group": alert.subscription,
        "class": incident.type,
        "custom_details": {
            "message": printable(alert.body)[:MOST_BODY],
            "kind": alert.kind,
            "because": alert.because,
            "alert_id": alert.alert_id,
            "revision": alert.revision,
            "sequence": alert.sequence,
            "test": alert.status == "test",
        },
    }
    event["payload"] = payload
    if links:
        event["links"] = links[:MOST_LINKS]
    event["client"] = "Tocsin"
    return event


def dedup_key(alert: Alert) -> str:
    """What PagerDuty knows the incident by, for one subscription: the same for all that is told of it."""
    digest = hashlib.sha256(f"{alert.subscription}\n{alert.incident_id}".encode()).hexdigest()
    return f"tocsin-{digest[:40]}"
