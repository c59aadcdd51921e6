"""`tocsin processor`: articles to reports to incidents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schemas import Article
from services.processor.extraction.extract import extract
from services.processor.rules import load_rules
from services.processor.scoring.severity import score
from services.processor.service import Steps, run_processor
from services.regions.regions import regions_of
from services.shared.errors import UserError
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.settings import load_settings


def processor_command(
    rules: Annotated[Path | None, typer.Option(help="Folder of severity.yaml and regions.yaml.")] = None,
    with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Read articles, extract the incidents they tell of, link and score them, until stopped.

    Example: KAFKA_BOOTSTRAP_SERVERS=localhost:9092 tocsin processor
    """
    settings = load_settings(rules=rules)
    configure_logs(settings, "processor")
    loaded = load_rules(settings.rules)
    _load_reader()
    steps = Steps(
        extract=extract,
        regions_of=lambda place: regions_of(place, loaded.regions),
        score=lambda incident: score(incident, loaded.severity),
        linking=loaded.linking,
    )
    code = run_service(
        lambda stop: run_processor(settings, steps, stop), settings.stop_timeout_seconds, with_parent=with_parent
    )
    raise typer.Exit(code)


def _load_reader() -> None:
    """Read one sentence, so that lexicons and gazetteer are loaded before the first article comes.

    Raises UserError where they cannot be: every article would go to the dead letters.
    """
    try:
        extract(Article(article_id="first", body="Gunmen killed three people in Gao, Mali, on Monday."))
    except Exception as error:
        raise UserError(
            f"The reader's lexicons or gazetteer cannot be loaded ({error!r}): install Tocsin anew."
        ) from error
