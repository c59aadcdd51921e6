"""What a webhook sends: the body and headers that Standard Webhooks 1.0 asks for. Pure."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from schemas import Alert
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.trimming import trimmed

TYPE = "incident.alert"
MOST_BYTES = 20_000
"""Bytes of a body: the specification asks for less than 20 kB."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - the mark of a secret, not one
SECRET_BYTES = range(24, 65)
"""Bytes of a signing secret, by the specification."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """One request, ready to send."""

    body: bytes
    headers: dict[str, str]


def body_of(message: OutgoingMessage) -> bytes:
    """The body: the same at every attempt, and at most MOST_BYTES long.

    `data` is the alert. Where it had to be made shorter, `data.trimmed` names the fields, and the whole alert is on the
    topic `alerts`.
    """
    at = message.decided_at.astimezone(UTC).isoformat()
    # Room for the names of all fields that can be trimmed.
    fitted = trimmed(message.alert, MOST_BYTES - 500, lambda alert: len(_body(alert, (), at)))
    return _body(fitted.alert, fitted.left_out, at)


def _body(alert: Alert, left_out: tuple[str, ...], at: str) -> bytes:
    data: dict[str, Any] = alert.model_dump(mode="json")
    if left_out:
        data["trimmed"] = left_out
    body = {"type": TYPE, "timestamp": at, "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signed(message: OutgoingMessage, secret: str, now: datetime) -> SignedRequest:
    """The request for an attempt made at `now`, signed with `secret`."""
    body = body_of(message)
    identity = message.alert.alert_id
    # The library signs the clock time it is given as if it were UTC, whatever its zone.
    utc = now.astimezone(UTC)
    headers = {
        "content-type": "application/json",
        "user-agent": "Tocsin",
        "webhook-id": identity,
        "webhook-timestamp": str(int(utc.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, utc, body.decode()),
    }
    return SignedRequest(body, headers)


def secret_fault(secret: str) -> str | None:
    """What is wrong with a signing secret, as words after "it"; None where nothing is. Does not repeat it."""
    if not secret.startswith(SECRET_PREFIX):
        return f"must begin with {SECRET_PREFIX}"
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return f"must be base64 after {SECRET_PREFIX}"
    if len(key) not in SECRET_BYTES:
        return f"must hold 24 to 64 bytes and holds {len(key)}"
    return None
