"""A dead letter keeps its message as it was, and its reason can be read back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.dead_letters import MAX_REASON, DeadLetter, alive_headers, dead_headers, read_dead

letters = st.builds(
    DeadLetter,
    stage=st.sampled_from(["extract", "track", "decide", "deliver"]),
    topic=st.text(min_size=1, max_size=20),
    partition=st.integers(0, 1000),
    offset=st.integers(0, 2**63 - 1),
    error=st.text(max_size=20),
    reason=st.text(max_size=200),
    attempts=st.integers(1, 100),
    failed_at=st.datetimes(timezones=st.just(UTC)),
)
originals = st.lists(
    st.tuples(st.text(max_size=10).filter(lambda n: not n.startswith("dead-")), st.binary(max_size=20))
)


@given(letters, originals)
def test_the_reason_is_read_back_and_the_original_headers_are_kept(
    letter: DeadLetter, original: list[tuple[str, bytes]]
) -> None:
    headers = dead_headers(letter, original)
    assert read_dead(headers) == letter
    assert alive_headers(headers) == original


@given(letters, letters)
def test_a_message_that_dies_twice_tells_of_the_second_time(first: DeadLetter, second: DeadLetter) -> None:
    assert read_dead(dead_headers(second, dead_headers(first))) == second


def test_a_reason_without_end_is_cut() -> None:
    letter = DeadLetter("extract", "articles", 0, 0, "E", "x" * 100_000, 1, datetime(2025, 6, 2, tzinfo=UTC))
    assert len(read_dead(dead_headers(letter)).reason) == MAX_REASON


def test_a_message_that_is_no_dead_letter_is_told_apart() -> None:
    with pytest.raises(ValueError, match="not a dead letter"):
        read_dead([("ce_id", b"1")])
