"""`tocsin dead-letters`: what could not be processed, and sending it round again."""

from __future__ import annotations

import asyncio
import json as jsonlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.shared.dead_letter_topics import REDRIVABLE, StoredDeadLetter, list_dead_letters, redrive
from services.shared.logs import configure_logs
from services.shared.settings import Settings, load_settings
from services.shared.topics import ALERTS

Topic = StrEnum("Topic", {name.upper(): name for name in (*REDRIVABLE, ALERTS)})  # type: ignore[misc]
Redrivable = StrEnum("Redrivable", {name.upper(): name for name in REDRIVABLE})  # type: ignore[misc]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per dead letter and line.")]
SHOWN_REASON = 300
"""Characters of a reason in the table; --json has all of it."""

dead_letters_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Messages that could not be processed, with the reason: list them, and send them round again.",
)


@dead_letters_app.command("list")
def list_command(
    topic: Annotated[Topic | None, typer.Option(help="Only those of this topic.")] = None,
    redriven: Annotated[bool, typer.Option("--all", help="Those already redriven too.")] = False,
    json: Json = False,
) -> None:
    """Show the dead letters that wait to be looked at, oldest first.

    Example: tocsin dead-letters list --topic articles
    """
    topics = [topic.value] if topic else [item.value for item in Topic]
    _print(asyncio.run(list_dead_letters(_settings(), topics, redriven=redriven)), json=json)


@dead_letters_app.command("redrive")
def redrive_command(
    topic: Annotated[Redrivable | None, typer.Option(help="Only those of this topic.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many, oldest first.")] = None,
    json: Json = False,
) -> None:
    """Publish the messages once more to the topics they came from, once the fault is mended.

    Example: tocsin dead-letters redrive --topic articles --limit 10
    """
    topics = [topic.value] if topic else list(REDRIVABLE)
    sent = asyncio.run(redrive(_settings(), topics, limit=limit))
    _print(sent, json=json)
    if not json:
        typer.echo(f"Redriven: {len(sent)}.")


def _settings() -> Settings:
    settings = load_settings()
    configure_logs(settings, "dead-letters")
    return settings


def _print(letters: Sequence[StoredDeadLetter], *, json: bool) -> None:
    if json:
        for stored in letters:
            typer.echo(jsonlib.dumps(_row(stored)))
        return
    if not letters:
        typer.echo("No dead letters.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("at", "stage", "from", "error", "reason"):
        table.add_column(heading, overflow="fold")
    for stored in letters:
        letter = stored.letter
        place = f"{letter.topic}/{letter.partition}@{letter.offset}"
        at = letter.failed_at.isoformat(timespec="seconds")
        table.add_row(at, letter.stage, place, letter.error, letter.reason[:SHOWN_REASON])
    Console(highlight=False, markup=False).print(table)


def _row(stored: StoredDeadLetter) -> dict[str, str | int]:
    letter = stored.letter
    return {
        "stage": letter.stage,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "error": letter.error,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "failed_at": letter.failed_at.isoformat(),
        "dead_topic": stored.dead_topic,
        "dead_partition": stored.partition,
        "dead_offset": stored.offset,
        "bytes": len(stored.value or b""),
    }
