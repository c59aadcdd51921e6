"""A message for tests of channels."""

from __future__ import annotations

from typing import Any

from schemas import Alert
from schemas.vocabulary import AlertKind, DecisionReason
from services.alerter.channels.contract import OutgoingMessage
from tests.alerter.incidents import NOON, incident


def message(attempt: int = 1, **slots: Any) -> OutgoingMessage:
    values: dict[str, Any] = {
        "alert_id": "alert_5c66",
        "subscription": "desk",
        "channel": "a",
        "kind": AlertKind.ALERT,
        "reason": DecisionReason.FIRST_MATCH,
        "because": "At least 60 killed, and 50 or more are asked for.",
        "incident_id": "inc-1",
        "revision": 1,
        "sequence": 1,
        "headline": "At least 60 soldiers killed in Koru, Mali",
        "body": "At least 60 soldiers killed in Koru, Mali\n\nKilled: at least 60\n  by the army's word\n",
        "incident": incident(60),
    }
    return OutgoingMessage(Alert(**(values | slots)), NOON, attempt)
