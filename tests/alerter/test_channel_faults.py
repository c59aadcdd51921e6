"""What is wrong with a channel is said before anybody needs it, and no secret is repeated."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas import Channel
from services.alerter.channel_faults import channel_faults, secret_field

CHANNELS: TypeAdapter[Channel] = TypeAdapter(Channel)
SLACK = {"kind": "slack", "token_env": "KEY", "conversation": "C0123"}
TELEGRAM = {"kind": "telegram", "token_env": "KEY", "chat": "-100"}
TEAMS = {"kind": "teams", "url_env": "KEY"}
PAGERDUTY = {"kind": "pagerduty", "routing_key_env": "KEY"}
EMAIL = {"kind": "email", "to": "a@b.example", "sender": "c@d.example", "host": "smtp.d.example"}


def channel(slots: dict[str, Any]) -> Channel:
    return CHANNELS.validate_python({"name": "desk"} | slots)


def faults(slots: dict[str, Any], secret: str | None) -> list[tuple[str, str]]:
    environment = {} if secret is None else {"KEY": secret}
    return [(str(where[-1]), said) for where, said in channel_faults(0, channel(slots), environment)]


@pytest.mark.parametrize(
    ("slots", "secret"),
    [
        (SLACK, "xoxb-1"),
        (TELEGRAM, "1:a"),
        (TEAMS, "https://teams.example/a?sig=b"),
        (TEAMS | {"allow_private_address": True}, "http://127.0.0.1/a"),
        (PAGERDUTY, "a1" * 16),
        (EMAIL, None),
        (EMAIL | {"username": "u", "password_env": "KEY"}, "p"),
    ],
)
def test_a_channel_that_can_be_used_has_no_faults(slots: dict[str, Any], secret: str | None) -> None:
    assert faults(slots, secret) == []


@pytest.mark.parametrize(
    ("slots", "secret", "field", "said"),
    [
        (SLACK, None, "token_env", "KEY is not set"),
        (SLACK, "xoxb\n1", "token_env", "printable ASCII"),
        (SLACK | {"api_url": "http://127.0.0.1/api"}, "xoxb-1", "api_url", "loopback"),
        (TELEGRAM | {"api_url": "https://u:p@api.example"}, "1:a", "api_url", "user or password"),
        (TEAMS, "http://teams.example/hidden", "url_env", "must begin with https://"),
        (TEAMS, "https://10.0.0.1/hidden", "url_env", "private"),
        (PAGERDUTY, "hidden", "routing_key_env", "32 letters and digits"),
        (EMAIL | {"username": "u"}, None, "username", "needs password_env"),
        (EMAIL | {"password_env": "KEY"}, "p", "password_env", "needs username"),
        (EMAIL | {"username": "u", "password_env": "KEY", "security": "none"}, "p", "security", "unencrypted"),
    ],
)
def test_a_mistake_is_named_at_its_field(slots: dict[str, Any], secret: str | None, field: str, said: str) -> None:
    ((where, message),) = faults(slots, secret)
    assert where == field
    assert said in message
    assert "hidden" not in message


@pytest.mark.parametrize(
    "slots",
    [
        SLACK | {"conversation": "#general"},
        TELEGRAM | {"chat": "general chat"},
        EMAIL | {"to": "two@a.example,three@b.example"},
        EMAIL | {"to": "a@b.example\r\nBcc: c@d.example"},
        EMAIL | {"unsubscribe": "http://insecure.example"},
        EMAIL | {"unsubscribe": "https://x.example/\r\nBcc: other@x.example"},
        EMAIL | {"unsubscribe": "https://x.example/> <b"},
        EMAIL | {"to": "désk@news.example"},
        EMAIL | {"to": "desk@news.example\r\nBcc: other@x.example"},
        PAGERDUTY | {"routing_key": "in the file"},
    ],
)
def test_what_cannot_be_a_channel_is_refused(slots: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        channel(slots)


def test_the_variable_with_the_secret_is_known_for_every_kind() -> None:
    assert secret_field(channel(SLACK)) == "token_env"
    assert secret_field(channel(TEAMS)) == "url_env"
    assert secret_field(channel(EMAIL)) is None
