"""What a webhook sends: the body and headers that Standard Webhooks 1.0 asks for. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas import Alert
from services.alerter.cap.values import Reference
from services.alerter.cap.writing import Sender, cap_message
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.webhook_signing import signatures
from services.alerter.trimming import trimmed

TYPE = "incident.alert"
CAP_TYPE = "application/cap+xml"
MOST_BYTES = 20_000
"""Bytes of a body: the specification asks for less than 20 kB."""


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
    body = _around(message.payload or message.alert.model_dump_json(), at)
    # Room for the names of all fields that can be trimmed.
    limit = MOST_BYTES - 500
    if len(body) <= limit:
        return body
    fitted = trimmed(message.alert, limit, lambda alert: len(_body(alert, (), at)))
    return _body(fitted.alert, fitted.left_out, at)


def cap_body(message: OutgoingMessage, sender: Sender) -> bytes:
    """`message` as a CAP 1.2 message from `sender`, at most MOST_BYTES long and the same at every attempt.

    Where the text has to be made shorter its end is left out, and where that is not enough the references to the oldest
    messages, which have long expired; the whole alert is on the topic `alerts`. Raises
    ValueError for a cancel whose receiver was told nothing before.
    """
    earlier = [Reference(sender.identity, one.alert_id, one.decided_at) for one in message.earlier]
    alert = shorter = message.alert
    body = cap_message(alert, message.decided_at, sender, earlier)
    length = len(alert.body)
    while len(body) > MOST_BYTES and length:
        # A character takes six bytes at the most, as an entity or in UTF-8.
        length = max(0, min(length - 1, length - (len(body) - MOST_BYTES) // 6))
        shorter = alert.model_copy(update={"body": f"{alert.body[:length].rstrip()}…"})
        body = cap_message(shorter, message.decided_at, sender, earlier)
    while len(body) > MOST_BYTES and len(earlier) > 1:
        earlier = earlier[1 + len(earlier) // 10 :]
        body = cap_message(shorter, message.decided_at, sender, earlier)
    return body


def _body(alert: Alert, left_out: tuple[str, ...], at: str) -> bytes:
    if not left_out:
        return _around(alert.model_dump_json(), at)
    data: dict[str, Any] = alert.model_dump(mode="json") | {"trimmed": left_out}
    return _around(json.dumps(data, ensure_ascii=False, separators=(",", ":")), at)


def _around(data: str, at: str) -> bytes:
    """The body around `data`, an alert as JSON: which is not read and written again, and stays byte for byte."""
    return f'{{"type":"{TYPE}","timestamp":{json.dumps(at)},"data":{data}}}'.encode()


def signed(
    message: OutgoingMessage, keys: Sequence[str], now: datetime, body: bytes, content_type: str = "application/json"
) -> SignedRequest:
    """The request that sends `body` for `message` in an attempt made at `now`, signed with each of `keys`."""
    identity = message.alert.alert_id
    headers = {
        "content-type": content_type,
        "user-agent": "Tocsin",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures(keys, identity, now, body),
    }
    return SignedRequest(body, headers)
