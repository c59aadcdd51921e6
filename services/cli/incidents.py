"""`tocsin incidents`: articles in, the final linked incidents out, by the same functions as the stream."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from schemas import Incident, IncidentStatus
from services.cli.extracted import extracted
from services.cli.incident_edits import merge_command, split_command
from services.processor.rules import load_rules
from services.processor.scoring.severity import score
from services.processor.tracking.conventions import Convention, view_by
from services.processor.tracking.explaining import explain_links, explain_toll
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from services.producer.bad_input import BadInput
from services.producer.readers import read_articles
from services.regions.regions import regions_of
from services.shared.settings import load_settings

FIELDS = (
    "incident_id", "revision", "article_ids", "type", "place", "regions", "occurred", "toll", "perpetrators",
    "severity", "certainty", "sources", "history", "status", "independent_sources", "claims",
)  # fmt: skip


def incidents_command(
    files: Annotated[list[Path] | None, typer.Argument(help="Articles; standard input where none is named.")] = None,
    rules: Annotated[Path | None, typer.Option(help="Folder of severity.yaml and regions.yaml.")] = None,
    view: Annotated[
        Convention | None, typer.Option(help="Give the toll by the convention of a dataset too.", case_sensitive=False)
    ] = None,
) -> None:
    """Link articles into incidents and print each incident as it stands at the end, one JSON line each.

    Example: tocsin incidents seeds
    """
    loaded = load_rules(load_settings(rules=rules).rules)
    incidents: dict[str, Incident] = {}
    open_incidents = OpenIncidents(rules=loaded.linking)
    bad = 0
    for article, reports in extracted(read_articles(files or [], sys.stdin.buffer)):
        if isinstance(article, BadInput):
            typer.echo(f"tocsin: {article}", err=True)
            bad += 1
            continue
        for report in reports:
            located = report.model_copy(update={"regions": regions_of(report.place, loaded.regions)})
            tracked = track(located, open_incidents, partial(score, rules=loaded.severity))
            for incident in (tracked.entry.incident, *(o.incident for o in tracked.others), *tracked.merged):
                incidents[incident.incident_id] = incident
    for incident in incidents.values():
        if incident.status is IncidentStatus.MERGED:
            continue
        line = _line(incident)
        entry = open_incidents.get(incident.incident_id)
        if entry is not None:
            line["links"] = explain_links(entry.reports, loaded.linking)
            line["figures"] = explain_toll(entry.reports, loaded.linking)
        if view is not None:
            line["view"] = {"convention": view.value, **view_by(incident, view)}
        typer.echo(json.dumps(line, ensure_ascii=False))
    if bad:
        raise typer.Exit(1)


def _line(incident: Incident) -> dict[str, Any]:
    values = incident.model_dump(mode="json") | {"article_ids": incident.article_ids}
    return {name: values[name] for name in FIELDS}


class _LinksByDefault(TyperGroup):
    """`tocsin incidents FILE...` links; `tocsin incidents split|merge` edits."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = [_LINK, *args]
        return super().parse_args(ctx, args)


_LINK = "link"
incidents_app = typer.Typer(
    cls=_LinksByDefault,
    add_completion=False,
    rich_markup_mode=None,
    help="Link articles into incidents: `tocsin incidents [FILE...]` (options: `tocsin incidents link --help`). Split "
    "and merge incidents of the stream.\n\nExample: tocsin incidents seeds",
)
incidents_app.command(_LINK)(incidents_command)
incidents_app.command("split")(split_command)
incidents_app.command("merge")(merge_command)
