"""Channel: a way to tell somebody. Operators write them in rules/subscriptions.yaml, secrets in the environment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Lower-case letters, digits, dot, dash and underscore; at most 64 characters."""
EnvironmentName = Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]*$")]
"""Name of an environment variable."""

_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$"
"""An e-mail address as every server takes it (RFC 5321 without quoted and international ones)."""


class Written(BaseModel):
    """What people write by hand: a field that is not known is a spelling mistake, and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Destination(Written):
    """What every channel has."""

    name: Name
    """What subscriptions call this channel."""
    owner_channel: Name | None = None
    """Another channel, which is told when this one is switched off."""
    off_after_hours: float = Field(default=120, gt=0, le=24 * 365)
    """A receiver that has only failed for so many hours is switched off, until `tocsin channels enable`."""
    messages_per_minute: float | None = Field(default=None, gt=0, le=60_000)
    """The most that is sent in a minute, evenly spread; no limit where it is left out."""
    burst: int = Field(default=1, ge=1, le=1000)
    """How many of them may go out at once after a pause."""


class TerminalChannel(Destination):
    """Prints alerts where the alerter runs."""

    kind: Literal["terminal"]
    """Always `terminal`."""


class FileChannel(Destination):
    """Appends alerts to a file, one JSON line each."""

    kind: Literal["file"]
    """Always `file`."""
    path: str = Field(min_length=1)
    """Relative to the folder that the alerter was started in."""


class WebhookChannel(Destination):
    """POSTs alerts to an HTTP endpoint, signed as Standard Webhooks 1.0 has it."""

    kind: Literal["webhook"]
    """Always `webhook`."""
    url: str = Field(pattern="^https?://")
    """Where to POST; a redirect is not followed."""
    secret_env: EnvironmentName
    """Environment variable with the signing key: `whsec_` and base64 of 24 to 64 bytes (HMAC), or `whsk_` and base64 of
    an Ed25519 private key. While keys are being changed it holds several, parted by spaces, and each signs. The key
    itself is never written into a file."""
    format: Literal["json", "cap"] = "json"
    """What is sent: `json`, the alert as Standard Webhooks has it, or `cap`, a CAP 1.2 message (`application/cap+xml`);
    both are signed by the same headers."""
    cap_sender: str | None = Field(default=None, pattern=r"^[^\s,<&]{1,253}$")
    """CAP's <sender>, unique in the world by convention of its domain: `alerts@desk.example`. `cap` needs it."""
    consent: Literal["given", "ask"] = "given"
    """`ask`: nothing is sent before the endpoint has agreed to an OPTIONS request (CloudEvents' HTTP webhooks). For
    addresses that others give you; `given` where you know that the endpoint wants to be told."""
    origin: str = Field(default="tocsin", pattern=r"^[A-Za-z0-9.-]{1,253}$")
    """Who asks for consent: the DNS name that your messages come from."""
    timeout_seconds: float = Field(default=20.0, gt=0, le=60)
    """Seconds to wait for the answer before the attempt counts as failed."""
    allow_private_address: bool = False
    """Deliver although the address is loopback, private or link-local. Off, such an endpoint is refused when the
    connection is made, since a subscriber's URL could otherwise reach into the operator's own network."""


class HttpServiceChannel(Destination):
    """What the channels to services over HTTP share."""

    timeout_seconds: float = Field(default=20.0, gt=0, le=60)
    """Seconds to wait for the answer before the attempt counts as failed."""
    allow_private_address: bool = False
    """Deliver although the address is loopback, private or link-local: for a stand-in or relay in your own network."""


class SlackChannel(HttpServiceChannel):
    """Posts to a Slack channel as an app; what follows about an incident replies in its thread."""

    kind: Literal["slack"]
    """Always `slack`."""
    token_env: EnvironmentName
    """Environment variable with the app's bot token (`xoxb-...`), which needs the scope `chat:write`."""
    conversation: str = Field(pattern="^[A-Z0-9]{2,32}$")
    """Id of the Slack channel, such as `C0123456789`; the app must be a member of it."""
    api_url: str = Field(default="https://slack.com/api", pattern="^https?://")
    """Where Slack's Web API is."""
    messages_per_minute: float | None = Field(default=60, gt=0, le=60_000)
    """Slack takes about one message a second in a channel, and short bursts."""
    burst: int = Field(default=5, ge=1, le=1000)
    """How many messages may go out at once after a pause."""


class TelegramChannel(HttpServiceChannel):
    """Sends to a Telegram chat as a bot; what follows about an incident replies to its first message."""

    kind: Literal["telegram"]
    """Always `telegram`."""
    token_env: EnvironmentName
    """Environment variable with the bot's token."""
    chat: str = Field(pattern=r"^(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})$")
    """Id of the chat, or `@name` of a public channel."""
    api_url: str = Field(default="https://api.telegram.org", pattern="^https?://")
    """Where the Bot API is."""


class TeamsChannel(HttpServiceChannel):
    """Posts a card to Microsoft Teams through a workflow's webhook."""

    kind: Literal["teams"]
    """Always `teams`."""
    url_env: EnvironmentName
    """Environment variable with the workflow's URL, which is a secret: whoever has it can post."""


class PagerDutyChannel(HttpServiceChannel):
    """Opens an incident in PagerDuty (Events API v2), changes it, and resolves it when it is taken back."""

    kind: Literal["pagerduty"]
    """Always `pagerduty`."""
    routing_key_env: EnvironmentName
    """Environment variable with the integration key of the service, 32 letters and digits."""
    api_url: str = Field(default="https://events.pagerduty.com", pattern="^https?://")
    """Where the Events API is; `https://events.eu.pagerduty.com` for the EU."""


class EmailChannel(Destination):
    """Sends e-mail to one address through an SMTP server; what is about one incident is one thread."""

    kind: Literal["email"]
    """Always `email`."""
    to: str = Field(pattern=_ADDRESS)
    """The address to write to; for several people, one channel each, or a mailing list."""
    sender: str = Field(pattern=_ADDRESS)
    """The address to write from; its domain ends the Message-ID."""
    host: str = Field(min_length=1, max_length=253)
    """The SMTP server that takes mail for sending."""
    port: int = Field(default=587, ge=1, le=65535)
    """Its port."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`starttls` (port 587), `tls` from the first byte (port 465), or `none` for a relay on this machine."""
    username: str | None = None
    """Who to log in as; no login where it is left out."""
    password_env: EnvironmentName | None = None
    """Environment variable with the password; needed with `username`."""
    unsubscribe: str | None = Field(default=None, pattern=r"^(https://|mailto:)[!#-;=?-~]{1,900}$")
    """Where a reader ends the subscription. An https address gets one-click unsubscription (RFC 8058)."""
    timeout_seconds: float = Field(default=30.0, gt=0, le=120)
    """Seconds that one message may take."""


class KafkaChannel(Destination):
    """Writes alerts to a topic on the brokers that Tocsin runs on, in the envelope of the topic `alerts`."""

    kind: Literal["kafka"]
    """Always `kafka`."""
    topic: str = Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")
    """The topic, with whatever prefix it has; it must be there."""
    timeout_seconds: float = Field(default=60.0, gt=0, le=300)
    """Seconds to wait for every replica to have a message."""


class AppriseChannel(Destination):
    """Hands alerts to Apprise, for services that have no kind of their own here."""

    kind: Literal["apprise"]
    """Always `apprise`."""
    url_env: EnvironmentName
    """Environment variable with the Apprise URL, which holds its secrets. Its host is not held to be public: it is
    yours to trust."""
    timeout_seconds: float = Field(default=30.0, gt=0, le=120)
    """Seconds that one message may take."""


Channel = Annotated[
    TerminalChannel
    | FileChannel
    | WebhookChannel
    | EmailChannel
    | SlackChannel
    | TelegramChannel
    | TeamsChannel
    | PagerDutyChannel
    | KafkaChannel
    | AppriseChannel,
    Field(discriminator="kind"),
]
