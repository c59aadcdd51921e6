"""Alerts by e-mail, through the operator's own SMTP server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import aiosmtplib
from pydantic import SecretStr

from schemas import DeliveryOutcome, EmailChannel
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.email_message import email_of, message_id
from services.alerter.channels.redaction import Redaction
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.policy.plain_text import one_line

CONCURRENCY = 4
"""Connections to the server at once."""


@dataclass(slots=True)
class _Progress:
    """How far one message came."""

    sending: bool = False
    """Its text may have gone out."""


class EmailSender:
    """Sends to one address."""

    kind = "email"
    concurrency = CONCURRENCY

    def __init__(self, channel: EmailChannel, password: SecretStr | None, templates: Templates = BUILT_IN) -> None:
        self.timeout_seconds = channel.timeout_seconds
        self._channel = channel
        self._password = password
        self._redacted = Redaction(() if password is None else (password,))
        self._templates = templates

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Hand the message to the server. Accepted when the server has taken it; the receipt is its Message-ID."""
        progress = _Progress()
        try:
            async with asyncio.timeout(self.timeout_seconds):
                await self._hand_over(message, progress)
        except (TimeoutError, OSError, aiosmtplib.SMTPException) as error:
            answer = answer_of(error, sending=progress.sending)
            return replace(answer, reason=self._redacted(answer.reason))
        except ValueError as error:
            reason = self._redacted(f"It cannot be written as a mail: {one_line(str(error), 200)}")
            return ChannelAnswer(DeliveryOutcome.DEAD, reason)
        return ChannelAnswer(DeliveryOutcome.ACCEPTED, status_code=250, receipt=message_id(message, self._channel))

    async def close(self) -> None:
        """Nothing is held between messages."""

    async def _hand_over(self, message: OutgoingMessage, progress: _Progress) -> None:
        channel = self._channel
        client = aiosmtplib.SMTP(
            hostname=channel.host,
            port=channel.port,
            timeout=channel.timeout_seconds,
            use_tls=channel.security == "tls",
            start_tls=channel.security == "starttls",
        )
        try:
            await client.connect()
            if channel.username is not None and self._password is not None:
                await client.login(channel.username, self._password.get_secret_value())
            await client.mail(channel.sender)
            await client.rcpt(channel.to)
            mail = email_of(message, channel, self._templates).as_bytes()
            progress.sending = True
            await client.data(mail)
            progress.sending = False
            try:
                await client.quit(timeout=2)
            except (OSError, aiosmtplib.SMTPException):
                # The server has the message; how it says goodbye does not matter.
                return
        finally:
            client.close()


def answer_of(error: Exception, *, sending: bool) -> ChannelAnswer:
    """How an attempt ended that failed with `error`; `sending`: the text was on its way and no answer had come. Pure.

    5yz of RFC 5321 are for good and 4yz may pass. A refused login may pass too: the operator mends it, and no alert
    should be lost to a password.
    """
    said = one_line(str(error), 300) or type(error).__name__
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
        said = one_line(str(error), 300)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return ChannelAnswer(DeliveryOutcome.RETRY, f"The server refuses the login: {said}", error.code)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        code = error.code
        if 500 <= code < 600:
            return ChannelAnswer(DeliveryOutcome.DEAD, f"Refused with {code}: {one_line(error.message, 200)}", code)
        if 400 <= code < 500:
            return ChannelAnswer(DeliveryOutcome.RETRY, f"Answered {code}: {one_line(error.message, 200)}", code)
    if sending:
        return ChannelAnswer(
            DeliveryOutcome.SENT_UNKNOWN,
            f"Sent, and it is not known whether it arrived. {type(error).__name__}: {said}",
        )
    return ChannelAnswer(DeliveryOutcome.RETRY, f"Not sent. {type(error).__name__}: {said}")
