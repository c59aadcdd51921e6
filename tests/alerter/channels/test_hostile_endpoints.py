"""Endpoints that answer to do harm, on real sockets: what they cost, and what is said of them."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.channels.http_client import HttpClient, Reply, answer_for, seconds_of
from services.alerter.destinations import HEALTHY, Limits, after_attempt
from services.alerter.retries import LONGEST_RETRY_AFTER, delay_after
from tests.alerter.incidents import NOON

SECRET = "bot1234567:AAf-secret"


async def answer_of(first: bytes, again: bytes, *, path: str = "/") -> Reply | ChannelAnswer:
    """How a request ended whose answer is `first` and then `again` without end."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(first)
            while again:
                writer.write(again)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = HttpClient(2.0, lambda: datetime.now(UTC), allow_private_address=True)
    try:
        return await client.request(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{path}", b"{}", {})
    finally:
        await client.close()
        server.close()


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n" * 500),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65536),
        (b"HTTP/1.1 ", b"2" * 65536),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        (b"", b"\x00" * 4096),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", b"x"),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 1 Jan 99999999999 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n", b""),
    ],
    ids=["headers", "one header", "status", "continue", "zeros", "two lengths", "retry-after"],
)
async def test_an_answer_without_end_or_sense_ends_the_attempt_and_no_reason_tells_the_url(
    first: bytes, again: bytes
) -> None:
    answer = await answer_of(first, again, path=f"/{SECRET}/sendMessage?key={SECRET}")
    judged = answer_for(answer) if isinstance(answer, Reply) else answer
    assert judged.outcome in (DeliveryOutcome.SENT_UNKNOWN, DeliveryOutcome.RETRY)
    assert judged.reason
    assert SECRET not in judged.reason
    assert len(judged.reason) < 500


async def test_a_redirect_to_itself_is_one_request() -> None:
    answer = await answer_of(b"HTTP/1.1 308 Here\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", b"")
    assert isinstance(answer, Reply)
    assert answer_for(answer).outcome is DeliveryOutcome.RETRY


async def test_a_body_without_end_is_read_only_so_far() -> None:
    answer = await answer_of(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4\r\nabcd\r\n" * 1000)
    assert isinstance(answer, Reply)
    assert (answer.status, len(answer.said)) == (200, 4096)


RETRY_AFTER = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.integers(0, 10**400).map(str),
    st.builds(
        "{}, {} {} {} {}:{}:{} {}".format,
        st.sampled_from(["Mon", "Fri", ""]),
        st.integers(0, 99),
        st.sampled_from(["Jan", "Feb", "Dec", "Foo"]),
        st.integers(0, 10**12),
        *[st.integers(0, 99)] * 3,
        st.sampled_from(["GMT", "+2300", "-9999", "+99999999999999"]),
    ),
)


@given(header=RETRY_AFTER, status=st.sampled_from([429, 500, 502, 503, 504]), attempt=st.integers(1, 9))
def test_whatever_retry_after_says_the_next_attempt_comes_within_the_bounds(
    header: str, status: int, attempt: int
) -> None:
    answer = answer_for(Reply(status, "", seconds_of(header, NOON)))
    delay = delay_after(attempt, answer, "alert_1")
    assert delay is not None
    assert timedelta(0) < delay <= timedelta(seconds=1.2 * LONGEST_RETRY_AFTER)
    state = after_attempt(HEALTHY, Limits(), answer, NOON, probe=False)
    assert state.closed_until is None or state.closed_until <= NOON + timedelta(seconds=LONGEST_RETRY_AFTER)
