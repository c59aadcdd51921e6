"""What is wrong with a channel as it is written, before anything is sent on it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from schemas import (
    AppriseChannel,
    Channel,
    EmailChannel,
    PagerDutyChannel,
    SlackChannel,
    TeamsChannel,
    TelegramChannel,
    WebhookChannel,
)
from services.alerter.channels.addresses import PUBLIC_ONLY, REFUSED_PORTS, AllowedDestinations, host_refusal
from services.alerter.channels.apprise import url_fault
from services.alerter.channels.webhook_signing import key_fault
from services.shared.rules_messages import Location

ROUTING_KEY_LENGTH = 32
"""Characters of a PagerDuty integration key."""
MOST_KEYS = 10
"""Signing keys of one webhook: the one in use, and old ones while receivers change over."""
Fault = tuple[Location, str]
"""Where in the file a mistake is, and what it is."""


def secret_field(channel: Channel) -> str | None:
    """The field of `channel` that names the environment variable with its secret; None where it has or needs none."""
    fields = [name for name in type(channel).model_fields if name.endswith("_env") and getattr(channel, name)]
    return fields[0] if fields else None


def channel_faults(
    number: int, channel: Channel, environment: Mapping[str, str], allowed: AllowedDestinations = PUBLIC_ONLY
) -> Iterator[Fault]:
    """The mistakes in channel `number` of the file, with secrets from `environment`. No secret is repeated. `allowed`
    may be delivered to although it is not public."""
    here: Location = ("channels", number)
    field = secret_field(channel)
    if field is not None:
        variable = getattr(channel, field)
        secret = environment.get(variable, "")
        if not secret:
            yield (*here, field), f"the environment variable {variable} is not set; put the secret there"
        elif (wrong := _secret_fault(channel, secret, allowed)) is not None:
            yield (*here, field), f"the secret in {variable} {wrong}"
    match channel:
        case WebhookChannel():
            if channel.format == "cap" and channel.cap_sender is None:
                yield (*here, "format"), "cap needs cap_sender, who sends, such as alerts@desk.example"
            yield from _url_faults((*here, "url"), channel.url, channel.allow_private_address, allowed)
        case SlackChannel() | TelegramChannel() | PagerDutyChannel():
            yield from _url_faults((*here, "api_url"), channel.api_url, channel.allow_private_address, allowed)
        case EmailChannel():
            yield from _email_faults(here, channel)


def owner_faults(number: int, channel: Channel, names: Collection[str]) -> Iterator[Fault]:
    """Mistakes in who is told when channel `number` is switched off; `names` are the channels that there are."""
    where: Location = ("channels", number, "owner_channel")
    if channel.owner_channel == channel.name:
        yield where, "a channel that is switched off cannot be told of it itself: name another channel"
    elif channel.owner_channel is not None and channel.owner_channel not in names:
        known = ", ".join(sorted(names))
        yield where, f"there is no channel {channel.owner_channel}; there are: {known}"


def _secret_fault(channel: Channel, secret: str, allowed: AllowedDestinations) -> str | None:
    """What is wrong with a channel's secret, as words after "it"; None where nothing is seen to be."""
    if isinstance(channel, WebhookChannel):
        keys = secret.split()
        if len(keys) > MOST_KEYS:
            return f"holds {len(keys)} keys, and may hold {MOST_KEYS}: leave out those that no receiver knows any more"
        return next((wrong for key in keys if (wrong := key_fault(key)) is not None), None)
    if not (secret.isascii() and secret.isprintable()) or " " in secret:
        return "must be printable ASCII without spaces"
    if isinstance(channel, AppriseChannel):
        return url_fault(secret)
    if isinstance(channel, PagerDutyChannel) and not (len(secret) == ROUTING_KEY_LENGTH and secret.isalnum()):
        return f"must be {ROUTING_KEY_LENGTH} letters and digits"
    if isinstance(channel, TeamsChannel):
        if not secret.startswith("https://") and not channel.allow_private_address:
            return "must begin with https://"
        faults = [wrong for _, wrong in _url_faults((), secret, channel.allow_private_address, allowed)]
        return f"is an address that cannot be used: {faults[0]}" if faults else None
    return None


def _email_faults(here: Location, channel: EmailChannel) -> Iterator[Fault]:
    if (channel.username is None) != (channel.password_env is None):
        given, missing = ("username", "password_env") if channel.username is not None else ("password_env", "username")
        yield (*here, given), f"{given} needs {missing}: give both, or neither"
    if channel.username is not None and channel.security == "none":
        yield (*here, "security"), "a password must not cross a network unencrypted: use starttls or tls"


def _url_faults(
    where: Location, url: str, allow_private_address: bool, allowed: AllowedDestinations
) -> Iterator[Fault]:
    try:
        parts = urlsplit(url)
        host, user, port = parts.hostname, parts.username or parts.password, parts.port
    except ValueError as error:
        yield where, f"this is no URL: {error}"
        return
    if not host:
        yield where, "the URL names no host"
        return
    if user:
        yield where, "the URL holds a user or password; the signature says who sends, so leave them out"
    if not allow_private_address and (kind := host_refusal(host, allowed)):
        yield where, f"{host} is {kind}; set allow_private_address: true where that is meant"
    if not allow_private_address and port in REFUSED_PORTS:
        yield (
            where,
            f"port {port} belongs to another protocol than HTTP; set allow_private_address: true if meant",
        )
