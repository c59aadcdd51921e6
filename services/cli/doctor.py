"""`tocsin doctor`: is everything there that the services need, and if not, what to do."""

from __future__ import annotations

import asyncio
import json as jsonlib
import platform
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from services.processor.rules import load_rules
from services.shared.errors import UserError
from services.shared.logs import configure_logs
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import check_topics
from services.shared.topics import declared_topics


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    ok: bool
    detail: str


def doctor_command(json: Annotated[bool, typer.Option("--json", help="One JSON object per check.")] = False) -> None:
    """Check settings, rules, broker, topics, store and running services; exit 1 where something is to be mended.

    Example: KAFKA_BOOTSTRAP_SERVERS=localhost:9092 tocsin doctor
    """
    settings = load_settings()
    configure_logs(settings, "doctor")
    findings = asyncio.run(_examine(settings))
    if json:
        for finding in findings:
            typer.echo(jsonlib.dumps(asdict(finding)))
    else:
        table = Table(box=None, pad_edge=False)
        for heading in ("check", "", "found"):
            table.add_column(heading, overflow="fold")
        for finding in findings:
            table.add_row(finding.check, "ok" if finding.ok else "MEND", finding.detail)
        Console(highlight=False, markup=False).print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings) -> list[Finding]:
    async def rules() -> str:
        load_rules(settings.rules)
        return f"the rules in {settings.rules} are valid"

    async def topics() -> str:
        declared = declared_topics(settings.topic_prefix, embedded=settings.embedded)
        await check_topics(settings, [topic.name for topic in declared])
        return f"{len(declared)} topics on {settings.kafka_bootstrap_servers} are as declared"

    async def store() -> str:
        return await asyncio.to_thread(_store_answers, settings)

    findings = [Finding("python", True, platform.python_version())]
    for name, check in (("rules", rules), ("kafka", topics), ("store", store)):
        findings.append(await _finding(name, check))
    for name, port in (
        ("processor", settings.processor_port),
        ("alerter", settings.alerter_port),
        ("console", settings.console_port),
    ):
        findings.append(await _service(name, port, settings))
    return findings


async def _finding(name: str, check: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, True, await check())
    except UserError as error:
        return Finding(name, False, str(error))


def _store_answers(settings: Settings) -> str:
    url = make_url(settings.store.get_secret_value())
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    elif url.database and not url.database.startswith(":"):
        # Looking must not create an empty store.
        url = url.set(drivername="sqlite", database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
    try:
        with create_engine(url).connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        if url.get_backend_name() == "sqlite":
            return "there is no store yet: the alerter makes it when it starts"
        reason = str(error.__cause__ or error).splitlines()[0]
        raise UserError(f"The store does not answer ({reason}): check TOCSIN_STORE.") from error
    return f"the {url.get_backend_name()} store answers"


async def _service(name: str, port: int, settings: Settings) -> Finding:
    token = settings.http_token
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    try:
        async with httpx.AsyncClient(headers=headers, timeout=3.0) as client:
            answer = await client.get(f"http://{settings.http_host}:{port}/readyz")
            report = answer.json()
    except (httpx.HTTPError, ValueError):
        return Finding(name, True, f"does not run here (nothing answers on port {port})")
    if answer.is_success:
        return Finding(name, True, f"ready, {report['assignment']} partitions")
    return Finding(name, False, " ".join(report.get("reasons") or [report.get("error", "it is not ready")]))
