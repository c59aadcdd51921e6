"""`tocsin alerter`: incidents to alerts, and alerts to their channels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.alerter.service import run_alerter
from services.alerter.subscriptions import LoadedSubscriptions, load_subscriptions
from services.cli.channel_settings import channel_settings
from services.regions.regions import explain_unknown_region
from services.shared import garbage
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.regions_file import load_regions
from services.shared.settings import load_settings


def alerter_command(
    rules: Annotated[Path | None, typer.Option(help="Folder of subscriptions.yaml and regions.yaml.")] = None,
    store: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of the store: sqlite:///path or postgresql://.")
    ] = None,
    with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Decide whom to tell of each incident, and tell them, until stopped.

    Example: KAFKA_BOOTSTRAP_SERVERS=localhost:9092 tocsin alerter
    """
    settings = load_settings(rules=rules, store=store)
    configure_logs(settings, "alerter")

    def load() -> LoadedSubscriptions:
        prepared = channel_settings(settings)
        regions = load_regions(settings.rules)
        return load_subscriptions(
            settings.rules,
            lambda text: explain_unknown_region(text, regions),
            prepared.secrets,
            allowed=prepared.allowed,
        )

    with garbage.loading():
        loaded = load()
    code = run_service(
        lambda stop: run_alerter(settings, loaded, stop, load), settings.stop_timeout_seconds, with_parent=with_parent
    )
    raise typer.Exit(code)
