"""A message that somebody asks for, to see whether a channel works: marked as a test, and outside every count."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TextIO

from schemas import Alert, ArticleRef, Figure, Incident, IncidentType, Severity, SeverityLevel, Subscription, Toll
from schemas.vocabulary import AlertKind, DecisionReason
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.http_exchange import HttpConnections
from services.alerter.channels.senders import make_sender
from services.alerter.policy.decision import Decision, alert_id
from services.alerter.policy.message import compose
from services.alerter.subscriptions import LoadedSubscriptions
from services.shared.kafka import new_producer
from services.shared.settings import load_settings


async def send_test_message(subscription: Subscription, loaded: LoadedSubscriptions, output: TextIO) -> ChannelAnswer:
    """Send one message marked as a test by the subscription's channel, which must be among those `loaded`.

    `output` is where a terminal channel prints.
    """
    now = datetime.now(UTC)
    settings = load_settings()
    connections = HttpConnections(allowed=loaded.allowed)
    sender = make_sender(
        loaded.channels[subscription.channel],
        loaded.secrets,
        lambda: datetime.now(UTC),
        output,
        lambda: new_producer(settings, "tocsin-test-message"),
        loaded.templates,
        connections,
    )
    try:
        return await sender.send(OutgoingMessage(_test_alert(subscription, now), now, 1))
    finally:
        await sender.close()
        await connections.close()


def _test_alert(subscription: Subscription, now: datetime) -> Alert:
    """An alert of a made-up incident that meets most conditions of `subscription`, marked as a test."""
    dead = subscription.killed_at_least or 1
    incident = Incident(
        incident_id=f"test-{uuid.uuid4().hex[:12]}",
        revision=1,
        type=subscription.types[0] if subscription.types else IncidentType.OTHER,
        toll=Toll(killed=Figure(low=dead, best=dead, high=dead)),
        severity=Severity(score=0, level=subscription.severity_at_least or SeverityLevel.MINOR),
        sources=(ArticleRef(article_id="test", title="A made-up article, to test this subscription", source="Tocsin"),),
        as_of=now,
    )
    decision = Decision(AlertKind.ALERT, DecisionReason.FIRST_MATCH, "Somebody asked for a test message.")
    marked = subscription.model_copy(update={"test": True})
    words = compose(marked, decision, incident, None)
    return Alert(
        alert_id=alert_id(subscription.name, incident.incident_id, 1),
        subscription=subscription.name,
        channel=subscription.channel,
        kind=AlertKind.ALERT,
        reason=decision.reason,
        because=decision.because,
        incident_id=incident.incident_id,
        revision=1,
        sequence=1,
        headline=words.headline,
        body=words.body,
        incident=incident,
        status="test",
        as_of=now,
    )
