"""An alert as an e-mail: plain text and HTML, threaded by incident, with a way to unsubscribe. Pure."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from schemas import AlertKind, EmailChannel
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.templates import BUILT_IN, Templates
from services.alerter.channels.wording import footer
from services.alerter.policy.plain_text import one_line

MOST_SUBJECT = 200


def message_id(message: OutgoingMessage, channel: EmailChannel) -> str:
    """The Message-ID: the same at every attempt, so that a reader's program shows a repeat once."""
    return f"<{message.alert.alert_id}@{_domain(channel)}>"


def email_of(message: OutgoingMessage, channel: EmailChannel, templates: Templates = BUILT_IN) -> EmailMessage:
    """`message` as it is sent to `channel`. Its dates are the alert's own: the same message every time."""
    alert = message.alert
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address("Tocsin", channel.sender)
    mail["To"] = _address("", channel.to)
    mail["Subject"] = one_line(alert.headline, MOST_SUBJECT)
    mail["Date"] = message.decided_at
    mail["Message-ID"] = message_id(message, channel)
    if message.thread is not None and message.thread.startswith("<") and message.thread.isprintable():
        mail["In-Reply-To"] = message.thread
        mail["References"] = message.thread
    # No out-of-office answers (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"<{one_line(alert.subscription, 100)}.tocsin.{_domain(channel)}>"
    if channel.unsubscribe:
        mail["List-Unsubscribe"] = f"<{channel.unsubscribe}>"
        if channel.unsubscribe.startswith("https://"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if alert.incident.severity.level.rank >= 2 and alert.kind is AlertKind.ALERT:
        mail["Importance"] = "high"
    foot = footer(message)
    if channel.unsubscribe:
        foot += f"\nTo unsubscribe: {channel.unsubscribe}"
    text = f"{one_line(alert.headline, 1000)}\n\n{templates.text(message)}".rstrip("\n")
    mail.set_content(f"{text}\n\n-- \n{foot}\n", cte="quoted-printable")
    mail.add_alternative(templates.mail(message, channel.unsubscribe), subtype="html", cte="quoted-printable")
    return mail


def _address(name: str, written: str) -> Address:
    user, _, domain = written.rpartition("@")
    return Address(name, user, domain)


def _domain(channel: EmailChannel) -> str:
    return channel.sender.rpartition("@")[2]
