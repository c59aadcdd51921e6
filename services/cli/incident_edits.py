"""`tocsin incidents split` and `tocsin incidents merge`: what somebody knows better than the linking."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from schemas import EditAction, Incident, IncidentEdit, IncidentStatus
from services.cli.incident_topic import edit_id_of, newest_revision, publish_edit
from services.shared.errors import UserError
from services.shared.logs import configure_logs
from services.shared.settings import Settings, load_settings

Reason = Annotated[str, typer.Option("--reason", help="Why, for whoever asks later.", show_default=False)]
Author = Annotated[str, typer.Option("--author", help="Who decides.", show_default=False)]


def split_command(
    incident: Annotated[str, typer.Argument(help="Id of the incident.", show_default=False)],
    reason: Reason,
    author: Author,
    reports: Annotated[list[str] | None, typer.Option("--reports", help="Report to take out; may be repeated.")] = None,
    articles: Annotated[
        list[str] | None, typer.Option("--articles", help="Article whose reports to take out; may be repeated.")
    ] = None,
) -> None:
    """Take reports out of an open incident: they become an incident of their own, and stay apart.

    Of an incident that was merged into another, what was its own is taken out where nothing else is named: that undoes
    the merge.

    Example: tocsin incidents split inc-0123456789abcdef0123 --articles a17 --reason "another town" --author ana
    """
    settings = _settings()
    known = newest_revision(settings, incident)
    whole = newest_revision(settings, known.merged_into) if known.merged_into else known
    _refuse_unknown(whole, reports or [], articles or [])
    if not reports and not articles and known.status is not IncidentStatus.MERGED:
        raise typer.BadParameter(
            f"name --reports or --articles; {incident} is told of in {', '.join(whole.article_ids)}"
        )
    made_at = datetime.now(UTC)
    edit = IncidentEdit(
        edit_id=edit_id_of("split", incident, *(reports or []), *(articles or []), author, made_at.isoformat()),
        action=EditAction.SPLIT,
        incident_id=incident,
        report_ids=tuple(reports or ()),
        article_ids=tuple(articles or ()),
        reason=reason,
        author=author,
        made_at=made_at,
    )
    _send(settings, edit)


def merge_command(
    incident: Annotated[str, typer.Argument(help="Id of the incident that is another.", show_default=False)],
    into: Annotated[str, typer.Argument(help="Id of the incident that goes on.", show_default=False)],
    reason: Reason,
    author: Author,
) -> None:
    """Say that two open incidents are one. Both ids still resolve; `split` undoes it.

    Example: tocsin incidents merge inc-0123456789abcdef0123 inc-abcdef01234567890123 --reason "one raid" --author ana
    """
    settings = _settings()
    if incident == into:
        raise typer.BadParameter("an incident cannot be merged into itself.")
    for name in (incident, into):
        newest_revision(settings, name)
    made_at = datetime.now(UTC)
    edit = IncidentEdit(
        edit_id=edit_id_of("merge", incident, into, author, made_at.isoformat()),
        action=EditAction.MERGE,
        incident_id=incident,
        into=into,
        reason=reason,
        author=author,
        made_at=made_at,
    )
    _send(settings, edit)


def _settings() -> Settings:
    settings = load_settings()
    configure_logs(settings, "incidents")
    return settings


def _refuse_unknown(incident: Incident, reports: list[str], articles: list[str]) -> None:
    unknown = sorted({*reports} - {*incident.report_ids}) + sorted({*articles} - {*incident.article_ids})
    if unknown:
        raise UserError(
            f"{', '.join(unknown)} is not in {incident.incident_id}, which has the reports "
            f"{', '.join(incident.report_ids)}."
        )


def _send(settings: Settings, edit: IncidentEdit) -> None:
    publish_edit(settings, edit)
    typer.echo(
        f"{edit.action} {edit.edit_id} is on the stream. If it cannot be done, `tocsin dead-letters list --topic "
        "incident-edits` says why."
    )
