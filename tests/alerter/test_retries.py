"""When a failed attempt is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.retries import DELAYS, JITTER, LONGEST_RETRY_AFTER, MOST_ATTEMPTS, delay_after

FAILED = ChannelAnswer(DeliveryOutcome.RETRY, "it failed", 500)
attempts = st.integers(1, MOST_ATTEMPTS - 1)


@given(attempts, st.text(max_size=40))
def test_the_delay_is_the_schedules_give_or_take_a_fifth(attempt: int, alert_id: str) -> None:
    delay = delay_after(attempt, FAILED, alert_id)
    assert delay is not None
    assert abs(delay.total_seconds() / DELAYS[attempt - 1] - 1) <= JITTER
    assert delay == delay_after(attempt, FAILED, alert_id)


def test_alerts_that_failed_together_do_not_come_back_together() -> None:
    delays = {delay_after(4, FAILED, f"alert-{number}") for number in range(100)}
    assert len(delays) == 100
    spread = [delay.total_seconds() / DELAYS[3] - 1 for delay in delays if delay is not None]
    assert min(spread) < -JITTER / 2
    assert max(spread) > JITTER / 2


@given(attempts, st.floats(0, 10**9), st.sampled_from([429, 500, 503]))
def test_an_endpoint_is_never_asked_again_before_it_allows(attempt: int, asked: float, status: int) -> None:
    delay = delay_after(attempt, ChannelAnswer(DeliveryOutcome.RETRY, "", status, asked), "alert")
    assert delay is not None
    assert delay >= timedelta(seconds=min(asked, LONGEST_RETRY_AFTER))
    assert delay <= timedelta(seconds=max(DELAYS[attempt - 1] * (1 + JITTER), min(asked, LONGEST_RETRY_AFTER)))


@pytest.mark.parametrize(("status", "least"), [(429, 60), (503, 60), (502, 60), (504, 60), (500, 4), (None, 4)])
def test_an_endpoint_that_is_overloaded_gets_a_minute(status: int | None, least: int) -> None:
    delay = delay_after(1, ChannelAnswer(DeliveryOutcome.RETRY, "", status), "alert")
    assert delay is not None
    assert least <= delay.total_seconds() < 61


def test_the_tenth_attempt_is_the_last_and_over_three_days_after_the_first() -> None:
    assert MOST_ATTEMPTS == 10
    assert delay_after(MOST_ATTEMPTS, FAILED, "alert") is None
    assert sum(DELAYS) > 3 * LONGEST_RETRY_AFTER
