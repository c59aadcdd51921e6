"""Waiting for what comes first."""

from __future__ import annotations

import asyncio


async def wait_for_any(*events: asyncio.Event, seconds: float) -> None:
    """Return when one of `events` is set, or `seconds` have passed."""
    if any(event.is_set() for event in events):
        return
    tasks = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
