"""When quiet hours end and digests are told, whatever the clocks of the place do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Digest, QuietHours, Weekday
from services.alerter.policy.quiet_hours import LONGEST, next_digest, quiet_until
from tests.alerter.incidents import subscription

NIGHT = QuietHours(start="22:00", end="06:00")
SUNDAY = QuietHours(start="22:00", end="06:00", days=(Weekday.SUNDAY,))
ALL_SUNDAY = QuietHours(start="00:00", end="00:00", days=(Weekday.SUNDAY,))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hours", "moment", "until"),
    [
        ("UTC", [NIGHT], "2031-05-04T21:59", None),
        ("UTC", [NIGHT], "2031-05-04T22:00", "2031-05-05T06:00"),
        ("UTC", [NIGHT], "2031-05-05T05:59", "2031-05-05T06:00"),
        ("UTC", [NIGHT], "2031-05-05T06:00", None),
        ("Asia/Kathmandu", [NIGHT], "2031-05-04T16:15", "2031-05-05T00:15"),
        ("Asia/Kathmandu", [NIGHT], "2031-05-04T16:14", None),
        # 4 May 2031 is a Sunday.
        (
            "UTC",
            [SUNDAY],
            "2031-05-05T03:00",
            "2031-05-05T06:00",
        ),
        ("UTC", [QuietHours(start="22:00", end="06:00", days=(Weekday.MONDAY,))], "2031-05-05T03:00", None),
        (
            "UTC",
            [ALL_SUNDAY],
            "2031-05-04T12:00",
            "2031-05-05T00:00",
        ),
        ("UTC", [QuietHours(start="12:00", end="13:00")], "2031-05-04T12:30", "2031-05-04T13:00"),
        # Hours that follow each other are one.
        ("UTC", [NIGHT, QuietHours(start="06:00", end="07:30")], "2031-05-04T23:00", "2031-05-05T07:30"),
        ("UTC", [NIGHT, QuietHours(start="05:00", end="07:30")], "2031-05-04T23:00", "2031-05-05T07:30"),
        # The night in which the clocks of Paris go forward (30 March 2031) is an hour shorter, the one back longer.
        ("Europe/Paris", [NIGHT], "2031-03-29T21:00", "2031-03-30T04:00"),
        ("Europe/Paris", [NIGHT], "2031-10-25T20:00", "2031-10-26T05:00"),
        # An end that the clocks leave out, and one that they repeat: quiet both times.
        ("Europe/Paris", [QuietHours(start="22:00", end="02:30")], "2031-03-30T00:59", "2031-03-30T01:30"),
        ("Europe/Paris", [QuietHours(start="22:00", end="02:30")], "2031-10-26T00:45", "2031-10-26T01:30"),
    ],
)
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(
    zone: str, hours: list[QuietHours], moment: str, until: str | None
) -> None:
    asked = subscription(time_zone=zone, quiet_hours=tuple(hours))
    assert quiet_until(asked, at(moment)) == (None if until is None else at(until))


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert quiet_until(subscription(), at("2031-05-04T03:00")) is None


def test_quiet_hours_without_an_end_keep_nothing_back_for_longer_than_a_week() -> None:
    asked = subscription(quiet_hours=(QuietHours(start="08:00", end="08:00"),))
    moment = at("2031-05-04T03:00")
    assert quiet_until(asked, moment) == moment + LONGEST


@pytest.mark.parametrize(
    ("zone", "digest", "moment", "expected"),
    [
        ("UTC", {"at": "07:00"}, "2031-05-04T06:59", "2031-05-04T07:00"),
        ("UTC", {"at": "07:00"}, "2031-05-04T07:00", "2031-05-05T07:00"),
        ("Africa/Bamako", {"at": "07:00", "days": (Weekday.MONDAY,)}, "2031-05-05T07:00", "2031-05-12T07:00"),
        ("America/New_York", {"at": "07:00"}, "2031-05-04T11:30", "2031-05-05T11:00"),
        ("Europe/Paris", {"at": "02:30"}, "2031-03-29T12:00", "2031-03-30T01:30"),
    ],
)
def test_the_next_digest_is_the_first_after_the_moment(
    zone: str, digest: dict[str, Any], moment: str, expected: str
) -> None:
    assert next_digest(Digest(**digest), zone, at(moment)) == at(expected)


clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
days = st.lists(st.sampled_from(Weekday), max_size=3, unique=True).map(tuple)
zones = st.sampled_from(["UTC", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"])
moments = st.datetimes(datetime(2030, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(st.builds(QuietHours, start=clocks, end=clocks, days=days), min_size=1, max_size=3), zones, moments)
def test_when_quiet_hours_end_it_is_not_quiet_and_until_then_it_is(
    hours: list[QuietHours], zone: str, moment: datetime
) -> None:
    asked = subscription(time_zone=zone, quiet_hours=tuple(hours))
    until = quiet_until(asked, moment)
    if until is None:
        return
    assert moment < until <= moment + LONGEST
    if until < moment + LONGEST:
        assert quiet_until(asked, until) is None
        assert quiet_until(asked, until - timedelta(seconds=1)) == until
        assert quiet_until(asked, moment + (until - moment) / 2) == until


@given(st.builds(Digest, at=clocks, days=days), zones, moments)
def test_the_next_digest_comes_within_eight_days_and_none_is_skipped(
    digest: Digest, zone: str, moment: datetime
) -> None:
    first = next_digest(digest, zone, moment)
    assert moment < first <= moment + timedelta(days=8)
    assert next_digest(digest, zone, first - timedelta(seconds=1)) == first
    assert next_digest(digest, zone, moment + (first - moment) / 2) == first
