"""Alerts as CAP messages: sound by schema and by rule, whatever the alert, and true to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas import Alert, AlertKind, DecisionReason, Occurred, Place, Stage, Told, Toll
from schemas.taxonomy import TYPES, IncidentType
from schemas.vocabulary import Certainty, PlacePrecision, TimePrecision
from services.alerter.cap.checking import check
from services.alerter.cap.event_terms import EVENT_CODES
from services.alerter.cap.values import NAMESPACE, Reference, moment, read_references
from services.alerter.cap.writing import Sender, cap_message, reference_to, urgency_of
from tests.alerter.channels.messages import message
from tests.alerter.incidents import KORU, NOON, exactly, incident
from tests.strategies import values_of

SENT = datetime(2031, 5, 4, 12, 30, tzinfo=UTC)
SENDER = Sender("alerts@desk.example", "The desk", "+000 000")
FIRST = Reference("alerts@desk.example", "alert_first", SENT - timedelta(hours=2))
SECOND = Reference("alerts@desk.example", "alert_second", SENT - timedelta(hours=1))


def text(xml: bytes, name: str) -> str | None:
    return etree.fromstring(xml).findtext(f".//{{{NAMESPACE}}}{name}")


def pairs(xml: bytes, name: str) -> dict[str, str]:
    found = etree.fromstring(xml).iter(f"{{{NAMESPACE}}}{name}")
    return {pair[0].text or "": pair[1].text or "" for pair in found}


def alert(**slots: object) -> Alert:
    return message(**slots).alert


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(one=values_of(Alert), hours=st.integers(-400_000, 400_000))
def test_every_alert_makes_a_message_without_an_error(one: Alert, hours: int) -> None:
    zoned = SENT.astimezone(timezone(timedelta(hours=5, minutes=30))) + timedelta(hours=hours)
    identity = one.model_copy(update={"alert_id": "alert_1"})
    earlier = () if one.kind is AlertKind.ALERT else (Reference("a@b.example", "alert_0", zoned - timedelta(hours=1)),)
    found = check(cap_message(identity, zoned, SENDER, earlier))
    assert [finding for finding in found if finding.error] == []


def test_a_plain_alert_makes_a_message_that_no_receiver_trips_over() -> None:
    place = KORU.model_copy(update={"admin1_code": "ML-5", "geonames_id": 12})
    made = cap_message(
        alert(incident=incident(60, place=place), body="Headline\n\nWho says so: the army."), SENT, SENDER
    )
    assert check(made) == []


def test_the_message_says_what_the_alert_says() -> None:
    place = KORU.model_copy(update={"admin1_code": "ML-5", "geonames_id": 12})
    made = cap_message(alert(incident=incident(60, place=place), headline="At least 60 killed in Koru"), SENT, SENDER)
    assert text(made, "msgType") == "Alert"
    assert text(made, "status") == "Actual"
    assert text(made, "sent") == "2031-05-04T12:30:00-00:00"
    assert text(made, "headline") == "At least 60 killed in Koru"
    assert text(made, "severity") == "Severe"
    assert text(made, "certainty") == "Likely"
    assert text(made, "category") == "Security"
    assert text(made, "circle") == "14.0000,-3.0000 5"
    assert text(made, "web") == "https://koru.example/raid"
    assert pairs(made, "geocode") == {"ISO3166-1": "ML", "ISO3166-2": "ML-5", "GeoNames": "12"}
    assert pairs(made, "parameter")["fatalities.low"] == "60"
    assert pairs(made, "parameter")["fatalities.modifier"] == "at_least"
    assert "fatalities.high" not in pairs(made, "parameter")


def test_the_message_counts_the_articles_that_the_alert_leaves_out_too() -> None:
    assert pairs(cap_message(alert(articles=2_000), SENT, SENDER), "parameter")["sources"] == "2000"
    assert pairs(cap_message(alert(articles=None), SENT, SENDER), "parameter")["sources"] == "1"


def test_a_correction_names_every_earlier_message_and_the_figure_that_was_told() -> None:
    told = Told(alert_id="alert_second", kind=AlertKind.ALERT, revision=1, toll=Toll(killed=exactly(60)), headline="60")
    corrected = alert(
        incident=incident(exactly(24), revision=2),
        kind=AlertKind.CORRECTION,
        reason=DecisionReason.TOLL_FELL,
        told_before=told,
    )
    made = cap_message(corrected, SENT, SENDER, (FIRST, SECOND))
    assert text(made, "msgType") == "Update"
    assert read_references(text(made, "references") or "") == (FIRST, SECOND)
    assert pairs(made, "parameter")["fatalities.previous"] == "60"
    assert text(made, "note") == corrected.because


def test_an_update_that_is_the_receivers_first_is_an_alert() -> None:
    made = cap_message(alert(kind=AlertKind.UPDATE), SENT, SENDER)
    assert text(made, "msgType") == "Alert"
    assert text(made, "references") is None


def test_a_cancel_that_takes_back_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no earlier message"):
        cap_message(alert(kind=AlertKind.CANCEL), SENT, SENDER)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(AlertKind.CANCEL, DecisionReason.RETRACTED), (AlertKind.CORRECTION, DecisionReason.BELOW_THRESHOLD)],
)
def test_what_ends_asks_for_no_more_action(kind: AlertKind, reason: DecisionReason) -> None:
    made = cap_message(alert(kind=kind, reason=reason), SENT, SENDER, (FIRST,))
    assert text(made, "responseType") == "AllClear"
    assert text(made, "urgency") == "Past"


def test_a_test_is_marked_as_one() -> None:
    assert text(cap_message(alert(status="test"), SENT, SENDER), "status") == "Test"


@pytest.mark.parametrize(
    "place",
    [
        Place(name="Mali", country="ML", lat=17.0, lon=-4.0, precision=PlacePrecision.COUNTRY),
        Place(name="Mopti", country="ML", lat=14.5, lon=-4.2, precision=PlacePrecision.DIVISION),
        Place(name="Nowhere", country="ML", precision=PlacePrecision.EXACT),
    ],
)
def test_no_circle_is_drawn_round_a_place_whose_extent_is_not_known(place: Place) -> None:
    made = cap_message(alert(incident=incident(60, place=place)), SENT, SENDER)
    assert text(made, "circle") is None
    assert pairs(made, "geocode") == {"ISO3166-1": "ML"}


def test_without_a_place_the_area_says_so() -> None:
    assert text(cap_message(alert(incident=incident(60, place=None)), SENT, SENDER), "areaDesc") == "Place not stated"


@pytest.mark.parametrize(
    ("days_before", "stage", "urgency"),
    [
        (0, Stage.ACCOMPLISHED, "Immediate"),
        (5, Stage.ACCOMPLISHED, "Past"),
        (0, Stage.THREATENED, "Expected"),
        (None, Stage.ACCOMPLISHED, "Unknown"),
    ],
)
def test_urgency_follows_from_when_it_happened(days_before: int | None, stage: Stage, urgency: str) -> None:
    start = None if days_before is None else NOON - timedelta(days=days_before)
    occurred = Occurred(start=start, end=start, precision=TimePrecision.DAY, text="then") if start else None
    assert urgency_of(incident(60, occurred=occurred, stage=stage)) == urgency


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    made = cap_message(alert(because="a\x00b\x0bc\ud800d", kind=AlertKind.UPDATE), SENT, SENDER, (FIRST,))
    assert text(made, "note") == "abcd"


def test_the_reference_to_an_alert_is_the_one_its_message_carries() -> None:
    one = alert()
    made = cap_message(one, SENT, SENDER)
    again = Reference(text(made, "sender") or "", text(made, "identifier") or "", SENT)
    assert reference_to(one, SENT, SENDER) == again
    assert str(again).endswith(moment(SENT))


@pytest.mark.parametrize("identity", ["", "two words", "a,b", "a<b", "a&b"])
def test_a_sender_that_cap_does_not_allow_is_refused(identity: str) -> None:
    with pytest.raises(ValueError, match="CAP sender"):
        Sender(identity)


def test_every_type_has_a_category_of_cap_and_a_code_of_the_event_terms_list() -> None:
    assert set(EVENT_CODES) == set(IncidentType) == set(TYPES)
    assert all(code.startswith("OET-") and 0 <= int(code[4:]) <= 223 for code in EVENT_CODES.values())


def test_certainty_and_severity_are_words_of_cap() -> None:
    for certainty in Certainty:
        made = cap_message(alert(incident=incident(60, certainty=certainty)), SENT, SENDER)
        assert [finding for finding in check(made) if finding.error] == []
