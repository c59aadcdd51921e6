"""HTTP requests to addresses that strangers wrote: to public addresses only, without redirects, reading little.

One client serves one channel, over connections that all channels share. What a request ended in is either a Reply, for
the channel to judge, or a ChannelAnswer, where there was no whole reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.channels.http_exchange import HttpConnections, HttpFault, HttpRequest, HttpTransport, Reach
from services.alerter.channels.redaction import Redaction
from services.alerter.policy.plain_text import one_line

READ_BYTES = 4096
"""Bytes of an answer's body that are read: enough to see what an endpoint complains of."""
REFUSALS = frozenset({400, 406, 411, 413, 414, 415, 422, 431})
"""Statuses that are about the message and not the endpoint: the same message would be refused again."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose status has come."""

    status: int
    said: str
    """The beginning of the body, as far as it came soon."""
    retry_after: float | None = None
    """Seconds that a Retry-After header asks to wait."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The answer's headers; names are looked up in any case."""


class HttpClient:
    """Requests of one channel. Create it within a running event loop."""

    def __init__(
        self,
        timeout_seconds: float,
        now: Callable[[], datetime],
        *,
        allow_private_address: bool = False,
        resolver: AbstractResolver | None = None,
        connections: HttpTransport | None = None,
        secrets: Iterable[SecretStr] = (),
    ) -> None:
        """Where `connections` is None the client has its own, with `resolver`, or aiohttp's own where that is None.
        `secrets` are in no answer, even where the endpoint repeats them."""
        self._redacted = Redaction(secrets)
        self.timeout_seconds = timeout_seconds
        self._now = now
        self._private = allow_private_address
        self._connections: HttpTransport = HttpConnections(resolver) if connections is None else connections
        self._shares = connections is not None

    async def request(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        method: str = "POST",
        read_bytes: int = READ_BYTES,
    ) -> Reply | ChannelAnswer:
        """Send once; a redirect is a reply like any other, and is not followed. Of the reply's body `read_bytes` are
        read at the most."""
        asked = HttpRequest(method, url, body, headers, self.timeout_seconds, read_bytes, self._private)
        answer = await self._connections.exchange(asked)
        if isinstance(answer, HttpFault):
            return _unanswered(answer, self._redacted(answer.reason))
        retry_after = seconds_of(answer.headers.get("Retry-After"), self._now())
        return Reply(answer.status, self._redacted(answer.said, cut=answer.cut), retry_after, answer.headers)

    async def close(self) -> None:
        """Close the client's own connections; those that it shares stay."""
        if not self._shares:
            await self._connections.close()


def answer_for(reply: Reply) -> ChannelAnswer:
    """How an attempt ended that was answered by `reply`, by its status alone. Pure.

    2xx is accepted, a refusal of this very message is final, all else may pass: an endpoint that is taken down for an
    hour answers 404, and one whose keys are being changed 401.
    """
    status = reply.status
    if 200 <= status < 300:
        return ChannelAnswer(ACCEPTED.outcome, status_code=status)
    quoted = f": {one_line(reply.said, 200)}" if reply.said.strip() else ""
    if 300 <= status < 400:
        reason = f"Answered {status}, a redirect, which is not followed: give the channel its new URL."
        return ChannelAnswer(DeliveryOutcome.RETRY, reason, status)
    if status == GONE:
        reason = f"Answered 410: the endpoint wants no more{quoted}"
        return ChannelAnswer(DeliveryOutcome.RETRY, reason, status, gone=True)
    if status in REFUSALS:
        return ChannelAnswer(DeliveryOutcome.DEAD, f"Refused with {status}{quoted}", status)
    return ChannelAnswer(DeliveryOutcome.RETRY, f"Answered {status}{quoted}", status, reply.retry_after)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header (RFC 9110: a number of seconds, or a date) asks to wait; None for none."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, (at - now).total_seconds())


def _unanswered(fault: HttpFault, reason: str) -> ChannelAnswer:
    match fault.reach:
        case Reach.UNUSABLE:
            return ChannelAnswer(DeliveryOutcome.DEAD, reason)
        case Reach.UNSENT:
            return ChannelAnswer(DeliveryOutcome.RETRY, f"Not sent. {reason}", silent=fault.silent)
        case Reach.SENT:
            said = f"Sent, and it is not known whether it arrived. {reason}"
            return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, said, silent=fault.silent)
