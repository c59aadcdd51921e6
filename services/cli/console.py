"""`tocsin console`: the web page and the HTTP API."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.alerter.subscriptions import load_subscriptions
from services.cli.channel_settings import channel_settings
from services.cli.desk import AlerterDesk
from services.console.service import run_console
from services.regions.regions import explain_unknown_region
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.regions_file import load_regions
from services.shared.settings import load_settings


def console_command(
    rules: Annotated[Path | None, typer.Option(help="Folder of subscriptions.yaml and regions.yaml.")] = None,
    store: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of the alerter's store: sqlite:///path or postgresql://.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Where to listen; 0 takes any free port.", min=0, max=65535)] = None,
    with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Serve the web page, the HTTP API and the feeds, until stopped; prints the address.

    Example: KAFKA_BOOTSTRAP_SERVERS=localhost:9092 tocsin console
    """
    settings = load_settings(rules=rules, store=store, console_port=port)
    configure_logs(settings, "console")
    prepared = channel_settings(settings)
    regions = load_regions(settings.rules)

    def explain(text: str) -> str | None:
        return explain_unknown_region(text, regions)

    async def service(stop: asyncio.Event) -> None:
        desk = AlerterDesk(
            settings, load_subscriptions(settings.rules, explain, prepared.secrets, allowed=prepared.allowed), explain
        )
        try:
            await run_console(settings, desk, stop, lambda address: None if with_parent else typer.echo(address))
        finally:
            await desk.close()

    raise typer.Exit(run_service(service, settings.stop_timeout_seconds, with_parent=with_parent))
