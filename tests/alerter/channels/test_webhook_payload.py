"""What a webhook sends, by Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from schemas import Alert
from schemas.vocabulary import ClaimKind
from services.alerter.channels.webhook_payload import MOST_BYTES, body_of, secret_fault, signed
from tests.alerter.channels.messages import message
from tests.alerter.incidents import NOON, at_least, claim, incident

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_the_body_names_its_type_and_time_and_holds_the_alert() -> None:
    body = json.loads(body_of(message()))
    assert (body["type"], body["timestamp"]) == ("incident.alert", NOON.isoformat())
    assert Alert.model_validate(body["data"]) == message().alert
    assert "trimmed" not in body["data"]


def test_the_body_is_the_same_at_every_attempt_and_the_signature_is_of_the_attempts_time() -> None:
    first, again = signed(message(1), SECRET, NOON), signed(message(2), SECRET, NOON + timedelta(hours=5))
    assert first.body == again.body
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == "alert_5c66"
    assert first.headers["webhook-timestamp"] != again.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]


@given(st.integers(-12, 14))
def test_a_receiver_can_verify_the_signature_whatever_zone_the_clock_is_in(hours: int) -> None:
    request = signed(message(), SECRET, datetime.now(timezone(timedelta(hours=hours))))
    verified = Webhook(SECRET).verify(request.body, request.headers)
    assert verified["data"]["alert_id"] == "alert_5c66"
    assert abs(int(request.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60


def test_a_long_alert_is_made_to_fit_and_says_what_it_lacks() -> None:
    claims = (claim(ClaimKind.KILLED, at_least(60), "ß" * 300),) * 200
    body = body_of(message(incident=incident(60, claims=claims)))
    data = json.loads(body)["data"]
    assert MOST_BYTES - 2500 < len(body) <= MOST_BYTES
    assert data["trimmed"] == ["incident.claims"]
    assert 0 < len(data["incident"]["claims"]) < 200
    assert data["incident"]["sources"]


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        (SECRET, None),
        ("whsec_" + base64.b64encode(b"k" * 24).decode(), None),
        ("whsec_" + base64.b64encode(b"k" * 64).decode(), None),
        ("whsec_" + base64.b64encode(b"k" * 23).decode(), "must hold 24 to 64 bytes and holds 23"),
        ("whsec_" + base64.b64encode(b"k" * 65).decode(), "must hold 24 to 64 bytes and holds 65"),
        ("hunter2", "must begin with whsec_"),
        ("whsec_not base64!", "must be base64 after whsec_"),
        ("whsec_é", "must be base64 after whsec_"),
    ],
)
def test_a_secret_that_is_no_secret_is_said_without_repeating_it(secret: str, fault: str | None) -> None:
    assert secret_fault(secret) == fault
