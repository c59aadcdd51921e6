"""Asking endpoints whether they want to be told before there is anything to tell, so that an operator sees in time
which ones would hear nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from services.alerter.channels.contract import ChannelSender
from services.alerter.channels.webhook import WebhookSender

log = structlog.get_logger()

ASK_SECONDS = 300.0
"""How often those that have not agreed are asked again; each alert asks too."""
AT_ONCE = 16
MEND = "have the endpoint answer OPTIONS, or set `consent: given` where you know that it wants to be told"


@dataclass(slots=True)
class Consents:
    """Asks every channel that is to be asked (`consent: ask`)."""

    channels: Mapping[str, ChannelSender]
    missing: Callable[[int], None] = lambda channels: None
    """Told after each round how many have not agreed."""
    every_seconds: float = ASK_SECONDS
    _known: dict[str, str] = field(default_factory=dict)
    """Channel to why it had not agreed, for those that were logged."""

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(self.every_seconds)

    async def once(self) -> None:
        """Ask all that have not agreed, and say which those still are."""
        places = asyncio.Semaphore(AT_ONCE)

        async def ask(name: str, sender: WebhookSender) -> tuple[str, str | None]:
            async with places:
                answer = await sender.consent_missing()
            return name, None if answer is None else answer.reason

        asked = [(name, one) for name, one in self.channels.items() if isinstance(one, WebhookSender) and one.asks]
        found = dict(await asyncio.gather(*(ask(name, one) for name, one in asked)))
        reasons = {name: reason for name, reason in found.items() if reason is not None}
        for name, reason in reasons.items():
            if self._known.get(name) != reason:
                log.warning("consent_missing", channel=name, reason=reason, mend=MEND)
        for name in self._known.keys() - reasons.keys():
            log.info("consent_given", channel=name)
        self._known = reasons
        self.missing(len(reasons))
