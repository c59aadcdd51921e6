"""`tocsin run`: the whole stream in one process group."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from schemas import Alert
from services.cli.producer import standard_input
from services.cli.running.alert_feed import AlertFeed, shown
from services.cli.running.backlog import Backlog
from services.cli.running.stream_run import RunPlan, RunSummary, free_port, run_stream
from services.embedded.broker import EmbeddedBroker
from services.producer.readers import read_articles
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.settings import LOOPBACK_HOSTS, Settings, load_settings, settings_in_force, variable_of
from services.shared.topic_admin import apply_topics
from services.shared.topics import ARTICLES, REPORTS, declared_topics

EMBEDDED_COMMIT_SECONDS = 0.2
"""Commits are how `run` sees that a stage is done; the embedded broker keeps nothing that they could spare."""


def run_command(
    replay: Annotated[
        list[Path] | None, typer.Option(help="Articles to feed: a file, a folder or - for standard input.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when all of it has gone through the last stage.")] = False,
    rules: Annotated[Path | None, typer.Option(help="Folder of the rules and subscriptions.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per delivered alert, then a summary.")] = False,
    with_console: Annotated[
        bool | None,
        typer.Option("--console/--no-console", help="Serve the web page and the API; where left out, without --once."),
    ] = None,
    retry_wait: Annotated[
        float, typer.Option(help="With --once: seconds to wait for deliveries that are to be tried again.")
    ] = 60.0,
) -> None:
    """Run the whole stream on an embedded broker, or on Apache Kafka where KAFKA_BOOTSTRAP_SERVERS is set.

    Example: tocsin run --replay seeds --once
    """
    paths = replay or []
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise typer.BadParameter(f"{path} does not exist", param_hint="--replay")
    console = Console(stderr=True)
    serve_console = not once if with_console is None else with_console
    with _broker(rules) as settings:
        configure_logs(settings, "run")
        if once:
            # A replay ends when all of it is through; canaries never are.
            settings = settings.model_copy(update={"canary_minutes": 0})
        if serve_console:
            host = "127.0.0.1" if settings.http_host in LOOPBACK_HOSTS else settings.http_host
            console.print(f"The console: http://{host}:{settings.console_port}/", highlight=False, soft_wrap=True)
        if not once:
            console.print(
                f"Runs on {settings.kafka_bootstrap_servers}. /healthz, /readyz and /metrics: processor on port "
                f"{settings.processor_port}, alerter on port {settings.alerter_port}. Ctrl-C ends it.",
                highlight=False,
                soft_wrap=True,
            )
        with _progress(console) as progress:
            plan = RunPlan(
                settings=settings,
                articles=read_articles(paths, standard_input()) if paths else (),
                once=once,
                console=serve_console,
                quiet=as_json,
                retry_wait_seconds=retry_wait,
                told=_print_alert if as_json else lambda alert: None,
                progress=progress,
            )
            result: list[RunSummary] = []

            async def service(stop: asyncio.Event) -> None:
                result.append(await run_stream(plan, stop))

            code = run_service(service, settings.stop_timeout_seconds * 2)
    if result:
        _print_summary(result[0], as_json=as_json)
        code = code or int(result[0].bad_inputs > 0)
    raise typer.Exit(code)


@contextmanager
def _broker(rules: Path | None) -> Iterator[Settings]:
    """The settings of this run: of the embedded broker, which is kept alive, or of the one that is set."""
    settings = load_settings(rules=rules)
    origins = {row.name: row.origin for row in settings_in_force(settings, os.environ)}
    if origins["TOCSIN_LOG_LEVEL"] == "default":
        # The alerts are what is to be read here; the services' own course is for their logs.
        settings = load_settings(rules=rules, log_level="warning")
    if origins["KAFKA_BOOTSTRAP_SERVERS"] != "default":
        topics = declared_topics(settings.topic_prefix)
        failed = [change for change in asyncio.run(apply_topics(settings, topics)) if not change.ok]
        if failed:
            raise typer.BadParameter("; ".join(f"{change.topic}: {change.detail}" for change in failed))
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        broker = EmbeddedBroker()
        options: dict[str, Any] = {
            "kafka_bootstrap_servers": broker.bootstrap_servers,
            "embedded": True,
            "commit_interval_seconds": EMBEDDED_COMMIT_SECONDS,
            "rules": rules,
            "log_level": settings.log_level,
        }
        if origins["TOCSIN_STORE"] == "default":
            # The broker forgets everything when it ends; a store that remembered its offsets would wait for ever.
            options["store"] = f"sqlite:///{folder}/alerter.db"
        if origins["TOCSIN_STATE"] == "default":
            options["state"] = Path(folder) / "state"
        for field in ("processor_port", "alerter_port", "console_port"):
            variable = variable_of(field)
            if origins[variable] == "default":
                options[field] = free_port()
        settings = load_settings(**options)
        broker.create(topic.name for topic in declared_topics(settings.topic_prefix, embedded=True))
        yield settings


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[Backlog, AlertFeed], None]]:
    """Something to call with the state of the run: a progress line on a terminal, nothing elsewhere."""
    if not console.is_terminal:
        yield lambda backlog, feed: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("articles read", total=None, found="starting")

        def show(backlog: Backlog, feed: AlertFeed) -> None:
            sent = backlog.written(ARTICLES)
            found = f"{backlog.written(REPORTS)} reports, {feed.incidents} incidents, {feed.alerts} alerts"
            progress.update(task, total=sent or None, completed=sent - backlog.now.unread[ARTICLES], found=found)

        yield show


def _print_alert(alert: Alert) -> None:
    print(shown(alert), flush=True)  # noqa: T201 - the output of the command


def _print_summary(summary: RunSummary, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary.as_json()), flush=True)  # noqa: T201 - the output of the command
        return
    table = Table(title="Through the stream", title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("how many", justify="right")
    for name, value in summary.as_json()["summary"].items():
        table.add_row(name.replace("_", " "), f"{value:g}" if isinstance(value, float) else str(value))
    Console().print(table)
