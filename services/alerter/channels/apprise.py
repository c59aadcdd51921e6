"""Alerts to whatever Apprise can reach: services that have no channel of their own here, each by its Apprise URL.

Apprise says whether a service took a message and hardly why it did not, so every failure may pass. Redirects are off:
Apprise would follow one as a GET and report success. The retries are ours, and Apprise's own are not used.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import apprise
from apprise.result import AppriseResultStatus
from pydantic import SecretStr

from schemas import AlertKind, AppriseChannel, DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer, OutgoingMessage
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.policy.plain_text import one_line

CONCURRENCY = 1
"""Nothing is known of what the service takes."""
MOST_TITLE = 200
"""Characters; services that allow less shorten it by themselves."""
_MASKED = "[secret]"
_LONG_ENOUGH = 4
"""Characters of a piece of the URL that is masked: shorter ones are words such as `at` or a port."""
_KINDS = {
    AlertKind.ALERT: apprise.NotifyType.WARNING,
    AlertKind.UPDATE: apprise.NotifyType.WARNING,
    AlertKind.CORRECTION: apprise.NotifyType.INFO,
    AlertKind.CANCEL: apprise.NotifyType.INFO,
}


class AppriseSender:
    """Sends to one Apprise URL."""

    kind = "apprise"
    concurrency = CONCURRENCY

    def __init__(self, channel: AppriseChannel, url: SecretStr, templates: Templates = BUILT_IN) -> None:
        """Raises ValueError where Apprise cannot read `url`; `url_fault` says so beforehand."""
        self.timeout_seconds = channel.timeout_seconds
        self._url = url
        self._templates = templates
        service = _service(url.get_secret_value())
        if service is None:
            raise ValueError("Apprise does not know this URL")
        self._notifier = apprise.Apprise(asset=_asset())
        self._notifier.add(service)

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Hand the message to Apprise once."""
        alert = message.alert
        said: list[str] = []
        try:
            result = await self._notifier.async_notify(
                body=self._templates.text(message) or alert.because,
                title=one_line(alert.headline, MOST_TITLE),
                notify_type=_KINDS[alert.kind],
                body_format=apprise.NotifyFormat.TEXT,
                timeout=self.timeout_seconds,
                log_callback=lambda entry, _: said.append(entry.message),
                log_level=logging.WARNING,
            )
        except (TypeError, ValueError) as error:
            return ChannelAnswer(DeliveryOutcome.DEAD, self._masked(f"Apprise refused it: {error}"))
        return self._answer(result, said)

    def _answer(self, result: Any, said: list[str]) -> ChannelAnswer:
        if result.status is AppriseResultStatus.SUCCESS:
            return ACCEPTED
        if result.status is AppriseResultStatus.TIMEOUT:
            reason = f"Apprise did not end within {self.timeout_seconds:g} s."
            return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, reason)
        because = f": {said[-1]}" if said else " and did not say why"
        return ChannelAnswer(DeliveryOutcome.RETRY, self._masked(f"Apprise could not hand it over{because}"))

    def _masked(self, text: str) -> str:
        """`text` in one line, without the pieces of the URL, of which some are tokens and passwords."""
        pieces = re.split(r"[^\w.-]+", self._url.get_secret_value())
        for piece in sorted({one for one in pieces if len(one) >= _LONG_ENOUGH}, key=len, reverse=True):
            text = text.replace(piece, _MASKED)
        return one_line(text, 300)

    async def close(self) -> None:
        """Nothing is held."""
        await asyncio.sleep(0)


def url_fault(url: str) -> str | None:
    """What is wrong with an Apprise URL, as words after "it"; None where nothing is. Does not repeat it."""
    if "://" not in url:
        return "must be an Apprise URL, such as ntfy://TOPIC"
    if _service(url) is None:
        return "is no URL that Apprise knows; https://github.com/caronc/apprise/wiki lists them"
    return None


def _service(url: str) -> Any:
    return apprise.Apprise.instantiate(url, asset=_asset())


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        app_id="Tocsin",
        app_desc="Tocsin",
        http_redirects=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
