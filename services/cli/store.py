"""The alerter's store, for commands that look at it or change a little, whether the alerter runs or not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from services.alerter.outbox.engine import Store, StoreUnavailableError, open_beside
from services.shared.errors import UserError
from services.shared.settings import Settings

Result = TypeVar("Result")
_AGO = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def with_store(settings: Settings, work: Callable[[Store], Awaitable[Result]]) -> Result:
    """What `work` gives on the store in force. Raises UserError where the store does not answer."""

    async def run() -> Result:
        store = await open_beside(settings.store.get_secret_value())
        try:
            return await work(store)
        finally:
            await store.close()

    try:
        return asyncio.run(run())
    except StoreUnavailableError as error:
        raise UserError(f"The store cannot be used: {error}.") from error


def moment_of(text: str, now: datetime) -> datetime:
    """The moment that `text` names: so long before `now` (`90m`, `6h`, `2d`), or ISO 8601 with a time zone.

    Raises UserError where it is neither.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{text!r} is no time: write 90m, 6h, 2d, or 2026-05-04T12:00:00+00:00.") from error
    if at.tzinfo is None:
        raise UserError(f"{text!r} has no time zone: write {text}+00:00 for UTC.")
    return at.astimezone(UTC)
