"""Making the sender of each channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TextIO

from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from schemas import (
    AppriseChannel,
    Channel,
    EmailChannel,
    FileChannel,
    KafkaChannel,
    PagerDutyChannel,
    SlackChannel,
    TeamsChannel,
    TelegramChannel,
    TerminalChannel,
    WebhookChannel,
)
from services.alerter.channels.apprise import AppriseSender
from services.alerter.channels.contract import ChannelSender
from services.alerter.channels.email import EmailSender
from services.alerter.channels.file import FileSender
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.channels.kafka import KafkaSender
from services.alerter.channels.pagerduty import PagerDutySender
from services.alerter.channels.slack import SlackSender
from services.alerter.channels.teams import TeamsSender
from services.alerter.channels.telegram import TelegramSender
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.channels.terminal import TerminalSender
from services.alerter.channels.webhook import WebhookSender


def make_sender(
    channel: Channel,
    secrets: Mapping[str, SecretStr],
    now: Callable[[], datetime],
    stdout: TextIO,
    new_producer: Callable[[], AIOKafkaProducer],
    templates: Templates = BUILT_IN,
    connections: HttpTransport | None = None,
) -> ChannelSender:
    """The sender for `channel`. Call it within a running event loop.

    `secrets` holds the secret of every channel that has one, by the channel's name; `stdout` is what a terminal channel
    writes to, `new_producer` makes what a Kafka channel writes with, and people are written to by `templates`. Channels
    that speak HTTP share `connections`; each has its own where None.
    """
    match channel:
        case TerminalChannel():
            return TerminalSender(stdout, templates)
        case FileChannel():
            return FileSender(Path(channel.path))
        case WebhookChannel():
            return WebhookSender(channel, secrets[channel.name], now, connections=connections)
        case EmailChannel():
            return EmailSender(channel, secrets.get(channel.name), templates)
        case SlackChannel():
            return SlackSender(channel, secrets[channel.name], now, templates=templates, connections=connections)
        case TelegramChannel():
            return TelegramSender(channel, secrets[channel.name], now, templates=templates, connections=connections)
        case TeamsChannel():
            return TeamsSender(channel, secrets[channel.name], now, templates=templates, connections=connections)
        case PagerDutyChannel():
            return PagerDutySender(channel, secrets[channel.name], now, connections=connections)
        case KafkaChannel():
            return KafkaSender(channel, new_producer, now)
        case AppriseChannel():
            return AppriseSender(channel, secrets[channel.name], templates)
