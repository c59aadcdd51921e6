"""`tocsin rules`: whether the rules folder can be used, and why an incident has the severity that it has."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from services.processor.rules import load_rules
from services.shared.errors import UserError
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
) -> None:
    """Name every rule that gave an incident its severity, with its points, its reason and the values it saw.

    Example: tocsin incidents seeds | tocsin rules explain inc-0123456789abcdef0123
    """
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


def _lines(file: Path | None) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8") if file is not None else sys.stdin.read()
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise UserError(f"{file or 'standard input'} is not what `tocsin incidents` prints: JSON Lines.") from None
