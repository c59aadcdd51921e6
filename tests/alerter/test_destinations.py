"""What a receiver's answers mean for what is sent to it next."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.destinations import (
    BREAKS_AFTER,
    FIRST_REST,
    HEALTHY,
    LONGEST_REST,
    DestinationState,
    Limits,
    after_attempt,
    places,
    turn_after,
    turns,
)
from tests.alerter.incidents import NOON

RETRY = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 500.", 500)
UNKNOWN = ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, "No answer.")
SILENT = ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, "No answer within 20 s.", silent=True)
GONE = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 410.", 410, gone=True)
LIMITS = Limits()
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def failed(times: int, answer: ChannelAnswer = RETRY) -> DestinationState:
    state = HEALTHY
    for _ in range(times):
        state = after_attempt(state, LIMITS, answer, NOON, probe=False)
    return state


def test_a_receiver_that_fails_is_sent_less_at_once_and_then_left_alone() -> None:
    assert [places(failed(times), 32, NOON) for times in range(BREAKS_AFTER + 1)] == [32, 16, 8, 4, 2, 0]
    assert failed(BREAKS_AFTER).closed_until == NOON + FIRST_REST


def test_one_that_gives_no_answer_in_time_is_left_alone_after_its_second_silence() -> None:
    assert places(failed(1, SILENT), 32, NOON) == 16
    silent = failed(2, SILENT)
    assert (places(silent, 32, NOON), silent.closed_until) == (0, NOON + FIRST_REST)
    once = after_attempt(failed(1), LIMITS, SILENT, NOON, probe=False)
    assert once.closed_until == NOON + FIRST_REST
    longer = after_attempt(silent, LIMITS, SILENT, NOON + FIRST_REST, probe=True)
    assert longer.closed_until == NOON + 3 * FIRST_REST
    assert after_attempt(failed(1, SILENT), LIMITS, ACCEPTED, NOON, probe=False) == HEALTHY


def test_after_its_rest_it_is_asked_with_one_alert_and_one_success_opens_it() -> None:
    broken, later = failed(BREAKS_AFTER), NOON + FIRST_REST
    assert places(broken, 32, later) == 1
    assert places(after_attempt(broken, LIMITS, ACCEPTED, later, probe=True), 32, later) == 32
    worse = after_attempt(broken, LIMITS, RETRY, later, probe=True)
    assert worse.closed_until == later + 2 * FIRST_REST
    assert failed(BREAKS_AFTER).failures + 1 == worse.failures


def test_a_rest_has_an_end() -> None:
    state, now = failed(BREAKS_AFTER), NOON
    for _ in range(40):
        assert state.closed_until is not None
        assert state.closed_until - now <= LONGEST_REST
        now = state.closed_until
        state = after_attempt(state, Limits(off_after=1000 * HOUR), RETRY, now, probe=True)


def test_what_was_under_way_when_it_was_closed_does_not_close_it_for_longer() -> None:
    broken = failed(BREAKS_AFTER)
    assert failed(BREAKS_AFTER + 30).closed_until == broken.closed_until


def test_a_pause_that_it_asks_for_holds_for_all_its_alerts() -> None:
    slow_down = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 429", 429, retry_after=90)
    paused = after_attempt(HEALTHY, LIMITS, slow_down, NOON, probe=False)
    assert places(paused, 32, NOON + 89 * SECOND) == 0
    assert places(paused, 32, NOON + 90 * SECOND) > 0
    assert places(after_attempt(HEALTHY, LIMITS, RETRY, NOON, probe=False), 32, NOON) > 0


def test_what_was_under_way_and_is_taken_does_not_end_a_pause() -> None:
    slow_down = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 429", 429, retry_after=90)
    for times in range(BREAKS_AFTER + 2):
        paused = after_attempt(failed(times), LIMITS, slow_down, NOON, probe=False)
        taken = after_attempt(paused, LIMITS, ACCEPTED, NOON + SECOND, probe=False)
        assert (places(taken, 32, NOON + 89 * SECOND), taken.failures) == (0, 0)
        assert places(taken, 32, NOON + 90 * SECOND) == 32


def test_a_receiver_that_has_only_failed_for_the_stated_time_is_switched_off() -> None:
    state = after_attempt(HEALTHY, LIMITS, UNKNOWN, NOON, probe=False)
    state = after_attempt(state, LIMITS, RETRY, NOON + 119 * HOUR, probe=False)
    assert state.off_at is None
    off = after_attempt(state, LIMITS, RETRY, NOON + 120 * HOUR, probe=False)
    assert off.off_at == NOON + 120 * HOUR
    assert off.off_because == "It has only failed since 2031-05-04 12:00 UTC. The last time: Answered 500."
    assert places(off, 32, NOON + 1000 * HOUR) == 0


def test_one_success_in_between_starts_the_time_anew() -> None:
    state = after_attempt(HEALTHY, LIMITS, RETRY, NOON, probe=False)
    state = after_attempt(state, LIMITS, ACCEPTED, NOON + 60 * HOUR, probe=False)
    assert after_attempt(state, LIMITS, RETRY, NOON + 121 * HOUR, probe=False).off_at is None


def test_a_failure_so_old_that_it_says_nothing_any_more_is_forgiven() -> None:
    state = after_attempt(HEALTHY, LIMITS, RETRY, NOON, probe=False)
    later = after_attempt(state, LIMITS, RETRY, NOON + 241 * HOUR, probe=False)
    assert (later.off_at, later.failures) == (None, 1)


def test_a_receiver_that_wants_nothing_more_is_switched_off_at_once() -> None:
    off = after_attempt(HEALTHY, LIMITS, GONE, NOON, probe=False)
    assert off.off_at == NOON
    # What was still under way does not switch it on.
    assert after_attempt(off, LIMITS, ACCEPTED, NOON + SECOND, probe=False).off_at == NOON


@given(
    per_minute=st.floats(0.5, 6000),
    burst=st.integers(1, 50),
    waits=st.lists(st.floats(0, 100), min_size=1, max_size=40),
)
def test_over_any_stretch_no_more_goes_out_than_the_rate_and_the_burst_allow(
    per_minute: float, burst: int, waits: list[float]
) -> None:
    limits, state, now = Limits(per_minute, burst), HEALTHY, NOON
    sent = []
    for wait in waits:
        now += timedelta(seconds=wait)
        number = turns(state, limits, now)
        assert number is not None
        sent += [now] * number
        if number:
            state = DestinationState(turn_at=turn_after(state, limits, number, now))
    for start in range(len(sent)):
        for end in range(start, len(sent)):
            seconds = (sent[end] - sent[start]).total_seconds()
            assert end - start + 1 <= burst + seconds * per_minute / 60 + 0.01


def test_what_was_not_used_comes_back_up_to_the_burst() -> None:
    limits = Limits(60, 5)
    state = DestinationState(turn_at=turn_after(HEALTHY, limits, 5, NOON))
    assert [turns(state, limits, NOON + seconds * SECOND) for seconds in (0, 1, 2, 5, 60)] == [0, 1, 2, 5, 5]
