"""What `tocsin run --json` prints: each delivered alert once, whatever comes first."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from schemas import Alert, Delivery, DeliveryOutcome
from services.cli.running.alert_feed import SHOWN, AlertFeed, shown
from services.shared.settings import load_settings
from services.shared.topics import ALERTS, DELIVERIES, INCIDENTS

EXAMPLES = Path(__file__).resolve().parents[2] / "schemas" / "examples" / "v1"
ALERT = Alert.from_bytes((EXAMPLES / "alert.json").read_bytes())
ACCEPTED = Delivery.from_bytes((EXAMPLES / "delivery.json").read_bytes()).model_copy(
    update={"alert_id": ALERT.alert_id, "outcome": DeliveryOutcome.ACCEPTED}
)
FAILED = ACCEPTED.model_copy(update={"outcome": DeliveryOutcome.RETRY})


def feed() -> tuple[AlertFeed, list[Alert]]:
    told: list[Alert] = []
    return AlertFeed(load_settings(), told.append), told


@pytest.mark.parametrize("order", list(permutations([ALERT, FAILED, ACCEPTED, ALERT, ACCEPTED], 5))[::7])
def test_an_alert_is_told_once_when_a_channel_has_accepted_it(order: tuple[Alert | Delivery, ...]) -> None:
    following, told = feed()
    for message in order:
        following.take(ALERTS if isinstance(message, Alert) else DELIVERIES, b"k", message.to_bytes())
    assert told == [ALERT]
    assert (following.alerts, following.deliveries, following.undelivered) == (1, 3, 0)


def test_an_alert_that_no_channel_accepts_is_not_told_and_counts_as_undelivered() -> None:
    following, told = feed()
    following.take(ALERTS, b"k", ALERT.to_bytes())
    following.take(DELIVERIES, b"k", FAILED.to_bytes())
    assert (told, following.undelivered) == ([], 1)


def test_an_incident_counts_once_however_often_it_is_revised() -> None:
    following, _ = feed()
    for key in (b"one", b"two", b"one"):
        following.take(INCIDENTS, key, b"{}")
    assert following.incidents == 2


def test_a_line_holds_the_fields_that_other_tools_read() -> None:
    line = json.loads(shown(ALERT))
    assert tuple(line["alert"]) == SHOWN
    assert line["alert"]["incident"]["toll"] == ALERT.incident.toll.model_dump(mode="json")
