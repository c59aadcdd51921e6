"""E-mail against a real SMTP server on loopback: what it takes, what it refuses, and what is never known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiohttp.test_utils import unused_port
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from pydantic import SecretStr

from schemas import Alert, AlertKind, DeliveryOutcome, EmailChannel
from services.alerter.channels.contract import ChannelAnswer, OutgoingMessage
from services.alerter.channels.email import EmailSender
from services.alerter.channels.email_message import email_of
from tests.alerter.channels.listening import listening
from tests.alerter.channels.messages import message
from tests.alerter.incidents import NOON
from tests.strategies import values_of


class Inbox:
    """Keeps what is sent to it, or answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answers = {"RCPT": "", "DATA": ""}

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers["RCPT"]:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        if self.answers["DATA"]:
            return self.answers["DATA"]
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 OK"


def channel_to(port: int, **slots: object) -> EmailChannel:
    values = {
        "name": "mail",
        "kind": "email",
        "to": "desk@newsroom.example",
        "sender": "tocsin@alerts.example",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "timeout_seconds": 5,
    }
    return EmailChannel.model_validate(values | slots)


@asynccontextmanager
async def inbox(**options: object) -> AsyncIterator[tuple[Inbox, int]]:
    """An SMTP server: what it took, and its port."""
    kept = Inbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(kept, loop=loop, **options), "127.0.0.1", 0)  # type: ignore[arg-type]
    try:
        yield kept, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def read(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


async def send(port: int, one: OutgoingMessage | None = None, **slots: object) -> ChannelAnswer:
    return await EmailSender(channel_to(port, **slots), SecretStr("pass")).send(one or message())


async def test_a_message_arrives_as_plain_text_and_html() -> None:
    async with inbox() as (kept, port):
        answer = await send(port)
    assert (answer.outcome, answer.receipt) == (DeliveryOutcome.ACCEPTED, "<alert_5c66@alerts.example>")
    mail = read(kept.taken[0])
    assert mail["Subject"] == "At least 60 soldiers killed in Koru, Mali"
    assert (mail["From"], mail["To"]) == ("Tocsin <tocsin@alerts.example>", "desk@newsroom.example")
    assert mail["Message-ID"] == "<alert_5c66@alerts.example>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Killed: at least 60\n  by the army's word" in plain.get_content().replace("\r\n", "\n")
    assert "<h1" in html.get_content()


async def test_what_follows_about_an_incident_is_in_the_thread_of_its_first_message() -> None:
    async with inbox() as (kept, port):
        first = await send(port)
        one = message(alert_id="alert_2", sequence=2, kind=AlertKind.UPDATE)
        await send(port, OutgoingMessage(one.alert, one.decided_at, 1, first.receipt))
    assert read(kept.taken[1])["In-Reply-To"] == read(kept.taken[0])["Message-ID"]


async def test_an_https_address_for_leaving_gives_one_click() -> None:
    async with inbox() as (kept, port):
        await send(port, unsubscribe="https://desk.example/leave?s=desk")
        await send(port, unsubscribe="mailto:leave@desk.example")
    one_click, by_mail = map(read, kept.taken)
    assert one_click["List-Unsubscribe"] == "<https://desk.example/leave?s=desk>"
    assert one_click["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert by_mail["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("step", "said", "outcome"),
    [
        ("RCPT", "550 no such user", DeliveryOutcome.DEAD),
        ("RCPT", "451 greylisted", DeliveryOutcome.RETRY),
        ("DATA", "554 spam", DeliveryOutcome.DEAD),
        ("DATA", "452 disk full", DeliveryOutcome.RETRY),
    ],
)
async def test_a_refusal_for_good_ends_it_and_one_for_now_does_not(
    step: str, said: str, outcome: DeliveryOutcome
) -> None:
    async with inbox() as (kept, port):
        kept.answers[step] = said
        answer = await send(port)
    assert (answer.outcome, answer.status_code) == (outcome, int(said[:3]))
    assert said[4:] in answer.reason


async def test_a_server_that_repeats_the_password_is_quoted_without_it() -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False, message="535 no user tocsin with password p4ssw0rd-long")

    async with inbox(authenticator=refuse, auth_require_tls=False) as (_, port):
        channel = channel_to(port, username="tocsin", password_env="PASSWORD")
        answer = await EmailSender(channel, SecretStr("p4ssw0rd-long")).send(message())
    assert answer.outcome is DeliveryOutcome.RETRY
    assert "no user tocsin with password [hidden]" in answer.reason


async def test_a_server_that_is_not_there_was_not_sent_to() -> None:
    answer = await send(unused_port())
    assert (answer.outcome, answer.reason[:9]) == (DeliveryOutcome.RETRY, "Not sent.")


async def test_a_server_that_never_greets_was_not_sent_to() -> None:
    silent = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await silent.wait()

    async with listening(say_nothing) as port:
        answer = await send(port, timeout_seconds=0.3)
        silent.set()
    assert (answer.outcome, answer.reason[:9]) == (DeliveryOutcome.RETRY, "Not sent.")


async def test_a_server_that_hangs_up_after_the_text_may_have_it() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                return
            writer.write(b"250 OK\r\n")
            await writer.drain()

    async with listening(hang_up) as port:
        answer = await send(port)
    assert answer.outcome is DeliveryOutcome.SENT_UNKNOWN


async def test_a_server_whose_answer_to_the_text_trickles_in_may_have_it() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                for byte in b"250 it was taken, after a while":
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.05)
                return
            writer.write(b"250 OK\r\n")
            await writer.drain()

    async with listening(trickle) as port:
        answer = await send(port, timeout_seconds=0.5)
    assert answer.outcome is DeliveryOutcome.SENT_UNKNOWN


async def test_a_server_that_closes_one_half_of_the_connection_was_not_sent_to() -> None:
    async def half_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        writer.write_eof()
        await reader.read()

    async with listening(half_close) as port:
        answer = await send(port)
    assert (answer.outcome, answer.reason[:9]) == (DeliveryOutcome.RETRY, "Not sent.")


async def test_a_login_goes_over_an_encrypted_connection_only_or_not_at_all() -> None:
    """The server offers no STARTTLS: the password must not be sent."""
    logins: list[object] = []

    def note(*said: object) -> AuthResult:
        logins.append(said)
        return AuthResult(success=True)

    async with inbox(authenticator=note, auth_require_tls=False) as (kept, port):
        answer = await send(port, security="starttls", username="tocsin", password_env="PASSWORD")
    assert answer.outcome is DeliveryOutcome.RETRY
    assert (logins, kept.taken) == ([], [])


async def test_a_refused_login_is_tried_again_and_the_password_is_in_no_reason() -> None:
    def refuse(*said: object) -> AuthResult:
        assert isinstance(said[-1], LoginPassword)
        return AuthResult(success=False, handled=False)

    async with inbox(authenticator=refuse, auth_require_tls=False) as (_, port):
        answer = await send(port, username="tocsin", password_env="PASSWORD")
    assert answer.outcome is DeliveryOutcome.RETRY
    assert "refuses the login" in answer.reason
    assert "pass" not in answer.reason.replace("password", "")


@given(values_of(Alert))
def test_every_alert_makes_a_mail_whose_headers_and_text_are_whole(alert: Alert) -> None:
    identity = alert.model_copy(update={"alert_id": "alert_1", "subscription": "desk"})
    raw = email_of(OutgoingMessage(identity, NOON, 1), channel_to(25)).as_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    mail = read(raw)
    assert mail["Message-ID"] == "<alert_1@alerts.example>"
    assert not mail.defects
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_html_in_an_article_stays_text() -> None:
    mail = email_of(message(headline="<script>x</script>", body="<script>x</script>\n\n<img src=x>"), channel_to(25))
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "<img" not in html.get_content()


async def test_what_cannot_be_written_as_a_mail_is_given_up_with_the_reason() -> None:
    async with inbox() as (_, port):
        for slots in ({"to": "d\xe9sk@news.example"}, {"unsubscribe": "https://x.example/\r\nBcc: other@x.example"}):
            # As a version that took such a channel would have kept it.
            channel = channel_to(port).model_copy(update=slots)
            answer = await EmailSender(channel, None).send(message())
            assert answer.outcome is DeliveryOutcome.DEAD
            assert answer.reason.startswith("It cannot be written as a mail: ")
