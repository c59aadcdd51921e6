"""When a failed attempt is tried again. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from services.alerter.channels.contract import ChannelAnswer

SECOND, MINUTE, HOUR = 1, 60, 3600
DELAYS: tuple[int, ...] = (
    *(5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR),
    *(5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
)
"""Seconds before the second, third ... attempt: the schedule that Standard Webhooks 1.0 recommends, ten attempts in all
over about three days."""
MOST_ATTEMPTS = len(DELAYS) + 1
JITTER = 0.2
"""Share of a delay by which it is made longer or shorter, so that what failed together does not come back together."""
THROTTLED_SECONDS = 60
"""The least delay after an answer that asks for less traffic and does not say for how long."""
THROTTLED = frozenset({429, 502, 503, 504})
LONGEST_RETRY_AFTER = 24 * HOUR
"""Seconds; an endpoint that asks for a longer pause is asked again after this."""


def delay_after(attempt: int, answer: ChannelAnswer, alert_id: str) -> timedelta | None:
    """How long to wait after `attempt` (from 1) ended in `answer` before the next; None where there is none.

    Never shorter than what the endpoint asked for (`Retry-After`), up to LONGEST_RETRY_AFTER. The same attempt of the
    same alert always gets the same jitter.
    """
    if attempt >= MOST_ATTEMPTS:
        return None
    seconds = DELAYS[attempt - 1] * (1 + JITTER * _noise(alert_id, attempt))
    if answer.retry_after is not None:
        seconds = max(seconds, min(answer.retry_after, LONGEST_RETRY_AFTER))
    elif answer.status_code in THROTTLED:
        seconds = max(seconds, THROTTLED_SECONDS)
    return timedelta(seconds=seconds)


def _noise(alert_id: str, attempt: int) -> float:
    """A number from -1 to 1 that looks random."""
    digest = hashlib.sha256(f"{alert_id}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / (2**63 - 0.5) - 1
