"""`tocsin cap`: whether a CAP 1.2 message is sound, by the schema and by the rules beyond it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.alerter.cap.checking import check
from services.alerter.cap.reading import MOST_BYTES, Finding
from services.alerter.cap.signing import SignatureError, is_signed, verified
from services.shared.errors import UserError

cap_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Messages of the Common Alerting Protocol 1.2.\n\nExample: tocsin cap check message.xml",
)


@cap_app.callback()
def cap() -> None:
    """Messages of the Common Alerting Protocol 1.2."""


@cap_app.command("check")
def check_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CAP messages; - is standard input.")],
    certificate: Annotated[
        Path | None, typer.Option(help="Certificate (PEM) of whoever must have signed them.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a finding.")] = False,
) -> None:
    """Say what is wrong with CAP messages, by line: against the OASIS schema, the rules of CAP 1.2 that no schema
    holds (errors), and what large receivers refuse (warnings). The exit code is 1 where there is an error.

    Example: tocsin cap check message.xml --certificate sender.pem
    """
    pem = None if certificate is None else _read(certificate)
    errors = 0
    for file in files:
        message = _read(file)
        findings = check(message) + _signature(message, pem)
        errors += sum(finding.error for finding in findings)
        for finding in findings:
            typer.echo(_json(file, finding) if as_json else _line(file, finding))
        if not as_json and not findings:
            typer.echo(f"{file}: sound.")
    if errors:
        raise typer.Exit(1)


def _signature(message: bytes, certificate: bytes | None) -> list[Finding]:
    if certificate is None:
        if not is_signed(message):
            return []
        return [Finding(False, 1, "Signature", "it is signed; name --certificate to have the signature verified")]
    try:
        verified(message, certificate)
    except SignatureError as error:
        return [Finding(True, 1, "Signature", str(error))]
    return []


def _line(file: Path, finding: Finding) -> str:
    return f"{file}:{finding.line}: {'error' if finding.error else 'warning'}: {finding.element}: {finding.message}"


def _json(file: Path, finding: Finding) -> str:
    level = "error" if finding.error else "warning"
    found = {"file": str(file), "line": finding.line, "level": level, "element": finding.element}
    return json.dumps({**found, "message": finding.message}, ensure_ascii=False)


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
