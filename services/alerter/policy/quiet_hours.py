"""When a subscription's quiet hours end, and when its next digest is. Pure: the moment is an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas import Digest, QuietHours, Subscription, Weekday

LONGEST = timedelta(days=7)
"""What waits longest, where quiet hours follow each other without an end."""
_DAY = timedelta(days=1)
_WEEK = list(Weekday)


def quiet_until(subscription: Subscription, at: datetime) -> datetime | None:
    """When the quiet hours that `at` lies in end, in UTC; None where it lies in none.

    Hours that follow each other without a gap are one. The hour that a change of clocks repeats is quiet both times.
    """
    zone = ZoneInfo(subscription.time_zone)
    end = at
    while end < at + LONGEST:
        later = max(
            (until for since, until in _windows(subscription.quiet_hours, zone, end) if since <= end < until),
            default=None,
        )
        if later is None:
            break
        end = later
    return min(end, at + LONGEST).astimezone(UTC) if end > at else None


def next_digest(digest: Digest, time_zone: str, at: datetime) -> datetime:
    """The first time after `at` that `digest` is told, in UTC."""
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    days = (today + number * _DAY for number in range(9))
    moments = (_moment(day, digest.at, zone) for day in days if _is_on(day, digest.days))
    return next(moment for moment in moments if moment > at)


def _windows(hours: Collection[QuietHours], zone: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Beginning and end, in UTC, of the quiet hours that begin on the local day of `at` or the one before."""
    today = at.astimezone(zone).date()
    for one in hours:
        for day in (today - _DAY, today):
            if _is_on(day, one.days):
                last = day if one.end > one.start else day + _DAY
                yield _moment(day, one.start, zone), _moment(last, one.end, zone, latest=True)


def _is_on(day: date, days: Collection[Weekday]) -> bool:
    return not days or _WEEK[day.weekday()] in days


def _moment(day: date, clock: str, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """`clock` on `day` in UTC. A time that the clocks repeat is the first of the two, with `latest` the second; one
    that they leave out lies as far after the change."""
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    moment = local.astimezone(UTC)
    return max(moment, local.replace(fold=1).astimezone(UTC)) if latest else moment
