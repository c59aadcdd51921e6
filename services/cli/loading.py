"""The rules of subscriptions as a command needs them: settings, secrets and regions first, then the file."""

from __future__ import annotations

from datetime import UTC, datetime

from services.alerter.subscriptions import LoadedSubscriptions, load_subscriptions
from services.cli.channel_settings import channel_settings
from services.regions.regions import countries_of_regions, explain_unknown_region
from services.shared.regions_file import load_regions
from services.shared.settings import Settings


def load_with_notes(settings: Settings) -> LoadedSubscriptions:
    """The subscriptions of `settings.rules`, with notes on what is probably not meant as of this moment.

    Raises UserError naming every mistake by file, line and field.
    """
    prepared = channel_settings(settings)
    regions = load_regions(settings.rules)
    return load_subscriptions(
        settings.rules,
        lambda text: explain_unknown_region(text, regions),
        prepared.secrets,
        countries_of_regions(regions),
        datetime.now(UTC),
        prepared.allowed,
    )
