"""What a webhook sends, by Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from schemas import Alert
from schemas.vocabulary import ClaimKind
from services.alerter.channels.webhook_payload import MOST_BYTES, body_of, signed
from tests.alerter.channels.messages import message
from tests.alerter.incidents import NOON, at_least, claim, incident

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_the_body_names_its_type_and_time_and_holds_the_alert() -> None:
    body = json.loads(body_of(message()))
    assert (body["type"], body["timestamp"]) == ("incident.alert", NOON.isoformat())
    assert Alert.model_validate(body["data"]) == message().alert
    assert "trimmed" not in body["data"]


def test_an_alert_that_is_stored_goes_out_as_it_is_stored() -> None:
    stored = replace(message(), payload=message().alert.model_dump_json())
    assert body_of(stored) == body_of(message())
    assert f'"data":{stored.payload}'.encode() in body_of(stored)


def test_a_stored_alert_that_is_too_long_is_made_to_fit_all_the_same() -> None:
    long = message(incident=incident(60, claims=(claim(ClaimKind.KILLED, at_least(60), "ß" * 300),) * 200))
    stored = replace(long, payload=long.alert.model_dump_json())
    assert body_of(stored) == body_of(long)
    assert len(body_of(stored)) <= MOST_BYTES


def test_the_body_is_the_same_at_every_attempt_and_the_signature_is_of_the_attempts_time() -> None:
    first = signed(message(1), [SECRET], NOON, body_of(message(1)))
    again = signed(message(2), [SECRET], NOON + timedelta(hours=5), body_of(message(2)))
    assert first.body == again.body
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == "alert_5c66"
    assert first.headers["webhook-timestamp"] != again.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]


@given(st.integers(-12, 14))
def test_a_receiver_can_verify_the_signature_whatever_zone_the_clock_is_in(hours: int) -> None:
    request = signed(message(), [SECRET], datetime.now(timezone(timedelta(hours=hours))), body_of(message()))
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
