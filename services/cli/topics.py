"""`tocsin topics`: the topics on the cluster, as they are and as they are declared."""

from __future__ import annotations

import asyncio
import json as jsonlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.shared.logs import configure_logs
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import APPLY, TopicChange, apply_topics, compare_topics
from services.shared.topics import DAY_MS, Topic, declared_topics

Json = Annotated[bool, typer.Option("--json", help="One JSON object per topic and line.")]

topics_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The topics on the Kafka cluster: make them as declared, or compare.",
)


@topics_app.command("apply")
def apply_command(json: Json = False) -> None:
    """Create every topic that is missing and raise limits that are too low; run it as often as you like.

    Whatever would lose messages is left as it is and said, with what to do about it; the exit status is then 1.

    Example: KAFKA_BOOTSTRAP_SERVERS=localhost:9092 tocsin topics apply
    """
    settings = _settings()
    topics = _topics(settings)
    changes = asyncio.run(apply_topics(settings, topics))
    _print(topics, changes, json=json)
    if not all(change.ok for change in changes):
        raise typer.Exit(1)


@topics_app.command("list")
def list_command(json: Json = False) -> None:
    """Show every topic and whether the cluster has it as declared, changing nothing.

    Example: KAFKA_BOOTSTRAP_SERVERS=localhost:9092 tocsin topics list --json
    """
    settings = _settings()
    topics = _topics(settings)
    _print(topics, asyncio.run(compare_topics(settings, topics)), json=json)


def _settings() -> Settings:
    settings = load_settings()
    configure_logs(settings, "topics")
    return settings


def _topics(settings: Settings) -> tuple[Topic, ...]:
    return declared_topics(settings.topic_prefix, embedded=settings.embedded)


def _print(topics: Sequence[Topic], changes: Sequence[TopicChange], *, json: bool) -> None:
    if json:
        for topic, change in zip(topics, changes, strict=True):
            declared = {"partitions": topic.partitions, "retention_ms": topic.retention_ms}
            typer.echo(jsonlib.dumps(asdict(change) | declared))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("topic", "partitions", "keeps", "state"):
        table.add_column(heading, overflow="fold")
    for topic, change in zip(topics, changes, strict=True):
        table.add_row(topic.name, str(topic.partitions), _kept(topic), change.outcome)
    Console(highlight=False).print(table)
    for change in changes:
        if change.detail and change.outcome not in {"created", "missing"}:
            typer.echo(f"{change.topic} {change.detail}.")
    counts = Counter(change.outcome for change in changes)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    typer.echo(f"{summary}; `{APPLY}` creates what is missing." if counts["missing"] else f"{summary}.")


def _kept(topic: Topic) -> str:
    return "newest of each key" if topic.retention_ms is None else f"{topic.retention_ms // DAY_MS} days"
