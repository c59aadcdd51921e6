"""`tocsin rules`: whether the rules folder can be used, and why an incident has the severity that it has."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import Certainty
from services.cli.incident_topic import newest_revision, open_entry
from services.processor.rules import load_rules
from services.processor.tracking.certainty import CERTAINTY_RULES
from services.processor.tracking.explaining import explain_links, explain_toll
from services.shared.errors import UserError
from services.shared.logs import configure_logs
from services.shared.settings import load_settings

Rules = Annotated[Path | None, typer.Option("--rules", help="Folder of severity.yaml, regions.yaml and linking.yaml.")]

rules_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The rules by which incidents are judged: check them, and explain an incident by them.\n\n"
    "Example: tocsin rules check",
)


@rules_app.command("check")
def check_command(rules: Rules = None) -> None:
    """Say whether the rules can be used; every mistake is named by file, line and field.

    Example: tocsin rules check --rules rules
    """
    folder = load_settings(rules=rules).rules
    loaded = load_rules(folder)
    typer.echo(
        f"{folder}: {len(loaded.severity.rules)} rules of severity, links from {loaded.linking.link_at:g} points."
    )


@rules_app.command("explain")
def explain_command(
    incident: Annotated[str, typer.Argument(help="Id of the incident.")],
    file: Annotated[Path | None, typer.Argument(help="What `tocsin incidents` printed; else standard input.")] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Read it from the stream, as is done on a terminal without FILE.")
    ] = False,
    rules: Rules = None,
) -> None:
    """Say why an incident is what it is: every point of its severity, what linked its reports, whose figures count.

    From the stream, links and figures are known as long as the incident is open.

    Example: tocsin incidents seeds | tocsin rules explain inc-0123456789abcdef0123
    """
    if stream or (file is None and sys.stdin.isatty()):
        found: dict[str, Any] | None = _on_the_stream(incident, rules)
    else:
        found = next((line for line in _lines(file) if line.get("incident_id") == incident), None)
    if found is None:
        raise UserError(
            f"No incident {incident} is in {file or 'standard input'}; `tocsin incidents` prints their ids."
        )
    severity = found["severity"]
    typer.echo(f"{incident} revision {found['revision']}: {severity['level']}, {severity['score']} of 100 points")
    for rule in severity["rules"]:
        values = ", ".join(f"{name} = {value}" for name, value in rule["values"].items())
        typer.echo(f"  {rule['points']:+4d}  {rule['rule']}: {rule['because']} ({values})")
    typer.echo(f"certainty: {found['certainty']}, {found['independent_sources']} independent sources")
    typer.echo(f"  {CERTAINTY_RULES[Certainty(found['certainty'])]}")
    for slot, figures in found.get("figures", {}).items():
        for state in ("standing", "losing"):
            for one in figures[state]:
                typer.echo(f"{slot}, {state}: {_range(one)} says {one['source']} ({one['article_id']})")
    for link in found.get("links", ()):
        typer.echo(f"{link['report_id']} is linked to {link['linked_to']} by {link['points']:g} points")
        for reason in link["reasons"]:
            typer.echo(f"  {reason['points']:+5.2f}  {reason['reason']}")
    for edit in found.get("edits", ()):
        typer.echo(f"{edit['action']} by {edit['author']}: {edit['reason']}")


def _range(figure: dict[str, Any]) -> str:
    low, high = figure["low"], figure["high"]
    if low is None:
        return "some"
    return str(low) if low == high else f"{low} or more" if high is None else f"{low} to {high}"


def _on_the_stream(incident_id: str, rules: Path | None) -> dict[str, Any]:
    settings = load_settings(rules=rules)
    configure_logs(settings, "rules")
    linking = load_rules(settings.rules).linking
    found = newest_revision(settings, incident_id).model_dump(mode="json")
    entry = open_entry(settings, incident_id)
    if entry is not None:
        found |= {"links": explain_links(entry.reports, linking), "figures": explain_toll(entry.reports, linking)}
    return found


def _lines(file: Path | None) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8") if file is not None else sys.stdin.read()
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise UserError(f"{file or 'standard input'} is not what `tocsin incidents` prints: JSON Lines.") from None
