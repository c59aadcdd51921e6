"""`tocsin settings`: what is in force, and where each value comes from."""

from __future__ import annotations

import json as jsonlib
import os
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.shared.settings import load_settings, settings_in_force


def settings_command(
    json: Annotated[bool, typer.Option("--json", help="One JSON object per setting and line.")] = False,
) -> None:
    """Show every setting, its value and where the value comes from; secrets are masked.

    Stronger first: an option of the command, the environment, the file .env, the default.

    Example: TOCSIN_LOG=json tocsin settings
    """
    rows = settings_in_force(load_settings(), os.environ)
    if json:
        for row in rows:
            typer.echo(jsonlib.dumps(asdict(row)))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "from", "value"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(row.name, row.origin, Text(row.value))
    Console(highlight=False).print(table)
