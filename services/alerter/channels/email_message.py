"""An alert as an e-mail: plain text and HTML, threaded by incident, with a way to unsubscribe. Pure."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from schemas import AlertKind, EmailChannel
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.wording import footer, text_below
from services.alerter.policy.plain_text import one_line, printable

_COLOURS = {
    AlertKind.ALERT: "#b3261e",
    AlertKind.UPDATE: "#8a5a00",
    AlertKind.CORRECTION: "#0b57a4",
    AlertKind.CANCEL: "#1e6b34",
}
"""Dark enough on white for small print (WCAG 2.2, contrast of at least 4.5)."""
MOST_SUBJECT = 200


def message_id(message: OutgoingMessage, channel: EmailChannel) -> str:
    """The Message-ID: the same at every attempt, so that a reader's program shows a repeat once."""
    return f"<{message.alert.alert_id}@{_domain(channel)}>"


def email_of(message: OutgoingMessage, channel: EmailChannel) -> EmailMessage:
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
    text = printable(alert.body).rstrip("\n")
    mail.set_content(f"{text}\n\n-- \n{foot}\n", cte="quoted-printable")
    mail.add_alternative(_html(message, foot), subtype="html", cte="quoted-printable")
    return mail


def _html(message: OutgoingMessage, foot: str) -> str:
    alert = message.alert
    headline = one_line(alert.headline, 1000)
    parts = [part for part in text_below(alert).split("\n\n") if part.strip()]
    paragraphs = "".join(f'<div style="margin:0 0 16px">{_lines(part)}</div>' for part in parts)
    heading = f"font-size:20px;line-height:1.3;margin:0 0 16px;color:{_COLOURS[alert.kind]}"
    small = "margin:20px 0 0;font-size:13px;color:#5f5f65;white-space:pre-wrap"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(headline)}</title></head>"
        '<body style="margin:0;padding:16px;font:16px/1.45 system-ui,sans-serif;color:#1d1d1f;background:#ffffff">'
        '<div style="max-width:640px;margin:0 auto">'
        f'<h1 style="{heading}">{escape(headline)}</h1>'
        f"{paragraphs}"
        f'<p style="{small}">{escape(foot)}</p>'
        "</div></body></html>"
    )


def _lines(part: str) -> str:
    """The lines of a paragraph, each further in by its indent: wrapped lines then stay under their beginning."""
    made = []
    for line in part.split("\n"):
        words = line.lstrip(" ")
        style = f"margin-left:{8 * (len(line) - len(words))}px;overflow-wrap:anywhere"
        made.append(f'<div style="{style}">{escape(words)}</div>')
    return "".join(made)


def _address(name: str, written: str) -> Address:
    user, _, domain = written.rpartition("@")
    return Address(name, user, domain)


def _domain(channel: EmailChannel) -> str:
    return channel.sender.rpartition("@")[2]
